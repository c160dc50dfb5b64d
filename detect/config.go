package detect

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"maskit/detect/ner"
)

// Config is the detectors' part of the section "policy".
type Config struct {
	// Enable switches on kinds that are off by default.
	Enable []Kind `yaml:"enable"`
	// Disable switches kinds off.
	Disable []Kind `yaml:"disable"`
	// Model finds names of persons, places and organisations, and addresses, by
	// the model that is part of the program.
	Model bool `yaml:"model"`
	// MinScore is the certainty, in [0,1], below which a finding is dropped.
	MinScore float64 `yaml:"min_score"`
	// Thresholds are certainties, in [0,1], that take the place of MinScore for
	// findings of one kind.
	Thresholds map[Kind]float64 `yaml:"thresholds"`
	// Allow lists values that are never findings. A value is allowed whole, in
	// any spelling that means the same for its kind.
	Allow []string `yaml:"allow"`
	// AllowPatterns are regular expressions of RE2; a value that one of them
	// matches as a whole is never a finding.
	AllowPatterns []string `yaml:"allow_patterns"`
	// AllowByKind lists values that are no findings of one kind, and may be of
	// others.
	AllowByKind []Allow `yaml:"allow_by_kind"`
	// Deny lists values that are always findings.
	Deny []Deny `yaml:"deny"`
	// Rules are the organisation's own rules.
	Rules []CustomRule `yaml:"rules"`
	// Exact names files with secrets that are always findings.
	Exact []Exact `yaml:"exact"`
	// Dictionaries are the organisation's own terms.
	Dictionaries []Dictionary `yaml:"dictionaries"`
	// Analyzer is a recogniser outside of the program that is asked too.
	Analyzer Analyzer `yaml:"analyzer"`
}

// DefaultConfig is the detection of the standard policy.
func DefaultConfig() Config {
	return Config{Model: ner.Included, MinScore: 0.4, Analyzer: DefaultAnalyzer()}
}

// Validate returns all that is wrong with the configuration, each fault with
// its path within the section, or nil. No error quotes a term or an allowed
// value. Files are not read.
func (c Config) Validate() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }

	if !(c.MinScore >= 0 && c.MinScore <= 1) {
		fault("min_score: %v is not between 0 and 1", c.MinScore)
	}
	known := c.known()
	for _, k := range slices.Sorted(maps.Keys(c.Thresholds)) {
		if t := c.Thresholds[k]; !(t >= 0 && t <= 1) {
			fault("thresholds.%s: %v is not between 0 and 1", k, t)
		}
		if !slices.Contains(known, k) {
			fault("thresholds.%s: %w", k, unknownKind(k, known))
		}
	}
	for _, list := range []struct {
		name  string
		kinds []Kind
	}{{"enable", c.Enable}, {"disable", c.Disable}} {
		for i, k := range list.kinds {
			if !slices.Contains(known, k) {
				fault("%s[%d]: %w", list.name, i, unknownKind(k, known))
			}
		}
	}
	for i, k := range c.Enable {
		if slices.Contains(c.Disable, k) {
			fault("enable[%d]: %s is also disabled", i, k)
		}
	}
	for i, v := range c.Allow {
		if strings.TrimSpace(v) == "" {
			fault("allow[%d]: is empty", i)
		}
	}
	for i, a := range c.AllowByKind {
		for _, err := range a.faults(known) {
			fault("allow_by_kind[%d].%w", i, err)
		}
	}
	for i, d := range c.Dictionaries {
		for _, err := range d.faults() {
			fault("dictionaries[%d].%w", i, err)
		}
	}
	for _, err := range c.Analyzer.faults(known) {
		fault("analyzer.%w", err)
	}
	return errors.Join(append(faults, c.customFaults()...)...)
}

// Threshold returns the certainty below which a finding of the kind is dropped.
func (c Config) Threshold(k Kind) float64 {
	if t, ok := c.Thresholds[k]; ok {
		return t
	}
	return c.MinScore
}

// Known returns all kinds that the policy may speak of: those of the table, and
// those of its own rules and lists.
func (c Config) Known() []Kind { return c.known() }

// CheckKind returns an error that says what may have been meant, if there is no
// such kind.
func (c Config) CheckKind(k Kind) error {
	if known := c.known(); !slices.Contains(known, k) {
		return unknownKind(k, known)
	}
	return nil
}

// known returns all kinds that Enable and Disable may name.
func (c Config) known() []Kind {
	var known []Kind
	for _, k := range Kinds {
		known = append(known, k.Kind)
	}
	for _, d := range c.Dictionaries {
		known = append(known, d.Kind)
	}
	return append(known, c.customKinds()...)
}

func unknownKind(k Kind, known []Kind) error {
	if near := Nearest(k, known); near != "" {
		return fmt.Errorf("unknown kind %q; did you mean %q?", k, near)
	}
	return fmt.Errorf("unknown kind %q", k)
}

// kindName is what a dictionary's kind may be called: its label needs three
// letters.
var kindName = regexp.MustCompile(`^[A-Z](_*[A-Z0-9])*$`)
