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
		store := &emptiedStore{Memory: NewMemory(1000)}
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
		store.Memory = NewMemory(1000)
		look()
		mustKeep(t, v.Tenant("acme"), "c", item)
		got, err := v.Tenant("acme").Lookup(ctx, "c", []string{item.Token})
		wantValues(t, "lookup", got, err, item.Value)
		end()
		synctest.Wait()
	})
}

// emptiedStore is exchanged by the test, while nobody uses it.
type emptiedStore struct{ *Memory }
