package detect

import (
	"bytes"
	"encoding/binary"
	"sort"
	"sync"
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
	form   []byte     // the NFKC form of what segment has looked at
	normal int        // up to here the text that is read is in NFKC
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
	v.Text, v.buf, v.pieces, v.normal = text, v.buf[:0], v.pieces[:0], 0
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
	clear(v.form[:cap(v.form)])
	if same == 0 {
		return
	}
	v.same(text, same, len(text))
	v.Text = v.buf
}

// emptied returns a view of nothing with the buffers of v.
func (v *View) emptied() View {
	return View{buf: v.buf[:0], form: v.form[:0], pieces: v.pieces[:0], forms: v.forms}
}

// same appends text[from:to] as it is.
func (v *View) same(text []byte, from, to int) {
	if from == to {
		return
	}
	v.pieces = append(v.pieces, piece{int32(len(v.buf)), int32(from), int32(to), true})
	v.buf = append(v.buf, text[from:to]...)
}

// change appends what becomes of text[from:to]: nothing, an ASCII character, or
// the NFKC form that segment has left.
func (v *View) change(text []byte, from, to int) {
	at := len(v.buf)
	if r, n := utf8.DecodeRune(text[from:to]); n == to-from && special(r) {
		if c := asASCII(r); c != 0 {
			v.buf = append(v.buf, c)
		}
	} else {
		v.buf = appendShown(v.buf, v.form)
	}
	if len(v.buf) > at || len(v.pieces) == 0 {
		v.pieces = append(v.pieces, piece{int32(at), int32(from), int32(to), false})
	}
}

// appendShown appends the characters of a NFKC form as a view has them.
func appendShown(dst, form []byte) []byte {
	for i := 0; i < len(form); {
		r, n := utf8.DecodeRune(form[i:])
		switch d := digit(r); {
		case hidden(r):
		case d >= 0:
			dst = append(dst, '0'+byte(d))
		case hyphen(r):
			dst = append(dst, '-')
		default:
			dst = append(dst, form[i:i+n]...)
		}
		i += n
	}
	return dst
}

// look returns the length of the shortest part of text at i that can be judged
// by itself, and whether it is in the view as it is.
func (v *View) look(text []byte, i int) (n int, keep bool) {
	if i < v.normal {
		return v.lookNormal(text, i)
	}
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
	case special(r):
		if i+n == len(text) || !combines(text[i+n:]) {
			return n, false
		}
	case inert(r):
		if i+n == len(text) || text[i+n] < utf8.RuneSelf {
			return n, true
		}
		if n = inertRun(text[i:]); n > 0 {
			return n, true
		}
	}
	if n, keep = v.short(text[i:]); n > 0 {
		return n, keep
	}
	if v.normal = i + normalSpan(text[i:]); v.normal > i {
		return v.lookNormal(text, i)
	}
	return v.normalise(text[i:])
}

// inertRun returns the length of the inert characters that are not ASCII at the
// start of text, but for the last one if a mark may change it.
func inertRun(text []byte) (n int) {
	last := 0
	for n < len(text) && text[n] >= utf8.RuneSelf {
		r, size := utf8.DecodeRune(text[n:])
		if !inert(r) {
			if n > 0 && combines(text[n:]) {
				return last
			}
			break
		}
		last = n
		n += size
	}
	return n
}

// lookNormal is look where text is in NFKC up to v.normal.
func (v *View) lookNormal(text []byte, i int) (n int, keep bool) {
	for j := i; j < v.normal; {
		if text[j] < utf8.RuneSelf {
			j += asciiRun(text[j:v.normal])
			n = j - i
			continue
		}
		r, size := utf8.DecodeRune(text[j:])
		if special(r) {
			if n > 0 {
				return n, true
			}
			if i+size < len(text) && combines(text[i+size:]) {
				return v.segment(text[i:])
			}
			return size, false
		}
		j += size
		n = j - i
	}
	return n, true
}

// maxNormal is how many bytes are looked at at a time whether they are in NFKC.
const maxNormal = 128

// normalSpan returns how much of text, from its start, is surely in NFKC.
func normalSpan(text []byte) int {
	some := text[:min(len(text), maxNormal)]
	n, _ := norm.NFKC.Span(some, len(some) == len(text)) // The error says why it is not more.
	if n == len(text) {
		return n
	}
	if passive(text[n:]) {
		return n
	}
	// What is next may change the last character, which with its marks is left
	// to segment.
	for end := n; n > 0 && (n == end || combines(text[n:])); {
		_, size := utf8.DecodeLastRune(text[:n])
		n -= size
	}
	return n
}

// segment returns the length of the character at the start of text with all
// that combines with it, and whether it is in NFKC already. If not, form is.
func (v *View) segment(text []byte) (n int, keep bool) {
	if n, keep = v.short(text); n > 0 {
		return n, keep
	}
	return v.normalise(text)
}

// maxMarks is how many marks shortForms has on one letter.
const maxMarks = 2

// short is segment for what is among shortForms, or a letter of ASCII with a mark
// that it is never written with. n is 0 if the text begins with neither.
func (v *View) short(text []byte) (n int, keep bool) {
	_, letter := utf8.DecodeRune(text)
	n = letter
	for marks := 0; n < len(text) && combines(text[n:]); marks++ {
		if marks == maxMarks {
			return 0, false
		}
		_, size := utf8.DecodeRune(text[n:])
		n += size
	}
	if form := shortForms()[string(text[:n])]; form != "" {
		v.form = append(v.form[:0], form...)
		return n, form == string(text[:n])
	}
	if mark, size := utf8.DecodeRune(text[1:n]); letter == 1 && 1+size == n && mark < 0x0340 {
		return n, true
	}
	if r := syllable(text[:n]); r != 0 && passive(text[n:]) {
		v.form = utf8.AppendRune(v.form[:0], r)
		return n, false
	}
	return 0, false
}

// normalise is segment for all others.
func (v *View) normalise(text []byte) (n int, keep bool) {
	n = max(1, norm.NFKC.NextBoundary(text, true))
	v.form = v.nfkc(v.form[:0], text[:n])
	if !bytes.Equal(v.form, text[:n]) {
		return n, false
	}
	for i := 0; i < n; {
		r, size := utf8.DecodeRune(text[i:n])
		if special(r) {
			return n, false
		}
		i += size
	}
	return n, true
}

// shortForms has the NFKC forms of common characters that have another one, and of
// letters with marks behind them. To look them up is many times as fast as to
// normalise.
var shortForms = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	add := func(from, to rune) {
		for r := from; r < to; r++ {
			one := string(r)
			parts := string(norm.NFKC.PropertiesString(one).Decomposition())
			if parts == "" {
				continue
			}
			form := norm.NFKC.String(parts)
			if last, _ := utf8.DecodeLastRuneInString(form); unicode.Is(unicode.Hangul, last) {
				continue // Letters of Hangul combine with what combines does not tell.
			}
			if form != one {
				m[one] = form
			}
			if n := utf8.RuneCountInString(parts); n > 1 && n <= 1+maxMarks {
				m[parts] = form
			}
		}
	}
	add(0xa0, 0x3400)
	add(0xfb00, 0xfff0)
	for kana := rune(0xff66); kana < 0xff9e; kana++ { // of half width, with their marks
		for _, mark := range "\uff9e\uff9f" {
			both := string(kana) + string(mark)
			m[both] = norm.NFKC.String(both)
		}
	}
	return m
})

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
	for ; i+32 <= len(text); i += 32 {
		b := text[i : i+32]
		if (binary.LittleEndian.Uint64(b)|binary.LittleEndian.Uint64(b[8:])|binary.LittleEndian.Uint64(b[16:])|binary.LittleEndian.Uint64(b[24:]))&high != 0 {
			break
		}
	}
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
	r, _ := utf8.DecodeRune(text)
	switch {
	case inert(r), r >= 0x1e00 && r < 0x20d0, r >= 0xfe30 && r < 0xff9e: // punctuation, full-width characters
		return false
	case r >= 0x0300 && r < 0x0370:
		return r != 0x034f
	}
	return !norm.NFKC.Properties(text).BoundaryBefore()
}
