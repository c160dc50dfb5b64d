package vault

import (
	"encoding/binary"
	"sync"
	"time"
)

// shard is a bounded table whose entries end after a time. When it is full, the
// entry that was put or renewed longest ago makes room. It needs no goroutine.
//
// It is a log of records, one after the other in a single slice of bytes, the
// oldest first, and an index that tells where the record of an id begins:
//
//	    tail                                   len       cap
//	.....| id end len value | id end len value |..........|
//
// A put appends a record. A renewal appends a copy of the old one, and what is
// replaced, removed or has ended stays where it is, marked, until the tail comes
// by: the order of the log is the order of age, with no list to keep. When the
// slice is full, the records in force are moved together, in order; they are
// less than three quarters of it, or the slice grows. So a put moves three
// records at most in the mean, and a million entries are, to the garbage
// collector, two objects a shard with no pointer inside.
type shard struct {
	mu    sync.Mutex
	max   int            // Of entries.
	index map[uint64]int // The first half of an id: the record verifies the other.
	log   []byte
	tail  int
}

// record is the log from where a record begins:
//
//	id (16 bytes) | end (8) | length of the value (8) | value
//
// The end counts nanoseconds from the begin of the store; it is 0 in a record
// that was dropped.
type record []byte

const recordHeader = 16 + 8 + 8

func (r record) id() digest {
	return digest{binary.LittleEndian.Uint64(r), binary.LittleEndian.Uint64(r[8:])}
}

func (r record) end() time.Duration { return time.Duration(binary.LittleEndian.Uint64(r[16:])) }

func (r record) setEnd(end time.Duration) { binary.LittleEndian.PutUint64(r[16:], uint64(end)) }

func (r record) size() int { return recordHeader + int(binary.LittleEndian.Uint64(r[24:])) }

func (r record) value() []byte { return r[recordHeader:r.size()] }

// appendRecord appends the record of an entry to a log.
func appendRecord(log []byte, id digest, value []byte, end time.Duration) []byte {
	log = binary.LittleEndian.AppendUint64(log, id[0])
	log = binary.LittleEndian.AppendUint64(log, id[1])
	log = binary.LittleEndian.AppendUint64(log, uint64(end))
	log = binary.LittleEndian.AppendUint64(log, uint64(len(value)))
	return append(log, value...)
}

// get appends to dst the value of an id; nothing if it is absent or has ended.
func (s *shard) get(dst []byte, id digest, now time.Duration) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.find(id, now); r != nil {
		dst = append(dst, r.value()...)
	}
	return dst
}

// putIfAbsent stores value for ttl if its id is absent; else it appends to dst
// what is held, and has that end ttl from now.
func (s *shard) putIfAbsent(dst []byte, id digest, value []byte, now, ttl time.Duration) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.find(id, now); r != nil {
		from := len(dst)
		dst = append(dst, r.value()...)
		value = dst[from:]
	}
	s.drop(id) // Also another id of the same first half: the newer one stays.
	s.makeRoom(now, recordHeader+len(value))
	s.index[id[0]] = len(s.log)
	s.log = appendRecord(s.log, id, value, now+ttl)
	return dst
}

func (s *shard) remove(id digest) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.find(id, 0) != nil {
		s.drop(id)
	}
}

// clear drops all entries and the memory that they took.
func (s *shard) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.index, s.log, s.tail = make(map[uint64]int), nil, 0
}

// len counts the entries, those that have ended unseen included.
func (s *shard) len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.index)
}

// find returns the record of an id, or nil if it is absent or has ended.
func (s *shard) find(id digest, now time.Duration) record {
	at, ok := s.index[id[0]]
	if !ok {
		return nil
	}
	r := record(s.log[at:])
	if r.id() != id || r.end() <= now {
		return nil
	}
	return r
}

// drop takes the record that the index has for an id out of force.
func (s *shard) drop(id digest) {
	if at, ok := s.index[id[0]]; ok {
		record(s.log[at:]).setEnd(0)
		delete(s.index, id[0])
	}
}

// makeRoom leaves space for one more entry, and for size bytes in the log.
func (s *shard) makeRoom(now time.Duration, size int) {
	for s.tail < len(s.log) {
		oldest := record(s.log[s.tail:])
		if oldest.end() > now && len(s.index) < s.max {
			break
		}
		s.tail += oldest.size()
		if oldest.end() != 0 {
			s.drop(oldest.id())
		}
	}
	if len(s.log)+size > cap(s.log) {
		s.compact(now, size)
	}
}

// compact moves the records in force together and leaves space for size bytes.
// The slice stays while they fill it by a quarter to three quarters.
func (s *shard) compact(now time.Duration, size int) {
	need := size
	for at := s.tail; at < len(s.log); at += record(s.log[at:]).size() {
		if r := record(s.log[at:]); r.end() > now {
			need += r.size()
		}
	}
	to := s.log[:0] // Records move down only, so none is overwritten unread.
	if c := cap(s.log); need > c/4*3 || need < c/4 {
		to = make([]byte, 0, need+need/2)
	}
	for at := s.tail; at < len(s.log); {
		r := record(s.log[at:])
		n := r.size()
		switch {
		case r.end() > now:
			s.index[r.id()[0]] = len(to)
			to = append(to, r[:n]...)
		case r.end() != 0:
			delete(s.index, r.id()[0])
		}
		at += n
	}
	s.log, s.tail = to, 0
}
