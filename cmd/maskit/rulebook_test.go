package main

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"maskit/config"
	"maskit/proxy"
	"maskit/proxy/admin"
	"maskit/vault"
)

// realRedis starts a redis-server and returns its URL.
func realRedis(t *testing.T) vault.Secret {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	ln.Close()
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir())
	if err := cmd.Start(); err != nil {
		t.Fatalf("redis-server does not start; install the package redis-server: %v", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	eventually(t, "redis-server answers", func() bool {
		c, err := net.Dial("tcp", addr)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	return vault.Secret("redis://" + addr)
}

// eventually waits until done says true.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.After(20 * time.Second); ; {
		if done() {
			return
		}
		select {
		case <-deadline:
			t.Fatal("it does not come that " + what)
		case <-tick.C:
		}
	}
}

// listening is a model that remembers what it was sent.
type listening struct {
	mu   sync.Mutex
	last string
}

func (l *listening) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	l.mu.Lock()
	l.last = string(body)
	l.mu.Unlock()
	r.Body = io.NopCloser(bytes.NewReader(body))
	(&echo{piece: 8, repeats: true}).ServeHTTP(w, r)
}

func (l *listening) heard() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

func replica(t *testing.T, redis vault.Secret, model http.Handler) *running {
	t.Helper()
	upstream := httptest.NewServer(model)
	t.Cleanup(upstream.Close)
	cfg := config.Default()
	cfg.Proxy.Upstreams = map[string]proxy.Upstream{"openai": {URL: upstream.URL}}
	cfg.Vault.URL = redis
	cfg.Vault.Keys = []vault.Secret{"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}
	return startAdmin(t, cfg)
}

// chat sends text and returns what the model got and what came back.
func (r *running) chat(text string, headers ...string) (status int, answer string, err error) {
	body := `{"model":"m","messages":[{"role":"user","content":` + quote(text) + `}]}`
	req, err := http.NewRequestWithContext(r.t.Context(), "POST", r.baseURL()+"/v1/chat/completions", strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(got), err
}

const heronRule = `{"reason":"project names leak","document":{"dictionaries":[{"kind":"PROJECT","terms":["blue heron"]}]}}`

// A rule that is added on one of two replicas is in force on both within a second,
// under load, and no request fails or goes out unmasked meanwhile.
func TestRuleUnderLoad(t *testing.T) {
	redis := realRedis(t)
	var leaks, failures, after atomic.Int64
	var inForce atomic.Bool // for requests that begin from now on
	model := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if bytes.Contains(body, []byte("jane.roe@")) || bytes.Contains(body, []byte("ruled")) && bytes.Contains(body, []byte("blue heron")) {
			leaks.Add(1)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		(&echo{piece: 8, repeats: true}).ServeHTTP(w, r)
	})
	replicas := []*running{replica(t, redis, model), replica(t, redis, model)}

	done := make(chan struct{})
	var load sync.WaitGroup
	for _, r := range replicas {
		for range 4 {
			load.Go(func() {
				for {
					select {
					case <-done:
						return
					default:
					}
					text := "mail jane.roe@acme-travel.com about blue heron"
					if inForce.Load() {
						text += ", ruled"
						after.Add(1)
					}
					if status, answer, err := r.chat(text); err != nil || status != 200 || !strings.Contains(answer, text) {
						failures.Add(1)
					}
				}
			})
		}
	}
	masks := func(r *running) bool {
		_, answer := r.ask("POST", "/api/v1/detect", `{"text":"blue heron"}`)
		return strings.Contains(answer, "PROJECT")
	}
	added := time.Now()
	if status, answer := replicas[0].ask("PUT", "/api/v1/rules", heronRule, "If-Match", "0"); status != 200 {
		t.Fatalf("%d %s", status, answer)
	}
	for _, r := range replicas {
		eventually(t, "the rule is in force", func() bool { return masks(r) })
	}
	if took := time.Since(added); took > 2*time.Second { // A second, and what a busy machine takes.
		t.Errorf("the rule was in force after %s", took)
	}
	inForce.Store(true)
	eventually(t, "requests are sent under the rule", func() bool { return after.Load() > 100 })
	close(done)
	load.Wait()
	if leaks.Load() != 0 || failures.Load() != 0 {
		t.Errorf("%d requests unmasked, %d failed", leaks.Load(), failures.Load())
	}
}

// What one replica masked another restores for operators, and a rule outlives
// both: a new replica masks by it from its first request on.
func TestRuleOutlivesReplicas(t *testing.T) {
	redis := realRedis(t)
	t.Run("first", func(t *testing.T) {
		r := replica(t, redis, &listening{})
		if status, answer := r.ask("PUT", "/api/v1/rules", heronRule, "If-Match", "0"); status != 200 {
			t.Fatalf("%d %s", status, answer)
		}
	})
	model := &listening{}
	r := replica(t, redis, model)
	status, answer, err := r.chat("about Blue  Heron", "x-maskit-session", "s1")
	if err != nil || status != 200 || !strings.Contains(answer, "Blue  Heron") || strings.Contains(model.heard(), "Heron") {
		t.Fatalf("%d %v; the model got %s", status, err, model.heard())
	}
	_, rest, _ := strings.Cut(model.heard(), "PROJECT")
	token := "PROJECT" + rest[:8]
	other := replica(t, redis, &listening{})
	if _, answer := other.ask("POST", "/api/v1/restore", `{"reason":"r","text":"`+token+`"}`); !strings.Contains(answer, `"text":"Blue  Heron"`) {
		t.Error("another replica does not restore")
	}
}

// A document that does not fit a changed file stops the start, and not the masking
// of who already runs.
func TestRulesThatDoNotFit(t *testing.T) {
	file := filepath.Join(t.TempDir(), "rules.json")
	cfg := config.Default()
	cfg.Admin.RulesFile = file
	r := startAdmin(t, cfg)
	rule := `{"reason":"r","document":{"rules":[{"name":"badge","kind":"BADGE","pattern":"B-\\d{4}"}]}}`
	if status, answer := r.ask("PUT", "/api/v1/rules", rule, "If-Match", "0"); status != 200 {
		t.Fatalf("%d %s", status, answer)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	eventually(t, "the rule is in force", func() bool {
		_, answer := r.ask("GET", "/api/v1/rules", "")
		return strings.Contains(answer, `"in_force":1`)
	})
	changed := func() (*config.Config, error) {
		return config.Parse([]byte(`policy: {rules: [{name: badge, kind: BADGE, pattern: "C-\\d{4}"}]}`), config.Lookups{})
	}
	if err := r.swap(changed); err == nil || !strings.Contains(err.Error(), `the configuration has a rule called "badge"`) {
		t.Errorf("the file was taken: %v", err)
	}
	if _, answer := r.ask("POST", "/api/v1/detect", `{"text":"B-1234"}`); !strings.Contains(answer, "BADGE") {
		t.Error("the last good rules are not in force")
	}
	next, err := changed()
	if err != nil {
		t.Fatal(err)
	}
	next.Proxy.Listen, next.Admin.Listen, next.Admin.RulesFile = "127.0.0.1:0", "off", file
	if err := serve(t.Context(), next, newLog(next.Log, io.Discard), nil); err == nil || !strings.Contains(err.Error(), "do not go together") {
		t.Errorf("it starts: %v", err)
	}
	if status, _ := r.ask("PUT", "/api/v1/rules", rule, "If-Match", "1"); status != 200 {
		t.Errorf("the same document again: %d", status)
	}
}

// Another replica may make rules that do not fit this one's file: the last good
// ones stay, it is said, and they come into force with a file that they fit.
func TestRulesOfAnotherReplicaThatDoNotFit(t *testing.T) {
	parse := func(yaml string) *config.Config {
		cfg, err := config.Parse([]byte(yaml), config.Lookups{})
		if err != nil {
			t.Fatal(err)
		}
		return cfg
	}
	r := startAdmin(t, parse(`policy: {rules: [{name: badge, kind: BADGE, pattern: "C-\\d{4}"}]}`))
	document := `{"rules":[{"name":"badge","kind":"BADGE","pattern":"B-\\d{4}"}]}`
	if _, err := r.documents.Put(t.Context(), admin.RulesName, 0, []byte(document), vault.Meta{Who: "another"}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the fault is shown", func() bool {
		_, answer := r.ask("GET", "/api/v1/rules", "")
		return strings.Contains(answer, `"version":1,"in_force":0,"fault":"`)
	})
	if _, answer := r.ask("POST", "/api/v1/detect", `{"text":"C-1234, B-1234"}`); strings.Count(answer, "BADGE") != 1 {
		t.Error("the last good rules are not in force")
	}
	r.reload(func() (*config.Config, error) {
		cfg := parse("")
		cfg.Proxy.Listen, cfg.Admin.Listen = "127.0.0.1:0", "localhost:0"
		return cfg, nil
	})
	if _, answer := r.ask("GET", "/api/v1/rules", ""); !strings.Contains(answer, `"in_force":1,"document"`) {
		t.Errorf("the rules did not come into force: %s", answer)
	}
}
