package vault

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// spaces shorten keys for a store: what nearly all of them begin with, such as
// maskit:default:t:, becomes a byte. The shortened key of a key stays the same.
type spaces struct {
	mu    sync.Mutex // Of who adds a space.
	table atomic.Pointer[spaceTable]
}

// spaceTable does not change once it is made.
type spaceTable struct {
	numbers map[string]byte
	names   []string // names[0] is "".
}

// maxSpaces is as many as a byte tells apart. The tenants that come after are kept
// with their keys as they are.
const maxSpaces = 256

// fewSpaces are compared one after the other, which is quicker than the map while
// there are no more. None begins as another one does.
const fewSpaces = 8

func newSpaces() *spaces {
	s := new(spaces)
	s.table.Store(&spaceTable{names: []string{""}})
	return s
}

// shorten appends to dst the number of the space that a key lies in, and the rest of
// the key.
func (s *spaces) shorten(dst []byte, key string) []byte {
	n, size := s.find(key)
	return append(append(dst, n), key[size:]...)
}

// find returns the number of the space that a key lies in and how many bytes of the
// key it is; 0 if it has none.
func (s *spaces) find(key string) (n byte, size int) {
	t := s.table.Load()
	for i, name := range t.names[1:min(len(t.names), fewSpaces)] {
		if strings.HasPrefix(key, name) {
			return byte(i + 1), len(name)
		}
	}
	size = spaceEnd(key)
	n, known := t.numbers[key[:size]]
	if !known && size > 0 && len(t.names) < maxSpaces {
		n = s.add(key[:size])
	}
	if n == 0 {
		size = 0
	}
	return n, size
}

// appendLong appends to dst the key that was shortened.
func (s *spaces) appendLong(dst, short []byte) []byte {
	return append(append(dst, s.table.Load().names[short[0]]...), short[1:]...)
}

// add gives a space a number, 0 if there is none left.
func (s *spaces) add(space string) byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.table.Load()
	if n, known := t.numbers[space]; known || len(t.names) == maxSpaces {
		return n
	}
	space = strings.Clone(space) // The key is longer.
	numbers := maps.Clone(t.numbers)
	if numbers == nil {
		numbers = make(map[string]byte)
	}
	numbers[space] = byte(len(t.names))
	s.table.Store(&spaceTable{numbers, append(slices.Clip(t.names), space)})
	return numbers[space]
}

// spaceEnd is where the third part of a key ends, behind its colon: by then it has
// told the tenant and what the entry is. 0 if there are not so many.
func spaceEnd(key string) int {
	end := 0
	for range 3 {
		i := strings.IndexByte(key[end:], ':')
		if i < 0 {
			return 0
		}
		end += i + 1
	}
	return end
}
