package detect

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Deny lists values that are always found, even inside words, in the letter
// case in which they are written.
type Deny struct {
	Kind   Kind     `yaml:"kind"`
	Values []string `yaml:"values"`
	// Patterns are regular expressions of RE2; what they match is found.
	Patterns []string `yaml:"patterns"`
}

// Allow lists values that are no findings of one kind. Values and patterns are
// compared as those of Config.Allow and Config.AllowPatterns.
type Allow struct {
	Kind     Kind     `yaml:"kind"`
	Values   []string `yaml:"values"`
	Patterns []string `yaml:"patterns"`
}

// errNoValues says that a list lists nothing.
var errNoValues = errors.New("values: is empty, and there are no patterns")

func (d Deny) faults() (faults []error) {
	if err := kindFault(d.Kind); err != nil {
		faults = append(faults, fmt.Errorf("kind: %w", err))
	}
	if len(d.Values) == 0 && len(d.Patterns) == 0 {
		faults = append(faults, errNoValues)
	}
	for i, v := range d.Values {
		if len(v) < minLiteral || len(v) > maxTerm {
			faults = append(faults, fmt.Errorf("values[%d]: is %d bytes long; a value has %d to %d", i, len(v), minLiteral, maxTerm))
		}
	}
	for i, p := range d.Patterns {
		if re, err := parsePattern(p); err != nil {
			faults = append(faults, fmt.Errorf("patterns[%d]: %w", i, err))
		} else if empty(re) {
			faults = append(faults, fmt.Errorf("patterns[%d]: matches a text of no length, that is, everywhere", i))
		}
	}
	return faults
}

// denyPatterns are the patterns of the deny lists as rules.
func (c Config) denyPatterns() (rules []CustomRule) {
	for _, d := range c.Deny {
		for _, p := range d.Patterns {
			rules = append(rules, CustomRule{Name: "deny", Kind: d.Kind, Pattern: p})
		}
	}
	return rules
}

func (a Allow) faults(known []Kind) (faults []error) {
	switch {
	case a.Kind == "":
		faults = append(faults, errors.New("kind: is missing"))
	case !slices.Contains(known, a.Kind):
		faults = append(faults, fmt.Errorf("kind: %w", unknownKind(a.Kind, known)))
	}
	if len(a.Values) == 0 && len(a.Patterns) == 0 {
		faults = append(faults, errNoValues)
	}
	for i, v := range a.Values {
		if strings.TrimSpace(v) == "" {
			faults = append(faults, fmt.Errorf("values[%d]: is empty", i))
		}
	}
	for i, p := range a.Patterns {
		if _, err := parsePattern(p); err != nil {
			faults = append(faults, fmt.Errorf("patterns[%d]: %w", i, err))
		}
	}
	return faults
}

// allow is what is never a finding.
type allow struct {
	values   map[Kind]map[string]bool // canonical ones
	patterns []*regexp.Regexp         // for every kind
	byKind   map[Kind][]*regexp.Regexp
}

// compileAllow returns what a configuration allows, or nil if that is nothing.
func compileAllow(c Config, on map[Kind]bool) *allow {
	if len(c.Allow) == 0 && len(c.AllowPatterns) == 0 && len(c.AllowByKind) == 0 {
		return nil
	}
	a := &allow{values: map[Kind]map[string]bool{}, byKind: map[Kind][]*regexp.Regexp{}}
	for k := range on {
		a.add(k, c.Allow)
	}
	a.patterns = wholePatterns(nil, c.AllowPatterns)
	for _, x := range c.AllowByKind {
		a.add(x.Kind, x.Values)
		a.byKind[x.Kind] = wholePatterns(a.byKind[x.Kind], x.Patterns)
	}
	return a
}

// add allows values in the canonical form of the kind.
func (a *allow) add(k Kind, values []string) {
	if a.values[k] == nil {
		a.values[k] = make(map[string]bool, len(values))
	}
	for _, v := range values {
		if c := k.Canonical(nil, []byte(v)); len(c) > 0 {
			a.values[k][string(c)] = true
		}
	}
}

// wholePatterns appends the patterns, which match a value as a whole.
func wholePatterns(dst []*regexp.Regexp, patterns []string) []*regexp.Regexp {
	for _, p := range patterns {
		dst = append(dst, regexp.MustCompile(`\A(?:`+p+`)\z`))
	}
	return dst
}

// judge takes out of spans what the configuration allows, and says of the
// others which term with aliases they are.
func (p *pass) judge(spans []Span, text []byte) []Span {
	if p.allow == nil && (p.terms == nil || p.terms.aliases == nil) {
		return spans
	}
	kept := spans[:0]
	for _, s := range spans {
		if p.allowed(s.Kind, text[s.Start:s.End]) {
			continue
		}
		if s.Term == "" && s.Rule == dictionaryRule {
			p.fold = foldTerm(p.fold[:0], text[s.Start:s.End])
			s.Term = p.terms.aliases[s.Kind][string(p.fold)]
		}
		kept = append(kept, s)
	}
	return kept
}

func (p *pass) allowed(k Kind, value []byte) bool {
	if p.allow == nil {
		return false
	}
	p.fold = k.Canonical(p.fold[:0], value)
	if p.allow.values[k][string(p.fold)] {
		return true
	}
	if len(p.allow.patterns)+len(p.allow.byKind[k]) == 0 {
		return false
	}
	value = Normalise(value).Text
	return matchesAny(p.allow.patterns, value) || matchesAny(p.allow.byKind[k], value)
}

// matchesAny reports whether one of the patterns matches value.
func matchesAny(patterns []*regexp.Regexp, value []byte) bool {
	return slices.ContainsFunc(patterns, func(p *regexp.Regexp) bool { return p.Match(value) })
}
