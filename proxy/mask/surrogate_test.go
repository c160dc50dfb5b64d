package mask

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"maskit/detect"
)

// people are names that a dictionary finds: the model's work, without the model.
var people = []string{"Ann Lee", "Bob Stone", "Eve", "Jean-Luc d'Arc"}

func surrogating(t testing.TB) *Masker {
	return policyOf(t, func(c *Config) {
		c.Dictionaries = append(c.Dictionaries, detect.Dictionary{Kind: "PERSON", Terms: people})
		c.Actions = map[detect.Kind]string{}
		for _, k := range []detect.Kind{detect.EmailAddress, detect.PhoneNumber, detect.CreditCard, detect.IBANCode, "PERSON"} {
			c.Actions[k] = ActionSurrogate
		}
	})
}

// surrogateOf is what stands for a value before anything else is known.
func surrogateOf(t testing.TB, m *Masker, value string) string {
	t.Helper()
	s := m.Session(t.Context(), Scope{})
	defer s.Close()
	return masked(t, s, value)
}

// Restoring what was masked gives the text back, byte for byte, whole and at
// every cut, also where the text itself holds surrogates, their beginnings and
// other spellings of them.
func TestRestoreUndoesSurrogates(t *testing.T) {
	m := surrogating(t)
	values := []string{"ann@example.org", "Ann@Example.org", "bob@firma.de", "4111 1111 1111 1111", "4111111111111111", "DE89370400440532013000", "+49 30 901820"}
	values = append(append(values, people...), terms...)
	pieces := append([]string{" ", ", ", "\n", "SSN ", "CARD", "e", "E", "+1", "4", "\x00", "EMAIL7TX3W9KD", "김민수"}, values...)
	for _, v := range append(people, values[:7]...) {
		f := surrogateOf(t, m, v)
		pieces = append(pieces, f, f[:len(f)/2], f[1:], strings.ToUpper(f), strings.ReplaceAll(f, " ", "\n"))
	}
	rng := rand.New(rand.NewPCG(3, 4))
	for range 800 {
		var b strings.Builder
		for range 1 + rng.IntN(10) {
			b.WriteString(pieces[rng.IntN(len(pieces))])
			if rng.IntN(3) > 0 {
				b.WriteByte(' ')
			}
		}
		text := b.String()
		s := m.Session(t.Context(), Scope{})
		out := masked(t, s, text)
		if got := restored(t, s, out); got != text {
			t.Fatalf("restored %q, want %q; masked %q", got, text, out)
		}
		for cut := range len(out) + 1 {
			if got := inPieces(t, s, out, cut); got != text {
				t.Fatalf("cut at %d restored %q, want %q; masked %q", cut, got, text, out)
			}
		}
		a := rng.IntN(len(out) + 1)
		if got := inPieces(t, s, out, a, a+rng.IntN(len(out)-a+1)); got != text {
			t.Fatalf("two cuts restored %q, want %q", got, text)
		}
		s.Close()
	}
}

// No value is left, and none of the surrogates stood in the text already.
func TestSurrogatesCollideWithNothing(t *testing.T) {
	m := surrogating(t)
	first := surrogateOf(t, m, "Ann Lee")
	s := m.Session(t.Context(), Scope{})
	defer s.Close()
	text := "Ann Lee and " + strings.ToLower(first) + " are two people."
	out := masked(t, s, text)
	if strings.HasPrefix(out, first) || strings.Contains(out, "Ann Lee") {
		t.Errorf("masked %q, where %q stood already", out, first)
	}
	if got := restored(t, s, out); got != text {
		t.Errorf("restored %q, want %q", got, text)
	}
}

// What models make of a surrogate is found, and what only looks like one is not.
func TestRestoreSurrogate(t *testing.T) {
	m := surrogating(t)
	s := m.Session(t.Context(), Scope{})
	defer s.Close()
	name := masked(t, s, "Ann Lee")
	for text, want := range map[string]string{
		"Dear " + name + ",":                           "Dear Ann Lee,",
		strings.ToUpper(name) + "'s":                   "Ann Lee's",
		"**" + name + "**":                             "**Ann Lee**",
		strings.ReplaceAll(name, " ", "\n"):            "Ann Lee",
		"x" + strings.ToLower(name):                    "x" + strings.ToLower(name),
		name[:len(name)-1]:                             name[:len(name)-1],
		name + " and " + name:                          "Ann Lee and Ann Lee",
		strings.ReplaceAll(name, " ", "  ") + " twice": strings.ReplaceAll(name, " ", "  ") + " twice",
	} {
		if got := restored(t, s, text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

// The same value has the same surrogate in each exchange of a tenant, another
// value another one, and another tenant others.
func TestSurrogatesAreKeyed(t *testing.T) {
	a, b := surrogating(t), surrogating(t)
	one, two := surrogateOf(t, a, "ann@example.org"), surrogateOf(t, b, "ann@example.org")
	if one != two {
		t.Errorf("two processes with one key say %q and %q", one, two)
	}
	if other := surrogateOf(t, a, "bob@firma.de"); other == one {
		t.Errorf("two values are %q", one)
	}
	s := a.Session(t.Context(), Scope{Tenant: "acme"})
	defer s.Close()
	if other := masked(t, s, "ann@example.org"); other == one {
		t.Errorf("two tenants say %q", one)
	}
}

// Surrogates are valid in form: what has a check passes it, and the detectors
// take it for what it stands for.
func TestSurrogatesAreValid(t *testing.T) {
	forms := map[detect.Kind]string{
		detect.EmailAddress: `[a-z]+\.[a-z]+\d{3}@example\.(com|net|org)`,
		detect.PhoneNumber:  `\+1 [2-9]\d\d-555-01\d\d`,
		detect.CreditCard:   `4000 00\d\d \d{4} \d{4}`,
		detect.IBANCode:     `GB\d\dQQMK\d{14}`,
		detect.USSSN:        `9\d\d-[0-4]\d-\d{4}`,
		detect.IPAddress:    `198\.1[89]\.\d{1,3}\.\d{1,3}`,
		detect.Username:     `[a-z]+_[a-z]+\d\d`,
		"PERSON":            `[A-Z][a-z]+ [A-Z][a-z]+`,
		"LOCATION":          `[A-Z][a-z]+`,
		"ORGANIZATION":      `[A-Z][a-z]+ [A-Z][a-z]+`,
		"STREET_ADDRESS":    `\d+ [A-Z][a-z]+ (Street|Avenue|Road|Lane)`,
		"DATE_OF_BIRTH":     `19\d\d-\d\d-\d\d`,
		"MAC_ADDRESS":       `02:00:5e(:[0-9a-f]{2}){3}`,
	}
	engine, err := detect.Compile(detect.DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	tenant := newVault(t).Tenant(DefaultTenant)
	for kind, fake := range fakers {
		form, ok := forms[kind]
		if !ok {
			t.Errorf("%s: nobody says what it looks like", kind)
		}
		for i := range 300 {
			text := fake(&dice{sum: tenant.Sum("test", nil, i)})
			if !regexp.MustCompile("^" + form + "$").MatchString(text) {
				t.Fatalf("%s: %q is not of the form %s", kind, text, form)
			}
			if isToken(text) {
				t.Fatalf("%s: %q looks like a token", kind, text)
			}
			if !slices.Contains([]detect.Kind{detect.EmailAddress, detect.PhoneNumber, detect.CreditCard, detect.IBANCode}, kind) {
				continue
			}
			found, err := engine.Find(t.Context(), nil, []byte("it is "+text+" now"))
			if err != nil || len(found) != 1 || found[0].Kind != kind || found[0].End-found[0].Start != len(text) {
				t.Fatalf("%s: %q is not taken for one: %v, %v", kind, text, found, err)
			}
		}
	}
}

// When all surrogates of a value are taken, it gets a token.
func TestSurrogatesEndInTokens(t *testing.T) {
	m := surrogating(t)
	s := m.Session(t.Context(), Scope{})
	defer s.Close()
	for i := range maxFakes {
		s.form = append(s.form[:0], "ann@example.org"...)
		s.byToken[string(s.surrogate(detect.EmailAddress, i))] = literal
	}
	out := masked(t, s, "to ann@example.org")
	if !regexp.MustCompile(`^to EMAIL\w{8}$`).MatchString(out) || restored(t, s, out) != "to ann@example.org" {
		t.Errorf("masked %q", out)
	}
}

// A surrogate of a turn before, which the request goes on from, is restored.
func TestSurrogatesOfATurnBefore(t *testing.T) {
	m := surrogating(t)
	a := m.Session(t.Context(), Scope{})
	out := masked(t, a, "Ann Lee")
	a.KeepTurn("resp_1")
	a.Close()
	b := m.Session(t.Context(), Scope{})
	defer b.Close()
	if err := b.Follow([]string{"resp_1"}); err != nil {
		t.Fatal(err)
	}
	if got := inPieces(t, b, "Dear "+out+"!", 7); got != "Dear Ann Lee!" {
		t.Errorf("restored %q", got)
	}
}

func TestSurrogateNeedsAFaker(t *testing.T) {
	c := DefaultConfig()
	c.Actions = map[detect.Kind]string{"VIN": ActionSurrogate}
	if err := c.Validate(); err == nil || err.Error() != "actions.VIN: there are no made-up values of this kind; take token" {
		t.Errorf("the fault is %v", err)
	}
}

func BenchmarkSurrogates(b *testing.B) {
	m := surrogating(b)
	text := []byte(strings.Repeat("Ann Lee wrote to bob@firma.de about card 4111 1111 1111 1111. ", 16))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		s := m.Session(b.Context(), Scope{})
		e := edits{text: text}
		if err := s.Mask(text, e.emit); err != nil {
			b.Fatal(err)
		}
		if _, err := s.Settle(); err != nil {
			b.Fatal(err)
		}
		if err := s.Restore([]byte(e.result()), func(int, int, string) {}); err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
}

// next finds what at finds, however it passes over the rest.
func TestSurrogatesNext(t *testing.T) {
	f := newSurrogates([]string{"Maria Keller", "Maria", "Theo Sandberg", "theo@example.net", "4000 0012 3456 7899", "Al"})
	parts := []string{"Maria Keller", "Theo Sandberg", "Maria", " Keller", "maria", "\nKeller", "xMaria", "Theo", " Sandberg", "theo@", "example.net", "4000 0012 ", "3456 7899", "Al", "al", "the", "M", "T", "a", " ", "prose ", "ü"}
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, few := range []*surrogates{f, newSurrogates([]string{"Maria Keller", "Theo Sandberg", "4000 0012 3456 7899"})} {
		met := 0
		for range 20_000 {
			var text []byte
			for range rnd.IntN(8) {
				text = append(text, parts[rnd.IntN(len(parts))]...)
			}
			from, last, prev := rnd.IntN(len(text)+1), rnd.IntN(2) == 0, " x"[rnd.IntN(2)]
			want, found, open := sighting{}, false, len(text)
			for i := from; i < len(text) && !found && open == len(text); i++ {
				before := prev
				if i > 0 {
					before = text[i-1]
				}
				end, sent, cut := few.at(text, i, isWord(before))
				switch {
				case cut && !last:
					open = i
				case end > 0:
					want, found = sighting{i, end, sent}, true
				}
			}
			if got, ok, to := few.next(prev, text, from, last); got != want || ok != found || to != open {
				t.Fatalf("%q from %d: %v %v %d, want %v %v %d", text, from, got, ok, to, want, found, open)
			}
			if found {
				met++
			}
		}
		if met < 1000 {
			t.Errorf("only %d were met", met)
		}
	}
}
