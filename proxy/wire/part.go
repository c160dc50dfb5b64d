package wire

import (
	"bytes"
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/tidwall/gjson"
)

// partAt deals with a string where a part may stand; done is false if it is
// text. A file of text is read, masked and written anew: in a data: URL, or in
// base64 beside a member that gives its type. What else cannot be read is left as
// it is and told to part.
func (w *walker) partAt(p *Part, start, end int, escaped bool) (done bool, err error) {
	text := w.decode(start, end, escaped)
	if p.Numbers {
		return false, nil
	}
	if len(text) < len("data:") || !strings.EqualFold(string(text[:len("data:")]), "data:") {
		mediaType := w.beside("mimeType", "mime_type", "media_type")
		switch {
		case p.Maybe && (w.beside("type") == "text" || mediaType == "" && !looksBase64(text)):
			return false, nil
		case mediaType != "":
			return w.payload(kindOf(mediaType, ""), mediaType, text, 0)
		}
		return true, w.part(p.Kind)
	}
	header, payload, _ := bytes.Cut(text[len("data:"):], []byte(","))
	kind, at := p.Kind, len(text)-len(payload)
	if mediaType, _, _ := bytes.Cut(header, []byte(";")); len(mediaType) > 0 {
		kind = kindOf(string(mediaType), "")
	}
	if mediaType, ok := cutSuffixFold(string(header), ";base64"); ok {
		return w.payload(kind, mediaType, payload, at)
	} else if !isTextType(mediaType) && len(header) > 0 {
		return true, w.part(kind)
	}
	// It stands there in percent-encoding.
	data, err := url.PathUnescape(string(payload))
	if err != nil || !isText([]byte(data)) {
		return true, w.part(kind)
	}
	return true, w.encoded([]byte(data), at, len(text), url.PathEscape)
}

// payload deals with base64 that ends the text at hand and begins at at.
func (w *walker) payload(kind, mediaType string, base []byte, at int) (done bool, err error) {
	if !isTextType(mediaType) {
		return true, w.part(kind)
	}
	for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding, base64.RawStdEncoding, base64.RawURLEncoding} {
		if data, err := enc.DecodeString(string(base)); err == nil && isText(data) {
			return true, w.encoded(data, at, at+len(base), func(s string) string { return enc.EncodeToString([]byte(s)) })
		}
	}
	return true, w.part(kind)
}

// beside returns the first string that stands under one of the names in the same
// object as the member at hand.
func (w *walker) beside(names ...string) string {
	for _, name := range names {
		if t := gjson.GetBytes(w.src[w.brace:], name); t.Type == gjson.String {
			return t.Str
		}
	}
	return ""
}

func cutSuffixFold(s, suffix string) (string, bool) {
	if n := len(s) - len(suffix); n >= 0 && strings.EqualFold(s[n:], suffix) {
		return s[:n], true
	}
	return s, false
}

// encoded hands out a file of text that stands encoded at [start:end] of the text
// at hand.
func (w *walker) encoded(data []byte, start, end int, encode func(string) string) error {
	edits, err := fileTexts(data, w.text, w.part)
	if err == nil && len(edits) > 0 {
		w.emit(start, end, encode(string(appendEdited(nil, data, edits))))
	}
	return err
}

// minBase64 is the length from which on a run is taken for base64.
const minBase64 = 64

// looksBase64 says whether a text is one run of base64, all of it.
func looksBase64(text []byte) bool {
	if len(text) < minBase64 {
		return false
	}
	for _, c := range bytes.TrimRight(text, "=") {
		switch {
		case 'a' <= c|0x20 && c|0x20 <= 'z', '0' <= c && c <= '9', c == '+', c == '/', c == '-', c == '_':
		default:
			return false
		}
	}
	return true
}
