package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The place of the figures in a document: what stands between these lines is
// made of a result.
const (
	fillBegin = "<!-- bench: begin -->\n"
	fillEnd   = "<!-- bench: end -->\n"
)

// fill writes the goals and what was measured of them into a document.
func fill(result, page string) error {
	text, err := os.ReadFile(result)
	if err != nil {
		return err
	}
	var doc document
	if err := json.Unmarshal(text, &doc); err != nil {
		return fmt.Errorf("%s: %w", result, err)
	}
	was, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(was), fillBegin)
	_, after, ended := strings.Cut(rest, fillEnd)
	if !ok || !ended {
		return fmt.Errorf("%s has no place for figures: %s...%s", page, strings.TrimSpace(fillBegin), strings.TrimSpace(fillEnd))
	}
	name := strings.TrimSuffix(filepath.Base(result), ".json")
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s%sCommit %s; [all tables](../bench/results/%s.md). %s\n", before, fillBegin, doc.Environment.Commit, name, doc.Environment.line())
	goalsTable(&out, doc.Goals)
	for _, p := range plots {
		if p.draw(doc.Results) != nil {
			fmt.Fprintf(&out, "\n![%s](../bench/results/%s-%s.svg)\n", p.title, name, p.run)
		}
	}
	out.WriteString(fillEnd + after)
	return os.WriteFile(page, out.Bytes(), 0o644)
}
