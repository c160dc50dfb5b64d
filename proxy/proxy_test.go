package proxy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"maskit/detect"
	"maskit/proxy/audit"
	"maskit/proxy/mask"
	"maskit/vault"
)

// Values that no provider and no log may see.
const (
	email   = "ann.lee@example.org"
	project = "Operation \"Quiet\" \\ 😀"
)

var planted = []string{email, project, "Quiet", "ann.lee"}

const testKey = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

// rig is a proxy at work between a client and a provider of the test's.
type rig struct {
	t        *testing.T
	proxy    *Proxy
	addr     string
	upstream *httptest.Server
	logs     *observer.ObservedLogs

	mu      sync.Mutex
	seen    [][]byte // request bodies that the provider got
	records []*audit.Exchange
	ended   chan struct{} // one for each record
}

type rigOption func(*Config, *mask.Config, *vault.Vault)

// newRig starts both. handler is the provider.
func newRig(t *testing.T, handler http.HandlerFunc, options ...rigOption) *rig {
	t.Helper()
	r := &rig{t: t, ended: make(chan struct{}, 1000)}
	r.upstream = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			t.Error("the provider got half a request")
		}
		r.mu.Lock()
		r.seen = append(r.seen, body)
		r.mu.Unlock()
		req.Body = io.NopCloser(bytes.NewReader(body))
		handler(w, req)
	}))
	t.Cleanup(r.upstream.Close)
	r.start(r.upstream.URL, newVault(t, nil), options...)
	return r
}

func newVault(t testing.TB, store vault.Store) *vault.Vault {
	t.Helper()
	cfg := vault.DefaultConfig()
	cfg.Keys = []vault.Secret{testKey}
	v, err := vault.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if store != nil {
		ring, err := vault.NewKeyring(cfg.Keys)
		if err != nil {
			t.Fatal(err)
		}
		v = vault.New(store, ring, cfg)
	}
	return v
}

func (r *rig) start(upstream string, v *vault.Vault, options ...rigOption) {
	t := r.t
	t.Helper()
	cfg, policy := DefaultConfig(), mask.DefaultConfig()
	cfg.Upstreams = map[string]Upstream{"openai": {URL: upstream}}
	policy.Model = false // Exchanges are about the pipe; see TestNames.
	policy.Dictionaries = []detect.Dictionary{{Kind: "PROJECT", Terms: []string{project}}}
	for _, o := range options {
		o(&cfg, &policy, v)
	}
	engine, err := detect.Compile(policy.Config)
	if err != nil {
		t.Fatal(err)
	}
	m, err := mask.New(policy, engine, v)
	if err != nil {
		t.Fatal(err)
	}
	core, logs := observer.New(zap.DebugLevel)
	r.logs = logs
	r.proxy, err = New(cfg, Access{}, mask.Only(m), Options{Log: zap.New(core), Done: func(x *audit.Exchange) {
		r.mu.Lock()
		r.records = append(r.records, x)
		r.mu.Unlock()
		r.ended <- struct{}{}
	}})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.addr = ln.Addr().String()
	served := make(chan error, 1)
	go func() { served <- r.proxy.Serve(ln) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := r.proxy.Shutdown(ctx); err != nil {
			t.Errorf("shutting down: %v", err)
		}
		if err := <-served; err != nil {
			t.Errorf("serving: %v", err)
		}
		r.checkSilence()
	})
}

// checkSilence looks for originals in all that was logged, recorded and seen.
func (r *rig) checkSilence() {
	r.mu.Lock()
	defer r.mu.Unlock()
	said := fmt.Sprintf("%+v", r.logs.All())
	for _, x := range r.records {
		said += fmt.Sprintf("%+v", *x)
	}
	for _, body := range r.seen {
		said += string(body)
	}
	for i, value := range planted {
		quoted, err := json.Marshal(value)
		if err != nil {
			r.t.Fatal(err)
		}
		if strings.Contains(said, value) || strings.Contains(said, strings.Trim(string(quoted), `"`)) {
			r.t.Errorf("planted value %d was logged, recorded or sent to the provider", i)
		}
	}
}

// wait waits for the record of the exchange that ends next.
func (r *rig) wait() *audit.Exchange {
	r.t.Helper()
	select {
	case <-r.ended:
	case <-time.After(5 * time.Second):
		r.t.Fatal("the exchange does not end")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.records[len(r.records)-1]
}

func (r *rig) lastSeen() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.seen) == 0 {
		return ""
	}
	return string(r.seen[len(r.seen)-1])
}

const chatPath = "/v1/chat/completions"

// post sends a body and reads the answer; err is that of reading it whole.
func (r *rig) post(path, body string, headers ...string) (resp *http.Response, answer string, err error) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, "http://"+r.addr+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err = http.DefaultClient.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp, string(b), err
}

// chat is a request whose user says the text.
func chat(text string) string {
	b, err := json.Marshal(map[string]any{
		"model":    "m",
		"messages": []any{map[string]string{"role": "user", "content": text}},
	})
	if err != nil {
		panic(err)
	}
	return string(b)
}

// userText is what the provider reads as the user's text; nothing in what is
// no chat.
func userText(req *http.Request) string {
	var v struct{ Messages []struct{ Content string } }
	if json.NewDecoder(req.Body).Decode(&v) != nil || len(v.Messages) == 0 {
		return ""
	}
	return v.Messages[0].Content
}

// echo answers with what the user said.
func echo(w http.ResponseWriter, req *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	writeJSON(w, map[string]any{"choices": []any{map[string]any{
		"index": 0, "message": map[string]string{"role": "assistant", "content": userText(req)},
	}}})
}

func writeJSON(w io.Writer, v any) {
	if err := json.NewEncoder(w).Encode(v); err != nil {
		panic(err)
	}
}

// content is the text of a whole answer.
func content(t *testing.T, answer string) string {
	t.Helper()
	var v struct {
		Choices []struct{ Message struct{ Content string } }
	}
	if err := json.Unmarshal([]byte(answer), &v); err != nil || len(v.Choices) == 0 {
		t.Fatalf("the answer is no chat completion: %v", err)
	}
	return v.Choices[0].Message.Content
}

// code is maskit's own code in an error body.
func code(t *testing.T, answer string) string {
	t.Helper()
	var v struct {
		Error struct{ Type, Code, Message string }
	}
	if err := json.Unmarshal([]byte(answer), &v); err != nil || v.Error.Type != "maskit_error" || v.Error.Message == "" {
		t.Fatalf("the answer is no error of maskit's: %q", answer)
	}
	return v.Error.Code
}

const text = "Write to " + email + " about " + project + ", please."

func TestWhole(t *testing.T) {
	r := newRig(t, echo)
	resp, answer, err := r.post(chatPath, chat(text))
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%v, %v", resp, err)
	}
	if got := content(t, answer); got != text {
		t.Errorf("got %q", got)
	}
	if got := resp.Header.Get("x-maskit-masked"); got != "EMAIL_ADDRESS=1,PROJECT=1" {
		t.Errorf("receipt: %q", got)
	}
	x := r.wait()
	if resp.Header.Get("x-maskit-request-id") != x.ID || x.Route != "openai.chat" || x.Status != 200 || x.Restored != 2 || x.Code != "" {
		t.Errorf("record: %+v", x)
	}
}

func TestUntouchedBodyIsForwardedAsItCame(t *testing.T) {
	r := newRig(t, echo)
	body := "{ \"model\":\"m\" , \"messages\" : [{\"content\":\"caf\\u00e9 \\/ <b> 1.50\"}],\n\"n\":1.0e0 }"
	if _, _, err := r.post(chatPath, body); err != nil {
		t.Fatal(err)
	}
	if r.lastSeen() != body {
		t.Errorf("the provider got %q", r.lastSeen())
	}
}

// Errors of the provider quote the prompt: they are restored too, whatever
// their type.
func TestProvidersErrors(t *testing.T) {
	for _, typ := range []string{"application/json", "text/plain", "text/html; charset=utf-8", ""} {
		r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
			w.Header()["Content-Type"] = []string{typ}
			w.WriteHeader(http.StatusBadRequest)
			writeJSON(w, map[string]any{"error": map[string]string{"message": "bad: " + userText(req)}})
		})
		resp, answer, err := r.post(chatPath, chat(email))
		if err != nil || resp.StatusCode != http.StatusBadRequest || !strings.Contains(answer, "bad: "+email) {
			t.Errorf("%q: %v %s", typ, err, answer)
		}
	}
}

func TestRefusals(t *testing.T) {
	r := newRig(t, echo, func(c *Config, p *mask.Config, _ *vault.Vault) {
		c.MaxBody = 10_000
		c.PassUnread = []string{"/v1/audio/transcriptions", "/v1/files/*"}
		p.Parts["image"] = mask.PartBlock
	})
	for name, c := range map[string]struct {
		path, body string
		headers    []string
		status     int
		code       string
	}{
		"no JSON":          {chatPath, email, nil, 400, "invalid_json"},
		"equal names":      {chatPath, `{"messages":[],"messages":["` + email + `"]}`, nil, 400, "invalid_json"},
		"brackets":         {chatPath, strings.Repeat("[", 5000), nil, 400, "invalid_json"},
		"invalid UTF-8":    {chatPath, "{\"a\":\"\xff" + email + "\"}", nil, 400, "invalid_json"},
		"too large":        {chatPath, chat(strings.Repeat("x", 20_000)), nil, 413, "body_too_large"},
		"not JSON by type": {chatPath, email, []string{"Content-Type", "text/plain"}, 415, "unsupported_content"},
		"multipart":        {"/v1/files", email, []string{"Content-Type", "multipart/form-data; boundary=x"}, 400, "invalid_multipart"},
		"unknown encoding": {chatPath, email, []string{"Content-Encoding", "compress"}, 415, "unsupported_encoding"},
		"false encoding":   {chatPath, email, []string{"Content-Encoding", "gzip"}, 415, "unsupported_encoding"},
		"upgrade":          {chatPath, `{}`, []string{"Upgrade", "websocket", "Connection", "Upgrade"}, 426, "upgrade_refused"},
		"blocked part":     {chatPath, `{"messages":[{"content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}}]}]}`, nil, 422, "unsupported_content"},
	} {
		t.Run(name, func(t *testing.T) {
			r.mu.Lock()
			before := len(r.seen)
			r.mu.Unlock()
			resp, answer, err := r.post(c.path, c.body, c.headers...)
			if err != nil {
				t.Fatal(err)
			}
			if resp.StatusCode != c.status || code(t, answer) != c.code {
				t.Errorf("got %d %s", resp.StatusCode, answer)
			}
			if resp.Header.Get("x-maskit-request-id") == "" {
				t.Error("no request id")
			}
			r.mu.Lock()
			defer r.mu.Unlock()
			if len(r.seen) != before {
				t.Error("a refused request reached the provider")
			}
		})
	}
}

// What is no chat: another API is masked by the generic row, what the
// configuration names goes through unread, calls without a body pass.
func TestOtherPaths(t *testing.T) {
	r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Content-Type", req.Header.Get("Content-Type"))
		if _, err := io.Copy(w, req.Body); err != nil {
			t.Error(err)
		}
	}, func(c *Config, _ *mask.Config, _ *vault.Vault) {
		c.PassUnread = []string{"/v1/audio/transcriptions", "/v1/files/*"}
	})
	for name, c := range map[string]struct{ path, typ, body, unread string }{
		"unknown path":      {"/v1/whatever", "application/json", `{"x":["` + email + `",{"` + email + `":1}]}`, ""},
		"named upstream":    {"/openai/v1/whatever", "application/json", `"` + email + `"`, ""},
		"passed unread":     {"/v1/audio/transcriptions", "audio/wav", "RIFF", "body=1"},
		"passed below a /*": {"/v1/files/up", "audio/wav", "RIFF", "body=1"},
		"no body":           {"/v1/models", "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			resp, answer, err := r.post(c.path, c.body, "Content-Type", c.typ)
			if err != nil || resp.StatusCode != http.StatusOK || answer != c.body {
				t.Errorf("got %v %v %s", resp, err, answer)
			}
			if got := resp.Header.Get("x-maskit-unread"); got != c.unread {
				t.Errorf("unread: %q", got)
			}
		})
	}
}

func TestReload(t *testing.T) {
	r := newRig(t, echo)
	if err := r.proxy.Reload(Config{}, Access{}, r.proxy.state.Load().policies); err == nil {
		t.Error("an empty configuration was taken")
	}
	if _, answer, err := r.post(chatPath, chat(text)); err != nil || content(t, answer) != text {
		t.Errorf("the last good state is not in force: %v", err)
	}
}

// brokenStore is a store that does not answer.
type brokenStore struct{ vault.Store }

func (brokenStore) Put(context.Context, []vault.Entry, time.Duration) ([][]byte, error) {
	return nil, errors.New("connection refused")
}

func (brokenStore) Get(context.Context, []string) ([][]byte, error) {
	return nil, errors.New("connection refused")
}

func (brokenStore) Close() error { return nil }

func TestVaultDoesNotAnswer(t *testing.T) {
	called := false
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		called = true
		echo(w, req)
	}))
	defer upstream.Close()
	r := &rig{t: t, ended: make(chan struct{}, 10)}
	r.start(upstream.URL, newVault(t, brokenStore{}))
	resp, answer, err := r.post(chatPath, chat(text))
	if err != nil || resp.StatusCode != http.StatusServiceUnavailable || code(t, answer) != "vault_unavailable" {
		t.Fatalf("got %v %s", err, answer)
	}
	if called {
		t.Error("the request went on without the vault")
	}
	if resp, _, err = r.post(chatPath, chat("nothing to keep")); err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("a request without findings needs no vault: %v", err)
	}
}

func TestHint(t *testing.T) {
	r := newRig(t, echo, func(_ *Config, p *mask.Config, _ *vault.Vault) { p.Hint = true })
	if _, _, err := r.post(chatPath, chat("nothing to find")); err != nil || strings.Contains(r.lastSeen(), hintLine) {
		t.Error("the hint is given where nothing was masked")
	}
	if _, _, err := r.post(chatPath, chat(text)); err != nil || !strings.Contains(r.lastSeen(), hintLine) {
		t.Error("the hint is not given")
	}
}

// A panic ends one exchange, not the process, and nothing of it is logged but
// where it happened.
func TestPanic(t *testing.T) {
	r := newRig(t, echo)
	v := newVault(t, nil)
	m, err := mask.New(mask.DefaultConfig(), panicking{}, v)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.proxy.Reload(r.proxy.state.Load().cfg, Access{}, mask.Only(m)); err != nil {
		t.Fatal(err)
	}
	resp, answer, err := r.post(chatPath, chat(text))
	if err != nil || resp.StatusCode != http.StatusInternalServerError || code(t, answer) != "internal_error" {
		t.Errorf("got %v %s", err, answer)
	}
	if r.logs.FilterMessage("panic in an exchange").Len() != 1 {
		t.Error("the panic was not logged")
	}
}

// panicking is a Detector with a bug.
type panicking struct{}

func (panicking) Find(_ context.Context, _ []detect.Span, text []byte) ([]detect.Span, error) {
	panic(string(text))
}

// What a request may choose for itself (x-maskit-...), and that nothing of it
// goes to the provider.
func TestControls(t *testing.T) {
	r := newRig(t, echo, func(_ *Config, p *mask.Config, _ *vault.Vault) { p.ClientModes = []string{mask.ModeMask} })
	if resp, answer, err := r.post(chatPath, chat(text), headerMode, "observe"); err != nil || resp.StatusCode != 400 || code(t, answer) != "control_refused" {
		t.Errorf("a mode that the policy does not allow: %v %s", err, answer)
	}
	resp, answer, err := r.post(chatPath, chat(text), headerMode, "block")
	if err != nil || resp.StatusCode != 422 || code(t, answer) != "sensitive_data_blocked" || !strings.Contains(answer, "EMAIL_ADDRESS=1") {
		t.Errorf("block: %v %s", err, answer)
	}
	if _, answer, err = r.post(chatPath, chat("nothing"), headerMode, "block"); err != nil || content(t, answer) != "nothing" {
		t.Errorf("block without findings: %v %s", err, answer)
	}
	if _, answer, err = r.post(chatPath, chat(email), headerRestore, "false"); err != nil || !strings.HasPrefix(content(t, answer), "EMAIL") {
		t.Errorf("unrestored: %v %s", err, answer)
	}
	for _, h := range []string{headerRestore, headerPolicy, headerMode} {
		if resp, answer, err = r.post(chatPath, chat(email), h, "perhaps"); err != nil || resp.StatusCode != 400 {
			t.Errorf("%s: %v %s", h, err, answer)
		}
	}
}

// Observe forwards what came, and reports what would have been masked.
func TestObserve(t *testing.T) {
	var got string
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		b, err := io.ReadAll(req.Body)
		if err != nil {
			t.Error(err)
		}
		got = string(b)
		req.Body = io.NopCloser(strings.NewReader(got))
		echo(w, req)
	}))
	defer upstream.Close()
	r := &rig{t: t, ended: make(chan struct{}, 10)}
	r.start(upstream.URL, newVault(t, brokenStore{}), func(_ *Config, p *mask.Config, _ *vault.Vault) { p.Mode = mask.ModeObserve })
	resp, answer, err := r.post(chatPath, chat(text))
	if err != nil || content(t, answer) != text || got != chat(text) {
		t.Fatalf("%v %s", err, answer)
	}
	if resp.Header.Get(headerObserved) != "EMAIL_ADDRESS=1,PROJECT=1" || resp.Header.Get(headerMasked) != "" {
		t.Errorf("receipt: %v", resp.Header)
	}
}

// E-mail addresses and credentials in the query and in headers of one's own are
// masked; what everybody sends, and Gemini's key, stay.
func TestQueryAndHeaders(t *testing.T) {
	var target string
	var headers http.Header
	r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
		target, headers = req.RequestURI, req.Header.Clone()
		echo(w, req)
	})
	const key = "sk-proj-Zt7Qm2Xv9Lr4Bn8Kd3Wp6Hs1Jf5Gc0Ty"
	resp, _, err := r.post(chatPath+"?user=ann.lee%40example.org&key="+key+"&a=%2F+b&k="+key, chat("x"),
		"X-User", "from "+email, "X-Litellm-Api-Key", key, "X-Version", "1.2.3.4", "Authorization", "Bearer "+key)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(target, "ann.lee") || strings.Contains(target, key) || !strings.Contains(target, "&a=%2F+b&") {
		t.Errorf("it was asked for %s", target)
	}
	if strings.Contains(headers.Get("X-User"), email) || headers.Get("X-Version") != "1.2.3.4" || headers.Get("X-Litellm-Api-Key") != key || headers.Get("Authorization") != "Bearer "+key {
		t.Errorf("it got %v", headers)
	}
	if got := resp.Header.Get(headerMasked); got != "API_KEY=2,EMAIL_ADDRESS=2" {
		t.Errorf("receipt: %s", got)
	}
}

// A header is a credential by the words of its name, and not since an author, a
// monkey or a keyword has one of them in it.
func TestHeadersLikeCredentials(t *testing.T) {
	const key = "sk-proj-Zt7Qm2Xv9Lr4Bn8Kd3Wp6Hs1Jf5Gc0Ty"
	var headers http.Header
	r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
		headers = req.Header.Clone()
		echo(w, req)
	})
	for name, goes := range map[string]bool{
		"X-Author": false, "X-Authored-By": false, "X-Keywords": false, "X-Tokenizer-User": false, "X-Secretary": false,
		"Helicone-Auth": true, "Proxy2-Authorization": true, "X-Authentication": true, "Ocp-Apim-Subscription-Key": true, "Apikey": true,
		"X-Amz-Security-Token": true, "X_access_token": true, "Cf-Access-Client-Secret": true,
	} {
		value := email
		if goes {
			value = key
		}
		if _, _, err := r.post(chatPath, chat("x"), name, value); err != nil || (headers.Get(name) == value) != goes {
			t.Errorf("%s: went on as it was: %v, error %v", name, !goes, err)
		}
	}
}

// However soon after Serve a Shutdown comes, before it too, both end.
func TestShutdownAtOnce(t *testing.T) {
	for range 50 {
		m, err := mask.New(mask.DefaultConfig(), panicking{}, newVault(t, nil))
		if err != nil {
			t.Fatal(err)
		}
		p, err := New(DefaultConfig(), Access{}, mask.Only(m), Options{})
		if err != nil {
			t.Fatal(err)
		}
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		served := make(chan error, 1)
		go func() { served <- p.Serve(ln) }()
		if err := p.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
	}
}

// A token in reasoning that the provider has signed is the model's word for the
// value: the same value in the texts beside it keeps that token.
func TestTokenInSignedText(t *testing.T) {
	r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
		b, err := io.ReadAll(req.Body)
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "application/json")
		if _, err := w.Write(b); err != nil {
			t.Error(err)
		}
	})
	if _, _, err := r.post("/openai/v1/messages", chat(email)); err != nil {
		t.Fatal(err)
	}
	before := r.lastSeen()
	token := before[strings.Index(before, "EMAIL"):][:len("EMAIL")+vault.CodeLen]
	signed := `{"messages":[{"role":"assistant","content":[{"type":"thinking","thinking":"of ` + token + `","signature":"x"}]},{"role":"user","content":"` + email + `"}]}`
	if _, answer, err := r.post("/openai/v1/messages", signed); err != nil || strings.Count(r.lastSeen(), token) != 2 || !strings.Contains(answer, email) {
		t.Errorf("the provider got %s, %v", r.lastSeen(), err)
	}
}
