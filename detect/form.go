package detect

import (
	"encoding/binary"
	"slices"
	"strings"
)

// Numbers that an authority gives out have a form such as "AA 99 99 99 A". A
// form is woken by its first digit: by how many letters stand right before it
// in its word, how many digits follow in a row, and what comes behind them.
// That is the formKey; a number in a text has one and a form has a few, so
// that of hundreds of forms only those are compared that can match.
//
// In Rule.Forms
//
//	9  is a digit, a a letter, and * either;
//	~  is one of " ", "-" and ".", the same at each place, or nothing at all;
//	_  is likewise, or itself, but each place apart;
//
// and any other character is itself, a letter in either case. What stands for
// 9, a or * makes up the id, which Rule.Valid judges, in upper case.

// form is a way of reading a row of Rule.Forms: with each optional place
// before the first digit decided, and each "~".
type form struct {
	head string // up to the first digit, with "+" for any of " -._"
	tail string // from the first digit
	rule *Rule
	near int  // the topic of the words near it, or -1
	weak bool // wants one of them

	// What tells soon that it cannot be meant: a sign of the head before the
	// letters at the first digit, and how many digits are parted from the first
	// ones by one sign, if that is known.
	gap    bool
	second int
	digits uint16  // bit i: the byte i of tail is a digit
	others uint16  // bit i: it is none
	before [2]byte // what stands before the first digit, the nearer one first; 0 for any of several
}

// formKey is three bits of letters, five of digits in a row, and three of the
// class of what follows.
type formKey uint16

const (
	maxFormLetters = 7
	maxFormDigits  = 31
	maxID          = 40 // characters
	numFormKeys    = 1 << 11
)

// What follows the first digits of a form.
const (
	behindOther  = 0 // nothing that a form has
	behindLetter = 1
	behindSpace  = 2
	behindHyphen = 3
	behindDot    = 4
	behindSlash  = 5
	behindLine   = 6 // "_"
	behindColon  = 7
)

func behind(c byte) formKey {
	switch {
	case isLetter(c):
		return behindLetter
	case c == ' ':
		return behindSpace
	case c == '-':
		return behindHyphen
	case c == '.':
		return behindDot
	case c == '/':
		return behindSlash
	case c == '_':
		return behindLine
	case c == ':':
		return behindColon
	}
	return behindOther
}

func newFormKey(letters, digits int, next formKey) formKey {
	return formKey(letters)<<8 | formKey(digits)<<3 | next
}

// forms is a table of forms by their keys.
type forms struct {
	some  [numFormKeys / 64]uint64 // bit k: there are forms of key k
	alone [numFormKeys][]form      // that are certain enough without a word near them
	weak  [numFormKeys][]form      // that are not
	words [numFormKeys]topics      // which words the weak ones want
}

func (f *forms) has(k formKey) bool { return f.some[k/64]>>(k%64)&1 != 0 }

// add adds all ways to read a row of r.
func (f *forms) add(row string, r *Rule, near int, weak bool) {
	readings := []string{row}
	if strings.Contains(row, "~") {
		readings = append(readings, strings.ReplaceAll(row, "~", ""))
	}
	for _, s := range readings {
		f.split("", s, form{rule: r, near: near, weak: weak})
	}
}

// split looks for the first digit of rest, and makes a form at each place
// where it can be.
func (f *forms) split(head, rest string, x form) {
	if rest == "" {
		return // no digit, if every * is a letter
	}
	switch rest[0] {
	case '9', '*':
		x.head, x.tail, x.second = head, rest, secondDigits(rest)
		x.digits, x.others = digitsOf(rest)
		x.before = beforeDigit(head)
		letters := 0
		for letters < len(head) && head[len(head)-1-letters] != '+' && head[len(head)-1-letters] != '~' && isWord(head[len(head)-1-letters]) {
			letters++
		}
		x.gap = letters < len(head)
		f.keys(x, letters, 0, rest)
		for l := 1; l <= maxFormLetters && x.rule.Glued && head == ""; l++ {
			f.keys(x, l, 0, rest)
		}
		if rest[0] == '*' {
			f.split(head+"a", rest[1:], x)
		}
	case '_':
		f.split(head, rest[1:], x)
		f.split(head+"+", rest[1:], x)
	default:
		f.split(head+rest[:1], rest[1:], x)
	}
}

// secondDigits is how many digits follow the first ones and a sign in a tail,
// or 0 if there may be none, or more in a row.
func secondDigits(tail string) int {
	first := 0
	for first < len(tail) && tail[first] == '9' {
		first++
	}
	if first == len(tail) || strings.IndexByte("~-. /", tail[first]) < 0 {
		return 0
	}
	end := first + 1
	for end < len(tail) && tail[end] == '9' {
		end++
	}
	if end < len(tail) && strings.IndexByte("_*", tail[end]) >= 0 {
		return 0
	}
	return end - first - 1
}

// digitsOf returns which of the first 16 bytes of what a tail matches are
// digits, and which are none, up to the first that may be missing.
func digitsOf(tail string) (digits, others uint16) {
	for i := 0; i < len(tail) && i < 16 && tail[i] != '_'; i++ {
		switch tail[i] {
		case '9':
			digits |= 1 << i
		case '*':
		default:
			others |= 1 << i
		}
	}
	return digits, others
}

// beforeDigit returns the last two bytes of a head, in lower case, as far as
// each can only be one. Those before an optional one are not known.
func beforeDigit(head string) (b [2]byte) {
	for i := range b {
		j := len(head) - 1 - i
		if j < 0 || strings.IndexByte("a*~_+", head[j]) >= 0 {
			break
		}
		b[i] = head[j] | 0x20
	}
	return b
}

// meant reports whether the form may be meant: of a text whose digits are bits,
// with before and second as these of the form.
func (x *form) meant(bits uint16, before [2]byte, gap bool, second int) bool {
	return bits&x.digits == x.digits && bits&x.others == 0 &&
		(x.before[0] == 0 || x.before[0] == before[0]) && (x.before[1] == 0 || x.before[1] == before[1]) &&
		(gap || !x.gap) && (x.second == 0 || x.second == second)
}

// digitBits returns which of the 16 bytes of text from i on are digits.
func digitBits(text []byte, i int) uint16 {
	var b [16]byte
	copy(b[:], text[i:])
	low, upper := binary.LittleEndian.Uint64(b[:8]), binary.LittleEndian.Uint64(b[8:])
	return uint16(gather(digitsIn(low)) | gather(digitsIn(upper))<<8)
}

// digitsIn sets the highest bit of those of 8 bytes that are digits.
func digitsIn(x uint64) uint64 {
	y := x &^ high
	return (y + (0x80-'0')*ones) &^ (y + (0x80-':')*ones) &^ x & high
}

// keys puts x under all keys of texts in which rest follows the digits so far.
func (f *forms) keys(x form, letters, digits int, rest string) {
	put := func(next ...formKey) {
		for _, n := range next {
			k := newFormKey(letters, digits, n)
			list := &f.alone[k]
			if x.weak {
				list = &f.weak[k]
				f.words[k].set(x.near)
			}
			if !slices.Contains(*list, x) {
				*list = append(*list, x)
			}
			f.some[k/64] |= 1 << (k % 64)
		}
	}
	if letters > maxFormLetters || digits > maxFormDigits {
		return
	}
	if rest == "" {
		put(behindOther, behindSpace, behindHyphen, behindDot, behindSlash, behindColon)
		return
	}
	switch c := rest[0]; c {
	case '9':
		f.keys(x, letters, digits+1, rest[1:])
	case '*':
		f.keys(x, letters, digits+1, rest[1:])
		if digits > 0 {
			put(behindLetter)
		}
	case '~':
		put(behindSpace, behindHyphen, behindDot)
	case '_':
		put(behindSpace, behindHyphen, behindDot, behindLine)
		f.keys(x, letters, digits, rest[1:])
	default:
		put(behind(c))
	}
}

// form offers the digit at, if it is the first of its word, to the rules whose
// forms it can begin.
func (p *pass) form(at int) {
	text := p.text
	start := at
	for start > 0 && start >= at-maxFormLetters && isWord(text[start-1]) {
		if start--; isDigit(text[start]) {
			return
		}
	}
	digits := while(text, at, classDigit, maxFormDigits+1)
	if at-start > maxFormLetters || digits-at > maxFormDigits {
		return
	}
	key := newFormKey(at-start, digits-at, behind(byteAt(text, digits)))
	if !p.forms.has(key) {
		return
	}
	before := byteAt(text, start-1)
	gap := before >= 0x80 || strings.IndexByte(" -._/(:$", before) >= 0
	second := while(text, digits+1, classDigit, maxFormDigits) - digits - 1
	bits := digitBits(text, at)
	last := [2]byte{byteAt(text, at-1) | 0x20, byteAt(text, at-2) | 0x20}
	for i := range p.forms.alone[key] {
		if x := &p.forms.alone[key][i]; x.meant(bits, last, gap, second) {
			p.tryForm(x, start, at)
		}
	}
	weak := p.forms.weak[key]
	for len(weak) > 0 && !weak[0].meant(bits, last, gap, second) {
		weak = weak[1:]
	}
	if len(weak) == 0 {
		return // and the words around need not be read
	}
	near := p.nearBy(start, digits)
	if !near.meets(&p.forms.words[key]) {
		return
	}
	seen := *near
	for i := range weak {
		if x := &weak[i]; seen.has(x.near) && x.meant(bits, last, gap, second) {
			p.tryForm(x, start, at)
		}
	}
}

// tryForm looks for the form whose first digit is at, in the word that begins
// at word.
func (p *pass) tryForm(x *form, word, at int) {
	start, end, id := x.match(p.id[:0], p.text, at)
	before := start
	if x.rule.Glued {
		before = min(start, word)
	}
	if start < end && whole(p.text, before, end) && (x.rule.Valid == nil || x.rule.Valid(id)) {
		p.found(x.rule, start, end)
	}
}

// match reads the form whose first digit is at. It returns where it is, or
// nothing if start >= end, and its id appended to id.
func (x *form) match(id, text []byte, at int) (start, end int, _ []byte) {
	if start = at - len(x.head); start < 0 {
		return 0, 0, nil
	}
	sep := byte(0)
	i := start
	for j := range len(x.head) + len(x.tail) {
		var want byte
		if j < len(x.head) {
			want = x.head[j]
		} else {
			want = x.tail[j-len(x.head)]
		}
		c := byteAt(text, i)
		ok := false
		switch want {
		case '9':
			ok = isDigit(c)
		case 'a':
			ok = isLetter(c)
		case '*':
			ok = isWord(c)
		case '_':
			if c != ' ' && c != '-' && c != '.' && c != '_' {
				continue
			}
			ok = true
		case '+':
			ok = c == ' ' || c == '-' || c == '.' || c == '_'
		case '~':
			ok = c == sep || sep == 0 && (c == ' ' || c == '-' || c == '.')
			sep = c
		default:
			ok = c == want || isLetter(want) && c == want|0x20
		}
		if !ok {
			return 0, 0, nil
		}
		if want == '9' || want == 'a' || want == '*' {
			if isLetter(c) {
				c &^= 0x20
			}
			id = append(id, c)
		}
		i++
	}
	return start, i, id
}
