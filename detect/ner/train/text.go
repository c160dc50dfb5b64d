package main

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
	"unicode"
)

// templateIDs returns the template of each text of Presidio's generator.
func templateIDs(data []byte) ([]int, error) {
	var all []struct {
		ID int `json:"template_id"`
	}
	if json.Unmarshal(data, &all) != nil {
		return nil, errors.New("no JSON array of texts with a template_id")
	}
	ids := make([]int, len(all))
	for i, x := range all {
		ids[i] = x.ID
	}
	return ids, nil
}

// edit replaces e.text[start:end] by what rewrite makes of its parts: each span,
// and each text between. Spans keep their classes.
func (e example) edit(rewrite func(s string, class int) string) example {
	out := example{weight: e.weight}
	var b strings.Builder
	at := 0
	for _, s := range e.spans {
		if s.start < at {
			continue
		}
		b.WriteString(rewrite(e.text[at:s.start], -1))
		start := b.Len()
		b.WriteString(rewrite(e.text[s.start:s.end], int(s.class)))
		if b.Len() > start {
			out.spans = append(out.spans, span{start, b.Len(), s.class})
		}
		at = s.end
	}
	b.WriteString(rewrite(e.text[at:], -1))
	out.text = b.String()
	return out
}

func (e example) lower() example {
	return e.edit(func(s string, _ int) string { return strings.ToLower(s) })
}

func (e example) upper() example {
	return e.edit(func(s string, _ int) string { return strings.ToUpper(s) })
}

// natural takes out the spaces that tokens were joined with where people write
// none: before commas, behind brackets, before 's and n't.
func (e example) natural() example {
	drop := unspaced(e.text)
	move := make([]int, len(e.text)+1)
	var b strings.Builder
	for i := range len(e.text) {
		move[i] = b.Len()
		if !drop[i] {
			b.WriteByte(e.text[i])
		}
	}
	move[len(e.text)] = b.Len()
	out := example{text: b.String(), weight: e.weight}
	for _, s := range e.spans {
		if from, to := move[s.start], move[s.end]; to > from {
			out.spans = append(out.spans, span{from, to, s.class})
		}
	}
	return out
}

// unspaced marks the spaces of a text that are to go.
func unspaced(s string) []bool {
	drop := make([]bool, len(s))
	quotes := 0
	for i := range len(s) {
		if s[i] == '"' {
			quotes++
		}
		if s[i] != ' ' {
			continue
		}
		before, after := s[:i], s[i+1:]
		switch {
		case after == "":
		case strings.ContainsRune(",.;:!?)]}%", rune(after[0])):
			drop[i] = !strings.HasPrefix(after, ":)") && !strings.HasPrefix(after, ":(")
		case strings.HasPrefix(after, "n't") || strings.HasPrefix(after, "'") && len(after) > 1 && unicode.IsLower(rune(after[1])):
			drop[i] = true
		case strings.HasSuffix(before, "(") || strings.HasSuffix(before, "[") || strings.HasSuffix(before, "$") || strings.HasSuffix(before, "#"):
			drop[i] = true
		case after[0] == '"' && quotes%2 == 1 || strings.HasSuffix(before, `"`) && quotes%2 == 1:
			drop[i] = true
		}
	}
	return drop
}

// chance is true p of the times.
func chance(r *rand.Rand, p float64) bool { return r.Float64() < p }

// pick returns one of all.
func pick[T any](r *rand.Rand, all []T) T { return all[r.IntN(len(all))] }
