package wire

import "strings"

// For returns the row that serves the URL path, or Generic.
func For(path string) *Format {
	f, _ := lookUp(path)
	return f
}

// IsFixed says whether a path is that of an API, with nothing of the client's in it.
func IsFixed(path string) bool {
	_, ok := byPath[strings.TrimSuffix(path, "/")]
	return ok
}

// ErrorFor returns what writes errors in the shape of the API: of a row that serves
// several providers, in that of the upstream.
func ErrorFor(f *Format, upstream string) func(status int, code, message string) []byte {
	if f.Upstream == "" || f == Generic {
		for _, row := range formats {
			if row.Upstream == upstream {
				return row.Error
			}
		}
	}
	return f.Error
}

// lookUp returns the row and, where it has one, the pattern of the path.
func lookUp(path string) (*Format, *pattern) {
	path = strings.TrimSuffix(path, "/")
	if f, ok := byPath[path]; ok {
		return f, nil
	}
	for i := range patterns {
		if patterns[i].matches(path) {
			return patterns[i].format, &patterns[i]
		}
	}
	return Generic, nil
}

var byPath, patterns = index(formats)

// pattern is a path with segments that may be any.
type pattern struct {
	segments []string
	format   *Format
}

func (p *pattern) matches(path string) bool {
	for _, want := range p.segments {
		var got string
		got, path, _ = strings.Cut(path, "/")
		if verb, ok := strings.CutPrefix(want, "*"); ok || want == turnSegment || want == threadSegment {
			if got == "" || ok && !strings.HasSuffix(got, verb) {
				return false
			}
		} else if got != want {
			return false
		}
	}
	return path == ""
}

// Segments that are any, and name what a request goes on from.
const (
	turnSegment   = "{turn}"
	threadSegment = "{thread}"
)

// segment returns what stands in the path where the pattern has that segment.
func (p *pattern) segment(path, name string) string {
	if p == nil {
		return ""
	}
	for i, got := range strings.Split(path, "/") {
		if i < len(p.segments) && p.segments[i] == name {
			return got
		}
	}
	return ""
}

func index(rows []*Format) (map[string]*Format, []pattern) {
	exact, any := make(map[string]*Format), []pattern(nil)
	for _, f := range rows {
		for _, p := range f.Paths {
			if strings.ContainsAny(p, "*{") {
				any = append(any, pattern{strings.Split(p, "/"), f})
			} else {
				exact[p] = f
			}
		}
	}
	return exact, any
}
