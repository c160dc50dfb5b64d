package wire

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

func (w *walker) word(s string) error {
	if !bytes.HasPrefix(w.src[w.pos:], []byte(s)) {
		return w.fail("a value is missing")
	}
	w.pos += len(s)
	return nil
}

func (w *walker) numeral() error {
	if w.peek() == '-' {
		w.pos++
	}
	lead := w.peek()
	n := w.digits()
	if n == 0 || lead == '0' && n > 1 {
		return w.fail("a number is malformed")
	}
	if w.peek() == '.' {
		w.pos++
		if w.digits() == 0 {
			return w.fail("a number is malformed")
		}
	}
	if c := w.peek(); c == 'e' || c == 'E' {
		w.pos++
		if c := w.peek(); c == '+' || c == '-' {
			w.pos++
		}
		if w.digits() == 0 {
			return w.fail("a number is malformed")
		}
	}
	return nil
}

func (w *walker) digits() int {
	from := w.pos
	for c := w.peek(); '0' <= c && c <= '9'; c = w.peek() {
		w.pos++
	}
	return w.pos - from
}

// number reads what tells elements apart: a small natural number, or true and
// false as 1 and 0; -1 is anything else.
func number(b []byte) int {
	switch string(b) {
	case "true":
		return 1
	case "false":
		return 0
	}
	n, err := strconv.Atoi(string(b))
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// plain marks the bytes that may stand in a string literal as they are.
var plain = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= 0x20 && c != '"' && c != '\\'
	}
	return t
}()

// plainEnd returns where, from i on, the first byte stands that is not plain;
// len(b) if there is none. It looks at 32 bytes at a time where they are ASCII,
// and at eight where they are not.
func plainEnd(b []byte, i int) int {
	for ; i+32 <= len(b); i += 32 {
		p := (*[32]byte)(b[i:])
		x0, x1 := binary.LittleEndian.Uint64(p[:]), binary.LittleEndian.Uint64(p[8:])
		x2, x3 := binary.LittleEndian.Uint64(p[16:]), binary.LittleEndian.Uint64(p[24:])
		if plainASCII(x0)&plainASCII(x1)&plainASCII(x2)&plainASCII(x3)&^(x0|x1|x2|x3)&highBits == highBits {
			continue
		}
		if at := plainEndIn(b, i, i+32); at < i+32 {
			return at
		}
	}
	return plainEndIn(b, i, len(b))
}

const (
	eachByte = 0x0101010101010101
	highBits = 0x80 * eachByte
)

// plainASCII has the high bit of each byte that is plain, if all are ASCII.
func plainASCII(x uint64) uint64 {
	quote, slash := x^'"'*eachByte, x^'\\'*eachByte
	return (x + 0x60*eachByte) & (quote + 0x7F*eachByte) & (slash + 0x7F*eachByte)
}

// plainEndIn does what plainEnd does, up to end.
func plainEndIn(b []byte, i, end int) int {
	for ; i+8 <= end; i += 8 {
		x := binary.LittleEndian.Uint64(b[i:])
		quote, slash := x^'"'*eachByte, x^'\\'*eachByte
		// The lowest bit is exact; those above may come of a carry.
		if m := ((x-0x20*eachByte)&^x | (quote-eachByte)&^quote | (slash-eachByte)&^slash) & highBits; m != 0 {
			return i + bits.TrailingZeros64(m)/8
		}
	}
	for i < end && plain[b[i]] {
		i++
	}
	return i
}

// literal reads a string literal: src[start:end] is what is inside its quotes.
func (w *walker) literal() (start, end int, escaped bool, err error) {
	w.pos++
	start = w.pos
	for {
		i := plainEnd(w.src, w.pos)
		w.pos = i
		switch w.peek() {
		case '"':
			w.pos++
			return start, i, escaped, nil
		case '\\':
			escaped = true
			if err := w.escapeSequence(); err != nil {
				return 0, 0, false, err
			}
		default:
			if i == len(w.src) {
				return 0, 0, false, w.fail("a string is not closed")
			}
			return 0, 0, false, w.fail("a control character stands in a string")
		}
	}
}

// escapeSequence reads one escape, or the two of a surrogate pair.
func (w *walker) escapeSequence() error {
	rest := w.src[w.pos:]
	if len(rest) < 2 {
		return w.fail("a string is not closed")
	}
	switch rest[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		w.pos += 2
		return nil
	case 'u':
		r := hex4(rest[2:])
		if r < 0 {
			return w.fail("an escape is malformed")
		}
		if utf16.IsSurrogate(r) {
			if len(rest) >= 12 && rest[6] == '\\' && rest[7] == 'u' &&
				utf16.DecodeRune(r, hex4(rest[8:])) != utf8.RuneError {
				w.pos += 12
				return nil
			}
			if w.strict {
				return w.fail("a surrogate has no partner")
			}
		}
		w.pos += 6
		return nil
	}
	return w.fail("an escape is malformed")
}
