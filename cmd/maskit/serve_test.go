package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"go.uber.org/zap"

	"maskit/config"
)

// startServer serves cfg until the test ends, and returns its base URL.
func startServer(t *testing.T, cfg *config.Config, log *zap.Logger) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended, base := make(chan error, 1), make(chan string, 1)
	go func() {
		ended <- serve(ctx, cfg, log, func(_ context.Context, s *server) { base <- s.baseURL() })
	}()
	select {
	case err := <-ended:
		cancel()
		t.Fatal(err)
		return ""
	case url := <-base:
		t.Cleanup(func() {
			cancel()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
		return url
	}
}

// lockedBuffer is a log that several goroutines write.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// At its most talkative, and with requests that fail in every way, the log holds
// no value.
func TestLogHoldsNoValue(t *testing.T) {
	model := httptest.NewServer(&echo{piece: 5})
	defer model.Close()
	cfg := demoConfig(model.Listener.Addr())
	cfg.Log = config.Log{Level: "debug", Format: config.FormatJSON}
	var log lockedBuffer
	base := startServer(t, cfg, newLog(cfg.Log, &log))

	const value = "jane.roe@acme-travel.com"
	chatBody := `{"stream":false,"messages":[{"role":"user","content":"mail: ` + value + `"}]}`
	for _, r := range []struct{ method, path, contentType, body string }{
		{"POST", "/v1/chat/completions", "application/json", chatBody},
		{"POST", "/v1/chat/completions", "application/json", strings.Replace(chatBody, "false", "true", 1)},
		{"POST", "/v1/chat/completions", "application/json", chatBody + value},
		{"POST", "/v1/chat/completions", "text/plain", value},
		{"POST", "/v1/" + value, "application/json", chatBody},
		{"GET", "/v1/files?name=" + value, "", ""},
		{"TRACE", "/" + value, "", ""},
	} {
		req, err := http.NewRequestWithContext(t.Context(), r.method, base+r.path, strings.NewReader(r.body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", r.contentType)
		req.Header.Set("Authorization", "Bearer "+value)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	if n := strings.Count(log.String(), `"msg":"exchange"`); n < 5 {
		t.Fatalf("%d exchanges were logged; the test looks at nothing", n)
	}
	if strings.Contains(log.String(), value) || strings.Contains(log.String(), "jane") {
		t.Error("the log holds a value")
	}
	for line := range strings.Lines(log.String()) {
		if !json.Valid([]byte(line)) {
			t.Errorf("a line of the log is no JSON: %d bytes", len(line))
		}
	}
}

// The model of the demonstration is one that SDKs understand, whole too.
func TestEchoWhole(t *testing.T) {
	model := httptest.NewServer(&echo{piece: 5})
	defer model.Close()
	resp, err := http.Post(model.URL+"/v1/chat/completions", "application/json",
		strings.NewReader(`{"messages":[{"role":"user","content":"mail: a\nphone: b\n"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var got struct {
		Choices []struct{ Message struct{ Content string } }
	}
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if len(got.Choices) != 1 || !strings.HasPrefix(got.Choices[0].Message.Content, "Hello! I will write to a\nand call b if") {
		t.Errorf("%+v", got)
	}
}
