package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// template is a text with places that are filled anew each time.
type template struct {
	lang  string // of its folder: en, ko, ...
	parts []part
}

// part is one thing of a template: a text, a slot, or a choice of templates.
type part struct {
	text   string    // literal, the label's if label is set
	label  string    // PERSON, ... of a literal; empty: no entity
	slot   string    // person, city, ...
	filter string    // of the slot: lower, upper, caps
	josa   [2]string // Korean particle behind the part before: after a consonant, after a vowel
	choice [][]part  // one of these
}

// slots are the names that templates may use, with the label of what they are
// filled with. Those without are no entities.
var slots = map[string]string{
	"person": "PERSON", "first": "PERSON", "female": "PERSON", "male": "PERSON", "last": "PERSON",
	"reversed": "PERSON", "initials": "PERSON", "nick": "PERSON", "rare": "PERSON", "listed": "PERSON",
	"venue": "LOCATION", "city": "LOCATION", "country": "LOCATION", "region": "LOCATION", "place": "LOCATION",
	"street": "STREET_ADDRESS", "address": "STREET_ADDRESS",
	"org": "ORGANIZATION", "bank": "ORGANIZATION", "hospital": "ORGANIZATION", "school": "ORGANIZATION",
	"firm": "ORGANIZATION", "agency": "ORGANIZATION", "team": "ORGANIZATION",
	"title": "", "email": "", "phone": "", "date": "", "time": "", "month": "", "weekday": "", "year": "",
	"money": "", "number": "", "card": "", "iban": "", "ssn": "", "url": "", "ip": "", "id": "", "code": "",
	"version": "", "product": "", "brand": "", "model": "", "lang": "", "nationality": "", "job": "",
	"noun": "", "adj": "", "verb": "", "food": "", "animal": "", "file": "", "ident": "", "postcode": "", "handle": "",
}

var (
	filters = []string{"lower", "upper", "caps"}
	labels  = []string{"PERSON", "LOCATION", "ORGANIZATION", "STREET_ADDRESS"}

	// josas are Korean particles by whether they follow a consonant or a vowel.
	josas = []string{"이/가", "은/는", "을/를", "과/와", "으로/로", "이랑/랑", "아/야", "이에요/예요", "이라고/라고", "이나/나", "이라는/라는", "이고/고", "이며/며", "이었/였", "이네/네", "이란/란", "이는/는"}
)

// readTemplates reads dir/<lang>/*.txt. It returns all faults that it meets.
func readTemplates(dir string) ([]template, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.txt"))
	if err != nil {
		return nil, err
	}
	slices.Sort(files)
	var all []template
	var faults []error
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for n := 1; lines.Scan(); n++ {
			line := lines.Text()
			if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "# ") || line == "#" {
				continue
			}
			parts, err := parseTemplate(line)
			if err != nil {
				faults = append(faults, fmt.Errorf("%s:%d: %w", name, n, err))
				continue
			}
			all = append(all, template{filepath.Base(filepath.Dir(name)), parts})
		}
		faults = append(faults, lines.Err(), f.Close())
	}
	return all, errors.Join(faults...)
}

// parseTemplate reads one line.
func parseTemplate(line string) ([]part, error) {
	var parts []part
	var text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			parts = append(parts, part{text: text.String()})
			text.Reset()
		}
	}
	for i := 0; i < len(line); {
		switch c := line[i]; c {
		case '\\':
			sign, ok := escapes[byteAt(line, i+1)]
			if !ok {
				return nil, fmt.Errorf(`byte %d: \ stands before n, t, \, {, }, <, >, [, ] or |`, i+1)
			}
			text.WriteByte(sign)
			i += 2
		case '{', '<', '[':
			flush()
			end := closing(line, i)
			if end < 0 {
				return nil, fmt.Errorf("byte %d: %q is not closed", i+1, c)
			}
			p, err := parsePart(c, line[i+1:end])
			if err != nil {
				return nil, fmt.Errorf("byte %d: %w", i+1, err)
			}
			parts = append(parts, p)
			i = end + 1
		default:
			text.WriteByte(c)
			i++
		}
	}
	flush()
	return parts, nil
}

// escapes are the signs that may follow a backslash, and what they stand for.
var escapes = map[byte]byte{'n': '\n', 't': '\t', '\\': '\\', '{': '{', '}': '}', '<': '<', '>': '>', '[': '[', ']': ']', '|': '|'}

// closing returns where what opens at i ends, or -1.
func closing(line string, i int) int {
	want := map[byte]byte{'{': '}', '<': '>', '[': ']'}[line[i]]
	for j := i + 1; j < len(line); j++ {
		switch {
		case line[j] == '\\':
			j++
		case line[j] == want:
			return j
		}
	}
	return -1
}

// parsePart reads what stands between the signs.
func parsePart(open byte, inner string) (part, error) {
	switch open {
	case '[':
		label, text, ok := strings.Cut(inner, " ")
		if !ok || !slices.Contains(labels, label) || text == "" {
			return part{}, fmt.Errorf("a labelled text is [LABEL text] with a label of %v; a bracket itself is \\[", labels)
		}
		return part{text: unescape(text), label: label}, nil
	case '<':
		var p part
		for _, option := range splitChoice(inner) {
			parts, err := parseTemplate(option)
			if err != nil {
				return part{}, err
			}
			p.choice = append(p.choice, parts)
		}
		if len(p.choice) < 2 {
			return part{}, errors.New(`a choice has the form <one|other>; the sign itself is \<`)
		}
		return p, nil
	}
	if forms, ok := strings.CutPrefix(inner, "josa:"); ok {
		if !slices.Contains(josas, forms) {
			return part{}, fmt.Errorf("unknown particle; those known are %v", josas)
		}
		after, vowel, _ := strings.Cut(forms, "/")
		return part{josa: [2]string{after, vowel}}, nil
	}
	name, filter, filtered := strings.Cut(inner, "|")
	if _, ok := slots[name]; !ok {
		return part{}, fmt.Errorf(`unknown slot %q; a brace itself is \{`, name)
	}
	if filtered && !slices.Contains(filters, filter) {
		return part{}, fmt.Errorf("unknown filter %q; there are %v", filter, filters)
	}
	return part{slot: name, filter: filter}, nil
}

// splitChoice splits at "|" outside of braces.
func splitChoice(s string) []string {
	var out []string
	from, depth := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '{':
			depth++
		case '}':
			depth--
		case '|':
			if depth == 0 {
				out = append(out, s[from:i])
				from = i + 1
			}
		}
	}
	return append(out, s[from:])
}

// unescape replaces the escapes of a labelled text.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if sign, ok := escapes[byteAt(s, i+1)]; ok && s[i] == '\\' {
			b.WriteByte(sign)
			i++
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func byteAt(s string, i int) byte {
	if i < len(s) {
		return s[i]
	}
	return 0
}
