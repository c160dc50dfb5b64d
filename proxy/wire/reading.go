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
	// Past is asked for what was read before, nil for nothing.
	Past Past

	format  string
	body    []byte
	members []member // of the body's object, in order
}

// Past remembers how bodies began that were read before. A chat client sends its
// whole conversation with each turn, in an array that is a member of the body's
// object; so most of a body was read, and found to be acceptable, a turn ago.
type Past interface {
	// Resume is told that the first element of such an array begins at at, in a body
	// that is read as that format. It returns where an element ends up to which the
	// same format has read a body with the very same bytes, emits what was edited
	// there since at, and does whatever else reading it would do. It MUST return 0 if
	// any byte differs.
	//
	// cut appends to dst the text that raw stands for, a part of a body that was
	// edited: as it is, or, if escaped, as a part of a string literal. It is nil if raw
	// is no such part.
	Resume(format string, body []byte, at int, cut func(dst, raw []byte, escaped bool) []byte, emit Emit) (end int)
	// Passed is told that an element of it was read that ends at end, whatever follows.
	Passed(end int)
	// Walked is told that the array was read whose first element begins at at; edits
	// calls back for each place edited there.
	Walked(at int, edits func(Emit))
}

// cutLiteral is the cut of Past.Resume.
func cutLiteral(dst, raw []byte, escaped bool) []byte {
	if !escaped {
		return append(dst, raw...)
	}
	w := walker{src: append(append([]byte{'"'}, raw...), '"'), strict: true}
	if _, end, _, err := w.literal(); err != nil || end != len(raw)+1 {
		return nil
	}
	return unescape(dst, raw)
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
	r.format, r.body, r.members = f.Name, body, r.members[:0]
	w.strict, w.masking, w.names, w.text, w.part, w.top = true, true, true, r.Text, r.Part, r
	if err := w.walk(f.ready().request); err != nil {
		return nil, err
	}
	return splice(dst, body, w.edits), nil
}

// resume goes to the end of what is known of the array whose first element is at
// hand; false says that nothing is.
func (w *walker) resume() bool {
	if w.top == nil || w.top.Past == nil || w.depth != 2 {
		return false
	}
	end := w.top.Past.Resume(w.top.format, w.src, w.pos, cutLiteral, func(start, end int, with string) {
		w.edits = append(w.edits, edit{start, end, with})
	})
	if end > 0 {
		w.pos = end
	}
	return end > 0
}

// passed tells of an element that has been read. Only of an object it is sure that it
// ends there: a number may go on.
func (w *walker) passed() {
	if w.top != nil && w.top.Past != nil && w.depth == 2 && w.src[w.pos-1] == '}' {
		w.top.Past.Passed(w.pos)
	}
}

// walked tells of an array that has been read.
func (w *walker) walked(at int) {
	if w.top == nil || w.top.Past == nil || w.depth != 2 {
		return
	}
	w.top.Past.Walked(at, func(emit Emit) {
		for _, e := range w.edits {
			if e.start >= at {
				emit(e.start, e.end, e.with)
			}
		}
	})
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
