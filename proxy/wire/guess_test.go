package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/tidwall/gjson"
)

// pass passes a stream of the row in chunks of size n.
func pass(t testing.TB, f *Format, framing *Framing, stream string, n int) string {
	t.Helper()
	s := f.NewStream(framing, fox, false, 1<<20)
	var out []byte
	var err error
	for in := []byte(stream); len(in) > 0; {
		k := min(len(in), n)
		if out, err = s.Next(out, bytes.Clone(in[:k])); err != nil {
			t.Fatal(err)
		}
		in = in[k:]
	}
	if out, err = s.Close(out); err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// gather joins the texts at a path of all payloads, by what stands at by.
func gather(t testing.TB, stream, by, path string) map[string]string {
	t.Helper()
	got := map[string]string{}
	stream = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(stream)
	for line := range strings.SplitSeq(stream, "\n") {
		line = strings.TrimSpace(strings.TrimPrefix(line, "data:"))
		if !strings.HasPrefix(line, "{") {
			continue
		}
		if !json.Valid([]byte(line)) {
			t.Fatalf("an event is no JSON: %s", line)
		}
		got[gjson.Get(line, by).String()] += gjson.Get(line, path).String()
	}
	return got
}

// Streams of APIs that nobody has told maskit of: the texts of two speakers take
// turns, cut at every byte.
func TestGuessedStreams(t *testing.T) {
	want := strings.ReplaceAll(said, fox.token, fox.value)
	for name, c := range map[string]struct{ event, by, path string }{
		"flat":         {`{"id":"x","index":%d,"text":%s}`, "index", "text"},
		"deep":         {`{"type":"d","choice":{"delta":{"content":%[2]s},"index":%[1]d},"n":1}`, "choice.index", "choice.delta.content"},
		"by id":        {`{"item_id":"i%d","delta":%s}`, "item_id", "delta"},
		"in a list":    {`{"outputs":[{"id":%d,"parts":[{"text":%s}]}]}`, "outputs.0.id", "outputs.0.parts.0.text"},
		"a bare delta": {`{"index":%d,"delta":%s,"obfuscation":"x"}`, "index", "delta"},
	} {
		t.Run(name, func(t *testing.T) {
			for size := 1; size < 12; size++ {
				var s strings.Builder
				for speaker := range 2 {
					fmt.Fprintf(&s, "data: "+c.event+"\n\n", speaker, `""`)
				}
				for at := 0; at < len(said); at += size {
					for speaker := range 2 {
						fmt.Fprintf(&s, "data: "+c.event+"\n\n", speaker, q(said[at:min(at+size, len(said))]))
					}
				}
				s.WriteString("data: {\"type\":\"ping\"}\n\ndata: [DONE]\n\n")
				for _, ends := range []string{"\n", "\r\n", "\r"} {
					in := strings.ReplaceAll(s.String(), "\n", ends)
					got := gather(t, pass(t, Generic, SSE, in, 7), c.by, c.path)
					for speaker, text := range got {
						if text != want && speaker != "" {
							t.Fatalf("pieces of %d, lines end in %q: %s says %q", size, ends, speaker, text)
						}
					}
					if len(got) < 2 {
						t.Fatalf("%d speakers", len(got))
					}
				}
			}
		})
	}
}

// What is kept back comes before whatever is no piece, before the end, and with
// nothing else than its text; a text that does not go on is not waited for.
func TestGuessedEnds(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"an event without a piece": {`{"a":"` + "\u2028" + `FOX4K7Q","text":"FOX4"}|{"a":1}`, `{"a":"` + "\u2028" + hardJSON + `","text":""}|{"a":"` + "\u2028" + hardJSON + `","text":"FOX4"}|{"a":1}`},
		"the end of the text":      {`{"index":0,"text":"by FOX4"}|{"index":0,"text":"K7Q FOX","finish_reason":"stop"}`, `{"index":0,"text":"by "}|{"index":0,"text":"` + hardJSON + ` FOX","finish_reason":"stop"}`},
		"the end of the stream":    {`{"text":"by FOX4"}|[DONE]`, `{"text":"by "}|{"text":"FOX4"}|[DONE]`},
		"two texts":                {`{"text":"FOX4","delta":"FOX"}|x`, `{"text":"","delta":""}|{"text":"FOX4","delta":""}|{"text":"","delta":"FOX"}|x`},
		"text that is no JSON":     {`{"text":"FOX4"}|K7Q`, `{"text":""}|{"text":"FOX4"}|K7Q`},
		"ids of their own":         {`{"id":"1","text":"FOX4"}|{"id":"2","text":"K7Q"}|{}`, `{"id":"1","text":""}|{"id":"1","text":"FOX4"}|{"id":"2","text":"K7Q"}|{}`},
	} {
		t.Run(name, func(t *testing.T) {
			framed := func(s string) string { return "data: " + strings.ReplaceAll(s, "|", "\n\ndata: ") + "\n\n" }
			if got := pass(t, Generic, SSE, framed(c.in), 1000); got != framed(c.want) {
				t.Errorf("got\n%s\nwant\n%s", got, framed(c.want))
			}
		})
	}
	var s strings.Builder
	s.WriteString(`{"item_id":"a","text":"FOX4"}` + "\n")
	for i := range 5000 { // more texts than a stream may have
		fmt.Fprintf(&s, "{\"item_id\":\"b%d\",\"text\":\"x\"}\n", i)
	}
	got := pass(t, Generic, NDJSON, s.String(), 1000)
	if i := strings.Index(got, `{"item_id":"a","text":"FOX4"}`); i < 0 || i > 1000 {
		t.Errorf("what was kept back came at %d of %d bytes", i, len(got))
	}
}

var hardJSON = strings.Trim(q(hard), `"`)

// Tool calls without an index are told apart by their id; one without either
// goes on with the last.
func TestCallsWithoutIndex(t *testing.T) {
	const args = `{"to":"FOX4K7Q","n":1}`
	event := func(id, piece string) string {
		if id != "" {
			id = `"id":"` + id + `",`
		}
		return `data: {"choices":[{"index":0,"delta":{"tool_calls":[{` + id + `"function":{"arguments":` + q(piece) + `}}]}}]}` + "\n\n"
	}
	const path = "choices.0.delta.tool_calls.0.function.arguments"
	for cut := range len(args) {
		var s strings.Builder
		for _, id := range []string{"a", "b"} {
			s.WriteString(event(id, args[:cut]))
		}
		for _, id := range []string{"a", "b"} {
			s.WriteString(event(id, args[cut:]))
		}
		got := gather(t, pass(t, openAIChat, SSE, s.String()+"data: [DONE]\n\n", 9), "choices.0.delta.tool_calls.0.id", path)
		for _, id := range []string{"a", "b"} {
			if gjson.Get(got[id], "to").Str != fox.value {
				t.Fatalf("cut at %d: call %s has %s", cut, id, got[id])
			}
		}
		s.Reset()
		for _, id := range []string{"a", "b"} {
			s.WriteString(event(id, args[:cut]) + event("", args[cut:]))
		}
		all := ""
		for line := range strings.SplitSeq(pass(t, openAIChat, SSE, s.String()+"data: [DONE]\n\n", 9), "\n") {
			all += gjson.Get(strings.TrimPrefix(line, "data: "), path).Str
		}
		if want := strings.ReplaceAll(args, "FOX4K7Q", hardJSON); all != want+want {
			t.Fatalf("cut at %d: %s", cut, all)
		}
	}
}

// An event whose whole piece is kept back is left out where it says nothing else:
// some SDKs make a call of each event without arguments.
func TestEmptiedEventsAreLeftOut(t *testing.T) {
	event := func(piece, more string) string {
		return `data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":` + q(piece) + `}}]}` + more + `}],"obfuscation":"` + piece[:1] + `"}` + "\n\n"
	}
	got := pass(t, openAIChat, SSE, event(`{"a":"`, "")+event("FOX", "")+event("4K", "")+event("7Q", "")+event(`"}`, ""), 11)
	if n := strings.Count(got, "data:"); n != 3 || strings.Contains(got, `"arguments":""`) {
		t.Errorf("%d events:\n%s", n, got)
	}
	for _, more := range []string{`,"logprobs":{}`, `,"finish_reason":null`} {
		got := pass(t, openAIChat, SSE, event(`{"a":"`, "")+event("FOX", more)+event(`4K7Q"}`, ""), 11)
		if strings.Count(got, "data:") != 3 || !strings.Contains(got, more) {
			t.Errorf("what an event said was lost:\n%s", got)
		}
	}
}

// FuzzGuess: however a text is cut over the events of an unknown API, it comes
// out as it does in one.
func FuzzGuess(f *testing.F) {
	f.Add([]byte("by FOX4K7Q and FOX"), byte(3), byte(5))
	f.Add([]byte(`see {"a":"FOX4K7Q"} FOX4K7Q`), byte(2), byte(1))
	f.Fuzz(func(t *testing.T, text []byte, size, chunk byte) {
		s := strings.ToValidUTF8(string(text), "?")
		var events strings.Builder
		for runes := []rune(s); len(runes) > 0; {
			n := min(len(runes), 1+int(size%16))
			events.WriteString(`{"n":{"text":` + q(string(runes[:n])) + "}}\n")
			runes = runes[n:]
		}
		whole := gather(t, pass(t, Generic, NDJSON, `{"n":{"text":`+q(s)+"}}\n", 1000), "id", "n.text")[""]
		if got := gather(t, pass(t, Generic, NDJSON, events.String(), 1+int(chunk)), "id", "n.text")[""]; got != whole {
			t.Fatalf("in pieces %q, in one %q", got, whole)
		}
	})
}
