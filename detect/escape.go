package detect

import (
	"bytes"
	"html"
	"slices"
	"sort"
	"unicode/utf8"
)

// backslash reads \n, \t, \", \/, \u0040, \u{40}, \x40 and \U00000040 behind one
// or more backslashes, as they are in JSON within JSON.
func (e *escapes) backslash(at int) (end int, wakes bool) {
	if byteAt(e.text, at-1) == '\\' {
		return 0, false
	}
	i := at
	for i < len(e.text) && i < at+8 && e.text[i] == '\\' {
		i++
	}
	c, next := byteAt(e.text, i), byteAt(e.text, i+1)
	switch c {
	case 'n', 'r', 't':
		if domain(e.text, at) {
			return 0, false
		}
		e.buf = append(e.buf, ' ')
		if c != 't' {
			e.buf[0] = '\n'
		}
		return i + 1, isWord(next) || next == '+' || next == '('
	case '"', '\'':
		e.buf = append(e.buf, c)
		return i + 1, i > at+1
	case '/':
		e.buf = append(e.buf, c)
		return i + 1, isWord(next)
	case 'x':
		return e.hex(i+1, 2, 2), true
	case 'u':
		if next == '{' {
			if end = e.hex(i+2, 1, 6); byteAt(e.text, end) == '}' && end > 0 {
				return end + 1, true
			}
			return 0, false
		}
		return e.hex(i+1, 4, 4), true
	case 'U':
		return e.hex(i+1, 8, 8), true
	}
	return 0, false
}

// hex reads the code of a character from i on: least to most hexadecimal
// digits. It returns their end, or 0.
func (e *escapes) hex(i, least, most int) (end int) {
	end = while(e.text, i, classHex, most)
	if end-i < least {
		return 0
	}
	r := rune(0)
	for _, c := range e.text[i:end] {
		r = r<<4 | rune(hexValue([]byte{c}))
	}
	if r < ' ' || !utf8.ValidRune(r) {
		return 0
	}
	e.buf = utf8.AppendRune(e.buf, r)
	return end
}

// domain reports whether the backslash at parts the name of a Windows domain
// from that of a user, as in CORP\nick.
func domain(text []byte, at int) bool {
	start := back(text, at, classUpper, 16)
	return at-start >= 2 && anyLetter(text[start:at]) && !isWord(byteAt(text, start-1)) && byteAt(text, start-1) != '"'
}

func anyLetter(b []byte) bool { return slices.ContainsFunc(b, isLetter) }

// percent reads the bytes of one character as URLs have them: %40, %E4%BD%A0.
func (e *escapes) percent(at int) (end int, wakes bool) {
	for i := at; byteAt(e.text, i) == '%' && len(e.buf) < utf8.UTFMax; i += 3 {
		if while(e.text, i+1, classHex, 2) != i+3 {
			break
		}
		e.buf = append(e.buf, byte(hexValue(e.text[i+1:i+3])))
		if utf8.FullRune(e.buf) {
			r, n := utf8.DecodeRune(e.buf)
			if r == utf8.RuneError || n < len(e.buf) || r < ' ' {
				return 0, false
			}
			return i + 3, true
		}
	}
	return 0, false
}

// maxEntity is the length of the longest name of a character that is read.
const maxEntity = 12

// entity reads &#64;, &#x40; and &commat;.
func (e *escapes) entity(at int) (end int, wakes bool) {
	semicolon := bytes.IndexByte(e.text[at:min(len(e.text), at+maxEntity)], ';')
	if semicolon < 3 || byteAt(e.text, at+1) != '#' && while(e.text, at+1, classWord, maxEntity) != at+semicolon {
		return 0, false
	}
	end = at + semicolon + 1
	name := string(e.text[at:end])
	char := html.UnescapeString(name)
	if char == name {
		return 0, false
	}
	e.buf = append(e.buf, char...)
	return end, name != "&lt;" && name != "&gt;" && name != "&amp;"
}

// wrap reads a line break within a number, an address, or a text that is
// broken as mail is, with "=" at the end of the line. It returns the end of
// the break if there is none of these.
func (e *escapes) wrap(at int) (from, end int, wakes bool) {
	text := e.text
	from, end = at, while(text, at+1, classSpace, 8)
	if byteAt(text, from-1) == '\r' {
		from--
	}
	before, after := byteAt(text, from-1), byteAt(text, end)
	switch {
	case before == '=' && end == at+1 && isWord(byteAt(text, from-2)) && isWord(after):
		if from-lineStart(text, from) <= maxQuoted && !e.touches(from-1, from) {
			return from - 1, end, true
		}
	case isDigit(after) && (isDigit(before) || before == '-' && isDigit(byteAt(text, from-2))):
		if e.wrappedNumber(from, end) {
			if before != '-' {
				e.buf = append(e.buf, ' ')
			}
			return from, end, true
		}
	case (before == '@' || after == '@' || before == '.' || after == '.') && e.wrappedHost(from, end):
		return from, end, true
	}
	return at, 0, false
}

// wrappedNumber reports whether the number that ends at stop, of several
// groups, may go on at i, in groups of the same size, and neither part has been
// found by itself.
func (e *escapes) wrappedNumber(stop, i int) bool {
	text := e.text
	last := stop
	if text[last-1] == '-' {
		last--
	}
	start := back(text, last, classDigit, 7)
	sep := byteAt(text, start-1)
	end := while(text, i, classDigit, 7)
	if n := last - start; n < 2 || n > 6 || sep != ' ' && sep != '-' || !isWord(byteAt(text, start-2)) || end-i < 2 || end-i > 6 || isWord(byteAt(text, end)) {
		return false
	}
	return !e.touches(start, end)
}

// maxQuoted is the longest line of quoted-printable text (RFC 2045, 6.7).
const maxQuoted = 76

// touches reports whether something was found in text[start:end].
func (e *escapes) touches(start, end int) bool {
	n := sort.Search(len(e.found), func(n int) bool { return e.found[n].End > start })
	return n < len(e.found) && e.found[n].Start < end
}

// mailTops are the top-level domains that make a broken line an address.
var mailTops = []string{"com", "net", "org", "edu", "gov", "io", "de", "kr", "jp", "cn", "uk", "fr", "it", "es", "nl", "in", "br", "ru", "eu", "info", "co"}

// wrappedHost reports whether an address is broken between stop and i: it has
// an "@" and ends in a common top-level domain.
func (e *escapes) wrappedHost(stop, i int) bool {
	text := e.text
	part := func(c byte) bool { return classes[c]&classLocal != 0 || c == '@' }
	start, end := stop, i
	for start > 0 && start > stop-maxLocal && part(text[start-1]) {
		start--
	}
	for end < len(text) && end < i+maxLocal && part(text[end]) {
		end++
	}
	for end > i && !isWord(text[end-1]) {
		end--
	}
	head, tail := text[start:stop], text[i:end]
	at := bytes.Count(head, []byte("@")) + bytes.Count(tail, []byte("@"))
	dot := bytes.LastIndexByte(tail, '.') + 1
	if at != 1 || len(head) < 2 || len(tail) < 2 || dot == 0 && text[stop-1] != '.' {
		return false
	}
	return slices.Contains(mailTops, lower(tail[dot:]))
}

// nextSpaced returns where from i on a number begins of which four digits have
// one and the same sign between them, or the length of the text.
func nextSpaced(text []byte, i int) int {
	for least := i; i+6 < len(text); i++ {
		if isDigit(text[i]) && isDigit(text[i+2]) && isDigit(text[i+4]) && isDigit(text[i+6]) && text[i+1] == text[i+3] && text[i+3] == text[i+5] && spaceSign(text[i+1]) && !isWord(byteAt(text, i-1)) {
			return spacedStart(text, i, least)
		}
	}
	return len(text)
}

// spacedStart returns where the digits begin that go on with the one at i, each
// by itself, but not before least.
func spacedStart(text []byte, i, least int) int {
	for range maxSpaced {
		j := i - 1
		for j >= least && j > i-4 && spaceSign(text[j]) {
			j--
		}
		if j < least || j == i-1 || !isDigit(text[j]) || isWord(byteAt(text, j-1)) {
			break
		}
		i = j
	}
	return i
}

// spaced reads a number whose digits are parted by one sign each: 4 1 1 1. What
// parts them otherwise parts the groups, as in 4 1 1 1 - 1 1 1 1.
func (e *escapes) spaced(at int) (end int, wakes bool) {
	text, sep := e.text, byteAt(e.text, at+1)
	digits, most := 0, byte(0)
	for i := at; i < len(text) && isDigit(text[i]) && !isWord(byteAt(text, i+1)); {
		if digits++; digits <= maxSpaced {
			e.buf = append(e.buf, text[i])
		}
		most = max(most, text[i])
		end = i + 1
		next := end
		for next < len(text) && next < end+3 && spaceSign(text[next]) {
			next++
		}
		if next == end || !isDigit(byteAt(text, next)) || isWord(byteAt(text, next+1)) {
			break
		}
		if group := bytes.TrimSpace(text[end:next]); digits < maxSpaced && len(group) > 0 && group[0] != sep {
			e.buf = append(e.buf, group[0])
		} else if digits < maxSpaced && next > end+1 {
			e.buf = append(e.buf, ' ')
		}
		i = next
	}
	if digits < minDigits || digits > maxSpaced || most < '2' {
		e.next[spacedDigit] = nextSpaced(text, max(end, at+1)) // so that none is read twice
		return 0, false
	}
	return end, true
}

// maxSpaced is how many digits a number may have that is written digit by digit.
const maxSpaced = 24

// spaceSign reports whether c may part the digits of a number.
func spaceSign(c byte) bool {
	return c == ' ' || c == '.' || c == '-' || c == '_' || c == ',' || c == '*' || c == '|' || c == '/'
}
