package wire

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tidwall/gjson"
)

// threads is how the legacy API of assistants streams: the type of an event stands
// outside of its payload.
var threads = dialect{
	path: "/v1/threads/runs", framing: SSE, lanes: 3,
	write: func(pieces []piece) (events []string) {
		event := func(typ, members string) {
			events = append(events, "event: "+typ+"\ndata: {"+members+"}\n\n")
		}
		whole := ""
		for _, p := range pieces {
			switch p.choice {
			case 0, 1:
				event("thread.message.delta", fmt.Sprintf(`"id":"m","delta":{"content":[{"index":%d,"type":"text","text":{"value":%s}}]}`, p.choice, q(p.text)))
			case 2:
				event("thread.run.step.delta", `"id":"s","delta":{"step_details":{"type":"tool_calls","tool_calls":[{"index":0,"type":"function","function":{"arguments":`+q(p.text)+`}}]}}`)
			}
			if p.choice == 0 {
				whole += p.text
			}
		}
		event("thread.message.completed", `"id":"m","content":[{"type":"text","text":{"value":`+q(whole)+`}}]`)
		event("thread.run.completed", `"id":"run"`)
		return append(events, "event: done\ndata: [DONE]\n\n")
	},
	read: func(v gjson.Result, got, said map[string]string) {
		if c := v.Get("delta.content.0"); c.Exists() {
			got[c.Get("index").Raw] += c.Get("text.value").Str
		}
		got["2"] += v.Get("delta.step_details.tool_calls.0.function.arguments").Str
		if c := v.Get("content.0.text.value"); c.Exists() {
			said["0 completed"] = c.Str
		}
	},
}

// transcript is how a transcription streams.
var transcript = dialect{
	path: "/v1/audio/transcriptions", framing: SSE, lanes: 1,
	write: func(pieces []piece) (events []string) {
		whole := ""
		for _, p := range pieces {
			whole += p.text
			events = append(events, "data: {\"type\":\"transcript.text.delta\",\"delta\":"+q(p.text)+"}\n\n")
		}
		return append(events, "data: {\"type\":\"transcript.text.done\",\"text\":"+q(whole)+"}\n\n")
	},
	read: func(v gjson.Result, got, said map[string]string) {
		got["0"] += v.Get("delta").Str
		if v.Get("type").Str == "transcript.text.done" {
			said["0 done"] = v.Get("text").Str
		}
	},
}

// Case 20: whatever lines end in, with comments and without a space, without the
// last line end, every event stream comes out as its plain form does.
func TestDialectsFraming(t *testing.T) {
	for name, d := range dialects {
		if d.framing != SSE {
			continue
		}
		var pieces []piece
		for at := 0; at < len(said); at += 5 {
			for lane := range min(d.lanes, 2) {
				pieces = append(pieces, piece{choice: lane, text: said[at:min(at+5, len(said))]})
			}
		}
		plain := strings.ReplaceAll(strings.Join(d.write(pieces), ""), "\r\n", "\n")
		want := map[string]string{}
		for _, v := range d.payloads(t, d.run(t, plain, 0)) {
			d.read(v, want, map[string]string{})
		}
		for how, in := range map[string]string{
			"CRLF":             strings.ReplaceAll(plain, "\n", "\r\n"),
			"CR":               strings.ReplaceAll(plain, "\n", "\r"),
			"no space":         strings.ReplaceAll(plain, "data: ", "data:"),
			"comments":         strings.ReplaceAll(plain, "\n\n", "\n\n: ping\n\n"),
			"BOM":              "\ufeff" + plain,
			"no last line end": strings.TrimRight(plain, "\n"),
		} {
			for _, chunk := range []int{0, 1, 2, 3, 5, 17, 101} {
				got := map[string]string{}
				for _, v := range d.payloads(t, strings.TrimPrefix(d.run(t, in, chunk), "\ufeff")) {
					d.read(v, got, map[string]string{})
				}
				for lane, text := range want {
					if got[lane] != text {
						t.Fatalf("%s, %s, chunks of %d: lane %s is %q, want %q", name, how, chunk, lane, got[lane], text)
					}
				}
			}
		}
	}
}

// Every row that lets something through has an exchange that shows it.
func TestRowsHaveExchanges(t *testing.T) {
	// What these do is told by several exchanges: see package proxy.
	several := map[string]bool{"files.content": true, "anthropic.results": true}
	for _, f := range append(formats, Generic) {
		if f.Refuse != "" || several[f.Name] {
			continue
		}
		files, err := filepath.Glob("../../testdata/wire/" + f.Name + "/*.txtar")
		if err != nil || len(files) == 0 {
			t.Errorf("%s has none in testdata/wire: %v", f.Name, err)
		}
		for _, file := range files {
			if data, err := os.ReadFile(file); err != nil || !strings.Contains(string(data), "ann@example.org") {
				t.Errorf("%s shows no value: %v", file, err)
			}
		}
	}
}
