// Package leak looks for sensitive values in bytes that went where they must
// not be.
//
// A value hides in many spellings. Instead of listing how it may be written,
// which no list does fully (\u00fc, ü, \/, lower and upper hex), Find undoes
// the encodings: it looks into the bytes as they are and into every view that
// some order of JSON unescaping and URL decoding opens, for the value itself
// and for its base64 in all three alignments. It is for tests: it favours
// finding over speed, and knows no compression.
package leak

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"net/url"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// depth is how many encodings may lie on top of each other: JSON in JSON in a
// query string has three.
const depth = 3

// Views are the readings of some bytes. Making them is the costly part, so
// they are made once for all values.
type Views []view

type view struct{ text, lower []byte }

// Look opens the views of data.
func Look(data []byte) Views {
	seen := map[string]bool{}
	var views Views
	level := [][]byte{data}
	for d := 0; d <= depth && len(level) > 0; d++ {
		var next [][]byte
		for _, v := range level {
			if seen[string(v)] {
				continue
			}
			seen[string(v)] = true
			views = append(views, view{v, bytes.ToLower(v)})
			next = append(next, unescapeJSON(v), unescapeURL(v, false), unescapeURL(v, true))
		}
		level = next
	}
	return views
}

// Find names the form in which a value stands in the views: "plain",
// "folded" (another letter case), "squeezed" (spaces and dashes left out),
// "base64" or "hex"; and "" if it stands nowhere.
func (vs Views) Find(value string) string {
	lower, tight := strings.ToLower(value), squeeze(value)
	needles := encodings(value)
	for _, v := range vs {
		switch {
		case bytes.Contains(v.text, []byte(value)):
			return "plain"
		case bytes.Contains(v.lower, []byte(lower)):
			return "folded"
		case len(tight) >= 9 && bytes.Contains(v.text, []byte(tight)):
			return "squeezed"
		}
		for _, n := range needles {
			if bytes.Contains(v.text, n.text) {
				return n.form
			}
		}
	}
	return ""
}

type needle struct {
	form string
	text []byte
}

// encodings returns what every base64 and hex text that holds the value must
// hold: of base64, the characters that no neighbouring byte has a part in, for
// each of the three places at which the value may begin.
func encodings(value string) []needle {
	ns := []needle{
		{"hex", []byte(hex.EncodeToString([]byte(value)))},
		{"hex", []byte(strings.ToUpper(hex.EncodeToString([]byte(value))))},
	}
	for _, alphabet := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for before := range 3 {
			code := alphabet.EncodeToString(append(make([]byte, before), value...))
			from := (before*8 + 5) / 6
			to := (before + len(value)) * 8 / 6
			ns = append(ns, needle{"base64", []byte(code[from:to])})
		}
	}
	return ns
}

// squeeze leaves out what people put between groups of digits.
func squeeze(s string) string {
	return strings.NewReplacer(" ", "", "-", "", "(", "", ")", "").Replace(s)
}

// unescapeJSON undoes the escapes of RFC 8259, section 7, wherever they stand;
// what is no escape stays.
func unescapeJSON(data []byte) []byte {
	out := make([]byte, 0, len(data))
	for i := 0; i < len(data); {
		if data[i] != '\\' || i+1 == len(data) {
			out = append(out, data[i])
			i++
			continue
		}
		if at := strings.IndexByte(`"\/bfnrt`, data[i+1]); at >= 0 {
			out = append(out, "\"\\/\b\f\n\r\t"[at])
			i += 2
			continue
		}
		r, n := unescapeRune(data[i:])
		if n == 0 {
			out = append(out, data[i])
			i++
			continue
		}
		out = utf8.AppendRune(out, r)
		i += n
	}
	return out
}

// unescapeRune reads \uXXXX, or two of them where they are a surrogate pair,
// and says how many bytes it read: none if there is no such escape.
func unescapeRune(data []byte) (rune, int) {
	unit := func(d []byte) (rune, bool) {
		var b [2]byte
		if len(d) < 6 || d[0] != '\\' || d[1] != 'u' {
			return 0, false
		}
		_, err := hex.Decode(b[:], d[2:6])
		return rune(binary.BigEndian.Uint16(b[:])), err == nil
	}
	r, ok := unit(data)
	if !ok {
		return 0, 0
	}
	if low, ok := unit(data[6:]); ok && utf16.IsSurrogate(r) {
		return utf16.DecodeRune(r, low), 12
	}
	return r, 6
}

// unescapeURL undoes percent escapes, and "+" for a space if asked to.
func unescapeURL(data []byte, plus bool) []byte {
	out := make([]byte, 0, len(data))
	for i := 0; i < len(data); i++ {
		if data[i] == '%' && i+2 < len(data) {
			if s, err := url.PathUnescape(string(data[i : i+3])); err == nil {
				out = append(out, s...)
				i += 2
				continue
			}
		}
		if plus && data[i] == '+' {
			out = append(out, ' ')
			continue
		}
		out = append(out, data[i])
	}
	return out
}
