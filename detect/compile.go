package detect

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Compile makes the engine of a configuration. Its errors are those of
// Config.Validate, and those of files of terms that cannot be read.
func Compile(cfg Config) (*Engine, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	e := &Engine{
		words:      map[uint64][]*Rule{},
		topics:     map[*Rule]int{},
		minScore:   cfg.MinScore,
		thresholds: cfg.Thresholds,
	}
	on := cfg.kinds()
	keys := append(make([]uint64, 0, 64), intoKey) // of words and first words of terms
	for i := range Rules {
		r := &Rules[i]
		if !on[r.Kind] {
			continue
		}
		topic := e.near.add(r.Near)
		if topic >= 0 {
			e.topics[r] = topic
		}
		for _, sign := range []byte(r.Signs) {
			e.signs[sign-firstSign] = append(e.signs[sign-firstSign], signRule{r.Next, r})
		}
		for _, w := range r.Words {
			k := wordKey([]byte(w))
			e.words[k] = append(e.words[k], r)
			keys = append(keys, k)
		}
		for _, n := range r.Names {
			e.names.add(n, r)
		}
		for _, x := range r.Prefixes {
			h := prefixHash([]byte(x))
			e.prefixes[h] = append(e.prefixes[h], prefixRule{x, r})
		}
		for _, sign := range []byte(r.Behind) {
			e.behind[sign] = append(e.behind[sign], r)
		}
		if r.Long > 0 {
			e.long = append(e.long, r)
		}
		for _, s := range r.Shapes {
			for _, s := range parseShape(s) {
				e.shapes.add(s, r)
				e.shapeStarts[s.first()] = true
				e.mostDigits = max(e.mostDigits, s.digits())
			}
		}
		for _, f := range r.Forms {
			e.forms.add(f, r, topic, r.Score < cfg.Threshold(r.Kind))
		}
		if r.House != nil {
			i := strings.Index(houseLeads, r.Leads)
			e.houses[i] = append(e.houses[i], r)
		}
		if r.Block != nil {
			e.blocks = append(e.blocks, r)
		}
		for _, lead := range r.Leads {
			if i := strings.IndexRune(numberLeads, lead); r.Number != nil {
				e.numbers[i] = append(e.numbers[i], r)
			}
		}
	}
	keywords := cfg.keywords()
	for _, k := range keywords {
		e.topics[k.rule] = e.near.add(k.rule.Near)
	}
	if e.custom = compileCustom(cfg, on); e.custom != nil {
		for i := range e.custom.rules {
			r := &e.custom.rules[i].rule
			e.topics[r] = e.near.add(r.Near)
		}
		keys = slices.AppendSeq(keys, maps.Keys(e.custom.anchors.words))
	}
	e.near.done()
	var err error
	if e.model, err = compileModel(cfg, on); err != nil {
		return nil, err
	}
	terms, firsts, err := compileTerms(cfg.Dictionaries, keywords, on)
	if err != nil {
		return nil, err
	}
	e.terms = terms
	e.filter = newFilter(append(keys, firsts...))
	if e.exact, err = compileExact(cfg.Exact, on); err != nil {
		return nil, err
	}
	e.allow = compileAllow(cfg, on)
	return e, nil
}

// kinds returns the kinds that are found: those of the table by default and
// those of the dictionaries, and what is switched on and off.
func (c Config) kinds() map[Kind]bool {
	on := map[Kind]bool{}
	for _, k := range Kinds {
		on[k.Kind] = k.Default && (c.Model || !modelled(k.Kind))
	}
	for _, d := range c.Dictionaries {
		on[d.Kind] = true
	}
	for _, k := range c.customKinds() {
		on[k] = true
	}
	for _, k := range c.Enable {
		on[k] = true
	}
	for _, k := range c.Disable {
		on[k] = false
	}
	return on
}

// parseShape returns the codes of a shape as Rule.Shapes describes it. Shapes
// are part of the program: one that cannot be read panics.
func parseShape(s string) []shape {
	if separators := []string{" ", "-", "."}; strings.Contains(s, "~") {
		all := make([]shape, 0, len(separators))
		for _, sep := range separators {
			all = append(all, parseShape(strings.ReplaceAll(s, "~", sep))...)
		}
		return all
	}
	code, length, groups, digits := shape(0), 0, 0, 0
	for _, c := range []byte(s) {
		switch {
		case isDigit(c):
			length = 10*length + int(c-'0')
			continue
		case length == 0 || !slices.Contains([]byte(" -./()"), c):
			panic(fmt.Sprintf("BUG: shape %q", s))
		}
		code = code.add(length).part(c)
		digits += length
		length = 0
		groups++
	}
	digits += length
	if length == 0 || groups >= maxShape || digits < minDigits || digits > maxDigits {
		panic(fmt.Sprintf("BUG: shape %q", s))
	}
	return []shape{code.add(length)}
}
