package vault

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

const code = Secret("correct horse battery")

func mustLock(t *testing.T, tenant *Tenant, conversation string) {
	t.Helper()
	if err := tenant.SetPasscode(t.Context(), conversation, code); err != nil {
		t.Fatal(err)
	}
}

func mustUnlock(t *testing.T, tenant *Tenant, conversation string) *Opener {
	t.Helper()
	o, err := tenant.Unlock(t.Context(), conversation, code)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// wantOpened checks what an opener finds of ada, bob and cyn in its conversation.
func wantOpened(t *testing.T, what string, o *Opener, want ...string) {
	t.Helper()
	got, err := o.Lookup(t.Context(), []string{ada.Token, bob.Token, cyn.Token})
	wantValues(t, what, got, err, want...)
}

// passcodeContract is what passcodes do over every store, as two replicas see it.
func passcodeContract(t *testing.T, v *Vault) {
	ctx := t.Context()
	a, b := twins(v)
	all := []string{ada.Token, bob.Token, cyn.Token}

	t.Run("of a conversation", func(t *testing.T) {
		tenant, other := a.Tenant("locked"), b.Tenant("locked")
		mustKeep(t, other, "private", ada) // Before there is a passcode.
		mustKeep(t, other, "open", ada)
		mustKeep(t, other, "private", cyn)
		mustLock(t, tenant, "private")
		// Masking goes on without it, on a replica that has not heard of it too.
		mustKeep(t, other, "private", bob)
		if taken := mustKeep(t, tenant, "private", bob, Item{cyn.Token, "CYN@example.com", cyn.Canonical}); taken != nil {
			t.Errorf("taken: %v", taken)
		}
		if taken := mustKeep(t, tenant, "private", Item{bob.Token, "eve@example.com", ""}); fmt.Sprint(taken) != "[true]" {
			t.Errorf("another value on a token under a passcode: taken %v", taken)
		}
		for _, replica := range []*Tenant{tenant, other} {
			wantKept(t, "without the passcode", replica, "private", "", "", "")
			wantKept(t, "without the passcode", replica, "open", ada.Value, "", "")
			got, err := replica.Reveal(ctx, all)
			wantValues(t, "reveal without the passcode", got, err, ada.Value, "", "")
			o := mustUnlock(t, replica, "private")
			wantOpened(t, "with the passcode", o, ada.Value, bob.Value, cyn.Value)
			got, err = o.Reveal(ctx, all)
			wantValues(t, "reveal with the passcode", got, err, ada.Value, bob.Value, cyn.Value)
			for conversation, want := range map[string]bool{"private": true, "open": false, "": false} {
				if locked, err := replica.Locked(ctx, conversation); locked != want || err != nil {
					t.Errorf("conversation %q: locked %t, %v", conversation, locked, err)
				}
			}
			if _, err := replica.Unlock(ctx, "open", code); !errors.Is(err, ErrNoPasscode) {
				t.Errorf("unlocking what is open: %v", err)
			}
		}
		if _, err := a.Tenant("locked2").Unlock(ctx, "private", code); !errors.Is(err, ErrNoPasscode) {
			t.Errorf("another tenant: %v", err)
		}
	})

	t.Run("of a tenant", func(t *testing.T) {
		tenant, other := a.Tenant("locked-all"), b.Tenant("locked-all")
		mustKeep(t, other, "one", ada)
		mustKeep(t, other, "", cyn)
		mustLock(t, tenant, "own")
		mustKeep(t, other, "own", bob)
		if err := tenant.SetPasscode(ctx, "", "another passcode"); err != nil {
			t.Fatal(err)
		}
		mustKeep(t, other, "two", ada)
		for _, replica := range []*Tenant{tenant, other} {
			for _, conversation := range []string{"one", "two", "own"} {
				wantKept(t, "without a passcode", replica, conversation, "", "", "")
			}
			got, err := replica.Reveal(ctx, all)
			wantValues(t, "reveal without the passcode", got, err, "", "", "")
			for conversation, want := range map[string]string{"one": ada.Value, "two": ada.Value, "three": ""} {
				o, err := replica.Unlock(ctx, conversation, "another passcode")
				if err != nil {
					t.Fatal(err)
				}
				wantOpened(t, conversation, o, want, "", "")
				got, err = o.Reveal(ctx, all)
				wantValues(t, "reveal with the passcode", got, err, ada.Value, "", cyn.Value)
			}
			wantOpened(t, "its own passcode", mustUnlock(t, replica, "own"), "", bob.Value, "")
			if _, err := replica.Unlock(ctx, "own", "another passcode"); !errors.Is(err, ErrPasscode) {
				t.Errorf("the tenant's passcode for what has its own: %v", err)
			}
		}
	})

	t.Run("is set once, and changed", func(t *testing.T) {
		tenant, other := a.Tenant("changed"), b.Tenant("changed")
		for _, conversation := range []string{"", "c"} {
			mustLock(t, tenant, conversation)
			mustKeep(t, other, conversation, ada)
			if err := other.SetPasscode(ctx, conversation, "my own passcode"); !errors.Is(err, ErrPasscodeSet) {
				t.Errorf("a second passcode: %v", err)
			}
			if err := other.ChangePasscode(ctx, conversation, "not the passcode", "my own passcode"); !errors.Is(err, ErrPasscode) {
				t.Errorf("changed without knowing it: %v", err)
			}
			if err := other.ChangePasscode(ctx, conversation, code, "my own passcode"); err != nil {
				t.Fatal(err)
			}
			if _, err := tenant.Unlock(ctx, conversation, code); !errors.Is(err, ErrPasscode) {
				t.Errorf("the old passcode: %v", err)
			}
			o, err := tenant.Unlock(ctx, conversation, "my own passcode")
			if err != nil {
				t.Fatal(err)
			}
			got, err := o.Reveal(ctx, []string{ada.Token})
			wantValues(t, "reveal", got, err, ada.Value)
		}
		if err := tenant.ChangePasscode(ctx, "none", code, code); !errors.Is(err, ErrNoPasscode) {
			t.Errorf("changing what is not set: %v", err)
		}
		for _, wrong := range []Secret{"", "seven77", Secret(strings.Repeat("x", maxPasscode+1))} {
			if err := tenant.SetPasscode(ctx, "form", wrong); !errors.Is(err, ErrPasscodeForm) {
				t.Errorf("a passcode of %d bytes: %v", len(wrong), err)
			}
		}
	})

	t.Run("is erased", func(t *testing.T) {
		tenant, other := a.Tenant("erased"), b.Tenant("erased")
		mustLock(t, tenant, "private")
		mustKeep(t, other, "private", ada, bob)
		mustKeep(t, other, "open", ada)
		o := mustUnlock(t, other, "private")
		n, err := tenant.EraseConversation(ctx, "private")
		wantErased(t, "a locked conversation", n, err, 2)
		wantOpened(t, "by who had it open", o, "", "", "")
		if locked, err := other.Locked(ctx, "private"); locked || err != nil {
			t.Errorf("locked %t, %v", locked, err)
		}
		wantKept(t, "another conversation", other, "open", ada.Value, "", "")
		mustLock(t, tenant, "")
		mustKeep(t, other, "open", bob)
		n, err = tenant.EraseTokens(ctx, []string{ada.Token})
		wantErased(t, "a locked token", n, err, 1)
		wantOpened(t, "after", mustUnlock(t, other, "open"), "", bob.Value, "")
		n, err = tenant.EraseConversation(ctx, "open")
		wantErased(t, "a conversation under the tenant's passcode", n, err, 1)
		if _, err := tenant.Erase(ctx); err != nil {
			t.Fatal(err)
		}
		if keys := keysOf(t, tenant); len(keys) != 0 {
			t.Errorf("left in the store: %q", keys)
		}
		if _, err := other.Unlock(ctx, "", code); !errors.Is(err, ErrNoPasscode) {
			t.Errorf("the passcode of an erased tenant: %v", err)
		}
	})

	t.Run("tries are counted together", func(t *testing.T) {
		tenant, other := a.Tenant("tries"), b.Tenant("tries")
		mustLock(t, tenant, "c")
		for i := range freeTries {
			replica := tenant
			if i%2 == 0 {
				replica = other
			}
			if _, err := replica.Unlock(ctx, "c", "not the passcode"); !errors.Is(err, ErrPasscode) {
				t.Fatalf("try %d: %v", i, err)
			}
		}
		mustUnlock(t, tenant, "c") // Forgets them.
		// Of many at the same time no more are tried than one after the other.
		var tried, locked int
		var mu sync.Mutex
		var group sync.WaitGroup
		for i := range 12 {
			replica := tenant
			if i%2 == 0 {
				replica = other
			}
			group.Go(func() {
				_, err := replica.Unlock(ctx, "c", "not the passcode")
				mu.Lock()
				defer mu.Unlock()
				var until *ErrLocked
				switch {
				case errors.Is(err, ErrPasscode):
					tried++
				case errors.As(err, &until) && until.Until.After(time.Now()):
					locked++
				case !errors.Is(err, ErrUnavailable): // Too many at once.
					t.Error(err)
				}
			})
		}
		group.Wait()
		if tried > freeTries+1 {
			t.Errorf("%d were tried, %d locked out", tried, locked)
		}
	})
}

// The wait doubles from try to try, and while it lasts the right passcode is not
// told from a wrong one.
func TestPasscodeLocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tenant := newMemoryVault(t).Tenant("acme")
		mustLock(t, tenant, "")
		wait := time.Duration(0)
		for i := range 20 {
			if _, err := tenant.Unlock(t.Context(), "", "not the passcode"); !errors.Is(err, ErrPasscode) {
				t.Fatalf("try %d: %v", i+1, err)
			}
			switch {
			case i+1 <= freeTries:
				continue
			case wait == 0:
				wait = time.Second
			default:
				wait = min(2*wait, longestWait)
			}
			for range 2 {
				_, err := tenant.Unlock(t.Context(), "", code)
				var locked *ErrLocked
				if !errors.As(err, &locked) || time.Until(locked.Until) != wait {
					t.Fatalf("after try %d: %v, want a wait of %v", i+1, err, wait)
				}
				if err := tenant.ChangePasscode(t.Context(), "", code, "another passcode"); !errors.As(err, &locked) {
					t.Fatalf("changing it meanwhile: %v", err)
				}
			}
			time.Sleep(wait)
		}
		if wait != longestWait {
			t.Errorf("the longest wait is %v", wait)
		}
		mustUnlock(t, tenant, "")
		if _, err := tenant.Unlock(t.Context(), "", "not the passcode"); !errors.Is(err, ErrPasscode) {
			t.Errorf("after the right one: %v", err)
		}
		mustUnlock(t, tenant, "")
	})
}

// Somebody who has all that Redis holds and the vault's key, and knows how maskit
// works, opens all layers but the passcode's.
func TestPasscodeHoldsAgainstStoreAndKey(t *testing.T) {
	s := startRedis(t)
	cfg := configFor(patient(s.url()))
	v := openVault(t, cfg)
	tenant := v.Tenant("acme")
	mustKeep(t, tenant, "c", cyn) // Put under the passcode later.
	mustLock(t, tenant, "")
	mustKeep(t, tenant, "c", ada, bob)
	if err := v.Close(); err != nil {
		t.Fatal(err)
	}

	thief := openVault(t, cfg)
	acme := thief.Tenant("acme")
	wantKept(t, "by the API", acme, "c", "", "", "")
	st, err := acme.current(t.Context())
	if err != nil || st.lock == nil {
		t.Fatal(err)
	}
	opened := 0
	for _, key := range s.do("KEYS", "*").([]any) {
		entry, err := thief.store.Get(t.Context(), []string{key.(string)})
		if err != nil {
			t.Fatal(err)
		}
		layers := [][]byte{entry[0]}
		for _, seals := range []*sealer{acme.seals, st.seals, thief.check} {
			if plain, err := seals.open(nil, key.(string), entry[0]); err == nil {
				layers = append(layers, plain)
				opened++
			}
		}
		for _, layer := range layers {
			wantNothingOf(t, layer, ada, bob, cyn)
		}
		if !strings.Contains(key.(string), ":s:") {
			continue
		}
		// The last layer wants the private key, and that the passcode.
		wrong, err := lockKEM.GenerateKey()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := openLocked(nil, wrong, key.(string), layers[1][tagSize:]); !errors.Is(err, ErrKey) {
			t.Errorf("another key opens it: %v", err)
		}
	}
	if opened < 5 {
		t.Errorf("the thief opened %d layers: the test tests nothing", opened)
	}
	for _, guess := range []Secret{"", "correct horse", "Correct horse battery", code + " "} {
		if st.lock.unwrap([]byte(guess), acme.lockKeyOfVault()) != nil {
			t.Error("a wrong passcode opens the lock")
		}
	}
	if st.lock.unwrap([]byte(code), thief.Tenant("other").lockKeyOfVault()) != nil {
		t.Error("the passcode opens the lock without the tenant's key")
	}
	wantOpened(t, "with the passcode", mustUnlock(t, acme, "c"), ada.Value, bob.Value, cyn.Value)
}

// wantNothingOf looks for values in some bytes, in usual spellings.
func wantNothingOf(t *testing.T, in []byte, items ...Item) {
	t.Helper()
	for i, item := range items {
		for form, text := range map[string]string{
			"plain":  item.Value,
			"hex":    hex.EncodeToString([]byte(item.Value)),
			"base64": base64.StdEncoding.EncodeToString([]byte(item.Value)),
		} {
			if bytes.Contains(in, []byte(text)) {
				t.Errorf("value %d is there, %s", i, form)
			}
		}
	}
}

// The passcode alone, or with the store, opens nothing without the vault's key.
func TestPasscodeNeedsTheKeyToo(t *testing.T) {
	v := newMemoryVault(t)
	mustLock(t, v.Tenant("acme"), "")
	stranger := New(v.store, newRing(t), DefaultConfig())
	if _, err := stranger.Tenant("acme").Unlock(t.Context(), "", code); !errors.Is(err, ErrKey) {
		t.Error(err)
	}
}

// Keyboards that compose characters differently make the same passcode.
func TestPasscodeIsNormalised(t *testing.T) {
	tenant := newMemoryVault(t).Tenant("acme")
	if err := tenant.SetPasscode(t.Context(), "", "caf\u00e9 au lait"); err != nil {
		t.Fatal(err)
	}
	if _, err := tenant.Unlock(t.Context(), "", "cafe\u0301 au lait"); err != nil {
		t.Error(err)
	}
}

func TestPasscodeCost(t *testing.T) {
	if realCost.Memory < 19456 || realCost.Passes < 2 || realCost.Threads < 1 {
		t.Errorf("%+v is below OWASP's m=19456 t=2 p=1", realCost)
	}
	// The parameters are the lock's: one made with others opens.
	l, err := newLock([]byte(code), []byte("key"), cost{Memory: 128, Passes: 2, Threads: 2})
	if err != nil || l.unwrap([]byte(code), []byte("key")) == nil {
		t.Error(err)
	}
	l.Passes = 1
	if l.unwrap([]byte(code), []byte("key")) != nil {
		t.Error("it opens with other parameters")
	}
}

// A call that failed half-way is done by calling again.
func TestSetPasscodeAgainFinishes(t *testing.T) {
	v := newMemoryVault(t)
	tenant := v.Tenant("acme")
	mustKeep(t, tenant, "c", ada)
	fails := &failingList{Memory: v.store.(*Memory), fails: true}
	v.store = fails
	if err := tenant.SetPasscode(t.Context(), "", code); !errors.Is(err, ErrUnavailable) {
		t.Fatal(err)
	}
	fails.fails = false
	if err := tenant.SetPasscode(t.Context(), "", code); !errors.Is(err, ErrPasscodeSet) {
		t.Fatal(err)
	}
	wantOpened(t, "what was kept before", mustUnlock(t, tenant, "c"), ada.Value, "", "")
	if keys := keysOf(t, tenant); strings.Contains(strings.Join(keys, " "), "t:") {
		t.Errorf("left open: %q", keys)
	}
}

type failingList struct {
	*Memory
	fails bool
}

func (s *failingList) List(ctx context.Context, prefix string, each func([]string) error) error {
	if s.fails {
		return errors.New("out of order")
	}
	return s.Memory.List(ctx, prefix, each)
}

func BenchmarkKeepLocked(b *testing.B) {
	v, err := Open(b.Context(), configFor("memory:"))
	if err != nil {
		b.Fatal(err)
	}
	tenant := v.Tenant("acme")
	if err := tenant.SetPasscode(b.Context(), "", code); err != nil {
		b.Fatal(err)
	}
	serial := uint64(0)
	b.ReportAllocs()
	for b.Loop() {
		serial++
		if _, err := tenant.Keep(b.Context(), "c", benchItems(tenant, serial)); err != nil {
			b.Fatal(err)
		}
	}
}
