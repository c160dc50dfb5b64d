package wire

import (
	"slices"
	"strings"

	"github.com/tidwall/gjson"
)

// Request hands out every text of a request body: decoded strings, names of
// members that the row does not know, and the strings inside strings that hold
// JSON. part is called for each part that cannot be read as text, with its
// kind; an error of either ends the walk. What was edited is appended to dst
// as a whole body; a body without edits comes back itself, not copied.
//
// The errors of the walk itself are of type *InvalidError.
func (f *Format) Request(dst, body []byte, text Text, part func(kind string) error) ([]byte, error) {
	return f.Read(dst, body, &Reading{Text: text, Part: part})
}

// Answer hands out every text of a whole answer; json says that the request
// asked for JSON, see [Format.AsksJSON]. It is lenient where Request is strict:
// the provider's answer is the client's to judge. dst is used as in Request.
func (f *Format) Answer(dst, body []byte, r Whole, json bool) ([]byte, error) {
	w := newWalker(body)
	defer w.free()
	w.names, w.json, w.part, w.text, w.whole = true, json, passPart, r.Restore, r
	if w.bytes = f.CiteBytes; f.mayCite(body) {
		w.event = new(event)
	}
	if err := w.walk(f.ready().answer); err != nil {
		return nil, err
	}
	if w.event != nil {
		w.moveOffsets(0, nil)
	}
	return splice(dst, body, w.edits), nil
}

// Plain does with a body that is no JSON what Answer does.
func Plain(dst, body []byte, text Text) ([]byte, error) {
	var edits []edit
	err := text(body, func(start, end int, with string) {
		edits = append(edits, edit{start, end, with})
	})
	if err != nil {
		return nil, err
	}
	return splice(dst, body, edits), nil
}

func passPart(string) error { return nil }

// AsksJSON says whether a request, one that was read, asks for an answer that is
// JSON: by name, by media type, or with a schema.
func (f *Format) AsksJSON(r *Reading) bool {
	for _, path := range f.JSONMode {
		switch v := r.valueAt(path); {
		case v.IsObject():
			return true
		case v.Type == gjson.String:
			switch v.Str {
			case "json", "json_object", "json_schema", "application/json":
				return true
			}
		}
	}
	return false
}

// ModelOf returns the model that a request to the path names, in it or in the
// body; "" if it names none. Gemini's paths have it behind models/, Azure's
// behind deployments/. The body need not have been looked at.
func (f *Format) ModelOf(path string, body []byte) string {
	for _, before := range []string{"/models/", "/tunedModels/", "/deployments/"} {
		if _, rest, ok := strings.Cut(path, before); ok {
			name, _, _ := strings.Cut(rest, "/")
			name, _, _ = strings.Cut(name, ":")
			return name
		}
	}
	if v := gjson.GetBytes(body, "model"); v.Type == gjson.String {
		return v.Str
	}
	return ""
}

// splice appends src to dst with the edits made; without any it returns src.
func splice(dst, src []byte, edits []edit) []byte {
	if len(edits) == 0 {
		return src
	}
	size := len(src)
	for _, e := range edits {
		size += len(e.with) - (e.end - e.start)
	}
	return appendEdited(slices.Grow(dst, size), src, edits)
}

func appendEdited(dst, src []byte, edits []edit) []byte {
	from := 0
	for _, e := range edits {
		dst = append(dst, src[from:e.start]...)
		dst = append(dst, e.with...)
		from = e.end
	}
	return append(dst, src[from:]...)
}
