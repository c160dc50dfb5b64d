package vault

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
)

// What is erased is gone from the store at once: no replica restores it. That a
// value is stored, which replicas believe for up to KnownFor, they unlearn within
// a second, so that it is stored again when it is met again.

// EraseTokens deletes the values of tokens, for all conversations, and returns how
// many there were.
func (t *Tenant) EraseTokens(ctx context.Context, tokens []string) (values int, err error) {
	if len(tokens) == 0 {
		return 0, nil
	}
	doomed := make(map[string]bool, len(tokens))
	for _, token := range tokens {
		doomed[token] = true
	}
	return t.erased(ctx, fmt.Sprintf("%d tokens", len(tokens)), func() (int, error) {
		n, err := t.sweep(ctx, "", func(rest string) bool { return doomed[tokenOf(rest)] })
		if !errors.Is(err, ErrUnsupported) {
			return n, err
		}
		// A store that does not list has no locks and one place for a value.
		keys := valueKeys(tokens)(&keyWriter{t: t}, "t:")
		entries, err := t.v.get(ctx, keys)
		if err != nil {
			return 0, err
		}
		for _, entry := range entries {
			if entry != nil {
				n++
			}
		}
		return n, t.v.remove(ctx, keys)
	})
}

// tokenOf is the token that a key of the tenant is about, after its prefix; ""
// for one that is about none.
func tokenOf(rest string) string {
	space, token, _ := strings.Cut(rest, ":")
	switch space {
	case "t":
		return token
	case "s", "c":
		_, token, _ = strings.Cut(token, ":")
		return token
	}
	return ""
}

// EraseConversation deletes what a conversation holds, with its passcode: that it
// held the tokens, and the values that no other conversation of the tenant holds.
// It returns how many values there were.
func (t *Tenant) EraseConversation(ctx context.Context, conversation string) (values int, err error) {
	if conversation == "" {
		return 0, errors.New("vault: erasing a conversation: it has no name")
	}
	hidden := t.hide(conversation)
	return t.erased(ctx, "a conversation", func() (int, error) {
		own, err := t.conversationLock(ctx, hidden)
		if err != nil {
			return 0, err
		}
		if own != nil {
			if values, err = t.eraseLock(ctx, hidden, own); err != nil {
				return values, err
			}
		}
		// Values first: they are found by what says that the conversation held them.
		members := "c:" + hidden + ":"
		err = t.inBatches(ctx, t.prefix+members, func(tokens []string) error {
			only, err := t.onlyIn(ctx, hidden, tokens)
			if err != nil {
				return err
			}
			n, err := t.eraseValues(ctx, only)
			values += n
			return err
		})
		if err != nil {
			return values, err
		}
		_, err = t.sweep(ctx, members, func(string) bool { return true })
		return values, err
	})
}

// eraseLock deletes the lock of a conversation and what is under it.
func (t *Tenant) eraseLock(ctx context.Context, hidden string, l *lock) (values int, err error) {
	if values, err = t.sweep(ctx, l.space(), func(string) bool { return true }); err != nil {
		return values, err
	}
	if err := t.v.remove(ctx, []string{t.lockKey(hidden), t.triesKey(l)}); err != nil {
		return values, err
	}
	// Replicas ask anew which conversations have locks.
	return values, t.changeState(ctx, func(form *stateForm) error { form.Locks++; return nil })
}

// eraseValues deletes values that no conversation holds any more, open or under
// the tenant's passcode.
func (t *Tenant) eraseValues(ctx context.Context, tokens []string) (n int, err error) {
	w := keyWriter{t: t}
	keys := valueKeys(tokens)(&w, "t:")
	l, err := t.heldLock(ctx, "")
	if err != nil {
		return 0, err
	}
	if l != nil {
		keys = append(keys, valueKeys(tokens)(&w, l.space())...)
	}
	entries, err := t.v.get(ctx, keys)
	if err != nil {
		return 0, err
	}
	for _, entry := range entries {
		if entry != nil {
			n++
		}
	}
	return n, t.v.remove(ctx, keys)
}

// Erase makes all that the tenant kept unreadable at once, wherever it still
// lies, by giving the tenant a new data key in the place of the old one, and
// deletes it, passcodes included. It returns how many values were deleted. A copy
// of the store that was made before has the old data key in it.
func (t *Tenant) Erase(ctx context.Context) (values int, err error) {
	return t.erased(ctx, "a tenant", func() (int, error) {
		if err := t.v.remove(ctx, []string{t.policyKey()}); err != nil {
			return 0, err
		}
		err := t.changeState(ctx, func(form *stateForm) error {
			*form = stateForm{Data: newDataKey()}
			return nil
		})
		if errors.Is(err, ErrUnsupported) {
			err = t.v.remove(ctx, []string{t.stateKey()})
		}
		if err != nil {
			return 0, err
		}
		return t.sweep(ctx, "", func(rest string) bool { return rest != "k" })
	})
}

// sweep deletes the entries of the tenant whose keys, after its prefix, begin
// with begin and are chosen, and returns how many of them were values.
func (t *Tenant) sweep(ctx context.Context, begin string, chosen func(rest string) bool) (values int, err error) {
	err = t.v.list(ctx, t.prefix+begin, func(keys []string) error {
		var doomed []string
		for _, key := range keys {
			rest := key[len(t.prefix):]
			if !chosen(rest) {
				continue
			}
			doomed = append(doomed, key)
			if strings.HasPrefix(rest, "t:") || strings.HasPrefix(rest, "s:") {
				values++
			}
		}
		return t.v.remove(ctx, doomed)
	})
	return values, err
}

// erased erases, and tells all replicas.
func (t *Tenant) erased(ctx context.Context, what string, erase func() (int, error)) (values int, err error) {
	if values, err = erase(); err == nil {
		err = t.v.announce(ctx)
	}
	if err != nil {
		return values, fmt.Errorf("vault: erasing %s: %w", what, err)
	}
	return values, nil
}

// epochKey is where an entry changes each time that something was erased. No
// tenant's prefix begins so.
const epochKey = "maskit:.epoch"

// announce makes all replicas unlearn what is stored. It comes after the erasure:
// what they learn from then on is true.
func (v *Vault) announce(ctx context.Context) error {
	v.known.clear()
	entries, err := v.get(ctx, []string{epochKey})
	if err != nil {
		return err
	}
	// If somebody else was first, all are told as well.
	_, err = v.swap(ctx, epochKey, entries[0], newEpoch(), 0)
	if errors.Is(err, ErrUnsupported) {
		return nil
	}
	return err
}

func newEpoch() []byte {
	epoch := make([]byte, 16)
	rand.Read(epoch) // Never fails: it ends the process instead.
	return epoch
}
