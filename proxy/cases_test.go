package proxy

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"maskit/proxy/mask"
	"maskit/vault"
)

// Tests that are named after the cases of docs/CASES.md, where no other test is
// about the case alone.

// calls are one request to each API, in which SAID stands for what is said.
var calls = map[string]string{
	"/openai/v1/chat/completions":                   `{"model":"m","messages":[{"role":"user","content":SAID}]}`,
	"/openai/v1/completions":                        `{"model":"m","prompt":SAID}`,
	"/openai/v1/responses":                          `{"model":"m","input":SAID}`,
	"/openai/v1/messages":                           `{"model":"m","max_tokens":9,"messages":[{"role":"user","content":SAID}]}`,
	"/openai/v1beta/models/g:generateContent":       `{"contents":[{"parts":[{"text":SAID}]}]}`,
	"/openai/v1beta/models/g:streamGenerateContent": `{"contents":[{"parts":[{"text":SAID}]}]}`,
	"/openai/api/chat":                              `{"model":"m","messages":[{"role":"user","content":SAID}]}`,
	"/openai/v1/rerank":                             `{"query":SAID}`,
	"/openai/v1/threads/thread_1/messages":          `{"role":"user","content":SAID}`,
	"/openai/v1/images/generations":                 `{"prompt":SAID}`,
	"/openai/openai/deployments/d/chat/completions": `{"messages":[{"role":"user","content":SAID}]}`,
	"/openai/v1/messages/batches":                   `{"requests":[{"custom_id":"a","params":{"messages":[{"role":"user","content":SAID}]}}]}`,
	"/openai/v1/conversations/conv_1/items":         `{"items":[{"role":"user","content":SAID}]}`,
	"/openai/v1beta/models/g:batchGenerateContent":  `{"batch":{"inputConfig":{"requests":{"requests":[{"request":{"contents":[{"parts":[{"text":SAID}]}]}}]}}}}`,
}

// Case 8: whatever the route, the status and the kind of answer, what quotes the
// prompt is restored.
func TestCase8(t *testing.T) {
	var status int
	var typ string
	r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			t.Error(err)
		}
		token := string(body[strings.Index(string(body), "by ")+3:])
		token = token[:strings.IndexAny(token, `"\`)]
		w.Header().Set("Content-Type", typ)
		w.WriteHeader(status)
		quoted := `{"error":{"message":"this is bad: by ` + token + `."}}`
		switch typ {
		case "text/event-stream":
			fmt.Fprintf(w, "event: error\ndata: %s\n\n", quoted)
		default:
			fmt.Fprintln(w, quoted)
		}
	})
	for path, body := range calls {
		for _, status = range []int{200, 400, 404, 500} {
			for _, typ = range []string{"application/json", "text/event-stream", "application/x-ndjson", "text/html"} {
				resp, answer, err := r.post(path, strings.ReplaceAll(body, "SAID", quote("by "+email)))
				if err != nil || resp.StatusCode != status || !strings.Contains(answer, "this is bad: by "+email+".") {
					t.Errorf("%s, %d, %s: %v %s", path, status, typ, err, answer)
				}
			}
		}
	}
}

// Case 35: no position of a history lets a value through. What the provider gets
// is looked through at the end of the test.
func TestCase35(t *testing.T) {
	r := newRig(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{}`)
	})
	object := `{"to":` + quote(email) + `,"deep":[{"of":` + quote(project) + `}]}`
	for path, positions := range map[string][]string{
		"/openai/v1/chat/completions": {
			`{"messages":[{"role":"system","content":SAID}]}`, `{"messages":[{"role":"developer","content":[{"type":"text","text":SAID}]}]}`,
			`{"messages":[{"role":"assistant","content":SAID,"refusal":SAID,"reasoning_content":SAID}]}`,
			`{"messages":[{"role":"assistant","tool_calls":[{"id":"i","function":{"name":"f","arguments":QUOTED}}]}]}`,
			`{"messages":[{"role":"assistant","tool_calls":[{"id":"i","custom":{"name":"f","input":SAID}}]}]}`,
			`{"messages":[{"role":"assistant","function_call":{"name":"f","arguments":QUOTED}}]}`,
			`{"messages":[{"role":"tool","content":QUOTED}]}`, `{"messages":[{"role":"tool","content":[{"type":"text","text":QUOTED}]}]}`,
			`{"messages":[{"role":"user","name":SAID}]}`, `{"prediction":{"content":SAID}}`, `{"stop":[SAID]}`, `{"user":SAID,"metadata":{"k":SAID}}`,
			`{"tools":[{"function":{"name":"f","description":SAID,"parameters":{"properties":{"a":{"description":SAID,"default":SAID,"enum":[SAID],"examples":[OBJECT]}}}}}]}`,
			`{"response_format":{"json_schema":{"name":"n","schema":{"properties":{"a":{"const":SAID}}}}}}`, `{"unknown":{"SAIDKEY":[[SAID]]}}`,
		},
		"/openai/v1/messages": {
			`{"system":SAID}`, `{"system":[{"type":"text","text":SAID}]}`, `{"messages":[{"role":"system","content":SAID}]}`,
			`{"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"i","name":"f","input":OBJECT}]}]}`,
			`{"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"i","content":QUOTED}]}]}`,
			`{"messages":[{"role":"user","content":[{"type":"tool_result","content":[{"type":"text","text":QUOTED},{"type":"search_result","title":SAID,"content":[{"text":SAID}]}]}]}]}`,
			`{"messages":[{"role":"user","content":[{"type":"document","title":SAID,"context":SAID,"source":{"type":"text","media_type":"text/plain","data":SAID}}]}]}`,
			`{"messages":[{"role":"user","content":[{"type":"document","source":{"type":"content","content":[{"type":"text","text":SAID}]}}]}]}`,
			`{"messages":[{"role":"assistant","content":[{"type":"bash_code_execution_tool_result","content":{"stdout":SAID}},{"type":"mcp_tool_use","input":OBJECT},{"type":"mcp_tool_result","content":[{"text":SAID}]}]}]}`,
			`{"tools":[{"name":"f","description":SAID,"input_examples":[OBJECT]}],"metadata":{"user_id":SAID}}`,
		},
		"/openai/v1/responses": {
			`{"instructions":SAID}`, `{"input":[{"role":"developer","content":[{"type":"input_text","text":SAID}]}]}`,
			`{"input":[{"type":"function_call","arguments":QUOTED},{"type":"function_call_output","output":QUOTED},{"type":"custom_tool_call","input":SAID}]}`,
			`{"input":[{"type":"mcp_call","arguments":QUOTED,"output":SAID},{"type":"shell_call","action":{"commands":[SAID]}},{"type":"reasoning","summary":[{"text":SAID}]}]}`,
			`{"input":[{"type":"file_search_call","queries":[SAID],"results":[{"text":SAID,"attributes":OBJECT}]}],"prompt":{"variables":{"a":SAID}}}`,
		},
		"/openai/v1beta/models/g:generateContent": {
			`{"systemInstruction":{"parts":[{"text":SAID}]}}`, `{"contents":[{"parts":[{"functionCall":{"name":"f","args":OBJECT}},{"functionResponse":{"name":"f","response":OBJECT}}]}]}`,
			`{"contents":[{"parts":[{"executableCode":{"code":SAID}},{"codeExecutionResult":{"output":SAID}}]}],"labels":{"a":SAID}}`,
			`{"generationConfig":{"stopSequences":[SAID],"responseSchema":{"properties":{"a":{"description":SAID}}}}}`,
		},
	} {
		for _, p := range positions {
			body := strings.NewReplacer("SAIDKEY", email, "SAID", quote(text), "QUOTED", quote(object), "OBJECT", object).Replace(p)
			resp, answer, err := r.post(path, body)
			if err != nil || resp.StatusCode != http.StatusOK || resp.Header.Get("x-maskit-masked") == "" {
				t.Errorf("%s %s: %v %s", path, p, err, answer)
			}
			if seen := r.lastSeen(); !json.Valid([]byte(seen)) || strings.Contains(seen, "Quiet") {
				t.Errorf("%s %s: the provider got %s", path, p, seen)
			}
		}
	}
}

// Case 39: an agent reads a file, the model edits a line of it: the text to replace
// is the file's own, whatever stands in it, in a stream as well.
func TestCase39(t *testing.T) {
	const line = "\tto = \"" + email + "\" # \\d+ " + project + "\t'ünï😀'  "
	const file = "package a\r\n\n" + line + "\n}\n"
	for _, stream := range []bool{false, true} {
		r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
			body, err := io.ReadAll(req.Body)
			if err != nil {
				t.Error(err)
			}
			read := gjson.GetBytes(body, "messages.0.content.0.content").Str
			input := `{"path":"a.go","old_string":` + quote(strings.Split(read, "\n")[2]) + `,"new_string":""}`
			if !stream {
				w.Header().Set("Content-Type", "application/json")
				fmt.Fprintf(w, `{"content":[{"type":"tool_use","id":"i","name":"Edit","input":%s}]}`, input)
				return
			}
			w.Header().Set("Content-Type", "text/event-stream")
			for i := 0; i < len(input); i++ {
				n := i + 1
				for n < len(input) && input[n] >= 0x80 && input[n] < 0xC0 {
					n++
				}
				fmt.Fprintf(w, "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":%s}}\n\n", quote(input[i:n]))
				i = n - 1
			}
			fmt.Fprint(w, "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n")
		})
		_, answer, err := r.post("/openai/v1/messages", `{"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"r","content":`+quote(file)+`}]}]}`)
		if err != nil {
			t.Fatal(err)
		}
		input := gjson.Get(answer, "content.0.input").Raw
		for l := range strings.SplitSeq(answer, "\n") {
			input += gjson.Get(strings.TrimPrefix(l, "data: "), "delta.partial_json").Str
		}
		if old := gjson.Get(input, "old_string").Str; old != line {
			t.Errorf("stream %v: the text to replace is %q, the file has %q", stream, old, line)
		}
	}
}

// Case 46: roles, blocks and members that nobody knows yet are passed on, masked.
func TestCase46(t *testing.T) {
	r := newRig(t, echo)
	const body = `{"messages":[{"role":"system","content":"be brief"},{"role":"critic","content":[{"type":"hologram","beam":{"of":"` + email + `"},"n":[1,null,true]}]}],"mood":"calm"}`
	if resp, answer, err := r.post("/openai/v1/messages", body); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%v %s", err, answer)
	}
	token := gjson.Get(r.lastSeen(), "messages.1.content.0.beam.of").Str
	if want := strings.ReplaceAll(body, email, token); r.lastSeen() != want || token == "" {
		t.Errorf("the provider got %s", r.lastSeen())
	}
}

// Case 25: prose that looks like the beginning of something is not kept back: the
// provider writes the next event only when the client has got the one before.
func TestCase25(t *testing.T) {
	pieces := []string{"if ", "[", "[ -f", " <div", " {{", "${", "x", " Eve", " said", ": \"", "P", ".", " 7", "%", " token"}
	got := make(chan struct{}, len(pieces))
	r := newRig(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, p := range pieces {
			fmt.Fprintf(w, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":%s}}]}\n\n", quote(p))
			w.(http.Flusher).Flush()
			if p == "P" {
				continue // It may begin PROJECT, and comes with the next piece.
			}
			select {
			case <-got:
			case <-time.After(5 * time.Second):
				t.Errorf("%q is kept back", p)
			}
		}
		fmt.Fprint(w, "data: [DONE]\n\n")
	}, func(_ *Config, p *mask.Config, _ *vault.Vault) { p.Mode = mask.ModeMask })
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+r.addr+chatPath, strings.NewReader(chat(text)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	said := ""
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if data, ok := strings.CutPrefix(lines.Text(), "data: {"); ok {
			said += gjson.Get("{"+data, "choices.0.delta.content").Str
			select {
			case got <- struct{}{}:
			default:
			}
		}
	}
	if said != strings.Join(pieces, "") {
		t.Errorf("got %q", said)
	}
}
