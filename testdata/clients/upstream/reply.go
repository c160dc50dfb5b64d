package upstream

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// message is a chat message; its content is a string or a list of parts.
type message struct {
	Role    string          `json:"role"`
	Content json.RawMessage `json:"content"`
}

func (m message) text() string {
	var whole string
	if json.Unmarshal(m.Content, &whole) == nil {
		return whole
	}
	var parts []struct {
		Text string `json:"text"`
	}
	if json.Unmarshal(m.Content, &parts) != nil {
		return ""
	}
	var texts []string
	for _, p := range parts {
		texts = append(texts, p.Text)
	}
	return strings.Join(texts, "\n")
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
	switch {
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.Type == "object":
		object := map[string]any{}
		for _, p := range slices.Sorted(maps.Keys(s.Properties)) {
			object[p] = s.Properties[p].fill(p, text)
		}
		return object
	case s.Type == "array" && s.Items != nil:
		return []any{s.Items.fill(name, text), s.Items.fill("", text)}
	case s.Type == "number", s.Type == "integer":
		return 1
	case s.Type == "boolean":
		return true
	}
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, name+": "); ok && name != "" {
			return strings.TrimSuffix(rest, "\n")
		}
	}
	return text
}

// answer is what is said, before it is cut and encoded.
type answer struct {
	choices   []choice
	finish    string
	complaint string
}

type choice struct {
	content string
	calls   []call
}

type call struct{ id, name, arguments string }

// answerTo says the last message's text again: as tool calls if there are
// tools and none was answered yet, as JSON if a schema is given, else as prose.
func answerTo(req request, m manner) answer {
	var text, role string
	if n := len(req.Messages); n > 0 {
		text, role = req.Messages[n-1].text(), req.Messages[n-1].Role
	}
	a := answer{finish: "stop", complaint: "This prompt cannot be answered: \"" + text + "\"; ask for less."}
	for i := range max(1, req.N) {
		var c choice
		// The texts of two choices differ in length, so that their tokens are
		// never cut in the same places.
		said := strings.Repeat("Again: ", i) + text
		switch {
		case len(req.Tools) > 0 && role != "tool":
			a.finish = "tool_calls"
			for j, t := range req.Tools {
				c.calls = append(c.calls, call{
					id:        fmt.Sprintf("call_%d_%d", i, j),
					name:      t.Function.Name,
					arguments: string(encode(t.Function.Parameters.fill("", said), m.ascii)),
				})
			}
		case req.ResponseFormat.Type == "json_schema":
			c.content = string(encode(req.ResponseFormat.JSONSchema.Schema.fill("", said), m.ascii))
		default:
			c.content = "You wrote: " + said
		}
		a.choices = append(a.choices, c)
	}
	return a
}

var usage = map[string]any{"prompt_tokens": 11, "completion_tokens": 22, "total_tokens": 33}

// completion is the answer as a chat completion.
func (a answer) completion(req request) any {
	var choices []any
	for i, c := range a.choices {
		msg := map[string]any{"role": "assistant", "content": c.content, "refusal": nil}
		if len(c.calls) > 0 {
			msg["content"] = nil
			msg["tool_calls"] = c.wholeCalls()
		}
		choices = append(choices, map[string]any{"index": i, "message": msg, "logprobs": nil, "finish_reason": a.finish})
	}
	return map[string]any{
		"id": "chatcmpl-echo", "object": "chat.completion", "created": 1_700_000_000,
		"model": req.Model, "choices": choices, "usage": usage,
	}
}

func (c choice) wholeCalls() []any {
	var calls []any
	for _, call := range c.calls {
		calls = append(calls, map[string]any{
			"id": call.id, "type": "function",
			"function": map[string]any{"name": call.name, "arguments": call.arguments},
		})
	}
	return calls
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
