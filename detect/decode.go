package detect

import (
	"bytes"
	"context"
	"sort"
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

// find returns the next sign from i on, or the length of the text. Of line
// breaks only those count that may be within something.
func (e *escapes) find(sign byte, i int) int {
	for {
		n := bytes.IndexByte(e.text[i:], sign)
		if n < 0 {
			return len(e.text)
		}
		if i += n; sign != '\n' || breaks(byteAt(e.text, i-1)) || breaks(byteAt(e.text, i+1)) {
			return i
		}
		i++
	}
}

// breaks reports whether a value may be broken before or behind c.
func breaks(c byte) bool {
	return isDigit(c) || c == '@' || c == '.' || c == '=' || c == '-' || c == '\r' || c == ' ' || c == '\t'
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
	if sub.custom != nil {
		sub.expectCustoms()
	}
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
	if sub.allow != nil || sub.terms != nil {
		sub.spans = sub.judge(settle(sub.spans), sub.text)
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
