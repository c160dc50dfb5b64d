package vault

import (
	"bytes"
	"context"
	"crypto/hpke"
	"errors"
	"fmt"
	"time"

	"golang.org/x/text/unicode/norm"
)

// What a caller of the passcodes decides by.
var (
	// ErrPasscode says that a passcode is not the right one.
	ErrPasscode = errors.New("the passcode is wrong")
	// ErrPasscodeSet says that there is one already: see ChangePasscode.
	ErrPasscodeSet = errors.New("a passcode is set already")
	// ErrNoPasscode says that there is none.
	ErrNoPasscode = errors.New("no passcode is set")
	// ErrPasscodeForm says that a text cannot be a passcode.
	ErrPasscodeForm = fmt.Errorf("a passcode has %d to %d bytes", minPasscode, maxPasscode)
)

// ErrLocked says that too many passcodes were wrong: until then none is tried,
// the right one included.
type ErrLocked struct{ Until time.Time }

// Error implements error.
func (e *ErrLocked) Error() string {
	return "too many wrong passcodes; none is tried until " + e.Until.UTC().Format(time.RFC3339)
}

const (
	// Whoever has the store and the vault's key can guess a passcode, at the cost
	// of argon2id a guess.
	minPasscode = 8
	maxPasscode = 1024
	// freeTries are mistakes that cost nothing. Each later one doubles the wait,
	// up to longestWait: 24 tries a day.
	freeTries   = 3
	longestWait = time.Hour
)

// SetPasscode puts what is kept in a conversation, or with "" in the whole
// tenant, under a passcode, what was kept before included. From then on masking
// goes on as ever, and nobody restores without the passcode but an exchange what
// it masked itself. A conversation's own passcode goes before the tenant's; what
// is under the tenant's by then stays there.
//
// A passcode that is forgotten is lost with all that is under it. With
// ErrPasscodeSet nothing is changed, but that what an earlier call left open is
// put under the passcode. The store must be a Swapper and a Lister.
func (t *Tenant) SetPasscode(ctx context.Context, conversation string, code Secret) error {
	if err := t.setPasscode(ctx, conversation, code); err != nil {
		return fmt.Errorf("vault: setting a passcode: %w", err)
	}
	return nil
}

func (t *Tenant) setPasscode(ctx context.Context, conversation string, code Secret) error {
	plain, err := passcode(code)
	if err != nil {
		return err
	}
	l, err := newLock(plain, t.lockKeyOfVault(), t.v.cost)
	if err != nil {
		return err
	}
	set := l
	err = t.editLock(ctx, t.hiddenOrNone(conversation), func(held *lock) (*lock, error) {
		set = l
		if held != nil {
			set = held
		}
		return set, nil
	})
	if err != nil {
		return err
	}
	if err := t.putUnder(ctx, conversation, set); err != nil {
		return err
	}
	if set != l {
		return ErrPasscodeSet
	}
	return nil
}

// ChangePasscode puts a new passcode in the place of the old one. The error is
// that of Unlock, if the old one is wrong.
func (t *Tenant) ChangePasscode(ctx context.Context, conversation string, code, other Secret) error {
	err := t.changePasscode(ctx, conversation, code, other)
	if err != nil {
		return fmt.Errorf("vault: changing a passcode: %w", err)
	}
	return nil
}

func (t *Tenant) changePasscode(ctx context.Context, conversation string, code, other Secret) error {
	plain, err := passcode(other)
	if err != nil {
		return err
	}
	hidden := t.hiddenOrNone(conversation)
	held, err := t.heldLock(ctx, hidden)
	if err != nil {
		return err
	}
	if held == nil {
		return ErrNoPasscode
	}
	private, err := t.try(ctx, held, code)
	if err != nil {
		return err
	}
	changed := *held
	if err := changed.wrap(private, plain, t.lockKeyOfVault(), t.v.cost); err != nil {
		return err
	}
	return t.editLock(ctx, hidden, func(now *lock) (*lock, error) {
		if now == nil || !bytes.Equal(now.Private, held.Private) {
			return nil, fmt.Errorf("%w: somebody else has changed it", ErrConflict)
		}
		return &changed, nil
	})
}

// Locked reports whether what is kept in a conversation, or with "" in no
// conversation of its own, is under a passcode.
func (t *Tenant) Locked(ctx context.Context, conversation string) (bool, error) {
	l, err := t.lockOf(ctx, conversation)
	if err != nil {
		return false, fmt.Errorf("vault: looking for a passcode: %w", err)
	}
	return l != nil, nil
}

// Opener opens what is under one passcode.
type Opener struct {
	t            *Tenant
	conversation string
	lock         *lock
	private      hpke.PrivateKey
}

// Unlock tries the passcode of a conversation, or the tenant's where it has none
// of its own or is "". The error is ErrPasscode, *ErrLocked, ErrNoPasscode, or the
// store's. Wrong passcodes are counted in the store, for all replicas; a right one
// forgets them.
func (t *Tenant) Unlock(ctx context.Context, conversation string, code Secret) (*Opener, error) {
	l, err := t.lockOf(ctx, conversation)
	if err == nil && l == nil {
		err = ErrNoPasscode
	}
	var private hpke.PrivateKey
	if err == nil {
		private, err = t.try(ctx, l, code)
	}
	if err != nil {
		return nil, fmt.Errorf("vault: unlocking: %w", err)
	}
	return &Opener{t, conversation, l, private}, nil
}

// Lookup is Tenant.Lookup in the conversation that was unlocked.
func (o *Opener) Lookup(ctx context.Context, tokens []string) ([]string, error) {
	return o.t.lookup(ctx, o.conversation, tokens, o)
}

// Reveal is Tenant.Reveal for what is under the passcode.
func (o *Opener) Reveal(ctx context.Context, tokens []string) ([]string, error) {
	return o.t.reveal(ctx, o.conversation, tokens, o)
}

// opens says whether the opener is for a lock; that of nobody is for none.
func (o *Opener) opens(l *lock) bool { return o != nil && bytes.Equal(o.lock.Public, l.Public) }

// lockOf returns the lock in force for a conversation, nil if there is none, as
// the store has it now.
func (t *Tenant) lockOf(ctx context.Context, conversation string) (*lock, error) {
	if conversation != "" {
		if own, err := t.conversationLock(ctx, t.hide(conversation)); err != nil || own != nil {
			return own, err
		}
	}
	return t.heldLock(ctx, "")
}

// heldLock returns the lock of a hidden conversation, or with "" of the tenant.
func (t *Tenant) heldLock(ctx context.Context, hidden string) (*lock, error) {
	if hidden != "" {
		return t.conversationLock(ctx, hidden)
	}
	entries, err := t.v.get(ctx, []string{t.policyKey()})
	if err != nil || entries[0] == nil {
		return nil, err
	}
	var form policyForm
	return form.Lock, t.openForm(t.policyKey(), entries[0], &form)
}

// editLock changes the lock of a hidden conversation, or with "" of the tenant,
// and brings the change into the state, and so to all replicas.
func (t *Tenant) editLock(ctx context.Context, hidden string, edit func(held *lock) (*lock, error)) error {
	if hidden != "" {
		_, err := change(ctx, t, t.lockKey(hidden), 0, func(form *lock, there bool) (bool, error) {
			var held *lock
			if there {
				held = form
			}
			l, err := edit(held)
			if err != nil {
				return false, err
			}
			*form = *l
			return true, nil
		})
		if err != nil {
			return err
		}
	}
	policy, err := change(ctx, t, t.policyKey(), 0, func(form *policyForm, _ bool) (_ bool, err error) {
		if hidden != "" {
			form.Locks++
			return true, nil
		}
		form.Lock, err = edit(form.Lock)
		return err == nil, err
	})
	if err != nil {
		return err
	}
	return t.changeState(ctx, func(form *stateForm) error {
		form.policyForm = policy
		return nil
	})
}

// tries are the passcodes that were wrong, at "maskit:<tenant>:a:<lock>".
type tries struct {
	Wrong int       `json:"wrong"`
	Until time.Time `json:"until"` // None is tried before.
}

func (t *Tenant) triesKey(l *lock) string { return t.prefix + "a:" + l.id() }

// try tries a passcode. It is counted as wrong before it is tried: so many at a
// time do not get past the count.
func (t *Tenant) try(ctx context.Context, l *lock, code Secret) (hpke.PrivateKey, error) {
	_, err := change(ctx, t, t.triesKey(l), 0, func(form *tries, _ bool) (bool, error) {
		now := time.Now()
		if now.Before(form.Until) {
			return false, &ErrLocked{form.Until}
		}
		form.Wrong++
		form.Until = now.Add(waitAfter(form.Wrong))
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	private := l.unwrap(norm.NFC.Bytes([]byte(code.Reveal())), t.lockKeyOfVault())
	if private == nil {
		return nil, ErrPasscode
	}
	return private, t.v.remove(ctx, []string{t.triesKey(l)})
}

// waitAfter is how long nothing is tried after so many wrong passcodes.
func waitAfter(wrong int) time.Duration {
	over := wrong - freeTries
	if over <= 0 {
		return 0
	}
	if over > 12 { // Beyond, the shift passes longestWait.
		return longestWait
	}
	return min(longestWait, time.Second<<(over-1))
}

// passcode returns the bytes of a passcode, the same however a keyboard composes
// its characters.
func passcode(code Secret) ([]byte, error) {
	plain := norm.NFC.Bytes([]byte(code.Reveal()))
	if len(plain) < minPasscode || len(plain) > maxPasscode {
		return nil, ErrPasscodeForm
	}
	return plain, nil
}

// lockKeyOfVault is the vault's part of what opens a lock. Like the tokens it
// comes from the last key, so that a rotation does not change it.
func (t *Tenant) lockKeyOfVault() []byte { return t.v.ring.last().derive("lock", t.name, KeySize) }
