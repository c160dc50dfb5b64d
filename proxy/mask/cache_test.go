package mask

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"maskit/detect"
)

// counted makes a policy whose looks at texts are counted.
func counted(t *testing.T) (*Masker, *counting) {
	m := carrying(t, nil)
	c := &counting{Related: m.related}
	m.detector = c
	return m, c
}

var long = strings.Repeat("Nothing to see here. ", 20) + "Mail bob@firma.de, my ssn is 536228726."

// TestKnownTextsAreNotSearched holds that a text of an earlier request is not
// searched again, and is masked the same.
func TestKnownTextsAreNotSearched(t *testing.T) {
	m, c := counted(t)
	first := turns(t, m.Session(t.Context(), Scope{}), long)
	again := turns(t, m.Session(t.Context(), Scope{}), long)
	if c.n != 1 {
		t.Errorf("searched %d times", c.n)
	}
	if first[0] == long || again[0] != first[0] {
		t.Errorf("sent %q, then %q", first[0], again[0])
	}
}

// TestOtherTextsAreSearched holds that what differs in a byte, another tenant's
// text and another policy's are searched.
func TestOtherTextsAreSearched(t *testing.T) {
	m, c := counted(t)
	for i, text := range []string{long, strings.Replace(long, "6.", "7.", 1), long + "\x00"} {
		turns(t, m.Session(t.Context(), Scope{}), text)
		if c.n != i+1 {
			t.Errorf("text %d was not searched", i)
		}
	}
	turns(t, m.Session(t.Context(), Scope{Tenant: "other"}), long)
	if c.n != 4 {
		t.Error("another tenant's text was not searched")
	}
	other, c := counted(t)
	turns(t, other.Session(t.Context(), Scope{}), long)
	if c.n != 1 {
		t.Error("another policy's text was not searched")
	}
	if a, b := m.cache.keyOf(sha256.New(), "ab", []byte("c")), m.cache.keyOf(sha256.New(), "a", []byte("bc")); a == b {
		t.Error("a tenant's name runs into the text")
	}
}

// TestCacheForgets holds that nothing is kept longer than cacheTTL after it was
// asked for, and that what is asked for is kept.
func TestCacheForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCache()
		a, b := cacheKey{0, 1}, cacheKey{0, 2}
		c.put(a, nil)
		c.put(b, []detect.Span{{Start: 1, End: 2}})
		for range 5 {
			time.Sleep(cacheTTL / 3)
			if spans, ok := c.get(nil, b); !ok || len(spans) != 1 {
				t.Fatal("what is asked for was forgotten")
			}
		}
		if _, ok := c.get(nil, a); ok {
			t.Error("what nobody asked for was kept")
		}
		time.Sleep(cacheTTL)
		if _, ok := c.get(nil, b); ok {
			t.Error("it was kept for too long")
		}
	})
}

// TestCacheIsBounded holds that the cache drops what was not asked for when it is
// full, and takes nothing that would fill it.
func TestCacheIsBounded(t *testing.T) {
	c := newCache()
	asked := cacheKey{15: 255}
	c.put(asked, nil)
	spans := make([]detect.Span, 20)
	for i := range 50_000 {
		c.put(cacheKey{0, byte(i), byte(i >> 8), byte(i >> 16)}, spans)
		if _, ok := c.get(nil, asked); !ok {
			t.Fatalf("what is asked for was dropped after %d others", i)
		}
	}
	weight := 0
	for i := range c.shards {
		weight += c.shards[i].young.weight + c.shards[i].old.weight
	}
	if weight == 0 || weight > cacheWeight {
		t.Errorf("it holds %d bytes of %d", weight, cacheWeight)
	}
	huge := cacheKey{1}
	c.put(huge, make([]detect.Span, cacheWeight/spanWeight))
	if _, ok := c.get(nil, huge); ok {
		t.Error("one text may fill the cache")
	}
}

// TestCacheWeighs holds that what the cache takes is what it says, whether spans are
// alike or each has a name of its own.
func TestCacheWeighs(t *testing.T) {
	for _, alike := range []bool{true, false} {
		heap := func() int {
			runtime.GC()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			return int(m.HeapAlloc)
		}
		begin := heap()
		c := newCache()
		spans := make([]detect.Span, 11)
		for i := range 20_000 {
			for j := range spans {
				spans[j] = detect.Span{Start: j, End: j + 1, Kind: "PROJECT", Rule: "dictionary"}
				if !alike {
					spans[j].Term = fmt.Sprint("the term number ", i, j)
				}
			}
			c.put(cacheKey{byte(i), byte(i >> 8), byte(i >> 16)}, spans)
		}
		if took := heap() - begin; took > cacheWeight*5/4 {
			t.Errorf("it takes %d bytes", took)
		}
		runtime.KeepAlive(c)
	}
}

// TestCacheGivesBack holds that spans come out as they went in, behind what was
// there, also from the older generation.
func TestCacheGivesBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	c := newCache()
	kept := make(map[cacheKey][]detect.Span)
	for i := range 2000 {
		k := cacheKey{byte(i), byte(i >> 8)}
		for range r.IntN(20) {
			kept[k] = append(kept[k], detect.Span{
				Start: r.IntN(1 << 24), End: r.IntN(1 << 24), Kind: detect.Kinds[r.IntN(9)].Kind,
				Rule: fmt.Sprint("rule", r.IntN(9)), Score: r.Float64(), Term: []string{"", "a term"}[r.IntN(2)],
			})
		}
		c.put(k, kept[k])
		if i == 1000 {
			for i := range c.shards {
				c.shards[i].turn(time.Now())
			}
		}
	}
	before := detect.Span{Start: 1, End: 2}
	for range 2 {
		for k, want := range kept {
			got, ok := c.get([]detect.Span{before}, k)
			if !ok || got[0] != before || !slices.Equal(got[1:], want) {
				t.Fatalf("%d spans came out as %d", len(want), len(got)-1)
			}
		}
	}
}

// TestCacheTogether uses one policy from several sides.
func TestCacheTogether(t *testing.T) {
	m := newMasker(t, newVault(t))
	want := turns(t, m.Session(t.Context(), Scope{}), long)[0]
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for range 20 {
				s := m.Session(t.Context(), Scope{})
				if got := masked(t, s, long); got != want {
					t.Errorf("%d: sent %q", i, got)
				}
				s.Close()
			}
		})
	}
	wg.Wait()
}

// BenchmarkCache is what a text costs that is known, and one that is not.
func BenchmarkCache(b *testing.B) {
	m := carrying(b, func(c *Config) { c.Model = false })
	for _, size := range []int{128, 256, 1024, 16 << 10} {
		text := []byte(strings.Repeat("The delivery of flour was late again, but only by 3 hours this time. ", size/60)[:size])
		b.Run(fmt.Sprintf("known/%d", size), func(b *testing.B) {
			sum := sha256.New()
			b.SetBytes(int64(size))
			for b.Loop() {
				k := m.cache.keyOf(sum, "default", text)
				if _, ok := m.cache.get(nil, k); !ok {
					m.cache.put(k, nil)
				}
			}
		})
		b.Run(fmt.Sprintf("searched/%d", size), func(b *testing.B) {
			b.SetBytes(int64(size))
			for b.Loop() {
				if _, err := m.detector.Find(b.Context(), nil, text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
