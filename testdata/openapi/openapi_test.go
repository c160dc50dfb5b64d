// Package openapi holds maskit's OpenAPI document against a reader of others
// (pb33f/libopenapi), and the answers of a maskit that runs against the document.
// It is a module of its own, since the reader brings thirty others.
package openapi

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
)

// start builds and starts maskit, and returns the address of its operators'
// listener and the key that it prints.
func start(t *testing.T) (base, key string) {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "maskit")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", bin, "./cmd/maskit")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building maskit: %v\n%s", err, out)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, bin, "serve", "--listen", "127.0.0.1:0", "--admin", "localhost:0")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait() // It was told to stop.
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		_, address, ok := strings.Cut(lines.Text(), "http://")
		if base, key, ok = strings.Cut("http://"+address, "/console/#key="); ok {
			go io.Copy(io.Discard, out) //nolint:errcheck // It must not block on its log.
			return base, key
		}
	}
	t.Fatal("maskit printed no address of its console")
	return "", ""
}

// calls are requests to every route but the try, in an order in which each finds
// what it asks for; some are wrong on purpose.
var calls = []struct {
	method, path, body string
	headers            []string
	status             int
}{
	{"GET", "/api/v1/session", "", nil, 200},
	{"POST", "/api/v1/detect", `{"text":"Write to jane.roe@acme-travel.com.","offsets":"utf16"}`, nil, 200},
	{"POST", "/api/v1/detect", `{"texts":["a","4111 1111 1111 1111"]}`, nil, 200},
	{"POST", "/api/v1/detect", `{"texts":["a"],"policy":"lax"}`, nil, 422},
	{"POST", "/api/v1/mask", `{"text":"Write to jane.roe@acme-travel.com.","session":"s1","release":[{"start":0,"end":2}]}`, nil, 200},
	{"POST", "/api/v1/restore", `{"text":"EMAIL2B4C6D7F","session":"s1","reason":"r"}`, nil, 200},
	{"POST", "/api/v1/restore", `{"text":"EMAIL2B4C6D7F","reason":" "}`, nil, 400},
	{"GET", "/api/v1/upstreams", "", nil, 200},
	{"GET", "/api/v1/kinds", "", nil, 200},
	{"GET", "/api/v1/policies", "", nil, 200},
	{"GET", "/api/v1/policies/default", "", nil, 200},
	{"GET", "/api/v1/policies/none", "", nil, 404},
	{"PUT", "/api/v1/rules", `{"reason":"r","document":{"deny":[{"kind":"BADGE","values":["B-1234"]}]}}`, []string{"If-Match", "0"}, 200},
	{"PUT", "/api/v1/rules", `{"reason":"r","document":{"rules":[{"name":"a","kind":"BADGE","pattern":"x*"}]}}`, []string{"If-Match", "1"}, 422},
	{"GET", "/api/v1/rules?builtin=1", "", nil, 200},
	{"POST", "/api/v1/rules/test", `{"text":"B-1234 C-1234","document":{"deny":[{"kind":"BADGE","values":["C-1234"]}]}}`, nil, 200},
	{"GET", "/api/v1/rules/versions?limit=1", "", nil, 200},
	{"GET", "/api/v1/rules/versions/1", "", nil, 200},
	{"POST", "/api/v1/rules/rollback", `{"version":1,"reason":"r"}`, nil, 200},
	{"PUT", "/api/v1/vault/passcode", `{"session":"s1","passcode":"correct horse","reason":"r"}`, nil, 200},
	{"DELETE", "/api/v1/vault/tokens/EMAIL2B4C6D7F", "", []string{"X-Reason", "r"}, 200},
	{"DELETE", "/api/v1/vault/conversations/s1", "", []string{"X-Reason", "r"}, 200},
	{"DELETE", "/api/v1/vault/tenants/acme", "", []string{"X-Reason", "r"}, 200},
	{"POST", "/analyze", `{"text":"Write to jane.roe@acme-travel.com.","language":"en","return_decision_process":true}`, nil, 200},
	{"POST", "/anonymize", `{"text":"ab","analyzer_results":[{"start":0,"end":1,"entity_type":"A","score":1}]}`, nil, 200},
	{"GET", "/supportedentities", "", nil, 200},
	{"GET", "/recognizers", "", nil, 200},
	{"DELETE", "/api/v1/session", "", nil, 200},
}

func TestDocumentAndAnswers(t *testing.T) {
	base, key := start(t)
	resp, err := http.Get(base + "/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	document, err := libopenapi.NewDocument(text)
	if err != nil {
		t.Fatal(err)
	}
	v, errs := validator.NewValidator(document)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	if ok, faults := v.ValidateDocument(); !ok {
		for _, f := range faults {
			t.Errorf("the document: %s: %s", f.Message, f.Reason)
		}
	}
	for _, c := range calls {
		req, err := http.NewRequest(c.method, base+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		if c.body != "" {
			req.Header.Set("Content-Type", "application/json")
		}
		req.Header.Set("Authorization", "Bearer "+key)
		for i := 0; i < len(c.headers); i += 2 {
			req.Header.Set(c.headers[i], c.headers[i+1])
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != c.status {
			t.Errorf("%s %s: %d %s, want %d", c.method, c.path, resp.StatusCode, answer, c.status)
		}
		req.Body = io.NopCloser(strings.NewReader(c.body))
		resp.Body = io.NopCloser(bytes.NewReader(answer))
		if ok, faults := v.ValidateHttpRequestResponse(req, resp); !ok {
			for _, f := range faults {
				t.Errorf("%s %s: %s: %s", c.method, c.path, f.Message, f.Reason)
				for _, s := range f.SchemaValidationErrors {
					t.Errorf("  %s: %s", s.KeywordLocation, s.Reason)
				}
			}
		}
	}
}
