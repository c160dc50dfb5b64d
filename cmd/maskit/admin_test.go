package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.uber.org/zap"

	"maskit/config"
	"maskit/proxy"
	"maskit/vault"
)

// running is a server at work.
type running struct {
	*server
	t   *testing.T
	key string // of an operator
}

// startAdmin serves cfg, with an admin listener, until the test ends.
func startAdmin(t *testing.T, cfg *config.Config) *running {
	t.Helper()
	cfg.Proxy.Listen, cfg.Admin.Listen = "127.0.0.1:0", "localhost:0"
	ctx, cancel := context.WithCancel(context.Background())
	ended, ready := make(chan error, 1), make(chan *server, 1)
	go func() {
		ended <- serve(ctx, cfg, zap.NewNop(), func(_ context.Context, s *server) { ready <- s })
	}()
	select {
	case err := <-ended:
		cancel()
		t.Fatal(err)
		return nil
	case s := <-ready:
		t.Cleanup(func() {
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
		return &running{s, t, s.ops.FirstKey()}
	}
}

// ask asks the operators' API as the running's operator.
func (r *running) ask(method, path, body string, headers ...string) (status int, answer string) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.opsURL()+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+r.key)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// A start without operators prints where the console is, with a key that opens it.
func TestConsoleIsAnnounced(t *testing.T) {
	r := startAdmin(t, config.Default())
	var out bytes.Buffer
	r.announce(&out)
	_, key, ok := strings.Cut(out.String(), "/console/#key=")
	key, _, _ = strings.Cut(key, "\n")
	if !ok || key != r.key {
		t.Error("the console's address is not shown")
	}
	if status, _ := r.ask("GET", "/api/v1/session", ""); status != 200 {
		t.Errorf("the key opens nothing: %d", status)
	}
}

const ticket = `{"messages":[{"role":"user","content":"mail jane.roe@acme-travel.com, 프로젝트 😀"}]`

// restoredBy is what an operator who tries sees come back.
func restoredBy(t *testing.T, events string) string {
	t.Helper()
	var b strings.Builder
	for event := range strings.SplitSeq(events, "\n\n") {
		data, ok := strings.CutPrefix(event, "event: restored\ndata: ")
		if !ok {
			continue
		}
		var delta struct{ Text string }
		if err := json.Unmarshal([]byte(data), &delta); err != nil {
			t.Fatal(err)
		}
		b.WriteString(delta.Text)
	}
	return b.String()
}

func TestTryWithTheBuiltInModel(t *testing.T) {
	r := startAdmin(t, config.Default())
	status, events := r.ask("POST", "/api/v1/try", ticket+`}`)
	if got := restoredBy(t, events); status != 200 || got != "mail jane.roe@acme-travel.com, 프로젝트 😀" {
		t.Errorf("%d, %d bytes restored", status, len(got))
	}
	if status, answer := r.ask("POST", "/api/v1/try", ticket+`,"upstream":"openai","model":"m"}`); status != 422 || !strings.Contains(answer, "proxy.upstreams.openai.key") {
		t.Errorf("%d %s", status, answer)
	}
}

// A provider is asked with maskit's key, sees no value, and its key goes nowhere else.
func TestTryWithAProvider(t *testing.T) {
	var saw []string
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		saw = append(saw, q.URL.Path, q.Header.Get("Authorization"), string(body))
		switch {
		case strings.Contains(string(body), `"model":"moved"`):
			http.Redirect(w, q, "/elsewhere", http.StatusTemporaryRedirect)
		default:
			q.Body = io.NopCloser(bytes.NewReader(body))
			q.URL.Path = "/v1/chat/completions"
			(&echo{piece: 3, repeats: true}).ServeHTTP(w, q)
		}
	}))
	defer provider.Close()
	cfg := config.Default()
	cfg.Proxy.Upstreams = map[string]proxy.Upstream{"gemini": {URL: provider.URL + "/", Key: vault.Secret("sk-planted")}}
	r := startAdmin(t, cfg)
	_, events := r.ask("POST", "/api/v1/try", ticket+`,"upstream":"gemini","model":"m"}`)
	if got := restoredBy(t, events); got != "mail jane.roe@acme-travel.com, 프로젝트 😀" {
		t.Errorf("%d bytes restored", len(got))
	}
	if len(saw) != 3 || saw[0] != "/v1beta/openai/chat/completions" || saw[1] != "Bearer sk-planted" || strings.Contains(saw[2], "jane") {
		t.Errorf("the provider was asked %d times", len(saw)/3)
	}
	_, events = r.ask("POST", "/api/v1/try", ticket+`,"upstream":"gemini","model":"moved"}`)
	if len(saw) != 6 || !strings.Contains(events, "event: error") || strings.Contains(events, "sk-planted") {
		t.Errorf("a redirect was followed: %d requests", len(saw)/3)
	}
}
