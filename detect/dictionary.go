package detect

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"unicode"
)

// Dictionary is a list of terms that are sensitive to one organisation. A
// term is found as whole words, whatever its letter case and spacing.
//
// A term may have several spellings, parted by "=" between spaces: "Project
// Nightjar = NJ-7 = Nachtschwalbe". They stand for one value: see Span.Term.
type Dictionary struct {
	// Kind is what a finding is called, such as PROJECT or CUSTOMER.
	Kind Kind `yaml:"kind"`
	// Terms are the terms themselves.
	Terms []string `yaml:"terms"`
	// File names a text file with one more term a line. Empty lines and lines
	// that begin with "#" are passed over.
	File string `yaml:"file"`
}

const (
	maxTerm = 256   // bytes of a spelling
	alias   = " = " // parts the spellings of one term
)

func (d Dictionary) faults() (faults []error) {
	if err := kindFault(d.Kind); err != nil {
		faults = append(faults, fmt.Errorf("kind: %w", err))
	}
	if len(d.Terms) == 0 && d.File == "" {
		faults = append(faults, errors.New("terms: is empty, and no file is named"))
	}
	var s spellings
	for i, t := range d.Terms {
		if err := s.add(t); err != nil {
			faults = append(faults, fmt.Errorf("terms[%d]: %w", i, err))
		}
	}
	return faults
}

// read returns the spellings of the dictionary, those of its file included.
func (d Dictionary) read() (*spellings, error) {
	s := new(spellings)
	for i, t := range d.Terms {
		if err := s.add(t); err != nil {
			return nil, fmt.Errorf("terms[%d]: %w", i, err)
		}
	}
	if d.File == "" {
		return s, nil
	}
	data, err := os.ReadFile(d.File)
	if err != nil {
		return nil, fmt.Errorf("file: %w", err)
	}
	n := 0
	for line := range bytes.Lines(bytes.TrimPrefix(data, []byte("\ufeff"))) {
		n++
		line = bytes.TrimSpace(line)
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		if err := s.add(string(line)); err != nil {
			return nil, fmt.Errorf("file: %s:%d: %w", d.File, n, err)
		}
	}
	return s, nil
}

// spellings are all ways to write the terms of a dictionary.
type spellings struct {
	list    []string
	aliases map[string]string // of terms with several: folded spelling -> first spelling
}

// add takes a term as a dictionary has it, with its aliases. A spelling that
// stands for two terms is refused, since nobody could say which one is meant.
// Errors quote nothing.
func (s *spellings) add(term string) error {
	if !strings.Contains(term, alias) {
		if err := termFault(term); err != nil {
			return err
		}
		s.list = append(s.list, term)
		return nil
	}
	all := strings.Split(term, alias)
	if s.aliases == nil {
		s.aliases = map[string]string{}
	}
	first := strings.TrimSpace(all[0])
	for i, t := range all {
		t = strings.TrimSpace(t)
		if err := termFault(t); err != nil {
			return fmt.Errorf("spelling %d: %w", i+1, err)
		}
		folded := string(foldTerm(nil, []byte(t)))
		if other, ok := s.aliases[folded]; ok && other != first {
			return fmt.Errorf("spelling %d: is one of another term too", i+1)
		}
		s.aliases[folded] = first
		s.list = append(s.list, t)
	}
	return nil
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
