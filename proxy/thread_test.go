package proxy

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/tidwall/gjson"

	"maskit/vault"
)

// answers is a provider that keeps what it is told: each answer says again all
// that its thread has said, and has a name.
type answers struct {
	said map[string]string // by name of the answer
	n    int
}

func (p *answers) handle(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		panic(err)
	}
	if req.Method == http.MethodGet {
		w.Header().Set("Content-Type", "application/json")
		writeJSON(w, map[string]any{"id": "again", "output": []any{map[string]any{
			"type": "message", "content": []any{map[string]any{"type": "output_text", "text": p.said[req.URL.Path[len("/v1/responses/"):]]}},
		}}})
		return
	}
	p.n++
	id := fmt.Sprintf("resp_%d", p.n)
	text := p.said[gjson.GetBytes(body, "previous_response_id").Str] + " " + gjson.GetBytes(body, "input").Str
	p.said[id] = text
	if !gjson.GetBytes(body, "stream").Bool() {
		w.Header().Set("Content-Type", "application/json")
		writeJSON(w, map[string]any{"id": id, "object": "response", "output": []any{map[string]any{
			"type": "message", "content": []any{map[string]any{"type": "output_text", "text": text}},
		}}})
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprintf(w, "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,\"response\":{\"id\":%q}}\n\n", id)
	for i := range text {
		fmt.Fprintf(w, "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":%d,\"output_index\":0,\"content_index\":0,\"delta\":%q}\n\n", i+1, text[i:i+1])
	}
	fmt.Fprintf(w, "event: response.completed\ndata: {\"type\":\"response.completed\",\"sequence_number\":%d,\"response\":{\"id\":%q}}\n\n", len(text)+1, id)
}

// ask sends one turn and returns the text of its answer and its name.
func ask(t *testing.T, r *rig, previous, input string, more ...string) (text, id string) {
	t.Helper()
	body := fmt.Sprintf(`{"model":"m","input":%q,%s"previous_response_id":%q}`, input, strings.Join(more, ""), previous)
	_, answer, err := r.post("/v1/responses", body)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(answer, "data: ") {
		return gjson.Get(answer, "output.0.content.0.text").Str, gjson.Get(answer, "id").Str
	}
	for line := range strings.SplitSeq(answer, "\n") {
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			text += gjson.Get(data, "delta").Str
			if name := gjson.Get(data, "response.id").Str; name != "" {
				id = name
			}
		}
	}
	return text, id
}

// Case 3: what one turn masked is restored in those that go on from it, by
// another process with the same Redis too, and nowhere else. Turns are a tree:
// of two that go on from one, neither knows the other.
func TestTurns(t *testing.T) {
	addr, _ := startRedis(t)
	provider := &answers{said: map[string]string{}}
	upstream := httptest.NewServer(http.HandlerFunc(provider.handle))
	defer upstream.Close()
	var rigs [2]*rig
	for i := range rigs {
		rigs[i] = &rig{t: t, ended: make(chan struct{}, 100)}
		rigs[i].start(upstream.URL, redisVault(t, addr, vault.OnFailureRefuse))
	}
	first, second := rigs[0], rigs[1]
	const bob = "bob.ray@example.org"
	for _, stream := range []string{"", `"stream":true,`} {
		text, root := ask(t, first, "", email, stream)
		if text != " "+email {
			t.Fatalf("the first turn: %q", text)
		}
		text, next := ask(t, second, root, "and "+bob, stream)
		if text != " "+email+" and "+bob {
			t.Errorf("the second turn, by another process: %q", text)
		}
		if text, _ = ask(t, first, next, "nothing", stream); text != " "+email+" and "+bob+" nothing" {
			t.Errorf("the third turn: %q", text)
		}
		if text, _ = ask(t, first, root, "else", stream); text != " "+email+" else" {
			t.Errorf("another second turn: %q", text)
		}
		// Who wants the tokens goes on from the answer like anybody else.
		_, answer, err := first.post("/v1/responses", fmt.Sprintf(`{"model":"m",%s"input":%q}`, stream, email), headerRestore, "false")
		if err != nil || strings.Contains(answer, "@") {
			t.Fatalf("an answer with tokens: %s, %v", answer, err)
		}
		if text, _ = ask(t, second, fmt.Sprintf("resp_%d", provider.n), "please", stream); text != " "+email+" please" {
			t.Errorf("a turn after one with tokens: %q", text)
		}
		provider.said["resp_x"] = provider.said[root]
		if text, _ = ask(t, first, "resp_x", "stranger", stream); strings.Contains(text, "@") {
			t.Errorf("a turn that nobody kept: %q", text)
		}
		text, quiet := ask(t, first, "", bob, stream+`"store":false,`)
		if text != " "+bob {
			t.Errorf("a turn that is not stored: %q", text)
		}
		if text, _ = ask(t, first, quiet, "on", stream); strings.Contains(text, "@") {
			t.Errorf("a turn after one that was not stored: %q", text)
		}
		resp, err := http.Get("http://" + second.addr + "/v1/responses/" + next)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || gjson.GetBytes(body, "output.0.content.0.text").Str != " "+email+" and "+bob {
			t.Errorf("fetched again: %s, %v", body, err)
		}
	}
}
