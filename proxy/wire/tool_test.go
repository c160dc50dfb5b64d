package wire

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// tools is a Restorer that replaces nothing and notes for which tool it is given
// each text that holds an x and a digit.
type tools struct{ seen *[]string }

func (r tools) note(tool string, text []byte) {
	if i := strings.IndexByte(string(text), 'x'); i >= 0 && i+1 < len(text) && text[i+1] <= '9' {
		*r.seen = append(*r.seen, fmt.Sprintf("%s(%s)", tool, text))
	}
}

func (r tools) Restore(text []byte, _ Emit) error {
	r.note("", text)
	return nil
}

func (r tools) RestoreTool(tool string, text []byte, _ Emit) error {
	r.note(tool, text)
	return nil
}

func (r tools) RestoreLast(tool string, memory uint64, text []byte, _ Emit) error {
	r.note(fmt.Sprintf("%s@%d", tool, memory), text)
	return nil
}

func (r tools) RestorePart(tool string, memory uint64, text []byte, _ Emit) (hold int, after uint64, err error) {
	r.note(fmt.Sprintf("%s@%d", tool, memory), text)
	return len(text), memory + uint64(len(text)), nil
}

// Whoever restores is told which tool a text is for, whether the name of the tool
// stands before the text, behind it, or in an earlier event; and gets back what it
// wants to remember of the pieces before.
func TestTools(t *testing.T) {
	for _, c := range []struct {
		name, path, kind, answer string
		want                     []string
	}{
		{
			"chat", "/v1/chat/completions", "", `{"choices":[{"index":0,"message":{"content":"x0","tool_calls":[
				{"id":"a","function":{"name":"f","arguments":"{\"a\":\"x1\"}"}},{"function":{"arguments":"{\"a\":\"x2\"}","name":"g"}},
				{"custom":{"name":"h","input":"x3"}}],"function_call":{"name":"i","arguments":"x4"}}}]}`,
			[]string{"(x0)", `f({"a":"x1"})`, `g({"a":"x2"})`, "h(x3)", "i(x4)"},
		},
		{
			"chat, streamed", "/v1/chat/completions", "text/event-stream", `
data: {"choices":[{"index":0,"delta":{"content":"x0","tool_calls":[{"index":0,"function":{"name":"f","arguments":""}}]}}]}

data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"function":{"name":"g","arguments":"{x1"}},{"index":0,"function":{"arguments":"{x2"}}]}}]}

data: {"choices":[{"index":0,"delta":{"content":"x3","tool_calls":[{"index":1,"function":{"arguments":"x4"}}]}},{"index":1,"delta":{"tool_calls":[{"index":1,"function":{"arguments":"x5"}}]}}]}

`,
			[]string{"@0(x0)", "g@0({x1)", "f@0({x2)", "@2(x3)", "g@3(x4)", "?@0(x5)"},
		},
		{
			"messages", "/v1/messages", "", `{"content":[{"type":"text","text":"x0"},{"type":"tool_use","id":"a","input":{"a":["x1",{"x2":"b"}]},"name":"f"}]}`,
			[]string{"(x0)", "f(x1)", "f(x2)"},
		},
		{
			"messages, streamed", "/v1/messages", "text/event-stream", `
event: content_block_start
data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"a","name":"f","input":{}}}

data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x0"}}

data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{x1"}}

data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"x2"}}

`,
			[]string{"@0(x0)", "f@0({x1)", "f@3(x2)"},
		},
		{
			"responses", "/v1/responses", "", `{"output":[{"type":"message","content":[{"text":"x0"}]},{"type":"function_call","arguments":"{x1}","name":"f"}]}`,
			[]string{"(x0)", "f({x1})"},
		},
		{
			"responses, streamed", "/v1/responses", "text/event-stream", `
data: {"type":"response.output_item.added","output_index":1,"sequence_number":1,"item":{"type":"function_call","name":"f","arguments":""}}

data: {"type":"response.output_text.delta","output_index":0,"content_index":0,"sequence_number":2,"delta":"x0"}

data: {"type":"response.function_call_arguments.delta","output_index":1,"sequence_number":3,"delta":"{x1"}

data: {"type":"response.function_call_arguments.done","arguments":"{x1}","output_index":1,"sequence_number":4}

data: {"type":"response.completed","sequence_number":5,"response":{"output":[{"content":[{"text":"x0"}]},{"arguments":"{x1}","name":"f"}]}}

`,
			[]string{"@0(x0)", "f@0({x1)", "f({x1})", "(x0)", "f({x1})"},
		},
		{
			"gemini", "/v1beta/models/g:generateContent", "", `{"candidates":[{"content":{"parts":[{"text":"x0"},{"functionCall":{"args":{"a":"x1"},"name":"f"}}]}}]}`,
			[]string{"(x0)", "f(x1)"},
		},
		{
			"gemini, streamed", "/v1beta/models/g:streamGenerateContent", "text/event-stream", `
data: {"candidates":[{"content":{"parts":[{"text":"x0"},{"functionCall":{"name":"f","args":{"a":"x1"}}}]}}]}

`,
			[]string{"f(x1)", "@0(x0)"},
		},
		{
			"ollama", "/api/chat", "", `{"message":{"content":"x0","tool_calls":[{"function":{"name":"f","arguments":{"a":"x1"}}}]}}`,
			[]string{"(x0)", "f(x1)"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			var seen []string
			f, r := For(c.path), tools{seen: &seen}
			if c.kind == "" {
				if _, err := f.Answer(nil, []byte(c.answer), r, false); err != nil {
					t.Fatal(err)
				}
			} else if _, err := f.NewStream(f.Framing(c.kind), r, false, 1<<20).Next(nil, []byte(strings.TrimPrefix(c.answer, "\n"))); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(seen, c.want) {
				t.Errorf("texts were given as\n%q, want\n%q", seen, c.want)
			}
		})
	}
}
