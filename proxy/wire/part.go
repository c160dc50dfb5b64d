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
	text := w.decode(start, end, escaped)
	rest, isURL := bytes.CutPrefix(text, []byte("data:"))
	if !isURL {
		if p.Numbers || p.Maybe && !looksBase64(text) {
			return false, nil
		}
		return true, w.part(p.Kind)
	}
	header, payload, _ := bytes.Cut(rest, []byte(","))
	mediaType, isBase64 := strings.CutSuffix(string(header), ";base64")
	switch {
	case !isTextType(mediaType):
		return true, w.part(p.Kind)
	case !isBase64:
		return false, nil // It stands there in percent-encoding.
	}
	data, err := base64.StdEncoding.DecodeString(string(payload))
	if err != nil {
		return true, w.part(p.Kind)
	}
	return true, w.encoded(data, len(text)-len(payload), len(text))
}

// encoded hands out a file of text that stands in base64 at [start:end] of the
// text at hand.
func (w *walker) encoded(data []byte, start, end int) error {
	edits, err := fileTexts(data, w.text, w.part)
	if err == nil && len(edits) > 0 {
		w.emit(start, end, base64.StdEncoding.EncodeToString(appendEdited(nil, data, edits)))
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
