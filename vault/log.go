package vault

import (
	"encoding/binary"
	"iter"
	"time"
)

// recordLog is a queue of records in segments of bytes, the oldest first. A record
// is appended at the end and leaves at the tail, where segments that are empty go
// or are filled again: nothing is moved when the log grows, and what is free of it
// is a part of a segment.
//
//	list[0]                list[1]                  list[2]
//	......| record | rec   | record | record |      | record |.......
//	      tail
type recordLog struct {
	list  [][]byte
	first int    // The number of list[0]; numbers only rise.
	tail  int    // Where in list[0] the oldest record begins.
	last  place  // Of the newest record.
	size  int    // Bytes of all records.
	spare []byte // An empty segment, or nil.
}

// place is the number of a segment and where in it a record begins.
type place uint64

const (
	offsetBits  = 13
	segmentSize = 1 << offsetBits // A record that is longer has a segment of its own.
	minSegment  = 512
	// placeBits are what a place takes at most: a terabyte of records.
	placeBits   = 40
	maxSegments = 1 << (placeBits - offsetBits)
)

// record is a segment from where a record begins:
//
//	end (8 bytes) | length of the key | length of the value | key | value
//
// The lengths are uvarints. The end counts nanoseconds from the begin of the
// store; it is 0 in a record that is no longer in force.
type record []byte

func (r record) end() time.Duration { return time.Duration(binary.LittleEndian.Uint64(r)) }

func (r record) setEnd(end time.Duration) { binary.LittleEndian.PutUint64(r, uint64(end)) }

// parts returns the key, the value and the length of all.
func (r record) parts() (key, value []byte, size int) {
	const lengths = 8
	k, n := binary.Uvarint(r[lengths:])
	v, m := binary.Uvarint(r[lengths+n:])
	from := lengths + n + m
	to := from + int(k)
	return r[from:to], r[to : to+int(v)], to + int(v)
}

func (r record) size() int {
	_, _, size := r.parts()
	return size
}

// recordSize is the length of a record, or a little more.
func recordSize(key, value []byte) int {
	return 8 + 2*binary.MaxVarintLen32 + len(key) + len(value)
}

// add appends the record of an entry.
func (l *recordLog) add(key, value []byte, end time.Duration) place {
	at := l.reserve(recordSize(key, value))
	from := len(*at)
	*at = binary.LittleEndian.AppendUint64(*at, uint64(end))
	*at = binary.AppendUvarint(*at, uint64(len(key)))
	*at = binary.AppendUvarint(*at, uint64(len(value)))
	*at = append(append(*at, key...), value...)
	return l.added(from)
}

// move appends a record of another log.
func (l *recordLog) move(r record) place {
	at := l.reserve(len(r))
	from := len(*at)
	*at = append(*at, r...)
	return l.added(from)
}

// added notes that the last segment goes on with a record from there.
func (l *recordLog) added(from int) place {
	i := len(l.list) - 1
	l.size += len(l.list[i]) - from
	l.last = place((l.first+i)<<offsetBits | from)
	return l.last
}

// reserve returns a segment with room for a record of at most size bytes.
func (l *recordLog) reserve(size int) *[]byte {
	n := len(l.list)
	if n == 0 || len(l.list[n-1])+size > cap(l.list[n-1]) || len(l.list[n-1]) >= segmentSize {
		l.list = append(l.list, l.segment(size))
		n++
	}
	return &l.list[n-1]
}

// segment returns an empty one with room for size bytes. The first are small, so
// that a store of many shards with little in them is small too.
func (l *recordLog) segment(size int) []byte {
	if s := l.spare; s != nil && size <= cap(s) {
		l.spare = nil
		return s
	}
	return make([]byte, 0, max(size, min(max(l.size, minSegment), segmentSize)))
}

// has says whether the record of a place has not left the log.
func (l *recordLog) has(p place) bool { return int(p>>offsetBits) >= l.first }

// at returns the record of a place, nil if it has left the log.
func (l *recordLog) at(p place) record {
	i := int(p>>offsetBits) - l.first
	if i < 0 {
		return nil
	}
	return l.list[i][p%segmentSize:]
}

// oldest returns the record at the tail, nil if the log is empty.
func (l *recordLog) oldest() record {
	if len(l.list) == 0 {
		return nil
	}
	return l.list[0][l.tail:]
}

// pop takes the oldest record, of so many bytes, from the log.
func (l *recordLog) pop(size int) {
	l.tail += size
	l.size -= size
	if l.tail == len(l.list[0]) {
		l.recycle(l.list[0])
		l.list[0] = nil
		l.list, l.first, l.tail = l.list[1:], l.first+1, 0
	}
}

// all ranges over the records, the oldest first.
func (l *recordLog) all() iter.Seq[record] {
	return func(yield func(record) bool) {
		tail := l.tail
		for _, segment := range l.list {
			for rest := record(segment[tail:]); len(rest) > 0; rest = rest[rest.size():] {
				if !yield(rest) {
					return
				}
			}
			tail = 0
		}
	}
}

// recycle keeps one segment of the usual size to be used again.
func (l *recordLog) recycle(segment []byte) {
	if cap(segment) == segmentSize {
		l.spare = segment[:0]
	}
}

// full says that the numbers of segments are used up.
func (l *recordLog) full() bool { return l.first+len(l.list) >= maxSegments }
