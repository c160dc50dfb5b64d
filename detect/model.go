package detect

import (
	"errors"
	"fmt"

	"maskit/detect/ner"
)

// The kinds of names, which the model finds.
const (
	Person        Kind = "PERSON"
	Location      Kind = "LOCATION"
	Organization  Kind = "ORGANIZATION"
	StreetAddress Kind = "STREET_ADDRESS"
)

// modelKinds are the kinds by the model's classes.
var modelKinds = [ner.NumClasses]Kind{ner.Person: Person, ner.Location: Location, ner.Organization: Organization, ner.Address: StreetAddress}

// modelled reports whether nothing but the model finds the kind.
func modelled(k Kind) bool { return k == Person || k == Location || k == Organization }

// ModelRule is the name under which spans say that the model found them.
const ModelRule = "model"

// model is the model of names and the kinds that it is asked for.
type model struct {
	*ner.Model
	on [ner.NumClasses]bool
}

// compileModel returns nil if the configuration wants no names.
func compileModel(cfg Config, on map[Kind]bool) (*model, error) {
	m := &model{}
	some := false
	for class, kind := range modelKinds {
		m.on[class] = on[kind]
		some = some || on[kind]
	}
	if !cfg.Model || !some {
		return nil, nil
	}
	var err error
	if m.Model, err = ner.Default(); errors.Is(err, ner.ErrNoModel) {
		return nil, errors.New("model: this program was built without one; set policy.model to false")
	} else if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	return m, nil
}

// modelled appends what the model finds besides the spans from first on, which the
// rules found: a name inside of these, or that reaches into them, is only what
// is left of it.
func (p *pass) modelled(first int) {
	rules := settle(p.spans[first:])
	p.spans = p.spans[:first+len(rules)]
	p.entities = p.model.Find(p.entities[:0], p.text)
	next := 0
	for _, e := range p.entities {
		if !p.model.on[e.Class] || float64(e.Score) < p.least(modelKinds[e.Class]) || isSoftware(p.text[e.Start:e.End]) {
			continue
		}
		for next < len(rules) && rules[next].End <= e.Start {
			next++
		}
		s := Span{Start: e.Start, End: e.End, Kind: modelKinds[e.Class], Rule: ModelRule, Score: float64(e.Score)}
		for _, r := range rules[next:] {
			if r.Start >= s.End {
				break
			}
			if e.Class == ner.Address && r.Kind == StreetAddress {
				continue // settle makes one of both
			}
			p.entity(s, r.Start, true)
			s.Start = r.End
		}
		p.entity(s, s.End, s.Start > e.Start)
	}
}

// entity appends the part of s before end, without the signs and spaces at its
// ends, if letters are left. What is left of an entity that was cut must be more
// than a word that everybody knows, such as the "and" between two secrets.
func (p *pass) entity(s Span, end int, cut bool) {
	s.End = min(s.End, end)
	for s.Start < s.End && !isWord(p.text[s.Start]) && p.text[s.Start] < 0x80 {
		s.Start++
	}
	for s.End > s.Start && !isWord(p.text[s.End-1]) && p.text[s.End-1] < 0x80 && p.text[s.End-1] != '.' && p.text[s.End-1] != ')' {
		s.End--
	}
	if s.End-s.Start >= 2 && !(cut && p.isWord(p.text[s.Start:s.End], ner.ListCommon)) {
		p.spans = append(p.spans, s)
	}
}
