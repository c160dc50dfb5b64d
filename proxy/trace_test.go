package proxy

import (
	"io"
	"net/http"
	"regexp"
	"testing"

	"maskit/proxy/mask"
	"maskit/vault"
)

func TestParseTrace(t *testing.T) {
	const good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	for text, ok := range map[string]bool{
		good: true, good[:len(good)-2] + "00": true, "01" + good[2:] + "-more": true, "01" + good[2:]: true,
		"": false, good + "-more": false, "ff" + good[2:]: false, good[:50]: false,
		"00-00000000000000000000000000000000-b7ad6b7169203331-01": false,
		"00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01": false,
		"00-0af7651916cd43dd8448eb211c80319x-b7ad6b7169203331-01": false,
		"00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01": false,
	} {
		trace, got := parseTrace([]byte(text))
		if got != ok || ok && trace.ID[0] != 0x0a {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// TestTraceGoesOn wants the provider to be a part of the exchange's span, which is
// a part of the client's; baggage to go nowhere; and the times to be told.
func TestTraceGoesOn(t *testing.T) {
	seen := make(chan http.Header, 10)
	r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
		seen <- req.Header
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{}`) // A client that is gone is the test's to notice.
	}, func(cfg *Config, _ *mask.Config, _ *vault.Vault) { cfg.ServerTiming = true })
	r.proxy.traces, r.proxy.sample = true, 1
	const clients = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
	for _, tc := range []struct {
		header  string
		sampled bool
	}{{clients, false}, {clients[:len(clients)-2] + "01", true}, {"", true}, {"jane.roe@acme-travel.com", true}} {
		resp, _, err := r.post("/v1/chat/completions", `{"messages":[]}`, "Traceparent", tc.header, "Baggage", "user=jane.roe@acme-travel.com")
		if err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(`^mask;dur=\d+\.\d{3}, upstream;dur=\d+\.\d{3}$`).MatchString(resp.Header.Get("Server-Timing")) {
			t.Errorf("Server-Timing is %q", resp.Header.Get("Server-Timing"))
		}
		header, rec := <-seen, r.wait()
		if header.Get("Baggage") != "" {
			t.Error("baggage reached the provider")
		}
		sent, ok := parseTrace([]byte(header.Get("Traceparent")))
		if !ok || sent.ID != rec.Trace.ID || sent.Parent != rec.Trace.Upstream || sent.Sampled != tc.sampled || rec.Trace.Sampled != tc.sampled {
			t.Errorf("%q became %q", tc.header, header.Get("Traceparent"))
		}
		theirs, known := parseTrace([]byte(tc.header))
		if known && (sent.ID != theirs.ID || rec.Trace.Parent != theirs.Parent) || !known && rec.Trace.Parent != [8]byte{} {
			t.Errorf("%q: the exchange is a part of %x", tc.header, rec.Trace.Parent)
		}
		if rec.Head <= rec.Mask || rec.Head > rec.Total {
			t.Errorf("masked after %s, the head came after %s of %s", rec.Mask, rec.Head, rec.Total)
		}
	}
}
