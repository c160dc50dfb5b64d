package proxy

import (
	"strings"

	"maskit/proxy/wire"
)

// route is where a request goes.
type route struct {
	format *wire.Format
	up     *upstream
	path   string // as the provider gets it
}

// findRoute finds the row of the API and the provider for a path, without its
// query. A path whose first segment names an upstream goes there without that
// segment; any other goes to the provider that its row belongs to.
func (st *state) findRoute(path string) (route, error) {
	first, rest, _ := strings.Cut(path[1:], "/")
	if up, ok := st.upstreams[first]; ok {
		r := route{format: wire.For("/" + rest), up: up, path: "/" + rest}
		if _, below, ok := strings.Cut(rest, "/"); r.format == wire.Generic && ok {
			// Behind /{name}/ an API may stand without its /v1 or with one more.
			if f := wire.For("/v1/" + below); f != wire.Generic {
				r.format = f
			}
		}
		return r, nil
	}
	f := wire.For(path)
	up, ok := st.upstreams[f.Upstream]
	if !ok {
		return route{format: f}, errUnknown
	}
	return route{format: f, up: up, path: path}, nil
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
