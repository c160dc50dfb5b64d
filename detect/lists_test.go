package detect

import (
	"strings"
	"testing"
)

func TestAllowByKind(t *testing.T) {
	e := compile(t, Config{
		MinScore: 0.4,
		Allow:    []string{"press@acme-travel.com"},
		AllowByKind: []Allow{
			{Kind: PhoneNumber, Values: []string{"+49 30 901820"}, Patterns: []string{`\+1.*`}},
			{Kind: EmailAddress, Patterns: []string{`no-?reply@.*`}},
		},
	})
	for i, text := range []string{
		"call «+49 30 901821», not +49 30 901820 nor +49-30-901820",
		"call +1 415 555 2671 or «+82-10-1234-5678»",
		"from noreply@acme-travel.com to «kim@acme-travel.com»",
		"card «4111 1111 1111 1111», whose digits no other kind allows",
		"press@acme-travel.com and PRESS@ACME-TRAVEL.COM",
		"p\u200bress@acme-travel.com and n\u200bo-reply@acme-travel.com",
	} {
		plain := unmarked(text)
		if got := marked(plain, find(t, e, plain)); got != text {
			t.Errorf("text %d: got %s", i, got)
		}
	}
}

// TestAllowSeesWhatIsDecoded holds that a value is allowed however it is
// written, as it is found however it is written.
func TestAllowSeesWhatIsDecoded(t *testing.T) {
	standard := compile(t, rulesOnly())
	cfg := rulesOnly()
	cfg.Allow = []string{"press@acme-travel.com", "4111 1111 1111 1111"}
	e := compile(t, cfg)
	for i, text := range []string{
		"write to press&#64;acme-travel.com now", "?to=press%40acme-travel.com&x=1", `{"mail":"press\u0040acme-travel.com"}`, "«" + encoded("write to press@acme-travel.com or to kim@corp.com") + "»",
		encoded("write to press@acme-travel.com, please"), "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "card 4111-1111-\n1111-1111 ok", "press%40acme-travel.com, «kim%40corp.com»",
	} {
		plain := unmarked(text)
		if got := marked(plain, find(t, e, plain)); got != text {
			t.Errorf("text %d: got %s", i, got)
		}
		if len(find(t, standard, plain)) == 0 {
			t.Errorf("text %d: nothing is found in it anyway", i)
		}
	}
}

func TestDenyPatterns(t *testing.T) {
	e := compile(t, Config{
		Deny:  []Deny{{Kind: "HOST", Patterns: []string{`srv-\d{4}`, `(?i)berlin\d`}}, {Kind: "PHASE", Values: []string{"phase-2"}, Patterns: []string{`phase-[ab]`}}},
		Allow: []string{"srv-0000"},
	})
	for i, text := range []string{"at x«srv-0815»x and srv-0000", "«BERLIN7» and berlin", "«phase-2», «phase-b» and phase-c"} {
		plain := unmarked(text)
		if got := marked(plain, find(t, e, plain)); got != text {
			t.Errorf("text %d: got %s", i, got)
		}
	}
}

func TestFaultsOfLists(t *testing.T) {
	err := Config{
		AllowByKind: []Allow{{Kind: "EMAIL_ADRESS", Values: []string{"x"}}, {Kind: EmailAddress}, {Values: []string{" "}}, {Kind: "HOST", Patterns: []string{"("}}},
		Deny:        []Deny{{Kind: "HOST"}, {Kind: "HOST", Patterns: []string{"[", "x*"}}},
	}.Validate()
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		`allow_by_kind[0].kind: unknown kind "EMAIL_ADRESS"; did you mean "EMAIL_ADDRESS"?`, "allow_by_kind[1].values: is empty, and there are no patterns",
		"allow_by_kind[2].kind: is missing", "allow_by_kind[2].values[0]: is empty", "allow_by_kind[3].patterns[0]: missing closing )",
		"deny[0].values: is empty, and there are no patterns", "deny[1].patterns[0]: missing closing ]", "deny[1].patterns[1]: matches a text of no length",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("missing: %s, in\n%v", want, err)
		}
	}
}

// unmarked is a text without the marks around its values.
func unmarked(text string) string { return strings.NewReplacer("«", "", "»", "").Replace(text) }
