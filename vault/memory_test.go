package vault

import (
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
)

func memoryPut(t *testing.T, m *Memory, ttl time.Duration, key string) (present bool) {
	t.Helper()
	prior, err := m.Put(t.Context(), []Entry{{key, []byte("value of " + key)}}, ttl)
	if err != nil {
		t.Fatal(err)
	}
	return prior[0] != nil
}

func memoryHas(t *testing.T, m *Memory, key string) bool {
	t.Helper()
	values, err := m.Get(t.Context(), []string{key})
	if err != nil {
		t.Fatal(err)
	}
	return values[0] != nil
}

func TestMemoryTTL(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMemory(1000)
		memoryPut(t, m, time.Hour, "once")
		memoryPut(t, m, time.Hour, "renewed")
		time.Sleep(time.Hour - time.Nanosecond)
		if !memoryHas(t, m, "once") || !memoryPut(t, m, time.Hour, "renewed") {
			t.Error("an entry ended before its time")
		}
		time.Sleep(time.Nanosecond)
		if memoryHas(t, m, "once") || !memoryHas(t, m, "renewed") {
			t.Error("after an hour: the one that was not renewed must be gone, and only it")
		}
		if memoryPut(t, m, time.Hour, "once") {
			t.Error("an entry that ended is still present to a put")
		}
		time.Sleep(time.Hour)
		if memoryHas(t, m, "renewed") || memoryHas(t, m, "once") {
			t.Error("an entry outlives its renewal")
		}
	})
}

func TestMemoryDropsTheOldest(t *testing.T) {
	m := NewMemory(3)
	for _, key := range []string{"a", "b", "c", "a", "d"} { // The second "a" renews it.
		memoryPut(t, m, time.Hour, key)
	}
	for key, want := range map[string]bool{"a": true, "b": false, "c": true, "d": true} {
		if got := memoryHas(t, m, key); got != want {
			t.Errorf("%s: present %v, want %v", key, got, want)
		}
	}
}

// What has ended makes room by itself, without a goroutine that sweeps.
func TestMemoryShrinks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMemory(100_000)
		for i := range 20_000 {
			memoryPut(t, m, time.Minute, fmt.Sprint("early", i))
		}
		time.Sleep(time.Minute)
		for i := range 20_000 {
			memoryPut(t, m, time.Minute, fmt.Sprint("late", i))
		}
		if n := m.len(); n > 21_000 {
			t.Errorf("%d entries, 20000 of them alive", n)
		}
	})
}

// A million values go through a store of 10,000 entries: neither the count nor
// the memory grows.
func TestMemoryIsFlat(t *testing.T) {
	const bound = 10_000
	m := NewMemory(bound)
	heap := func() uint64 {
		runtime.GC()
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		return s.HeapAlloc
	}
	put := func(from, to int) {
		for i := from; i < to; i++ {
			memoryPut(t, m, time.Hour, fmt.Sprint("key", i))
		}
	}
	put(0, 50_000)
	begin := heap()
	put(50_000, 1_050_000)
	end := heap()
	if n := m.len(); n > bound || n < bound*9/10 {
		t.Errorf("%d entries", n)
	}
	if grown := int64(end) - int64(begin); grown > 2<<20 {
		t.Errorf("the heap grew by %d bytes over a million puts", grown)
	}
	if !memoryHas(t, m, "key1049999") || memoryHas(t, m, "key60000") {
		t.Error("the newest must be there, and not what came long before")
	}
	runtime.KeepAlive(m)
}

// What a vault believes stored is asked for again after KnownFor, which also
// renews it: an entry in use never ends, and a store that lost all is healed.
func TestKnownEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v, s := newCounted(t)
		v.ttl = time.Hour
		tenant := v.Tenant("acme")
		item := Item{"EMAIL2BCDFGHJ", "ada@example.com", ""}
		for range 180 {
			mustKeep(t, tenant, "c", item)
			time.Sleep(KnownFor)
		}
		if s.puts != 180 {
			t.Errorf("%d round trips in 180 minutes", s.puts)
		}
		got, err := tenant.Lookup(t.Context(), "c", []string{item.Token})
		wantValues(t, "lookup after three times the TTL in use", got, err, item.Value)

		mustKeep(t, tenant, "c", item)
		s.Store = NewMemory(1000) // The store loses all, unseen.
		time.Sleep(KnownFor)
		mustKeep(t, tenant, "c", item)
		got, err = tenant.Lookup(t.Context(), "c", []string{item.Token})
		wantValues(t, "lookup after the store lost all", got, err, item.Value)

		time.Sleep(time.Hour)
		got, err = tenant.Lookup(t.Context(), "c", []string{item.Token})
		wantValues(t, "lookup after the TTL", got, err, "")
	})
}

// A short TTL shortens what is believed: nothing ends while it is known.
func TestKnownEndsBeforeTheTTL(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := DefaultConfig()
		cfg.TTL = 2 * time.Second
		v := New(NewMemory(1000), newRing(t), cfg)
		item := Item{"EMAIL2BCDFGHJ", "ada@example.com", ""}
		for range 100 {
			mustKeep(t, v.Tenant("acme"), "c", item)
			got, err := v.Tenant("acme").Lookup(t.Context(), "c", []string{item.Token})
			wantValues(t, "lookup", got, err, item.Value)
			time.Sleep(cfg.TTL / 10)
		}
	})
}

// What is known is bounded, and nearly all of the latest stays.
func TestKnownIsBounded(t *testing.T) {
	cfg := DefaultConfig()
	cfg.MaxEntries = 4000
	s := &countingStore{Store: NewMemory(cfg.MaxEntries)}
	v := New(s, newRing(t), cfg)
	item := func(i int) []Item { return []Item{{fmt.Sprint("T", i), fmt.Sprint("value ", i), ""}} }
	const n = 10_000
	for i := range n {
		mustKeep(t, v.Tenant("acme"), "c", item(i)...)
	}
	knows := func(from, to int) (count int) {
		for i := from; i < to; i++ {
			if asks, _ := v.known.recall(nil, "acme", "c", item(i)); asks[0].known {
				count++
			}
		}
		return count
	}
	latest := cfg.MaxEntries / 8
	if got := knows(n-latest, n); got < latest*8/10 {
		t.Errorf("%d of the latest %d items are known", got, latest)
	}
	if got := knows(0, n-cfg.MaxEntries/4); got != 0 {
		t.Errorf("%d items are known that may have had to make room", got)
	}
}
