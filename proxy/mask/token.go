package mask

import (
	"strings"
	"unicode/utf8"

	"maskit/vault"
)

// recogniser finds tokens in a text that a model wrote. A token is recognised
// anywhere in the form in which it was sent; at the beginning of a word also in
// the forms that models make of it: other letter case, full-width characters,
// and up to maxSkips separators, markdown escapes, emphasis or invisible
// characters between its characters. The characters of the code themselves are
// never guessed.
//
// What a token is, match says, reading on from its first letter. Letters are
// everywhere, so next looks for the digit that a code begins with instead, and
// asks match only where a whole code follows and a label may end before, and not
// where a token stands letter by letter (exact.go).
type recogniser struct {
	labels     [26][]string  // by first letter
	lasts      [256][]string // by last letter
	beginnings beginnings
	starts     [256]bool // bytes that a token can begin with
	ends       [256]bool // bytes that a label can end with, or what may follow it
}

// maxSkips bounds what may stand between the characters of one token, so that
// what a stream keeps back is bounded too.
const maxSkips = 8

// maxToken is the longest form of a token, in bytes: every character of three
// bytes, and every skip too.
const maxToken = 3 * (maxLabel + vault.CodeLen + maxSkips)

// maxLabel is the longest label.
const maxLabel = 12

func newRecogniser(labels []string) *recogniser {
	r := &recogniser{beginnings: newBeginnings(labels)}
	for _, l := range labels {
		i := l[0] - 'A'
		r.labels[i] = append(r.labels[i], l)
		last := l[len(l)-1]
		r.starts[l[0]], r.starts[l[0]|0x20], r.starts[fullWidth] = true, true, true
		r.ends[last], r.ends[last|0x20] = true, true
		r.lasts[last] = append(r.lasts[last], l)
	}
	for c := range r.ends {
		r.ends[c] = r.ends[c] || mayBeSkip(byte(c))
	}
	return r
}

// fullWidth is the first byte of U+FF01..U+FF5E in UTF-8.
const fullWidth = 0xEF

// found is a token in a text: text[start:end].
type found struct {
	start, end int
	code       int                            // where the code begins
	token      [maxLabel + vault.CodeLen]byte // as it was sent: upper case
	n          int                            // length of token
	marks      string                         // emphasis that stood inside of it
	fake       string                         // the surrogate that it is, "" for a token
	fate       fate                           // see resolve
	entry      int                            // of the session, where the fate says that there is one
}

func (f *found) name() []byte {
	if f.fake != "" {
		return []byte(f.fake)
	}
	return f.token[:f.n]
}

// next finds the first token at or after from. prev is the byte before text, 0
// if there is none.
func (r *recogniser) next(prev byte, text []byte, from int) (f found, ok bool) {
	for i := r.nextCode(text, from+1); i < len(text); i = r.nextCode(text, i+1) {
		if f, ok := r.exact(prev, text, from, i); ok {
			return f, true
		}
		if !hasCode(text[i:]) {
			continue
		}
		if start := r.labelBefore(prev, text, from, i); start >= 0 {
			f, _ = r.match(prev, text, start)
			return f, true
		}
	}
	return found{}, false
}

// hasCode says whether b begins with a whole code.
func hasCode(b []byte) bool {
	skips, n := 0, 0
	for i := 0; i < len(b); {
		c, width := fold(b[i:])
		switch {
		case vault.IsCodeByte(c, n == 0):
			if n++; n == vault.CodeLen {
				return true
			}
		case n == 0:
			return false
		default:
			if width, _ = skip(b[i:]); width <= 0 || skips == maxSkips {
				return false
			}
			skips++
		}
		i += width
	}
	return false
}

// labelBefore returns where, not before from, a token begins whose code begins
// at code; -1 if nowhere. A label may be the end of another one, of a kind of the
// organisation's own: the one that stands there letter by letter comes before
// one that does so only with something in between, then the longer.
func (r *recogniser) labelBefore(prev byte, text []byte, from, code int) int {
	best, bestExact := -1, false
	for _, l := range r.lasts[lastLetter(text[from:code])] {
		start := before(text[from:code], l)
		if start < 0 {
			continue
		}
		start += from
		exact := code-start == len(l)
		if best >= 0 && (bestExact && !exact || bestExact == exact && start > best) {
			continue
		}
		if f, state := r.match(prev, text, start); state == whole && f.code == code {
			best, bestExact = start, exact
		}
	}
	return best
}

// lastLetter returns the last character of b that is no skip, as fold does.
func lastLetter(b []byte) byte {
	for range maxSkips + 1 {
		c, n := foldLast(b)
		if 'A' <= c && c <= 'Z' {
			return c
		}
		if n == 0 || !isSkip(b[len(b)-n:]) {
			return 0
		}
		b = b[:len(b)-n]
	}
	return 0
}

// before returns where the label begins with which b ends, skips aside; -1 if it
// does not.
func before(b []byte, label string) int {
	for k, skips := len(label)-1, 0; k >= 0; {
		c, n := foldLast(b)
		switch {
		case n == 0:
			return -1
		case c == label[k]:
			k--
		case skips == maxSkips || !isSkip(b[len(b)-n:]):
			return -1
		default:
			skips++
		}
		b = b[:len(b)-n]
	}
	return len(b)
}

func isSkip(b []byte) bool {
	n, _ := skip(b)
	return n > 0
}

// foldLast reads the last character of b as fold does; n is 0 if b is empty.
func foldLast(b []byte) (c byte, n int) {
	if len(b) == 0 {
		return 0, 0
	}
	if c := b[len(b)-1]; c < utf8.RuneSelf {
		return fold(b[len(b)-1:])
	}
	_, n = utf8.DecodeLastRune(b)
	c, _ = fold(b[len(b)-n:])
	return c, n
}

// hold returns the offset, not before from, from which text may be the
// beginning of a token with one of the labels; len(text) if it is none.
func (r *recogniser) hold(prev byte, text []byte, from int, wanted func(label string) bool) int {
	for i := max(from, len(text)-maxToken); i < len(text); i++ {
		c := text[i]
		if i > 0 {
			prev = text[i-1]
		}
		if !r.starts[c] || 'a' <= c && c <= 'z' && isWord(prev) { // The second is none, as match says.
			continue
		}
		f, state := r.match(prev, text, i)
		if state == part && r.mayBecome(f.name(), wanted) {
			return i
		}
	}
	return len(text)
}

func (r *recogniser) mayBecome(name []byte, wanted func(string) bool) bool {
	if len(name) == 0 {
		return true
	}
	for _, l := range r.labels[name[0]-'A'] {
		k := min(len(l), len(name))
		if l[:k] == string(name[:k]) && (k == len(name) || vault.IsCodeByte(name[k], true)) && wanted(l) {
			return true
		}
	}
	return false
}

// What a text is from some point on.
type state uint8

const (
	none  state = iota // no token
	part               // the beginning of one
	whole              // one
)

// match reads a token at i.
func (r *recogniser) match(prev byte, text []byte, i int) (f found, s state) {
	if i > 0 {
		prev = text[i-1]
	}
	f.start = i
	strict := isWord(prev) // only the form in which it was sent
	label, skips := 0, 0   // label is the label's length once it is known
	key := uint64(0)       // of the letters so far
	for i < len(text) {
		c, n := fold(text[i:])
		if n == 0 {
			return f, part // a character that is cut off
		}
		if strict && c != text[i] {
			return f, none
		}
		switch {
		case label == 0 && 'A' <= c && c <= 'Z' && f.n < maxLabel:
		case label == 0 && vault.IsCodeByte(c, true) && r.beginnings.find(key)&isLabel != 0:
			label, f.code = f.n, i
		case label > 0 && vault.IsCodeByte(c, false):
		default:
			n, mark := skip(text[i:])
			if n == 0 || strict || f.n == 0 || skips == maxSkips {
				return f, none
			}
			if n < 0 {
				return f, part
			}
			if mark {
				f.marks += string(text[i : i+n])
			}
			skips++
			i += n
			continue
		}
		f.token[f.n] = c
		f.n++
		i += n
		if label == 0 {
			if key = key<<letterBits | letter(c); r.beginnings.find(key) == 0 {
				return f, none
			}
		}
		if label > 0 && f.n == label+vault.CodeLen {
			f.end = i
			return f, whole
		}
	}
	return f, part
}

// isWord says whether c is an ASCII letter or digit.
func isWord(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'
}

// fold reads one character: an ASCII letter comes in upper case, a full-width
// form as its ASCII one, anything else as 1. n is 0 if b ends inside of it.
func fold(b []byte) (c byte, n int) {
	c = b[0]
	switch {
	case c < utf8.RuneSelf:
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		return c, 1
	case c != fullWidth:
		return 1, 1
	case !utf8.FullRune(b):
		return 1, 0
	}
	r, n := utf8.DecodeRune(b)
	if '！' <= r && r <= '～' {
		c, _ := fold([]byte{byte(r - '！' + '!')})
		return c, n
	}
	return 1, n
}

// mayBeSkip says whether c may begin a character that may stand inside a token.
func mayBeSkip(c byte) bool {
	n, _ := skip([]byte{c})
	return n != 0 || c >= utf8.RuneSelf
}

// skipped are the characters beyond ASCII that may stand inside a token: soft
// hyphen, no-break spaces, zero-width and joining characters, hyphens.
const skipped = "\u00a0\u00ad\u200b\u200c\u200d\u200e\u200f\u2010\u2011\u202f\u2060\u2061\u2062\u2063\u2064\ufeff"

// skip returns the length of a character that may stand inside a token, 0 if
// there is none, -1 if b ends inside what may be one. mark says that it is
// emphasis, which must stay; an underscore inside a word is none (CommonMark 6.2).
func skip(b []byte) (n int, mark bool) {
	switch c := b[0]; {
	case c == '*' || c == '`' || c == '~':
		return 1, true
	case c == '_' || c == ' ' || c == '-' || c == '\\' || c == '\n' || c == '\r' || c == '\t':
		return 1, false
	case c < utf8.RuneSelf:
		return 0, false
	case !utf8.FullRune(b):
		return -1, false
	}
	r, n := utf8.DecodeRune(b)
	if r != utf8.RuneError && strings.ContainsRune(skipped, r) {
		return n, false
	}
	return 0, false
}
