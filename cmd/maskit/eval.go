package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/alecthomas/kong"

	"maskit/detect"
	"maskit/detect/eval"
	"maskit/proxy/mask"
)

type evalCmd struct {
	looking
	Files      []string `arg:"" optional:"" placeholder:"FILE" help:"Labelled texts: .jsonl, .json, .conll, .iob2 or .tsv."`
	IoU        float64  `name:"iou" default:"0.5" help:"How much of a finding and a label together must be in both for them to be the same."`
	Joined     bool     `help:"Compare as one what nothing but signs and spaces parts, among the labels and among the findings: addresses that are labelled part by part."`
	ShowErrors int      `placeholder:"N" help:"Show up to N values that were missed and N that were found in vain. It quotes your texts."`
	Compare    pair     `placeholder:"A B" help:"Compare two configurations (or standard), or two reports of --format json."`
	Format     string   `enum:"text,markdown,json" default:"text" help:"text, markdown or json."`
}

// Help is shown by maskit eval --help.
func (evalCmd) Help() string {
	return `The figures are shares from 0 to 1, with the bounds that they stay in when the texts
are drawn again (95 of 100 times):

  recall     labels that were found, as their kind; F1 and F2 weigh it with precision
  precision  findings that are labels
  any        recall and precision if the kind does not matter
  leak       characters of labels that stay visible
  over-masking  words outside of labels that were masked

The labels' names are made one with maskit's (PER is PERSON). Own texts are a line
each: {"id":"1","text":"...","spans":[{"start":0,"end":4,"kind":"PERSON"}]}, counted in
characters. No text is quoted, unless --show-errors asks for it.

  maskit eval texts.jsonl --compare standard maskit.yaml
  maskit eval --compare before.json after.json`
}

// pair are two arguments of one flag.
type pair [2]string

// Decode implements kong.MapperValue.
func (p *pair) Decode(ctx *kong.DecodeContext) error {
	for i := range p {
		if err := ctx.Scan.PopValueInto("two", &p[i]); err != nil {
			return err
		}
	}
	return nil
}

// Run measures.
func (c *evalCmd) Run(ctx context.Context, std streams) error {
	sets, err := readSets(c.Files)
	if err != nil {
		return err
	}
	if c.Compare != (pair{}) {
		return c.compare(ctx, std, sets)
	}
	if len(sets) == 0 {
		return errors.New("name files with labelled texts; see maskit eval --help")
	}
	counts, report, err := c.measure(ctx, "", c.looking, sets)
	if err != nil {
		return err
	}
	switch c.Format {
	case "json":
		return writeJSON(std.out, report)
	case "markdown":
		return markReport(std.out, report)
	}
	showReport(std.out, report)
	showExamples(std.out, newPainter(std.out), counts.Examples)
	return nil
}

func readSets(files []string) ([]eval.Set, error) {
	var sets []eval.Set
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		set, err := eval.Read(name, f)
		f.Close()
		if err != nil {
			return nil, err
		}
		sets = append(sets, set)
	}
	return sets, nil
}

// measure runs what l says over the sets.
func (c *evalCmd) measure(ctx context.Context, name string, l looking, sets []eval.Set) (*eval.Counts, *eval.Report, error) {
	cfg, err := l.detection()
	if err != nil {
		return nil, nil, err
	}
	engine, err := detect.Compile(cfg)
	if err != nil {
		return nil, nil, err
	}
	var claimed []detect.Kind
	for _, k := range kindsInForce(cfg) {
		claimed = append(claimed, detect.Kind(k))
	}
	counts, err := eval.Measure(ctx, engine, sets, eval.Options{IoU: c.IoU, Joined: c.Joined, Claimed: claimed, Examples: c.ShowErrors})
	if err != nil {
		return nil, nil, err
	}
	return counts, counts.Report(name, sets), nil
}

// compare shows what changes from one configuration, or report, to the other.
func (c *evalCmd) compare(ctx context.Context, std streams, sets []eval.Set) error {
	var reports [2]*eval.Report
	for i, name := range c.Compare {
		var err error
		if strings.HasSuffix(name, ".json") {
			reports[i], err = readReport(name)
		} else {
			reports[i], err = c.measured(ctx, name, sets)
		}
		if err != nil {
			return fmt.Errorf("--compare %s: %w", name, err)
		}
	}
	changes := eval.Compare(reports[0], reports[1])
	if c.Format == "json" {
		return writeJSON(std.out, changes)
	}
	showChanges(std.out, c.Compare, changes)
	return nil
}

// measured measures a configuration, or a pack such as standard without one.
func (c *evalCmd) measured(ctx context.Context, name string, sets []eval.Set) (*eval.Report, error) {
	if len(sets) == 0 {
		return nil, errors.New("name files with labelled texts to measure it on, or give two reports (.json)")
	}
	l := c.looking
	l.Config = name
	if _, ok := mask.PackOf(name); ok {
		l.Config, l.Policy = "", name
	}
	_, report, err := c.measure(ctx, name, l, sets)
	return report, err
}

func readReport(name string) (*eval.Report, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var r eval.Report
	if err := json.Unmarshal(data, &r); err != nil || r.Texts == 0 {
		return nil, errors.New("is no report of maskit eval --format json")
	}
	return &r, nil
}

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// showReport writes the figures as a table.
func showReport(w io.Writer, r *eval.Report) {
	fmt.Fprintf(w, "%s: %s, %d bytes, %.1f MB/s; the same from an overlap of %g%s\n",
		strings.Join(r.Sets, ", "), counted(r.Texts, "text"), r.Bytes, r.MBPerSec, r.IoU, map[bool]string{true: ", joined"}[r.Joined])
	fmt.Fprintf(w, "over-masking %s\n\n", bounded(r.OverMasks))
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "kind\tlabelled\tfound\trecall\tprecision\tF1\tF2\tany\tleak")
	claimed := r.Claimed
	claimed.Kind = "all that is looked for"
	showRow(t, claimed)
	for _, row := range r.Kinds {
		if row.Claimed {
			showRow(t, row)
		}
	}
	t.Flush()
	var missing []string
	for _, row := range r.Kinds {
		if !row.Claimed {
			missing = append(missing, fmt.Sprintf("%s %d", row.Kind, row.Labelled))
		}
	}
	if len(missing) == 0 {
		return
	}
	for i, line := range wrap(missing, 66) {
		fmt.Fprintf(w, "%s%s\n", []string{"\nlabelled, but not looked for: ", "  "}[min(i, 1)], line)
	}
}

// markReport writes the figures as docs/DETECTION.md has them.
func markReport(w io.Writer, r *eval.Report) error {
	claimed := r.Claimed
	claimed.Kind = "all that is looked for"
	rows := []eval.Row{claimed}
	var vain, missing []string
	for _, row := range r.Kinds {
		switch {
		case !row.Claimed:
			missing = append(missing, fmt.Sprintf("%s %d", row.Kind, row.Labelled))
		case row.Labelled == 0:
			vain = append(vain, fmt.Sprintf("%s %d", row.Kind, row.Found))
		default:
			rows = append(rows, row)
		}
	}
	fmt.Fprintf(w, "### %s\n\n%s, over-masking %s, %.0f MB/s.\n", strings.Join(r.Sets, ", "), counted(r.Texts, "text"), plain(r.OverMasks), r.MBPerSec)
	if len(rows) > 1 {
		fmt.Fprint(w, "\n| kind | labels | recall | precision | F2 | any | leak |\n|---|---|---|---|---|---|---|\n")
		for _, row := range rows {
			fmt.Fprintf(w, "| %s | %d | %s | %s | %s | %s | %s |\n", row.Kind, row.Labelled, bounded(row.Typed.Recall),
				bounded(row.Typed.Precision), plain(row.Typed.F2), anyKindOf(row), bounded(row.Leak))
		}
	}
	if len(vain) > 0 {
		fmt.Fprintf(w, "\nFound where nothing is labelled so: %s.\n", strings.Join(vain, ", "))
	}
	if len(missing) > 0 {
		fmt.Fprintf(w, "\nLabelled, but not looked for: %s.\n", strings.Join(missing, ", "))
	}
	_, err := fmt.Fprintln(w)
	return err
}

func showRow(w io.Writer, r eval.Row) {
	fmt.Fprintf(w, "%s\t%d\t%d\t%s\t%s\t%s\t%s\t%s\t%s\n", r.Kind, r.Labelled, r.Found,
		bounded(r.Typed.Recall), bounded(r.Typed.Precision), plain(r.Typed.F1), bounded(r.Typed.F2), anyKindOf(r), bounded(r.Leak))
}

// anyKindOf is recall and precision if the kind does not matter.
func anyKindOf(r eval.Row) string { return plain(r.Any.Recall) + " / " + plain(r.Any.Precision) }

// plain is "0.950", or "-" where there is nothing to divide by.
func plain(f *eval.Figure) string {
	if f == nil {
		return "-"
	}
	return fmt.Sprintf("%.3f", f.Value)
}

// bounded is "0.950 (0.93-0.97)".
func bounded(f *eval.Figure) string {
	if f == nil {
		return "-"
	}
	return fmt.Sprintf("%.3f (%.2f-%.2f)", f.Value, f.Low, f.High)
}

func showExamples(w io.Writer, p painter, examples []eval.Example) {
	oneLine := strings.NewReplacer("\n", "⏎", "\r", "", "\t", " ").Replace
	for i, e := range examples {
		if i == 0 {
			fmt.Fprintln(w)
		}
		what, colour := "missed ", yellow
		if e.Rule != "" {
			what, colour = "in vain", alarmed
		}
		fmt.Fprintf(w, "%s  %s %s %s: %s%s%s\n", what, e.Kind, e.Set, e.ID,
			oneLine(e.Before), p.paint(colour, "«"+oneLine(e.Value)+"»"), oneLine(e.After))
	}
}

func showChanges(w io.Writer, names pair, changes []eval.Change) {
	if len(changes) == 0 {
		fmt.Fprintln(w, "no figure differs")
		return
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "kind\tfigure\t%s\t%s\tchange\n", names[0], names[1])
	for _, c := range changes {
		if c.Kind == "" {
			c.Kind = "all that is looked for"
		}
		change := "-"
		if c.A != nil && c.B != nil {
			change = fmt.Sprintf("%+.3f", c.B.Value-c.A.Value)
		}
		if c.Sure {
			change += " *"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", c.Kind, c.Figure, bounded(c.A), bounded(c.B), change)
	}
	t.Flush()
	fmt.Fprintln(w, "\n* the bounds do not overlap")
}
