package detect

import "unicode/utf8"

// A run of base64 that holds text is decoded, once, and scanned. What is found
// makes the whole run a finding, for its parts mean nothing by themselves.

const (
	minEncoded = 16 // characters of a run that are worth decoding
	maxBehind  = 64 // characters before a run of key characters that belong to it
	minWrapped = 60 // characters of a line that is followed by more of the run
)

// sextets are the values of the characters of base64 and base64url, and
// notSextet.
var sextets = func() (t [256]byte) {
	for i := range t {
		t[i] = notSextet
	}
	for i, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789") {
		t[c] = byte(i)
	}
	t['+'], t['-'], t['/'], t['_'] = 62, 62, 63, 63
	return t
}()

const notSextet = 0xff

// base64 scans what the runs of base64 hold that begin at from or a bit before,
// up to the end of the run of key characters.
func (p *pass) base64(from int) {
	text := p.text
	for i := max(p.encoded, back(text, from, classToken, maxBehind)); i < p.runEnd; {
		if !isWord(text[i]) {
			i++
			continue
		}
		start := i
		for i < len(text) && sextets[text[i]] != notSextet {
			i++
		}
		if i-start >= minEncoded && readable(text[start:start+minEncoded]) {
			i = p.decodeBase64(start, i)
		}
		p.encoded = i
	}
}

// readable reports whether 16 characters of base64 stand for text.
func readable(b []byte) bool {
	for len(b) >= 4 {
		v := uint32(sextets[b[0]])<<18 | uint32(sextets[b[1]])<<12 | uint32(sextets[b[2]])<<6 | uint32(sextets[b[3]])
		if !textual(byte(v>>16)) || !textual(byte(v>>8)) || !textual(byte(v)) {
			return false
		}
		b = b[4:]
	}
	return true
}

// textual reports whether c may be part of a text. The bytes that only begin
// characters beyond those of living scripts are not.
func textual(c byte) bool {
	return c >= ' ' && c < 0x7f || c == '\n' || c == '\r' || c == '\t' || c >= 0x80 && c <= 0xf0 && c != 0xc0 && c != 0xc1
}

// decodeBase64 scans what text[start:end] holds, with the lines that follow if
// it is wrapped, and returns its end.
func (p *pass) decodeBase64(start, end int) int {
	text := p.text
	v := &p.plain
	v.buf = v.buf[:0]
	bits, n := uint32(0), 0
	for line := start; ; {
		for _, c := range text[line:end] {
			if bits, n = bits<<6|uint32(sextets[c]), n+6; n >= 8 {
				n -= 8
				v.buf = append(v.buf, byte(bits>>n))
			}
		}
		next := while(text, end, classSpace, 2)
		if end-line < minWrapped || byteAt(text, end) == '=' || next == end || text[next-1] != '\n' {
			break
		}
		stop := next
		for stop < len(text) && sextets[text[stop]] != notSextet {
			stop++
		}
		if after := byteAt(text, stop); stop == next || stop-next > end-line || after == ' ' || after == ',' || after == '.' {
			break
		}
		line, end = next, stop
	}
	for range 2 {
		if byteAt(text, end) == '=' {
			end++
		}
	}
	defer func() { clear(v.buf) }()
	if !utf8.Valid(v.buf) {
		return end
	}
	sub := p.within(v.buf)
	defer sub.free()
	if len(sub.spans) == 0 {
		return end
	}
	best := sub.spans[0]
	for _, s := range sub.spans[1:] {
		if s.End-s.Start > best.End-best.Start {
			best = s
		}
	}
	best.Start, best.End = start, end
	p.spans = append(p.spans, best)
	return end
}
