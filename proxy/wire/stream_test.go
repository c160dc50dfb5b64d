package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// words is a Restorer that knows one token.
type words struct{ token, value string }

func (r words) Restore(text []byte, emit Emit) error { return swap(r.token, r.value)(text, emit) }

func (r words) RestoreTool(_ string, text []byte, emit Emit) error { return r.Restore(text, emit) }

func (r words) RestoreLast(_ string, _ uint64, text []byte, emit Emit) error {
	return r.Restore(text, emit)
}

func (r words) RestorePart(_ string, _ uint64, text []byte, emit Emit) (hold int, after uint64, err error) {
	if err := r.Restore(text, emit); err != nil {
		return 0, 0, err
	}
	end := 0
	if i := bytes.LastIndex(text, []byte(r.token)); i >= 0 {
		end = i + len(r.token)
	}
	for hold := max(end, len(text)-len(r.token)+1); hold < len(text); hold++ {
		if strings.HasPrefix(r.token, string(text[hold:])) {
			return hold, 0, nil
		}
	}
	return len(text), 0, nil
}

var fox = words{"FOX4K7Q", hard}

// piece is a part of a text of a stream.
type piece struct {
	choice, call int // call -1: the content
	text         string
}

// events writes pieces as a chat completion does.
func events(pieces []piece, finish bool) string {
	var b strings.Builder
	seen := map[int]bool{}
	for _, p := range pieces {
		seen[p.choice] = true
		text, err := json.Marshal(p.text)
		if err != nil {
			panic(err)
		}
		if p.call < 0 {
			fmt.Fprintf(&b, "data: {\"id\":\"c1\",\"choices\":[{\"index\":%d,\"delta\":{\"content\":%s}}]}\n\n", p.choice, text)
		} else {
			fmt.Fprintf(&b, "data: {\"id\":\"c1\",\"choices\":[{\"delta\":{\"tool_calls\":[{\"function\":{\"arguments\":%s},\"index\":%d}]},\"index\":%d}]}\n\n", text, p.call, p.choice)
		}
	}
	if finish {
		for c := range seen {
			fmt.Fprintf(&b, "data: {\"id\":\"c1\",\"choices\":[{\"index\":%d,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n", c)
		}
		b.WriteString("data: [DONE]\n\n")
	}
	return b.String()
}

// run passes a stream in chunks of size n, 0 for one chunk.
func run(t *testing.T, stream string, n int) string {
	t.Helper()
	s := openAIChat.NewStream(SSE, fox, false, 1<<20)
	var out []byte
	var err error
	for in := []byte(stream); len(in) > 0; {
		k := len(in)
		if n > 0 && n < k {
			k = n
		}
		chunk := bytes.Clone(in[:k])
		if out, err = s.Next(out, chunk); err != nil {
			t.Fatal(err)
		}
		for i := range chunk {
			chunk[i] = 'x' // a chunk is valid only during the call
		}
		in = in[k:]
	}
	if out, err = s.Close(out); err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// texts reads a stream as a client does: the text of each lane.
func texts(t *testing.T, stream string) map[string]string {
	t.Helper()
	got := map[string]string{}
	finished := map[int]bool{}
	stream = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(stream)
	for ev := range strings.SplitSeq(stream, "\n\n") {
		data := ""
		for line := range strings.SplitSeq(ev, "\n") {
			if rest, ok := strings.CutPrefix(strings.TrimPrefix(line, "\ufeff"), "data:"); ok {
				data += strings.TrimPrefix(rest, " ")
			}
		}
		if data == "" || data == "[DONE]" {
			continue
		}
		var v struct {
			Choices []struct {
				Index int
				Delta struct {
					Content   string
					ToolCalls []struct {
						Index    int
						Function struct{ Arguments string }
					} `json:"tool_calls"`
				}
				FinishReason *string `json:"finish_reason"`
			}
		}
		if err := json.Unmarshal([]byte(data), &v); err != nil {
			t.Fatalf("an event of the output is no JSON: %v", err)
		}
		for _, c := range v.Choices {
			if finished[c.Index] && (c.Delta.Content != "" || len(c.Delta.ToolCalls) > 0) {
				t.Errorf("choice %d goes on after its end", c.Index)
			}
			finished[c.Index] = finished[c.Index] || c.FinishReason != nil && *c.FinishReason != ""
			got[fmt.Sprint(c.Index)] += c.Delta.Content
			for _, call := range c.Delta.ToolCalls {
				got[fmt.Sprintf("%d/%d", c.Index, call.Index)] += call.Function.Arguments
			}
		}
	}
	return got
}

func check(t *testing.T, stream string, n int, want map[string]string) {
	t.Helper()
	got := texts(t, run(t, stream, n))
	for k, w := range want {
		if got[k] != w {
			t.Fatalf("chunks of %d: lane %s is\n%q\nwant\n%q", n, k, got[k], w)
		}
	}
}

const said = "Dear FOX4K7Q, FOX4K7Q! A FOX4 and a F. Bye FOX4K7QFOX4K7Q FOX"

// Every cut of a text over two events, and of the bytes over two chunks.
func TestStreamEveryCut(t *testing.T) {
	want := strings.ReplaceAll(said, fox.token, fox.value)
	for cut := range len(said) + 1 {
		s := events([]piece{{0, -1, said[:cut]}, {0, -1, said[cut:]}}, true)
		check(t, s, 0, map[string]string{"0": want})
	}
	s := events([]piece{{0, -1, said[:9]}, {0, -1, said[9:20]}, {0, -1, said[20:]}}, true)
	for n := 1; n < len(s); n++ {
		check(t, s, n, map[string]string{"0": want})
	}
}

// The text in pieces of each size, with the lanes of two choices and two calls
// each taking turns.
func TestStreamInterleaved(t *testing.T) {
	args := `{"to":"FOX4K7Q","doc":"{\"who\":\"FOX4K7Q\"}","n":1}`
	for size := 1; size < 12; size++ {
		var pieces []piece
		for at := 0; at < max(len(said), len(args)); at += size {
			for choice := range 2 {
				if at < len(said) {
					pieces = append(pieces, piece{choice, -1, said[at:min(at+size, len(said))]})
				}
				for call := range 2 {
					if at < len(args) {
						pieces = append(pieces, piece{choice, call, args[at:min(at+size, len(args))]})
					}
				}
			}
		}
		got := texts(t, run(t, events(pieces, true), 7))
		for _, lane := range []string{"0", "1"} {
			if got[lane] != strings.ReplaceAll(said, fox.token, fox.value) {
				t.Fatalf("pieces of %d: content of choice %s is %q", size, lane, got[lane])
			}
		}
		for _, lane := range []string{"0/0", "0/1", "1/0", "1/1"} {
			var v struct{ To, Doc string }
			var doc struct{ Who string }
			if err := json.Unmarshal([]byte(got[lane]), &v); err != nil {
				t.Fatalf("pieces of %d: arguments of %s are no JSON: %v", size, lane, err)
			}
			if err := json.Unmarshal([]byte(v.Doc), &doc); err != nil {
				t.Fatalf("pieces of %d: the document in %s is no JSON: %v", size, lane, err)
			}
			if v.To != fox.value || doc.Who != fox.value {
				t.Fatalf("pieces of %d: arguments of %s hold other values", size, lane)
			}
		}
	}
}

func TestStreamFraming(t *testing.T) {
	s := events([]piece{{0, -1, said[:30]}, {0, -1, said[30:]}}, true)
	want := map[string]string{"0": strings.ReplaceAll(said, fox.token, fox.value)}
	for name, in := range map[string]string{
		"CRLF":            strings.ReplaceAll(s, "\n", "\r\n"),
		"CR":              strings.ReplaceAll(s, "\n", "\r"),
		"no space":        strings.ReplaceAll(s, "data: ", "data:"),
		"comments":        strings.ReplaceAll(s, "data: {", ": ping\n\n: pong\ndata: {"),
		"BOM":             "\ufeff" + s,
		"names and ids":   strings.ReplaceAll(s, "data: {", "id: 7\nevent: chunk\nretry: 3\ndata: {"),
		"several lines":   strings.ReplaceAll(s, `"delta"`, "\ndata: \"delta\""),
		"no [DONE]":       strings.Replace(s, "data: [DONE]\n\n", "", 1),
		"no last newline": strings.TrimRight(s, "\n"),
	} {
		t.Run(name, func(t *testing.T) {
			for n := range 40 {
				check(t, in, n, want)
			}
		})
	}
}

func TestStreamUntouchedIsTheSameBytes(t *testing.T) {
	s := ": hello\r\n\r\nevent: x\ndata:{ \"choices\" : [] , \"usage\":null}\n\n" +
		events([]piece{{0, -1, "nothing [here] <div data: [DONE]"}, {0, 2, `{"a":1}`}}, true) + "data: not json\n\nretry: 1\n\n"
	for n := range 50 {
		if got := run(t, s, n); got != s {
			t.Fatalf("chunks of %d changed the stream:\n%s", n, got)
		}
	}
}

// What is kept back of a stream that dies goes out as an event of its own.
func TestStreamDies(t *testing.T) {
	s := openAIChat.NewStream(SSE, fox, false, 1<<20)
	out, err := s.Next(nil, []byte(events([]piece{{1, -1, "by FOX4"}}, false)+"data: {\"choi"))
	if err != nil {
		t.Fatal(err)
	}
	if s.Complete() {
		t.Error("a stream without an end says that it is complete")
	}
	if got := texts(t, string(s.Abort(out))); got["1"] != "by FOX4" {
		t.Errorf("got %q", got["1"])
	}
}

// Content in the very event that ends its choice is not kept back.
func TestStreamEndsInItsLastPiece(t *testing.T) {
	s := `data: {"choices":[{"delta":{"content":"by FOX4"},"index":0}]}` + "\n\n" +
		`data: {"choices":[{"delta":{"content":"K7Q FOX"},"finish_reason":"stop","index":0}]}` + "\n\n"
	out := run(t, s, 0)
	if got := texts(t, out)["0"]; got != "by "+fox.value+" FOX" {
		t.Errorf("got %q", got)
	}
	if n := strings.Count(out, "data:"); n != 2 {
		t.Errorf("%d events came of 2", n)
	}
}

func TestStreamEventTooLarge(t *testing.T) {
	s := openAIChat.NewStream(SSE, fox, false, 1000)
	if _, err := s.Next(nil, []byte("data: "+strings.Repeat("x", 2000))); !errors.Is(err, ErrEventTooLarge) {
		t.Errorf("got %v", err)
	}
}

func FuzzStream(f *testing.F) {
	f.Add([]byte("by FOX4K7Q and FOX"), byte(3), byte(5), false)
	f.Add([]byte(`{"a":"FOX4K7Q","b":"[\"FOX4K7Q\"]"}`), byte(2), byte(1), true)
	f.Fuzz(func(t *testing.T, text []byte, size, chunk byte, call bool) {
		s := strings.ToValidUTF8(string(text), "?")
		lane, key := -1, "0"
		if call {
			lane, key = 0, "0/0"
		}
		var pieces []piece
		for runes := []rune(s); len(runes) > 0; {
			n := min(len(runes), 1+int(size%16))
			pieces, runes = append(pieces, piece{0, lane, string(runes[:n])}), runes[n:]
		}
		whole := texts(t, run(t, events([]piece{{0, lane, s}}, true), 0))[key]
		if got := texts(t, run(t, events(pieces, true), int(chunk)))[key]; got != whole {
			t.Fatalf("in pieces %q, in one %q", got, whole)
		}
		body, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		answer := `{"choices":[{"index":0,"message":{"content":` + string(body) + `}}]}`
		path := "content"
		if call {
			answer = `{"choices":[{"index":0,"message":{"tool_calls":[{"index":0,"function":{"arguments":` + string(body) + `}}]}}]}`
			path = "arguments"
		}
		restored, err := openAIChat.Answer(nil, []byte(answer), fox, false)
		if err != nil {
			t.Fatal(err)
		}
		i := bytes.Index(restored, []byte(`"`+path+`":`)) + len(path) + 3
		var buffered string
		if err := json.NewDecoder(bytes.NewReader(restored[i:])).Decode(&buffered); err != nil {
			t.Fatal(err)
		}
		if buffered != whole {
			t.Fatalf("streamed %q, whole %q", whole, buffered)
		}
	})
}

// FuzzStreamBytes feeds bytes that may be no stream at all.
func FuzzStreamBytes(f *testing.F) {
	f.Add([]byte(events([]piece{{0, -1, said}}, true)), 3)
	f.Add([]byte("data: {\ndata: FOX4K7Q\r\rdata:[DONE]"), 1)
	f.Fuzz(func(t *testing.T, in []byte, n int) {
		s := openAIChat.NewStream(SSE, fox, false, 1<<20)
		one, err := s.Next(nil, bytes.Clone(in))
		if err != nil {
			return
		}
		if one, err = s.Close(one); err != nil {
			return
		}
		if got := run(t, string(in), max(1, n&63)); got != string(one) {
			t.Fatalf("in chunks %q, in one %q", got, one)
		}
	})
}

// Some servers write finish_reason as an empty string until the end.
func TestStreamEmptyFinish(t *testing.T) {
	var s strings.Builder
	for _, p := range []string{"by FOX4", "K7Q", "."} {
		fmt.Fprintf(&s, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":%q},\"finish_reason\":\"\"}]}\n\n", p)
	}
	if got := texts(t, run(t, s.String(), 0))["0"]; got != "by "+fox.value+"." {
		t.Errorf("got %q", got)
	}
}

// What was kept back when the connection ends is framed as its stream is.
func TestStreamEndsInMidToken(t *testing.T) {
	for name, c := range map[string]struct {
		path    string
		framing *Framing
		in      string
	}{
		"events without the last blank line": {"/v1/chat/completions", SSE, `data: {"choices":[{"index":0,"delta":{"content":"by FOX4"}}]}`},
		"lines without the last end":         {"/api/chat", NDJSON, `{"message":{"content":"by FOX4"},"done":false}`},
		"array":                              {"/v1beta/models/g:streamGenerateContent", JSONArray, `[{"candidates":[{"content":{"parts":[{"text":"by FOX4"}]}}]}` + "\n]"},
	} {
		s := For(c.path).NewStream(c.framing, fox, false, 1<<20)
		out, err := s.Next(nil, []byte(c.in))
		if err != nil {
			t.Fatal(err)
		}
		if out, err = s.Close(out); err != nil {
			t.Fatal(err)
		}
		whole := strings.TrimPrefix(string(out), "data: ")
		if !json.Valid([]byte(strings.TrimSpace(whole))) {
			t.Errorf("%s: got %s", name, out)
		}
		if !strings.Contains(string(out), "FOX4") {
			t.Errorf("%s: the end is lost: %s", name, out)
		}
	}
}

// Both outputs of a command in one numbered event, cut in mid-token.
func TestTwoTextsInOneNumberedEvent(t *testing.T) {
	event := func(n int, stdout, stderr string) string {
		return fmt.Sprintf("event: response.shell_call_output_content.delta\ndata: {\"type\":\"response.shell_call_output_content.delta\",\"sequence_number\":%d,\"output_index\":0,\"delta\":{\"stdout\":%q,\"stderr\":%q}}\n\n", n, stdout, stderr)
	}
	s := openAIResponses.NewStream(SSE, fox, false, 1<<20)
	out, err := s.Next(nil, []byte(event(1, "a FOX4", "b FOX4")+event(2, "K7Q", "!")))
	if err != nil {
		t.Fatal(err)
	}
	if out, err = s.Close(out); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr string
	for line := range strings.SplitSeq(string(out), "\n") {
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			var v struct {
				Delta struct{ Stdout, Stderr string }
			}
			if err := json.Unmarshal([]byte(data), &v); err != nil {
				t.Fatal(err)
			}
			stdout += v.Delta.Stdout
			stderr += v.Delta.Stderr
		}
	}
	if stdout != "a "+fox.value || stderr != "b FOX4!" {
		t.Errorf("got %q and %q", stdout, stderr)
	}
}
