package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"maskit/proxy"
	"maskit/proxy/admin"
)

// chats asks models for operators who try a policy: the built-in one, and the
// providers for which maskit holds a key. They are asked as OpenAI is, which
// all of them understand, and directly: what is sent has been masked already.
type chats struct {
	upstreams func() map[string]proxy.Upstream
}

// builtIn is the model that needs no network.
const builtIn = "echo"

// The pieces in which it streams: short enough to cut every token.
const (
	builtInPiece = 6
	builtInPause = 5 * time.Millisecond
)

// keyless are the upstreams that need no key.
var keyless = []string{"ollama"}

// Upstreams implements admin.Chats.
func (c chats) Upstreams() []admin.Upstream {
	up := c.upstreams()
	all := make([]admin.Upstream, 1, 1+len(up))
	all[0] = admin.Upstream{Name: builtIn, Ready: true, Model: builtIn}
	for _, name := range slices.Sorted(maps.Keys(up)) {
		all = append(all, admin.Upstream{Name: name, Ready: up[name].Key != "" || slices.Contains(keyless, name)})
	}
	return all
}

// Chat implements admin.Chats.
func (c chats) Chat(ctx context.Context, upstream string, body []byte) (io.ReadCloser, error) {
	if upstream == builtIn {
		return builtInChat(ctx, body)
	}
	up, ok := c.upstreams()[upstream]
	if !ok {
		return nil, errors.New("the upstream was taken out of the configuration")
	}
	return askUpstream(ctx, upstream, up, body)
}

// builtInChat streams the answer of the built-in model.
func builtInChat(ctx context.Context, body []byte) (io.ReadCloser, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://echo/v1/chat/completions", bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("asking the built-in model: %w", err)
	}
	out, in := io.Pipe()
	p := &piped{Reader: out, in: in, header: http.Header{}, ended: make(chan struct{})}
	go func() {
		defer close(p.ended)
		(&echo{piece: builtInPiece, pause: builtInPause, repeats: true}).ServeHTTP(p, req)
		in.Close()
	}()
	return p, nil
}

// piped is an answer that is read while it is written.
type piped struct {
	io.Reader
	in     *io.PipeWriter
	header http.Header
	ended  chan struct{}
}

func (p *piped) Header() http.Header            { return p.header }
func (p *piped) WriteHeader(int)                {}
func (p *piped) Write(text []byte) (int, error) { return p.in.Write(text) }

// Close ends the answer, and waits until nobody writes it any more.
func (p *piped) Close() error {
	p.in.Close() // Whoever still writes is told so.
	<-p.ended
	return nil
}

// chatPaths says where an upstream understands OpenAI's chat completions, if not
// where OpenAI does.
var chatPaths = map[string]string{"gemini": "/v1beta/openai/chat/completions"}

// askUpstream sends body to a provider and returns the stream of its answer.
func askUpstream(ctx context.Context, name string, up proxy.Upstream, body []byte) (io.ReadCloser, error) {
	path, ok := chatPaths[name]
	if !ok {
		path = "/v1/chat/completions"
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(up.URL, "/")+path, bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("the upstream's url cannot be asked")
	}
	req.Header.Set("Content-Type", "application/json")
	if up.Key != "" {
		req.Header.Set("Authorization", "Bearer "+up.Key.Reveal())
	}
	client, err := clientFor(up)
	if err != nil {
		return nil, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("asking %s: %w", name, err)
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		return nil, fmt.Errorf("asking %s: it answered %d", name, resp.StatusCode)
	}
	return resp.Body, nil
}

// clientFor returns a client that trusts whom the proxy trusts. It keeps no
// connection: tries are rare.
func clientFor(up proxy.Upstream) (*http.Client, error) {
	t := &http.Transport{DisableKeepAlives: true, Proxy: nil, ResponseHeaderTimeout: up.SilenceTimeout}
	if up.CA != "" {
		pem, err := os.ReadFile(up.CA)
		if err != nil {
			return nil, fmt.Errorf("reading the upstream's ca: %w", err)
		}
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM(pem) {
			return nil, errors.New("the upstream's ca holds no certificate in PEM")
		}
		t.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	}
	// A redirect would take the key, and the text, to somebody else.
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &http.Client{Transport: t, CheckRedirect: stay}, nil
}
