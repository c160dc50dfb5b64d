package vault

import (
	"hash/maphash"
	"sync"
	"time"
)

// fifo is a bounded map whose entries end after a time. When it is full, the
// entry that was put or renewed longest ago makes room. It needs no goroutine:
// what has ended is dropped when it is met, and each put clears up to two ended
// entries from the old end of its shard, so the map shrinks as fast as it grew.
//
// It is split into shards by a seeded hash of the key, each with its own lock,
// map and list. The bound holds for each shard, so with many shards the order
// is the shard's order and not exactly the map's.
type fifo[K comparable, V any] struct {
	seed   maphash.Seed
	begin  time.Time // Ends are counted from here: steps of the clock do no harm.
	shards []fifoShard[K, V]
}

type fifoShard[K comparable, V any] struct {
	mu    sync.Mutex
	max   int
	index map[K]*fifoNode[K, V]
	ring  fifoNode[K, V] // ring.next is the oldest, ring.prev the newest.
}

type fifoNode[K comparable, V any] struct {
	prev, next *fifoNode[K, V]
	key        K
	value      V
	end        time.Duration
}

// A shard of fewer entries than this would make "oldest first" too rough.
const fifoMinShard = 1024

// newFIFO returns a map of at most limit entries.
func newFIFO[K comparable, V any](limit int) *fifo[K, V] {
	n := 1
	for n < 64 && limit/(2*n) >= fifoMinShard {
		n *= 2
	}
	f := &fifo[K, V]{seed: maphash.MakeSeed(), begin: time.Now(), shards: make([]fifoShard[K, V], n)}
	for i := range f.shards {
		f.shards[i].max = max(limit/n, 1)
		f.shards[i].reset()
	}
	return f
}

func (f *fifo[K, V]) shard(key K) *fifoShard[K, V] {
	return &f.shards[maphash.Comparable(f.seed, key)&uint64(len(f.shards)-1)]
}

// get returns the value of a key that has not ended.
func (f *fifo[K, V]) get(key K) (value V, ok bool) {
	now := time.Since(f.begin)
	s := f.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := s.live(key, now); n != nil {
		return n.value, true
	}
	return value, false
}

// putIfAbsent stores value for ttl if key is absent; else it returns what the
// key holds and has it end ttl from now.
func (f *fifo[K, V]) putIfAbsent(key K, value V, ttl time.Duration) (prior V, present bool) {
	now := time.Since(f.begin)
	s := f.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := s.live(key, now); n != nil {
		n.end = now + ttl
		n.unlink()
		s.append(n)
		return n.value, true
	}
	s.makeRoom(now)
	n := &fifoNode[K, V]{key: key, value: value, end: now + ttl}
	s.index[key] = n
	s.append(n)
	return prior, false
}

func (f *fifo[K, V]) remove(key K) {
	s := f.shard(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := s.index[key]; n != nil {
		s.drop(n)
	}
}

// clear drops all entries.
func (f *fifo[K, V]) clear() {
	for i := range f.shards {
		s := &f.shards[i]
		s.mu.Lock()
		if len(s.index) > 0 {
			s.reset()
		}
		s.mu.Unlock()
	}
}

// len counts the entries, those that have ended unseen included.
func (f *fifo[K, V]) len() (n int) {
	for i := range f.shards {
		s := &f.shards[i]
		s.mu.Lock()
		n += len(s.index)
		s.mu.Unlock()
	}
	return n
}

// live returns the node of key, or nil; it drops one that has ended.
func (s *fifoShard[K, V]) live(key K, now time.Duration) *fifoNode[K, V] {
	n := s.index[key]
	if n != nil && n.end <= now {
		s.drop(n)
		return nil
	}
	return n
}

// makeRoom leaves space for one more entry.
func (s *fifoShard[K, V]) makeRoom(now time.Duration) {
	for range 2 {
		if oldest := s.ring.next; oldest != &s.ring && oldest.end <= now {
			s.drop(oldest)
		}
	}
	if len(s.index) >= s.max {
		s.drop(s.ring.next)
	}
}

func (s *fifoShard[K, V]) reset() {
	s.index = make(map[K]*fifoNode[K, V])
	s.ring.prev, s.ring.next = &s.ring, &s.ring
}

func (s *fifoShard[K, V]) drop(n *fifoNode[K, V]) {
	delete(s.index, n.key)
	n.unlink()
}

func (s *fifoShard[K, V]) append(n *fifoNode[K, V]) {
	n.prev, n.next = s.ring.prev, &s.ring
	n.prev.next, s.ring.prev = n, n
}

func (n *fifoNode[K, V]) unlink() {
	n.prev.next, n.next.prev = n.next, n.prev
}
