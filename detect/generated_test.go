package detect

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// generated are the sentences of presidio-research that lie beside the module.
const generated = "../../shared/data/pii/presidio_generated_large.json"

type generatedText struct {
	Text  string `json:"full_text"`
	Spans []struct {
		Type  string `json:"entity_type"`
		Start int    `json:"start_position"`
		End   int    `json:"end_position"`
	} `json:"spans"`
}

// TestGenerated measures the kinds that have a form: a label is found if half
// of its characters are covered by a finding of the kind, and a finding is
// right if it touches a label of its type or of one of others.
func TestGenerated(t *testing.T) {
	data, err := os.ReadFile(generated)
	if os.IsNotExist(err) {
		t.Skipf("%s is not here: the published examples are not part of the module", generated)
	}
	if err != nil {
		t.Fatal(err)
	}
	var texts []generatedText
	if err := json.Unmarshal(data, &texts); err != nil {
		t.Fatal(err)
	}
	cfg := rulesOnly()
	cfg.Enable = []Kind{"URL", LocalIPAddress}
	engine := compile(t, cfg)
	for _, c := range []struct {
		label             string
		kinds             []Kind
		others            []string
		recall, precision float64
	}{
		{"CREDIT_CARD", []Kind{CreditCard}, nil, 0.95, 0.95},
		{"IBAN_CODE", []Kind{IBANCode}, nil, 0.95, 0.95},
		{"PHONE_NUMBER", []Kind{PhoneNumber}, nil, 0.95, 0.95},
		{"EMAIL_ADDRESS", []Kind{EmailAddress}, nil, 0.95, 0.95},
		{"US_SSN", []Kind{USSSN}, nil, 0.95, 0.95},
		{"IP_ADDRESS", []Kind{IPAddress, LocalIPAddress}, nil, 0.95, 0.95},
		{"DOMAIN_NAME", []Kind{"URL"}, nil, 0.95, 0.95},
		{"ADDRESS", []Kind{"STREET_ADDRESS"}, []string{"LOCATION"}, 0.87, 0.95},
	} {
		var labels, found, spans, right int
		for _, x := range texts {
			got, err := engine.Find(context.Background(), nil, []byte(x.Text))
			if err != nil {
				t.Fatal(err)
			}
			at := byteStarts(x.Text)
			covered := make([]bool, len(x.Text))
			for _, s := range got {
				if !slices.Contains(c.kinds, s.Kind) {
					continue
				}
				touches := false
				for _, l := range x.Spans {
					touches = touches || (l.Type == c.label || slices.Contains(c.others, l.Type)) && s.Start < at[l.End] && s.End > at[l.Start]
				}
				spans++
				if touches {
					right++
				} else {
					t.Logf("%s: not labelled: %q", c.label, x.Text[s.Start:s.End])
				}
				for i := s.Start; i < s.End; i++ {
					covered[i] = true
				}
			}
			for _, l := range x.Spans {
				value := x.Text[at[l.Start]:at[l.End]]
				if l.Type != c.label || c.label == "ADDRESS" && !street(value) {
					continue
				}
				n := 0
				for i := at[l.Start]; i < at[l.End]; i++ {
					if covered[i] {
						n++
					}
				}
				labels++
				if 2*n >= len(value) {
					found++
				} else {
					t.Logf("%s: missed: %q", c.label, x.Text[max(0, at[l.Start]-20):at[l.End]])
				}
			}
		}
		recall, precision := float64(found)/float64(labels), float64(right)/float64(max(1, spans))
		t.Logf("%s: recall %d of %d (%.3f), precision %d of %d (%.3f)", c.label, found, labels, recall, right, spans, precision)
		if recall < c.recall || precision < c.precision {
			t.Errorf("%s: recall %.3f, precision %.3f, want %.2f and %.2f", c.label, recall, precision, c.recall, c.precision)
		}
	}
}

// street reports whether a label is a street and more than a number or a
// unit: it has a digit, and a word of four letters.
func street(s string) bool {
	word := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			if word++; word == 4 {
				return strings.ContainsFunc(s, unicode.IsDigit) && !strings.HasPrefix(s, "Suite") && !strings.HasPrefix(s, "Apt")
			}
			continue
		}
		word = 0
	}
	return false
}

// byteStarts returns where each character of s begins.
func byteStarts(s string) []int {
	at := make([]int, 0, len(s)+1)
	for i := range s {
		at = append(at, i)
	}
	return append(at, len(s))
}
