package detect

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Config is the detectors' part of the section "policy".
type Config struct {
	// Enable switches on kinds that are off by default.
	Enable []Kind `yaml:"enable"`
	// Disable switches kinds off.
	Disable []Kind `yaml:"disable"`
	// MinScore is the certainty, in [0,1], below which a finding is dropped.
	MinScore float64 `yaml:"min_score"`
	// Allow lists values that are never findings. A value is allowed whole, in
	// any spelling that means the same for its kind.
	Allow []string `yaml:"allow"`
	// AllowPatterns are regular expressions of RE2; a value that one of them
	// matches as a whole is never a finding.
	AllowPatterns []string `yaml:"allow_patterns"`
	// Deny lists values that are always findings.
	Deny []Deny `yaml:"deny"`
	// Rules are the organisation's own rules.
	Rules []CustomRule `yaml:"rules"`
	// Exact names files with secrets that are always findings.
	Exact []Exact `yaml:"exact"`
	// Dictionaries are the organisation's own terms.
	Dictionaries []Dictionary `yaml:"dictionaries"`
}

// Dictionary is a list of terms that are sensitive to one organisation. A
// term is found as whole words, whatever its letter case and spacing.
type Dictionary struct {
	// Kind is what a finding is called, such as PROJECT or CUSTOMER.
	Kind Kind `yaml:"kind"`
	// Terms are the terms themselves.
	Terms []string `yaml:"terms"`
	// File names a text file with one more term a line. Empty lines and lines
	// that begin with "#" are passed over.
	File string `yaml:"file"`
}

// DefaultConfig is the detection of the standard policy.
func DefaultConfig() Config { return Config{MinScore: 0.4} }

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
	for i, d := range c.Dictionaries {
		for _, err := range d.faults() {
			fault("dictionaries[%d].%w", i, err)
		}
	}
	return errors.Join(append(faults, c.customFaults()...)...)
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
	if near := nearest(k, known); near != "" {
		return fmt.Errorf("unknown kind %q; did you mean %q?", k, near)
	}
	return fmt.Errorf("unknown kind %q", k)
}

// kindName is what a dictionary's kind may be called: its label needs three
// letters.
var kindName = regexp.MustCompile(`^[A-Z](_*[A-Z0-9])*$`)

// maxTerm is the length in bytes that a term may have.
const maxTerm = 256

func (d Dictionary) faults() (faults []error) {
	if err := kindFault(d.Kind); err != nil {
		faults = append(faults, fmt.Errorf("kind: %w", err))
	}
	if len(d.Terms) == 0 && d.File == "" {
		faults = append(faults, errors.New("terms: is empty, and no file is named"))
	}
	for i, t := range d.Terms {
		if err := termFault(t); err != nil {
			faults = append(faults, fmt.Errorf("terms[%d]: %w", i, err))
		}
	}
	return faults
}

// termFault says what is wrong with a term, without quoting it.
func termFault(t string) error {
	switch {
	case strings.TrimSpace(t) == "":
		return errors.New("is empty")
	case len(t) > maxTerm:
		return fmt.Errorf("is %d bytes long; a term may have %d", len(t), maxTerm)
	case !strings.ContainsFunc(t, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }):
		return errors.New("has neither letter nor digit")
	}
	return nil
}

// read returns the terms of the dictionary, those of its file included.
func (d Dictionary) read() ([]string, error) {
	if d.File == "" {
		return d.Terms, nil
	}
	data, err := os.ReadFile(d.File)
	if err != nil {
		return nil, fmt.Errorf("file: %w", err)
	}
	terms := slices.Clone(d.Terms)
	n := 0
	for line := range bytes.Lines(bytes.TrimPrefix(data, []byte("\ufeff"))) {
		n++
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		if err := termFault(string(line)); err != nil {
			return nil, fmt.Errorf("file: %s:%d: %w", d.File, n, err)
		}
		terms = append(terms, string(line))
	}
	return terms, nil
}
