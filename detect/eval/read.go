package eval

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"maskit/detect"
)

// readers say how a file is read, by the end of its name.
var readers = []struct {
	end  string
	read func(data []byte) ([]Text, error)
}{
	{".jsonl", readLines},
	{".json", readArray},
	{".conll", readColumns},
	{".iob2", readColumns},
	{".tsv", readColumns},
}

// Read reads a labelled set. The name of the file says its format:
//
//   - .jsonl: a text a line, as {"id","text","spans":[{"start","end","kind"}]};
//     label, entity_type or annotations in the place of kind and spans are
//     understood (AmbientMeta, SGD), and so is "annotated" with [kind : value]
//     in the text (SLURP). Offsets are in characters (code points).
//   - .json: the array of presidio-research.
//   - .conll, .iob2: a token a line with its tag in IOB or IOB2, a blank line
//     between texts. @handles are no names, whatever the tag says.
//   - .tsv: the same, a character a line (KLUE).
//
// Errors quote nothing of the file but its name and the line.
func Read(name string, r io.Reader) (Set, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return Set{}, fmt.Errorf("eval: reading %s: %w", name, err)
	}
	for _, f := range readers {
		if !strings.HasSuffix(name, f.end) {
			continue
		}
		texts, err := f.read(bytes.TrimPrefix(data, []byte("\ufeff")))
		if err != nil {
			return Set{}, fmt.Errorf("eval: reading %s: %w", name, err)
		}
		if len(texts) == 0 {
			return Set{}, fmt.Errorf("eval: reading %s: there are no texts in it", name)
		}
		for i := range texts {
			if texts[i].ID == "" {
				texts[i].ID = strconv.Itoa(i + 1)
			}
		}
		return Set{filepath.Base(name), texts}, nil
	}
	return Set{}, fmt.Errorf("eval: reading %s: the name does not say the format: .jsonl, .json, .conll, .iob2 or .tsv", name)
}

// record is a text in JSON, as any of the collections writes it.
type record struct {
	ID          id         `json:"id"`
	Text        string     `json:"text"`
	FullText    string     `json:"full_text"`
	Annotated   string     `json:"annotated"`
	Spans       []jsonSpan `json:"spans"`
	Annotations []jsonSpan `json:"annotations"`
}

// id is a string, or a number, which stands for itself.
type id string

// UnmarshalJSON implements json.Unmarshaler.
func (i *id) UnmarshalJSON(data []byte) error {
	*i = id(strings.Trim(string(data), `"`))
	return nil
}

type jsonSpan struct {
	Start         *int   `json:"start"`
	End           int    `json:"end"`
	StartPosition int    `json:"start_position"`
	EndPosition   int    `json:"end_position"`
	Kind          string `json:"kind"`
	Label         string `json:"label"`
	EntityType    string `json:"entity_type"`
}

func (s jsonSpan) label() (Label, string) {
	name := s.Kind + s.Label + s.EntityType // one of them
	if s.Start != nil {
		return Label{Start: *s.Start, End: s.End, Kind: KindOf(name)}, name
	}
	return Label{Start: s.StartPosition, End: s.EndPosition, Kind: KindOf(name)}, name
}

// text makes a Text of a record, with offsets in bytes.
func (r record) text() (Text, error) {
	t := Text{ID: string(r.ID), Text: r.Text + r.FullText}
	if r.Annotated != "" {
		t.Text, t.Spans = unbracket(r.Annotated)
		return t, nil
	}
	at := byteOffsets(t.Text)
	for i, s := range slices.Concat(r.Spans, r.Annotations) {
		l, name := s.label()
		switch {
		case name == "":
			return t, fmt.Errorf("span %d has no kind", i+1)
		case l.Start < 0 || l.End >= len(at) || l.Start >= l.End:
			return t, fmt.Errorf("span %d, from %d to %d, is not within the %d characters of the text", i+1, l.Start, l.End, len(at)-1)
		case l.Kind == "":
			continue
		}
		t.Spans = append(t.Spans, Label{at[l.Start], at[l.End], l.Kind})
	}
	sortLabels(t.Spans)
	return t, nil
}

// byteOffsets returns where each character of text begins, and its length.
func byteOffsets(text string) []int {
	at := make([]int, 0, utf8.RuneCountInString(text)+1)
	for i := range text {
		at = append(at, i)
	}
	return append(at, len(text))
}

func sortLabels(labels []Label) {
	slices.SortFunc(labels, func(a, b Label) int { return a.Start - b.Start })
}

// readLines reads a record a line.
func readLines(data []byte) ([]Text, error) {
	var texts []Text
	n := 0
	for line := range bytes.Lines(data) {
		n++
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		var r record
		if err := json.Unmarshal(line, &r); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, notJSON(err))
		}
		t, err := r.text()
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		texts = append(texts, t)
	}
	return texts, nil
}

// readArray reads an array of records.
func readArray(data []byte) ([]Text, error) {
	var records []record
	if err := json.Unmarshal(data, &records); err != nil {
		return nil, notJSON(err)
	}
	texts := make([]Text, len(records))
	for i, r := range records {
		var err error
		if texts[i], err = r.text(); err != nil {
			return nil, fmt.Errorf("text %d: %w", i+1, err)
		}
	}
	return texts, nil
}

// notJSON says what is wrong without what encoding/json quotes of the text.
func notJSON(err error) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("%s is not of the type that is expected here", wrong.Field)
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("not valid JSON at byte %d", syntax.Offset)
	}
	return errors.New("not valid JSON")
}

// bracket is a labelled value within a text: [kind : value].
var bracket = regexp.MustCompile(`\[(\w+) : ([^\]]*)\]`)

// unbracket takes the brackets out of an annotated text.
func unbracket(annotated string) (string, []Label) {
	var text strings.Builder
	var labels []Label
	from := 0
	for _, m := range bracket.FindAllStringSubmatchIndex(annotated, -1) {
		text.WriteString(annotated[from:m[0]])
		start := text.Len()
		text.WriteString(annotated[m[4]:m[5]])
		from = m[1]
		if k := KindOf(annotated[m[2]:m[3]]); k != "" && text.Len() > start {
			labels = append(labels, Label{start, text.Len(), k})
		}
	}
	text.WriteString(annotated[from:])
	return text.String(), labels
}

// readColumns reads a token a line, with its tag.
func readColumns(data []byte) ([]Text, error) {
	var texts []Text
	var c columns
	end := func() {
		if len(c.tokens) > 0 {
			texts = append(texts, c.text())
		}
		c = columns{}
	}
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		line = strings.TrimRight(line, "\r\n")
		if strings.TrimSpace(line) == "" {
			end()
			continue
		}
		if err := c.line(line); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	end()
	return texts, nil
}

// columns are the tokens of one text.
type columns struct {
	id     string
	whole  string // "# text = ...", if there is one
	glued  bool   // the tokens are characters, white space included
	tokens []string
	tags   []string
}

// line reads a token, or a comment.
func (c *columns) line(line string) error {
	fields := strings.Split(line, "\t")
	if len(fields) == 1 {
		fields = strings.Split(line, " ")
	}
	n := len(fields)
	switch {
	case fields[0] == "-DOCSTART-":
		return nil
	case strings.HasPrefix(line, "## "):
		c.glued = true
		return nil
	case strings.HasPrefix(line, "# ") && len(c.tokens) == 0 && strings.Contains(line, " = "):
		name, value, _ := strings.Cut(line[2:], " = ")
		switch name {
		case "sent_id":
			c.id = value
		case "text":
			c.whole = value
		}
		return nil
	case n == 2 && isTag(fields[1]):
		c.tokens, c.tags = append(c.tokens, fields[0]), append(c.tags, fields[1])
	case n >= 3 && isTag(fields[2]): // number, token, tag
		c.tokens, c.tags = append(c.tokens, fields[1]), append(c.tags, fields[2])
	default:
		return errors.New("expected a token and its tag, such as O, B-PER or I-PER, parted by a tab or a space")
	}
	return nil
}

func isTag(s string) bool {
	return s == "O" || strings.HasPrefix(s, "B-") || strings.HasPrefix(s, "I-")
}

// text puts the tokens together.
func (c *columns) text() Text {
	t := Text{ID: c.id, Text: c.whole}
	at := 0
	open := "" // the tag's kind that goes on
	for i, token := range c.tokens {
		start := c.place(&t, token, at)
		at = start + len(token)
		tag := c.tags[i]
		if handle(c.tokens, i) {
			tag = "O"
		}
		name := ""
		if tag != "O" {
			name = tag[2:]
		}
		kind := detect.Kind("")
		if name != "" {
			kind = KindOf(name)
		}
		switch {
		case kind == "":
		case tag[0] == 'I' && open == name && len(t.Spans) > 0:
			t.Spans[len(t.Spans)-1].End = at
		default:
			t.Spans = append(t.Spans, Label{start, at, kind})
		}
		open = name
	}
	return t
}

// place returns where the token stands in the text, and appends it unless the
// text is known.
func (c *columns) place(t *Text, token string, at int) int {
	if c.whole != "" {
		if i := strings.Index(t.Text[at:], token); i >= 0 {
			return at + i
		}
		// A token that the text writes otherwise: from here on it is as tokens.
		t.Text, c.whole = t.Text[:at], ""
	}
	if t.Text != "" && !c.glued {
		t.Text += " "
	}
	t.Text += token
	return len(t.Text) - len(token)
}

// handle reports whether a token is an @handle, or its name behind the "@".
func handle(tokens []string, i int) bool {
	return strings.HasPrefix(tokens[i], "@") || i > 0 && tokens[i-1] == "@"
}
