package detect

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// What a pattern of one's own may cost. It is measured on a text of many forms
// against a plain pattern that is tried everywhere too, so that a busy machine
// slows both.
const (
	// yardstick finds nothing that is rare, and needs no more than any pattern.
	yardstick = `[a-z]+@[a-z]+`
	// maxCost is how many times as long as the yardstick a pattern may take.
	// Usual ones take 0.1 to 3 times as long; those that keep hundreds of
	// possibilities open at each character take 20 and more.
	maxCost = 10
	// measured is how often at most a pattern is tried; the shortest time counts.
	measured = 5
)

// costSample is the text, about 16 KiB: words, numbers, code, lists.
var costSample = []byte(strings.Repeat("Dear Ms Weaver, the order 4711-AB12 of 2026-03-14 (EUR 1,299.00) goes to 12 Elm Street; "+
	"call 555 0100 or write a note. func main() { x := m[\"key\"] + 17 } aaaaaaaaaaaaaaaa 0000000000000000\n", 90))

// Slow returns which of the configuration's own patterns are too slow to be
// tried on every text, each with its path, or nil. The configuration is valid.
func (c Config) Slow() error {
	limit := maxCost * cost(CustomRule{Name: "yardstick", Kind: Username, Pattern: yardstick}, 0)
	var faults []error
	for i, r := range c.Rules {
		if r.Pattern != "" && cost(CustomRule{Name: r.Name, Kind: r.Kind, Pattern: r.Pattern}, limit) > limit {
			faults = append(faults, fmt.Errorf("rules[%d].pattern: is too slow: it takes more than %d times as long as %s on a text of %d bytes; repeat less, or begin with letters that are always there", i, maxCost, yardstick, len(costSample)))
		}
	}
	for i, d := range c.Deny {
		for j, p := range d.Patterns {
			if cost(CustomRule{Name: "deny", Kind: d.Kind, Pattern: p}, limit) > limit {
				faults = append(faults, fmt.Errorf("deny[%d].patterns[%d]: is too slow: it takes more than %d times as long as %s", i, j, maxCost, yardstick))
			}
		}
	}
	return errors.Join(faults...)
}

// Only returns the configuration with all kinds off that it has no rules, lists or
// dictionaries of its own for.
func Only(c Config) Config {
	own := Config{Rules: c.Rules, Deny: c.Deny, Exact: c.Exact, Dictionaries: c.Dictionaries}.known()[len(Kinds):]
	c.Disable = slices.Clone(c.Disable)
	for _, k := range Kinds {
		if !slices.Contains(own, k.Kind) {
			c.Disable = append(c.Disable, k.Kind)
		}
	}
	return c
}

// cost is how long a rule alone takes on the sample. It stops measuring at a time
// that is within the limit, if there is one.
func cost(r CustomRule, limit time.Duration) time.Duration {
	e, err := Compile(Only(Config{Rules: []CustomRule{r}}))
	if err != nil {
		return 0 // Validate says what is wrong.
	}
	best := time.Duration(-1)
	for range measured {
		begin := time.Now()
		_, _ = e.Find(context.Background(), nil, costSample) // Its context does not end.
		if took := time.Since(begin); best < 0 || took < best {
			best = took
		}
		if best <= limit || limit > 0 && best > 3*limit { // Nothing else happens so often that it does that.
			break
		}
	}
	return best
}
