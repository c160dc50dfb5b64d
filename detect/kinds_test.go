package detect

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestKindsTable(t *testing.T) {
	form := regexp.MustCompile(`^[A-Z]{3,12}$`)
	for _, k := range Kinds {
		if !form.MatchString(k.Label) {
			t.Errorf("%s: label %q is not of 3 to 12 letters", k.Kind, k.Label)
		}
		if k.Doc == "" || k.Fold == nil {
			t.Errorf("%s: the row is not complete", k.Kind)
		}
		for _, other := range Kinds {
			if other.Kind != k.Kind && strings.HasSuffix(other.Label, k.Label) {
				t.Errorf("label %s ends in label %s", other.Label, k.Label)
			}
		}
		if modelled(k.Kind) {
			continue
		}
		if !slices.ContainsFunc(Rules, func(r Rule) bool { return r.Kind == k.Kind }) {
			t.Errorf("%s: no rule finds it", k.Kind)
		}
	}
	for _, r := range Rules {
		if r.Kind.info() == nil {
			t.Errorf("rule %s: kind %s has no row", r.Name, r.Kind)
		}
	}
}

func TestRuleNamesDiffer(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Rules {
		if seen[r.Name] {
			t.Errorf("two rules are called %s", r.Name)
		}
		seen[r.Name] = true
	}
}

func TestLabel(t *testing.T) {
	for kind, want := range map[Kind]string{
		EmailAddress: "EMAIL", CreditCard: "CARD", "PROJECT": "PROJECT", "CUSTOMER_NUMBER_2": "CUSTOMERNUMB", "X_1": "TERM", "": "TERM", "PERSON": "PERSON",
	} {
		if got := kind.Label(); got != want {
			t.Errorf("label of %q is %q, want %q", kind, got, want)
		}
	}
}

func TestCanonical(t *testing.T) {
	for _, c := range []struct {
		kind        Kind
		value, want string
	}{
		{EmailAddress, "Kim@Corp.Example.COM", "kim@corp.example.com"},
		{EmailAddress, "ｋｉｍ@corp.example.com", "kim@corp.example.com"},
		{CreditCard, "4111-1111 1111\u200b1111", "4111111111111111"},
		{CreditCard, "４１１１1111１１１１1111", "4111111111111111"},
		{PhoneNumber, "+82 (10) 1234-5678", "+821012345678"},
		{IBANCode, "de89 3704 0044 0532 0130 00", "DE89370400440532013000"},
		{USSSN, "536-22-8726", "536228726"},
		{IPAddress, "2001:4860:4860::ABCD", "2001:4860:4860::abcd"},
		{Password, "  Se cret\u200b", "  Se cret\u200b"},
		{"PROJECT", "  Blue\n\tFALCON  ", "blue falcon"},
		{"PROJECT", "비밀 프로젝트", "비밀프로젝트"},
		{"PROJECT", "E\u0301cole", "école"},
		{"PROJECT", "a\xffb", "a\xffb"},
	} {
		if got := string(c.kind.Canonical([]byte("> "), []byte(c.value))); got != "> "+c.want {
			t.Errorf("%s: canonical form is %q, want %q", c.kind, got, "> "+c.want)
		}
	}
}

// TestCanonicalIsStable holds that folding twice is folding once, or a token
// could depend on how often a value was seen.
func TestCanonicalIsStable(t *testing.T) {
	for _, r := range Rules {
		for i, hit := range r.Hits {
			text, spans := parseHit(t, hit)
			for _, s := range spans {
				once := r.Kind.Canonical(nil, []byte(text[s[0]:s[1]]))
				if twice := r.Kind.Canonical(nil, once); string(once) != string(twice) {
					t.Errorf("%s, hit %d: folding twice differs", r.Name, i)
				}
			}
		}
	}
}
