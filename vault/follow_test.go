package vault

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// What is believed to be stored is unlearned when the store has lost it, also
// when it was lost and is there again between two looks.
func TestFollowNoticesAnEmptiedStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := NewMemory(1000)
		v := New(store, newRing(t), DefaultConfig())
		ctx, end := context.WithCancel(t.Context())
		defer end()
		go v.follow(ctx)
		look := func() {
			time.Sleep(followEvery)
			synctest.Wait()
		}
		look()
		look() // The mark that the first look made is seen by the second.
		item := Item{"CARD2BCDFGHJ", "4111", ""}
		mustKeep(t, v.Tenant("acme"), "c", item)
		empty(store)
		look()
		mustKeep(t, v.Tenant("acme"), "c", item)
		got, err := v.Tenant("acme").Lookup(ctx, "c", []string{item.Token})
		wantValues(t, "lookup", got, err, item.Value)
		end()
		synctest.Wait()
	})
}

// A store that takes no mark is believed all the same: what is stored there is not
// stored again after each look.
func TestFollowWithoutAMark(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &unswappable{Memory: NewMemory(1000)}
		v := New(store, newRing(t), DefaultConfig())
		ctx, end := context.WithCancel(t.Context())
		defer end()
		go v.follow(ctx)
		synctest.Wait()
		item := Item{"CARD2BCDFGHJ", "4111", ""}
		mustKeep(t, v.Tenant("acme"), "c", item)
		puts := store.puts
		for range 3 {
			time.Sleep(followEvery)
			synctest.Wait()
			mustKeep(t, v.Tenant("acme"), "c", item)
		}
		if store.puts != puts {
			t.Errorf("%d round trips more", store.puts-puts)
		}
		end()
		synctest.Wait()
	})
}

// unswappable refuses to mark, as Redis does for a user without +eval.
type unswappable struct {
	*Memory
	puts int
}

func (s *unswappable) Put(ctx context.Context, entries []Entry, ttl time.Duration) ([][]byte, error) {
	s.puts++
	return s.Memory.Put(ctx, entries, ttl)
}

func (s *unswappable) Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) (bool, error) {
	if key == epochKey {
		return false, errors.New("NOPERM")
	}
	return s.Memory.Swap(ctx, key, old, value, ttl)
}

// empty drops all entries while others use the store.
func empty(m *Memory) {
	for i := range m.shards {
		m.shards[i].clear()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.pinned)
}
