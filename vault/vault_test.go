package vault

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// twins returns two vaults with the same key over the store of v: two processes
// as far as they know, each with a memory of its own of what is stored.
func twins(v *Vault) (a, b *Vault) {
	cfg := DefaultConfig()
	return New(v.store, v.ring, cfg), New(v.store, v.ring, cfg)
}

func mustKeep(t *testing.T, tenant *Tenant, conversation string, items ...Item) []bool {
	t.Helper()
	taken, err := tenant.Keep(t.Context(), conversation, items)
	if err != nil {
		t.Fatal(err)
	}
	return taken
}

// wantValues checks what tokens are turned back to; what says by whom.
func wantValues(t *testing.T, what string, got []string, err error, want ...string) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

// vaultContract is what a vault must do over every store. Each test has a
// tenant of its own.
func vaultContract(t *testing.T, v *Vault) {
	ctx := t.Context()

	t.Run("turns back in the conversation only", func(t *testing.T) {
		a, b := twins(v)
		if taken := mustKeep(t, a.Tenant("lookup"), "one", Item{"EMAIL2BCDFGHJ", "ada@example.com", ""}, Item{"CARD3BCDFGHJ", "4111 1111", "41111111"}); taken != nil {
			t.Fatalf("taken: %v", taken)
		}
		mustKeep(t, a.Tenant("lookup"), "", Item{"PERSON4BCDFGHJ", "Ada", ""})
		tokens := []string{"CARD3BCDFGHJ", "PERSON4BCDFGHJ", "EMAIL2BCDFGHJ", "EMAIL9BCDFGHJ"}
		for _, c := range []struct {
			tenant, conversation string
			want                 []string
		}{
			{"lookup", "one", []string{"4111 1111", "", "ada@example.com", ""}},
			{"lookup", "two", []string{"", "", "", ""}},
			{"lookup", "", []string{"", "", "", ""}},
			{"lookup2", "one", []string{"", "", "", ""}},
			{"", "one", []string{"", "", "", ""}},
		} {
			got, err := b.Tenant(c.tenant).Lookup(ctx, c.conversation, tokens)
			wantValues(t, fmt.Sprintf("tenant %q, conversation %q", c.tenant, c.conversation), got, err, c.want...)
		}
		got, err := b.Tenant("lookup").Reveal(ctx, tokens)
		wantValues(t, "reveal", got, err, "4111 1111", "Ada", "ada@example.com", "")
		got, err = b.Tenant("lookup2").Reveal(ctx, tokens)
		wantValues(t, "reveal by another tenant", got, err, "", "", "", "")
	})

	t.Run("a second conversation gets its own membership", func(t *testing.T) {
		tenant := v.Tenant("second")
		item := Item{"EMAIL2BCDFGHJ", "ada@example.com", ""}
		mustKeep(t, tenant, "one", item)
		mustKeep(t, tenant, "two", item)
		got, err := tenant.Lookup(ctx, "two", []string{item.Token})
		wantValues(t, "lookup", got, err, item.Value)
	})

	t.Run("the first spelling stays", func(t *testing.T) {
		a, b := twins(v)
		mustKeep(t, a.Tenant("spelling"), "c", Item{"EMAIL2BCDFGHJ", "Ada@Example.com", "ada@example.com"})
		if taken := mustKeep(t, b.Tenant("spelling"), "c", Item{"EMAIL2BCDFGHJ", "ADA@EXAMPLE.COM", "ada@example.com"}); taken != nil {
			t.Errorf("taken: %v", taken)
		}
		got, err := b.Tenant("spelling").Lookup(ctx, "c", []string{"EMAIL2BCDFGHJ"})
		wantValues(t, "lookup", got, err, "Ada@Example.com")
	})

	t.Run("a token never means two values", func(t *testing.T) {
		a, b := twins(v)
		mustKeep(t, a.Tenant("taken"), "his", Item{"EMAIL2BCDFGHJ", "ada@example.com", ""})
		other := []Item{{"EMAIL3BCDFGHJ", "cy@example.com", ""}, {"EMAIL2BCDFGHJ", "bob@example.com", ""}}
		for range 2 { // The second time from what b remembers.
			if taken := mustKeep(t, b.Tenant("taken"), "mine", other...); !slices.Equal(taken, []bool{false, true}) {
				t.Errorf("taken: %v", taken)
			}
		}
		got, err := b.Tenant("taken").Lookup(ctx, "mine", []string{"EMAIL2BCDFGHJ", "EMAIL3BCDFGHJ"})
		wantValues(t, "conversation of the loser", got, err, "", "cy@example.com")
		got, err = b.Tenant("taken").Lookup(ctx, "his", []string{"EMAIL2BCDFGHJ"})
		wantValues(t, "conversation of the first", got, err, "ada@example.com")
		// In the loser's conversation the token stays unused, also for its value.
		if taken := mustKeep(t, a.Tenant("taken"), "mine", Item{"EMAIL2BCDFGHJ", "ada@example.com", ""}); !slices.Equal(taken, []bool{true}) {
			t.Errorf("the first value in the loser's conversation: taken %v", taken)
		}
	})

	t.Run("two processes race for tokens", func(t *testing.T) {
		a, b := twins(v)
		const n = 100
		items := func(who string) (items []Item) {
			for i := range n {
				items = append(items, Item{fmt.Sprintf("EMAIL2%07d", i), fmt.Sprint(who, i, "@example.com"), ""})
			}
			return items
		}
		taken := make(map[*Vault][]bool)
		var mu sync.Mutex
		var group sync.WaitGroup
		for vault, who := range map[*Vault]string{a: "ada", b: "bob"} {
			group.Go(func() {
				for _, item := range items(who) { // One by one: more interleavings.
					answer, err := vault.Tenant("race").Keep(ctx, who, []Item{item})
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					taken[vault] = append(taken[vault], answer != nil)
					mu.Unlock()
				}
			})
		}
		group.Wait()
		if len(taken[a]) != n || len(taken[b]) != n {
			t.FailNow() // Somebody has reported why.
		}
		for i := range n {
			if taken[a][i] == taken[b][i] {
				t.Fatalf("token %d: both were told taken=%v", i, taken[a][i])
			}
			winner, loser := "ada", "bob"
			if taken[a][i] {
				winner, loser = loser, winner
			}
			token := []string{items("")[i].Token}
			got, err := a.Tenant("race").Lookup(ctx, winner, token)
			wantValues(t, "the winner's conversation", got, err, items(winner)[i].Value)
			got, err = a.Tenant("race").Lookup(ctx, loser, token)
			wantValues(t, "the loser's conversation", got, err, "")
		}
	})

	t.Run("forgets for all conversations", func(t *testing.T) {
		tenant := v.Tenant("forget")
		item := Item{"EMAIL2BCDFGHJ", "ada@example.com", ""}
		mustKeep(t, tenant, "one", item)
		if _, err := tenant.EraseTokens(ctx, []string{item.Token, "EMAIL9BCDFGHJ"}); err != nil {
			t.Fatal(err)
		}
		got, err := tenant.Lookup(ctx, "one", []string{item.Token})
		wantValues(t, "lookup", got, err, "")
		got, err = tenant.Reveal(ctx, []string{item.Token})
		wantValues(t, "reveal", got, err, "")
		// Nothing remembers it as stored: it can be kept anew.
		mustKeep(t, tenant, "one", item)
		got, err = tenant.Lookup(ctx, "one", []string{item.Token})
		wantValues(t, "lookup after keeping it again", got, err, item.Value)
	})

	t.Run("nothing", func(t *testing.T) {
		if taken := mustKeep(t, v.Tenant("nothing"), "c"); taken != nil {
			t.Errorf("taken: %v", taken)
		}
		got, err := v.Tenant("nothing").Lookup(ctx, "c", nil)
		wantValues(t, "lookup", got, err)
		got, err = v.Tenant("nothing").Reveal(ctx, nil)
		wantValues(t, "reveal", got, err)
	})

	t.Run("another key", func(t *testing.T) {
		mustKeep(t, v.Tenant("key"), "c", Item{"EMAIL2BCDFGHJ", "ada@example.com", ""})
		stranger := New(v.store, newRing(t), DefaultConfig())
		_, err := stranger.Tenant("key").Keep(ctx, "c", []Item{{"EMAIL2BCDFGHJ", "ada@example.com", ""}})
		if !errors.Is(err, ErrKey) || errors.Is(err, ErrUnavailable) {
			t.Errorf("keep: %v", err)
		}
		if _, err := stranger.Tenant("key").Reveal(ctx, []string{"EMAIL2BCDFGHJ"}); !errors.Is(err, ErrKey) {
			t.Errorf("reveal: %v", err)
		}
		if err := stranger.Ping(ctx); !errors.Is(err, ErrKey) {
			t.Errorf("ping: %v", err)
		}
	})
}

// countingStore counts batches and fails when told to.
type countingStore struct {
	Store
	puts, gets int
	fail       error
}

func (s *countingStore) Put(ctx context.Context, entries []Entry, ttl time.Duration) ([][]byte, error) {
	s.puts++
	if s.fail != nil {
		return nil, s.fail
	}
	return s.Store.Put(ctx, entries, ttl)
}

func (s *countingStore) Get(ctx context.Context, keys []string) ([][]byte, error) {
	s.gets++
	return s.Store.Get(ctx, keys)
}

func newCounted(t *testing.T) (*Vault, *countingStore) {
	cfg := DefaultConfig()
	s := &countingStore{Store: NewMemory(cfg.MaxEntries)}
	return New(s, newRing(t), cfg), s
}

func TestKeepAsksOnce(t *testing.T) {
	v, s := newCounted(t)
	tenant := v.Tenant("acme")
	first := []Item{{"EMAIL2BCDFGHJ", "ada@example.com", ""}, {"EMAIL3BCDFGHJ", "bob@example.com", ""}}
	more := append(slices.Clone(first), Item{"EMAIL4BCDFGHJ", "cy@example.com", ""})
	for i, c := range []struct {
		conversation string
		items        []Item
		puts         int
	}{
		{"one", nil, 0},
		{"one", first, 1},
		{"one", first, 1},
		{"one", more, 2},
		{"one", more, 2},
		{"two", first, 3},
		{"", first, 4},
		{"", first, 4},
	} {
		mustKeep(t, tenant, c.conversation, c.items...)
		if s.puts != c.puts {
			t.Errorf("step %d: %d round trips, want %d", i, s.puts, c.puts)
		}
	}
	// One for the keys of the tenant, at first, and one for the look-up.
	if _, err := tenant.Lookup(t.Context(), "one", []string{"EMAIL2BCDFGHJ", "EMAIL3BCDFGHJ"}); err != nil || s.gets != 2 {
		t.Errorf("lookup: %d round trips, %v", s.gets, err)
	}
}

func TestFailureIsNotRemembered(t *testing.T) {
	v, s := newCounted(t)
	tenant := v.Tenant("acme")
	stored := Item{"EMAIL2BCDFGHJ", "ada@example.com", ""}
	refused := Item{"EMAIL3BCDFGHJ", "bob@example.com", ""}
	mustKeep(t, tenant, "one", stored)

	s.fail = errors.New("out of order")
	for range 2 {
		if _, err := tenant.Keep(t.Context(), "one", []Item{refused}); !errors.Is(err, ErrUnavailable) || !errors.Is(err, s.fail) {
			t.Errorf("keep: %v", err)
		}
	}
	// What was stored before may be lost as well, and is asked for again.
	if _, err := tenant.Keep(t.Context(), "one", []Item{stored}); !errors.Is(err, ErrUnavailable) {
		t.Errorf("keep of what was stored before: %v", err)
	}
	s.fail = nil
	mustKeep(t, tenant, "one", stored, refused)
	if s.puts != 5 {
		t.Errorf("%d round trips, want 5", s.puts)
	}
}

// A caller that gives up is no reason to store everything again.
func TestGivingUpForgetsNothing(t *testing.T) {
	v, s := newCounted(t)
	tenant := v.Tenant("acme")
	stored := Item{"EMAIL2BCDFGHJ", "ada@example.com", ""}
	mustKeep(t, tenant, "one", stored)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := tenant.Keep(gone, "one", []Item{{"EMAIL3BCDFGHJ", "bob@example.com", ""}}); !errors.Is(err, context.Canceled) {
		t.Errorf("keep: %v", err)
	}
	mustKeep(t, tenant, "one", stored)
	if s.puts != 2 {
		t.Errorf("%d round trips, want 2", s.puts)
	}
}

func TestTenants(t *testing.T) {
	v := newMemoryVault(t)
	if first, again := v.Tenant("acme"), v.Tenant("acme"); first != again {
		t.Error("a tenant is made twice")
	}
	prefixes := make(map[string]string)
	for _, name := range []string{"acme", "a_b-c9", "", "Acme", "a:b", "a b", "émile", "~", "acme\x00", string(make([]byte, 65))} {
		prefix := v.Tenant(name).prefix
		if other, ok := prefixes[prefix]; ok {
			t.Errorf("tenants %q and %q share %s", name, other, prefix)
		}
		prefixes[prefix] = name
		for _, c := range prefix[:len(prefix)-1] {
			if c > '~' || c < '-' {
				t.Errorf("tenant %q: %q in its prefix", name, c)
			}
		}
	}
	if got := v.Tenant("acme").prefix; got != "maskit:acme:" {
		t.Errorf("prefix of acme: %s", got)
	}
	for i := range maxTenants + 10 {
		v.Tenant(fmt.Sprint(i))
	}
	if n := len(v.tenants); n > maxTenants {
		t.Errorf("%d tenants are held", n)
	}
}

func TestConcurrentUse(t *testing.T) {
	v := newMemoryVault(t)
	var group sync.WaitGroup
	for w := range 8 {
		group.Go(func() {
			for i := range 200 {
				tenant := v.Tenant(fmt.Sprint("tenant", i%3))
				value := fmt.Sprint(w%2, "-", i)
				token := string(tenant.AppendToken(nil, "T", "T", []byte(value), 0))
				if _, err := tenant.Keep(t.Context(), "c", []Item{{token, value, ""}}); err != nil {
					t.Error(err)
				}
				if got, err := tenant.Lookup(t.Context(), "c", []string{token}); err != nil || got[0] != value {
					t.Errorf("lookup: got %q, %v", got, err)
				}
				if i%50 == 0 {
					if err := v.Ping(t.Context()); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	group.Wait()
}

func TestServesOnFailure(t *testing.T) {
	cfg := configFor("memory:")
	for onFailure, want := range map[string]bool{OnFailureRefuse: false, OnFailureServe: true} {
		cfg.OnFailure = onFailure
		if got := openVault(t, cfg).ServesOnFailure(); got != want {
			t.Errorf("Open, %s: %v", onFailure, got)
		}
		if got := New(NewMemory(1000), newRing(t), cfg).ServesOnFailure(); got != want {
			t.Errorf("New, %s: %v", onFailure, got)
		}
	}
}

// Kept lasts as long as the belief in its items, and no erasure outlives it.
func TestKeptHolds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := New(NewMemory(1000), newRing(t), DefaultConfig())
		tenant := v.Tenant("t")
		one, two := []Item{{Token: "EMAIL2BCDFGHJ", Value: "a"}}, []Item{{Token: "EMAIL3BCDFGHJ", Value: "b"}}
		keep := func(items []Item) Kept {
			_, kept, err := tenant.KeepNoting(t.Context(), "c", items)
			if err != nil {
				t.Fatal(err)
			}
			return kept
		}
		first := keep(one)
		time.Sleep(KnownFor / 2)
		both := keep(append(one, two...))
		if !tenant.Holds(first) || !tenant.Holds(both) || !tenant.Holds(first.And(keep(two))) || tenant.Holds(Kept{}) {
			t.Error("what is kept is not believed to be")
		}
		time.Sleep(KnownFor/2 + time.Second)
		if tenant.Holds(first) || tenant.Holds(both) || tenant.Holds(first.And(keep(two))) || !tenant.Holds(keep(two)) {
			t.Error("a belief lasts as long as the first of its items")
		}
		now := keep(one)
		v.known.clear()
		if tenant.Holds(now) || tenant.Holds(now.And(keep(two))) {
			t.Error("what was forgotten is believed to be stored")
		}
	})
}
