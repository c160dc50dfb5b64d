package detect

import (
	"math/rand/v2"
	"testing"
)

// TestValidatorsTakeAnyID gives each check ids of the lengths that its rows let
// through, since one that reads beyond the end of an id would end the exchange.
func TestValidatorsTakeAnyID(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	const digits, letters = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	pick := func(from string) byte { return from[random.IntN(len(from))] }
	for _, r := range Rules {
		if r.Valid == nil {
			continue
		}
		ids := [][]byte{}
		for _, row := range r.Forms {
			ids = append(ids, []byte(row))
		}
		for _, row := range r.Shapes {
			for _, s := range parseShape(row) {
				ids = append(ids, repeat("9", s.digits()))
			}
		}
		for _, row := range ids {
			for range 300 {
				few := digits[:1+random.IntN(len(digits))] // so that checks of a few characters hold
				id := make([]byte, 0, maxID)
				for _, c := range row {
					switch {
					case c == '9' || c == '*' && random.IntN(2) == 0:
						id = append(id, pick(few))
					case c == 'a' || c == '*':
						id = append(id, pick(letters))
					}
				}
				mustNotPanic(t, r.Name, len(id), func() { r.Valid(id) })
			}
		}
	}
}

// mustNotPanic calls f and names the rule, and not what it was given, of which
// length tells, if it panics.
func mustNotPanic(t *testing.T, rule string, length int, f func()) {
	t.Helper()
	defer func() {
		if recover() != nil {
			t.Fatalf("%s: panics at a length of %d", rule, length)
		}
	}()
	f()
}
