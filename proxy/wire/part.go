package wire

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// partAt deals with a string where a part may stand; done is false if it is
// text. Base64 that says it is text is read, masked and written anew; what else
// cannot be read is left as it is and told to part.
func (w *walker) partAt(p *Part, start, end int, escaped bool) (done bool, err error) {
	raw := w.src[start:end]
	header, payload, isURL := cutDataURL(raw)
	switch {
	case p.Numbers, p.Maybe && !isURL && !looksBase64(raw):
		return false, nil
	case isURL && !escaped && isTextType(header):
		if text, err := base64.StdEncoding.DecodeString(string(payload)); err == nil {
			return true, w.encoded(text, end-len(payload), end)
		}
	}
	return true, w.part(p.Kind)
}

// encoded hands out a text that stands in base64 at src[start:end].
func (w *walker) encoded(text []byte, start, end int) error {
	var edits []edit
	err := w.text(text, func(from, to int, with string) {
		edits = append(edits, edit{from, to, with})
	})
	if err == nil && len(edits) > 0 {
		with := base64.StdEncoding.EncodeToString(appendEdited(nil, text, edits))
		w.edits = append(w.edits, edit{start, end, with})
	}
	return err
}

// cutDataURL splits data:HEADER;base64,PAYLOAD.
func cutDataURL(raw []byte) (header string, payload []byte, ok bool) {
	rest, ok := bytes.CutPrefix(raw, []byte("data:"))
	if !ok {
		return "", nil, false
	}
	h, payload, ok := bytes.Cut(rest, []byte(","))
	header, isBase64 := strings.CutSuffix(string(h), ";base64")
	if !ok || !isBase64 {
		return "", nil, ok
	}
	return header, payload, true
}

// isTextType says whether a media type is one of text, whatever its parameters.
func isTextType(t string) bool {
	t, _, _ = strings.Cut(strings.ToLower(t), ";")
	return strings.HasPrefix(t, "text/") || t == "application/json" || t == "application/xml" ||
		t == "application/yaml" || t == "application/x-yaml" || t == "application/x-ndjson"
}

// minBase64 is the length from which on a run is taken for base64, and how much
// of it is looked at.
const minBase64 = 64

// looksBase64 says whether a text is one run of base64.
func looksBase64(raw []byte) bool {
	if len(raw) < minBase64 {
		return false
	}
	for _, c := range raw[:minBase64] {
		switch {
		case 'a' <= c|0x20 && c|0x20 <= 'z', '0' <= c && c <= '9', c == '+', c == '/', c == '-', c == '_':
		default:
			return false
		}
	}
	return !bytes.ContainsAny(raw[:min(len(raw), 1024)], " \n")
}
