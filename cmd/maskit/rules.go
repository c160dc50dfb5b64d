package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"maskit/detect"
)

type rulesCmd struct {
	Config string   `placeholder:"FILE" env:"MASKIT_CONFIG" help:"The configuration, a YAML file: it switches kinds on and off, and has rules of its own."`
	Names  []string `arg:"" optional:"" name:"name" help:"Rules or kinds to show with what they find and what they do not."`
	Format string   `enum:"text,json" default:"text" help:"text or json."`
}

// ruleInfo is what people get to know of a rule.
type ruleInfo struct {
	Name   string      `json:"name"`
	Kind   detect.Kind `json:"kind"`
	Score  float64     `json:"score"`
	On     bool        `json:"on"`
	Hits   []string    `json:"hits"`   // the value between « and »
	Misses []string    `json:"misses"` // texts in which nothing is found
}

// Run prints the rules.
func (c *rulesCmd) Run(std streams) error {
	cfg, err := (&settings{Config: c.Config}).load()
	if err != nil {
		return err
	}
	rules := rulesOf(cfg.Policy.Config)
	if len(c.Names) > 0 {
		rules = slices.DeleteFunc(rules, func(r ruleInfo) bool {
			return !slices.Contains(c.Names, r.Name) && !slices.Contains(c.Names, string(r.Kind))
		})
		if len(rules) == 0 {
			return errors.New("no rule and no kind is called so; maskit config rules lists them")
		}
	}
	switch {
	case c.Format == "json":
		return writeJSON(std.out, rules)
	case len(c.Names) > 0:
		return showRules(std.out, rules)
	}
	return listRules(std.out, rules)
}

// rulesOf lists the built-in rules, and then those of the configuration.
func rulesOf(cfg detect.Config) []ruleInfo {
	on := cfg.Kinds()
	all := make([]ruleInfo, 0, len(detect.Rules)+len(cfg.Rules))
	for _, r := range detect.Rules {
		all = append(all, ruleInfo{r.Name, r.Kind, r.Score, slices.Contains(on, r.Kind), r.Hits, r.Misses})
	}
	for _, r := range cfg.Rules {
		score := r.Score
		if score == 0 {
			score = 1
		}
		all = append(all, ruleInfo{r.Name, r.Kind, score, slices.Contains(on, r.Kind), nil, nil})
	}
	return all
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// listRules prints a line a rule.
func listRules(w io.Writer, rules []ruleInfo) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "rule\tkind\tscore\t\thits\tmisses")
	for _, r := range rules {
		fmt.Fprintf(t, "%s\t%s\t%g\t%s\t%d\t%d\n", r.Name, r.Kind, r.Score, onOff(r.On), len(r.Hits), len(r.Misses))
	}
	return t.Flush()
}

// showRules prints rules with their examples.
func showRules(w io.Writer, rules []ruleInfo) error {
	p := newPainter(w)
	var err error
	for i, r := range rules {
		if i > 0 {
			fmt.Fprintln(w)
		}
		_, err = fmt.Fprintf(w, "%s  %s  score %g, %s\n", p.paint(strong, r.Name), r.Kind, r.Score, onOff(r.On))
		for _, h := range r.Hits {
			fmt.Fprintf(w, "  finds  %s\n", visibly(h))
		}
		for _, m := range r.Misses {
			fmt.Fprintf(w, "  not    %s\n", visibly(m))
		}
	}
	return err
}

// document writes docs/RULES.md: what the table of rules says of itself.
func document(rules []ruleInfo) string {
	var b strings.Builder
	b.WriteString(`# Rules

What the standard policy finds, kind by kind, and with what examples each rule is
tested: in a hit the value stands between « and ». This is made from the table of
rules (` + "`go generate ./cmd/maskit`" + `); values of credentials are cut here.

A score below 0.8 is raised by 0.4 if a word of the rule's own stands near the match;
below ` + "`policy.min_score`" + ` nothing is found. Kinds that are off are switched on by
` + "`policy.enable`" + `.

`)
	for _, k := range detect.Kinds {
		var own []ruleInfo
		for _, r := range rules {
			if r.Kind == k.Kind {
				own = append(own, r)
			}
		}
		if len(own) == 0 {
			continue
		}
		fmt.Fprintf(&b, "## %s\n\n%s. Tokens begin with `%s`.", k.Kind, upperFirst(k.Doc), k.Label)
		if !k.Default {
			b.WriteString(" Off by default.")
		}
		b.WriteString("\n\n| rule | score | hits | misses |\n|---|---|---|---|\n")
		for _, r := range own {
			fmt.Fprintf(&b, "| %s | %g | %s | %s |\n", r.Name, r.Score, cells(r.Hits, k.Secret), cells(r.Misses, false))
		}
		b.WriteString("\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// Limits of what the document shows of a rule; maskit config rules NAME shows all.
const (
	shownExamples = 4
	shownChars    = 70
	shownSecret   = 10
)

// cells are the first examples as code in a cell of a table.
func cells(examples []string, secret bool) string {
	examples = examples[:min(shownExamples, len(examples))]
	out := make([]string, 0, len(examples))
	for _, e := range examples {
		if before, rest, ok := strings.Cut(e, "«"); ok && secret {
			value, after, _ := strings.Cut(rest, "»")
			e = before + "«" + cut(value, shownSecret) + "»" + after
		}
		e = strings.NewReplacer("\n", "⏎", "\r", "", "\t", " ", "`", "'", "|", "\\|").Replace(e)
		out = append(out, "`"+strings.TrimSpace(cut(visibly(e), shownChars))+"`")
	}
	return strings.Join(out, "<br>")
}

// cut returns the first n characters of s.
func cut(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i] + "…"
		}
		n--
	}
	return s
}
