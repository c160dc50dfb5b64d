package vault

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"sync"
	"time"
)

// shard is a bounded table whose entries end after a time. When it is full, the
// entry that was put or renewed longest ago makes room. It needs no goroutine.
//
// It is a log of records, one after the other in a single slice of bytes, the
// oldest first, and an index that tells where records begin:
//
//	          tail                         len       cap
//	..........| record | record | record |..........|
//
// A put appends a record, a renewal appends a copy. What is replaced, removed or
// has ended stays where it is, marked, until the tail comes by: the order of the
// log is the order of age, with no list to keep. When the slice or the index is
// full, compact moves the records in force together, in order.
//
// The index is a hash table with linear probing. No slot is ever freed: that of a
// record that is gone is used again when its id comes back, or stays until
// compact writes the index anew. So a put costs one line of the index and two ends of the log, where a map would be
// searched for the entry that makes room as well; and to the garbage collector
// a million entries are two objects a shard, with no pointer inside.
type shard struct {
	mu    sync.Mutex
	max   int // Of entries.
	count int // Entries, those that have ended unseen included.

	index []uint64 // A power of two of slots; 0 is a free one.
	used  int      // Slots that are not free.
	log   []byte
	tail  int
}

// A slot is the upper bits of an id, which spare most looks at records of other
// ids, and one more than the place where the record begins.
const (
	placeBits = 40
	placeMask = 1<<placeBits - 1
)

// record is the log from where a record begins:
//
//	id (16 bytes) | end (8) | length of the value (4) | length of the key (4) | value | key
//
// The end counts nanoseconds from the begin of the store; it is 0 in a record
// that is no longer in force. A value is part of a request: far below 4 GiB. The
// key is there to be listed; nothing is found by it.
type record []byte

const recordHeader = 16 + 8 + 4 + 4

func (r record) id() digest {
	return digest{binary.LittleEndian.Uint64(r), binary.LittleEndian.Uint64(r[8:])}
}

func (r record) end() time.Duration { return time.Duration(binary.LittleEndian.Uint64(r[16:])) }

func (r record) setEnd(end time.Duration) { binary.LittleEndian.PutUint64(r[16:], uint64(end)) }

func (r record) size() int { return r.keyAt() + int(binary.LittleEndian.Uint32(r[28:])) }

func (r record) keyAt() int { return recordHeader + int(binary.LittleEndian.Uint32(r[24:])) }

func (r record) value() []byte { return r[recordHeader:r.keyAt()] }

func (r record) key() []byte { return r[r.keyAt():r.size()] }

// appendRecord appends the record of an entry to a log.
func appendRecord(log []byte, id digest, key string, value []byte, end time.Duration) []byte {
	log = binary.LittleEndian.AppendUint64(log, id[0])
	log = binary.LittleEndian.AppendUint64(log, id[1])
	log = binary.LittleEndian.AppendUint64(log, uint64(end))
	log = binary.LittleEndian.AppendUint32(log, uint32(len(value)))
	log = binary.LittleEndian.AppendUint32(log, uint32(len(key)))
	return append(append(log, value...), key...)
}

// get appends to dst the value of an id; nothing if it is absent or has ended.
func (s *shard) get(dst []byte, id digest, now time.Duration) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.find(id); r != nil && r.end() > now {
		dst = append(dst, r.value()...)
	}
	return dst
}

// putIfAbsent stores value for ttl if its id is absent; else it appends to dst
// what is held, and has that end ttl from now.
func (s *shard) putIfAbsent(dst []byte, id digest, key string, value []byte, now, ttl time.Duration) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.find(id); r != nil {
		if r.end() > now {
			from := len(dst)
			dst = append(dst, r.value()...)
			value = dst[from:]
		}
		s.drop(r)
	}
	s.add(id, key, value, now, ttl)
	return dst
}

// add appends the record of an id that has none in force.
func (s *shard) add(id digest, key string, value []byte, now, ttl time.Duration) {
	s.makeRoom(now, recordHeader+len(value)+len(key))
	s.enter(id, len(s.log))
	s.log = appendRecord(s.log, id, key, value, now+ttl)
	s.count++
}

// swap replaces the value of an id, as Swapper has it, and tells whether it did.
func (s *shard) swap(id digest, key string, old, value []byte, now, ttl time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.find(id)
	if r != nil && r.end() <= now {
		s.drop(r)
		r = nil
	}
	if (r == nil) != (old == nil) || r != nil && !bytes.Equal(r.value(), old) {
		return false
	}
	if r != nil {
		s.drop(r)
	}
	if value != nil {
		s.add(id, key, value, now, ttl)
	}
	return true
}

// appendKeys appends to dst the keys in force that begin with prefix.
func (s *shard) appendKeys(dst []string, prefix string, now time.Duration) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for place := s.tail; place < len(s.log); place += record(s.log[place:]).size() {
		r := record(s.log[place:])
		if key := r.key(); r.end() > now && len(key) >= len(prefix) && string(key[:len(prefix)]) == prefix {
			dst = append(dst, string(key))
		}
	}
	return dst
}

func (s *shard) remove(id digest) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.find(id); r != nil {
		s.drop(r)
	}
}

// clear drops all entries and the memory that they took.
func (s *shard) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.index, s.used, s.log, s.tail, s.count = make([]uint64, minSlots), 0, nil, 0, 0
}

// len counts the entries, those that have ended unseen included.
func (s *shard) len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count
}

// find returns the record in force of an id, or nil.
func (s *shard) find(id digest) record {
	mask := uint64(len(s.index) - 1)
	for i := id[0] & mask; s.index[i] != 0; i = (i + 1) & mask {
		if r := s.candidate(s.index[i], id); r != nil && r.end() != 0 && r.id() == id {
			return r
		}
	}
	return nil
}

// candidate returns the record of a slot if the slot does not tell that it is
// another id's, else nil.
func (s *shard) candidate(slot uint64, id digest) record {
	if slot>>placeBits != id[0]>>placeBits {
		return nil
	}
	return s.log[slot&placeMask-1:]
}

// enter notes in the index where the record of an id begins, in the slot of its
// last record if that is still there.
func (s *shard) enter(id digest, place int) {
	mask := uint64(len(s.index) - 1)
	i := id[0] & mask
	for ; s.index[i] != 0; i = (i + 1) & mask {
		if r := s.candidate(s.index[i], id); r != nil && r.end() == 0 {
			break
		}
	}
	if s.index[i] == 0 {
		s.used++
	}
	s.index[i] = id[0]&^placeMask | uint64(place+1)
}

// drop takes a record out of force.
func (s *shard) drop(r record) {
	r.setEnd(0)
	s.count--
}

// makeRoom leaves space for one more entry, with a record of size bytes.
func (s *shard) makeRoom(now time.Duration, size int) {
	for s.tail < len(s.log) {
		oldest := record(s.log[s.tail:])
		if oldest.end() > now && s.count < s.max {
			break
		}
		s.tail += oldest.size()
		if oldest.end() != 0 {
			s.drop(oldest)
		}
	}
	if len(s.log)+size > cap(s.log) || s.used >= len(s.index)/4*3 {
		s.compact(now, size)
	}
}

const minSlots = 8

// compact moves the records in force together, drops those that have ended and
// writes the index anew. After it the log has space for a record of size bytes,
// and both have as much free as lets a put move three records at most in the
// mean: the log is filled by three quarters or less, the index by half.
func (s *shard) compact(now time.Duration, size int) {
	s.count = 0
	need := size
	for place := s.tail; place < len(s.log); place += record(s.log[place:]).size() {
		if r := record(s.log[place:]); r.end() > now {
			need += r.size()
			s.count++
		}
	}
	to := s.log[:0] // Records move down only: none is overwritten unread.
	if c := cap(s.log); need > c/5*4 || need < c/5 {
		to = make([]byte, 0, need/5*7)
	}
	slots := max(minSlots, 1<<bits.Len(uint(2*s.count)))
	if slots == len(s.index) {
		clear(s.index)
	} else {
		s.index = make([]uint64, slots)
	}
	from := s.log[s.tail:]
	s.log, s.tail, s.used = to, 0, 0
	for len(from) > 0 {
		r := record(from)
		from = from[r.size():] // Before the record is overwritten.
		if r.end() > now {
			s.enter(r.id(), len(s.log))
			s.log = append(s.log, r[:len(r)-len(from)]...)
		}
	}
}
