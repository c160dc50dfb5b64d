package mask

import (
	"strings"
	"testing"
)

// turns masks the texts of one request and returns them as they are sent.
func turns(t *testing.T, s *Session, texts ...string) (sent []string) {
	t.Helper()
	for range 10 {
		sent = sent[:0]
		for _, text := range texts {
			e := edits{text: []byte(text)}
			if err := s.Mask(e.text, e.emit); err != nil {
				t.Fatal(err)
			}
			sent = append(sent, e.result())
		}
		again, err := s.Settle()
		if err != nil {
			t.Fatal(err)
		}
		if !again {
			return sent
		}
	}
	t.Fatal("never settled")
	return nil
}

// TestCase60 holds that a value which one turn found by the words around it
// stays masked in the turns after it, where nothing tells what it is.
func TestCase60(t *testing.T) {
	m := newMasker(t, newVault(t))
	for i, c := range []struct{ first, later, value string }{
		{"my ssn is 536228726", "is 536228726 right?", "536228726"},
		{"password = \"open-sesame\"", "I typed open-sesame, and it failed", "open-sesame"},
		{"call me at 4155550132", "4155550132, as I said", "4155550132"},
		{"Aadhaar 400123456787", "번호 400123456787입니다", "400123456787"},
	} {
		alone := turns(t, m.Session(t.Context(), Scope{}), c.later)
		if !strings.Contains(alone[0], c.value) {
			t.Errorf("%d: the later turn needs no earlier one", i)
		}
		s := m.Session(t.Context(), Scope{})
		sent := turns(t, s, c.first, "fine", c.later)
		if strings.Contains(strings.Join(sent, "\n"), c.value) {
			t.Errorf("%d: sent %q", i, sent)
		}
		if got := restored(t, s, sent[2]); got != c.later {
			t.Errorf("%d: restored as %q", i, got)
		}
	}
}

// TestKnownValuesAreWords holds that a known value is not looked for within
// others, and nobody else's request knows it.
func TestKnownValuesAreWords(t *testing.T) {
	m := newMasker(t, newVault(t))
	const later = "part 1536228726, 536228726q and 53622872"
	if sent := turns(t, m.Session(t.Context(), Scope{}), "my ssn is 536228726", later); sent[1] != later {
		t.Errorf("sent %q", sent[1])
	}
	if sent := turns(t, m.Session(t.Context(), Scope{}), "is 536228726 right?"); sent[0] != "is 536228726 right?" {
		t.Errorf("another session sent %q", sent[0])
	}
}
