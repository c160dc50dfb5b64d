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

// What is restored does not need the texts of the request, nor room for them.
func TestSent(t *testing.T) {
	m := newMasker(t, newVault(t))
	s := m.Session(t.Context(), Scope{})
	defer s.Close()
	text := "of ann@example.org " + strings.Repeat("and nobody else ", 1000)
	out := masked(t, s, text)
	s.Sent()
	if n := cap(s.texts.raw) + cap(s.resumption.body); n > maxHeld {
		t.Errorf("%d bytes are held", n)
	}
	if got := restored(t, s, out); got != text {
		t.Error("the text does not come back as it was")
	}
}
