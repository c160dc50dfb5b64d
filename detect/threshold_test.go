package detect

import (
	"strings"
	"testing"
)

// A kind's own threshold takes the place of min_score, in either direction.
func TestThresholds(t *testing.T) {
	const text = "Pay EMP-12345, and write to ann@example.org."
	found := func(min float64, by map[Kind]float64) string {
		t.Helper()
		rules := []CustomRule{{Name: "employee", Kind: "EMPLOYEE", Pattern: `\bEMP-\d{5}\b`, Score: 0.6}}
		e, err := Compile(Config{MinScore: min, Thresholds: by, Rules: rules})
		if err != nil {
			t.Fatal(err)
		}
		spans, err := e.Find(t.Context(), nil, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		kinds := make([]string, len(spans))
		for i, s := range spans {
			kinds[i] = string(s.Kind)
		}
		return strings.Join(kinds, " ")
	}
	for _, c := range []struct {
		name string
		min  float64
		by   map[Kind]float64
		want string
	}{
		{"as min_score says", 0.4, nil, "EMPLOYEE EMAIL_ADDRESS"},
		{"raised for one kind", 0.4, map[Kind]float64{"EMPLOYEE": 0.9}, "EMAIL_ADDRESS"},
		{"lowered for one kind", 1, map[Kind]float64{"EMPLOYEE": 0.4}, "EMPLOYEE EMAIL_ADDRESS"},
		{"another kind is not touched", 0.4, map[Kind]float64{"CREDIT_CARD": 1}, "EMPLOYEE EMAIL_ADDRESS"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := found(c.min, c.by); got != c.want {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}

func TestThresholdFaults(t *testing.T) {
	err := Config{Thresholds: map[Kind]float64{"EMAIL_ADDRESS": 1.5, "EMAIL_ADRESS": 0.5}}.Validate()
	const want = "thresholds.EMAIL_ADDRESS: 1.5 is not between 0 and 1\n" +
		"thresholds.EMAIL_ADRESS: unknown kind \"EMAIL_ADRESS\"; did you mean \"EMAIL_ADDRESS\"?"
	if err == nil || err.Error() != want {
		t.Errorf("the faults are %v, want %s", err, want)
	}
}
