package detect

import (
	"strings"
	"testing"
)

func TestSlow(t *testing.T) {
	for pattern, slow := range map[string]bool{
		`\bEMP-\d{6}\b`:         false,
		`\b\w+\s\w+\b`:          false,
		`(\w+\s){1,100}zz`:      false,
		`[^,]{5,900},`:          true,
		`(?:[^#]{1,30}){1,30}#`: true,
	} {
		c := Config{Rules: []CustomRule{{Name: "a", Kind: "PROJECT", Pattern: `heron-\d+`}, {Name: "b", Kind: "PROJECT", Pattern: pattern}}}
		if err := c.Validate(); err != nil {
			t.Fatal(err)
		}
		err := c.Slow()
		if (err != nil) != slow || slow && !strings.HasPrefix(err.Error(), "rules[1].pattern: is too slow") {
			t.Errorf("%s: %v", pattern, err)
		}
	}
	c := Config{Deny: []Deny{{Kind: "PROJECT", Patterns: []string{`[^,]{5,900},`}}}}
	if err := c.Slow(); err == nil || !strings.HasPrefix(err.Error(), "deny[0].patterns[0]") {
		t.Errorf("a pattern that is denied: %v", err)
	}
}

// The more ways a pattern keeps open, the more it costs; what is no pattern costs nothing.
func TestCost(t *testing.T) {
	plain, greedy, worst := Cost(`\bPRJ-\d{5}\b`), Cost(`[a-z]+ [a-z]+@[a-z]+`), Cost(`(.*.*.*){20}x`)
	if !(0 < plain && plain < greedy && greedy < worst && worst > MaxCost) {
		t.Errorf("costs %v, %v, %v, want them to rise beyond %d", plain, greedy, worst, MaxCost)
	}
	if c := Cost(`(`); c != 0 {
		t.Errorf("no pattern costs %v", c)
	}
}
