package traces

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"maskit/proxy/audit"
	"maskit/vault"
)

func sampled() *audit.Exchange {
	return &audit.Exchange{
		ID: "req", Start: time.Unix(100, 0), Route: "openai.chat", Upstream: "openai", Tenant: "acme", Policy: "default", Status: 200,
		Found: []audit.Count{{Kind: "EMAIL_ADDRESS", N: 2}}, Mask: time.Millisecond, Head: 10 * time.Millisecond, Total: 20 * time.Millisecond,
		Trace: audit.Trace{ID: [16]byte{1}, Parent: [8]byte{2}, Span: [8]byte{3}, Upstream: [8]byte{4}, Sampled: true},
	}
}

// TestSpans reads what a collector gets.
func TestSpans(t *testing.T) {
	got := make(chan []byte, 1)
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Key") != "k" || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("headers are %v", r.Header)
		}
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got <- b
	}))
	defer collector.Close()
	cfg := DefaultConfig()
	cfg.Endpoint, cfg.Headers = collector.URL, map[string]vault.Secret{"x-key": "k"}
	e := New(cfg, "1", zap.NewNop())
	e.Exchange(sampled())
	unsampled := sampled()
	unsampled.Trace.Sampled = false
	e.Exchange(unsampled)
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		ResourceSpans []struct {
			ScopeSpans []struct{ Spans []spanJSON }
		}
	}
	if err := json.Unmarshal(<-got, &doc); err != nil {
		t.Fatal(err)
	}
	spans := doc.ResourceSpans[0].ScopeSpans[0].Spans
	want := []struct{ name, id, parent, start, end string }{
		{"maskit openai.chat", "0300000000000000", "0200000000000000", "100000000000", "100020000000"},
		{"mask", "0300000000000001", "0300000000000000", "100000000000", "100001000000"},
		{"upstream openai", "0400000000000000", "0300000000000000", "100001000000", "100010000000"},
		{"restore", "0300000000000002", "0300000000000000", "100010000000", "100020000000"},
	}
	if len(spans) != len(want) {
		t.Fatalf("there are %d spans", len(spans))
	}
	for i, w := range want {
		s := spans[i]
		if s.Name != w.name || s.SpanID != w.id || s.Parent != w.parent || s.Start != w.start || s.End != w.end || s.TraceID != "01"+strings.Repeat("0", 30) {
			t.Errorf("span %d is %+v", i, s)
		}
	}
	if !strings.Contains(string(mustJSON(t, spans[0])), `{"key":"maskit.masked.EMAIL_ADDRESS","value":{"intValue":"2"}}`) {
		t.Error("the kinds are missing")
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRefusedExchange(t *testing.T) {
	x := sampled()
	x.Code, x.Status, x.Head = "vault_unavailable", 503, 0
	spans := spansOf(x)
	if len(spans) != 2 || spans[0].Status == nil || spans[0].Status.Message != "vault_unavailable" {
		t.Errorf("%+v", spans)
	}
}

// TestCollectorFails wants a warning, and no more spans than the queue holds.
func TestCollectorFails(t *testing.T) {
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }))
	defer collector.Close()
	core, logs := observer.New(zapcore.WarnLevel)
	cfg := DefaultConfig()
	cfg.Endpoint = collector.URL
	e := New(cfg, "1", zap.New(core))
	for range 3 * queued {
		e.Exchange(sampled())
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if logs.Len() == 0 {
		t.Error("nobody was told")
	}
}

func TestConfig(t *testing.T) {
	for _, tc := range []struct {
		change func(*Config)
		want   string
	}{
		{func(*Config) {}, ""},
		{func(c *Config) { c.Endpoint = "http://127.0.0.1:4318/v1/traces" }, ""},
		{func(c *Config) { c.Endpoint = "127.0.0.1:4318" }, "endpoint: "},
		{func(c *Config) { c.Sample = 1.5 }, "sample: "},
		{func(c *Config) { c.Service = "" }, "service: "},
	} {
		c := DefaultConfig()
		tc.change(&c)
		err := c.Validate()
		if (err == nil) != (tc.want == "") || err != nil && !strings.HasPrefix(err.Error(), tc.want) {
			t.Errorf("%v, want %q", err, tc.want)
		}
	}
}
