package vault

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func mustTurns(t *testing.T, tenant *Tenant, names ...string) []Member {
	t.Helper()
	members, err := tenant.Turns(t.Context(), names)
	if err != nil {
		t.Fatal(err)
	}
	return members
}

func tokensOf(members []Member) (tokens []string) {
	for _, m := range members {
		tokens = append(tokens, m.Token)
	}
	return tokens
}

// turnContract is what turns must do over every store.
func turnContract(t *testing.T, v *Vault) {
	ctx := t.Context()
	a, b := twins(v)
	first := Item{"EMAIL2BCDFGHJ", "ada@example.com", ""}
	second := Item{"CARD3BCDFGHJ", "4111 1111", "41111111"}
	third := Item{"PERSON4BCDFGHJ", "Ada", ""}
	mustKeep(t, a.Tenant("turns"), "", first, second, third)

	keep := func(turn string, before []Member, items ...Item) {
		t.Helper()
		if err := a.Tenant("turns").KeepTurn(ctx, turn, before, items); err != nil {
			t.Fatal(err)
		}
	}
	other := b.Tenant("turns") // another replica
	keep("r1", nil, first)
	keep("r2", mustTurns(t, other, "r1"), second, first)
	keep("r2b", mustTurns(t, other, "r1"), third) // goes on from the same one
	keep("none", nil)

	for want, names := range map[string][]string{
		"EMAIL2BCDFGHJ":                             {"r1"},
		"EMAIL2BCDFGHJ CARD3BCDFGHJ":                {"r2"},
		"EMAIL2BCDFGHJ PERSON4BCDFGHJ":              {"r2b"},
		"EMAIL2BCDFGHJ CARD3BCDFGHJ PERSON4BCDFGHJ": {"r2", "none", "r2b"},
		"": {"none", "r9", ""},
	} {
		if got := strings.Join(tokensOf(mustTurns(t, other, names...)), " "); got != want {
			t.Errorf("%v: got %q, want %q", names, got, want)
		}
	}
	if m := mustTurns(t, b.Tenant("turns2"), "r1"); m != nil {
		t.Errorf("another tenant knows %d tokens of the turn", len(m))
	}
	values, err := other.LookupMembers(ctx, mustTurns(t, other, "r2"))
	wantValues(t, "members", values, err, "ada@example.com", "4111 1111")

	if _, err := other.EraseTokens(ctx, []string{second.Token}); err != nil {
		t.Fatal(err)
	}
	members := mustTurns(t, other, "r2")
	values, err = other.LookupMembers(ctx, members)
	wantValues(t, "one forgotten", values, err, "ada@example.com", "")
	mustKeep(t, other, "", Item{second.Token, "5500 0000", ""})
	values, err = other.LookupMembers(ctx, members)
	wantValues(t, "its token another value's by now", values, err, "ada@example.com", "")
}

func TestTurnsAreBounded(t *testing.T) {
	v, err := Open(t.Context(), DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	tenant := v.Tenant("many")
	items := make([]Item, maxMembers+10)
	for i := range items {
		items[i] = Item{fmt.Sprintf("T%d", i), "x", ""}
	}
	if err := tenant.KeepTurn(t.Context(), "r", nil, items); err != nil {
		t.Fatal(err)
	}
	got := mustTurns(t, tenant, "r")
	if len(got) != maxMembers || got[0].Token != "T10" {
		t.Errorf("%d tokens, the first is %s", len(got), got[0].Token)
	}
}

// A turn that somebody cut or moved to another name does not open.
func TestTurnsAreSealed(t *testing.T) {
	v, err := Open(t.Context(), DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	tenant := v.Tenant("sealed")
	if err := tenant.KeepTurn(t.Context(), "r1", nil, []Item{{"EMAIL2BCDFGHJ", "x", ""}}); err != nil {
		t.Fatal(err)
	}
	entry, err := v.store.Get(t.Context(), []string{tenant.turnKey("r1")})
	if err != nil || strings.Contains(string(entry[0]), "EMAIL") {
		t.Fatalf("the turn is not sealed: %v", err)
	}
	moved := []Entry{{tenant.turnKey("r2"), slices.Clone(entry[0])}, {tenant.turnKey("r3"), entry[0][:len(entry[0])-1]}}
	if _, err := v.store.Put(t.Context(), moved, v.ttl); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"r2", "r3"} {
		if _, err := tenant.Turns(t.Context(), []string{name}); !errors.Is(err, ErrKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := appendMembers(nil, []byte{200}); !errors.Is(err, ErrKey) {
		t.Errorf("malformed: %v", err)
	}
}
