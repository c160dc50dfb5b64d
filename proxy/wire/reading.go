package wire

import (
	"bytes"
	"strings"

	"github.com/tidwall/gjson"
)

// Reading is a request body while it is read, and what is known of it then.
type Reading struct {
	// Text is handed every text, Part is called for each part that cannot be read
	// as text, with its kind. An error of either ends the walk.
	Text Text
	Part func(kind string) error

	body    []byte
	members []member // of the body's object, in order
}

// member is body[start:end] under a name.
type member struct {
	name       []byte
	start, end int
}

// Read does what Request says. What it notes in r holds until the next Read, and
// as long as the body does.
func (f *Format) Read(dst, body []byte, r *Reading) ([]byte, error) {
	w := newWalker(body)
	defer w.free()
	r.body, r.members = body, r.members[:0]
	w.strict, w.masking, w.names, w.text, w.part, w.top = true, true, true, r.Text, r.Part, r
	if err := w.walk(f.ready().request); err != nil {
		return nil, err
	}
	return splice(dst, body, w.edits), nil
}

// valueAt returns what stands at the path in the body; a member with [] behind it
// is a list, all of whose elements are meant. It does not read a conversation in
// which nothing stands at the path.
func (r *Reading) valueAt(path string) gjson.Result {
	first, rest, deeper := strings.Cut(path, ".")
	name, list := strings.CutSuffix(first, "[]")
	value := r.member(name)
	if value == nil || !deeper {
		return gjson.ParseBytes(value)
	}
	rest = strings.TrimSuffix(rest, "[]")
	if !hasName(value, rest[strings.LastIndexByte(rest, '.')+1:]) {
		return gjson.Result{}
	}
	if list {
		rest = "#." + rest
	}
	return gjson.GetBytes(value, strings.ReplaceAll(rest, "[]", ".#"))
}

// member returns the value of a member of the body's object, nil if it has none of
// that name.
func (r *Reading) member(name string) []byte {
	for i := range r.members {
		if m := &r.members[i]; string(m.name) == name {
			return r.body[m.start:m.end]
		}
	}
	return nil
}

// hasName says whether JSON may have a member of that name, which is written
// without escapes. Names are made of letters that are everywhere, and of
// underscores and capitals, which are rare: so those are looked for.
func hasName(json []byte, name string) bool {
	quoted := `"` + name + `"`
	before := 1 + strings.IndexFunc(name, func(r rune) bool { return r < 'a' || r > 'z' })
	if before == 0 {
		return bytes.Contains(json, []byte(quoted))
	}
	for i := 0; ; i++ {
		next := bytes.IndexByte(json[i:], quoted[before])
		if next < 0 {
			return false
		}
		if i += next; i >= before && bytes.HasPrefix(json[i-before:], []byte(quoted)) {
			return true
		}
	}
}
