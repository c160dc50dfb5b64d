package vault

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// swapContract is what every Swapper must do.
func swapContract(t *testing.T, store Store) {
	ctx := t.Context()
	s := store.(Swapper)
	swap := func(t *testing.T, key, old, value string, ttl time.Duration, want bool) {
		t.Helper()
		bytesOf := func(s string) []byte {
			if s == "" {
				return nil
			}
			return []byte(s)
		}
		got, err := s.Swap(ctx, key, bytesOf(old), bytesOf(value), ttl)
		if err != nil || got != want {
			t.Errorf("swap %q for %q: %t, %v; want %t", value, old, got, err, want)
		}
	}
	holds := func(t *testing.T, key, want string) {
		t.Helper()
		got, err := store.Get(ctx, []string{key})
		if err != nil || string(got[0]) != want {
			t.Errorf("%s holds %q, %v; want %q", key, got, err, want)
		}
	}
	for name, ttl := range map[string]time.Duration{"for ever": 0, "with an end": time.Hour} {
		t.Run(name, func(t *testing.T) {
			key := "swap:" + strings.ReplaceAll(name, " ", "-")
			swap(t, key, "old", "1", ttl, false)
			holds(t, key, "")
			swap(t, key, "", "1", ttl, true)
			swap(t, key, "", "2", ttl, false)
			swap(t, key, "other", "2", ttl, false)
			holds(t, key, "1")
			swap(t, key, "1", "\x00\r\n\xff", ttl, true)
			holds(t, key, "\x00\r\n\xff")
			swap(t, key, "1", "", ttl, false)
			swap(t, key, "\x00\r\n\xff", "", ttl, true)
			holds(t, key, "")
			swap(t, key, "", "3", ttl, true)
			if err := store.Delete(ctx, []string{key}); err != nil {
				t.Fatal(err)
			}
			holds(t, key, "")
		})
	}
	t.Run("an entry that was put", func(t *testing.T) {
		if _, err := store.Put(ctx, []Entry{{"swap:put", []byte("1")}}, time.Hour); err != nil {
			t.Fatal(err)
		}
		swap(t, "swap:put", "1", "2", time.Hour, true)
		prior, err := store.Put(ctx, []Entry{{"swap:put", []byte("3")}}, time.Hour)
		if err != nil || string(prior[0]) != "2" {
			t.Errorf("put after a swap: %q, %v", prior, err)
		}
	})
	t.Run("an entry ends", func(t *testing.T) {
		swap(t, "swap:short", "", "1", 100*time.Millisecond, true)
		waitFor(t, "an entry to end", func() bool {
			got, err := store.Get(ctx, []string{"swap:short"})
			return err == nil && got[0] == nil
		})
		swap(t, "swap:short", "1", "2", time.Hour, false)
		swap(t, "swap:short", "", "2", time.Hour, true)
	})
	t.Run("one of many wins", func(t *testing.T) {
		for round := range 20 {
			key := fmt.Sprint("swap:race:", round)
			var won sync.Map
			var group sync.WaitGroup
			for w := range 8 {
				group.Go(func() {
					ok, err := s.Swap(ctx, key, nil, fmt.Append(nil, w), 0)
					if err != nil {
						t.Error(err)
					}
					if ok {
						won.Store(w, true)
					}
				})
			}
			group.Wait()
			n := 0
			won.Range(func(w, _ any) bool { n++; holds(t, key, fmt.Sprint(w)); return true })
			if n != 1 {
				t.Errorf("%d won", n)
			}
		}
	})
	t.Run("a context that has ended", func(t *testing.T) {
		ended, cancel := context.WithCancel(ctx)
		cancel()
		if ok, err := s.Swap(ended, "swap:ended", nil, []byte("1"), 0); err == nil || ok {
			t.Errorf("swapped %t, %v", ok, err)
		}
	})
}

// listContract is what every Lister must do.
func listContract(t *testing.T, store Store) {
	ctx := t.Context()
	var entries []Entry
	var want []string
	for i := range 5000 {
		entries = append(entries, Entry{fmt.Sprint("list:a:", i), []byte("1")}, Entry{fmt.Sprint("list:b:", i), []byte("1")})
		want = append(want, entries[2*i].Key)
	}
	entries = append(entries, Entry{"list:[a]*?\\:1", []byte("1")})
	if _, err := store.Put(ctx, entries, time.Hour); err != nil {
		t.Fatal(err)
	}
	if ok, err := store.(Swapper).Swap(ctx, "list:a:for ever", nil, []byte("1"), 0); err != nil || !ok {
		t.Fatal(ok, err)
	}
	want = append(want, "list:a:for ever")
	list := func(prefix string) (keys []string) {
		t.Helper()
		err := store.(Lister).List(ctx, prefix, func(some []string) error {
			keys = append(keys, some...)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(keys)
		return slices.Compact(keys)
	}
	slices.Sort(want)
	if got := list("list:a:"); !slices.Equal(got, want) {
		t.Errorf("%d keys, want %d", len(got), len(want))
	}
	if got := list("list:[a]*?\\"); !slices.Equal(got, []string{"list:[a]*?\\:1"}) {
		t.Errorf("a prefix that looks like a pattern: %q", got)
	}
	if got := list("list:none"); len(got) != 0 {
		t.Errorf("nothing has the prefix, got %d keys", len(got))
	}
	stop := errors.New("stop")
	if err := store.(Lister).List(ctx, "list:", func([]string) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("an error of the caller's: %v", err)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if err := store.(Lister).List(ended, "list:", func([]string) error { return nil }); err == nil {
		t.Error("a context that has ended: no error")
	}
}
