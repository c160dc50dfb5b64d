package admin

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"io/fs"
	"net/http"
	"path"
)

// The console is a page of the operators' listener: what Vite makes of the
// sources in console, built by make console and committed, so that go build needs
// no Node. It asks the API as any other client would and holds no value itself,
// so it is served to anybody; it shows nothing until somebody signs in.
//
//go:embed console/dist
var consoleBuild embed.FS

// consolePath is where the console is.
const consolePath = "/console/"

// consolePolicy lets the page load and ask its own origin only, and run nothing
// that is not one of its files: what an operator pastes stays text.
const consolePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// consoleMedia says what the files of the build are, whatever this machine believes.
var consoleMedia = map[string]string{
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".svg":  "image/svg+xml",
}

// consoleFile is a file of the build.
type consoleFile struct {
	body  []byte
	media string
	tag   string // changes with the body
}

// consoleFiles returns the build by the names under consolePath.
func consoleFiles() (map[string]consoleFile, error) {
	files := map[string]consoleFile{}
	dist, err := fs.Sub(consoleBuild, "console/dist")
	if err != nil {
		return nil, fmt.Errorf("admin: the console: %w", err)
	}
	err = fs.WalkDir(dist, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := fs.ReadFile(dist, name)
		sum := sha256.Sum256(body)
		files[name] = consoleFile{body, consoleMedia[path.Ext(name)], `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("admin: the console: %w", err)
	}
	return files, nil
}

// console serves the page. Where the API is off, so is the console.
func (s *Server) console(files map[string]consoleFile) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		name := r.PathValue("file")
		if name == "" {
			name = "index.html"
		}
		file, ok := files[name]
		if !ok || s.off() {
			answer(w, http.StatusNotFound, "there is no such page, or the console is off: configure admin.operators, or listen on the loopback interface")
			return
		}
		h := w.Header()
		secure(h)
		h.Set("Content-Security-Policy", consolePolicy)
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Content-Type", file.media)
		// The names are the same in each version: ask whether it is another.
		h.Set("Cache-Control", "no-cache")
		h.Set("ETag", file.tag)
		if r.Header.Get("If-None-Match") == file.tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write(file.body) // If the client has gone, so be it.
	}
}
