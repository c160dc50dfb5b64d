package wire

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/tidwall/gjson"
)

// dialect is how one API streams: lane 0 a text, lane 1 a second one beside it,
// lane 2 arguments that are JSON. A dialect that has no lane 1 or 2 leaves it out.
type dialect struct {
	path    string
	framing *Framing
	lanes   int
	// write makes the events of the pieces, and of the end.
	write func(pieces []piece) []string
	// read adds the texts of one payload to got, and to said what repeats them.
	read func(v gjson.Result, got, said map[string]string)
}

func q(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

var dialects = map[string]dialect{
	"openai.threads": threads,
	"openai.media":   transcript,
	"openai.responses": {
		path: "/v1/responses", framing: SSE, lanes: 3,
		write: func(pieces []piece) (events []string) {
			n := 0
			event := func(typ, members string) {
				events = append(events, fmt.Sprintf("event: %s\ndata: {\"type\":%q,\"sequence_number\":%d,%s}\n\n", typ, typ, n, members))
				n++
			}
			place := []string{`"item_id":"m","output_index":0,"content_index":0`, `"item_id":"r","output_index":1,"summary_index":0`, `"item_id":"f","output_index":2`}
			family := []string{"response.output_text", "response.reasoning_summary_text", "response.function_call_arguments"}
			whole := make([]string, 3)
			for _, p := range pieces {
				whole[p.choice] += p.text
				event(family[p.choice]+".delta", place[p.choice]+`,"delta":`+q(p.text))
			}
			for i, name := range []string{"text", "text", "arguments"} {
				event(family[i]+".done", place[i]+`,"`+name+`":`+q(whole[i]))
			}
			event("response.output_item.done", `"output_index":2,"item":{"type":"function_call","id":"f","arguments":`+q(whole[2])+`}`)
			event("response.completed", `"response":{"id":"resp","output":[{"type":"message","content":[{"type":"output_text","text":`+q(whole[0])+`}]},{"type":"function_call","arguments":`+q(whole[2])+`}]}`)
			return events
		},
		read: func(v gjson.Result, got, said map[string]string) {
			switch v.Get("type").Str {
			case "response.output_text.delta":
				got["0"] += v.Get("delta").Str
			case "response.reasoning_summary_text.delta":
				got["1"] += v.Get("delta").Str
			case "response.function_call_arguments.delta":
				got["2"] += v.Get("delta").Str
			case "response.output_text.done":
				said["0"] = v.Get("text").Str
			case "response.reasoning_summary_text.done":
				said["1"] = v.Get("text").Str
			case "response.function_call_arguments.done":
				said["2"] = v.Get("arguments").Str
			case "response.output_item.done":
				said["2 of the item"] = v.Get("item.arguments").Str
			case "response.completed":
				said["0 at the end"] = v.Get("response.output.0.content.0.text").Str
				said["2 at the end"] = v.Get("response.output.1.arguments").Str
			}
		},
	},
	"anthropic.messages": {
		path: "/v1/messages", framing: SSE, lanes: 3,
		write: func(pieces []piece) (events []string) {
			kind := []string{"text", "text", "tool_use"}
			for i, k := range kind {
				events = append(events, fmt.Sprintf("event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":%d,\"content_block\":{\"type\":%q,\"text\":\"\"}}\n\n", i, k))
			}
			for _, p := range pieces {
				delta := `{"type":"text_delta","text":` + q(p.text) + `}`
				if p.choice == 2 {
					delta = `{"type":"input_json_delta","partial_json":` + q(p.text) + `}`
				}
				events = append(events, fmt.Sprintf("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":%d,\"delta\":%s}\n\n", p.choice, delta))
			}
			for i := range kind {
				events = append(events, fmt.Sprintf("event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":%d}\n\n", i))
			}
			return append(events, "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n")
		},
		read: func(v gjson.Result, got, _ map[string]string) {
			key := v.Get("index").Raw
			switch v.Get("delta.type").Str {
			case "text_delta":
				got[key] += v.Get("delta.text").Str
			case "input_json_delta":
				got[key] += v.Get("delta.partial_json").Str
			}
		},
	},
	"gemini events": {path: "/v1beta/models/g:streamGenerateContent", framing: SSE, lanes: 2, write: geminiEvents("data: ", "\r\n\r\n"), read: readGemini},
	"gemini array": {
		path: "/v1beta/models/g:streamGenerateContent", framing: JSONArray, lanes: 2,
		write: func(pieces []piece) []string {
			events := geminiEvents(",\r\n", "")(pieces)
			events[0] = "[" + strings.TrimPrefix(events[0], ",\r\n")
			return append(events, "\n]\n")
		},
		read: readGemini,
	},
	"ollama.chat": {
		path: "/api/chat", framing: NDJSON, lanes: 2,
		write: func(pieces []piece) (events []string) {
			for _, p := range pieces {
				name := []string{"content", "thinking"}[p.choice]
				events = append(events, `{"model":"m","message":{"role":"assistant","`+name+`":`+q(p.text)+`},"done":false}`+"\n")
			}
			return append(events, `{"model":"m","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop"}`+"\n")
		},
		read: func(v gjson.Result, got, _ map[string]string) {
			got["0"] += v.Get("message.content").Str
			got["1"] += v.Get("message.thinking").Str
		},
	},
	"ollama.generate": {
		path: "/api/generate", framing: NDJSON, lanes: 1,
		write: func(pieces []piece) (events []string) {
			for _, p := range pieces {
				events = append(events, `{"response":`+q(p.text)+`,"done":false}`+"\n")
			}
			return append(events, `{"response":"","done":true,"context":[1,2]}`+"\n")
		},
		read: func(v gjson.Result, got, _ map[string]string) { got["0"] += v.Get("response").Str },
	},
	"openai.completions": {
		path: "/v1/completions", framing: SSE, lanes: 2,
		write: func(pieces []piece) (events []string) {
			for _, p := range pieces {
				events = append(events, fmt.Sprintf("data: {\"choices\":[{\"text\":%s,\"index\":%d,\"finish_reason\":null}]}\n\n", q(p.text), p.choice))
			}
			for i := range 2 {
				events = append(events, fmt.Sprintf("data: {\"choices\":[{\"text\":\"\",\"index\":%d,\"finish_reason\":\"stop\"}]}\n\n", i))
			}
			return append(events, "data: [DONE]\n\n")
		},
		read: func(v gjson.Result, got, _ map[string]string) {
			for _, c := range v.Get("choices").Array() {
				got[c.Get("index").Raw] += c.Get("text").Str
			}
		},
	},
}

// geminiEvents: lane 0 is the answer, lane 1 the thoughts; the last event ends
// the candidate.
func geminiEvents(before, after string) func([]piece) []string {
	return func(pieces []piece) (events []string) {
		for i, p := range pieces {
			thought, finish := "", ""
			if p.choice == 1 {
				thought = `,"thought":true`
			}
			if i == len(pieces)-1 {
				finish = `,"finishReason":"STOP"`
			}
			events = append(events, before+`{"candidates":[{"content":{"parts":[{"text":`+q(p.text)+thought+`}],"role":"model"},"index":0`+finish+`}]}`+after)
		}
		return events
	}
}

func readGemini(v gjson.Result, got, _ map[string]string) {
	for _, p := range v.Get("candidates.0.content.parts").Array() {
		key := "0"
		if p.Get("thought").Bool() {
			key = "1"
		}
		got[key] += p.Get("text").Str
	}
}

// payloads reads a stream as a client does.
func (d *dialect) payloads(t *testing.T, stream string) (all []gjson.Result) {
	t.Helper()
	if d.framing == JSONArray {
		if !gjson.Valid(stream) {
			t.Fatalf("the array is no JSON: %s", stream)
		}
		return gjson.Parse(stream).Array()
	}
	for line := range strings.SplitSeq(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(stream), "\n") {
		data, ok := strings.CutPrefix(line, "data:")
		if d.framing == NDJSON {
			data, ok = line, line != ""
		}
		if data = strings.TrimSpace(data); !ok || data == "[DONE]" {
			continue
		}
		if !gjson.Valid(data) {
			t.Fatalf("an event is no JSON: %s", data)
		}
		all = append(all, gjson.Parse(data))
	}
	return all
}

func (d *dialect) run(t *testing.T, stream string, chunk int) string {
	t.Helper()
	s := For(d.path).NewStream(d.framing, fox, false, 1<<20)
	var out []byte
	var err error
	for in := stream; in != ""; {
		n := len(in)
		if chunk > 0 {
			n = min(n, chunk)
		}
		if out, err = s.Next(out, []byte(in[:n])); err != nil {
			t.Fatal(err)
		}
		in = in[n:]
	}
	if out, err = s.Close(out); err != nil {
		t.Fatal(err)
	}
	if d.framing != NDJSON && d.framing != JSONArray && !s.Complete() {
		t.Error("the stream does not say that it is complete")
	}
	return string(out)
}

const saidArgs = `{"to":"FOX4K7Q","doc":"{\"who\":\"FOX4K7Q\"}","n":1}`

// Every dialect, in pieces of every size that take turns, in chunks of many
// sizes: each text is what a stream of one piece gives.
func TestDialects(t *testing.T) {
	for name, d := range dialects {
		t.Run(name, func(t *testing.T) {
			texts := []string{said, "thinking of FOX4K7Q, FOX", saidArgs}[:d.lanes]
			var whole []piece
			for i, text := range texts {
				whole = append(whole, piece{choice: i, text: text})
			}
			want := map[string]string{}
			for _, v := range d.payloads(t, d.run(t, strings.Join(d.write(whole), ""), 0)) {
				d.read(v, want, map[string]string{})
			}
			if want["0"] != strings.ReplaceAll(said, fox.token, fox.value) {
				t.Fatalf("in one piece: %q", want["0"])
			}
			if d.lanes > 2 {
				var v struct{ To, Doc string }
				if err := json.Unmarshal([]byte(want["2"]), &v); err != nil || v.To != fox.value {
					t.Fatalf("the arguments: %v %q", err, want["2"])
				}
			}
			for size := 1; size < 14; size++ {
				var pieces []piece
				for at := 0; at < len(said); at += size {
					for i, text := range texts {
						if at < len(text) {
							pieces = append(pieces, piece{choice: i, text: text[at:min(at+size, len(text))]})
						}
					}
				}
				d.check(t, d.write(pieces), size, want)
			}
		})
	}
}

// check runs the events in chunks of several sizes.
func (d *dialect) check(t *testing.T, events []string, size int, want map[string]string) {
	t.Helper()
	for _, chunk := range []int{0, 1, 7, 64, 1000} {
		out := d.payloads(t, d.run(t, strings.Join(events, ""), chunk))
		got, repeats := map[string]string{}, map[string]string{}
		last := int64(-1)
		for _, v := range out {
			d.read(v, got, repeats)
			if n := v.Get("sequence_number"); n.Exists() {
				if n.Int() <= last {
					t.Fatalf("pieces of %d: number %d comes after %d", size, n.Int(), last)
				}
				last = n.Int()
			}
		}
		for k, w := range want {
			if got[k] != w {
				t.Fatalf("pieces of %d, chunks of %d: lane %s is %q, want %q", size, chunk, k, got[k], w)
			}
		}
		for k, s := range repeats {
			if lane, _, _ := strings.Cut(k, " "); s != got[lane] {
				t.Fatalf("pieces of %d: lane %s is %q, and repeated as %q", size, k, got[lane], s)
			}
		}
		if last >= 0 && len(out) != len(events) {
			t.Fatalf("%d numbered events came of %d", len(out), len(events))
		}
	}
}

// What has no token goes through as the same bytes, in every dialect.
func TestDialectsUntouched(t *testing.T) {
	for name, d := range dialects {
		t.Run(name, func(t *testing.T) {
			var pieces []piece
			for i := range d.lanes {
				pieces = append(pieces, piece{choice: i, text: "nothing é \\ \" here"}, piece{choice: i, text: "{\"a\": [1]}"})
			}
			stream := strings.Join(d.write(pieces), "")
			for chunk := range 20 {
				if got := d.run(t, stream, chunk); got != stream {
					t.Fatalf("chunks of %d changed it:\n%s\nwas\n%s", chunk, got, stream)
				}
			}
		})
	}
}

func TestFor(t *testing.T) {
	for path, want := range map[string]string{
		"/v1/chat/completions":                                              "openai.chat",
		"/v1/chat/completions/":                                             "openai.chat",
		"/openai/deployments/gpt/chat/completions":                          "openai.chat",
		"/openai/deployments/a/b/chat/completions":                          "generic",
		"/v1/responses":                                                     "openai.responses",
		"/v1/responses/resp_1/cancel":                                       "openai.responses",
		"/v1/messages":                                                      "anthropic.messages",
		"/v1/messages/count_tokens":                                         "anthropic.messages",
		"/v1beta/models/gemini-3:generateContent":                           "gemini.generate",
		"/v1beta/models/gemini-3:streamGenerateContent":                     "gemini.stream",
		"/v1/projects/p/locations/l/publishers/google/models/m:countTokens": "gemini.generate",
		"/v1beta/models/gemini-3:embedContent":                              "gemini.other",
		"/v1/models/gpt-5":                                                  "generic",
		"/api/chat":                                                         "ollama.chat",
		"/api/tags":                                                         "ollama.other",
		"":                                                                  "generic",
		"/":                                                                 "generic",
	} {
		if got := For(path).Name; got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

// Token ids are text that nobody can read: they are told as parts.
func TestTokenIDs(t *testing.T) {
	for body, want := range map[string]int{
		`{"input":"text","dimensions":5}`: 0, `{"input":["text"]}`: 0, `{"input":[1,2,3]}`: 3, `{"input":[[1],[2]]}`: 2,
	} {
		n := 0
		if _, err := openAIEmbeddings.Request(nil, []byte(body), keep, func(string) error { n++; return nil }); err != nil || n != want {
			t.Errorf("%s: %d parts, %v", body, n, err)
		}
	}
}

// What a provider has signed, and what the signature covers, is never touched.
func TestSigned(t *testing.T) {
	for path, body := range map[string]string{
		"/v1/messages":  `{"messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"of FOX4K7Q","signature":"FOX4K7Q"},{"type":"redacted_thinking","data":"FOX4K7Q"}]}],"content":[{"type":"thinking","thinking":"of FOX4K7Q","signature":"FOX4K7Q"}]}`,
		"/v1/responses": `{"input":[{"type":"reasoning","id":"FOX4K7Q","encrypted_content":"FOX4K7Q"}],"output":[{"encrypted_content":"FOX4K7Q"}]}`,
		"/v1beta/models/g:generateContent": `{"contents":[{"parts":[{"functionCall":{"name":"FOX4K7Q"},"thoughtSignature":"FOX4K7Q"}]}],` +
			`"candidates":[{"content":{"parts":[{"thoughtSignature":"FOX4K7Q"}]}}]}`,
	} {
		f := For(path)
		request, err := f.Request(nil, []byte(body), swap("FOX4K7Q", "x"), passPart)
		if err != nil || string(request) != body {
			t.Errorf("%s: as a request: %s, %v", path, request, err)
		}
		answer, err := f.Answer(nil, []byte(body), fox, false)
		if err != nil || string(answer) != body {
			t.Errorf("%s: as an answer: %s, %v", path, answer, err)
		}
	}
}

// Each row can be built: none names a place twice, or nests its lanes too deep.
func TestRowsCanBeBuilt(t *testing.T) {
	for _, f := range append(formats, Generic) {
		if f = f.ready(); f.request == nil || f.answer == nil || f.event == nil {
			t.Errorf("%s has not all of its trees", f.Name)
		}
	}
}

// Each row writes errors that are JSON, hold the code and the message.
func TestErrorShapes(t *testing.T) {
	for _, f := range append(formats, Generic) {
		body := string(f.Error(415, "some_code", `a "message"`))
		if !gjson.Valid(body) || !strings.Contains(body, "some_code") || !strings.Contains(body, `a \"message\"`) {
			t.Errorf("%s: %s", f.Name, body)
		}
	}
}

// docs/COVERAGE.md names every row, and the paths that a row lists one by one.
func TestCoverageDocument(t *testing.T) {
	doc, err := os.ReadFile("../../docs/COVERAGE.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(formats, Generic) {
		if !strings.Contains(string(doc), "| `"+f.Name+"` |") {
			t.Errorf("the row %s is not in docs/COVERAGE.md", f.Name)
		}
		if f.Upstream != "gemini" {
			for _, p := range f.Paths {
				p = strings.NewReplacer("{turn}", "*", "{thread}", "*").Replace(p)
				if !strings.Contains(string(doc), "`"+p+"`") {
					t.Errorf("%s: the path %s is not in docs/COVERAGE.md", f.Name, p)
				}
			}
		}
	}
}
