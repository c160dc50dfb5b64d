package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"maskit/detect"
)

// finding is a value and where it stands. Lines and columns begin at 1, columns
// and the length count characters (code points), and the end is exclusive.
type finding struct {
	File      string      `json:"file"`
	Line      int         `json:"line"`
	Column    int         `json:"column"`
	EndLine   int         `json:"end_line"`
	EndColumn int         `json:"end_column"`
	Kind      detect.Kind `json:"kind"`
	Rule      string      `json:"rule"`
	Score     float64     `json:"score"`
	Length    int         `json:"length"`
	Value     string      `json:"value"` // whole only if it is to be revealed
}

// report writes findings as they come.
type report interface {
	add(f finding) error
	// end MUST be called once, after the last add.
	end() error
}

// newReport returns the report of a format, one of those of scanCmd.Format.
func newReport(format string, w io.Writer, reveal bool) report {
	out := bufio.NewWriter(w)
	switch format {
	case "json":
		return &jsonReport{out: out, head: "[\n  ", between: ",\n  ", tail: "\n]\n", none: "[]\n"}
	case "jsonl":
		return &jsonReport{out: out, between: "\n", tail: "\n"}
	case "csv":
		return &csvReport{out: csv.NewWriter(out), flush: out}
	case "sarif":
		return newSARIF(out)
	}
	return &textReport{out: out, p: newPainter(w), reveal: reveal}
}

// textReport is for people: the findings under the name of their file.
type textReport struct {
	out    *bufio.Writer
	p      painter
	reveal bool
	file   string
}

func (r *textReport) add(f finding) error {
	if f.File != r.file {
		if r.file != "" {
			fmt.Fprintln(r.out)
		}
		r.file = f.File
		fmt.Fprintln(r.out, r.p.paint(strong, visibly(f.File)))
	}
	at := strconv.Itoa(f.Line) + ":" + strconv.Itoa(f.Column)
	value := visibly(f.Value)
	if !r.reveal {
		value += " (" + counted(f.Length, "character") + ")"
	}
	_, err := fmt.Fprintf(r.out, "  %s %s %s  %s\n", r.p.paint(faint, fmt.Sprintf("%-9s", at)),
		r.p.paint(cyan, fmt.Sprintf("%-18s", f.Kind)), r.p.paint(yellow, value), r.p.paint(faint, f.Rule))
	return err
}

func (r *textReport) end() error { return r.out.Flush() }

// visibly writes what a terminal would obey as it is written in Go.
func visibly(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return s
	}
	return strings.Trim(strconv.Quote(s), `"`)
}

// jsonReport writes an object for each finding.
type jsonReport struct {
	out                       *bufio.Writer
	head, between, tail, none string
	some                      bool
}

func (r *jsonReport) add(f finding) error { return r.object(f) }

func (r *jsonReport) object(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("writing the findings: %w", err)
	}
	before := r.between
	if !r.some {
		before, r.some = r.head, true
	}
	_, err = r.out.WriteString(before + string(text))
	return err
}

func (r *jsonReport) end() error {
	last := r.none
	if r.some {
		last = r.tail
	}
	if _, err := r.out.WriteString(last); err != nil {
		return err
	}
	return r.out.Flush()
}

// csvReport writes a line for each finding, below the names of the columns.
type csvReport struct {
	out   *csv.Writer
	flush *bufio.Writer
	some  bool
}

func (r *csvReport) add(f finding) error {
	r.head()
	value := f.Value
	if value != "" && strings.IndexByte("=+-@\t\r", value[0]) >= 0 {
		value = "'" + value // or a spreadsheet would compute it
	}
	return r.out.Write([]string{
		f.File, strconv.Itoa(f.Line), strconv.Itoa(f.Column), string(f.Kind), f.Rule,
		strconv.FormatFloat(f.Score, 'g', 3, 64), strconv.Itoa(f.Length), value,
	})
}

func (r *csvReport) head() {
	if !r.some {
		r.some = true
		r.out.Write([]string{"file", "line", "column", "kind", "rule", "score", "length", "value"}) //nolint:errcheck // Flush has it.
	}
}

func (r *csvReport) end() error {
	r.head()
	r.out.Flush()
	if err := r.out.Error(); err != nil {
		return err
	}
	return r.flush.Flush()
}

// sarif writes SARIF 2.1.0 (OASIS), which code scanning reads. The results come
// first, so that the rules need not be known before.
type sarif struct {
	results *jsonReport
	rules   []string
}

func newSARIF(out *bufio.Writer) *sarif {
	const head = `{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"columnKind":"unicodeCodePoints","results":[`
	return &sarif{results: &jsonReport{out: out, head: head + "\n  ", between: ",\n  ", none: head}}
}

// object is a member of SARIF: its properties are many, and written once.
type object = map[string]any

func (r *sarif) add(f finding) error {
	rule := f.Rule + "/" + string(f.Kind)
	index := slices.Index(r.rules, rule)
	if index < 0 {
		index = len(r.rules)
		r.rules = append(r.rules, rule)
	}
	level := "warning"
	if secret(f.Kind) {
		level = "error"
	}
	return r.results.object(object{
		"ruleId":    rule,
		"ruleIndex": index,
		"level":     level,
		"message":   object{"text": fmt.Sprintf("%s: %s (%s)", f.Kind, f.Value, counted(f.Length, "character"))},
		"locations": []object{{"physicalLocation": object{
			"artifactLocation": object{"uri": filepath.ToSlash(f.File)},
			"region":           object{"startLine": f.Line, "startColumn": f.Column, "endLine": f.EndLine, "endColumn": f.EndColumn},
		}}},
	})
}

func (r *sarif) end() error {
	rules := make([]object, len(r.rules))
	for i, id := range r.rules {
		name, kind, _ := strings.Cut(id, "/")
		rules[i] = object{"id": id, "name": name, "shortDescription": object{"text": kindDoc(detect.Kind(kind))}}
	}
	tool, err := json.Marshal(object{"driver": object{"name": "maskit", "version": version, "rules": rules}})
	if err != nil {
		return fmt.Errorf("writing the findings: %w", err)
	}
	r.results.tail = "\n],\"tool\":" + string(tool) + "}]}\n"
	r.results.none += r.results.tail
	return r.results.end()
}

// secret reports whether values of the kind are credentials.
func secret(k detect.Kind) bool {
	return slices.ContainsFunc(detect.Kinds, func(i detect.KindInfo) bool { return i.Kind == k && i.Secret })
}

// kindDoc is the line that the table of kinds has for k, or its name.
func kindDoc(k detect.Kind) string {
	for _, i := range detect.Kinds {
		if i.Kind == k {
			return i.Doc
		}
	}
	return string(k)
}
