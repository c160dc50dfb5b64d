package detect

import (
	"bytes"
	"encoding/binary"
	"slices"
	"sort"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// View is a text as the rules see it: in Unicode's form NFKC, without
// characters that do not show (zero-width, soft hyphen, direction marks), the
// digits of all scripts as 0-9 and the hyphens of all lengths but the longest
// as "-". Span leads back to the bytes of the text as it was given.
//
// Bytes that are not UTF-8 stand for themselves.
type View struct {
	Text []byte // the given text itself if nothing had to change

	buf    []byte
	pieces []piece    // none if nothing had to change
	forms  *norm.Iter // nil until something is normalised
}

// piece says where a part of a view comes from. Dropped characters have none:
// they lie between the end of one piece and the start of the next.
type piece struct {
	view      int32 // where the piece begins in the view; it ends where the next begins
	text, end int32 // where it comes from
	same      bool  // byte for byte; else only the piece as a whole corresponds
}

// Normalise returns the view of text.
func Normalise(text []byte) View {
	var v View
	v.read(text)
	return v
}

// Span returns the part of the given text from which Text[start:end] comes,
// with all of a character that was changed and with what was dropped inside.
// The span must not be empty.
func (v *View) Span(start, end int) (int, int) {
	if len(v.pieces) == 0 {
		return start, end
	}
	p := v.piece(start)
	from := int(p.text)
	if p.same {
		from += start - int(p.view)
	}
	p = v.piece(end - 1)
	to := int(p.end)
	if p.same {
		to = int(p.text) + end - int(p.view)
	}
	return from, to
}

// piece returns the piece that holds the byte at i of the view.
func (v *View) piece(i int) piece {
	n := sort.Search(len(v.pieces), func(n int) bool { return int(v.pieces[n].view) > i })
	return v.pieces[n-1]
}

// read makes v the view of text, in v's own buffers.
func (v *View) read(text []byte) {
	v.Text, v.buf, v.pieces = text, v.buf[:0], v.pieces[:0]
	same := 0 // from here to i nothing has changed
	for i := 0; i < len(text); {
		n, keep := v.look(text, i)
		if keep {
			i += n
			continue
		}
		v.same(text, same, i)
		v.change(text, i, i+n)
		i += n
		same = i
	}
	if v.forms != nil {
		*v.forms = norm.Iter{} // It holds the text.
	}
	if same == 0 {
		return
	}
	v.same(text, same, len(text))
	v.Text = v.buf
}

// emptied returns a view of nothing with the buffers of v.
func (v *View) emptied() View { return View{buf: v.buf[:0], pieces: v.pieces[:0], forms: v.forms} }

// same appends text[from:to] as it is.
func (v *View) same(text []byte, from, to int) {
	if from == to {
		return
	}
	v.pieces = append(v.pieces, piece{int32(len(v.buf)), int32(from), int32(to), true})
	v.buf = append(v.buf, text[from:to]...)
}

// change appends what becomes of text[from:to]: nothing, a digit, a hyphen, or
// its NFKC form.
func (v *View) change(text []byte, from, to int) {
	at := len(v.buf)
	if r, n := utf8.DecodeRune(text[from:to]); n == to-from {
		if c := narrow(r); c != 0 {
			v.buf = append(v.buf, c)
			v.pieces = append(v.pieces, piece{int32(at), int32(from), int32(to), false})
			return
		}
	}
	v.buf = v.nfkc(v.buf, text[from:to])
	out := at
	for i := at; i < len(v.buf); {
		r, n := utf8.DecodeRune(v.buf[i:])
		switch d := digit(r); {
		case hidden(r):
		case d >= 0:
			v.buf[out] = '0' + byte(d)
			out++
		case hyphen(r):
			v.buf[out] = '-'
			out++
		default:
			out += copy(v.buf[out:], v.buf[i:i+n])
		}
		i += n
	}
	v.buf = v.buf[:out]
	if out > at || len(v.pieces) == 0 {
		v.pieces = append(v.pieces, piece{int32(at), int32(from), int32(to), false})
	}
}

// look returns the length of the shortest part of text at i that can be judged
// by itself, and whether it is in the view as it is.
func (v *View) look(text []byte, i int) (n int, keep bool) {
	if text[i] < utf8.RuneSelf {
		n = asciiRun(text[i:])
		if i+n == len(text) || !combines(text[i+n:]) {
			return n, true
		}
		if n > 1 {
			return n - 1, true // all but the letter that takes the mark
		}
		return v.segment(text[i:])
	}
	r, n := utf8.DecodeRune(text[i:])
	switch {
	case r == utf8.RuneError && n == 1:
		return 1, true
	case i+n < len(text) && combines(text[i+n:]):
		return v.segment(text[i:])
	case inert(r):
		return n, true
	case narrow(r) != 0 || hidden(r) || hyphen(r) || digit(r) >= 0:
		return n, false
	}
	return v.segment(text[i:])
}

// segment returns the length of the character at the start of text with all
// that combines with it, and whether it is in NFKC already.
func (v *View) segment(text []byte) (n int, keep bool) {
	n = max(1, norm.NFKC.NextBoundary(text, true))
	var same [64]byte
	if !bytes.Equal(v.nfkc(same[:0], text[:n]), text[:n]) {
		return n, false
	}
	for i := 0; i < n; {
		r, size := utf8.DecodeRune(text[i:n])
		if hidden(r) || hyphen(r) || r >= utf8.RuneSelf && digit(r) >= 0 {
			return n, false
		}
		i += size
	}
	return n, true
}

// nfkc appends the NFKC form of text to dst. The functions of norm that do so
// allocate each time.
func (v *View) nfkc(dst, text []byte) []byte {
	if v.forms == nil {
		v.forms = new(norm.Iter)
	}
	v.forms.Init(norm.NFKC, text)
	for !v.forms.Done() {
		dst = append(dst, v.forms.Next()...)
	}
	return dst
}

// asciiRun returns how many bytes of text are ASCII before the first that is not.
func asciiRun(text []byte) int {
	i := 0
	for ; i+8 <= len(text); i += 8 {
		if binary.LittleEndian.Uint64(text[i:])&high != 0 {
			break
		}
	}
	for i < len(text) && text[i] < utf8.RuneSelf {
		i++
	}
	return i
}

// combines reports whether the first character of text may change the one
// before it.
func combines(text []byte) bool {
	if text[0] < 0xcc { // U+0300 is the first that does
		return false
	}
	if r, _ := utf8.DecodeRune(text); inert(r) {
		return false
	}
	return !norm.NFKC.Properties(text).BoundaryBefore()
}

// inert reports whether r is one of the common characters that NFKC leaves
// alone, that combine with nothing before them, and that are neither digit,
// hyphen nor hidden. It need not know them all: it is here for speed.
func inert(r rune) bool {
	switch {
	case r < 0x80:
		return true
	case r < 0xc0:
		return false
	case r < 0x0132: // Latin
		return true
	case r < 0x0400:
		return r >= 0x0391 && r <= 0x03c9 && r != 0x03a2 // Greek
	case r < 0x0530:
		return r < 0x0483 || r > 0x0489 // Cyrillic
	case r < 0x2000:
		return false
	case r < 0x2100:
		return r == 0x2014 || r == 0x2018 || r == 0x2019 || r == 0x201c || r == 0x201d || r == 0x2022 || r == 0x20ac
	case r < 0x3100:
		return r >= 0x3001 && r <= 0x3029 || r >= 0x3041 && r <= 0x3094 || r >= 0x30a1 && r <= 0x30fe
	case r < 0xa000:
		return r >= 0x3400 && r <= 0x4dbf || r >= 0x4e00 // Han
	}
	return r >= 0xac00 && r <= 0xd7a3 || r >= 0x1f300 && r <= 0x1f64f // Hangul, emoji
}

// narrow returns the ASCII character of which r is the full-width form, or
// another kind of space, or 0.
func narrow(r rune) byte {
	switch {
	case r >= 0xff01 && r <= 0xff5e:
		return byte(r - 0xff01 + '!')
	case r == 0xa0, r == 0x3000, r >= 0x2000 && r <= 0x200a, r == 0x202f, r == 0x205f:
		return ' '
	}
	return 0
}

// hidden reports whether r shows nothing by itself: format characters,
// variation selectors, fillers and joiners. Values have been written with them
// between their characters to slip past filters.
func hidden(r rune) bool {
	switch {
	case r < 0xad:
		return false
	case r >= 0x180b && r <= 0x180f, // Mongolian selectors
		r >= 0xfe00 && r <= 0xfe0f,   // variation selectors
		r >= 0xe0000 && r <= 0xe0fff, // tags and more selectors
		r == 0x034f, r == 0x115f, r == 0x1160, r == 0x17b4, r == 0x17b5, r == 0x3164, r == 0xffa0:
		return true
	}
	return unicode.Is(unicode.Cf, r)
}

// hyphen reports whether r is a dash that people and programs put where a
// number has its "-". The em dash parts sentences and is none.
func hyphen(r rune) bool {
	return r >= 0x2010 && r <= 0x2013 || r == 0x2212 || r == 0xfe63
}

// digit returns the value of a decimal digit of any script, or -1.
func digit(r rune) int {
	switch {
	case r <= '9':
		if r >= '0' {
			return int(r - '0')
		}
		return -1
	case r < 0x660:
		return -1
	case r < 1<<16:
		return digitIn(unicode.Nd.R16, uint16(r), func(x unicode.Range16) (uint16, uint16) { return x.Lo, x.Hi })
	}
	return digitIn(unicode.Nd.R32, uint32(r), func(x unicode.Range32) (uint32, uint32) { return x.Lo, x.Hi })
}

// digitIn looks r up in ranges of digits, each of which begins with a zero and
// holds whole tens.
func digitIn[R any, N uint16 | uint32](ranges []R, r N, bounds func(R) (N, N)) int {
	n, ok := slices.BinarySearchFunc(ranges, r, func(x R, r N) int {
		lo, hi := bounds(x)
		switch {
		case hi < r:
			return -1
		case lo > r:
			return 1
		}
		return 0
	})
	if !ok {
		return -1
	}
	lo, _ := bounds(ranges[n])
	return int(r-lo) % 10
}
