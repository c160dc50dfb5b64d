package mask

import (
	"strings"
	"testing"

	"maskit/detect"
)

// aliasMasker masks terms of which two have several spellings.
func aliasMasker(t *testing.T) *Masker {
	t.Helper()
	cfg := DefaultConfig()
	cfg.Dictionaries = []detect.Dictionary{
		{Kind: "PROJECT", Terms: []string{"Project Nightjar = NJ-7 = Nachtschwalbe", "Blue Heron"}},
		{Kind: "CLIENT", Terms: []string{"Rishikesh Kumar = Rishi = R. Kumar", "Rishabh Kumar = Risha"}},
	}
	engine, err := detect.Compile(cfg.Config)
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(cfg, engine, newVault(t))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestCase61 holds that aliases share a token: all spellings of a term are one token,
// in one exchange and in all, and nobody else's.
func TestCase61(t *testing.T) {
	m := aliasMasker(t)
	token := masked(t, m.Session(t.Context(), Scope{}), "Project Nightjar")
	for _, spelling := range []string{"NJ-7", "nachtschwalbe", "PROJECT  NIGHTJAR", "N\u200bJ-7"} {
		s := m.Session(t.Context(), Scope{})
		if got := masked(t, s, spelling); got != token {
			t.Errorf("a spelling is sent as %q, the term as %q", got, token)
		}
		if got := restored(t, s, "on "+token+"!"); got != "on "+spelling+"!" {
			t.Error("what comes back is not the spelling of the request")
		}
	}
	got := strings.Fields(masked(t, m.Session(t.Context(), Scope{}), "Rishi and Risha and R. Kumar and Rishikesh Kumar and Blue Heron and NJ-7"))
	if got[0] != got[4] || got[0] != got[6] || got[0] == got[2] || got[10] != token || got[8] == token {
		t.Errorf("sent as %q", got)
	}
}

// TestFirstSpellingComesBack holds what returns where a request spells one term
// in several ways: the spelling that it met first.
func TestFirstSpellingComesBack(t *testing.T) {
	m := aliasMasker(t)
	s := m.Session(t.Context(), Scope{Conversation: "c"})
	const text = "NJ-7 is late; ask who leads Nachtschwalbe."
	sent := masked(t, s, text)
	if words := strings.Fields(sent); words[0]+"." != words[len(words)-1] {
		t.Errorf("sent as %q", sent)
	}
	if got := restored(t, s, sent); got != "NJ-7 is late; ask who leads NJ-7." {
		t.Error("the first spelling does not come back for both")
	}
	later := m.Session(t.Context(), Scope{Conversation: "c"})
	if got := restored(t, later, strings.Fields(sent)[0]); got != "NJ-7" {
		t.Error("a later exchange does not restore the spelling that was kept")
	}
}

// TestAliasWhoseTokenIsWritten holds that a client's own text with the token of
// a term goes through as it is, and the term gets another one, for all of its
// spellings.
func TestAliasWhoseTokenIsWritten(t *testing.T) {
	m := aliasMasker(t)
	token := masked(t, m.Session(t.Context(), Scope{}), "NJ-7")
	s := m.Session(t.Context(), Scope{})
	text := token + " is no NJ-7 and no Nachtschwalbe"
	sent := masked(t, s, text)
	words := strings.Fields(sent)
	if words[0] != token || words[3] == token || words[3] != words[6] {
		t.Errorf("sent as %q", sent)
	}
	if got := restored(t, s, words[0]+" "+words[3]); got != token+" NJ-7" {
		t.Error("not restored")
	}
}
