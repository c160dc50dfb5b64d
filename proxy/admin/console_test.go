package admin

import (
	"bytes"
	"compress/gzip"
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// get asks for a page as a browser does that has not signed in.
func get(t *testing.T, url string, headers ...string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	return resp
}

func ready(context.Context) error { return nil }

func TestConsoleIsServed(t *testing.T) {
	_, _, url := serve(t, ready)
	for file, media := range map[string]string{
		"": "text/html; charset=utf-8", "console.js": "text/javascript; charset=utf-8",
		"console.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml",
	} {
		resp := get(t, url+consolePath+file)
		if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != media {
			t.Errorf("/console/%s: %d %s, want 200 %s", file, resp.StatusCode, resp.Header.Get("Content-Type"), media)
		}
		if csp := resp.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("/console/%s: Content-Security-Policy %q", file, csp)
		}
		again := get(t, url+consolePath+file, "If-None-Match", resp.Header.Get("ETag"))
		if again.StatusCode != http.StatusNotModified {
			t.Errorf("/console/%s, unchanged: %d, want 304", file, again.StatusCode)
		}
	}
	if resp := get(t, url+"/"); resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != consolePath {
		t.Errorf("the root is answered with %s to %q", resp.Status, resp.Header.Get("Location"))
	}
	if resp := get(t, url+"/console"); resp.StatusCode/100 != 3 || resp.Header.Get("Location") != consolePath {
		t.Errorf("/console: %d to %q, want the console", resp.StatusCode, resp.Header.Get("Location"))
	}
	for _, none := range []string{"other.js", "../server.go", "%2e%2e/server.go", "index.html/x"} {
		if resp := get(t, url+consolePath+none); resp.StatusCode == http.StatusOK {
			t.Errorf("/console/%s is served", none)
		}
	}
}

// The page may hold nothing that its policy refuses: no script or style of its own.
func TestConsolePageHasNothingInline(t *testing.T) {
	files, err := consoleFiles()
	if err != nil {
		t.Fatal(err)
	}
	page := string(files["index.html"].body)
	if found := regexp.MustCompile(`(?i)<style|style=|<script[^>]*>[^<]|\son\w+=|https?:`).FindString(page); found != "" {
		t.Errorf("index.html has %q", found)
	}
}

// The whole console is to be small: 60 KB as it would be sent compressed.
func TestConsoleIsSmall(t *testing.T) {
	files, err := consoleFiles()
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, f := range files {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write(f.body); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		total += b.Len()
	}
	if total > 60<<10 {
		t.Errorf("%d bytes, compressed; 60 KB are allowed", total)
	}
}

// Where nobody could sign in there is no console.
func TestConsoleIsOffWithTheAPI(t *testing.T) {
	f := newFixture(t, func(c *Config, _ *Deps) { c.Listen, c.Operators = "0.0.0.0:0", nil })
	if resp := get(t, f.URL+consolePath); resp.StatusCode != http.StatusNotFound {
		t.Errorf("%d, want 404", resp.StatusCode)
	}
}
