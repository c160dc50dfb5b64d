package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp/syntax"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/goccy/go-yaml"

	"maskit/detect"
)

type importCmds struct {
	Import importCmd `cmd:"" help:"Print rules of Presidio (.yaml) or gitleaks (.toml) as a section policy."`
}

type importCmd struct {
	File string `arg:"" help:"Presidio's recognizers (.yaml, .yml) or gitleaks' rules (.toml)."`
}

// Help is shown by maskit rules import --help.
func (importCmd) Help() string {
	return `The rules go to standard output; what cannot be brought, and what a rule loses, is said
on standard error. Look-around and back-references are not in RE2, which is why no
pattern can make maskit slow.

  maskit rules import recognizers.yaml > maskit.yaml
  maskit config check maskit.yaml`
}

// imported are the rules of a file, and what is to be said of those that lose
// something or cannot be brought.
type imported struct {
	rules   []importedRule
	lost    []string
	refused []string
}

// importedRule is a detect.CustomRule of which what is empty is not written.
type importedRule struct {
	Name     string      `yaml:"name"`
	Kind     detect.Kind `yaml:"kind"`
	Pattern  string      `yaml:"pattern,omitempty"`
	Keywords []string    `yaml:"keywords,omitempty"`
	Score    float64     `yaml:"score,omitempty"`
	Context  []string    `yaml:"context,omitempty"`
}

// Run imports.
func (c *importCmd) Run(std streams) error {
	data, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	var in imported
	switch filepath.Ext(c.File) {
	case ".yaml", ".yml":
		err = in.presidio(data)
	case ".toml":
		err = in.gitleaks(data)
	default:
		err = errors.New("the name does not say the format: .yaml is Presidio's, .toml is gitleaks'")
	}
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	for _, l := range in.lost {
		fmt.Fprintln(std.err, "maskit: brought, but "+l)
	}
	for _, r := range in.refused {
		fmt.Fprintln(std.err, "maskit: not brought: "+r)
	}
	fmt.Fprintf(std.err, "maskit: brought %s, %d not\n", counted(len(in.rules), "rule"), len(in.refused))
	if len(in.rules) == 0 {
		return fmt.Errorf("%s: no rule of it can be brought", c.File)
	}
	text, err := yaml.MarshalWithOptions(map[string]any{"policy": map[string]any{"rules": in.rules}}, yaml.IndentSequence(true))
	if err != nil {
		return fmt.Errorf("writing the rules: %w", err)
	}
	_, err = std.out.Write(text)
	return err
}

// add takes a rule if the configuration would.
func (in *imported) add(r importedRule) bool {
	base := r.Name
	for n := 2; in.has(r.Name); n++ {
		r.Name = fmt.Sprintf("%s-%d", base, n)
	}
	own := detect.CustomRule{Name: r.Name, Kind: r.Kind, Pattern: r.Pattern, Keywords: r.Keywords, Score: r.Score, Context: r.Context}
	if err := (detect.Config{Rules: []detect.CustomRule{own}}).Validate(); err != nil {
		in.refuse(r.Name, strings.ReplaceAll(strings.ReplaceAll(err.Error(), "rules[0].", ""), "\n", "; "))
		return false
	}
	r.Pattern = strings.ReplaceAll(r.Pattern, "${", "$${") // or it would be a variable of the environment
	in.rules = append(in.rules, r)
	return true
}

func (in *imported) has(name string) bool {
	for _, r := range in.rules {
		if r.Name == name {
			return true
		}
	}
	return false
}

func (in *imported) refuse(name, why string) {
	in.refused = append(in.refused, name+": "+why)
}

// recognizer is one of Presidio's YAML: a mapping, or only the name of one that
// is part of Presidio.
type recognizer struct {
	Name      string              `yaml:"name"`
	Type      string              `yaml:"type"`
	Entity    string              `yaml:"supported_entity"`
	Entities  []string            `yaml:"supported_entities"`
	Patterns  []recognizerPattern `yaml:"patterns"`
	DenyList  []string            `yaml:"deny_list"`
	DenyScore float64             `yaml:"deny_list_score"`
	Context   []string            `yaml:"context"`
	Languages []any               `yaml:"supported_languages"` // names, or mappings with a context each
}

type recognizerPattern struct {
	Name  string  `yaml:"name"`
	Regex string  `yaml:"regex"`
	Score float64 `yaml:"score"`
}

// UnmarshalYAML implements yaml.BytesUnmarshaler.
func (r *recognizer) UnmarshalYAML(data []byte) error {
	var name string
	if yaml.Unmarshal(data, &name) == nil {
		*r = recognizer{Name: name, Type: "predefined"}
		return nil
	}
	type plain recognizer // without this method
	return yaml.Unmarshal(data, (*plain)(r))
}

// presidioFlags are what Presidio compiles patterns with, unless told otherwise:
// DOTALL, MULTILINE and IGNORECASE.
const presidioFlags = "(?ims)"

// presidio reads recognizers.
func (in *imported) presidio(data []byte) error {
	var file struct {
		Recognizers []recognizer `yaml:"recognizers"`
	}
	if err := yaml.Unmarshal(data, &file); err != nil {
		return fmt.Errorf("not the YAML that is expected: %w", err)
	}
	if len(file.Recognizers) == 0 {
		return errors.New(`there is no list "recognizers"`)
	}
	for _, r := range file.Recognizers {
		in.recognizer(r)
	}
	return nil
}

func (in *imported) recognizer(r recognizer) {
	if r.Entity == "" && len(r.Entities) == 1 {
		r.Entity = r.Entities[0]
	}
	switch {
	case len(r.Patterns) == 0 && len(r.DenyList) == 0:
		in.refuse(r.Name, "it is code of Presidio, not data; maskit config rules lists what is built in")
		return
	case r.Entity == "":
		in.refuse(r.Name, "it names no entity")
		return
	}
	context := r.Context
	for _, l := range r.Languages {
		if of, ok := l.(map[string]any); ok {
			if words, ok := of["context"].([]any); ok {
				for _, w := range words {
					context = append(context, fmt.Sprint(w))
				}
			}
		}
	}
	name := slug(r.Name)
	for _, p := range r.Patterns {
		in.add(importedRule{
			Name: name + "-" + slug(p.Name), Kind: detect.Kind(r.Entity), Context: context,
			Pattern: presidioFlags + p.Regex, Score: max(p.Score, 0.01), // 0 would be taken for unset
		})
	}
	if len(r.DenyList) > 0 {
		in.add(importedRule{Name: name, Kind: detect.Kind(r.Entity), Keywords: r.DenyList, Score: r.DenyScore, Context: context})
	}
}

// slug is a name of small letters, digits and "-".
func slug(name string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9')
	}), "-")
}

// gitleaks reads rules of gitleaks' configuration.
func (in *imported) gitleaks(data []byte) error {
	var file struct {
		Rules []struct {
			ID          string   `toml:"id"`
			Regex       string   `toml:"regex"`
			Path        string   `toml:"path"`
			SecretGroup int      `toml:"secretGroup"`
			Entropy     float64  `toml:"entropy"`
			Keywords    []string `toml:"keywords"`
			Allowlist   any      `toml:"allowlist"`
			Allowlists  any      `toml:"allowlists"`
		} `toml:"rules"`
	}
	if err := toml.Unmarshal(data, &file); err != nil {
		return fmt.Errorf("not the TOML that is expected: %w", err)
	}
	if len(file.Rules) == 0 {
		return errors.New(`there is no list "rules"`)
	}
	for _, r := range file.Rules {
		if r.Regex == "" {
			in.refuse(r.ID, "it looks at the names of files only")
			continue
		}
		if !in.add(importedRule{Name: r.ID, Kind: detect.APIKey, Pattern: withValue(r.Regex, r.SecretGroup)}) {
			continue
		}
		var lost []string
		for _, l := range []struct {
			is   bool
			what string
		}{
			{r.Entropy > 0, "its entropy"},
			{r.Path != "", "its path"},
			{len(r.Keywords) > 0, "its keywords"},
			{r.Allowlist != nil || r.Allowlists != nil, "its allowlists"},
		} {
			if l.is {
				lost = append(lost, l.what)
			}
		}
		if len(lost) > 0 {
			in.lost = append(in.lost, r.ID+": without "+strings.Join(lost, ", "))
		}
	}
	return nil
}

// withValue names the group of a pattern that holds the secret: the one that is
// given, or the only one.
func withValue(pattern string, group int) string {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return pattern // which is refused then, with the reason
	}
	if group == 0 && re.MaxCap() == 1 {
		group = 1
	}
	if group == 0 || !nameGroup(re, group) {
		return pattern
	}
	return re.String()
}

func nameGroup(re *syntax.Regexp, group int) bool {
	if re.Op == syntax.OpCapture && re.Cap == group {
		re.Name = "value"
		return true
	}
	for _, sub := range re.Sub {
		if nameGroup(sub, group) {
			return true
		}
	}
	return false
}
