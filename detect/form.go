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
// decided, and each "~" either there or not.
type form struct {
	head string // up to the first digit, with anySign for "_"
	tail string // from the first digit, likewise; a "_" that is left is decided late
	rule *Rule
	near int // the topic of the words near it, or -1
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
	alone [numFormKeys]formList    // that are certain enough without a word near them
	weak  [numFormKeys]formList    // that are not
}

// formList has the forms of one key, and apart from them, so that many are
// compared in little memory, what of them can be seen at a glance.
type formList struct {
	outlines []outline
	forms    []form
}

func (f *forms) has(k formKey) bool { return f.some[k/64]>>(k%64)&1 != 0 }

// add adds all ways to read a row of r. Weak ones are those that want a word
// near them.
func (f *forms) add(row string, r *Rule, near int, weak bool) {
	lists := &f.alone
	if weak {
		lists = &f.weak
	}
	for _, s := range readings(row) {
		f.split("", s, form{rule: r, near: near}, lists)
	}
}

// anySign stands in a form for one of " -._".
const anySign = '^'

// readings returns a row with each "_" as anySign or nothing, as far as an
// outline may reach, and with each "~" as it is or nothing.
func readings(row string) []string {
	if before, after, ok := strings.Cut(row, "_"); ok && len(before) < outlined {
		return append(readings(before+string(anySign)+after), readings(before+after)...)
	}
	if strings.Contains(row, "~") {
		return []string{row, strings.ReplaceAll(row, "~", "")}
	}
	return []string{row}
}

// split looks for the first digit of rest, and makes a form at each place
// where it can be.
func (f *forms) split(head, rest string, x form, lists *[numFormKeys]formList) {
	if rest == "" {
		return // no digit, if every * is a letter
	}
	if rest[0] != '9' && rest[0] != '*' {
		f.split(head+rest[:1], rest[1:], x, lists)
		return
	}
	x.head, x.tail = head, rest
	letters := 0
	for letters < len(head) && isWord(head[len(head)-1-letters]) {
		letters++
	}
	keys := keysOf(nil, letters, 0, rest)
	for l := 1; l <= maxFormLetters && x.rule.Glued && head == ""; l++ {
		keys = keysOf(keys, l, 0, rest)
	}
	for _, k := range keys {
		if list := &lists[k]; !slices.Contains(list.forms, x) {
			list.forms = append(list.forms, x)
			list.outlines = append(list.outlines, x.outline())
			f.some[k/64] |= 1 << (k % 64)
		}
	}
	if rest[0] == '*' {
		f.split(head+"a", rest[1:], x, lists)
	}
}

// keysOf appends the keys of all texts in which rest follows the digits so
// far.
func keysOf(keys []formKey, letters, digits int, rest string) []formKey {
	if letters > maxFormLetters || digits > maxFormDigits {
		return keys
	}
	put := func(next ...formKey) []formKey {
		for _, n := range next {
			keys = append(keys, newFormKey(letters, digits, n))
		}
		return keys
	}
	if rest == "" {
		return put(behindOther, behindSpace, behindHyphen, behindDot, behindSlash, behindColon)
	}
	switch c := rest[0]; c {
	case '9':
		return keysOf(keys, letters, digits+1, rest[1:])
	case '*':
		if digits > 0 {
			put(behindLetter)
		}
		return keysOf(keys, letters, digits+1, rest[1:])
	case '~':
		return put(behindSpace, behindHyphen, behindDot)
	case '_':
		return keysOf(put(behindSpace, behindHyphen, behindDot, behindLine), letters, digits, rest[1:])
	case anySign:
		return put(behindSpace, behindHyphen, behindDot, behindLine)
	default:
		return put(behind(c))
	}
}

// outline is what can be seen of a form, or of a text, at a glance: of the 16
// bytes around the first digit which are digits, which letters or digits, and
// which signs that part groups; and the two bytes before it themselves.
type outline struct{ bits, mask uint64 }

// Where in an outline is what.
const (
	outlined      = 16 // bytes
	outlineBack   = 4  // of them, before the first digit
	outlineDigits = 0
	outlineWord   = 16
	outlineSigns  = 32
	outlineBytes  = 48 // 7 bits, in lower case, for each of two bytes, the nearer one first
	sevenBits     = 0x7f
)

// fits reports whether a text may hold the form. It says no to nearly all that
// do not.
func (s outline) fits(text uint64) bool { return (s.bits^text)&s.mask == 0 }

// outline returns the form's. What stands around the form is no part of a word.
func (x *form) outline() (s outline) {
	is := func(bit int, yes bool) {
		s.mask |= 1 << bit
		if yes {
			s.bits |= 1 << bit
		}
	}
	whole := []byte(x.head + x.tail)
	for i := range outlined {
		j := len(x.head) - outlineBack + i
		if j < -1 || j > len(whole) || j == -1 && x.rule.Glued {
			continue
		}
		c := byteAt(whole, j) // 0 before and behind it
		if c == '_' {
			break
		}
		is(outlineWord+i, isWord(c) || c == '*')
		switch {
		case c == '9' || c == 'a':
			is(outlineDigits+i, c == '9')
		case c == '~':
			is(outlineSigns+i, true)
		case c != anySign && c != 0:
			is(outlineSigns+i, c == ' ' || c == '-' || c == '.')
		}
	}
	for i := range 2 {
		j := len(x.head) - 1 - i
		if j < 0 || strings.IndexByte("a~", x.head[j]) >= 0 || x.head[j] == anySign {
			continue
		}
		s.bits |= uint64((x.head[j]|0x20)&sevenBits) << (outlineBytes + 7*i)
		s.mask |= sevenBits << (outlineBytes + 7*i)
	}
	return s
}

// outlineOf returns the outline of a text around the digit at.
func outlineOf(text []byte, at int) uint64 {
	var edge [outlined]byte
	var around []byte
	if from := at - outlineBack; from >= 0 && from+outlined <= len(text) {
		around = text[from : from+outlined]
	} else {
		copy(edge[max(0, -from):], text[max(0, from):])
		around = edge[:]
	}
	s := classify(binary.LittleEndian.Uint64(around)) | classify(binary.LittleEndian.Uint64(around[8:]))<<8
	return s | uint64((around[outlineBack-1]|0x20)&sevenBits)<<outlineBytes | uint64((around[outlineBack-2]|0x20)&sevenBits)<<(outlineBytes+7)
}

// classify returns what of an outline 8 bytes make up.
func classify(x uint64) uint64 {
	ascii := ^x & high
	x &^= high
	folded := x | 0x20*ones
	digits := (x + (0x80-'0')*ones) &^ (x + (0x80-':')*ones) & ascii
	letters := (folded + (0x80-'a')*ones) &^ (folded + (0x80-'{')*ones) & ascii
	others := (x ^ ' '*ones) + 0x7f*ones // the highest bit is set where there is no space, and so on
	others &= (x ^ '-'*ones) + 0x7f*ones
	others &= (x ^ '.'*ones) + 0x7f*ones
	return gather(digits)<<outlineDigits | gather(digits|letters)<<outlineWord | gather(ascii&^others)<<outlineSigns
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
	seen := outlineOf(text, at)
	alone := &p.forms.alone[key]
	for i, s := range alone.outlines {
		if s.fits(seen) {
			p.tryForm(&alone.forms[i], start, at)
		}
	}
	var near topics // of the words around, which are read once some form may be meant
	read := false
	weak := &p.forms.weak[key]
	for i, s := range weak.outlines {
		if !s.fits(seen) {
			continue
		}
		if !read {
			near, read = *p.nearBy(start, digits), true
		}
		if x := &weak.forms[i]; near.has(x.near) {
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
	if start < end && whole(p.text, before, end) && (x.rule.Valid == nil || x.rule.Valid(id)) && !p.abbreviated(x, start, end) {
		p.found(x.rule, start, end)
	}
}

// abbreviated reports whether text[start:end] looks like the first digits of a
// commit's hash, and no word near it says that it is what the form stands for.
func (p *pass) abbreviated(x *form, start, end int) bool {
	n, letters := end-start, false
	if n < 7 || n > 12 {
		return false
	}
	before := byteAt(p.text, start-1)
	if word := lower(p.text[back(p.text, max(0, start-1), classWord, 8):max(0, start-1)]); before != '`' && before != '/' && word != "merge" && word != "commit" && word != "revert" {
		return false
	}
	if x.near >= 0 && p.nearBy(start, end).has(x.near) {
		return false
	}
	for _, c := range p.text[start:end] {
		if !isDigit(c) && (c < 'a' || c > 'f') {
			return false
		}
		letters = letters || c >= 'a'
	}
	return letters
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
		case anySign:
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
