package vault

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"fmt"
	"slices"
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
	if t.name != "" && len(t.name) <= 64 && strings.TrimFunc(t.name, plainRune) == "" {
		return t.name
	}
	return "~" + t.hide(t.name)
}

// plainRune is what stands in keys as it is.
func plainRune(r rune) bool {
	return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '-' || r == '_'
}

// hide returns 16 bytes of a keyed hash of a name, as 22 characters.
func (t *Tenant) hide(name string) string {
	s := t.names.get()
	s.buf = append(append(s.buf, 'n'), name...)
	sum := s.sum()
	t.names.put(s)
	return base64.RawURLEncoding.EncodeToString(sum[:tagSize])
}

const (
	tagSize    = 16
	hiddenSize = (tagSize*8 + 5) / 6
)

// keyWriter makes the store keys of a batch in one piece of memory. It may grow:
// the keys before stay where they are.
type keyWriter struct {
	t    *Tenant
	text strings.Builder
}

// size is about what the two keys of a token take.
func (w *keyWriter) size(token string) int {
	return 2*(len(w.t.prefix)+len("t:")+len(token)) + hiddenSize + len(":")
}

// value is where the value of a token lies.
func (w *keyWriter) value(token string) string { return w.join("t:", token) }

// member is where it lies that the token was kept in a conversation, given
// hidden.
func (w *keyWriter) member(hidden, token string) string { return w.join("c:", hidden, ":", token) }

func (w *keyWriter) join(parts ...string) string {
	from := w.text.Len()
	w.text.WriteString(w.t.prefix)
	for _, part := range parts {
		w.text.WriteString(part)
	}
	return w.text.String()[from:]
}

// appendTag appends what lies under the key of a member: a keyed hash by which
// the entry agrees with one value only. The hidden conversation has one length
// and tokens have no NUL, so the parts cannot be mixed up.
func (t *Tenant) appendTag(dst []byte, hidden, token, canonical string) []byte {
	s := t.names.get()
	s.buf = append(append(s.buf, 'm'), hidden...)
	s.buf = append(append(s.buf, token...), 0)
	s.buf = append(s.buf, canonical...)
	sum := s.sum()
	t.names.put(s)
	return append(dst, sum[:tagSize]...)
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
	var few [32]ask // On the stack: a usual request asks for less.
	asks := t.v.known.recall(few[:0], t.name, conversation, items)
	open := slices.DeleteFunc(asks, func(a ask) bool {
		if a.known && a.answer == taken {
			takenItems = mark(takenItems, items, a)
		}
		return a.known
	})
	if len(open) == 0 {
		return takenItems, nil
	}
	if err := t.put(ctx, conversation, items, open); err != nil {
		return nil, fmt.Errorf("vault: storing %d values: %w", len(open), err)
	}
	t.v.known.learn(open)
	for _, a := range open {
		if a.answer == taken {
			takenItems = mark(takenItems, items, a)
		}
	}
	return takenItems, nil
}

// mark sets what Keep says of one item.
func mark(takenItems []bool, items []Item, a ask) []bool {
	if takenItems == nil {
		takenItems = make([]bool, len(items))
	}
	takenItems[a.item] = true
	return takenItems
}

// put stores the items that are open and fills in the answers.
func (t *Tenant) put(ctx context.Context, conversation string, items []Item, open []ask) error {
	// With a conversation each item makes two entries, side by side.
	each := 1
	if conversation != "" {
		each = 2
	}
	entries := t.entries(conversation, items, open)
	var prior [][]byte
	err := t.v.breaker.do(ctx, func() (err error) {
		prior, err = t.v.store.Put(ctx, entries, t.v.ttl)
		return err
	})
	if err != nil {
		// A store in trouble may have lost what it once took. A caller that
		// gave up says nothing about the store.
		if ctx.Err() == nil {
			t.v.known.clear()
		}
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	plain := getBuffer()
	defer plain.free()
	for i := range open {
		a := &open[i]
		if value := prior[each*i]; value != nil {
			held, _, err := t.value(plain, entries[each*i].Key, value)
			if err != nil {
				return err
			}
			a.answer = answer(string(held) != items[a.item].canonical())
		}
		// The member entry can be of another value only if a token was taken
		// here before: then this conversation leaves the token alone.
		if each == 2 {
			if tag := prior[each*i+1]; tag != nil && !hmac.Equal(tag, entries[each*i+1].Value) {
				a.answer = taken
			}
		}
	}
	return nil
}

// entries makes what is stored of the items that are open: for each its value
// and, with a conversation, its member entry. All keys lie in one piece of
// memory and all values in another.
func (t *Tenant) entries(conversation string, items []Item, open []ask) []Entry {
	keys := keyWriter{t: t}
	keySize, valueSize := 0, 0
	for _, a := range open {
		it := &items[a.item]
		keySize += keys.size(it.Token)
		valueSize += sealedSize(len(it.Value)+len(it.Canonical)) + tagSize
	}
	keys.text.Grow(keySize)
	values := make([]byte, 0, valueSize)
	// cut returns what was appended to values since it had n bytes.
	cut := func(n int) []byte { return values[n:len(values):len(values)] }

	plain := getBuffer()
	defer plain.free()
	entries := make([]Entry, 0, 2*len(open))
	hidden := ""
	if conversation != "" {
		hidden = t.hide(conversation)
	}
	for _, a := range open {
		it := &items[a.item]
		plain.b = appendPacked(plain.b[:0], it.canonical(), it.Value)
		key, n := keys.value(it.Token), len(values)
		values = t.seals.seal(values, key, plain.b)
		entries = append(entries, Entry{key, cut(n)})
		if hidden != "" {
			n = len(values)
			values = t.appendTag(values, hidden, it.Token, it.canonical())
			entries = append(entries, Entry{keys.member(hidden, it.Token), cut(n)})
		}
	}
	return entries
}

// value opens the entry that lay under the key of a value. What it returns lies
// in plain until that is used again.
func (t *Tenant) value(plain *buffer, key string, entry []byte) (canonical, value []byte, err error) {
	opened, err := t.seals.open(plain.b[:0], key, entry)
	if err != nil {
		return nil, nil, err
	}
	plain.b = opened
	return unpack(opened)
}

// Lookup returns the values of tokens that were kept in that conversation, ""
// for those that were not. Without a conversation it knows none. One round trip.
func (t *Tenant) Lookup(ctx context.Context, conversation string, tokens []string) ([]string, error) {
	values := make([]string, len(tokens))
	if conversation == "" || len(tokens) == 0 {
		return values, nil
	}
	hidden := t.hide(conversation)
	write := keyWriter{t: t}
	keys := make([]string, 0, 2*len(tokens))
	for _, token := range tokens {
		keys = append(keys, write.value(token), write.member(hidden, token))
	}
	entries, err := t.get(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("vault: looking up %d tokens: %w: %w", len(tokens), ErrUnavailable, err)
	}
	plain := getBuffer()
	defer plain.free()
	var tags [tagSize]byte
	for i, token := range tokens {
		entry, tag := entries[2*i], entries[2*i+1]
		if entry == nil || tag == nil {
			continue
		}
		canonical, value, err := t.value(plain, keys[2*i], entry)
		if err != nil {
			return nil, fmt.Errorf("vault: looking up %d tokens: %w", len(tokens), err)
		}
		if hmac.Equal(tag, t.appendTag(tags[:0], hidden, token, string(canonical))) {
			values[i] = string(value)
		}
	}
	return values, nil
}

func (t *Tenant) get(ctx context.Context, keys []string) (entries [][]byte, err error) {
	err = t.v.breaker.do(ctx, func() (err error) {
		entries, err = t.v.store.Get(ctx, keys)
		return err
	})
	return entries, err
}

// Reveal returns the values of tokens of the tenant in whatever conversation
// they were kept, "" for those that were not: it is the operators' restore, and
// nothing that a client or a model says may lead to it. One round trip.
func (t *Tenant) Reveal(ctx context.Context, tokens []string) ([]string, error) {
	keys := t.valueKeys(tokens)
	entries, err := t.get(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("vault: revealing %d tokens: %w: %w", len(tokens), ErrUnavailable, err)
	}
	values := make([]string, len(tokens))
	plain := getBuffer()
	defer plain.free()
	for i, entry := range entries {
		if entry == nil {
			continue
		}
		_, value, err := t.value(plain, keys[i], entry)
		if err != nil {
			return nil, fmt.Errorf("vault: revealing %d tokens: %w", len(tokens), err)
		}
		values[i] = string(value)
	}
	return values, nil
}

// Forget deletes the values of tokens, for all conversations. Another process
// that kept one of them less than KnownFor ago believes it stored that long.
func (t *Tenant) Forget(ctx context.Context, tokens []string) error {
	keys := t.valueKeys(tokens)
	err := t.v.breaker.do(ctx, func() error { return t.v.store.Delete(ctx, keys) })
	if err != nil {
		return fmt.Errorf("vault: forgetting %d tokens: %w: %w", len(tokens), ErrUnavailable, err)
	}
	t.v.known.clear()
	return nil
}

func (t *Tenant) valueKeys(tokens []string) []string {
	write := keyWriter{t: t}
	keys := make([]string, len(tokens))
	for i, token := range tokens {
		keys[i] = write.value(token)
	}
	return keys
}
