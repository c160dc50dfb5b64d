package vault

import (
	"bytes"
	"math/bits"
	"sync"
	"time"
)

// shard is a bounded table whose entries end after a time. When it is full, the
// entry that was put or renewed longest ago makes room. It needs no goroutine.
//
// It is a log of records, the oldest first, and an index that tells where records
// begin. A put appends a record, a renewal appends a copy. What is replaced,
// removed or has ended stays where it is, marked, until the tail of the log comes
// by: the order of the log is the order of age, with no list to keep. When more is
// marked than not, compact moves the records in force together, in order.
//
// The index is a hash table with linear probing. No slot is ever freed: that of a
// record that is gone is used again when its key comes back, or stays until the
// index is written anew. So a put costs one line of the index and two ends of the
// log, where a map would be searched for the entry that makes room as well; and to
// the garbage collector a million entries are some thousand objects with no pointer
// inside.
type shard struct {
	hash func(key []byte) uint64

	mu    sync.Mutex
	max   int // Of entries.
	count int // Entries, those that have ended unseen included.
	live  int // Bytes of their records.

	index []uint64 // A power of two of slots; 0 is a free one.
	shift int      // What of a hash is no home in it.
	used  int      // Slots that are not free.
	log   recordLog
}

// A slot is the upper bits of a key's hash, which say where in the index it belongs
// and spare most looks at records of other keys, and one more than the place where
// the record begins.
const (
	placeMask = 1<<placeBits - 1
	minSlots  = 8
	maxSlots  = 1 << (64 - placeBits)
)

// get appends to dst the value of a key; nothing if it is absent or has ended.
func (s *shard) get(dst []byte, hash uint64, key []byte, now time.Duration) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, _ := s.find(hash, key); r != nil && r.end() > now {
		_, value, _ := r.parts()
		dst = append(dst, value...)
	}
	return dst
}

// putIfAbsent stores value for ttl if its key is absent; else it appends to dst
// what is held, and has that end ttl from now.
func (s *shard) putIfAbsent(dst []byte, hash uint64, key []byte, value []byte, now, ttl time.Duration) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, at := s.find(hash, key); r != nil {
		if r.end() > now {
			_, held, _ := r.parts()
			from := len(dst)
			dst = append(dst, held...)
			value = dst[from:]
			if at == s.log.last { // As the tenant's state, which goes along with every batch.
				r.setEnd(now + ttl)
				return dst
			}
		}
		s.drop(r)
	}
	s.add(hash, key, value, now, ttl)
	return dst
}

// add appends the record of a key that has none in force.
func (s *shard) add(hash uint64, key []byte, value []byte, now, ttl time.Duration) {
	s.makeRoom(now)
	before := s.log.size
	s.enter(hash, s.log.add(key, value, now+ttl))
	s.live += s.log.size - before
	s.count++
}

// swap replaces the value of a key, as Swapper has it, and tells whether it did.
func (s *shard) swap(hash uint64, key []byte, old, value []byte, now, ttl time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, _ := s.find(hash, key)
	if r != nil && r.end() <= now {
		s.drop(r)
		r = nil
	}
	if (r == nil) != (old == nil) {
		return false
	}
	if r != nil {
		if _, held, _ := r.parts(); !bytes.Equal(held, old) {
			return false
		}
		s.drop(r)
	}
	if value != nil {
		s.add(hash, key, value, now, ttl)
	}
	return true
}

// each calls do with the keys in force, which it must not keep.
func (s *shard) each(now time.Duration, do func(key []byte)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for r := range s.log.all() {
		if r.end() > now {
			key, _, _ := r.parts()
			do(key)
		}
	}
}

func (s *shard) remove(hash uint64, key []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, _ := s.find(hash, key); r != nil {
		s.drop(r)
	}
}

// clear drops all entries and the memory that they took.
func (s *shard) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log, s.live, s.count = recordLog{}, 0, 0
	s.resize(0)
}

// len counts the entries, those that have ended unseen included.
func (s *shard) len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count
}

// find returns the record in force of a key and where it begins, or nil.
func (s *shard) find(hash uint64, key []byte) (record, place) {
	mask := uint64(len(s.index) - 1)
	for i := s.home(hash); s.index[i] != 0; i = (i + 1) & mask {
		if r := s.candidate(s.index[i], hash); r != nil && r.end() != 0 {
			if of, _, _ := r.parts(); bytes.Equal(of, key) {
				return r, place(s.index[i]&placeMask - 1)
			}
		}
	}
	return nil, 0
}

// home is where the slot of a hash belongs.
func (s *shard) home(hash uint64) uint64 {
	return hash >> s.shift
}

// candidate returns the record of a slot if the slot does not tell that it is
// another key's or that it has left the log, else nil.
func (s *shard) candidate(slot, hash uint64) record {
	if slot>>placeBits != hash>>placeBits {
		return nil
	}
	return s.log.at(place(slot&placeMask - 1))
}

// enter notes in the index where the record of a key begins, in the slot of a
// record that is gone if the slot may be its own.
func (s *shard) enter(hash uint64, at place) {
	mask := uint64(len(s.index) - 1)
	i := s.home(hash)
	for ; s.index[i] != 0; i = (i + 1) & mask {
		if slot := s.index[i]; slot>>placeBits == hash>>placeBits {
			if r := s.log.at(place(slot&placeMask - 1)); r == nil || r.end() == 0 {
				break
			}
		}
	}
	if s.index[i] == 0 {
		s.used++
	}
	s.index[i] = hash&^placeMask | uint64(at+1)
}

// drop takes a record out of force.
func (s *shard) drop(r record) {
	r.setEnd(0)
	s.live -= r.size()
	s.count--
}

// makeRoom leaves space for one more entry.
func (s *shard) makeRoom(now time.Duration) {
	for r := s.log.oldest(); r != nil; r = s.log.oldest() {
		if r.end() > now && s.count < s.max {
			break
		}
		if r.end() != 0 {
			s.drop(r)
		}
		s.log.pop(r.size())
	}
	slots := len(s.index)
	full := s.used >= slots/4*3
	switch {
	case s.log.size > 2*s.live+segmentSize || s.log.full() || slots > 16*max(s.count, 1) || full && slots == maxSlots:
		s.compact(now)
	case full:
		s.reindex()
	}
}

// compact moves the records in force together and drops those that have ended.
func (s *shard) compact(now time.Duration) {
	old := s.log
	s.resize(s.count)
	s.log, s.live, s.count = recordLog{}, 0, 0
	for r := old.oldest(); r != nil; r = old.oldest() {
		key, _, size := r.parts()
		if r.end() > now {
			s.enter(s.hash(key), s.log.move(r[:size]))
			s.count++
		}
		old.pop(size)
		if s.log.spare == nil {
			s.log.spare, old.spare = old.spare, nil
		}
	}
	s.live = s.log.size
}

// reindex writes the index anew without what has left the log. It looks at no
// record, and goes through both indexes from the one end to the other.
func (s *shard) reindex() {
	old, n := s.index, 0
	for _, slot := range old {
		if slot != 0 && s.log.has(place(slot&placeMask-1)) {
			n++
		}
	}
	s.resize(n)
	for _, slot := range old {
		if slot != 0 && s.log.has(place(slot&placeMask-1)) {
			s.enter(slot, place(slot&placeMask-1))
		}
	}
}

// resize makes an empty index for n records, which will be half full at most.
func (s *shard) resize(n int) {
	slots := min(max(minSlots, 1<<bits.Len(uint(2*n))), maxSlots)
	s.index, s.shift, s.used = make([]uint64, slots), 65-bits.Len(uint(slots)), 0
}
