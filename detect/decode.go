package detect

import (
	"bytes"
	"context"
	"html"
	"slices"
	"sort"
	"unicode/utf8"
)

// A value may be written so that no rule sees it: kim&#64;corp.com,
// kim%40corp.com, kim\u0040corp.com, 4 1 1 1 1 1 ..., or broken over two lines.
// The places where a text has such a thing are decoded, once, and the lines
// around them scanned again. What is found there is found in the text, from
// the first to the last byte it was decoded from.
//
// Escapes that stand for a quote or for white space part what they stand
// between: a finding of the first scan does not begin with the n of a "\n".

// escapes is what is decoded in a text, place by place.
type escapes struct {
	text  []byte
	found []Span // of the first scan, sorted
	next  [numEscapeSigns]int
	buf   []byte // of the last that was read
}

// The signs with which escapes begin.
const (
	backslash = iota
	percent
	ampersand
	newline
	spacedDigit
	numEscapeSigns
)

var escapeSigns = [spacedDigit]byte{backslash: '\\', percent: '%', ampersand: '&', newline: '\n'}

// maxLine is how many bytes around an escape are scanned again at most, on
// either side, if no line ends before.
const maxLine = 256

// decoded scans again what is written with escapes. The spans from first on
// are those of the first scan.
func (p *pass) decoded(ctx context.Context, first int) error {
	found := settle(p.spans[first:])
	p.spans = p.spans[:first+len(found)]
	e := escapes{text: p.text, found: found, buf: p.escape[:0]}
	for i, sign := range escapeSigns {
		e.next[i] = e.find(sign, 0)
	}
	if e.next[spacedDigit] = len(p.text); p.spaced > 0 {
		e.next[spacedDigit] = nextSpaced(p.text, max(0, p.spaced-maxLine))
	}
	head, next := -1, e.next // the first escape of a line
	for i, last := 0, 0; ; {
		at, end, wakes := e.read(i)
		if at < 0 {
			break
		}
		start := max(last, lineStart(p.text, at))
		if head < start {
			head, next = at, e.next
		}
		if !wakes {
			i = end
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if head < at {
			e.next = next
			at, end, _ = e.read(head)
		}
		i = p.decodeLine(&e, start, at, end)
		head, last = -1, i
	}
	if len(p.again) > 0 {
		order(p.again)
		p.own = merge(p.own[:0], p.spans[first:], p.again)
		p.spans = append(p.spans[:first], p.own...)
	}
	return nil
}

// merge appends to dst what two sorted lists have, sorted.
func merge(dst, a, b []Span) []Span {
	for len(a) > 0 && len(b) > 0 {
		if compare(&a[0], &b[0]) <= 0 {
			dst, a = append(dst, a[0]), a[1:]
		} else {
			dst, b = append(dst, b[0]), b[1:]
		}
	}
	return append(append(dst, a...), b...)
}

// find returns the next sign from i on, or the length of the text.
func (e *escapes) find(sign byte, i int) int {
	if n := bytes.IndexByte(e.text[i:], sign); n >= 0 {
		return i + n
	}
	return len(e.text)
}

// read returns the first escape from i on, text[at:end], with what it stands
// for in e.buf, and whether it may hide a value. at is negative if there is
// none.
func (e *escapes) read(i int) (at, end int, wakes bool) {
	for {
		sort := 0
		for s := range e.next {
			if e.next[s] < i {
				if s == spacedDigit {
					e.next[s] = nextSpaced(e.text, i)
				} else {
					e.next[s] = e.find(escapeSigns[s], i)
				}
			}
			if e.next[s] < e.next[sort] {
				sort = s
			}
		}
		at = e.next[sort]
		if at >= len(e.text) {
			return -1, 0, false
		}
		e.buf = e.buf[:0]
		switch sort {
		case backslash:
			end, wakes = e.backslash(at)
		case percent:
			end, wakes = e.percent(at)
		case ampersand:
			end, wakes = e.entity(at)
		case newline:
			at, end, wakes = e.wrap(at)
		case spacedDigit:
			end, wakes = e.spaced(at)
		}
		if end > at && at >= i {
			return at, end, wakes
		}
		i = max(at, i-1) + 1
	}
}

// lineStart returns where the line of at begins, or a bit of it.
func lineStart(text []byte, at int) int {
	from := max(0, at-maxLine)
	return from + bytes.LastIndexByte(text[from:at], '\n') + 1
}

// decodeLine scans text again from from on to the end of the line of the
// escape text[at:end] and of those that follow it closely. It returns where it
// ended.
func (p *pass) decodeLine(e *escapes, from, at, end int) (to int) {
	v := &p.plain
	v.Text, v.buf, v.pieces = p.text, v.buf[:0], v.pieces[:0]
	same := from
	for {
		v.same(p.text, same, at)
		if len(e.buf) > 0 {
			v.pieces = append(v.pieces, piece{int32(len(v.buf)), int32(at), int32(end), false})
			v.buf = append(v.buf, e.buf...)
			if c := e.buf[0]; isSpace(c) || c == '"' || c == '\'' {
				e.part(at, end)
			}
		}
		same = end
		to = end + maxLine
		if n := bytes.IndexByte(p.text[end:min(len(p.text), to)], '\n'); n >= 0 {
			to = end + n
		}
		to = min(to, len(p.text))
		next, nextEnd, _ := e.read(end)
		if next < 0 || next > to {
			break
		}
		at, end = next, nextEnd
	}
	v.same(p.text, same, to)
	sub := p.within(v.buf)
	defer sub.free()
	for _, s := range sub.spans {
		s.Start, s.End = v.Span(sub.view.Span(s.Start, s.End))
		p.again = append(p.again, s)
	}
	clear(v.buf)
	return to
}

// within scans a text that was decoded. The pass it returns has what was
// found, in offsets of its view, and is to be freed.
func (p *pass) within(text []byte) *pass {
	sub := passes.Get().(*pass)
	sub.Engine, sub.nested = p.Engine, true
	sub.view.read(text)
	sub.text, sub.spans = sub.view.Text, sub.own[:0]
	for from := 0; from < len(sub.text); from += chunk {
		sub.scan(from, min(from+chunk, len(sub.text)))
	}
	if sub.custom != nil {
		sub.customs()
	}
	for i := range sub.spans {
		s := &sub.spans[i]
		s.Start, s.End = wholeRunes(sub.text, s.Start, s.End)
	}
	sub.own = sub.spans
	return sub
}

// part moves the ends of findings out of the escape text[at:end].
func (e *escapes) part(at, end int) {
	n := sort.Search(len(e.found), func(n int) bool { return e.found[n].End > at })
	for ; n < len(e.found) && e.found[n].Start < end; n++ {
		if s := &e.found[n]; s.Start > at && s.End > end {
			s.Start = end
		} else if s.Start < at && s.End < end {
			s.End = at
		}
	}
}

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
