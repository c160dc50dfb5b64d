package admin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// parrot is a model that repeats the last message, in events of a few bytes, and
// remembers what it was sent.
type parrot struct {
	got  []byte
	fail error
	cut  bool
}

func (*parrot) Upstreams() []Upstream {
	return []Upstream{{Name: "echo", Ready: true, Model: "echo"}, {Name: "locked"}, {Name: "nameless", Ready: true}}
}

func (p *parrot) Chat(_ context.Context, _ string, body []byte) (io.ReadCloser, error) {
	p.got = body
	var in struct{ Messages []chatMessage }
	if err := json.Unmarshal(body, &in); err != nil || p.fail != nil {
		return nil, errors.Join(err, p.fail)
	}
	var b strings.Builder
	text := in.Messages[len(in.Messages)-1].Content
	for len(text) > 0 {
		n := min(5, len(text))
		fmt.Fprintf(&b, `data: {"choices":[{"index":0,"delta":{"content":%q},"finish_reason":null}]}`+"\n\n", text[:n])
		text = text[n:]
	}
	if !p.cut {
		b.WriteString(`data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}` + "\n\ndata: [DONE]\n\n")
	}
	return io.NopCloser(strings.NewReader(b.String())), nil
}

// events reads an event stream: names, and the data of each.
func events(t *testing.T, stream string) (names []string, data map[string][]string) {
	t.Helper()
	data = map[string][]string{}
	for event := range strings.SplitSeq(strings.TrimSuffix(stream, "\n\n"), "\n\n") {
		name, text, ok := strings.Cut(event, "\n")
		name, isName := strings.CutPrefix(name, "event: ")
		text, isData := strings.CutPrefix(text, "data: ")
		if !ok || !isName || !isData {
			t.Fatalf("no event: %d bytes", len(event))
		}
		if len(names) == 0 || names[len(names)-1] != name {
			names = append(names, name)
		}
		data[name] = append(data[name], text)
	}
	return names, data
}

func joined(t *testing.T, data []string) string {
	t.Helper()
	var b strings.Builder
	for _, d := range data {
		var delta tryDelta
		if err := json.Unmarshal([]byte(d), &delta); err != nil {
			t.Fatal(err)
		}
		b.WriteString(delta.Text)
	}
	return b.String()
}

func TestTry(t *testing.T) {
	model := &parrot{}
	f := newFixture(t, func(_ *Config, d *Deps) { d.Chats = model })
	text := "write to " + plantedMail + " about Falkenauge"
	r := f.do(t, "viewer", "POST", "/api/v1/try", body(t, "offsets", "utf16", "messages", []chatMessage{{"system", "be brief"}, {"user", text}}))
	if r.status != 200 || r.header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("%d %s", r.status, r.body)
	}
	names, data := events(t, r.body)
	if names[0] != "sent" || names[1] != "masked" || names[2] != "model" || names[len(names)-1] != "done" {
		t.Errorf("the events are %v", names)
	}
	var masked tryMasked
	if err := json.Unmarshal([]byte(data["masked"][0]), &masked); err != nil || len(masked.Messages) != 2 {
		t.Fatal(err)
	}
	m := masked.Messages[1]
	if m.Role != "user" || len(m.Spans) != 2 || joined(t, data["model"]) != m.Masked || strings.Contains(string(model.got), "jane") {
		t.Errorf("%+v; the model was told %d bytes", m, len(model.got))
	}
	if got := joined(t, data["restored"]); got != text {
		t.Errorf("%d bytes were restored, want %d", len(got), len(text))
	}
	if done := data["done"][0]; !strings.HasPrefix(done, `{"restored":2,"unknown":0,"ms":`) {
		t.Error(done)
	}
}

func TestTryFails(t *testing.T) {
	model := &parrot{}
	f := newFixture(t, func(_ *Config, d *Deps) { d.Chats = model })
	for field, text := range map[string]string{
		"messages": `{"messages":[]}`,
		"upstream": `{"messages":[{"role":"user","content":"a"}],"upstream":"locked"}`,
		"model":    `{"messages":[{"role":"user","content":"a"}],"upstream":"nameless"}`,
	} {
		r := f.do(t, "viewer", "POST", "/api/v1/try", text)
		if r.status < 400 || !strings.Contains(r.body, `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s", field, r.status, r.body)
		}
	}
	text := body(t, "messages", []chatMessage{{"user", plantedMail}})
	model.cut = true
	names, _ := events(t, f.do(t, "viewer", "POST", "/api/v1/try", text).body)
	if names[len(names)-1] != "error" {
		t.Errorf("an answer that was cut off ends in %v", names)
	}
	model.fail = errors.New("refused")
	names, data := events(t, f.do(t, "viewer", "POST", "/api/v1/try", text).body)
	if names[len(names)-1] != "error" || !strings.Contains(data["error"][0], "upstream_failed") {
		t.Errorf("a model that does not answer: %v", names)
	}
}

func TestUpstreams(t *testing.T) {
	f := newFixture(t, func(_ *Config, d *Deps) { d.Chats = &parrot{} })
	var a upstreamsAnswer
	f.ok(t, "viewer", "GET", "/api/v1/upstreams", "", &a)
	if len(a.Items) != 3 || a.Items[0].Name != "echo" {
		t.Errorf("%+v", a)
	}
}
