package wire

import (
	"encoding/json"
	"strings"
	"testing"
)

// What a tool gives back mostly is JSON in a string: a value with quotes or
// backslashes stands there escaped once more, and is found all the same.
func TestRequestResults(t *testing.T) {
	const value = "Operation \"Quiet\" \\ \n😀"
	result, err := json.Marshal(map[string]any{"of": value, "list": []string{value, "x"}, "n": 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, body string }{
		{"/v1/chat/completions", `{"messages":[{"role":"tool","content":RESULT},{"role":"user","content":[{"type":"text","text":RESULT}]}]}`},
		{"/v1/responses", `{"input":[{"type":"function_call_output","output":RESULT},{"type":"function_call_output","output":[{"type":"input_text","text":RESULT}]},{"role":"user","content":RESULT}]}`},
		{"/v1/messages", `{"messages":[{"role":"user","content":[{"type":"tool_result","content":RESULT},{"type":"tool_result","content":[{"type":"text","text":RESULT}]}]},{"role":"user","content":RESULT}]}`},
		{"/v1beta/models/g:generateContent", `{"contents":[{"parts":[{"functionResponse":{"name":"f","response":{"output":RESULT}}},{"text":RESULT}]}]}`},
		{"/api/chat", `{"messages":[{"role":"tool","content":RESULT}]}`},
	} {
		quoted := q(string(result))
		got, err := For(c.path).Request(nil, []byte(strings.ReplaceAll(c.body, "RESULT", quoted)), swap(value, "FOX4K7Q"), passPart)
		if err != nil {
			t.Fatalf("%s: %v", c.path, err)
		}
		want := strings.ReplaceAll(c.body, "RESULT", q(strings.ReplaceAll(string(result), strings.Trim(q(value), `"`), "FOX4K7Q")))
		if string(got) != want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.path, got, want)
		}
	}
}

// @google/genai 3 asks under /v1, where OpenAI has its models.
func TestGeminiUnderV1(t *testing.T) {
	for path, want := range map[string]string{
		"/v1/models/g:generateContent": "gemini", "/v1/models/g:streamGenerateContent": "gemini",
		"/v1/models/g:countTokens": "gemini", "/v1/models/g:embedContent": "gemini",
		"/v1/models/g:batchEmbedContents": "gemini", "/v1/models/g": "openai", "/v1/models": "openai",
	} {
		if got := For(path).Upstream; got != want {
			t.Errorf("%s goes to %s, not %s", path, got, want)
		}
	}
}

// An error is the last event of a stream: what was kept back comes before it,
// and the stream has ended, not died.
func TestErrorEndsStream(t *testing.T) {
	for _, c := range []struct {
		path    string
		framing *Framing
		event   string
	}{
		{"/api/chat", NDJSON, `{"message":{"content":"FOX4K"},"done":false}` + "\n" + `{"error":"not FOX4K7Q"}` + "\n"},
		{"/api/generate", NDJSON, `{"response":"FOX4K","done":false}` + "\n" + `{"error":"not FOX4K7Q"}` + "\n"},
		{
			"/v1beta/models/g:streamGenerateContent", SSE,
			`data: {"candidates":[{"content":{"parts":[{"text":"FOX4K"}]},"index":0}]}` + "\n\n" +
				`data: {"error":{"code":503,"message":"not FOX4K7Q"}}` + "\n\n",
		},
	} {
		s := For(c.path).NewStream(c.framing, fox, false, 1<<20)
		got, err := s.Next(nil, []byte(c.event))
		if err != nil {
			t.Fatalf("%s: %v", c.path, err)
		}
		held, failure := strings.Index(string(got), `"FOX4K"`), strings.Index(string(got), "error")
		if held < 0 || failure < held || strings.Contains(string(got), "FOX4K7Q") {
			t.Errorf("%s: what was kept back does not come before the error, or that is not restored: %s", c.path, got)
		}
		if !s.Complete() {
			t.Errorf("%s: the stream seems to have died", c.path)
		}
	}
}
