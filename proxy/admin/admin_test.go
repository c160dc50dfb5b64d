package admin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	"go.uber.org/zap"

	"maskit/proxy/audit"
)

func serve(t *testing.T, check func(context.Context) error) (*Server, *Metrics, string) {
	t.Helper()
	m := NewMetrics("v0.0.0-test")
	s, err := New(DefaultConfig(), Deps{Check: check, Metrics: m, Log: zap.NewNop()})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ln) }()
	t.Cleanup(func() {
		if err := s.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return s, m, "http://" + ln.Addr().String()
}

func ask(t *testing.T, method, url string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func well(context.Context) error { return nil }

func TestPaths(t *testing.T) {
	_, _, url := serve(t, well)
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/livez", 200},
		{"HEAD", "/livez", 200},
		{"GET", "/readyz", 200},
		{"GET", "/metrics", 200},
		{"POST", "/livez", 405},
		{"DELETE", "/metrics", 405},
		{"GET", "/nowhere", 404},
		{"GET", "/debug/pprof/", 404},
		{"GET", "/v1/chat/completions", 404},
	} {
		if status, _ := ask(t, c.method, url+c.path); status != c.status {
			t.Errorf("%s %s: %d, want %d", c.method, c.path, status, c.status)
		}
	}
}

func TestNotReady(t *testing.T) {
	_, _, url := serve(t, func(context.Context) error { return errors.New("vault: storing 1 value: timeout") })
	if status, body := ask(t, "GET", url+"/readyz"); status != 503 || body != "not ready: vault: storing 1 value: timeout\n" {
		t.Errorf("%d %q", status, body)
	}
	if status, _ := ask(t, "GET", url+"/livez"); status != 200 {
		t.Errorf("livez depends on the check: %d", status)
	}
}

func TestReadyWhileDraining(t *testing.T) {
	s, _, url := serve(t, well)
	s.Drain()
	if status, body := ask(t, "GET", url+"/readyz"); status != 503 || body != "not ready: shutting down\n" {
		t.Errorf("%d %q", status, body)
	}
}

// A check that hangs is given up, or probes would pile up behind it.
func TestCheckHasALimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := New(DefaultConfig(), Deps{Metrics: NewMetrics("test"), Log: zap.NewNop(), Check: func(ctx context.Context) error {
			<-ctx.Done()
			return fmt.Errorf("vault: %w", ctx.Err())
		}})
		if err != nil {
			t.Fatal(err)
		}
		w := &recorder{header: http.Header{}}
		begin := time.Now()
		s.ready(w, (&http.Request{}).WithContext(t.Context()))
		if w.status != 503 || time.Since(begin) != checkTime {
			t.Errorf("%d after %s", w.status, time.Since(begin))
		}
	})
}

type recorder struct {
	header http.Header
	status int
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(p []byte) (int, error) { return len(p), nil }

var exchange = &audit.Exchange{
	Route: "openai.chat", Upstream: "openai", Stream: true, Status: 200,
	Found:    []audit.Count{{Kind: "EMAIL_ADDRESS", N: 2}, {Kind: "PHONE_NUMBER", N: 1}},
	Restored: 3, Unknown: 1, Unread: []audit.Count{{Kind: "image", N: 1}},
	BytesIn: 100, BytesOut: 200, Mask: 30 * time.Microsecond, Total: 2 * time.Second,
}

func TestExchangeIsCounted(t *testing.T) {
	_, m, url := serve(t, well)
	m.Exchange(exchange)
	m.Exchange(&audit.Exchange{Route: "generic", Upstream: "openai", Status: 503, Code: "vault_unavailable"})
	m.Exchange(&audit.Exchange{Route: "generic", Upstream: "openai"})
	m.Reload(errors.New("broken"))
	_, body := ask(t, "GET", url+"/metrics")
	for _, line := range []string{
		`maskit_requests_total{code="",route="openai.chat",status="2xx",upstream="openai"} 1`,
		`maskit_requests_total{code="vault_unavailable",route="generic",status="5xx",upstream="openai"} 1`,
		`maskit_requests_total{code="",route="generic",status="none",upstream="openai"} 1`,
		`maskit_masked_values_total{kind="EMAIL_ADDRESS"} 2`,
		`maskit_unread_parts_total{kind="image"} 1`,
		`maskit_restored_tokens_total 3`,
		`maskit_unknown_tokens_total 1`,
		`maskit_request_bytes_total 100`,
		`maskit_response_bytes_total 200`,
		`maskit_mask_duration_seconds_bucket{le="2.5e-05"} 2`,
		`maskit_exchange_duration_seconds_sum{stream="true"} 2`,
		`maskit_config_reloads_total{result="failed"} 1`,
		`maskit_config_last_reload_successful 0`,
	} {
		if !slices.Contains(strings.Split(body, "\n"), line) {
			t.Errorf("missing: %s", line)
		}
	}
	if !strings.Contains(body, `version="v0.0.0-test"`) {
		t.Error("no build info")
	}
}

// The names follow Prometheus' rules, and docs/METRICS.md has exactly them.
func TestMetricsAreLintedAndDocumented(t *testing.T) {
	families := gathered(t)
	problems, err := promlint.NewWithMetricFamilies(families).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
	doc, err := os.ReadFile("../../docs/METRICS.md")
	if err != nil {
		t.Fatal(err)
	}
	var documented, served []string
	for _, row := range regexp.MustCompile("(?m)^\\| `(maskit_[a-z_]+)`").FindAllSubmatch(doc, -1) {
		documented = append(documented, string(row[1]))
	}
	for _, f := range families {
		if strings.HasPrefix(f.GetName(), "maskit_") {
			served = append(served, f.GetName())
		}
	}
	slices.Sort(documented)
	if !slices.Equal(documented, served) {
		t.Errorf("documented: %v\nserved: %v", documented, served)
	}
}

func TestConfig(t *testing.T) {
	for listen, ok := range map[string]bool{
		"127.0.0.1:8081": true, ":0": true, "[::1]:8081": true, Off: true,
		"": false, "8081": false, "localhost": false,
	} {
		if err := (Config{Listen: listen}).Validate(); (err == nil) != ok {
			t.Errorf("%q: %v", listen, err)
		}
	}
}
