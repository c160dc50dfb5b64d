package vault

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// shardModel is what a shard does, plainly: the oldest entry first.
type shardModel struct {
	max     int
	entries []modelEntry
}

type modelEntry struct {
	key   []byte
	value []byte
	end   time.Duration
}

// take removes an entry and returns its value, nil if it is absent or has ended.
func (m *shardModel) take(key []byte, now time.Duration) (value []byte) {
	i := slices.IndexFunc(m.entries, func(e modelEntry) bool { return bytes.Equal(e.key, key) })
	if i < 0 {
		return nil
	}
	if m.entries[i].end > now {
		value = m.entries[i].value
	}
	m.entries = slices.Delete(m.entries, i, i+1)
	return value
}

func (m *shardModel) putIfAbsent(key []byte, value []byte, now, ttl time.Duration) []byte {
	prior := m.take(key, now)
	if prior != nil {
		value = prior
	}
	m.entries = slices.DeleteFunc(m.entries, func(e modelEntry) bool { return e.end <= now })
	if len(m.entries) == m.max {
		m.entries = m.entries[1:]
	}
	m.entries = append(m.entries, modelEntry{key, value, now + ttl})
	return prior
}

func (m *shardModel) get(key []byte, now time.Duration) []byte {
	for _, e := range m.entries {
		if bytes.Equal(e.key, key) && e.end > now {
			return e.value
		}
	}
	return nil
}

// newShard returns a shard of at most so many entries.
func newShard(most int, hash func(key []byte) uint64) *shard {
	s := &shard{max: most, hash: hash}
	s.clear()
	return s
}

// testKey is a key that testHash takes for a number.
func testKey(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func testHash(key []byte) uint64 { return binary.BigEndian.Uint64(key) * 0x9e3779b97f4a7c15 }

// A shard does what its model does, whatever comes: also when hashes share their
// upper bits, or meet in one slot.
func TestShardIsItsModel(t *testing.T) {
	hashes := map[string]func(key []byte) uint64{
		"any":       testHash,
		"one slot":  func(key []byte) uint64 { return testHash(key) >> 16 &^ placeMask },
		"all alike": func([]byte) uint64 { return 7 << placeBits },
	}
	for _, c := range []struct {
		name     string
		max      int
		ids      uint64
		ttl      func(*rand.Rand) time.Duration
		longest  int
		forwards time.Duration
	}{
		{"full", 20, 60, func(*rand.Rand) time.Duration { return 1000 }, 40, 2},
		{"one entry", 1, 5, func(*rand.Rand) time.Duration { return 1000 }, 40, 2},
		{"ending", 1000, 200, func(r *rand.Rand) time.Duration { return time.Duration(1 + r.Int64N(2000)) }, 40, 5},
		{"sizes", 30, 60, func(*rand.Rand) time.Duration { return 1000 }, 5000, 10},
		{"segments of their own", 30, 60, func(*rand.Rand) time.Duration { return 1000 }, 5 * segmentSize, 10},
	} {
		for kind, hash := range hashes {
			t.Run(c.name+", hashes "+kind, func(t *testing.T) {
				r := rand.New(rand.NewPCG(1, 2))
				model, s := shardModel{max: c.max}, newShard(c.max, hash)
				var now time.Duration
				for step := range 20_000 {
					now += time.Duration(r.Int64N(int64(c.forwards)))
					key := testKey(r.Uint64N(c.ids))
					h := hash(key)
					var got, want []byte
					switch r.IntN(8) {
					case 0:
						s.remove(h, key)
						model.take(key, now)
					case 1, 2, 3:
						got, want = s.get(nil, h, key, now), model.get(key, now)
					default:
						value := bytes.Repeat(fmt.Append(nil, step, " "), 1+r.IntN(c.longest/5))
						ttl := c.ttl(r)
						got, want = s.putIfAbsent(nil, h, key, value, now, ttl), model.putIfAbsent(key, value, now, ttl)
					}
					if !bytes.Equal(got, want) {
						t.Fatalf("step %d: %d bytes, want %d", step, len(got), len(want))
					}
					if s.len() > c.max {
						t.Fatalf("step %d: %d entries", step, s.len())
					}
					if kept := capOf(&s.log); kept > 4*s.live+2*segmentSize+8*c.longest {
						t.Fatalf("step %d: segments of %d bytes for %d", step, kept, s.live)
					}
				}
			})
		}
	}
}

// FuzzShard lets the fuzzer choose what comes: three bytes a step.
func FuzzShard(f *testing.F) {
	f.Add(uint8(3), []byte("put get put again and wait until all has ended, then put"))
	f.Add(uint8(20), bytes.Repeat([]byte{7, 1, 200, 6, 2, 255, 0, 1, 9}, 300))
	f.Fuzz(func(t *testing.T, most uint8, steps []byte) {
		model, s := shardModel{max: int(most) + 1}, newShard(int(most)+1, func(key []byte) uint64 { return testHash(key) >> (most % 24) })
		var now time.Duration
		for ; len(steps) >= 3; steps = steps[3:] {
			key, n := testKey(uint64(steps[1])), int(steps[2])
			hash := s.hash(key)
			var got, want []byte
			switch steps[0] % 8 {
			case 0:
				s.remove(hash, key)
				model.take(key, now)
			case 1, 2:
				got, want = s.get(nil, hash, key, now), model.get(key, now)
			case 3:
				now += time.Duration(n)
			default:
				value := bytes.Repeat([]byte{steps[0]}, 1+n*int(steps[0]%8-3))
				got, want = s.putIfAbsent(nil, hash, key, value, now, 500), model.putIfAbsent(key, value, now, 500)
			}
			if !bytes.Equal(got, want) || s.len() > s.max {
				t.Fatalf("%d bytes, want %d; %d entries of %d", len(got), len(want), s.len(), s.max)
			}
		}
	})
}

// capOf is what the segments of a log take, in bytes.
func capOf(l *recordLog) (n int) {
	for _, segment := range l.list {
		n += cap(segment)
	}
	return n + cap(l.spare)
}

// The log and the index give back what a crowd of large entries took.
func TestShardShrinks(t *testing.T) {
	s := newShard(10_000, testHash)
	put := func(from, to uint64, size int, now time.Duration) {
		for n := from; n < to; n++ {
			key := testKey(n)
			s.putIfAbsent(nil, testHash(key), key, make([]byte, size), now, time.Minute)
		}
	}
	put(0, 5000, 1000, 0)
	put(5000, 20_000, 10, time.Minute)
	if n := s.len(); n != s.max {
		t.Errorf("%d entries", n)
	}
	if c := capOf(&s.log); c > s.max*recordSize(testKey(0), make([]byte, 10))+3*segmentSize {
		t.Errorf("the log has %d bytes", c)
	}
	put(20_000, 21_000, 100_000, 2*time.Minute)
	if n := len(s.index); n > 16*s.len() {
		t.Errorf("the index has %d slots for %d entries", n, s.len())
	}
}

// One entry renewed for ever takes the room of one, in the log and the index,
// whether or not it is the newest.
func TestRenewalsTakeNoRoom(t *testing.T) {
	for _, renewed := range [][]uint64{{3}, {3, 4}} {
		s := newShard(1000, testHash)
		put := func(n uint64) []byte {
			key := testKey(n)
			return s.putIfAbsent(nil, testHash(key), key, []byte("value"), 0, time.Hour)
		}
		for n := range uint64(1000) {
			put(n)
		}
		used, size := s.used, s.log.size
		for range 100_000 {
			for _, n := range renewed {
				if got := put(n); string(got) != "value" {
					t.Fatal("an entry went while it was renewed")
				}
			}
			if s.used > used || capOf(&s.log) > 2*size+3*segmentSize {
				t.Fatalf("%d slots of %d, %d bytes for %d", s.used, used, capOf(&s.log), size)
			}
		}
		if len(renewed) == 1 && s.log.size > size+size/100 {
			t.Errorf("renewing the newest made %d bytes of %d", s.log.size, size)
		}
	}
}

// A log whose segments are numbered to the end begins anew.
func TestSegmentNumbersEnd(t *testing.T) {
	s := newShard(1000, testHash)
	put := func(n uint64) []byte {
		key := testKey(n)
		return s.putIfAbsent(nil, testHash(key), key, make([]byte, 100), 0, time.Hour)
	}
	s.log.first = maxSegments - 3
	for n := range uint64(2000) {
		put(n)
	}
	if s.log.first > 100 {
		t.Errorf("the first segment is number %d", s.log.first)
	}
	for n := range uint64(1000) {
		if put(n+1000) == nil {
			t.Fatalf("entry %d has gone", n+1000)
		}
	}
}
