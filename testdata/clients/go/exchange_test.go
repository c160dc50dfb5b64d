package clients_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// lastHead keeps the head of the last answer: not every SDK hands it out.
type lastHead struct {
	mu   sync.Mutex
	head http.Header
}

func (l *lastHead) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		l.mu.Lock()
		l.head = resp.Header
		l.mu.Unlock()
	}
	return resp, err
}

var heads = &lastHead{}

// httpClient is what SDKs are given where they take one.
var httpClient = &http.Client{Transport: heads}

// exchange is one way to use an SDK: it asks at the root URL, and returns what
// the app gets to see.
type exchange struct {
	name string
	// json says that the texts are JSON.
	json bool
	// requests is how many it takes; 0 is 1.
	requests int
	// manner is appended to the model's name; see package upstream.
	manner string
	ask    func(ctx context.Context, root, model string, stream bool) (said, error)
}

// runExchanges has each exchange in each manner, both ways.
func runExchanges(t *testing.T, exchanges []exchange) {
	for _, x := range exchanges {
		for _, m := range manners {
			if strings.Contains(m.model, "nodone") {
				continue // Only OpenAI's streams end with [DONE].
			}
			t.Run(x.name+"/"+m.model, func(t *testing.T) { x.run(t, m.model+x.manner, m.stream) })
		}
	}
}

func (x exchange) run(t *testing.T, model string, stream bool) {
	ask := func(root string) said {
		s, err := x.ask(t.Context(), root, model, stream)
		s.err = err
		return s
	}
	want := ask(fix.Direct)
	take(t)
	got := ask(fix.Maskit)
	checkReceipt(t, heads.head)
	checkUpstreams(t, max(1, x.requests))
	compare(t, want, got, x.json)
}

// compareErrors reports where the errors of both ways differ.
func compareErrors(t *testing.T, ask func(root string) error) {
	t.Helper()
	want := ask(fix.Direct)
	take(t)
	got := ask(fix.Maskit)
	if want == nil || got == nil {
		t.Fatalf("directly the SDK fails (%t), through maskit (%t)", want != nil, got != nil)
	}
	// Some errors name the address that was asked.
	if err := same(want.Error(), strings.ReplaceAll(got.Error(), fix.Maskit, fix.Direct)); err != nil {
		t.Errorf("message: %v", err)
	}
	checkUpstream(t)
}

// checkSigned says what of a signed text is not as the provider must have
// written it: masked.
func checkSigned(text string) error {
	for _, v := range fix.Values {
		if strings.Contains(text, v.Text) {
			return errors.New("a signed text holds " + v.Kind)
		}
	}
	if len(tokensIn(text)) < len(fix.Values) {
		return errors.New("a signed text lacks tokens")
	}
	return nil
}

// toolResult is what a tool mostly gives back: JSON, as a text.
func toolResult() string { return jsonOf(map[string]any{"found": []string{fix.Text}, "n": 1}) }

func jsonOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("BUG: " + err.Error())
	}
	return string(b)
}

// contact describes a person, letter a mail.
var (
	contact = map[string]any{
		"to": typed("string"), "phone": typed("string"), "note": typed("string"), "everything": typed("string"),
	}
	letter = map[string]any{
		"to":   typed("string"),
		"body": object(map[string]any{"lines": map[string]any{"type": "array", "items": typed("string")}}),
	}
)

// keyed adds the key, for SDKs that have none.
var keyed = &http.Client{Transport: keyedTransport{}}

type keyedTransport struct{}

func (keyedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+fix.Key)
	return heads.RoundTrip(r)
}
