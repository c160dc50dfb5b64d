package vault

import (
	"bytes"
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"slices"
)

// Keep stores items so that this tenant can turn their tokens back later, and,
// if conversation is not "", within that conversation. It costs no round trip
// when this process knows that all items are stored and were renewed within
// KnownFor, else one; and one more if the tenant was not heard of for as long.
//
// taken[i] says that items[i].Token stands for another value, in the tenant or
// in the conversation: the caller derives that item's next token and keeps it
// again. taken is nil if no item is. On an error nothing may be sent in reliance
// on these tokens; the error is an ErrUnavailable or an ErrKey.
func (t *Tenant) Keep(ctx context.Context, conversation string, items []Item) (taken []bool, err error) {
	taken, _, err = t.KeepNoting(ctx, conversation, items)
	return taken, err
}

// KeepNoting does what Keep does, and says how long this process will believe that
// the items that are not taken are stored: while it Holds, they need not be kept
// again in the same conversation.
func (t *Tenant) KeepNoting(ctx context.Context, conversation string, items []Item) (taken []bool, kept Kept, err error) {
	var few [32]ask // On the stack: a usual request asks for less.
	asks, kept := t.v.known.recall(few[:0], t.name, conversation, items)
	open := slices.DeleteFunc(asks, func(a ask) bool { return a.known })
	if len(open) == 0 {
		return nil, kept, nil
	}
	if err := t.put(ctx, conversation, items, open); err != nil {
		return nil, Kept{}, fmt.Errorf("vault: storing %d values: %w", len(open), err)
	}
	kept = t.v.known.learn(open, kept)
	for _, a := range open {
		if a.taken && taken == nil {
			taken = make([]bool, len(items))
		}
		if a.taken {
			taken[a.item] = true
		}
	}
	return taken, kept, nil
}

// Holds reports whether this process still believes what a Kept says.
func (t *Tenant) Holds(k Kept) bool { return t.v.known.holds(k) }

// put stores the items that are open and fills in the answers.
func (t *Tenant) put(ctx context.Context, conversation string, items []Item, open []ask) error {
	for range maxTries {
		s, err := t.ensure(ctx)
		if err != nil {
			return err
		}
		sc, err := t.scope(ctx, s, conversation)
		if err != nil {
			return err
		}
		if done, err := t.putIn(ctx, sc, conversation, items, open); err != nil || done {
			return err
		}
	}
	return fmt.Errorf("%w: the tenant's keys change all the time", ErrUnavailable)
}

// putIn is put under the keys of a scope. It is not done if they have changed, or
// if what lies under the tokens was left behind by an erasure.
func (t *Tenant) putIn(ctx context.Context, sc *scope, conversation string, items []Item, open []ask) (done bool, err error) {
	// With a conversation each item makes two entries, side by side.
	each := 1
	if conversation != "" {
		each = 2
	}
	entries, err := t.entries(sc, conversation, items, open)
	if err != nil {
		return false, err
	}
	prior, err := t.v.put(ctx, entries)
	if err != nil {
		return false, err
	}
	if state := prior[0]; state != nil && !bytes.Equal(state, sc.entry) {
		if _, err := t.adopt(state); err != nil {
			return false, err
		}
		return false, t.v.remove(ctx, stillborn(entries, prior))
	}
	entries, prior = entries[1:], prior[1:]
	var dead []string
	plain := getBuffer()
	defer plain.free()
	for i := range open {
		a := &open[i]
		if value := prior[each*i]; value != nil {
			same, err := t.isValueOf(plain, sc, entries[each*i].Key, value, &items[a.item])
			if errors.Is(err, errErased) {
				dead = append(dead, entries[each*i].Key)
				continue
			}
			if err != nil {
				return false, err
			}
			a.taken = !same
		}
		// The member entry can be of another value only if a token was taken
		// here before: then this conversation leaves the token alone.
		if each == 2 {
			if tag := prior[each*i+1]; tag != nil && !hmac.Equal(tag, entries[each*i+1].Value) {
				a.taken = true
			}
		}
	}
	if dead != nil {
		return false, t.v.remove(ctx, dead)
	}
	return true, nil
}

// stillborn lists what a batch has stored under a state that is no longer in
// force.
func stillborn(entries []Entry, prior [][]byte) (keys []string) {
	for i := range entries {
		if prior[i] == nil {
			keys = append(keys, entries[i].Key)
		}
	}
	return keys
}

// isValueOf says whether the entry that lay under the key of an item's value
// holds that value. Nobody here can open one under a lock: it begins with a keyed
// hash of the value.
func (t *Tenant) isValueOf(plain *buffer, sc *scope, key string, entry []byte, it *Item) (bool, error) {
	opened, err := sc.seals.open(plain.b[:0], key, entry)
	if err != nil {
		return false, err
	}
	plain.b = opened
	if sc.lock != nil {
		var tag [tagSize]byte
		return len(opened) >= tagSize && hmac.Equal(opened[:tagSize], t.appendTag(tag[:0], lockScope, it.Token, it.canonical())), nil
	}
	held, _, err := unpack(opened)
	return string(held) == it.canonical(), err
}

// entries makes what is stored of the items that are open: first the state of
// the tenant, then for each its value and, with a conversation, its member entry.
// All keys lie in one piece of memory and all values in another.
func (t *Tenant) entries(sc *scope, conversation string, items []Item, open []ask) ([]Entry, error) {
	space := sc.space()
	keys := keyWriter{t: t}
	keySize, valueSize := len(t.prefix)+1, 0
	for _, a := range open {
		it := &items[a.item]
		keySize += keys.size(space, it.Token)
		valueSize += sealedSize(len(it.Value)+len(it.Canonical)) + tagSize
		if sc.lock != nil {
			valueSize += lockedExtra
		}
	}
	keys.text.Grow(keySize)
	values := make([]byte, 0, valueSize)
	// cut returns what was appended to values since it had n bytes.
	cut := func(n int) []byte { return values[n:len(values):len(values)] }

	plain := getBuffer()
	defer plain.free()
	seal, err := t.sealerIn(sc)
	if err != nil {
		return nil, err
	}
	entries := make([]Entry, 0, 1+2*len(open))
	entries = append(entries, Entry{keys.join("k"), sc.entry})
	hidden := t.hiddenOrNone(conversation)
	for _, a := range open {
		it := &items[a.item]
		key, n := keys.value(space, it.Token), len(values)
		values = seal(values, plain, key, it)
		entries = append(entries, Entry{key, cut(n)})
		if hidden != "" {
			n = len(values)
			values = t.appendTag(values, hidden, it.Token, it.canonical())
			entries = append(entries, Entry{keys.member(hidden, it.Token), cut(n)})
		}
	}
	return entries, nil
}

// sealerIn returns what appends the entry of an item's value, under the key of a
// store, for one batch.
func (t *Tenant) sealerIn(sc *scope) (func(dst []byte, plain *buffer, key string, it *Item) []byte, error) {
	if sc.lock == nil {
		return func(dst []byte, plain *buffer, key string, it *Item) []byte {
			plain.b = appendPacked(plain.b[:0], it.canonical(), it.Value)
			return sc.seals.seal(dst, key, plain.b)
		}, nil
	}
	to, err := sc.lock.sender()
	if err != nil {
		return nil, err
	}
	locked := make([]byte, 0, 256)
	return func(dst []byte, plain *buffer, key string, it *Item) []byte {
		plain.b = appendPacked(plain.b[:0], it.canonical(), it.Value)
		locked = t.appendTag(locked[:0], lockScope, it.Token, it.canonical())
		locked = to.seal(locked, key, plain.b)
		return sc.seals.seal(dst, key, locked)
	}, nil
}

// lockedExtra is what a lock adds to an entry.
const lockedExtra = tagSize + publicSize + 12 + 16
