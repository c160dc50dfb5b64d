package mask

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"maskit/detect"
)

// policyOf makes a masker of the standard policy with changes.
func policyOf(t testing.TB, change func(*Config)) *Masker {
	t.Helper()
	cfg := DefaultConfig()
	cfg.Model = false // What it finds is not the matter here.
	cfg.Dictionaries = []detect.Dictionary{{Kind: "PROJECT", Terms: terms}}
	change(&cfg)
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

func TestActions(t *testing.T) {
	const text = "ann@example.org or 4111 1111 1111 1111"
	for _, c := range []struct {
		action string
		want   string // what becomes of the card, a regular expression
		kept   int
		back   bool
	}{
		{ActionToken, `CARD[2-9][2-9B-Z]{7}`, 2, true},
		{ActionRedact, `\[CARD\]`, 1, false},
		{ActionLast4, `\*\*\*\*1111`, 1, false},
		{ActionHash, `\[CARD:[0-9a-f]{16}\]`, 1, false},
		{ActionAllow, `4111 1111 1111 1111`, 1, true},
	} {
		t.Run(c.action, func(t *testing.T) {
			m := policyOf(t, func(p *Config) { p.Actions = map[detect.Kind]string{detect.CreditCard: c.action} })
			s := m.Session(t.Context(), Scope{})
			defer s.Close()
			out := masked(t, s, text)
			if !regexp.MustCompile(`^EMAIL\w{8} or ` + c.want + `$`).MatchString(out) {
				t.Errorf("masked %q, want the card as %s", out, c.want)
			}
			if got := restored(t, s, out); (got == text) != c.back {
				t.Errorf("restored %q", got)
			}
			if len(s.items) != c.kept {
				t.Errorf("%d values reached the vault, want %d", len(s.items), c.kept)
			}
			for _, it := range s.items {
				if c.kept == 1 && strings.Contains(it.Value+it.Canonical, "1111") {
					t.Error("the vault got the value of an action that keeps none")
				}
			}
			allowed, found := len(s.Allowed()), len(s.Masked())
			if want := c.action == ActionAllow; (allowed == 1) != want || (found == 1) != want {
				t.Errorf("counted %d kinds as allowed and %d as masked", allowed, found)
			}
		})
	}
}

func TestLast4ShowsNothingOfShortValues(t *testing.T) {
	s := policyOf(t, func(*Config) {}).Session(t.Context(), Scope{})
	defer s.Close()
	for value, want := range map[string]string{
		"1234567": "****", "12-34-56-7": "****", "": "****", "\xff\xfe": "****", "12345678": "****5678",
		"AB 12 34 56 78": "****5678", "김민수-일이삼사오육": "****삼사오육", "4111-1111-1111-1234!": "****1234",
	} {
		if got := s.last4("", []byte(value), ""); got != want {
			t.Errorf("a value of %d bytes is %q, want %q", len(value), got, want)
		}
	}
}

// A hash is the same for equal values, and another for another value, kind or
// tenant.
func TestHash(t *testing.T) {
	m := policyOf(t, func(*Config) {})
	hash := func(tenant string, kind detect.Kind, value string) string {
		s := m.Session(t.Context(), Scope{Tenant: tenant})
		defer s.Close()
		return s.hash(kind, []byte(value), "")
	}
	a := hash("", detect.EmailAddress, "ann@example.org")
	if b := hash("", detect.EmailAddress, "Ann@Example.org"); a != b {
		t.Errorf("two spellings are %s and %s", a, b)
	}
	seen := map[string]bool{a: true}
	for _, other := range []string{
		hash("acme", detect.EmailAddress, "ann@example.org"), hash("", detect.EmailAddress, "bob@example.org"),
		hash("", "PROJECT", "ann@example.org"),
	} {
		if seen[other] {
			t.Errorf("%s is the hash of two", other)
		}
		seen[other] = true
	}
}

// A kind that is blocked ends the exchange, whatever else was found, and before
// anything is kept.
func TestBlock(t *testing.T) {
	m := policyOf(t, func(p *Config) { p.Actions = map[detect.Kind]string{detect.CreditCard: ActionBlock} })
	s := m.Session(t.Context(), Scope{})
	defer s.Close()
	e := edits{text: []byte("ann@example.org paid with 4111 1111 1111 1111")}
	if err := s.Mask(e.text, e.emit); err != nil {
		t.Fatal(err)
	}
	_, err := s.Settle()
	var kind *ErrKind
	if !errors.As(err, &kind) || kind.Kind != detect.CreditCard || strings.Contains(err.Error(), "1111") {
		t.Errorf("settled with %v, want an error that names the kind only", err)
	}
	if strings.Contains(e.result(), "4111") || len(s.items) != 0 {
		t.Errorf("the text is %q, %d values were kept", e.result(), len(s.items))
	}
}

// In observe mode nothing is blocked or changed.
func TestObserveBlocksNothing(t *testing.T) {
	m := policyOf(t, func(p *Config) {
		p.Mode, p.Actions = ModeObserve, map[detect.Kind]string{detect.CreditCard: ActionBlock}
	})
	s := m.Session(t.Context(), Scope{})
	defer s.Close()
	if out := masked(t, s, "4111 1111 1111 1111"); out != "4111 1111 1111 1111" || len(s.Masked()) != 1 {
		t.Errorf("masked %q, counted %v", out, s.Masked())
	}
}
