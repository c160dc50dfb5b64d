package detect

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// TestValidatorsTakeAnyID gives each check ids of the lengths that its rows let
// through, since one that reads beyond the end of an id would end the exchange.
func TestValidatorsTakeAnyID(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const digits, letters = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	pick := func(from string) byte { return from[random.IntN(len(from))] }
	for _, r := range Rules {
		if r.Valid == nil {
			continue
		}
		ids := [][]byte{}
		for _, row := range r.Forms {
			ids = append(ids, []byte(row))
		}
		for _, row := range r.Shapes {
			for _, s := range parseShape(row) {
				ids = append(ids, repeat("9", s.digits()))
			}
		}
		for _, row := range ids {
			for range 300 {
				few := digits[:1+random.IntN(len(digits))] // so that checks of a few characters hold
				id := make([]byte, 0, maxID)
				for _, c := range row {
					switch {
					case c == '9' || c == '*' && random.IntN(2) == 0:
						id = append(id, pick(few))
					case c == 'a' || c == '*':
						id = append(id, pick(letters))
					}
				}
				mustNotPanic(t, r.Name, len(id), func() { r.Valid(id) })
			}
		}
	}
}

// TestFormsAreAmongThoseOfTheirKeys writes what each form matches, and looks for the
// form where the scan would.
func TestFormsAreAmongThoseOfTheirKeys(t *testing.T) {
	cfg := rulesOnly()
	for _, k := range Kinds {
		cfg.Enable = append(cfg.Enable, k.Kind)
	}
	e := compile(t, cfg)
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(from string) byte { return from[random.IntN(len(from))] }
	for _, r := range Rules {
		for _, row := range r.Forms {
			for range 50 {
				text := []byte(". ")
				sep := pick(" -.")
				keep := random.IntN(2) == 0
				for _, c := range []byte(row) {
					switch c {
					case '9':
						c = pick("0123456789")
					case 'a':
						c = pick("abzABZ")
					case '*':
						c = pick("09azAZ")
					case '_':
						if c = pick(" -._x"); c == 'x' {
							continue
						}
					case '~':
						if c = sep; !keep {
							continue
						}
					}
					text = append(text, c)
				}
				at := bytes.IndexAny(text, "0123456789")
				if at < 0 { // "*" may be a letter each time
					continue
				}
				text = append(text, pick(" -./:,;)"), pick(" 0a.-"))
				text = append(text, "              "...)
				start, end := back(text, at, classWord, at), while(text, at, classDigit, len(text))
				if at-start > maxFormLetters {
					continue
				}
				lists := e.forms.of(newFormKey(at-start, end-at, behind(byteAt(text, end), byteAt(text, end+1))))
				if lists == nil {
					t.Fatalf("%s: %q has no forms", r.Name, text)
				}
				matches := false
				for _, l := range []formList{lists.alone, lists.weak} {
					for i := range l.forms {
						x := &l.forms[i]
						start, end, _ := x.match(nil, text, at)
						matches = matches || x.rule.Name == r.Name && start < end && l.outlines[i].fits(outlineOf(text, at))
					}
				}
				if !matches {
					t.Fatalf("%s: %q is not among the forms of its key", r.Name, text)
				}
			}
		}
	}
}

// mustNotPanic calls f and names the rule, and not what it was given, of which
// length tells, if it panics.
func mustNotPanic(t *testing.T, rule string, length int, f func()) {
	t.Helper()
	defer func() {
		if recover() != nil {
			t.Fatalf("%s: panics at a length of %d", rule, length)
		}
	}()
	f()
}
