package detect

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// customConfig is a configuration with some rules and no built-in kind.
func customConfig(rules ...CustomRule) Config {
	cfg := Config{MinScore: 0.4, Rules: rules}
	for _, k := range Kinds {
		cfg.Disable = append(cfg.Disable, k.Kind)
	}
	for i, r := range rules {
		if r.Name == "" {
			cfg.Rules[i].Name = fmt.Sprintf("own-%d", i)
		}
		if r.Kind == "" {
			cfg.Rules[i].Kind = "OWN"
		}
	}
	return cfg
}

// ownMarks puts the findings of kind between « and ».
func ownMarks(t *testing.T, e *Engine, text string, kind Kind) string {
	t.Helper()
	var b strings.Builder
	from := 0
	for _, s := range find(t, e, text) {
		if s.Kind == kind {
			b.WriteString(text[from:s.Start] + "«" + text[s.Start:s.End] + "»")
			from = s.End
		}
	}
	return b.String() + text[from:]
}

func TestCustomRules(t *testing.T) {
	for _, c := range []struct {
		name string
		rule CustomRule
		want []string // texts with the marks of what is found
	}{
		{"literal and digits", CustomRule{Pattern: `\bEMP-\d{5}\b`}, []string{"by «EMP-12345», not EMP-123456 or XEMP-12345", "EMP-1234"}},
		{"any case", CustomRule{Pattern: `(?i)emp-\d{5}`}, []string{"«Emp-12345»«EMP-54321»"}},
		{"digits only", CustomRule{Pattern: `\b[A-Z]{2}\d{6}\b`}, []string{"a «KR123456» and kr123456, «AB654321»"}},
		{"neither", CustomRule{Pattern: `\b[xyz]{2}q\b`}, []string{"an «xyq» and «zzq», xyzq"}},
		{"no bound", CustomRule{Pattern: `case #[a-z ]+!`}, []string{"in «case #what ever it may be!» of"}},
		{"alternatives", CustomRule{Pattern: `(?:order|invoice) no\. (?P<value>[A-Z0-9]+)`}, []string{"order no. «A77», Invoice no. B1, invoice no. «C9»"}},
		{"not ASCII", CustomRule{Pattern: `사번[: ]*\d{4}`}, []string{"제 «사번: 1234» 입니다"}},
		{"normalised", CustomRule{Pattern: `EMP-\d{5}`}, []string{"«ＥＭＰ－１２３４５» and «EMP-1\u200b2345»"}},
		{"keywords", CustomRule{Keywords: []string{"Blue Heron", "나이트자"}}, []string{"the «blue  heron» and «나이트자»의, bluer heron"}},
		{"context", CustomRule{Pattern: `\b\d{4}-\d{4}\b`, Score: 0.1, Context: []string{"locker"}}, []string{"my locker is «1234-5678»", "my flat is 1234-5678"}},
		{"validator", CustomRule{Pattern: `\b\d{6}\b`, Validator: "luhn"}, []string{"«123455», 123456"}},
		{"allow", CustomRule{Pattern: `EMP-\d{5}`, Allow: []string{"emp-00000"}}, []string{"EMP-00000 «EMP-00001»"}},
		{"at both ends", CustomRule{Pattern: `EMP\d`}, []string{"«EMP1» «EMP2»"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := compile(t, customConfig(c.rule))
			for _, want := range c.want {
				text := strings.NewReplacer("«", "", "»", "").Replace(want)
				if got := ownMarks(t, e, text, "OWN"); got != want {
					t.Errorf("got  %s\nwant %s", got, want)
				}
				far := strings.Repeat("Some words stand before it. ", 50)
				if got := ownMarks(t, e, far+text+" "+far, "OWN"); got != far+want+" "+far {
					t.Errorf("far inside: %s is not found as alone", want)
				}
			}
		})
	}
}

func TestDenyAndAllowPatterns(t *testing.T) {
	e := compile(t, Config{
		Deny:          []Deny{{Kind: "INTERNAL", Values: []string{"srv-0815", "Straße 9"}}},
		AllowPatterns: []string{`(?i).*@example\.(?:com|org)`, `(?P<x>4111).*`, `(?P<x>10).*`},
	})
	const want = "at xsrv-0815x, SRV-0815 and Straße 9: kim@Example.com or «kim@acme-travel.com», 4111 1111 1111 1111"
	text := strings.NewReplacer("«", "", "»", "").Replace(want)
	if got := ownMarks(t, e, text, EmailAddress); got != want {
		t.Errorf("got %s", got)
	}
	if got := ownMarks(t, e, text, "INTERNAL"); !strings.Contains(got, "x«srv-0815»x, SRV-0815 and «Straße 9»:") {
		t.Errorf("got %s", got)
	}
	if got := ownMarks(t, e, text, CreditCard); got != text {
		t.Error("a pattern that allows cards was not asked")
	}
}

// Patterns of all sorts find in engines of many rules what they find when they
// are matched with the whole text.
func TestCustomRulesFindAllThatTheirPatternsDo(t *testing.T) {
	for _, patterns := range [][]string{{
		`\bEMP-\d{5}\b`, `[A-Z]{2}\d{3,6}`, `(?:foo|bar|quux)[a-z]{0,3}-\d+`, `(?i)key[:=] ?[a-f0-9]{4,8}`, `x\d{3}x`,
		`a.{0,5}bcd`, `(?:ab|cd){2}e?f`, `\d{3}-\d{2}`, `\bend$`, `[ab]{3}c`, `q[^ ]*q`, `(?:12|34)5\d`, `é\d{3}`, `(abc|abd)+z`,
	}, { // of which each literal has an anchor
		`\bEMP-\d{5}\b`, `(?i)key[:=]? [a-f0-9]{4,8}`, `q_\w\d`, `\bend [a-z]+`, `(?i)\b(?:emp|bar)x?-[0-9]+`, `\bmilestone\d`, `~foo\[?`,
	}, { // of digits
		`\b[A-Z]{2}\d{3,6}\b`, `x\d{3}x`, `\d{3}-\d{2}`, `(?i)k\d{4,}s?`, `\b\d{3,5}\b`, `\b\d{3}[ -]\d{4}\b`, `[a-c]{2}\d+3\d45`,
		`(?:ab){2}\d{3}(?:c|d)`, `[A-Z]*\d{3}_`, `é?\d{4}\b`, `(\d{3}|a)\d{2}-\d{3}`, `\B\d{3}f+`, `[bß]\d{3}[é1-9]`,
	}} {
		findAllThat(t, patterns, 300)
	}
}

// The same with patterns that are put together at random.
func TestCustomRulesOfAnyPattern(t *testing.T) {
	atoms := strings.Fields(`\b \b \B \d \d{3} \d{2,4} \d+ [A-Z] [A-Z]{2} [a-c] \w \w{1,3} EMP emp- ab abc _x - [\x20-] : 12 [1-9] [^a] é (?:ab|cd) (?:foo|ba) k s ſ . \. \[ ~ (a|b) x? y* (?:12|3) \D \W [0-9A-F]{2} [^0-9] milestone`)
	r := rand.New(rand.NewPCG(3, 4))
	for range 150 {
		var patterns []string
		for range 1 + r.IntN(4) {
			p := []string{"", "", "(?i)"}[r.IntN(3)]
			for range 1 + r.IntN(6) {
				p += atoms[r.IntN(len(atoms))]
			}
			if rule := (CustomRule{Name: "x", Kind: "OWN", Pattern: p}); len(rule.faults()) == 0 {
				patterns = append(patterns, p)
			}
		}
		findAllThat(t, patterns, 3)
	}
}

func findAllThat(t *testing.T, patterns []string, rounds int) {
	t.Helper()
	words := []string{"EMP-12345", "EMP-1", "foo", "barx-7", "quuxabc-12", "KEY=dead", "key: beef00", "x123x", "a", "bcd", "ab", "cd", "f", "123", "-45", "AB1234", "end", "abac", "q", "12345", "3459", "é123", "abcabdz", " ", " ", "\n", "ſ", "K", "0", "aaac", "_", "q_a1", "milestone7", "Key", "~foo[", "bar-1", "1234567", "12345f", "ß123é", "k2345", "s", "abab123c", "EMP", "emp-", "\r", "\x10", "[", "F0"}
	var rules []CustomRule
	for i, p := range patterns {
		rules = append(rules, CustomRule{Pattern: p, Kind: Kind(fmt.Sprintf("OWN%c", 'A'+i))})
	}
	r := rand.New(rand.NewPCG(1, 2))
	for round := range rounds {
		some := make([]CustomRule, 0, len(rules))
		for _, x := range rules {
			if r.IntN(2) == 0 {
				some = append(some, x)
			}
		}
		var b strings.Builder
		for range r.IntN(200) {
			b.WriteString(words[r.IntN(len(words))])
		}
		text := b.String()
		normal := Normalise([]byte(text))
		cfg := customConfig(some...)
		for _, k := range Kinds { // which would be found as well
			cfg.Disable = append(cfg.Disable, k.Kind)
		}
		e := compile(t, cfg)
		var want []Span
		for _, x := range some {
			for _, m := range regexp.MustCompile(x.Pattern).FindAllIndex(normal.Text, -1) {
				s, end := normal.Span(wholeRunes(normal.Text, m[0], m[1]))
				want = append(want, Span{Start: s, End: end})
			}
		}
		if got, want := extents(find(t, e, text)), extents(settle(want)); !slices.Equal(got, want) {
			t.Fatalf("round %d, %d rules, %d bytes: found %d, want %d", round, len(some), len(text), len(got), len(want))
		}
	}
}

func extents(spans []Span) (all [][2]int) {
	for _, s := range spans {
		all = append(all, [2]int{s.Start, s.End})
	}
	return all
}

func TestCustomFaults(t *testing.T) {
	cfg := Config{
		Rules: []CustomRule{
			{Name: "fine", Kind: "EMPLOYEE", Pattern: `EMP-\d{5}`},
			{Kind: "EMPLOYEE", Pattern: `\d*`},
			{Name: "fine", Kind: "e", Pattern: `(?=x)y`, Score: 2},
			{Name: "c", Kind: "EMPLOYEE"},
			{Name: "d", Kind: CreditCard, Pattern: `(?:x{100}){9}`, Validator: "lunh"},
			{Name: "e", Kind: "EMPLOYEE", Pattern: strings.Repeat("[a-z]{900}", 6), Keywords: []string{"--"}, Context: []string{" "}},
		},
		Deny:          []Deny{{Kind: "HOST"}, {Values: []string{"ab", "abc"}}},
		AllowPatterns: []string{"(", "ok"},
	}
	want := []string{
		`rules[1].name: is missing`,
		`rules[1].pattern: matches a text of no length, that is, everywhere`,
		`rules[2].kind: "e" is not of upper-case letters, digits and underscores with three letters at least, such as PROJECT`,
		`rules[2].score: 2 is not between 0 and 1`,
		"rules[2].pattern: invalid or unsupported Perl syntax: (?= (RE2 has no look-around and no back-references)",
		`rules[2].name: rules[0] is called "fine" too`,
		`rules[3].pattern: is missing, and there are no keywords`,
		`rules[4].validator: unknown validator "lunh"; there are card, iban, luhn, mod97, ssn`,
		`rules[5].pattern: compiles to 5402 instructions; 5000 are allowed: repeat less`,
		`rules[5].keywords[0]: has neither letter nor digit`,
		`rules[5].context[0]: is empty`,
		`deny[0].values: is empty, and there are no patterns`,
		`deny[1].kind: is missing`,
		`deny[1].values[0]: is 2 bytes long; a value has 3 to 256`,
		`allow_patterns[0]: missing closing ): ( (RE2 has no look-around and no back-references)`,
	}
	err := cfg.Validate()
	if err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(want, strings.Split(err.Error(), "\n")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A rule that is tied to the start and the end of a text finds nothing within a
// sentence; that is hardly meant, and said.
func TestCustomWarnings(t *testing.T) {
	cfg := customConfig(
		CustomRule{Pattern: `^EMP-\d{5}$`},
		CustomRule{Pattern: `\bEMP-\d{5}\b`},
		CustomRule{Pattern: `[a-z]+[0-9]`},
		CustomRule{Pattern: `(?m)^EMP-\d+$`},
		CustomRule{Keywords: []string{"x1"}},
	)
	got := cfg.Warnings()
	if len(got) != 2 || !strings.HasPrefix(got[0], "rules[0].pattern: ^ and $ tie") || !strings.HasPrefix(got[1], "rules[2].pattern: has neither 3 letters") {
		t.Errorf("%q", got)
	}
}

func TestLiterals(t *testing.T) {
	for pattern, want := range map[string][]string{
		`EMP-\d+`:              {"emp-"},
		`\d+-[Ee][Mm][Pp]-x`:   {"-emp-x"},
		`(?i)token[:=]`:        {"token:", "token="},
		`(?:order|invoice) no`: {"invoice no", "order no"},
		`a?bcd`:                {"abcd", "bcd"},
		`(abc)+d?`:             {"abc"},
		`(?:abcd){2,}`:         {"abcd"},
		`(?:abcd)*`:            nil,
		`ab|cdef`:              nil,
		`abc|[0-9]+`:           nil,
		`(?i)é-abc`:            nil,
		`(?i)é.abc`:            {"abc"},
		`a.*longer.*b`:         {"longer"},
	} {
		re, err := syntax.Parse(pattern, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		got := literals(re)
		slices.Sort(got)
		if got = slices.Compact(got); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", pattern, got, want)
		}
	}
}

func TestDigitRun(t *testing.T) {
	for pattern, want := range map[string]int{
		`\d{4}`: 4, `[A-Z]\d{3}\d+`: 4, `\d{3}-\d{5}`: 5, `\d*x`: 0, `(\d{3}|\d{5})x`: 3, `\d{2,}`: 2, `(?:x\d{3})+`: 3,
		`12\d\b\d`: 4, `\w{5}`: 0, `(?:\d{3})?x`: 0, `(\d)(\d)(\d)`: 3,
	} {
		re, err := syntax.Parse(pattern, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		if got := digitRun(re); got != want {
			t.Errorf("%s: %d, want %d", pattern, got, want)
		}
	}
}

// tenRules are rules as organisations write them.
func tenRules(n int) []CustomRule {
	var rules []CustomRule
	for i := range n {
		p := []string{`\bEMP%s-\d{5}\b`, `(?i)ticket-%s[0-9a-f]{8}`, `\b[A-Z]{2}%s\d{6}\b`, `acme_%s_[A-Za-z0-9]{20,40}`, `\bproject[ -]%s\d+`}[i%5]
		rules = append(rules, CustomRule{Pattern: fmt.Sprintf(p, string([]byte{'A' + byte(i/26), 'A' + byte(i%26)}))})
	}
	return rules
}

func BenchmarkProseWithCustomRules(b *testing.B) {
	for _, n := range []int{0, 10, 20, 100} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			cfg := rulesOnly()
			cfg.Rules = customConfig(tenRules(n)...).Rules
			scan(b, compile(b, cfg), repeat(prose, 1<<20))
		})
	}
}

// Patterns that make others take minutes take time in proportion to the text.
func BenchmarkCustomAdversarial(b *testing.B) {
	e := compile(b, customConfig(CustomRule{Pattern: `(a+)+b\d?c`}, CustomRule{Pattern: `x{1,100}y`}, CustomRule{Pattern: `EMP-\d+`}))
	for _, text := range []string{"a", "ab", "x", "EMP-", "EMP-1"} {
		b.Run(text, func(b *testing.B) { scan(b, e, repeat(text, 1<<18)) })
	}
}
