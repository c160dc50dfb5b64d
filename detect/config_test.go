package detect

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestValidateReportsAllFaults(t *testing.T) {
	cfg := Config{
		Enable:   []Kind{"EMAIL_ADRESS", "LOCAL_IP_ADDRESS", "PROJECT"},
		Disable:  []Kind{"CARD", "LOCAL_IP_ADDRESS", "NOTHING_LIKE_IT"},
		MinScore: 1.5,
		Allow:    []string{"ok", " "},
		Dictionaries: []Dictionary{
			{Kind: "PROJECT", Terms: []string{"fine", "", "***", strings.Repeat("long", 100)}},
			{Kind: "project"},
			{Terms: []string{"x1"}},
			{Kind: "A_1", Terms: []string{"x1"}},
		},
	}
	want := []string{
		`min_score: 1.5 is not between 0 and 1`,
		`enable[0]: unknown kind "EMAIL_ADRESS"; did you mean "EMAIL_ADDRESS"?`,
		`disable[0]: unknown kind "CARD"; did you mean "CREDIT_CARD"?`,
		`disable[2]: unknown kind "NOTHING_LIKE_IT"`,
		`enable[1]: LOCAL_IP_ADDRESS is also disabled`,
		`allow[1]: is empty`,
		`dictionaries[0].terms[1]: is empty`,
		`dictionaries[0].terms[2]: has neither letter nor digit`,
		`dictionaries[0].terms[3]: is 400 bytes long; a term may have 256`,
		`dictionaries[1].kind: "project" is not of upper-case letters`,
		`dictionaries[1].terms: is empty, and no file is named`,
		`dictionaries[2].kind: is missing`,
		`dictionaries[3].kind: "A_1" is not of upper-case letters`,
	}
	err := cfg.Validate()
	if err == nil {
		t.Fatal("no error")
	}
	got := strings.Split(err.Error(), "\n")
	if len(got) != len(want) {
		t.Errorf("%d faults, want %d", len(got), len(want))
	}
	for _, w := range want {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("missing: %s", w)
		}
	}
	if strings.Contains(err.Error(), "longlong") {
		t.Error("a term is quoted")
	}
	if _, err := Compile(cfg); err == nil {
		t.Error("Compile takes what Validate refuses")
	}
}

func TestDefaultConfigIsValid(t *testing.T) {
	if err := DefaultConfig().Validate(); err != nil {
		t.Fatal(err)
	}
	if err := (Config{MinScore: nan()}).Validate(); err == nil {
		t.Error("min_score may not be NaN")
	}
}

func nan() float64 { zero := 0.0; return zero / zero }

func TestDictionaryFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "terms.txt")
	write(t, file, "\ufeff# customers\nAcme  Widgets\r\n\n  Globex \n")
	cfg := Config{Dictionaries: []Dictionary{{Kind: "CUSTOMER", Terms: []string{"Initech"}, File: file}}}
	text := "acme widgets, globex and INITECH, not customers"
	if got := len(find(t, compile(t, cfg), text)); got != 3 {
		t.Errorf("%d terms found, want 3", got)
	}

	write(t, file, "good\n***\n")
	_, err := Compile(cfg)
	if err == nil || !strings.HasSuffix(err.Error(), "terms.txt:2: has neither letter nor digit") {
		t.Errorf("a bad line gives: %v", err)
	}
	cfg.Dictionaries[0].File = filepath.Join(dir, "none.txt")
	if _, err = Compile(cfg); err == nil || !strings.HasPrefix(err.Error(), "dictionaries[0].file: ") {
		t.Errorf("a missing file gives: %v", err)
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestConfigOfKindsAndValues(t *testing.T) {
	const text = "mail kim@example.com from 10.0.0.1, card 4111 1111 1111 1111, spaced 536 22 8726"
	for _, c := range []struct {
		name string
		cfg  Config
		want string
	}{
		{"default", DefaultConfig(), "EMAIL_ADDRESS CREDIT_CARD US_SSN"},
		{"enable", Config{Enable: []Kind{LocalIPAddress}}, "EMAIL_ADDRESS LOCAL_IP_ADDRESS CREDIT_CARD US_SSN"},
		{"disable", Config{MinScore: 0.4, Disable: []Kind{EmailAddress, USSSN}}, "CREDIT_CARD"},
		{"min score", Config{MinScore: 0.95}, "EMAIL_ADDRESS CREDIT_CARD"},
		{"allow, folded", Config{Allow: []string{"KIM@example.com", "4111-1111-1111-1111"}}, "US_SSN"},
		{"allow is of whole values", Config{Allow: []string{"example.com", "4111"}}, "EMAIL_ADDRESS CREDIT_CARD US_SSN"},
		{"disabled dictionary", Config{MinScore: 0.4, Disable: []Kind{"TOOL", USSSN}, Dictionaries: []Dictionary{{Kind: "TOOL", Terms: []string{"card"}}}}, "EMAIL_ADDRESS CREDIT_CARD"},
	} {
		var got []string
		for _, s := range find(t, compile(t, c.cfg), text) {
			got = append(got, string(s.Kind))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: found %v, want %s", c.name, got, c.want)
		}
	}
}
