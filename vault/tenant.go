package vault

import (
	"encoding/base64"
	"strings"
	"sync/atomic"
)

// Tenant is one client of the vault, with tokens, keys and entries of its own:
// no tenant can restore what another masked. It is safe for concurrent use.
type Tenant struct {
	v      *Vault
	name   string
	prefix string  // Of its store keys: "maskit:<tenant>:".
	seals  *sealer // What leads to the keys of values; the state has those.
	codes  *keyedHash
	names  *keyedHash
	state  atomic.Pointer[heldState]
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

// hiddenOrNone hides the name of a conversation; "" is none.
func (t *Tenant) hiddenOrNone(conversation string) string {
	if conversation == "" {
		return ""
	}
	return t.hide(conversation)
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
func (w *keyWriter) size(space, token string) int {
	return 2*(len(w.t.prefix)+len("c:")+len(token)) + len(space) + hiddenSize
}

// value is where the value of a token lies, in the space of a scope.
func (w *keyWriter) value(space, token string) string { return w.join(space, token) }

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
