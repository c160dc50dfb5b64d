package main

import (
	"slices"
	"strings"
	"testing"

	"maskit/detect/ner"
)

func TestParticle(t *testing.T) {
	for _, c := range []struct{ before, after, vowel, want string }{
		{"김민수", "이", "가", "가"},
		{"박지영", "이", "가", "이"},
		{"서울", "으로", "로", "로"}, // ㄹ
		{"부산", "으로", "로", "으로"},
		{"Kim", "은", "는", "는"},
	} {
		if got := particle(c.before, [2]string{c.after, c.vowel}); got != c.want {
			t.Errorf("%s takes %s, want %s", c.before, got, c.want)
		}
	}
}

func TestSpellHangul(t *testing.T) {
	for name, want := range map[string]string{"anna": "안나", "maria": "마리아", "tom": "톰"} {
		got := spellHangul(name)
		for _, r := range got {
			if r < 0xac00 || r > 0xd7a3 {
				t.Errorf("%s has %U", name, r)
			}
		}
		if name != "maria" && got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

// TestNatural holds that spans stay where they are when spaces go.
func TestNatural(t *testing.T) {
	const text = `( Maria Callas 's flat in Paris , " said he " . )`
	e := example{text: text, spans: []span{{2, 14, ner.Person}, {26, 31, ner.Location}}}.natural()
	if e.text != `(Maria Callas's flat in Paris, "said he".)` {
		t.Errorf("got %q", e.text)
	}
	var names []string
	for _, s := range e.spans {
		names = append(names, e.text[s.start:s.end])
	}
	if !slices.Equal(names, []string{"Maria Callas", "Paris"}) {
		t.Errorf("got %q", names)
	}
}

// TestGUM holds which mentions of GUM are names.
func TestGUM(t *testing.T) {
	var g gum
	for _, line := range []string{
		"Dr.\tPROPN\t0\t(1-person", "Claire\tPROPN\t0\t_", "Bailey\tPROPN\t0\t1)", "of\tADP\t0\t_",
		"University\tPROPN\t0\t(2-organization", "of\tADP\t0\t_", "Portsmouth\tPROPN\t0\t(3-place)2)", "met\tVERB\t0\t_",
		"the\tDET\t0\t(4-person", "doctor\tNOUN\t1\t4)", ".\tPUNCT\t0\t_",
	} {
		g.line(strings.Split(line, "\t"))
	}
	e := g.example(1)
	var got []string
	for _, s := range e.spans {
		got = append(got, e.text[s.start:s.end])
	}
	if !slices.Equal(got, []string{"Claire Bailey", "University of Portsmouth"}) {
		t.Errorf("got %q of %s", got, e.text)
	}
}

// TestMonotone holds that a curve never falls.
func TestMonotone(t *testing.T) {
	y := []float32{0, 0.5, 0.2, 0.9, 0.8}
	monotone(y, []float64{1, 1, 1, 1, 3})
	if !slices.IsSorted(y) || y[1] != y[2] || y[0] != 0 {
		t.Errorf("got %v", y)
	}
}
