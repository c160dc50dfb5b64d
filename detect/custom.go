package detect

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
)

// CustomRule is a rule of the organisation's own. It finds what its pattern
// matches, its keywords, or both.
type CustomRule struct {
	// Name is what findings call it.
	Name string `yaml:"name"`
	// Kind is what a finding is called, a built-in kind or one of its own.
	Kind Kind `yaml:"kind"`
	// Pattern is a regular expression of RE2. The value is its group called
	// value, (?P<value>...), or all that it matches.
	Pattern string `yaml:"pattern"`
	// Keywords are found as whole words, whatever their case and spacing.
	Keywords []string `yaml:"keywords"`
	// Score is the certainty in [0,1] of a match by itself; 1 unless set.
	Score float64 `yaml:"score"`
	// Context are words that make a match more certain if they stand near it.
	Context []string `yaml:"context"`
	// Validator names a check that the value must pass.
	Validator string `yaml:"validator"`
	// Allow lists values that the rule does not find.
	Allow []string `yaml:"allow"`
}

const (
	maxProgram = 5000 // instructions of one pattern
	maxRules   = 1000
	maxContext = 200 // rules with context words: the built-in ones leave room for as many
)

// Warnings returns what is allowed but hardly meant, each with its path.
func (c Config) Warnings() []string {
	var all []string
	for i, r := range c.Rules {
		re, err := parsePattern(r.Pattern)
		if r.Pattern == "" || err != nil {
			continue
		}
		warn := func(format string, args ...any) {
			all = append(all, fmt.Sprintf("rules[%d].pattern: ", i)+fmt.Sprintf(format, args...))
		}
		if anchored(re) {
			warn("^ and $ tie it to the start and the end of a whole text, so it finds nothing within a sentence; use \\b, and try it with maskit detect")
		}
		if literals(re) == nil && digitRun(re) < minRunOf {
			warn("has neither %d letters that are always there nor %d digits in a row, so every text is read with it, which is slow", minLiteral, minRunOf)
		}
	}
	return all
}

// Kinds returns the kinds that are found, in the order of the table and then of
// the configuration.
func (c Config) Kinds() []Kind {
	on := c.kinds()
	var found []Kind
	for _, k := range c.known() {
		if on[k] && !slices.Contains(found, k) {
			found = append(found, k)
		}
	}
	return found
}

// customKinds are the kinds that the rules, deny lists and secrets name.
func (c Config) customKinds() []Kind {
	kinds := make([]Kind, 0, len(c.Rules)+len(c.Deny)+len(c.Exact))
	for _, r := range c.Rules {
		kinds = append(kinds, r.Kind)
	}
	for _, d := range c.Deny {
		kinds = append(kinds, d.Kind)
	}
	for _, e := range c.Exact {
		kinds = append(kinds, e.kind())
	}
	return kinds
}

// customFaults returns what is wrong with rules, deny lists and patterns that
// are allowed.
func (c Config) customFaults() (faults []error) {
	names := map[string]int{}
	for i, r := range c.Rules {
		for _, err := range r.faults() {
			faults = append(faults, fmt.Errorf("rules[%d].%w", i, err))
		}
		if first, ok := names[r.Name]; ok && r.Name != "" {
			faults = append(faults, fmt.Errorf("rules[%d].name: rules[%d] is called %q too", i, first, r.Name))
		} else {
			names[r.Name] = i
		}
	}
	contexts := 0
	for _, r := range c.Rules {
		if len(r.Context) > 0 {
			contexts++
		}
	}
	if len(c.Rules) > maxRules {
		faults = append(faults, fmt.Errorf("rules: %d are more than %d; make one of those that are alike, or a dictionary", len(c.Rules), maxRules))
	}
	if contexts > maxContext {
		faults = append(faults, fmt.Errorf("rules: %d with context words are more than %d; make one of those that are alike", contexts, maxContext))
	}
	for i, d := range c.Deny {
		for _, err := range d.faults() {
			faults = append(faults, fmt.Errorf("deny[%d].%w", i, err))
		}
	}
	for i, p := range c.AllowPatterns {
		if _, err := parsePattern(p); err != nil {
			faults = append(faults, fmt.Errorf("allow_patterns[%d]: %w", i, err))
		}
	}
	return append(faults, exactFaults(c.Exact)...)
}

func (r CustomRule) faults() (faults []error) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if strings.TrimSpace(r.Name) == "" {
		fault("name: is missing")
	}
	if err := kindFault(r.Kind); err != nil {
		fault("kind: %w", err)
	}
	if !(r.Score >= 0 && r.Score <= 1) {
		fault("score: %v is not between 0 and 1", r.Score)
	}
	if r.Pattern == "" && len(r.Keywords) == 0 {
		fault("pattern: is missing, and there are no keywords")
	}
	if r.Pattern != "" {
		if re, err := parsePattern(r.Pattern); err != nil {
			fault("pattern: %w", err)
		} else if empty(re) {
			fault("pattern: matches a text of no length, that is, everywhere")
		}
	}
	for i, k := range r.Keywords {
		if err := termFault(k); err != nil {
			fault("keywords[%d]: %w", i, err)
		}
	}
	for i, w := range r.Context {
		if strings.TrimSpace(w) == "" {
			fault("context[%d]: is empty", i)
		}
	}
	if r.Validator != "" && validatorOf(r.Validator) == nil {
		fault("validator: unknown validator %q; there are %s", r.Validator, strings.Join(validatorNames(), ", "))
	}
	return faults
}

// kindFault says what is wrong with a kind's name. That of a built-in kind is
// right.
func kindFault(k Kind) error {
	letters := 0
	for _, c := range []byte(k) {
		if isLetter(c) {
			letters++
		}
	}
	switch {
	case k == "":
		return errors.New("is missing")
	case k.info() == nil && (!kindName.MatchString(string(k)) || letters < 3):
		return fmt.Errorf("%q is not of upper-case letters, digits and underscores with three letters at least, such as PROJECT", k)
	}
	return nil
}

// parsePattern parses a pattern of RE2 and refuses what is too large.
func parsePattern(pattern string) (*syntax.Regexp, error) {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if wrong, ok := errors.AsType[*syntax.Error](err); ok {
		return nil, fmt.Errorf("%s: %s (RE2 has no look-around and no back-references)", wrong.Code, wrong.Expr)
	}
	if err != nil {
		return nil, errors.New("cannot be parsed")
	}
	re = re.Simplify()
	prog, err := syntax.Compile(re)
	if err != nil {
		return nil, errors.New("cannot be compiled")
	}
	if n := len(prog.Inst); n > maxProgram {
		return nil, fmt.Errorf("compiles to %d instructions; %d are allowed: repeat less", n, maxProgram)
	}
	// Simplify writes repetitions out; what is looked at is the pattern itself.
	return syntax.Parse(pattern, syntax.Perl)
}

// custom are the rules of a configuration, behind what wakes them: literals,
// which the scan meets or one search finds for all rules, and runs of digits. Where
// a rule is woken its pattern is tried on the text around, once; so the cost of rules that
// find nothing does not grow with their number.
type custom struct {
	rules   []customRule
	anchors anchors  // of the literals, if all have one,
	needles *needles // else these; nil if there are none
	digits  int      // in a row, the fewest that wake a rule; 0 if none is woken so
	numbers []int32  // the rules that digits wake
	always  []int32
}

type customRule struct {
	rule    Rule
	pattern *regexp.Regexp // nil: the literals themselves
	group   int            // of the value
	digits  int            // in a row that wake it, or 0
	beside  beside         // these digits
	reach   int            // bytes before and after what woke it that a match may need, or -1
	valid   func(value []byte) bool
	allow   map[string]bool // canonical values
}

// compileCustom returns the rules and deny lists whose kinds are on, or nil if
// there are none. Keywords are terms: see keywords.
func compileCustom(c Config, on map[Kind]bool) *custom {
	x := &custom{}
	var wake []literalList
	for _, r := range append(slices.Clip(c.Rules), c.denyPatterns()...) {
		if !on[r.Kind] || r.Pattern == "" {
			continue
		}
		re, err := parsePattern(r.Pattern)
		if err != nil {
			panic("BUG: the rules were validated")
		}
		own := customRule{rule: r.row(), pattern: regexp.MustCompile(r.Pattern), reach: -1, allow: r.allowed(), valid: validatorOf(r.Validator)}
		own.group = max(0, own.pattern.SubexpIndex("value"))
		if n := longest(re); n >= 0 {
			own.reach = 2*n + 8 // so that no match that begins at the edge reaches what woke it
		}
		lits := wordLiterals(re)
		if n := digitRun(re); lits.texts == nil && n >= minRunOf {
			own.digits, own.beside = n, besideDigits(re, n)
			x.numbers = append(x.numbers, int32(len(x.rules)))
			if x.digits == 0 || n < x.digits {
				x.digits = n
			}
		} else if lits.texts == nil {
			x.always = append(x.always, int32(len(x.rules)))
		}
		wake = append(wake, lits)
		x.rules = append(x.rules, own)
	}
	for _, d := range c.Deny {
		if !on[d.Kind] {
			continue
		}
		for _, v := range d.Values {
			v = string(Normalise([]byte(v)).Text)
			x.rules = append(x.rules, customRule{rule: Rule{Name: "deny", Kind: d.Kind, Score: 1}, allow: map[string]bool{v: true}})
			wake = append(wake, literalList{texts: []string{foldBytes(v)}})
		}
	}
	if len(x.rules) == 0 {
		return nil
	}
	if a := newAnchors(wake); a != nil {
		x.anchors = *a
	} else {
		x.needles = newNeedles(wake)
	}
	return x
}

// row is the rule as the engine's tables have it.
func (r CustomRule) row() Rule {
	score := r.Score
	if score == 0 {
		score = 1
	}
	near := make([]string, len(r.Context))
	for i, w := range r.Context {
		near[i] = string(foldTerm(nil, []byte(w)))
	}
	return Rule{Name: r.Name, Kind: r.Kind, Score: score, Near: near}
}

func (r CustomRule) allowed() map[string]bool {
	if len(r.Allow) == 0 {
		return nil
	}
	all := make(map[string]bool, len(r.Allow))
	for _, v := range r.Allow {
		all[string(r.Kind.Canonical(nil, []byte(v)))] = true
	}
	return all
}

// keywords are the dictionaries that the rules' keywords make.
func (c Config) keywords() (lists []keywordList) {
	for _, r := range c.Rules {
		if len(r.Keywords) > 0 {
			row := r.row()
			lists = append(lists, keywordList{&row, r.Keywords})
		}
	}
	return lists
}

type keywordList struct {
	rule  *Rule
	terms []string
}

// validators are the checks that a custom rule can name. They are given the
// letters and digits of a value, in upper case.
var validators = []struct {
	name  string
	valid func(id []byte) bool
}{
	{"card", func(id []byte) bool { return allDigits(id) && len(id) >= 13 && len(id) <= 19 && card(id) }},
	{"iban", func(id []byte) bool { return len(id) > 4 && rest97(append(id[4:len(id):len(id)], id[:4]...)) == 1 }},
	{"luhn", func(id []byte) bool { return allDigits(id) && len(id) > 1 && luhn(id) }},
	{"mod97", func(id []byte) bool { return len(id) > 2 && rest97(id) == 1 }},
	{"ssn", func(id []byte) bool { return allDigits(id) && len(id) == 9 && ssn(id) }},
}

// rest97 is the remainder that ISO 7064, MOD 97-10 looks at.
func rest97(id []byte) (rest int) {
	for _, c := range id {
		rest = mod97(rest, c)
	}
	return rest
}

func allDigits(id []byte) bool { return while(id, 0, classDigit, len(id)) == len(id) }

func validatorNames() (names []string) {
	for _, v := range validators {
		names = append(names, v.name)
	}
	return names
}

// validatorOf returns the check of a name, or nil.
func validatorOf(name string) func(value []byte) bool {
	i := slices.IndexFunc(validators, func(v struct {
		name  string
		valid func(id []byte) bool
	},
	) bool {
		return v.name == name
	})
	if i < 0 {
		return nil
	}
	return func(value []byte) bool {
		id := make([]byte, 0, len(value))
		for _, c := range value {
			if isWord(c) {
				if c >= 'a' {
					c &^= 0x20
				}
				id = append(id, c)
			}
		}
		return validators[i].valid(id)
	}
}
