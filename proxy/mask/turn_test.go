package mask

import (
	"strings"
	"testing"
)

// What a turn knows goes over to those that follow it, not to others.
func TestFollow(t *testing.T) {
	m := newMasker(t, newVault(t))
	first := m.Session(t.Context(), Scope{})
	token := masked(t, first, "ann@example.org")
	if _, err := first.Settle(); err != nil {
		t.Fatal(err)
	}
	first.KeepTurn("a")
	first.Close()
	for names, want := range map[string]string{"a": "ann@example.org", "b a": "ann@example.org", "b": token, "": token} {
		s := m.Session(t.Context(), Scope{})
		if err := s.Follow(strings.Fields(names)); err != nil {
			t.Fatal(err)
		}
		if s.HasTokens() != (want != token) {
			t.Errorf("%q: HasTokens is %v", names, s.HasTokens())
		}
		if got := restored(t, s, token); got != want {
			t.Errorf("%q: got %q, want %q", names, got, want)
		}
		s.Close()
	}
}
