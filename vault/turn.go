package vault

import (
	"context"
	"crypto/hmac"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

// A turn is what a provider calls by a name of its own making and goes on from
// later: an answer, a file, a batch. Under that name the vault keeps, sealed,
// which tokens the thread knows by then. Turns are a tree and not a list, since
// two clients may go on from the same one: neither gets what the other adds.

// Member is a token that a turn knows, and a keyed hash by which it agrees with
// one value only.
type Member struct {
	Token string
	tag   [tagSize]byte
}

// maxMembers bounds what one turn knows: 2^16 tokens are about 2 MB. Beyond it
// the oldest are forgotten.
const maxMembers = 1 << 16

// KeepTurn keeps, under the name of a turn, what was known before it and what
// items add. A turn that was kept before stays as it is. At most one round trip,
// none where nothing is known. Keep must have taken the items already.
func (t *Tenant) KeepTurn(ctx context.Context, turn string, before []Member, items []Item) error {
	members := t.join(before, items)
	if len(members) == 0 || turn == "" {
		return nil
	}
	plain := getBuffer()
	defer plain.free()
	for i := range members {
		m := &members[i]
		plain.addText(m.Token)
		plain.b = append(plain.b, m.tag[:]...)
	}
	key := t.turnKey(turn)
	entries := []Entry{{key, t.seals.seal(nil, key, plain.b)}}
	if _, err := t.v.put(ctx, entries); err != nil {
		return fmt.Errorf("vault: storing a turn of %d tokens: %w", len(members), err)
	}
	return nil
}

// join returns what is known before and after, each token once, at most
// maxMembers of them.
func (t *Tenant) join(before []Member, items []Item) []Member {
	members := slices.Clone(before)
	seen := make(map[string]bool, len(before)+len(items))
	for _, m := range before {
		seen[m.Token] = true
	}
	for i := range items {
		if it := &items[i]; !seen[it.Token] {
			seen[it.Token] = true
			members = append(members, Member{it.Token, t.turnTag(it.Token, it.canonical())})
		}
	}
	return members[max(0, len(members)-maxMembers):]
}

// Turns returns what the turns of these names know together, in their order,
// each token once; nothing of a name that the tenant never kept. One round trip.
func (t *Tenant) Turns(ctx context.Context, names []string) ([]Member, error) {
	keys := make([]string, len(names))
	for i, name := range names {
		keys[i] = t.turnKey(name)
	}
	entries, err := t.v.get(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("vault: looking up %d turns: %w", len(names), err)
	}
	var members []Member
	for i, entry := range entries {
		if entry == nil {
			continue
		}
		opened, err := t.seals.open(nil, keys[i], entry)
		if err == nil {
			members, err = appendMembers(members, opened)
		}
		if err != nil {
			return nil, fmt.Errorf("vault: looking up %d turns: %w", len(names), err)
		}
	}
	return members, nil
}

// appendMembers reads what KeepTurn wrote, without those that are there already.
func appendMembers(members []Member, packed []byte) ([]Member, error) {
	seen := make(map[string]bool, len(members))
	for _, m := range members {
		seen[m.Token] = true
	}
	for len(packed) > 0 {
		n, w := binary.Uvarint(packed)
		if w <= 0 || n > uint64(len(packed)-w) || len(packed)-w-int(n) < tagSize {
			return nil, fmt.Errorf("%w: a turn is malformed", ErrKey)
		}
		m := Member{Token: string(packed[w : w+int(n)]), tag: [tagSize]byte(packed[w+int(n):])}
		packed = packed[w+int(n)+tagSize:]
		if !seen[m.Token] {
			members = append(members, m)
		}
	}
	return members, nil
}

// LookupMembers returns the values of members, "" for those that the vault does
// not have any more or has under a passcode. One round trip.
func (t *Tenant) LookupMembers(ctx context.Context, members []Member) ([]string, error) {
	values := make([]string, len(members))
	if len(members) == 0 {
		return values, nil
	}
	tokens := make([]string, len(members))
	for i := range members {
		tokens[i] = members[i].Token
	}
	err := t.read(ctx, "", nil, valueKeys(tokens), func(r *reading) error {
		for i := range members {
			canonical, value, err := r.value(i)
			if err != nil {
				return err
			}
			tag := t.turnTag(members[i].Token, string(canonical))
			if hmac.Equal(tag[:], members[i].tag[:]) {
				values[i] = string(value)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("vault: looking up %d tokens: %w", len(members), err)
	}
	return values, nil
}

func (t *Tenant) turnKey(name string) string {
	write := keyWriter{t: t}
	return write.join("u:", t.hide("turn\x00"+name))
}

// turnTag is bound to no turn: a turn's entry is sealed as a whole.
func (t *Tenant) turnTag(token, canonical string) (tag [tagSize]byte) {
	t.appendTag(tag[:0], turnScope, token, canonical)
	return tag
}

// turnScope stands where appendTag takes a hidden conversation, as long as one
// but none.
var turnScope = strings.Repeat("~", hiddenSize)
