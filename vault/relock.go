package vault

import (
	"context"
	"crypto/hmac"
	"errors"
	"strings"
)

// relockBatch is how many values are put under a lock at a time.
const relockBatch = 1000

// putUnder puts what lies open in a conversation, or with "" in the tenant, under
// a lock.
func (t *Tenant) putUnder(ctx context.Context, conversation string, l *lock) error {
	s, err := t.ensure(ctx)
	if err != nil {
		return err
	}
	if conversation == "" {
		return t.inBatches(ctx, t.prefix+"t:", func(tokens []string) error {
			return t.relock(ctx, s, l, "", tokens, tokens)
		})
	}
	hidden := t.hide(conversation)
	return t.inBatches(ctx, t.prefix+"c:"+hidden+":", func(tokens []string) error {
		leave, err := t.onlyIn(ctx, hidden, tokens)
		if err != nil {
			return err
		}
		return t.relock(ctx, s, l, hidden, tokens, leave)
	})
}

// inBatches calls f with what follows prefix in the keys that have it.
func (t *Tenant) inBatches(ctx context.Context, prefix string, f func(rest []string) error) error {
	var some []string
	flush := func() error {
		defer func() { some = some[:0] }()
		if len(some) == 0 {
			return nil
		}
		return f(some)
	}
	err := t.v.list(ctx, prefix, func(keys []string) error {
		for _, key := range keys {
			some = append(some, strings.TrimPrefix(key, prefix))
		}
		if len(some) < relockBatch {
			return nil
		}
		return flush()
	})
	return errors.Join(err, flush())
}

// onlyIn returns those of the tokens of a hidden conversation that no other
// conversation holds.
func (t *Tenant) onlyIn(ctx context.Context, hidden string, tokens []string) ([]string, error) {
	only := make(map[string]bool, len(tokens))
	for _, token := range tokens {
		only[token] = true
	}
	prefix := t.prefix + "c:"
	err := t.v.list(ctx, prefix, func(keys []string) error {
		for _, key := range keys {
			other, token, _ := strings.Cut(key[len(prefix):], ":")
			if other != hidden {
				delete(only, token)
			}
		}
		return nil
	})
	list := make([]string, 0, len(only))
	for token := range only {
		list = append(list, token)
	}
	return list, err
}

// relock seals the open values of tokens to a lock, those of a hidden
// conversation that it holds if one is named, and removes the open ones of remove.
func (t *Tenant) relock(ctx context.Context, s *state, l *lock, hidden string, tokens, remove []string) error {
	open, locked := &scope{s, nil}, &scope{s, l}
	w := keyWriter{t: t}
	keys := valueKeys(tokens)(&w, open.space())
	n := len(keys)
	if hidden != "" {
		for _, token := range tokens {
			keys = append(keys, w.member(hidden, token))
		}
	}
	entries, err := t.v.get(ctx, keys)
	if err != nil {
		return err
	}
	seal, err := t.sealerIn(locked)
	if err != nil {
		return err
	}
	r := &reading{keys: keys, entries: entries, sc: open, plain: getBuffer()}
	defer r.plain.free()
	plain := getBuffer()
	defer plain.free()
	var tag [tagSize]byte
	var sealed []Entry
	for i, token := range tokens {
		canonical, value, err := r.value(i)
		if err != nil {
			return err
		}
		if value == nil || hidden != "" && !hmac.Equal(entries[n+i], t.appendTag(tag[:0], hidden, token, string(canonical))) {
			continue
		}
		it := &Item{Token: token, Value: string(value), Canonical: string(canonical)}
		key := w.value(locked.space(), token)
		sealed = append(sealed, Entry{key, seal(nil, plain, key, it)})
	}
	if _, err := t.v.put(ctx, sealed); err != nil {
		return err
	}
	return t.v.remove(ctx, valueKeys(remove)(&w, open.space()))
}
