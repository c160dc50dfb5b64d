package mask

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"sync"
	"sync/atomic"
	"time"

	"maskit/detect"
)

// A client sends its whole conversation with each turn. cache remembers what was
// found in a text, so that only what is new is searched: places, kinds and scores,
// never what stands there. It belongs to one policy and dies with it.
//
// Texts are told apart by 128 bits of SHA-256 under a random key of this process
// that nobody sees: nobody can make two texts that are taken for one. The tenant is
// part of what is hashed, since the time that an answer takes must not tell one
// tenant what another one has sent.
//
// Each shard has two generations. A text that is met again moves to the young one;
// when that is full, or half the time to live has passed, it becomes the old one,
// and the old one is dropped. This is LRU closely enough, without a list or a
// goroutine; what is no longer asked for stays until somebody asks for something
// else, which is why nothing of the texts is in it.
type cache struct {
	key    [sha256.Size]byte
	shards [16]shard
}

type shard struct {
	mu         sync.Mutex
	young, old generation
	born       time.Time
}

// cacheKey is the hash of a text.
type cacheKey [16]byte

const (
	minCached   = 256              // bytes of a text: shorter ones are searched as quickly
	cacheWeight = 8 << 20          // bytes that a policy's cache takes at most
	cacheTTL    = 30 * time.Minute // what was not asked for as long is forgotten
)

// hits and misses are those of all caches that ever were: policies come and go.
var hits, misses atomic.Uint64

// CacheCounts returns how many texts were known, and how many were searched,
// since the program began. Short ones are not counted.
func CacheCounts() (known, searched uint64) { return hits.Load(), misses.Load() }

func newCache() *cache {
	c := &cache{}
	rand.Read(c.key[:]) // Never fails: it ends the process instead.
	return c
}

// keyOf returns the key of a tenant's text. sum is room for it.
func (c *cache) keyOf(sum hash.Hash, tenant string, text []byte) (k cacheKey) {
	var room [sha256.Size]byte
	binary.LittleEndian.PutUint64(room[:], uint64(len(tenant)))
	sum.Reset()
	sum.Write(c.key[:])
	sum.Write(room[:8])
	sum.Write([]byte(tenant))
	sum.Write(text)
	copy(k[:], sum.Sum(room[:0]))
	return k
}

func (c *cache) shard(k cacheKey) *shard { return &c.shards[k[0]%uint8(len(c.shards))] }

// get appends to dst what was found in the text with that key.
func (c *cache) get(dst []detect.Span, k cacheKey) (spans []detect.Span, ok bool) {
	s := c.shard(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.age()
	if spans, ok = s.young.appendTo(dst, k); ok {
		return spans, true
	}
	if spans, ok = s.old.appendTo(dst, k); ok {
		s.keep(k, spans[len(dst):])
	}
	return spans, ok
}

// put remembers what was found in a text.
func (c *cache) put(k cacheKey, spans []detect.Span) {
	s := c.shard(k)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.age()
	s.keep(k, spans)
}

func (s *shard) keep(k cacheKey, spans []detect.Span) {
	const most = cacheWeight / 2 / len(cache{}.shards)
	if weight := entryWeight + (spanWeight+nameWeight)*len(spans); weight > most {
		return
	} else if s.young.weight+weight > most {
		s.turn(time.Now())
	}
	s.young.add(k, spans)
}

// age drops what is too old.
func (s *shard) age() {
	now := time.Now()
	age := now.Sub(s.born)
	if age >= cacheTTL {
		s.young = generation{}
	}
	if age >= cacheTTL/2 {
		s.turn(now)
	}
}

// turn begins a new generation.
func (s *shard) turn(now time.Time) {
	s.young, s.old, s.born = generation{}, s.young, now
}
