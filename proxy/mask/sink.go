package mask

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"maskit/detect"
)

// Restore says what goes back into answers, and where. A token that does not go
// back stays as it is.
//
// The first that speaks of a kind decides: the tool whose arguments it is in,
// then the kind, then whether it is a secret in a URL. Everything else goes back.
type Restore struct {
	// SecretsInURLs lets credentials go back into URLs: a model that was talked
	// into writing one sends it to whoever is asked for the page or the image.
	SecretsInURLs bool `yaml:"secrets_in_urls"`
	// Kinds says "never" or "always", by kind: always is also into URLs.
	Kinds map[detect.Kind]string `yaml:"kinds"`
	// Tools says the same for the arguments of a tool, by its name, in which * is
	// any run of characters, and by kind, of which * is any. Of several names
	// that match, the longest counts.
	Tools map[string]map[detect.Kind]string `yaml:"tools"`
}

// What Restore says of a kind.
const (
	Never  = "never"
	Always = "always"
)

// anyKind is the name under which a tool's row speaks of all kinds.
const anyKind detect.Kind = "*"

func (c *Config) restoreFaults() []error {
	faults := c.ruleFaults("restore.kinds", c.Restore.Kinds, false)
	for _, tool := range slices.Sorted(maps.Keys(c.Restore.Tools)) {
		faults = append(faults, c.ruleFaults("restore.tools."+tool, c.Restore.Tools[tool], true)...)
	}
	return faults
}

func (c *Config) ruleFaults(path string, rules map[detect.Kind]string, wild bool) (faults []error) {
	for _, kind := range slices.Sorted(maps.Keys(rules)) {
		if what := rules[kind]; what != Never && what != Always {
			faults = append(faults, fmt.Errorf("%s.%s: %q is neither %s nor %s", path, kind, what, Never, Always))
		}
		if err := c.CheckKind(kind); err != nil && (!wild || kind != anyKind) {
			faults = append(faults, fmt.Errorf("%s.%s: %w", path, kind, err))
		}
	}
	return faults
}

// sinks are the rules of Restore made ready.
type sinks struct {
	kinds map[detect.Kind]string
	tools []toolRule // the longest name first
	// guarded says that secrets do not go into URLs.
	guarded bool
}

type toolRule struct {
	pattern string
	kinds   map[detect.Kind]string
}

func (c *Config) compileSinks() sinks {
	s := sinks{kinds: c.Restore.Kinds, guarded: !c.Restore.SecretsInURLs}
	for name, kinds := range c.Restore.Tools {
		s.tools = append(s.tools, toolRule{name, kinds})
	}
	slices.SortFunc(s.tools, func(a, b toolRule) int {
		if d := len(b.pattern) - len(a.pattern); d != 0 {
			return d
		}
		return strings.Compare(a.pattern, b.pattern)
	})
	return s
}

// rule returns what is said of the kind in the arguments of the tool, "" being
// none; "" if nothing is.
func (s *sinks) rule(kind detect.Kind, tool string) string {
	if tool != "" {
		for i := range s.tools {
			if r := &s.tools[i]; Glob(r.pattern, tool) {
				if what, ok := r.kinds[kind]; ok {
					return what
				}
				if what, ok := r.kinds[anyKind]; ok {
					return what
				}
			}
		}
	}
	return s.kinds[kind]
}

// Glob says whether name is what pattern says, in which * is any run of
// characters.
func Glob(pattern, name string) bool {
	head, rest, wild := strings.Cut(pattern, "*")
	if !wild {
		return pattern == name
	}
	name, ok := strings.CutPrefix(name, head)
	for ok {
		if head, rest, wild = strings.Cut(rest, "*"); !wild {
			return strings.HasSuffix(name, head)
		}
		_, name, ok = strings.Cut(name, head)
	}
	return false
}
