package vault

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"
)

// state is what the entries of a tenant depend on besides the keys of the vault:
// a random data key, which is mixed into the keys that seal the values, and the
// locks of passcodes. It lies sealed in the store, at "maskit:<tenant>:k", for
// all replicas, and goes along in every batch: a replica that worked under another
// state is told so by the very answer that would have done harm, and does it
// again. To erase a tenant is to give it a new data key.
type state struct {
	entry []byte // As it lies in the store.
	seals *sealer
	lock  *lock // Of the tenant; nil without a passcode.
	// locks says that conversations may have locks of their own.
	locks bool

	mu sync.Mutex
	// of are the locks of conversations, by their hidden names, as far as they
	// were asked for; nil for those that have none. The next state starts anew.
	of map[string]*lock
}

// stateForm is a state as it is stored, and policyForm is what of it has no end:
// it lies at "maskit:<tenant>:p" also while the tenant keeps nothing.
type stateForm struct {
	Data []byte `json:"data"`
	policyForm
}

type policyForm struct {
	Lock  *lock `json:"lock,omitempty"`
	Locks int   `json:"locks,omitempty"` // Conversations that got a lock so far.
}

const (
	// maxTries bounds what is done again because the state has changed. Each
	// change is an operator's, so one suffices.
	maxTries = 5
	// maxLocks bounds state.of.
	maxLocks = 10_000
)

// known state of a tenant: what it was and when the store last said so.
type heldState struct {
	*state
	at time.Duration
}

func (t *Tenant) stateKey() string  { return t.prefix + "k" }
func (t *Tenant) policyKey() string { return t.prefix + "p" }

// adopt makes the state that a store holds the one to work under.
func (t *Tenant) adopt(entry []byte) (*state, error) {
	at := t.v.known.now()
	if held := t.state.Load(); held != nil && bytes.Equal(held.entry, entry) {
		t.state.Store(&heldState{held.state, at})
		return held.state, nil
	}
	var form stateForm
	if err := t.openForm(t.stateKey(), entry, &form); err != nil {
		return nil, err
	}
	s := t.newState(form, bytes.Clone(entry))
	t.state.Store(&heldState{s, at})
	return s, nil
}

func (t *Tenant) newState(form stateForm, entry []byte) *state {
	return &state{
		entry: entry,
		seals: newDataSealer(t.v.ring, t.name, form.Data),
		lock:  form.Lock, locks: form.Locks > 0,
		of: make(map[string]*lock),
	}
}

// current returns the state that this process knows of, or asks for it; nil if
// the store has none, and so nothing that would open.
func (t *Tenant) current(ctx context.Context) (*state, error) {
	if s := t.recent(); s != nil {
		return s, nil
	}
	s, _, err := t.fetch(ctx)
	return s, err
}

// recent is the state that the store has confirmed not long ago. An older one is
// not gone by: offered to a store that has lost it, it could undo what has
// happened since.
func (t *Tenant) recent() *state {
	if held := t.state.Load(); held != nil && t.v.known.now()-held.at < 2*t.v.known.ttl {
		return held.state
	}
	return nil
}

// fetch asks the store for the state, nil if there is none, and for the policy.
func (t *Tenant) fetch(ctx context.Context) (*state, policyForm, error) {
	var policy policyForm
	entries, err := t.v.get(ctx, []string{t.stateKey(), t.policyKey()})
	if err == nil && entries[1] != nil {
		err = t.openForm(t.policyKey(), entries[1], &policy)
	}
	if err != nil {
		return nil, policy, err
	}
	if entries[0] == nil {
		t.state.Store(nil)
		return nil, policy, nil
	}
	s, err := t.adopt(entries[0])
	if err == nil && !(t.seals.sealedByFirst(entries[0]) && (entries[1] == nil || t.seals.sealedByFirst(entries[1]))) {
		err = t.renew(ctx)
	}
	return s, policy, err
}

// ensure is current, and makes a state if there is none. That one is not in the
// store before the batch that it is for.
func (t *Tenant) ensure(ctx context.Context) (*state, error) {
	if s := t.recent(); s != nil {
		return s, nil
	}
	s, policy, err := t.fetch(ctx)
	if err != nil || s != nil {
		return s, err
	}
	form := stateForm{newDataKey(), policy}
	entry, err := t.sealForm(t.stateKey(), form)
	if err != nil {
		return nil, err
	}
	s = t.newState(form, entry)
	t.state.Store(&heldState{s, t.v.known.now()})
	return s, nil
}

// renew seals state and policy under the ring's first key, so that the key that
// sealed them can be dropped. A store that cannot swap keeps them as they are.
func (t *Tenant) renew(ctx context.Context) error {
	err := t.changeState(ctx, func(*stateForm) error { return nil })
	if err == nil {
		_, err = change(ctx, t, t.policyKey(), 0, func(_ *policyForm, there bool) (bool, error) { return there, nil })
	}
	if errors.Is(err, ErrUnsupported) {
		return nil
	}
	return err
}

// changeState edits the state in the store. If there is none it does nothing:
// whoever makes one reads the policy.
func (t *Tenant) changeState(ctx context.Context, edit func(*stateForm) error) error {
	_, err := change(ctx, t, t.stateKey(), t.v.ttl, func(form *stateForm, there bool) (bool, error) {
		if !there {
			return false, nil
		}
		return true, edit(form)
	})
	t.state.Store(nil)
	return err
}

// change swaps the entry of a form for an edited one, again if somebody else was
// first. edit says whether to store its form, and gets the zero form and false
// if there is none.
func change[F any](ctx context.Context, t *Tenant, key string, ttl time.Duration, edit func(form *F, there bool) (bool, error)) (F, error) {
	var form F
	for range maxTries {
		entries, err := t.v.get(ctx, []string{key})
		if err != nil {
			return form, err
		}
		form = *new(F)
		if entries[0] != nil {
			if err := t.openForm(key, entries[0], &form); err != nil {
				return form, err
			}
		}
		if store, err := edit(&form, entries[0] != nil); err != nil || !store {
			return form, err
		}
		entry, err := t.sealForm(key, form)
		if err != nil {
			return form, err
		}
		if swapped, err := t.v.swap(ctx, key, entries[0], entry, ttl); err != nil || swapped {
			return form, err
		}
	}
	return form, fmt.Errorf("%w: others change the same entry all the time", ErrUnavailable)
}

// sealForm and openForm seal under the vault's keys alone: what leads to the
// other keys.
func (t *Tenant) sealForm(key string, form any) ([]byte, error) {
	plain, err := json.Marshal(form)
	if err != nil {
		return nil, err
	}
	return t.seals.seal(nil, key, plain), nil
}

func (t *Tenant) openForm(key string, entry []byte, form any) error {
	plain, err := t.seals.open(nil, key, entry)
	if err != nil {
		return err
	}
	if json.Unmarshal(plain, form) != nil { // Its error would quote the keys.
		return fmt.Errorf("%w: an entry of %d bytes is not of a form this version knows", ErrKey, len(entry))
	}
	return nil
}

func newDataKey() []byte {
	key := make([]byte, KeySize)
	rand.Read(key) // Never fails: it ends the process instead.
	return key
}

// newDataSealer returns a sealer under keys that need a data key too.
func newDataSealer(ring *Keyring, tenant string, data []byte) *sealer {
	s := newSealerFor(ring, func(key ringKey) []byte { return key.deriveWith(data, "value", tenant, KeySize) })
	sum := sha256.Sum256(append([]byte("maskit/1\x00data\x00"), data...))
	s.version, s.data = sealVersionData, sum[:dataIDSize]
	return s
}

// scope is under which keys a batch of values is kept or read.
type scope struct {
	*state
	lock *lock // nil: open.
}

// space is the part of a value's key that tells under which lock it is.
func (s *scope) space() string {
	if s.lock == nil {
		return "t:"
	}
	return s.lock.space()
}

// scope returns that of a conversation, "" for none, under a state.
func (t *Tenant) scope(ctx context.Context, s *state, conversation string) (*scope, error) {
	if conversation == "" || !s.locks {
		return &scope{s, s.lock}, nil
	}
	hidden := t.hide(conversation)
	s.mu.Lock()
	own, asked := s.of[hidden]
	s.mu.Unlock()
	if !asked {
		var err error
		if own, err = t.conversationLock(ctx, hidden); err != nil {
			return nil, err
		}
		s.mu.Lock()
		if len(s.of) >= maxLocks {
			clear(s.of)
		}
		s.of[hidden] = own
		s.mu.Unlock()
	}
	if own == nil {
		own = s.lock
	}
	return &scope{s, own}, nil
}

// conversationLock asks the store for the lock of a conversation, nil if it has
// none.
func (t *Tenant) conversationLock(ctx context.Context, hidden string) (*lock, error) {
	key := t.lockKey(hidden)
	entries, err := t.v.get(ctx, []string{key})
	if err != nil || entries[0] == nil {
		return nil, err
	}
	l := new(lock)
	if err := t.openForm(key, entries[0], l); err != nil || t.seals.sealedByFirst(entries[0]) {
		return l, err
	}
	_, err = change(ctx, t, key, 0, func(_ *lock, there bool) (bool, error) { return there, nil })
	return l, err
}

func (t *Tenant) lockKey(hidden string) string { return t.prefix + "p:" + hidden }
