package detect

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// vectors are examples that others published, which lie beside the module and
// not in it.
const vectors = "../../shared/data/vectors"

// vector is a line of these files.
type vector struct {
	File      string  `json:"file"`
	Rule      string  `json:"rule"`
	Label     int     `json:"label"`
	Text      string  `json:"text"`
	Expected  int     `json:"expected_len"`
	Positions [][]int `json:"expected_positions"`
}

func readVectors(t *testing.T, file string) (all []vector) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(vectors, file))
	if os.IsNotExist(err) {
		t.Skipf("%s is not here: the published examples are not part of the module", vectors)
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var v vector
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		all = append(all, v)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestPresidioVectors measures the kinds that both know. Every kind is on and
// every score counts, as in the tests that the examples come from.
func TestPresidioVectors(t *testing.T) {
	for _, c := range []struct {
		file  string
		kinds []Kind
		least float64 // share of the examples with the expected number of findings
	}{
		{"test_email_recognizer.py", []Kind{EmailAddress}, 1},
		{"test_credit_card_recognizer.py", []Kind{CreditCard}, 1},
		{"test_us_ssn_recognizer.py", []Kind{USSSN}, 0.9},
		{"test_phone_recognizer.py", []Kind{PhoneNumber}, 0.8},
		{"test_ip_recognizer.py", []Kind{IPAddress, LocalIPAddress}, 0.95},
	} {
		cfg := Config{Enable: []Kind{LocalIPAddress}}
		engine := compile(t, cfg)
		good, all := 0, 0
		for i, v := range readVectors(t, "presidio_recognizers.jsonl") {
			if v.File != c.file {
				continue
			}
			all++
			n := 0
			for _, s := range find(t, engine, v.Text) {
				if slices.Contains(c.kinds, s.Kind) {
					n++
				}
			}
			if n == v.Expected {
				good++
			} else {
				t.Logf("%s, line %d: found %d, expected %d", c.file, i+1, n, v.Expected)
			}
		}
		t.Logf("%s: %d of %d", c.file, good, all)
		if float64(good) < c.least*float64(all) {
			t.Errorf("%s: %d of %d, want %.0f %%", c.file, good, all, 100*c.least)
		}
	}
}

// TestSecretVectors measures the credentials of the providers that the table
// names: how many of the true ones are found, and how many of the others.
func TestSecretVectors(t *testing.T) {
	engine := compile(t, DefaultConfig())
	for _, c := range []struct {
		file  string
		rules []string // beginnings
		found float64  // share of the true ones, at least
		false float64  // share of the others, at most
	}{
		{"gitleaks.jsonl", []string{"anthropic", "openai", "aws-access", "github", "slack", "private-key", "jwt", "curl-auth-header", "generic-api-key"}, 0.95, 0.12},
		{"noseyparker.jsonl", []string{
			"np.anthropic", "np.aws.1", "np.aws.2", "np.github", "np.google.2", "np.google.3", "np.google.4", "np.google.5", "np.jwt", "np.openai",
			"np.pem", "np.slack", "np.stripe", "np.postgres", "np.mongodb",
		}, 0.9, 1}, // its false ones for one rule are true ones for another
	} {
		var found, missed, alarms, quiet int
		for i, v := range readVectors(t, c.file) {
			if !slices.ContainsFunc(c.rules, func(r string) bool { return strings.HasPrefix(v.Rule, r) }) {
				continue
			}
			secret := slices.ContainsFunc(find(t, engine, v.Text), func(s Span) bool { return s.Kind.info().Secret })
			switch {
			case v.Label == 1 && secret:
				found++
			case v.Label == 1:
				missed++
				t.Logf("%s, line %d: %s is not found", c.file, i+1, v.Rule)
			case secret:
				alarms++
				t.Logf("%s, line %d: a false alarm for %s", c.file, i+1, v.Rule)
			default:
				quiet++
			}
		}
		t.Logf("%s: %d of %d found, %d of %d false alarms", c.file, found, found+missed, alarms, alarms+quiet)
		if float64(found) < c.found*float64(found+missed) || float64(alarms) > c.false*float64(alarms+quiet) {
			t.Errorf("%s: %d of %d found, %d of %d false alarms", c.file, found, found+missed, alarms, alarms+quiet)
		}
	}
}
