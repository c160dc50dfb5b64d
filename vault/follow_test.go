package vault

import (
	"context"
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

// empty drops all entries while others use the store.
func empty(m *Memory) {
	for i := range m.shards {
		m.shards[i].clear()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.pinned)
}
