package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"maskit/detect/eval"
	"maskit/detect/ner"
)

// example is a labelled text.
type example struct {
	text   string
	spans  []span
	weight float32 // of what is learned from it
}

// span says that text[start:end], in bytes, is of a class.
type span struct {
	start, end int
	class      ner.Class
}

// classes are the labels of templates and of eval.Names that the model knows.
var classes = map[string]ner.Class{
	"PERSON": ner.Person, "LOCATION": ner.Location, "ORGANIZATION": ner.Organization, "STREET_ADDRESS": ner.Address,
}

// source is a published set that is trained on.
type source struct {
	file   string
	spaced bool // tokens with spaces between them, which are taken out of half of the texts
	weight float32
}

// sources are those of the sets that may be trained on. Of the sentences that
// Presidio's generator made, those of every second template are kept to measure.
var sources = []source{
	{file: "ner/btc_a.conll", spaced: true, weight: 0.7},
	{file: "ner/btc_b.conll", spaced: true, weight: 0.7},
	{file: "ner/btc_e.conll", spaced: true, weight: 0.7},
	{file: "ner/btc_f.conll", spaced: true, weight: 0.7},
	{file: "ner/btc_g.conll", spaced: true, weight: 0.7},
	{file: "ner/btc_h.conll", spaced: true, weight: 0.7},
	{file: "ner/wnut17_train.conll", spaced: true, weight: 1},
	{file: "ner/wikigold.conll", spaced: true, weight: 1},
	{file: "ner/slurp.jsonl", weight: 0.7},
	{file: "ner/gum_ccby.tsv", weight: 1},
	{file: "pii/presidio_generated_large.json", weight: 0.5},
}

// readSource reads a set. Labels of classes that the model does not know are
// left out.
func readSource(dir string, s source) ([]example, error) {
	name := filepath.Join(dir, s.file)
	if strings.Contains(s.file, "gum") {
		return readGUM(name, s.weight)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	set, err := eval.Read(name, f)
	if err != nil {
		return nil, err
	}
	var keep func(i int) bool
	if strings.Contains(s.file, "presidio") {
		if keep, err = evenTemplates(name); err != nil {
			return nil, err
		}
	}
	var all []example
	for i, t := range set.Texts {
		if keep != nil && !keep(i) {
			continue
		}
		e := example{text: t.Text, weight: s.weight}
		for _, l := range t.Spans {
			if c, ok := classes[string(l.Kind)]; ok {
				if s := trimmed(t.Text, span{l.Start, l.End, c}); s.end > s.start {
					e.spans = append(e.spans, s)
				}
			}
		}
		all = append(all, e)
	}
	return all, nil
}

// trimmed leaves out what some sets label with a name: the sign of a hashtag, an
// ending 's, white space.
func trimmed(text string, s span) span {
	for s.start < s.end && strings.IndexByte("# \t\"", text[s.start]) >= 0 {
		s.start++
	}
	for s.start < s.end && strings.IndexByte(" \t\":;,", text[s.end-1]) >= 0 {
		s.end--
	}
	if name, ok := strings.CutSuffix(text[s.start:s.end], "'s"); ok {
		s.end = s.start + len(strings.TrimRight(name, " "))
	}
	return s
}

// mention is one of GUM that is open.
type mention struct {
	id    string
	kind  string
	start int // token
}

// readGUM reads a text of GUM, which labels all mentions: of these the names
// are kept, runs of proper nouns with what joins them.
func readGUM(name string, weight float32) ([]example, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var all []example
	var g gum
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := lines.Text()
		switch {
		case strings.HasPrefix(line, "#"):
		case line == "":
			if len(g.words) > 0 {
				all = append(all, g.example(weight))
			}
			g = gum{}
		default:
			fields := strings.Split(line, "\t")
			if len(fields) != 4 {
				return nil, errors.New("gum: expected four columns")
			}
			g.line(fields)
		}
	}
	if len(g.words) > 0 {
		all = append(all, g.example(weight))
	}
	return all, lines.Err()
}

// gum is a sentence.
type gum struct {
	words, tags []string
	glued       []bool // no space behind
	open        []mention
	done        []mention
	ends        []int // of done, exclusive
}

func (g *gum) line(fields []string) {
	i := len(g.words)
	g.words, g.tags, g.glued = append(g.words, fields[0]), append(g.tags, fields[1]), append(g.glued, fields[2] == "1")
	rest := fields[3]
	for rest != "" && rest != "_" {
		if inner, ok := strings.CutPrefix(rest, "("); ok {
			n := strings.IndexAny(inner, "()")
			if n < 0 {
				n = len(inner)
			}
			id, kind, _ := strings.Cut(inner[:n], "-")
			m := mention{id, kind, i}
			rest = inner[n:]
			if after, ok := strings.CutPrefix(rest, ")"); ok {
				g.close(m, i+1)
				rest = after
			} else {
				g.open = append(g.open, m)
			}
			continue
		}
		id, after, _ := strings.Cut(rest, ")")
		for j, m := range slices.Backward(g.open) {
			if m.id == id {
				g.close(m, i+1)
				g.open = slices.Delete(g.open, j, j+1)
				break
			}
		}
		rest = after
	}
}

func (g *gum) close(m mention, end int) {
	g.done, g.ends = append(g.done, m), append(g.ends, end)
}

var gumClasses = map[string]ner.Class{"person": ner.Person, "place": ner.Location, "organization": ner.Organization}

// joiners may stand within a name between proper nouns.
var joiners = map[string]bool{"of": true, "the": true, "de": true, "-": true, "'s": true, "&": true, "for": true, "'": true, ".": true}

var honorifics = map[string]bool{"mr.": true, "mr": true, "mrs.": true, "mrs": true, "ms.": true, "ms": true, "dr.": true, "dr": true, "prof.": true, "professor": true, "president": true, "sir": true, "judge": true, "justice": true, "king": true, "queen": true, "senator": true, "governor": true, "doctor": true, "captain": true, "lord": true, "st.": true}

func (g *gum) example(weight float32) example {
	class := make([]int, len(g.words)) // 1 + class, of the longest mention that names a token
	owner := make([]int, len(g.words))
	order := make([]int, len(g.done))
	for i := range order {
		order[i] = i
	}
	// The shortest last: inner mentions win only where the outer is no name.
	slices.SortStableFunc(order, func(a, b int) int {
		return (g.ends[b] - g.done[b].start) - (g.ends[a] - g.done[a].start)
	})
	for _, k := range order {
		m, end := g.done[k], g.ends[k]
		c, known := gumClasses[m.kind]
		from, to, ok := g.name(m.start, end)
		if !known || !ok || owner[from] != 0 {
			continue
		}
		for c == ner.Person && from < to-1 && honorifics[strings.ToLower(g.words[from])] {
			from++
		}
		for i := from; i < to; i++ {
			class[i], owner[i] = 1+int(c), k+1
		}
	}
	e := example{weight: weight}
	var b strings.Builder
	for i, w := range g.words {
		start := b.Len()
		b.WriteString(w)
		if class[i] > 0 {
			if i > 0 && owner[i-1] == owner[i] {
				e.spans[len(e.spans)-1].end = b.Len()
			} else {
				e.spans = append(e.spans, span{start, b.Len(), ner.Class(class[i] - 1)})
			}
		}
		if !g.glued[i] && i+1 < len(g.words) {
			b.WriteByte(' ')
		}
	}
	e.text = b.String()
	return e
}

// name returns the run of proper nouns that a mention is, without its article,
// if there is nothing else in it before a comma or a clause.
func (g *gum) name(from, end int) (int, int, bool) {
	for from < end && g.tags[from] != "PROPN" {
		if t := g.tags[from]; t == "VERB" || t == "PUNCT" {
			return 0, 0, false
		}
		from++
	}
	to := from
	for i := from; i < end; i++ {
		if g.tags[i] == "PROPN" || g.tags[i] == "NUM" && to == i && g.glued[i-1] {
			to = i + 1
		} else if !joiners[strings.ToLower(g.words[i])] {
			break
		}
	}
	if to == from {
		return 0, 0, false
	}
	// "Durham police", "London streets": the head is a common noun.
	if to < end && g.tags[to] == "NOUN" {
		return 0, 0, false
	}
	return from, to, true
}

// evenTemplates returns which texts of Presidio's generator come from a template
// with an even number.
func evenTemplates(name string) (func(int) bool, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	ids, err := templateIDs(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return func(i int) bool { return ids[i]%2 == 0 }, nil
}
