package detect

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
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
