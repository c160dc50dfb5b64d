package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// summary is the median of a target's rounds in a run. Ratios are medians of
// the ratios within rounds, so what disturbs a whole round cancels out.
type summary struct {
	result
	Median values  `json:"median,omitempty"`
	Ratios values  `json:"ratio_to_bare,omitempty"`
	Curve  []point `json:"curve,omitempty"` // medians, by x
}

// document is what the JSON file holds.
type document struct {
	Environment environment `json:"environment"`
	Goals       []verdict   `json:"goals,omitempty"`
	Results     []summary   `json:"results"`
}

// report writes the results, compares them with the baseline where that is
// asked for, and fails if a target or a gate did.
func (b *session) report(ctx context.Context) error {
	if !b.quick && b.env.Interrupted == "" && wanted(b.settings.runs, engineRun) {
		b.engine(ctx)
	}
	if err := b.save(); err != nil {
		return err
	}
	var faults []string
	for _, row := range b.document().Results {
		if row.Fault != "" {
			faults = append(faults, fmt.Sprintf("%s, %s: %s", row.Run, row.Target, row.Fault))
		}
	}
	if b.env.Interrupted != "" {
		faults = append(faults, b.env.Interrupted)
	}
	if b.baseline != "" {
		faults = append(faults, b.gate(ctx)...)
	}
	if len(faults) > 0 {
		return fmt.Errorf("failed:\n  %s", strings.Join(faults, "\n  "))
	}
	return nil
}

// document sums up what there is so far.
func (b *session) document() document {
	doc := document{Environment: b.env}
	for _, r := range b.runs {
		doc.Results = append(doc.Results, summarise(b.results[r.name])...)
	}
	if len(b.engineResult.Rounds) > 0 || b.engineResult.Fault != "" {
		doc.Results = append(doc.Results, summarise([]*result{&b.engineResult})...)
	}
	doc.Goals = verdicts(doc.Results)
	return doc
}

// save writes DATE-COMMIT.json, .md and the plots; without a folder the tables
// go to standard output.
func (b *session) save() error {
	doc := b.document()
	name := doc.Environment.Date[:len(time.DateOnly)] + "-" + doc.Environment.Commit
	var md bytes.Buffer
	doc.markdown(&md, name)
	if b.out == "" {
		_, err := os.Stdout.Write(md.Bytes())
		return err
	}
	text, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(b.out, 0o755); err != nil {
		return err
	}
	files := map[string][]byte{name + ".json": append(text, '\n'), name + ".md": md.Bytes()}
	for _, p := range plots {
		if svg := p.draw(doc.Results); svg != nil {
			files[name+"-"+p.run+".svg"] = svg
		}
	}
	for file, content := range files {
		if err := os.WriteFile(filepath.Join(b.out, file), content, 0o644); err != nil {
			return err
		}
	}
	fmt.Fprintf(os.Stderr, "written to %s.json, .md and .svg\n", filepath.Join(b.out, name))
	return nil
}

// summarise makes the medians of one run.
func summarise(results []*result) []summary {
	of := map[string]*result{}
	for _, r := range results {
		of[r.Target] = r
	}
	for _, m := range metrics {
		m.derive(results, of)
	}
	var rows []summary
	for _, r := range results {
		row := summary{result: *r, Median: values{}, Ratios: values{}}
		rows = append(rows, row)
		if r.Fault != "" {
			continue // What failed once is not trusted in other rounds.
		}
		rows[len(rows)-1].Curve = medianCurve(r.Rounds)
		for _, m := range metrics {
			if figures, ratios := series(r, of[base], m.name); len(figures) > 0 {
				row.Median[m.name] = median(figures)
				if m.ratio && len(ratios) > 0 {
					row.Ratios[m.name] = median(ratios)
				}
			}
		}
	}
	return rows
}

// derive adds to each sample what the metric makes of other figures.
func (m metric) derive(results []*result, of map[string]*result) {
	over := of[m.over]
	for _, r := range results {
		for i := range r.Rounds {
			vs := r.Rounds[i].Values
			if v, ok := vs[m.less]; ok && over != nil && r != over && i < len(over.Rounds) {
				vs[m.name] = v - over.Rounds[i].Values[m.less]
			}
			a, hasA := vs[m.parts[0]]
			b, hasB := vs[m.parts[1]]
			if hasA && hasB && b > 0 {
				vs[m.name] = a / b
			}
		}
	}
}

// series returns a metric's figures by round and, where there are any, their
// ratios to those of the same rounds of another.
func series(r, to *result, name string) (figures, ratios []float64) {
	for i, s := range r.Rounds {
		v, ok := s.Values[name]
		if !ok {
			continue
		}
		figures = append(figures, v)
		if to != nil && i < len(to.Rounds) && to.Rounds[i].Values[name] > 0 {
			ratios = append(ratios, v/to.Rounds[i].Values[name])
		}
	}
	return figures, ratios
}

// medianCurve takes the median of the rounds at each place.
func medianCurve(rounds []sample) (curve []point) {
	if len(rounds) == 0 {
		return nil
	}
	for i, first := range rounds[0].Curve {
		var ys []float64
		for _, s := range rounds {
			if i < len(s.Curve) {
				ys = append(ys, s.Curve[i].Y)
			}
		}
		curve = append(curve, point{first.X, median(ys)})
	}
	return curve
}

// markdown writes the goals and a table for each run. name is that of the files.
func (doc document) markdown(out io.Writer, name string) {
	doc.Environment.markdown(out)
	goalsTable(out, doc.Goals)
	for _, r := range append(slices.Clone(runs), run{name: engineRun, title: "Rules alone, one core"}) {
		var rows []summary
		for _, row := range doc.Results {
			if row.Run == r.name {
				rows = append(rows, row)
			}
		}
		if len(rows) > 0 {
			table(out, r, rows)
		}
		for _, p := range plots {
			if p.run == r.name && p.draw(rows) != nil {
				fmt.Fprintf(out, "\n![%s](%s-%s.svg)\n", p.title, name, p.run)
			}
		}
	}
}

// table writes one run.
func table(out io.Writer, r run, rows []summary) {
	title := r.title
	if r.body != "" && r.name != "sizes" {
		title += ": " + bodyOf(r).title
	}
	fmt.Fprintf(out, "\n### %s\n\n| target |", title)
	columns := columnsOf(rows)
	var align strings.Builder
	align.WriteString("|---|")
	for _, c := range columns {
		fmt.Fprintf(out, " %s |", c.title)
		align.WriteString("---:|")
		if c.ratio {
			fmt.Fprint(out, " to bare |")
			align.WriteString("---:|")
		}
	}
	fmt.Fprintf(out, " noisy |\n%s---:|\n", align.String())
	for _, row := range rows {
		fmt.Fprintf(out, "| %s |", titleOf(row.Target))
		for _, c := range columns {
			fmt.Fprintf(out, " %s |", cell(row.Median, c.name, c.digits, ""))
			if c.ratio {
				fmt.Fprintf(out, " %s |", cell(row.Ratios, c.name, 2, "x"))
			}
		}
		fmt.Fprintf(out, " %s |\n", noise(row))
	}
	for _, row := range rows {
		if row.Fault != "" {
			fmt.Fprintf(out, "\n%s failed: %s\n", titleOf(row.Target), row.Fault)
		}
	}
}

// columnsOf are the metrics that any row has.
func columnsOf(rows []summary) (columns []metric) {
	for _, m := range metrics {
		if !m.hidden && slices.ContainsFunc(rows, func(row summary) bool { _, ok := row.Median[m.name]; return ok }) {
			columns = append(columns, m)
		}
	}
	return columns
}

func cell(vs values, name string, digits int, unit string) string {
	v, ok := vs[name]
	if !ok {
		return "-"
	}
	return fmt.Sprintf("%.*f%s", digits, v, unit)
}

func noise(row summary) string {
	noisy := 0
	for _, s := range row.Rounds {
		if s.Noisy {
			noisy++
		}
	}
	text := fmt.Sprintf("%d/%d", noisy, len(row.Rounds))
	if row.Fault != "" {
		text = "failed, " + text
	}
	return text
}
