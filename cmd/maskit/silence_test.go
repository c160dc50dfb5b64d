package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"maskit/proxy/access"
)

// secrets that no place but the client and the restorer may show.
const (
	silentMail     = "Jane.Roe-Quux@acme-travel.com"
	silentCard     = "4111 1111 1111 1111"
	silentTerm     = "Operation Nachtschwalbe"
	silentKey      = "sk-ant-api03-Vb7kQ2xR9mTz4LpW8sYh3NcJ6dGf1KeUo5aXiM0rBtSvqHjPwZyElCnDgF7uOQ2kR9mTz4LpW8sYh3NcJ6dGf1KAA"
	silentSession  = "ticket of quentin.brown@acme-travel.com"
	silentPasscode = "a passcode nobody guesses"
	silentProvider = "sk-provider-0123456789abcdefghijklmnopqrstuv"
	silentVaultKey = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
)

// TestNothingIsTold drives a maskit that logs all it can, keeps a trail, sends
// traces and stores in a Redis that writes AOF and RDB; lets most things fail that
// can; and looks for values and keys in all that it left anywhere.
func TestNothingIsTold(t *testing.T) {
	dir := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, dir+"/maskit"); err != nil {
		t.Fatal(err)
	}
	redis := "127.0.0.1:" + free(t)
	store := exec.Command("redis-server", "--port", redis[len("127.0.0.1:"):], "--bind", "127.0.0.1", "--dir", dir,
		"--appendonly", "yes", "--appendfsync", "always", "--rdbcompression", "no", "--logfile", dir+"/redis.log", "--loglevel", "debug")
	if err := store.Start(); err != nil {
		t.Fatalf("redis-server does not start; install the package redis-server: %v", err)
	}
	t.Cleanup(func() { _ = store.Process.Kill(); _ = store.Wait() })

	heard := new(collected)
	model := httptest.NewServer(heard.before(&echo{piece: 7, repeats: true}))
	defer model.Close()
	collector := httptest.NewServer(heard.before(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})))
	defer collector.Close()

	client, operator, stranger := access.NewKey(access.Client), access.NewKey(access.Operator), access.NewKey(access.Operator)
	proxyAt, adminAt := "127.0.0.1:"+free(t), "127.0.0.1:"+free(t)
	configuration := fmt.Sprintf(`
proxy: {listen: %q, upstreams: {openai: {url: %q, key: %q}}}
admin: {listen: %q, operators: [{name: ann, key_sha256: %s, roles: [admin]}]}
clients: [{name: app, key_sha256: %s, tenant: default}]
require_client_key: true
policy: {dictionaries: [{kind: PROJECT, terms: [%q]}]}
vault: {url: "redis://%s", keys: [%q]}
audit: {file: audit.jsonl, tokens: true}
traces: {endpoint: %q}
log: {level: debug, format: json}
`, proxyAt, model.URL, silentProvider, adminAt, access.Hash(operator), access.Hash(client), silentTerm, redis, silentVaultKey, collector.URL)
	if err := os.WriteFile(dir+"/maskit.yaml", []byte(configuration), 0o600); err != nil {
		t.Fatal(err)
	}

	run := exec.Command(dir+"/maskit", "serve", "--config", "maskit.yaml")
	run.Dir = dir
	said, err := os.Create(dir + "/maskit.log")
	if err != nil {
		t.Fatal(err)
	}
	defer said.Close()
	run.Stdout, run.Stderr = said, said
	eventually(t, "redis-server answers", func() bool { return exec.Command("redis-cli", "-p", redis[len("127.0.0.1:"):], "ping").Run() == nil })
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = run.Process.Kill() })
	eventually(t, "maskit is ready", func() bool {
		resp, err := http.Get("http://" + adminAt + "/readyz")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})

	told := new(bytes.Buffer) // all answers that must hold nothing
	ask := func(method, at, key, body string, headers ...string) (int, string) {
		req, err := http.NewRequestWithContext(t.Context(), method, "http://"+at, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", "Bearer "+key)
		for i := 0; i < len(headers); i += 2 {
			req.Header.Set(headers[i], headers[i+1])
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
	fails := func(method, at, key, body string, headers ...string) {
		t.Helper()
		status, text := ask(method, at, key, body, headers...)
		if status < 400 {
			t.Errorf("%s %s: %d", method, strings.SplitN(at, "?", 2)[0], status)
		}
		told.WriteString(text + "\n")
	}
	words := quote(strings.Join([]string{silentMail, silentCard, silentTerm, silentKey}, ", "))
	chat := `{"model":"m","messages":[{"role":"user","content":` + words + `}]}`
	stream := `{"stream":true,` + chat[1:]
	session := []string{"X-Maskit-Session", silentSession, "X-Note", silentMail, "Baggage", silentMail}

	// What goes well.
	if status, _ := ask("PUT", adminAt+"/api/v1/vault/passcode", operator,
		`{"session":`+quote(silentSession)+`,"passcode":`+quote(silentPasscode)+`,"reason":`+quote("for "+silentMail)+`}`); status != 200 {
		t.Fatalf("setting a passcode: %d", status)
	}
	for _, body := range []string{chat, stream} {
		if status, text := ask("POST", proxyAt+"/v1/chat/completions?user="+url.QueryEscape(silentMail), client, body, session...); status != 200 || !strings.Contains(text, "Quux") {
			t.Fatalf("a chat: %d", status)
		}
	}
	status, masked := ask("POST", adminAt+"/api/v1/mask", operator, `{"text":`+words+`,"session":`+quote(silentSession)+`}`)
	if status != 200 {
		t.Fatalf("masking: %d", status)
	}
	var m struct{ Results []struct{ Masked string } }
	if err := json.Unmarshal([]byte(masked), &m); err != nil {
		t.Fatal(err)
	}
	restore := func(passcode string) string {
		return `{"text":` + quote(m.Results[0].Masked) + `,"session":` + quote(silentSession) + `,"passcode":` + quote(passcode) + `,"reason":` + quote("asked by "+silentMail) + `}`
	}
	if status, text := ask("POST", adminAt+"/api/v1/restore", operator, restore(silentPasscode)); status != 200 || !strings.Contains(text, silentTerm) {
		t.Fatalf("restoring: %d", status)
	}

	// What fails.
	fails("POST", adminAt+"/api/v1/restore", operator, restore(silentMail))
	fails("POST", adminAt+"/api/v1/restore", operator, strings.Replace(restore(silentPasscode), `"text"`, quote(silentMail), 1))
	fails("POST", adminAt+"/api/v1/restore", stranger, restore(silentPasscode))
	fails("GET", adminAt+"/api/v1/policies/"+url.PathEscape(silentMail), operator, "")
	fails("POST", adminAt+"/api/v1/mask", operator, `{"text":`+words)
	fails("PUT", adminAt+"/api/v1/rules", operator, `{"reason":"r","document":{"rules":[{"name":"a","kind":"B","pattern":`+"\"(a\""+`}]}}`, "If-Match", "0")
	fails("POST", proxyAt+"/v1/chat/completions", stranger, chat)
	fails("POST", proxyAt+"/v1/chat/completions", client, chat[:len(chat)-3])
	fails("POST", proxyAt+"/v1/chat/completions", client, silentMail, "Content-Type", "text/plain")
	fails("POST", proxyAt+"/v1/chat/completions", client, chat, "X-Maskit-Policy", silentMail)
	fails("POST", proxyAt+"/v1/chat/completions", client, chat, "X-Maskit-Mode", "block")
	fails("POST", proxyAt+"/v1/chat/completions", client, chat, "Content-Encoding", silentTerm)
	fails("POST", proxyAt+"/"+url.PathEscape(silentTerm)+"/v1/x", client, chat)

	_, metrics := ask("GET", adminAt+"/metrics", operator, "")
	_, trail := ask("GET", adminAt+"/api/v1/audit", operator, "")
	_, stats := ask("GET", adminAt+"/api/v1/stats", operator, "")
	told.WriteString(metrics + trail + stats)
	printed := exec.Command(dir+"/maskit", "config", "print", "--config", "maskit.yaml")
	printed.Dir = dir
	out, err := printed.CombinedOutput()
	if err != nil {
		t.Fatal(err)
	}
	if err := exec.Command("redis-cli", "-p", redis[len("127.0.0.1:"):], "save").Run(); err != nil {
		t.Fatal(err)
	}
	if err := run.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := run.Wait(); err != nil {
		t.Error(err)
	}

	places := map[string][]byte{"an answer": told.Bytes(), "what the model and the collector got": heard.bytes()}
	looked := 0
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || d.Name() == "maskit.yaml" {
			return err
		}
		looked++
		places[d.Name()], err = os.ReadFile(path)
		return err
	})
	if err != nil || looked < 6 { // log, trail, its head, AOF, RDB, Redis' log
		t.Fatalf("%d files, %v", looked, err)
	}
	for where, text := range places {
		for i, secret := range []string{silentMail, silentCard, silentTerm, silentKey, silentSession, silentPasscode, silentVaultKey, client, operator, stranger} {
			checkUntold(t, where, text, i, secret)
		}
	}
	checkUntold(t, "maskit config print", out, 0, silentProvider)
	checkUntold(t, "maskit config print", out, 1, silentVaultKey)
	checkUntold(t, "an answer", told.Bytes(), 2, silentProvider)
	checkUntold(t, "the log", places["maskit.log"], 3, silentProvider)
}

// checkUntold looks for a secret as it stands, in other letter case and encodings.
func checkUntold(t *testing.T, where string, text []byte, i int, secret string) {
	t.Helper()
	for _, form := range []string{
		secret, strings.ToLower(secret), strings.Trim(quote(secret), `"`), url.QueryEscape(secret), strings.ReplaceAll(secret, " ", ""),
		base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)), hex.EncodeToString([]byte(secret)),
	} {
		if bytes.Contains(text, []byte(form)) {
			t.Errorf("%s tells secret %d", where, i)
			return
		}
	}
}

// collected keeps the bodies and headers, but that with the provider's key, of all
// requests.
type collected struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (c *collected) before(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		head := r.Header.Clone()
		if head.Get("Authorization") == "Bearer "+silentProvider {
			head.Del("Authorization")
		}
		c.mu.Lock()
		fmt.Fprintf(&c.all, "%s %v\n%s\n", r.URL, head, body)
		c.mu.Unlock()
		r.Body = io.NopCloser(bytes.NewReader(body))
		h.ServeHTTP(w, r)
	})
}

func (c *collected) bytes() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	return bytes.Clone(c.all.Bytes())
}
