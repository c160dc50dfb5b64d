package upstream

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// prompt is what a request comes to, whatever its API.
type prompt struct {
	id       string // of this exchange
	previous string // answer that it goes on from
	model    string
	stream   bool
	n        int      // choices that are asked for; 0 is 1
	text     string   // what was said last
	answered bool     // and that is a tool's result
	tools    []tool   // that may be called
	format   *schema  // of an answer that is JSON
	usage    bool     // the stream ends with the usage
	inputs   []string // of APIs that take many
	base64   bool     // vectors are wanted as base64
	// echoes are members of the request that the answer repeats.
	echoes map[string]json.RawMessage
}

// tool is what may be called. A custom one takes text instead of arguments.
type tool struct {
	name       string
	custom     bool
	parameters schema
}

// schema is the part of JSON Schema that clients send for tools and formats.
type schema struct {
	Type       string            `json:"type"`
	Properties map[string]schema `json:"properties"`
	Items      *schema           `json:"items"`
	Enum       []any             `json:"enum"`
}

// fill makes a value of the schema in which every string is what was said. A
// property whose name begins a line of the text ("to: Ada") gets that line's
// rest, so that tokens also stand alone between two quotes.
func (s schema) fill(name, text string) any {
	kind := strings.ToLower(s.Type) // Gemini writes STRING
	switch {
	case len(s.Enum) > 0:
		return s.Enum[0]
	case kind == "object":
		object := map[string]any{}
		for _, p := range slices.Sorted(maps.Keys(s.Properties)) {
			object[p] = s.Properties[p].fill(p, text)
		}
		return object
	case kind == "array" && s.Items != nil:
		return []any{s.Items.fill(name, text), s.Items.fill("", text)}
	case kind == "number", kind == "integer":
		return 1
	case kind == "boolean":
		return true
	}
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, name+": "); ok && name != "" {
			return strings.TrimSuffix(rest, "\n")
		}
	}
	return text
}

// textOf returns the text of a content: a string, or a list of parts that have
// it as their text, or in a content or an output of their own.
func textOf(content json.RawMessage) string {
	var whole string
	if json.Unmarshal(content, &whole) == nil {
		return whole
	}
	var parts []struct {
		Text    string          `json:"text"`
		Content json.RawMessage `json:"content"`
		Output  json.RawMessage `json:"output"`
	}
	if json.Unmarshal(content, &parts) != nil {
		return ""
	}
	var texts []string
	for _, p := range parts {
		for _, t := range []string{p.Text, textOf(p.Content), textOf(p.Output)} {
			if t != "" {
				texts = append(texts, t)
			}
		}
	}
	return strings.Join(texts, "\n")
}

// answer is what is said, before it is cut and encoded.
type answer struct {
	choices   []choice
	complaint string
	cite      bool
}

type choice struct {
	thought string // before the content; none if empty
	content string
	calls   []call
}

// call is a tool that is called: arguments is JSON, or text if it is custom.
type call struct {
	id, name, arguments string
	custom              bool
}

// calls says whether the answer calls tools.
func (a answer) calls() bool { return len(a.choices[0].calls) > 0 }

// answerTo says the last text again: as tool calls if there are tools and none
// was answered yet, as JSON if a schema is given, else as prose.
func answerTo(p prompt, m manner) answer {
	a := answer{complaint: "This prompt cannot be answered: \"" + p.text + "\"; ask for less.", cite: m.cite}
	for i := range max(1, p.n) {
		var c choice
		// The texts of two choices differ in length, so that their tokens are
		// never cut in the same places.
		said := strings.Repeat("Again: ", i) + p.text
		if m.think {
			c.thought = "They wrote: " + said
		}
		switch {
		case len(p.tools) > 0 && !p.answered:
			for j, t := range p.tools {
				c.calls = append(c.calls, t.call(fmt.Sprintf("call_%d_%d", i, j), said, m))
			}
		case p.format != nil:
			c.content = string(encode(p.format.fill("", said), false, m.ascii))
		default:
			c.content = "You wrote: " + said
		}
		a.choices = append(a.choices, c)
	}
	return a
}

func (t tool) call(id, said string, m manner) call {
	c := call{id: id, name: t.name, arguments: said, custom: t.custom}
	if !t.custom {
		c.arguments = string(encode(t.parameters.fill("", said), false, m.ascii))
	}
	return c
}

// seal signs a text that must come back as it was: whoever changes the text,
// or the seal, is found out.
func seal(text string) string {
	sum := sha256.Sum256([]byte("sealed by the echo: " + text))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// toASCII writes every character of a JSON text beyond ASCII as \uXXXX.
func toASCII(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		if r < utf8.RuneSelf {
			out = append(out, text[0])
		} else {
			for _, unit := range utf16.AppendRune(nil, r) {
				out = fmt.Appendf(out, `\u%04x`, unit)
			}
		}
		text = text[n:]
	}
	return out
}
