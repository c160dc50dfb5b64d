package vault

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"fmt"
	"strings"
)

// Tenant is one client of the vault, with tokens, keys and entries of its own:
// no tenant can restore what another masked. It is safe for concurrent use.
type Tenant struct {
	v      *Vault
	name   string
	prefix string // Of its store keys: "maskit:<tenant>:".
	seals  *sealer
	codes  *keyedHash
	names  *keyedHash
}

// Item is a value to keep: the token that stands for it, the value as it was
// written, and its canonical form ("" if the value is its own). Items of one
// canonical form are the same value; the first spelling is the one kept.
type Item struct {
	Token, Value, Canonical string
}

func (it *Item) canonical() string {
	if it.Canonical == "" {
		return it.Value
	}
	return it.Canonical
}

func newTenant(v *Vault, name string) *Tenant {
	name = strings.Clone(name) // It may lie in a buffer of the caller's.
	key := v.ring.last()
	t := &Tenant{
		v:     v,
		name:  name,
		seals: newSealer(v.ring, name),
		codes: newKeyedHash(key.derive("token", name, KeySize)),
		names: newKeyedHash(key.derive("name", name, KeySize)),
	}
	t.prefix = "maskit:" + t.plainName() + ":"
	return t
}

// plainName is the name if it is made for keys, else a keyed hash of it, which
// begins with a character that no plain name has.
func (t *Tenant) plainName() string {
	plain := func(r rune) bool {
		return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '-' || r == '_'
	}
	if t.name != "" && len(t.name) <= 64 && strings.TrimFunc(t.name, plain) == "" {
		return t.name
	}
	return "~" + t.hide(t.name)
}

// hide returns 16 bytes of a keyed hash of a name, as 22 characters.
func (t *Tenant) hide(name string) string {
	s := t.names.get()
	s.buf = append(append(s.buf, 'n'), name...)
	sum := s.sum()
	t.names.put(s)
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// valueKey is where the value of a token lies.
func (t *Tenant) valueKey(token string) string { return t.prefix + "t:" + token }

// memberKey is where it lies that the token was kept in a conversation, given
// hidden.
func (t *Tenant) memberKey(hidden, token string) string {
	return t.prefix + "c:" + hidden + ":" + token
}

// memberTag is what lies there: a keyed hash by which the entry agrees with one
// value only. The hidden conversation has one length and tokens have no NUL, so
// the parts cannot be mixed up.
func (t *Tenant) memberTag(hidden, token, canonical string) []byte {
	s := t.names.get()
	s.buf = append(append(s.buf, 'm'), hidden...)
	s.buf = append(append(s.buf, token...), 0)
	s.buf = append(s.buf, canonical...)
	sum := s.sum()
	t.names.put(s)
	return sum[:16]
}

// Keep stores items so that this tenant can turn their tokens back later, and,
// if conversation is not "", within that conversation. It costs at most one
// round trip, and none when this process knows that all items are stored and
// were renewed within KnownFor.
//
// taken[i] says that items[i].Token stands for another value, in the tenant or
// in the conversation: the caller derives that item's next token and keeps it
// again. taken is nil if no item is. On an error nothing may be sent in reliance
// on these tokens; the error is an ErrUnavailable or an ErrKey.
func (t *Tenant) Keep(ctx context.Context, conversation string, items []Item) (takenItems []bool, err error) {
	var open []pending
	mark := func(i int) {
		if takenItems == nil {
			takenItems = make([]bool, len(items))
		}
		takenItems[i] = true
	}
	for i := range items {
		key := t.v.known.key(t, conversation, &items[i])
		switch a, ok := t.v.known.get(key); {
		case !ok:
			open = append(open, pending{item: i, key: key})
		case a == taken:
			mark(i)
		}
	}
	if len(open) == 0 {
		return takenItems, nil
	}
	if err := t.put(ctx, conversation, items, open); err != nil {
		return nil, fmt.Errorf("vault: storing %d values: %w", len(open), err)
	}
	for _, p := range open {
		t.v.known.add(p.key, p.answer)
		if p.answer == taken {
			mark(p.item)
		}
	}
	return takenItems, nil
}

// pending is an item of which the store must be asked.
type pending struct {
	item   int
	key    knownKey
	answer answer
}

// put stores the items that are open and fills in the answers.
func (t *Tenant) put(ctx context.Context, conversation string, items []Item, open []pending) error {
	// With a conversation each item makes two entries, side by side.
	each, hidden := 1, ""
	if conversation != "" {
		each, hidden = 2, t.hide(conversation)
	}
	entries := make([]Entry, 0, each*len(open))
	for _, p := range open {
		it := &items[p.item]
		key := t.valueKey(it.Token)
		entries = append(entries, Entry{key, t.seals.seal(key, pack(it.canonical(), it.Value))})
		if each == 2 {
			tag := t.memberTag(hidden, it.Token, it.canonical())
			entries = append(entries, Entry{t.memberKey(hidden, it.Token), tag})
		}
	}
	prior, err := t.v.store.Put(ctx, entries, t.v.ttl)
	if err != nil {
		// A store in trouble may have lost what it once took. A caller that
		// gave up says nothing about the store.
		if ctx.Err() == nil {
			t.v.known.clear()
		}
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	for i := range open {
		p := &open[i]
		canonical := items[p.item].canonical()
		if value := prior[each*i]; value != nil {
			held, _, err := t.value(entries[each*i].Key, value)
			if err != nil {
				return err
			}
			p.answer = answer(held != canonical)
		}
		// The member entry can be of another value only if a token was taken
		// here before: then this conversation leaves the token alone.
		if each == 2 {
			if tag := prior[each*i+1]; tag != nil && !hmac.Equal(tag, entries[each*i+1].Value) {
				p.answer = taken
			}
		}
	}
	return nil
}

// value opens the entry that lay under a key of valueKey.
func (t *Tenant) value(key string, entry []byte) (canonical, value string, err error) {
	plaintext, err := t.seals.open(key, entry)
	if err != nil {
		return "", "", err
	}
	return unpack(plaintext)
}

// Lookup returns the values of tokens that were kept in that conversation, ""
// for those that were not. Without a conversation it knows none. One round trip.
func (t *Tenant) Lookup(ctx context.Context, conversation string, tokens []string) ([]string, error) {
	values := make([]string, len(tokens))
	if conversation == "" || len(tokens) == 0 {
		return values, nil
	}
	hidden := t.hide(conversation)
	keys := make([]string, 0, 2*len(tokens))
	for _, token := range tokens {
		keys = append(keys, t.valueKey(token), t.memberKey(hidden, token))
	}
	entries, err := t.v.store.Get(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("vault: looking up %d tokens: %w: %w", len(tokens), ErrUnavailable, err)
	}
	for i, token := range tokens {
		entry, tag := entries[2*i], entries[2*i+1]
		if entry == nil || tag == nil {
			continue
		}
		canonical, value, err := t.value(keys[2*i], entry)
		if err != nil {
			return nil, fmt.Errorf("vault: looking up %d tokens: %w", len(tokens), err)
		}
		if hmac.Equal(tag, t.memberTag(hidden, token, canonical)) {
			values[i] = value
		}
	}
	return values, nil
}

// Reveal returns the values of tokens of the tenant in whatever conversation
// they were kept, "" for those that were not: it is the operators' restore, and
// nothing that a client or a model says may lead to it. One round trip.
func (t *Tenant) Reveal(ctx context.Context, tokens []string) ([]string, error) {
	keys := t.valueKeys(tokens)
	entries, err := t.v.store.Get(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("vault: revealing %d tokens: %w: %w", len(tokens), ErrUnavailable, err)
	}
	values := make([]string, len(tokens))
	for i, entry := range entries {
		if entry == nil {
			continue
		}
		if _, values[i], err = t.value(keys[i], entry); err != nil {
			return nil, fmt.Errorf("vault: revealing %d tokens: %w", len(tokens), err)
		}
	}
	return values, nil
}

// Forget deletes the values of tokens, for all conversations. Another process
// that kept one of them less than KnownFor ago believes it stored that long.
func (t *Tenant) Forget(ctx context.Context, tokens []string) error {
	if err := t.v.store.Delete(ctx, t.valueKeys(tokens)); err != nil {
		return fmt.Errorf("vault: forgetting %d tokens: %w: %w", len(tokens), ErrUnavailable, err)
	}
	t.v.known.clear()
	return nil
}

func (t *Tenant) valueKeys(tokens []string) []string {
	keys := make([]string, len(tokens))
	for i, token := range tokens {
		keys[i] = t.valueKey(token)
	}
	return keys
}
