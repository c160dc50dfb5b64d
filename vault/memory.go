package vault

import (
	"bytes"
	"context"
	"errors"
	"hash/maphash"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Memory is a Store in this process: bounded, the oldest entries go first, and
// all is lost on exit.
//
// It is split into shards by a hash of the key, each with its own lock. The
// bound holds for each shard, so with many shards the order is the shard's order
// and not exactly the store's. What is swapped in without an end is held apart
// and makes no room for anything.
type Memory struct {
	spaces *spaces
	seed   maphash.Seed // So that nobody outside can make keys meet in a shard or a slot.
	begin  time.Time    // Ends are counted from here: steps of the clock do no harm.
	shards []shard
	closed atomic.Bool

	mu     sync.RWMutex
	pinned map[string][]byte
}

var errMemoryClosed = errors.New("the memory store is closed")

const (
	maxShards = 64
	// A shard of fewer entries than this would make "oldest first" too rough.
	minShard = 1024
)

// NewMemory returns an empty store of at most maxEntries entries.
func NewMemory(maxEntries int) *Memory {
	n := 1
	for n < maxShards && maxEntries/(2*n) >= minShard {
		n *= 2
	}
	m := &Memory{spaces: newSpaces(), seed: maphash.MakeSeed(), begin: time.Now(), shards: make([]shard, n), pinned: make(map[string][]byte)}
	for i := range m.shards {
		m.shards[i].hash = func(key []byte) uint64 { return maphash.Bytes(m.seed, key) }
		m.shards[i].max = min(max(maxEntries/n, 1), maxSlots/4)
		m.shards[i].clear()
	}
	return m
}

// prepareMemory is the row of memory:.
func prepareMemory(cfg Config) (func() Store, error) {
	if rest := cfg.URL.Reveal(); rest != "memory:" && rest != "memory://" {
		return nil, errors.New("url: memory: takes no address and no options")
	}
	return func() Store { return NewMemory(cfg.MaxEntries) }, nil
}

// Put implements Store.
func (m *Memory) Put(ctx context.Context, entries []Entry, ttl time.Duration) ([][]byte, error) {
	if err := m.ready(ctx); err != nil {
		return nil, err
	}
	now := time.Since(m.begin)
	return gather(len(entries), func(i int, dst []byte) []byte {
		var room shortRoom
		key := m.spaces.shorten(room[:0], entries[i].Key)
		s, hash := m.shard(key)
		return s.putIfAbsent(dst, hash, key, entries[i].Value, now, ttl)
	}), nil
}

// Get implements Store.
func (m *Memory) Get(ctx context.Context, keys []string) ([][]byte, error) {
	if err := m.ready(ctx); err != nil {
		return nil, err
	}
	now := time.Since(m.begin)
	return gather(len(keys), func(i int, dst []byte) []byte {
		var room shortRoom
		key := m.spaces.shorten(room[:0], keys[i])
		s, hash := m.shard(key)
		if got := s.get(dst, hash, key, now); len(got) > len(dst) {
			return got
		}
		m.mu.RLock()
		defer m.mu.RUnlock()
		return append(dst, m.pinned[keys[i]]...)
	}), nil
}

// Swap implements Swapper.
func (m *Memory) Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) (bool, error) {
	if err := m.ready(ctx); err != nil {
		return false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	held, pinned := m.pinned[key]
	if !pinned && ttl > 0 {
		short := m.spaces.shorten(nil, key)
		s, hash := m.shard(short)
		return s.swap(hash, short, old, value, time.Since(m.begin), ttl), nil
	}
	if pinned != (old != nil) || !bytes.Equal(held, old) {
		return false, nil
	}
	delete(m.pinned, key)
	if value != nil {
		m.pinned[key] = bytes.Clone(value)
	}
	return true, nil
}

// List implements Lister.
func (m *Memory) List(ctx context.Context, prefix string, each func(keys []string) error) error {
	if err := m.ready(ctx); err != nil {
		return err
	}
	var pinned []string
	m.mu.RLock()
	for key := range m.pinned {
		if strings.HasPrefix(key, prefix) {
			pinned = append(pinned, key)
		}
	}
	m.mu.RUnlock()
	if err := each(pinned); err != nil {
		return err
	}
	now := time.Since(m.begin)
	var long []byte
	for i := range m.shards {
		var keys []string
		m.shards[i].each(now, func(short []byte) {
			if long = m.spaces.appendLong(long[:0], short); bytes.HasPrefix(long, []byte(prefix)) {
				keys = append(keys, string(long))
			}
		})
		if err := each(keys); err != nil {
			return err
		}
	}
	return nil
}

// gather returns n values, each what add appends; nil where it appends nothing.
// They lie in one buffer: when it has to grow, those before stay in the old one.
func gather(n int, add func(i int, dst []byte) []byte) [][]byte {
	values := make([][]byte, n)
	var buf []byte
	for i := range values {
		from := len(buf)
		if buf = add(i, buf); len(buf) > from {
			values[i] = buf[from:len(buf):len(buf)]
		}
	}
	return values
}

// Delete implements Store.
func (m *Memory) Delete(ctx context.Context, keys []string) error {
	if err := m.ready(ctx); err != nil {
		return err
	}
	for _, key := range keys {
		short := m.spaces.shorten(nil, key)
		s, hash := m.shard(short)
		s.remove(hash, short)
		m.mu.Lock()
		delete(m.pinned, key)
		m.mu.Unlock()
	}
	return nil
}

// Close implements Store. It drops all entries.
func (m *Memory) Close() error {
	m.closed.Store(true)
	for i := range m.shards {
		m.shards[i].clear()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.pinned)
	return nil
}

// String says what the store is, for the start-up line.
func (m *Memory) String() string { return "memory (lost on exit)" }

// shortRoom is room for a usual key, shortened.
type shortRoom [128]byte

// shard returns where the entry of a shortened key lies, and its hash there, of which
// an index takes the upper bits.
func (m *Memory) shard(key []byte) (*shard, uint64) {
	hash := maphash.Bytes(m.seed, key)
	return &m.shards[hash%uint64(len(m.shards))], hash
}

// len counts the entries, those that have ended unseen included.
func (m *Memory) len() (n int) {
	for i := range m.shards {
		n += m.shards[i].len()
	}
	return n
}

func (m *Memory) ready(ctx context.Context) error {
	if m.closed.Load() {
		return errMemoryClosed
	}
	return ctx.Err()
}
