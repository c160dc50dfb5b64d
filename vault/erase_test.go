package vault

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

var (
	ada = Item{"EMAIL2BCDFGHJ", "ada@example.com", ""}
	bob = Item{"EMAIL3BCDFGHJ", "bob@example.com", ""}
	cyn = Item{"EMAIL4BCDFGHJ", "Cyn@example.com", "cyn@example.com"}
)

// wantKept checks what a replica finds of ada, bob and cyn in a conversation.
func wantKept(t *testing.T, what string, tenant *Tenant, conversation string, want ...string) {
	t.Helper()
	got, err := tenant.Lookup(t.Context(), conversation, []string{ada.Token, bob.Token, cyn.Token})
	wantValues(t, what+": conversation "+conversation, got, err, want...)
}

func wantErased(t *testing.T, what string, n int, err error, want int) {
	t.Helper()
	if err != nil || n != want {
		t.Errorf("%s: %d values were erased, %v; want %d", what, n, err, want)
	}
}

// keysOf lists the keys of a tenant, after its prefix, but for that of its state.
func keysOf(t *testing.T, tenant *Tenant) (keys []string) {
	t.Helper()
	err := tenant.inBatches(t.Context(), tenant.prefix, func(rest []string) error {
		for _, key := range rest {
			if key != "k" {
				keys = append(keys, key)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// eraseContract is what erasing does over every store, as two replicas see it.
func eraseContract(t *testing.T, v *Vault) {
	ctx := t.Context()
	a, b := twins(v)

	t.Run("tokens", func(t *testing.T) {
		tenant, other := a.Tenant("erase-tokens"), b.Tenant("erase-tokens")
		mustKeep(t, tenant, "one", ada, bob)
		mustKeep(t, other, "two", ada, cyn)
		n, err := tenant.EraseTokens(ctx, []string{ada.Token, "EMAIL9BCDFGHJ"})
		wantErased(t, "a token", n, err, 1)
		wantKept(t, "the other replica", other, "one", "", bob.Value, "")
		wantKept(t, "this replica", tenant, "two", "", "", cyn.Value)
		for _, key := range keysOf(t, tenant) {
			if strings.HasSuffix(key, ada.Token) {
				t.Errorf("left in the store: %s", key)
			}
		}
		n, err = tenant.EraseTokens(ctx, nil)
		wantErased(t, "no token", n, err, 0)
	})

	t.Run("a conversation", func(t *testing.T) {
		tenant, other := a.Tenant("erase-conversation"), b.Tenant("erase-conversation")
		mustKeep(t, tenant, "one", ada, bob, cyn)
		mustKeep(t, other, "two", ada)
		mustKeep(t, b.Tenant("erase-conversation2"), "one", bob)
		n, err := tenant.EraseConversation(ctx, "one")
		wantErased(t, "a conversation", n, err, 2)
		for _, replica := range []*Tenant{tenant, other} {
			wantKept(t, "erased", replica, "one", "", "", "")
			wantKept(t, "the value of another", replica, "two", ada.Value, "", "")
			got, err := replica.Reveal(ctx, []string{ada.Token, bob.Token})
			wantValues(t, "reveal", got, err, ada.Value, "")
		}
		wantKept(t, "another tenant", b.Tenant("erase-conversation2"), "one", "", bob.Value, "")
		if keys := keysOf(t, tenant); len(keys) != 2 {
			t.Errorf("left in the store: %q", keys)
		}
		n, err = tenant.EraseConversation(ctx, "one")
		wantErased(t, "again", n, err, 0)
		if _, err := tenant.EraseConversation(ctx, ""); err == nil {
			t.Error("a conversation without a name was erased")
		}
	})

	t.Run("a tenant", func(t *testing.T) {
		tenant, other := a.Tenant("erase-tenant"), b.Tenant("erase-tenant")
		mustKeep(t, tenant, "one", ada, bob)
		mustKeep(t, other, "two", ada)
		mustKeep(t, other, "", cyn)
		mustKeep(t, b.Tenant("erase-tenant2"), "one", ada)
		if err := tenant.KeepTurn(ctx, "r1", nil, []Item{ada}); err != nil {
			t.Fatal(err)
		}
		members := mustTurns(t, other, "r1")
		n, err := tenant.Erase(ctx)
		wantErased(t, "a tenant", n, err, 3)
		for _, replica := range []*Tenant{tenant, other} {
			wantKept(t, "erased", replica, "one", "", "", "")
			got, err := replica.Reveal(ctx, []string{ada.Token, bob.Token, cyn.Token})
			wantValues(t, "reveal", got, err, "", "", "")
			got, err = replica.LookupMembers(ctx, members)
			wantValues(t, "a turn", got, err, "")
		}
		if keys := keysOf(t, tenant); len(keys) != 0 {
			t.Errorf("left in the store: %q", keys)
		}
		wantKept(t, "another tenant", b.Tenant("erase-tenant2"), "one", ada.Value, "", "")
		// The tenant goes on, on all replicas.
		mustKeep(t, tenant, "three", ada)
		wantKept(t, "after", other, "three", ada.Value, "", "")
		n, err = a.Tenant("erase-nobody").Erase(ctx)
		wantErased(t, "a tenant that kept nothing", n, err, 0)
	})

	// What somebody put aside before the erasure, or a sweep did not reach, does
	// not open by the vault's key any more, and is in nobody's way.
	t.Run("what is left of a tenant", func(t *testing.T) {
		tenant, other := a.Tenant("left"), b.Tenant("left")
		mustKeep(t, tenant, "one", ada)
		key := (&keyWriter{t: tenant}).value("t:", ada.Token)
		aside, err := v.store.Get(ctx, []string{key})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tenant.Erase(ctx); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			mustKeep(t, other, "one", bob) // There is a state again.
			if _, err := v.store.Put(ctx, []Entry{{key, aside[0]}}, time.Hour); err != nil {
				t.Fatal(err)
			}
			wantKept(t, "put back", other, "one", "", bob.Value, "")
			mustKeep(t, tenant, "two", ada)
			wantKept(t, "met again", other, "two", ada.Value, "", "")
			if _, err := tenant.EraseTokens(ctx, []string{ada.Token}); err != nil {
				t.Fatal(err)
			}
		}
	})

	// A replica that still works under the old data key is told so by the batch
	// that it stores, and does it again.
	t.Run("a replica that has not heard of it", func(t *testing.T) {
		tenant, other := a.Tenant("unheard"), b.Tenant("unheard")
		mustKeep(t, other, "one", ada)
		if _, err := tenant.Erase(ctx); err != nil {
			t.Fatal(err)
		}
		mustKeep(t, other, "one", bob)
		wantKept(t, "the one that erased", tenant, "one", "", bob.Value, "")
	})
}

// Erased on one replica, gone on both, and within a second neither believes it
// stored: what is met again is stored again.
func TestErasureReachesReplicas(t *testing.T) {
	t.Parallel()
	cfg := configFor(patient(startRedis(t).url()))
	a, b := openVault(t, cfg), openVault(t, cfg)
	for name, erase := range map[string]func(*Tenant) (int, error){
		"token":        func(tenant *Tenant) (int, error) { return tenant.EraseTokens(t.Context(), []string{ada.Token}) },
		"conversation": func(tenant *Tenant) (int, error) { return tenant.EraseConversation(t.Context(), "c") },
		"tenant":       func(tenant *Tenant) (int, error) { return tenant.Erase(t.Context()) },
	} {
		tenant, other := a.Tenant(name), b.Tenant(name)
		mustKeep(t, tenant, "c", ada)
		mustKeep(t, other, "c", ada)
		wantKept(t, name, other, "c", ada.Value, "", "")
		n, err := erase(tenant)
		wantErased(t, name, n, err, 1)
		began := time.Now()
		wantKept(t, name+" at once", other, "c", "", "", "")
		waitFor(t, "the other replica to store it again", func() bool {
			mustKeep(t, other, "c", ada)
			got, err := tenant.Lookup(t.Context(), "c", []string{ada.Token})
			return err == nil && got[0] == ada.Value
		})
		if took := time.Since(began); took > 5*followEvery { // A busy machine's share is in it.
			t.Errorf("%s: after %v", name, took)
		}
	}
}

// What was being stored while everything was forgotten is not believed stored.
func TestNothingIsLearnedAcrossAnErasure(t *testing.T) {
	v, s := newCounted(t)
	tenant := v.Tenant("acme")
	mustKeep(t, tenant, "c", bob)
	asks, era := v.known.recall(nil, "acme", "c", []Item{ada})
	v.known.clear()
	v.known.learn(asks, era)
	puts := s.puts
	mustKeep(t, tenant, "c", ada)
	if s.puts != puts+1 {
		t.Error("an answer from before is believed")
	}
}

// Over a store that is neither Swapper nor Lister values are erased all the same.
func TestErasureInAPlainStore(t *testing.T) {
	v, _ := newCounted(t)
	tenant := v.Tenant("acme")
	mustKeep(t, tenant, "c", ada, bob)
	n, err := tenant.EraseTokens(t.Context(), []string{ada.Token})
	wantErased(t, "a token", n, err, 1)
	wantKept(t, "after", tenant, "c", "", bob.Value, "")
	if _, err := tenant.EraseConversation(t.Context(), "c"); !errors.Is(err, ErrUnsupported) {
		t.Errorf("a conversation: %v", err)
	}
	// The key is gone before it is said that the rest could not be listed.
	if _, err := tenant.Erase(t.Context()); !errors.Is(err, ErrUnsupported) {
		t.Errorf("a tenant: %v", err)
	}
	wantKept(t, "after all", tenant, "c", "", "", "")
}

// After a rotation what leads to the values is sealed under the new key: the old
// one can go as soon as no value needs it.
func TestRotationRenewsTheState(t *testing.T) {
	old, fresh, tokens := NewKey(), NewKey(), NewKey()
	store := NewMemory(1000)
	vaultOf := func(keys ...Secret) *Vault { return New(store, newRing(t, keys...), DefaultConfig()) }
	ctx := t.Context()
	before := vaultOf(old, tokens).Tenant("acme")
	mustKeep(t, before, "c", ada)
	if err := before.SetPasscode(ctx, "private", "correct horse"); err != nil {
		t.Fatal(err)
	}
	mustKeep(t, before, "private", bob)

	during := vaultOf(fresh, old, tokens).Tenant("acme")
	wantKept(t, "while both keys are there", during, "c", ada.Value, "", "")
	wantKept(t, "under the passcode", during, "private", "", "", "")
	mustKeep(t, during, "d", cyn)

	after := vaultOf(fresh, tokens).Tenant("acme")
	wantKept(t, "what the new key has sealed", after, "d", "", "", cyn.Value)
	if _, err := after.Unlock(ctx, "private", "correct horse"); err != nil {
		t.Errorf("the lock: %v", err)
	}
	if err := after.SetPasscode(ctx, "", "correct horse"); !errors.Is(err, ErrKey) {
		t.Errorf("values of the old key are put under a passcode: %v", err)
	}
}

func TestManyAreErased(t *testing.T) {
	v := newMemoryVault(t)
	tenant := v.Tenant("acme")
	var items []Item
	for i := range 3*relockBatch + 1 {
		items = append(items, Item{Token: fmt.Sprint("T", i), Value: fmt.Sprint("value ", i)})
	}
	mustKeep(t, tenant, "one", items...)
	mustKeep(t, tenant, "two", items[:10]...)
	n, err := tenant.EraseConversation(t.Context(), "one")
	wantErased(t, "a large conversation", n, err, len(items)-10)
	if keys := keysOf(t, tenant); len(keys) != 20 || bytes.Contains([]byte(strings.Join(keys, " ")), []byte("T11")) {
		t.Errorf("%d entries are left", len(keys))
	}
}

// The data key outlives the values that need it in a store that makes room.
func TestDataKeyOutlivesValues(t *testing.T) {
	cfg := configFor("memory:")
	cfg.MaxEntries = minEntries
	v := openVault(t, cfg)
	tenant := v.Tenant("acme")
	for i := range 20 * cfg.MaxEntries {
		item := Item{Token: fmt.Sprint("T", i), Value: fmt.Sprint("value ", i)}
		mustKeep(t, tenant, "c", item)
		got, err := tenant.Lookup(t.Context(), "c", []string{item.Token})
		wantValues(t, "what was kept last", got, err, item.Value)
	}
	kept := 0
	for i := range 20 * cfg.MaxEntries {
		got, err := tenant.Lookup(t.Context(), "c", []string{fmt.Sprint("T", i)})
		if err != nil {
			t.Fatal(err)
		}
		if got[0] != "" {
			kept++
		}
	}
	if kept < cfg.MaxEntries/2-2 {
		t.Errorf("%d values are kept in %d entries", kept, cfg.MaxEntries)
	}
}
