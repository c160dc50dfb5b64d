package proxy

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
	"github.com/valyala/fasthttp"

	"maskit/proxy/mask"
	"maskit/vault"
)

// Requests that one of two servers may read differently, and others that are
// not forwarded. fasthttp itself refuses more; these are those it lets through,
// and a few it does not.
func TestHostileRequests(t *testing.T) {
	r := newRig(t, echo)
	body := chat(email)
	head := fmt.Sprintf("Host: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	for name, req := range map[string]string{
		"transfer-encoding identity": "POST " + chatPath + " HTTP/1.1\r\n" + head + "Transfer-Encoding: identity\r\n\r\n" + body,
		"length and chunked":         "POST " + chatPath + " HTTP/1.1\r\n" + head + "Transfer-Encoding: chunked\r\n\r\n" + httpChunk(body) + "0\r\n\r\n",
		"two lengths":                "POST " + chatPath + " HTTP/1.1\r\n" + head + "Content-Length: 1\r\n\r\n" + body,
		"folded header":              "POST " + chatPath + " HTTP/1.1\r\n" + head + "X-A: b\r\n c\r\n\r\n" + body,
		"folded with a tab":          "POST " + chatPath + " HTTP/1.1\r\n" + head + "X-A: b\r\n\tc\r\n\r\n" + body,
		"HTTP/2.0":                   "POST " + chatPath + " HTTP/2.0\r\n" + head + "\r\n" + body,
		"CONNECT":                    "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n",
		"TRACE":                      "TRACE " + chatPath + " HTTP/1.1\r\nHost: x\r\n\r\n",
		"absolute target":            "POST http://elsewhere.example/v1/x HTTP/1.1\r\n" + head + "\r\n" + body,
		"asterisk":                   "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
		"space before colon":         "POST " + chatPath + " HTTP/1.1\r\nHost : x\r\n" + head + "\r\n" + body,
		"bare LF in a value":         "POST " + chatPath + " HTTP/1.1\r\n" + head + "X-A: b\nX-B: c\r\n\r\n" + body,
	} {
		t.Run(name, func(t *testing.T) {
			c, err := net.Dial("tcp", r.addr)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			send(c, req)
			resp, err := http.ReadResponse(bufio.NewReader(c), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if name == "bare LF in a value" {
				return // a lone LF ends a line for fasthttp; what goes on is written anew
			}
			if resp.StatusCode < 400 || resp.StatusCode == http.StatusNotFound {
				t.Errorf("got %s", resp.Status)
			}
		})
	}
	for _, body := range r.seen {
		if strings.Contains(string(body), email) {
			t.Error("the provider saw a value")
		}
	}
}

func TestHeaders(t *testing.T) {
	var got http.Header
	var host, target string
	r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
		got, host, target = req.Header.Clone(), req.Host, req.RequestURI
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Etag", "x")
		w.Header().Set("Connection", "X-Hop")
		w.Header().Set("X-Hop", "x")
		w.Header().Set("X-Kept", "x")
		w.Header().Set("X-Maskit-Forged", "x")
		echo(w, req)
	}, func(c *Config, _ *mask.Config, _ *vault.Vault) {
		up := c.Upstreams["openai"]
		up.Key = "provider-key"
		up.URL += "/base/"
		c.Upstreams["openai"] = up
	})
	resp, _, err := r.post(chatPath+"?a=%2F", chat("x"), "Authorization", "Bearer client-key", "X-Api-Key", "client-key",
		"Accept-Encoding", "br", "Connection", "X-Own", "X-Own", "x", "Te", "trailers", "X-Maskit-Session", "c", "X-Custom", "kept",
		"Content-Md5", "x", "Cookie", "a=b")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Authorization": "Bearer provider-key", "X-Api-Key": "", "Accept-Encoding": "identity", "Connection": "",
		"X-Own": "", "Te": "", "X-Maskit-Session": "", "X-Custom": "kept", "Content-Md5": "", "Cookie": "a=b",
		"Content-Type": "application/json",
	} {
		if got.Get(name) != want {
			t.Errorf("the provider got %s: %q, want %q", name, got.Get(name), want)
		}
	}
	if target != "/base"+chatPath+"?a=%2F" || "http://"+host != r.upstream.URL {
		t.Errorf("it was asked for %s at %s", target, host)
	}
	for name, want := range map[string]string{"Etag": "", "X-Hop": "", "X-Kept": "x", "X-Maskit-Forged": "", "Server": ""} {
		if resp.Header.Get(name) != want {
			t.Errorf("the client got %s: %q, want %q", name, resp.Header.Get(name), want)
		}
	}
}

// encoders write the encodings that decode reads.
var encoders = map[string]func(io.Writer) io.WriteCloser{
	"gzip": func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
	"br":   func(w io.Writer) io.WriteCloser { return brotli.NewWriter(w) },
	"zstd": func(w io.Writer) io.WriteCloser {
		e, err := zstd.NewWriter(w)
		if err != nil {
			panic(err)
		}
		return e
	},
	"deflate": func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) },
	"Deflate ": func(w io.Writer) io.WriteCloser {
		e, err := flate.NewWriter(w, flate.DefaultCompression)
		if err != nil {
			panic(err)
		}
		return e
	},
}

func encode(t *testing.T, encoding, s string) string {
	t.Helper()
	var b bytes.Buffer
	w := encoders[encoding](&b)
	if _, err := io.WriteString(w, s); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Bodies are decoded, whatever readable encoding they come in.
func TestEncodings(t *testing.T) {
	r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
		if req.Header.Get("Content-Encoding") != "" {
			t.Error("the provider was told of an encoding that is gone")
		}
		echo(w, req)
	}, func(c *Config, _ *mask.Config, _ *vault.Vault) { c.MaxBody = 100_000 })
	for encoding := range encoders {
		_, answer, err := r.post(chatPath, encode(t, encoding, chat(text)), "Content-Encoding", encoding)
		if err != nil || content(t, answer) != text {
			t.Errorf("%s: %v %s", encoding, err, answer)
		}
		resp, answer, err := r.post(chatPath, encode(t, encoding, strings.Repeat("x", 5_000_000)), "Content-Encoding", encoding)
		if err != nil || resp.StatusCode != http.StatusRequestEntityTooLarge || code(t, answer) != "body_too_large" {
			t.Errorf("a bomb in %s: %v %s", encoding, err, answer)
		}
	}
	if _, answer, err := r.post(chatPath, encode(t, "zstd", chat(text))); err != nil || content(t, answer) != text {
		t.Errorf("zstd that does not say so: %v %s", err, answer)
	}
	twice := encode(t, "br", encode(t, "gzip", chat(text)))
	if _, answer, err := r.post(chatPath, twice, "Content-Encoding", "gzip, br"); err != nil || content(t, answer) != text {
		t.Errorf("two encodings: %v %s", err, answer)
	}
}

// A provider that encodes its answer unasked is read all the same.
func TestEncodedAnswer(t *testing.T) {
	r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
		rec := httptest.NewRecorder()
		echo(rec, req)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		send2(t, w, encode(t, "gzip", rec.Body.String()))
	})
	resp, answer, err := r.post(chatPath, chat(text), "Accept-Encoding", "identity")
	if err != nil || content(t, answer) != text || resp.Header.Get("Content-Encoding") != "" {
		t.Errorf("%v %s", err, answer)
	}
}

func send2(t *testing.T, w io.Writer, s string) {
	if _, err := io.WriteString(w, s); err != nil {
		t.Error(err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("\x28\xb5\x2f\xfd"), "zstd")
	f.Add([]byte("\x1f\x8b"), "gzip, br")
	f.Fuzz(func(t *testing.T, body []byte, encoding string) {
		const limit = 1 << 16
		out, err := decode(body, []byte(encoding), limit)
		if err == nil && len(out) > limit {
			t.Errorf("%d bytes came", len(out))
		}
	})
}

// certificate writes a self-made certificate and returns its files and roots.
func certificate(t *testing.T, dir, name string) (TLSFiles, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	files := TLSFiles{Cert: filepath.Join(dir, "cert.pem"), Key: filepath.Join(dir, "key.pem")}
	for file, block := range map[string]*pem.Block{
		files.Cert: {Type: "CERTIFICATE", Bytes: der}, files.Key: {Type: "PRIVATE KEY", Bytes: keyDER},
	} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(cert)
	return files, roots
}

// TLS on both sides: the clients' listener with its files, the provider by a CA
// file; and a client that leaves over TLS is noticed too.
func TestTLS(t *testing.T) {
	dir := t.TempDir()
	files, roots := certificate(t, dir, "one")
	closed, asked := make(chan time.Time, 1), make(chan struct{})
	upstream := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		said := userText(req)
		if said == "wait" {
			close(asked)
			<-req.Context().Done()
			closed <- time.Now()
			return
		}
		req.Body = io.NopCloser(strings.NewReader(chat(said)))
		echo(w, req)
	}))
	defer upstream.Close()
	ca := filepath.Join(dir, "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: upstream.Certificate().Raw})
	if err := os.WriteFile(ca, block, 0o600); err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, ended: make(chan struct{}, 10)}
	r.start(upstream.URL, newVault(t, nil), func(c *Config, _ *mask.Config, _ *vault.Vault) {
		c.TLS = files
		c.Upstreams["openai"] = Upstream{URL: upstream.URL, CA: ca}
	})
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	resp, err := client.Post("https://"+r.addr+chatPath, "application/json", strings.NewReader(chat(text)))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(resp.Body)
	if err != nil || content(t, string(answer)) != text {
		t.Errorf("%v %s", err, answer)
	}
	resp.Body.Close()

	c, err := tls.Dial("tcp", r.addr, &tls.Config{RootCAs: roots})
	if err != nil {
		t.Fatal(err)
	}
	body := chat("wait")
	send(c, fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", chatPath, len(body), body))
	<-asked
	c.Close()
	left := time.Now()
	select {
	case at := <-closed:
		t.Logf("noticed after %s", at.Sub(left))
	case <-time.After(5 * time.Second):
		t.Error("the provider never noticed")
	}
}

// A renewed certificate is served; a broken one is not.
func TestCertificatesReload(t *testing.T) {
	dir := t.TempDir()
	files, _ := certificate(t, dir, "one")
	c, err := newCertificates(files)
	if err != nil {
		t.Fatal(err)
	}
	name := func() string {
		c.looked = time.Time{}
		cert, err := x509.ParseCertificate(c.get().Certificate[0])
		if err != nil {
			t.Fatal(err)
		}
		return cert.Subject.CommonName
	}
	later := time.Now().Add(time.Hour)
	certificate(t, dir, "two")
	if err := os.Chtimes(files.Cert, later, later); err != nil {
		t.Fatal(err)
	}
	if got := name(); got != "two" {
		t.Errorf("after a change it serves %s", got)
	}
	if err := os.WriteFile(files.Key, []byte("broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := name(); got != "two" {
		t.Errorf("after a broken change it serves %s", got)
	}
}

func TestConfigFaults(t *testing.T) {
	cfg := DefaultConfig()
	if err := cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	cfg.Listen, cfg.MaxBody, cfg.Drain = "8080", 0, -1
	cfg.TLS.Cert = "x"
	cfg.PassUnread = []string{"files"}
	cfg.Upstreams["a"] = Upstream{URL: "ftp://x"}
	cfg.Upstreams["b"] = Upstream{URL: "http://user:pw@x"}
	cfg.Upstreams["c"] = Upstream{URL: "http://x", MaxConns: -1}
	err := cfg.Validate()
	if err == nil {
		t.Fatal("it was accepted")
	}
	for _, key := range []string{"listen", "max_body", "drain", "tls", "pass_unread", "upstreams.a", "upstreams.b", "upstreams.c"} {
		if !strings.Contains(err.Error(), "proxy."+key) {
			t.Errorf("%s is not named in: %v", key, err)
		}
	}
	if strings.Contains(err.Error(), "pw") {
		t.Error("the error shows a password")
	}
}

func TestByteSize(t *testing.T) {
	for s, want := range map[string]ByteSize{"0": 0, "512": 512, "1B": 1, "64 KiB": 64 << 10, "32MiB": 32 << 20, "2GiB": 2 << 30} {
		var b ByteSize
		if err := b.UnmarshalText([]byte(s)); err != nil || b != want {
			t.Errorf("%s: %d, %v", s, b, err)
		}
		again, back := b.String(), ByteSize(0)
		if err := back.UnmarshalText([]byte(again)); err != nil || back != b {
			t.Errorf("%s: written as %s", s, again)
		}
	}
	for _, s := range []string{"", "x", "-1", "1.5MiB", "1MB", "99999999999GiB"} {
		var b ByteSize
		if err := b.UnmarshalText([]byte(s)); err == nil {
			t.Errorf("%q was taken for %d bytes", s, b)
		}
	}
}

// HTTPS_PROXY is respected: the provider is reached through it, by CONNECT.
func TestHTTPSProxy(t *testing.T) {
	upstream := httptest.NewTLSServer(http.HandlerFunc(echo))
	defer upstream.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: upstream.Certificate().Raw})
	if err := os.WriteFile(ca, block, 0o600); err != nil {
		t.Fatal(err)
	}
	asked := make(chan string, 1)
	through := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		asked <- req.Method + " " + req.Host
		c, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer c.Close()
		target, err := net.Dial("tcp", upstream.Listener.Addr().String())
		if err != nil {
			t.Error(err)
			return
		}
		defer target.Close()
		send(c, "HTTP/1.1 200 OK\r\n\r\n")
		go io.Copy(target, c) //nolint:errcheck // It ends with the connection.
		io.Copy(c, target)    //nolint:errcheck // As above.
	}))
	defer through.Close()
	t.Setenv("HTTPS_PROXY", through.URL)
	t.Setenv("NO_PROXY", "")
	r := &rig{t: t, ended: make(chan struct{}, 10)}
	r.start("https://example.com", newVault(t, nil), func(c *Config, _ *mask.Config, _ *vault.Vault) {
		c.Upstreams["openai"] = Upstream{URL: "https://example.com", CA: ca}
	})
	if _, answer, err := r.post(chatPath, chat(text)); err != nil || content(t, answer) != text {
		t.Errorf("%v %s", err, answer)
	}
	if got := <-asked; got != "CONNECT example.com:443" {
		t.Errorf("the proxy was asked: %s", got)
	}
}

// No provider gets a request that belongs to another, and its key with it.
func TestRoutes(t *testing.T) {
	st := &state{upstreams: map[string]*upstream{}}
	for _, name := range []string{"openai", "anthropic", "gemini", "ollama", "azure", "vllm"} {
		st.upstreams[name] = &upstream{name: name}
	}
	for target, want := range map[string]string{
		"/v1/chat/completions":                    "openai openai.chat /v1/chat/completions",
		"/openai/v1/chat/completions":             "openai openai.chat /v1/chat/completions",
		"/vllm/v1/chat/completions":               "vllm openai.chat /v1/chat/completions",
		"/vllm/v4/chat/completions":               "vllm openai.chat /v4/chat/completions",
		"/openai/deployments/g/chat/completions":  "azure openai.chat /openai/deployments/g/chat/completions",
		"/azure/openai/deployments/g/embeddings":  "azure openai.embeddings /openai/deployments/g/embeddings",
		"/v1/messages":                            "anthropic anthropic.messages /v1/messages",
		"/v1/messages/batches":                    "anthropic anthropic.batches /v1/messages/batches",
		"/v1/models":                              "openai generic /v1/models",
		"/v1/models X-Api-Key":                    "anthropic generic /v1/models",
		"/v1/models X-Goog-Api-Key":               "gemini generic /v1/models",
		"/v1beta/openai/chat/completions":         "gemini openai.chat /v1beta/openai/chat/completions",
		"/v1beta/models/g:streamGenerateContent":  "gemini gemini.stream /v1beta/models/g:streamGenerateContent",
		"/gemini/v1beta/models/g:generateContent": "gemini gemini.generate /v1beta/models/g:generateContent",
		"/upload/v1beta/files":                    "gemini generic /upload/v1beta/files",
		"/api/blobs/x":                            "ollama generic /api/blobs/x",
		"/ollama/api/chat":                        "ollama ollama.chat /api/chat",
	} {
		path, header, _ := strings.Cut(target, " ")
		var h fasthttp.RequestHeader
		if header != "" {
			h.Set(header, "x")
		}
		r, err := st.findRoute(path, &h)
		if err != nil || r.up.name+" "+r.format.Name+" "+r.path != want {
			t.Errorf("%s: %v %s %s, want %s", target, r.up, r.format.Name, r.path, want)
		}
	}
}

// A path that two servers may read differently is refused; a value in one is
// masked.
func TestPaths(t *testing.T) {
	var target string
	r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
		target = req.RequestURI
		w.Header().Set("Content-Type", "application/json")
		writeJSON(w, map[string]int{})
	}, func(c *Config, _ *mask.Config, _ *vault.Vault) { c.PassUnread = []string{"/v1/files/*"} })
	for _, path := range []string{
		"/v1/files/../chat/completions", "/../admin", "/v1/%2e%2e/x", "/v1//chat/completions", "//v1/x", "/v1/./x", "/v1/a%2fb", "/v1/a%5cb", "/v1/%zz",
	} {
		c, err := net.Dial("tcp", r.addr)
		if err != nil {
			t.Fatal(err)
		}
		send(c, "POST "+path+" HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\nx")
		resp, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		c.Close()
		if resp.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %s", path, resp.Status)
		}
	}
	if len(r.seen) > 0 {
		t.Error("the provider was asked")
	}
	if _, _, err := r.post("/v1/users/"+email+"/x?"+email, "{}"); err != nil || strings.Contains(target, email) || !strings.HasPrefix(target, "/v1/users/EMAIL") {
		t.Errorf("it was asked for %s, %v", target, err)
	}
}

// What a provider sends unasked on an idle connection is nobody's answer.
func TestUnaskedBytes(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	sent := make(chan struct{}, 10)
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				in := bufio.NewReader(c)
				for {
					req, err := http.ReadRequest(in)
					if err != nil {
						return
					}
					io.Copy(io.Discard, req.Body) //nolint:errcheck // It is the proxy's.
					send(c, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
					send(c, "HTTP/1.1 408 Request Timeout\r\nContent-Length: 8\r\n\r\n{\"no\":1}")
					sent <- struct{}{}
				}
			}()
		}
	}()
	r := &rig{t: t, ended: make(chan struct{}, 100)}
	r.start("http://"+ln.Addr().String(), newVault(t, nil))
	for i := range 5 {
		resp, answer, err := r.post(chatPath, chat("x"))
		if err != nil || resp.StatusCode != http.StatusOK || answer != "{}" {
			t.Fatalf("request %d got another's answer: %v %s", i, err, answer)
		}
		<-sent
	}
}

// A provider that refuses a request before it has read it whole is heard.
func TestEarlyAnswer(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	go func() {
		c, err := ln.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		if _, err := io.ReadFull(c, make([]byte, 1000)); err != nil {
			t.Error(err)
		}
		send(c, "HTTP/1.1 413 Too Large\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: 12\r\n\r\n{\"e\":\"long\"}")
		if err := c.(*net.TCPConn).CloseWrite(); err != nil {
			t.Error(err)
		}
		io.Copy(io.Discard, io.LimitReader(c, 1<<20)) //nolint:errcheck // Some of it, then away.
	}()
	r := &rig{t: t, ended: make(chan struct{}, 10)}
	r.start("http://"+ln.Addr().String(), newVault(t, nil))
	resp, answer, err := r.post(chatPath, chat(strings.Repeat("long ", 3<<20)))
	if err != nil || resp.StatusCode != http.StatusRequestEntityTooLarge || answer != `{"e":"long"}` {
		t.Errorf("got %v %s", err, answer)
	}
}

// An offer to upgrade to HTTP/2 is left alone; JSON in an odd charset is not read.
func TestOddHeaders(t *testing.T) {
	r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
		if req.Header.Get("Upgrade") != "" || req.Header.Get("Http2-Settings") != "" {
			t.Error("the offer was passed on")
		}
		echo(w, req)
	})
	if _, answer, err := r.post(chatPath, chat(text), "Connection", "Upgrade, HTTP2-Settings", "Upgrade", "h2c", "Http2-Settings", "x"); err != nil || content(t, answer) != text {
		t.Errorf("h2c: %v %s", err, answer)
	}
	for charset, want := range map[string]int{"utf-8": 200, `"UTF-8"`: 200, "utf-7": 415, "utf-16; x=y": 415} {
		if resp, _, err := r.post(chatPath, chat(text), "Content-Type", "application/json; charset="+charset); err != nil || resp.StatusCode != want {
			t.Errorf("%s: %v %v", charset, resp.Status, err)
		}
	}
}

// TestNoSuchUpstream wants a path that names an upstream which is not configured
// to be refused, and not to go to another with its key; and who sends JSON under
// another name to be told so.
func TestNoSuchUpstream(t *testing.T) {
	r := newRig(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	resp, body, err := r.post("/my-vllm/v1/chat/completions", `{}`)
	if err != nil || resp.StatusCode != http.StatusNotFound || !strings.Contains(body, "unknown_upstream") {
		t.Errorf("%v %s", err, body)
	}
	resp, body, err = r.post("/v1/chat/completions", `{}`, "Content-Type", "application/x-www-form-urlencoded")
	if err != nil || resp.StatusCode != http.StatusUnsupportedMediaType || !strings.Contains(body, "send Content-Type: application/json") {
		t.Errorf("%v %s", err, body)
	}
	if seen := r.lastSeen(); seen != "" {
		t.Error("it went to a provider")
	}
}
