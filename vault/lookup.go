package vault

import (
	"bytes"
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"strings"
)

// Lookup returns the values of tokens that were kept in that conversation, ""
// for those that were not. Without a conversation it knows none, and none where
// a passcode is set: see Unlock. One round trip.
func (t *Tenant) Lookup(ctx context.Context, conversation string, tokens []string) ([]string, error) {
	return t.lookup(ctx, conversation, tokens, nil)
}

// Reveal returns the values of tokens of the tenant in whatever conversation
// they were kept, "" for those that were not, and for those under a passcode: it
// is the operators' restore, and nothing that a client or a model says may lead
// to it. One round trip.
func (t *Tenant) Reveal(ctx context.Context, tokens []string) ([]string, error) {
	return t.reveal(ctx, "", tokens, nil)
}

func (t *Tenant) lookup(ctx context.Context, conversation string, tokens []string, o *Opener) ([]string, error) {
	values := make([]string, len(tokens))
	if conversation == "" || len(tokens) == 0 {
		return values, nil
	}
	err := t.members(ctx, conversation, tokens, o, func(i int, _, value []byte) { values[i] = string(value) })
	if err != nil {
		return nil, fmt.Errorf("vault: looking up %d tokens: %w", len(tokens), err)
	}
	return values, nil
}

// members calls found for each of the tokens that was kept in the conversation,
// by its index, with what it stands for.
func (t *Tenant) members(ctx context.Context, conversation string, tokens []string, o *Opener, found func(i int, canonical, value []byte)) error {
	hidden := t.hide(conversation)
	return t.read(ctx, conversation, o, func(w *keyWriter, space string) []string {
		keys := make([]string, 0, 2*len(tokens)+1)
		for _, token := range tokens {
			keys = append(keys, w.value(space, token), w.member(hidden, token))
		}
		return keys
	}, func(r *reading) error {
		var tags [tagSize]byte
		for i, token := range tokens {
			tag := r.entries[2*i+1]
			if tag == nil {
				continue
			}
			canonical, value, err := r.value(2 * i)
			if err != nil {
				return err
			}
			if hmac.Equal(tag, t.appendTag(tags[:0], hidden, token, string(canonical))) {
				found(i, canonical, value)
			}
		}
		return nil
	})
}

func (t *Tenant) reveal(ctx context.Context, conversation string, tokens []string, o *Opener) ([]string, error) {
	values := make([]string, len(tokens))
	err := t.read(ctx, conversation, o, valueKeys(tokens), func(r *reading) error {
		for i := range tokens {
			_, value, err := r.value(i)
			if err != nil {
				return err
			}
			values[i] = string(value)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("vault: revealing %d tokens: %w", len(tokens), err)
	}
	return values, nil
}

// valueKeys returns the keys of the values of tokens, for read.
func valueKeys(tokens []string) func(*keyWriter, string) []string {
	return func(w *keyWriter, space string) []string {
		keys := make([]string, 0, len(tokens)+1)
		for _, token := range tokens {
			keys = append(keys, w.value(space, token))
		}
		return keys
	}
}

// reading is a batch of entries and what opens the values among them.
type reading struct {
	keys    []string
	entries [][]byte
	sc      *scope
	opener  *Opener
	plain   *buffer
}

// read reads entries as the state and the scope of a conversation have them, and
// gives them to use; not if there is nothing that would open.
func (t *Tenant) read(ctx context.Context, conversation string, o *Opener, keys func(w *keyWriter, space string) []string, use func(*reading) error) error {
	for range maxTries {
		s, err := t.current(ctx)
		if err != nil || s == nil {
			return err
		}
		sc, err := t.scope(ctx, s, conversation)
		if err != nil {
			return err
		}
		r := &reading{keys: keys(&keyWriter{t: t}, sc.space()), sc: sc, opener: o}
		entries, err := t.v.get(ctx, append(r.keys, t.stateKey()))
		if err != nil {
			return err
		}
		state := entries[len(r.keys)]
		r.entries = entries[:len(r.keys)]
		if state == nil {
			t.state.Store(nil)
			return nil
		}
		if _, err := t.adopt(state); err != nil {
			return err
		}
		if bytes.Equal(state, sc.entry) {
			r.plain = getBuffer()
			defer r.plain.free()
			return use(r)
		}
	}
	return fmt.Errorf("%w: the tenant's keys change all the time", ErrUnavailable)
}

// value opens the value that lay under a key; nothing if there is none, if it was
// erased, or if it is under a lock that the reader has not opened. What it
// returns lies in working memory until the next value is opened.
func (r *reading) value(i int) (canonical, value []byte, err error) {
	if r.entries[i] == nil || r.sc.lock != nil && !r.opener.opens(r.sc.lock) {
		return nil, nil, nil
	}
	opened, err := r.sc.seals.open(r.plain.b[:0], r.keys[i], r.entries[i])
	if errors.Is(err, errErased) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	r.plain.b = opened
	if r.sc.lock != nil {
		from := len(opened)
		opened, err = openLocked(opened, r.opener.private, r.keys[i], opened[min(tagSize, from):])
		if err != nil {
			return nil, nil, err
		}
		r.plain.b = opened
		opened = opened[from:]
	}
	return unpack(opened)
}

// lockScope stands where appendTag takes a hidden conversation, as long as one
// but none.
var lockScope = strings.Repeat("!", hiddenSize)
