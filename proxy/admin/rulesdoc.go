package admin

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"maskit/detect"
	"maskit/proxy/mask"
)

// RulesDocument is what operators change at run time: rules that lie over the
// policies of the configuration, which stay the base. It is kept as JSON in the
// vault's store, version by version.
type RulesDocument struct {
	RulesPart
	Policies map[string]RulesPart `json:"policies,omitempty" doc:"rules of one policy only"`
	Tenants  map[string]RulesPart `json:"tenants,omitempty" doc:"rules for one tenant only, whatever its policy"`
}

// RulesPart is a set of rules, with the names of the section policy of the
// configuration. Files cannot be named here: whoever edits rules need not read them.
type RulesPart struct {
	Rules         []RulesRule       `json:"rules,omitempty"`
	Dictionaries  []RulesDictionary `json:"dictionaries,omitempty"`
	Allow         []string          `json:"allow,omitempty" doc:"values that are never findings"`
	AllowPatterns []string          `json:"allow_patterns,omitempty" doc:"a value that one of them matches as a whole is never a finding"`
	AllowByKind   []RulesValues     `json:"allow_by_kind,omitempty" doc:"values that are no findings of one kind"`
	Deny          []RulesValues     `json:"deny,omitempty" doc:"values that are always findings"`
	Enable        []string          `json:"enable,omitempty" doc:"kinds to look for, though they are off by default or in the file"`
	Disable       []string          `json:"disable,omitempty" doc:"kinds not to look for"`
}

// RulesRule is a rule of the organisation's own.
type RulesRule struct {
	Name      string      `json:"name"`
	Kind      detect.Kind `json:"kind"`
	Pattern   string      `json:"pattern,omitempty" doc:"a regular expression of RE2; the value is its group called value, or all of it"`
	Keywords  []string    `json:"keywords,omitempty" doc:"whole words, whatever their case"`
	Score     float64     `json:"score,omitempty" doc:"certainty from 0 to 1; 1 if it is left out"`
	Context   []string    `json:"context,omitempty" doc:"words that make a match more certain if they stand near it"`
	Validator string      `json:"validator,omitempty" doc:"card, iban, luhn, mod97 or ssn"`
	Allow     []string    `json:"allow,omitempty" doc:"values that the rule does not find"`
}

// RulesDictionary is a list of terms.
type RulesDictionary struct {
	Kind  detect.Kind `json:"kind"`
	Terms []string    `json:"terms"`
}

// RulesValues lists values and patterns of a kind.
type RulesValues struct {
	Kind     detect.Kind `json:"kind"`
	Values   []string    `json:"values,omitempty"`
	Patterns []string    `json:"patterns,omitempty" doc:"regular expressions of RE2"`
}

// maxRulesDocument is the largest document, in bytes: each replica reads it at
// each change.
const maxRulesDocument = 1 << 20

// ParseRules reads a document. It does not say whether its rules are right: that
// takes the configuration under them.
func ParseRules(text []byte) (*RulesDocument, error) {
	d := new(RulesDocument)
	if len(text) == 0 {
		return d, nil
	}
	return d, parse(text, d, false)
}

// ErrRules says why a document cannot be in force: every reason, each with its
// path in the document. It quotes patterns and names, never a term or a value.
type ErrRules struct{ Reasons []string }

// Error implements error.
func (e *ErrRules) Error() string {
	if len(e.Reasons) == 1 {
		return "the rules are wrong: " + e.Reasons[0]
	}
	return fmt.Sprintf("the rules are wrong in %d places; the first: %s", len(e.Reasons), e.Reasons[0])
}

// Over lays the document over the policies of a configuration, as they are for a
// tenant, "" for all that the document does not name.
func (d *RulesDocument) Over(defs []mask.Definition, tenant string) []mask.Definition {
	out := slices.Clone(defs)
	for i := range out {
		c := &out[i].Config.Config
		d.RulesPart.over(c)
		if part, ok := d.Policies[out[i].Name]; ok {
			part.over(c)
		}
		if part, ok := d.Tenants[tenant]; ok && tenant != "" {
			part.over(c)
		}
	}
	return out
}

// over adds the part to a configuration. It changes none of the lists that are
// there: others hold them.
func (p *RulesPart) over(c *detect.Config) {
	for _, r := range p.Rules {
		c.Rules = append(slices.Clip(c.Rules), detect.CustomRule(r))
	}
	for _, d := range p.Dictionaries {
		c.Dictionaries = append(slices.Clip(c.Dictionaries), detect.Dictionary{Kind: d.Kind, Terms: d.Terms})
	}
	c.Allow = append(slices.Clip(c.Allow), p.Allow...)
	c.AllowPatterns = append(slices.Clip(c.AllowPatterns), p.AllowPatterns...)
	for _, v := range p.AllowByKind {
		c.AllowByKind = append(slices.Clip(c.AllowByKind), detect.Allow(v))
	}
	for _, v := range p.Deny {
		c.Deny = append(slices.Clip(c.Deny), detect.Deny(v))
	}
	// What was decided at run time comes after the file.
	c.Enable = append(without(c.Enable, p.Disable), kindsOf(p.Enable)...)
	c.Disable = append(without(c.Disable, p.Enable), kindsOf(p.Disable)...)
}

func kindsOf(names []string) []detect.Kind {
	kinds := make([]detect.Kind, len(names))
	for i, n := range names {
		kinds[i] = detect.Kind(n)
	}
	return kinds
}

// without returns a new list of the kinds that are not named.
func without(kinds []detect.Kind, names []string) []detect.Kind {
	return slices.DeleteFunc(slices.Clone(kinds), func(k detect.Kind) bool { return slices.Contains(names, string(k)) })
}

// Check returns what is wrong with a document over the policies of a
// configuration, an *ErrRules, or nil: that it does not fit, and patterns that are
// too slow. It reads no files and asks no vault.
func (d *RulesDocument) Check(defs []mask.Definition) error {
	if err := d.Fits(defs); err != nil {
		return err
	}
	r := reasons{}
	for _, p := range d.parts() {
		r.add(p.path, p.config().Slow())
	}
	return r.err()
}

// Fits is Check but for the measuring: a document that was right once need not be
// so over another configuration. It is what the configuration itself would refuse,
// and what the file has under the same name.
func (d *RulesDocument) Fits(defs []mask.Definition) error {
	r := reasons{}
	for _, p := range d.parts() {
		for _, def := range p.under(defs) {
			r.add(p.path, d.alone(p, def).Validate())
			r.add(p.path, p.twice(def))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(d.Policies)) {
		if !slices.ContainsFunc(defs, func(def mask.Definition) bool { return def.Name == name }) {
			r.add("policies."+name+": ", errors.New("no policy is called so"))
		}
	}
	if _, ok := d.Tenants[""]; ok {
		r.add("tenants: ", errors.New("a name is empty"))
	}
	if len(r) > 0 {
		return r.err()
	}
	for _, tenant := range d.tenants() { // Each part is right by itself: do they agree?
		for _, def := range d.Over(defs, tenant) {
			r.add("with policy "+def.Name+": ", def.Config.Validate())
		}
	}
	return r.err()
}

// Empty says that the document has no rules.
func (d *RulesDocument) Empty() bool { return reflect.ValueOf(*d).IsZero() }

// tenants lists those with rules of their own, and "" for all others.
func (d *RulesDocument) tenants() []string {
	return append([]string{""}, slices.Sorted(maps.Keys(d.Tenants))...)
}

// alone is a policy with the part before all that the policy has, so that faults
// name places in the part, and with what else of the document it may name.
func (d *RulesDocument) alone(p namedPart, def mask.Definition) *mask.Config {
	c, base := def.Config, def.Config.Config
	c.Config = detect.Config{MinScore: base.MinScore, Thresholds: base.Thresholds}
	p.over(&c.Config)
	for _, other := range d.parts() {
		if other.path != p.path {
			c.Dictionaries = append(c.Dictionaries, other.config().Dictionaries...)
			c.Deny = append(c.Deny, other.config().Deny...)
		}
	}
	c.Dictionaries = append(c.Dictionaries, base.Dictionaries...)
	c.Deny = append(c.Deny, base.Deny...)
	for _, r := range base.Rules { // Their kinds, not their names: see twice.
		c.Deny = append(c.Deny, detect.Deny{Kind: r.Kind, Values: []string{"a value"}})
	}
	c.Exact = base.Exact
	return &c
}

// twice says which rules of the part the file has too.
func (p namedPart) twice(def mask.Definition) error {
	var errs []error
	for i, r := range p.Rules {
		if slices.ContainsFunc(def.Config.Rules, func(own detect.CustomRule) bool { return own.Name == r.Name }) {
			errs = append(errs, fmt.Errorf("rules[%d].name: the configuration has a rule called %q, in policy %s", i, r.Name, def.Name))
		}
	}
	return errors.Join(errs...)
}

// namedPart is a part and where it stands in the document.
type namedPart struct {
	path   string
	policy string // "" for all
	*RulesPart
}

// under returns the policies that the part lies over.
func (p namedPart) under(defs []mask.Definition) []mask.Definition {
	return slices.DeleteFunc(slices.Clone(defs), func(def mask.Definition) bool {
		return p.policy != "" && def.Name != p.policy
	})
}

func (d *RulesDocument) parts() []namedPart {
	parts := make([]namedPart, 1, 1+len(d.Policies)+len(d.Tenants))
	parts[0] = namedPart{"", "", &d.RulesPart}
	for _, name := range slices.Sorted(maps.Keys(d.Policies)) {
		part := d.Policies[name]
		parts = append(parts, namedPart{"policies." + name + ".", name, &part})
	}
	for _, name := range slices.Sorted(maps.Keys(d.Tenants)) {
		part := d.Tenants[name]
		parts = append(parts, namedPart{"tenants." + name + ".", "", &part})
	}
	return parts
}

// config is the part alone.
func (p *RulesPart) config() detect.Config {
	var c detect.Config
	p.over(&c)
	return c
}

// reasons are texts, each once.
type reasons []string

func (r reasons) err() error {
	if len(r) == 0 {
		return nil
	}
	return &ErrRules{r}
}

func (r *reasons) add(path string, err error) {
	for _, e := range unjoined(err) {
		if text := path + e.Error(); !slices.Contains(*r, text) {
			*r = append(*r, text)
		}
	}
}

// unjoined returns the errors that errors.Join joined.
func unjoined(err error) []error {
	if err == nil {
		return nil
	}
	many, ok := err.(interface{ Unwrap() []error }) // Not errors.As: what wraps a join has words of its own.
	if !ok {
		return []error{err}
	}
	var all []error
	for _, e := range many.Unwrap() {
		all = append(all, unjoined(e)...)
	}
	return all
}

// Conflicts says where the document decides otherwise than the configuration
// under it: the document has the last word.
func (d *RulesDocument) Conflicts(defs []mask.Definition) []string {
	found := []string{}
	for _, def := range defs {
		for _, p := range d.parts() {
			if p.policy != "" && p.policy != def.Name {
				continue
			}
			for _, list := range []struct {
				name, other string
				mine        []string
				theirs      []detect.Kind
			}{{"enable", "disables", p.Enable, def.Config.Disable}, {"disable", "enables", p.Disable, def.Config.Enable}} {
				for _, kind := range list.mine {
					if slices.Contains(list.theirs, detect.Kind(kind)) {
						found = append(found, fmt.Sprintf("%s%s: the file %s %s in policy %s", p.path, list.name, list.other, kind, def.Name))
					}
				}
			}
		}
	}
	return found
}
