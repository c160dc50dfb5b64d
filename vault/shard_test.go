package vault

import (
	"bytes"
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
	id    digest
	value []byte
	end   time.Duration
}

// take removes an entry and returns its value, nil if it is absent or has ended.
func (m *shardModel) take(id digest, now time.Duration) (value []byte) {
	i := slices.IndexFunc(m.entries, func(e modelEntry) bool { return e.id == id })
	if i < 0 {
		return nil
	}
	if m.entries[i].end > now {
		value = m.entries[i].value
	}
	m.entries = slices.Delete(m.entries, i, i+1)
	return value
}

func (m *shardModel) putIfAbsent(id digest, value []byte, now, ttl time.Duration) []byte {
	prior := m.take(id, now)
	if prior != nil {
		value = prior
	}
	m.entries = slices.DeleteFunc(m.entries, func(e modelEntry) bool { return e.end <= now })
	if len(m.entries) == m.max {
		m.entries = m.entries[1:]
	}
	m.entries = append(m.entries, modelEntry{id, value, now + ttl})
	return prior
}

func (m *shardModel) get(id digest, now time.Duration) []byte {
	for _, e := range m.entries {
		if e.id == id && e.end > now {
			return e.value
		}
	}
	return nil
}

// A shard does what its model does, whatever comes: also when ids share their
// first half, or meet in one slot.
func TestShardIsItsModel(t *testing.T) {
	half := map[string]func(n uint64) uint64{
		"any":       func(n uint64) uint64 { return n * 0x9e3779b97f4a7c15 },
		"one slot":  func(n uint64) uint64 { return n << 56 },
		"all alike": func(uint64) uint64 { return 7 << placeBits },
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
	} {
		for kind, half := range half {
			t.Run(c.name+", ids "+kind, func(t *testing.T) {
				r := rand.New(rand.NewPCG(1, 2))
				model, s := shardModel{max: c.max}, shard{max: c.max}
				s.clear()
				var now time.Duration
				for step := range 20_000 {
					now += time.Duration(r.Int64N(int64(c.forwards)))
					n := r.Uint64N(c.ids)
					id := digest{half(n), n}
					var got, want []byte
					switch r.IntN(8) {
					case 0:
						s.remove(id)
						model.take(id, now)
					case 1, 2, 3:
						got, want = s.get(nil, id, now), model.get(id, now)
					default:
						value := bytes.Repeat(fmt.Append(nil, step, " "), 1+r.IntN(c.longest/5))
						ttl := c.ttl(r)
						got, want = s.putIfAbsent(nil, id, "", value, now, ttl), model.putIfAbsent(id, value, now, ttl)
					}
					if !bytes.Equal(got, want) {
						t.Fatalf("step %d: %d bytes, want %d", step, len(got), len(want))
					}
					if s.len() > c.max {
						t.Fatalf("step %d: %d entries", step, s.len())
					}
				}
			})
		}
	}
}

// The log and the index give back what a crowd of large entries took.
func TestShardShrinks(t *testing.T) {
	s := shard{max: 10_000}
	s.clear()
	put := func(from, to uint64, size int, now time.Duration) {
		for n := from; n < to; n++ {
			s.putIfAbsent(nil, digest{n, n}, "", make([]byte, size), now, time.Minute)
		}
	}
	put(0, 5000, 1000, 0)
	put(5000, 20_000, 10, time.Minute)
	if n := s.len(); n != s.max {
		t.Errorf("%d entries", n)
	}
	if c := cap(s.log); c > 2*s.max*(recordHeader+10) {
		t.Errorf("the log has %d bytes", c)
	}
	put(20_000, 21_000, 100_000, 2*time.Minute)
	if n := len(s.index); n > 4096 {
		t.Errorf("the index has %d slots for %d entries", n, s.len())
	}
}

// One entry renewed for ever takes the room of one, in the log and the index.
func TestRenewalsTakeNoRoom(t *testing.T) {
	s := shard{max: 1000}
	s.clear()
	for n := range uint64(1000) {
		s.putIfAbsent(nil, digest{n, n}, "key", []byte("value"), 0, time.Hour)
	}
	used, size := s.used, s.max*(recordHeader+len("value")+len("key"))
	for range 100_000 {
		if got := s.putIfAbsent(nil, digest{3, 3}, "key", []byte("other"), 0, time.Hour); string(got) != "value" {
			t.Fatal("an entry went while it was renewed")
		}
		if s.used > used || cap(s.log) > 2*size {
			t.Fatalf("%d slots of %d, %d bytes for %d", s.used, used, cap(s.log), size)
		}
	}
}
