package proxy

import (
	"net/url"
	"strings"

	"github.com/valyala/fasthttp"

	"maskit/proxy/wire"
)

// route is where a request goes.
type route struct {
	format *wire.Format
	up     *upstream
	path   string // as the provider gets it
}

// families are the paths that belong to one provider, whatever row serves them.
var families = []struct{ prefix, upstream string }{
	{"/openai/deployments/", "azure"},
	{"/v1beta/", "gemini"},
	{"/v1alpha/", "gemini"},
	{"/upload/", "gemini"},
	{"/api/", "ollama"},
	{"/v1/messages/", "anthropic"},
}

// findRoute finds the row of the API and the provider for a path, without its
// query. A path whose first segment names an upstream goes there without that
// segment; any other goes to the provider that it, its row or the key in its
// headers belongs to, so that no provider gets another's key.
func (st *state) findRoute(path string, h *fasthttp.RequestHeader) (route, error) {
	f := wire.For(path)
	for _, family := range families {
		if up, ok := st.upstreams[family.upstream]; ok && strings.HasPrefix(path, family.prefix) {
			return route{format: f, up: up, path: path}, nil
		}
	}
	first, rest, _ := strings.Cut(path[1:], "/")
	if up, ok := st.upstreams[first]; ok {
		return route{format: behind("/" + rest), up: up, path: "/" + rest}, nil
	}
	if second, _, _ := strings.Cut(rest, "/"); f == wire.Generic && isVersion(second) && !isVersion(first) {
		return route{format: f}, errUnknown // It looks like the name of an upstream, and there is none.
	}
	name := f.Upstream
	if name == "" || f == wire.Generic {
		name = owner(h)
	}
	up, ok := st.upstreams[name]
	if !ok {
		return route{format: f}, errUnknown
	}
	return route{format: f, up: up, path: path}, nil
}

// isVersion says whether a segment is that of an API's version, such as v1beta.
func isVersion(segment string) bool {
	return len(segment) > 1 && segment[0] == 'v' && segment[1] >= '0' && segment[1] <= '9'
}

// behind finds the row of a path behind the name of an upstream, where an API
// may stand under another version than its own.
func behind(path string) *wire.Format {
	f := wire.For(path)
	if _, below, ok := strings.Cut(path[1:], "/"); f == wire.Generic && ok {
		return wire.For("/v1/" + below)
	}
	return f
}

// owner names the provider whose key a request carries.
func owner(h *fasthttp.RequestHeader) string {
	switch {
	case len(h.Peek("Anthropic-Version")) > 0, len(h.Peek("X-Api-Key")) > 0:
		return "anthropic"
	case len(h.Peek("X-Goog-Api-Key")) > 0:
		return "gemini"
	}
	return "openai"
}

// isPlainPath says whether every reader of a path takes it for the same: with no
// empty or dot segment, nor what decodes to one or to a separator.
func isPlainPath(path string) bool {
	for segment := range strings.SplitSeq(strings.TrimSuffix(path[1:], "/"), "/") {
		text, err := url.PathUnescape(segment)
		if err != nil || text == "." || text == ".." || strings.ContainsAny(text, "/\\") {
			return false
		}
		if segment == "" && path != "/" {
			return false
		}
	}
	return true
}

// passesUnread says whether the configuration names the path among those whose
// bodies go through although they cannot be read.
func (st *state) passesUnread(path string) bool {
	for _, p := range st.cfg.PassUnread {
		if p == path || strings.HasSuffix(p, "/*") && strings.HasPrefix(path, p[:len(p)-1]) {
			return true
		}
	}
	return false
}
