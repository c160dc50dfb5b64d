package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"maskit/config"
	"maskit/detect"
	"maskit/proxy/mask"
)

type policiesCmd struct {
	Config string `placeholder:"FILE" env:"MASKIT_CONFIG" help:"The configuration, a YAML file."`
	Name   string `arg:"" optional:"" help:"A policy to show with all that it does."`
}

// Run prints the policies.
func (c *policiesCmd) Run(std streams) error {
	cfg, err := (&settings{Config: c.Config}).load()
	if err != nil {
		return err
	}
	if c.Name == "" {
		return listPolicies(std.out, cfg)
	}
	p, err := cfg.PolicyOf(c.Name)
	if err != nil {
		return err
	}
	return showPolicy(std.out, &p, packOf(c.Name, &p))
}

// listPolicies writes a line for each policy.
func listPolicies(w io.Writer, cfg *config.Config) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "policy\torigin\tfrom\tmode\tkinds\twhat it is for")
	for _, d := range cfg.Definitions() {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%d\t%s\n", d.Name, d.Origin, d.Config.From, d.Config.Mode, len(d.Config.Kinds()), d.Config.Doc)
	}
	return t.Flush()
}

// packOf returns the pack that the policy is, or is from; nil if it is none.
func packOf(name string, c *mask.Config) *mask.Pack {
	for _, pack := range []string{name, c.From} {
		if i := slices.IndexFunc(mask.Packs, func(p mask.Pack) bool { return p.Name == pack }); i >= 0 {
			return &mask.Packs[i]
		}
	}
	return nil
}

// showPolicy writes all that a policy does.
func showPolicy(w io.Writer, c *mask.Config, pack *mask.Pack) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line := func(name string, values ...string) {
		if len(values) > 0 {
			fmt.Fprintf(t, "%s\t%s\n", name, strings.Join(values, ", "))
		}
	}
	if c.Doc != "" {
		line("for", c.Doc)
	}
	line("mode", c.Mode)
	line("parts", pairs(c.Parts)...)
	line("certainty", append([]string{fmt.Sprint(c.MinScore)}, pairs(c.Thresholds)...)...)
	line("actions", pairs(c.Actions)...)
	line("restore", pairs(c.Restore.Kinds)...)
	for _, tool := range slices.Sorted(maps.Keys(c.Restore.Tools)) {
		line("  to "+tool, pairs(c.Restore.Tools[tool])...)
	}
	if c.Restore.SecretsInURLs {
		line("", "credentials also into URLs")
	}
	kinds := kindsInForce(c.Config)
	for i, words := range wrap(kinds, 84) {
		line([]string{fmt.Sprintf("%d kinds", len(kinds)), ""}[min(i, 1)], words)
	}
	if pack != nil {
		fmt.Fprintf(t, "\n%s: %s\n", pack.Name, pack.Title)
		for _, cover := range pack.Covers {
			line(cover.What, covered(&cover))
		}
		for _, omitted := range pack.Omits {
			line("not", omitted)
		}
	}
	return t.Flush()
}

// covered says how a thing that a pack is about is found.
func covered(c *mask.Cover) string {
	kinds := make([]string, len(c.Kinds))
	for i, k := range c.Kinds {
		kinds[i] = string(k)
	}
	text := strings.Join(kinds, " ")
	if text == "" {
		text = "not found"
	}
	if c.Note != "" {
		text += ": " + c.Note
	}
	return text
}

// pairs lists a mapping in order.
func pairs[K detect.Kind | string, V any](m map[K]V) []string {
	all := make([]string, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		all = append(all, fmt.Sprintf("%s: %v", k, m[k]))
	}
	return all
}
