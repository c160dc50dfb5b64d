package wire

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// isTextType says whether a media type is one of text, whatever its parameters.
func isTextType(t string) bool {
	t, _, _ = strings.Cut(strings.ToLower(t), ";")
	switch t = strings.TrimSpace(t); t {
	case "application/json", "application/xml", "application/yaml", "application/x-yaml", "application/x-ndjson",
		"application/jsonl", "application/javascript", "application/x-sh", "application/sql", "image/svg+xml":
		return true
	}
	return strings.HasPrefix(t, "text/") || strings.HasSuffix(t, "+json") || strings.HasSuffix(t, "+xml")
}

// isText says whether a file can be read as text, whatever it is said to be. A PDF
// of plain characters is none: it counts its own bytes.
func isText(data []byte) bool {
	return utf8.Valid(data) && bytes.IndexByte(data, 0) < 0 && !bytes.HasPrefix(data, []byte("%PDF-"))
}

// mediaKinds are what the policy calls a file that is no text, by the end of its
// name where its type says nothing.
var mediaKinds = map[string]string{
	"png": "image", "jpg": "image", "jpeg": "image", "gif": "image", "webp": "image",
	"mp3": "audio", "wav": "audio", "m4a": "audio", "ogg": "audio", "flac": "audio", "webm": "audio", "mp4": "audio",
	"mpga": "audio", "mpeg": "audio", "opus": "audio",
}

// kindOf returns what the policy calls a file that is no text.
func kindOf(mediaType, name string) string {
	switch kind, _, _ := strings.Cut(strings.ToLower(mediaType), "/"); kind {
	case "image", "audio":
		return kind
	}
	if kind, ok := mediaKinds[strings.ToLower(name[strings.LastIndexByte(name, '.')+1:])]; ok {
		return kind
	}
	return "file"
}

// fileTexts hands out the texts of a file that is text and returns what was
// edited: JSON and lines of JSON as such, each string by itself; what else it is,
// as one text. Lines that are requests of a batch are read as their row says.
func fileTexts(data []byte, text Text, part func(string) error) ([]edit, error) {
	if looksLikeJSON(data) && isJSONText(data) {
		if isRequestLine(data) {
			return requestTexts(nil, data, 0, text, part)
		}
		return valueTexts(nil, data, 0, nil, text, part)
	}
	if first, _, _ := bytes.Cut(data, []byte("\n")); looksLikeJSON(first) && isJSONText(first) {
		return lineTexts(data, text, part)
	}
	return plainTexts(nil, data, 0, text, part)
}

// lineTexts does so with lines, which are JSON mostly.
func lineTexts(data []byte, text Text, part func(string) error) (edits []edit, err error) {
	for at := 0; at < len(data); {
		end := len(data)
		if i := bytes.IndexByte(data[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		line := data[at:end]
		switch {
		case isRequestLine(line):
			edits, err = requestTexts(edits, line, at, text, part)
		case isJSONText(line):
			edits, err = valueTexts(edits, line, at, nil, text, part)
		default:
			edits, err = plainTexts(edits, line, at, text, part)
		}
		if err != nil {
			return nil, err
		}
		at = end
	}
	return edits, nil
}

// isRequestLine says whether a line is a request of a batch.
func isRequestLine(line []byte) bool {
	return gjson.GetBytes(line, "url").Type == gjson.String && gjson.GetBytes(line, "body").IsObject()
}

// requestTexts hands out the texts of a batch's request, as strictly as those of
// a request that comes alone: a line that two readers could take for different
// requests refuses the file.
func requestTexts(edits []edit, line []byte, base int, text Text, part func(string) error) ([]edit, error) {
	strict := newWalker(line)
	defer strict.free()
	strict.strict = true
	if err := strict.walk(nil); err != nil {
		return nil, err
	}
	skip := &node{mark: markSkip}
	root := &node{
		names: []string{"custom_id", "method", "url", "body"},
		kids:  []*node{{}, skip, skip, For(gjson.GetBytes(line, "url").Str).ready().request},
	}
	return valueTexts(edits, line, base, root, text, part)
}

func isJSONText(data []byte) bool {
	w := newWalker(data)
	defer w.free()
	return w.walk(nil) == nil
}

// valueTexts appends the edits of a JSON value that stands at base, and at n of
// its row.
func valueTexts(edits []edit, data []byte, base int, n *node, text Text, part func(string) error) ([]edit, error) {
	w := newWalker(data)
	defer w.free()
	w.masking, w.names, w.text, w.part = true, true, text, part
	if err := w.walk(n); err != nil {
		return nil, err
	}
	return append(edits, shifted(slices.Clone(w.edits), -base)...), nil
}

func plainTexts(edits []edit, data []byte, base int, text Text, part func(string) error) ([]edit, error) {
	err := maskProse(data, text, part, func(start, end int, with string) {
		edits = append(edits, edit{base + start, base + end, with})
	})
	return edits, err
}
