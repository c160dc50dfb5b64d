package wire

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// unit decodes the one character or escape that raw, the inside of a JSON
// string literal, begins with: n bytes of raw stand for r. A surrogate that has
// no partner decodes to U+FFFD; raw has been checked by the walk before.
func unit(raw []byte) (r rune, n int) {
	if raw[0] != '\\' {
		return utf8.DecodeRune(raw)
	}
	switch raw[1] {
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		r = hex4(raw[2:])
		if !utf16.IsSurrogate(r) {
			return r, 6
		}
		if len(raw) >= 12 && raw[6] == '\\' && raw[7] == 'u' {
			if pair := utf16.DecodeRune(r, hex4(raw[8:])); pair != utf8.RuneError {
				return pair, 12
			}
		}
		return utf8.RuneError, 6
	}
	return rune(raw[1]), 2
}

// hex4 reads four hexadecimal digits; -1 where there are none.
func hex4(b []byte) rune {
	if len(b) < 4 {
		return -1
	}
	var r rune
	for _, c := range b[:4] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return -1
		}
		r = r<<4 | rune(c)
	}
	return r
}

// unescape appends the text that raw stands for to dst.
func unescape(dst, raw []byte) []byte {
	for len(raw) > 0 {
		if run := plainRun(raw); run > 0 {
			dst, raw = append(dst, raw[:run]...), raw[run:]
			continue
		}
		r, n := unit(raw)
		dst, raw = utf8.AppendRune(dst, r), raw[n:]
	}
	return dst
}

// plainRun returns how many bytes stand before the next escape.
func plainRun(raw []byte) int {
	if i := bytes.IndexByte(raw, '\\'); i >= 0 {
		return i
	}
	return len(raw)
}

// cursor finds, for rising offsets in a decoded text, the offsets in the
// literal that it was decoded from.
type cursor struct {
	raw     []byte
	escaped bool
	r, d    int // as far as it has come: in raw, in the decoded text
}

// seek returns the offset in raw of the offset d in the decoded text.
func (c *cursor) seek(d int) int {
	if !c.escaped {
		return d
	}
	for c.d < d {
		// No further than d: a text with many edits is read once, not once an edit.
		if run := plainRun(c.raw[c.r:min(len(c.raw), c.r+d-c.d)]); run > 0 {
			c.r += run
			c.d += run
			continue
		}
		r, n := unit(c.raw[c.r:])
		c.r += n
		c.d += utf8.RuneLen(r)
	}
	return c.r
}

const hexDigits = "0123456789abcdef"

// escape returns s as it stands inside a JSON string literal. U+2028 and
// U+2029 are escaped too, since some readers of event streams end a line there.
func escape(s string) string {
	i := firstEscape(s)
	if i == len(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 8)
	b.WriteString(s[:i])
	for ; i < len(s); i++ {
		if !mustEscape(s, i) {
			b.WriteByte(s[i])
			continue
		}
		switch c := s[i]; c {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		case 0xE2:
			b.WriteString(`\u202`)
			b.WriteByte(hexDigits[s[i+2]&0xF])
			i += 2
		default:
			b.WriteString(`\u00`)
			b.WriteByte(hexDigits[c>>4])
			b.WriteByte(hexDigits[c&0xF])
		}
	}
	return b.String()
}

// firstEscape returns where the first byte stands that escape changes; len(s) if
// there is none.
func firstEscape(s string) int {
	i := 0
	for i < len(s) && (plain[s[i]] && s[i] != 0xE2 || !mustEscape(s, i)) {
		i++
	}
	return i
}

func mustEscape(s string, i int) bool {
	c := s[i]
	return c < 0x20 || c == '"' || c == '\\' ||
		c == 0xE2 && i+2 < len(s) && s[i+1] == 0x80 && s[i+2]&^1 == 0xA8
}
