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

// formKey is three bits of letters, five of digits in a row, and four of what
// follows.
type formKey uint16

const (
	maxFormLetters = 7
	maxFormDigits  = 31
	maxID          = 40 // characters
	numFormKeys    = 1 << 12
)

// What follows the first digits of a form. Behind a space, a hyphen or a dot it
// matters what comes next, since these stand behind most numbers.
const (
	behindOther  formKey = 0 // nothing that a form has
	behindLetter formKey = 1
	behindSlash  formKey = 2
	behindLine   formKey = 3 // "_"
	behindColon  formKey = 4
	behindSpace  formKey = 5 // with one of the three below added
	behindHyphen formKey = 8
	behindDot    formKey = 11

	thenOther  formKey = 0
	thenDigit  formKey = 1
	thenLetter formKey = 2
)

// behind is the code of c, with next behind it, where the digits end.
func behind(c, next byte) formKey {
	switch c {
	case ' ':
		return behindSpace + then(next)
	case '-':
		return behindHyphen + then(next)
	case '.':
		return behindDot + then(next)
	case '/':
		return behindSlash
	case '_':
		return behindLine
	case ':':
		return behindColon
	}
	if isLetter(c) {
		return behindLetter
	}
	return behindOther
}

func then(c byte) formKey {
	switch {
	case isDigit(c):
		return thenDigit
	case isLetter(c):
		return thenLetter
	}
	return thenOther
}

func newFormKey(letters, digits int, next formKey) formKey {
	return formKey(letters)<<9 | formKey(digits)<<4 | next
}

// forms is a table of forms by their keys.
type forms struct {
	at    [numFormKeys]uint16 // 1 + where in lists those of a key are, or 0
	lists []formLists
}

type formLists struct {
	alone formList // that are certain enough without a word near them
	weak  formList // that are not
}

// formList has the forms of one key, and apart from them, so that many are
// compared in little memory, what of them can be seen at a glance.
type formList struct {
	outlines []outline
	forms    []form
}

// of returns the forms of a key, or nil if there are none.
func (f *forms) of(k formKey) *formLists {
	if f.at[k] == 0 {
		return nil
	}
	return &f.lists[f.at[k]-1]
}

// add adds all ways to read a row of r. Weak ones are those that want a word
// near them.
func (f *forms) add(row string, r *Rule, near int, weak bool) {
	for _, s := range readings(row) {
		f.split("", s, form{rule: r, near: near}, weak)
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
func (f *forms) split(head, rest string, x form, weak bool) {
	if rest == "" {
		return // no digit, if every * is a letter
	}
	if rest[0] != '9' && rest[0] != '*' {
		f.split(head+rest[:1], rest[1:], x, weak)
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
		f.list(k, weak).add(x)
	}
	if rest[0] == '*' {
		f.split(head+"a", rest[1:], x, weak)
	}
}

// list returns the list of a key, which it makes if there is none.
func (f *forms) list(k formKey, weak bool) *formList {
	if f.at[k] == 0 {
		f.lists = append(f.lists, formLists{})
		f.at[k] = uint16(len(f.lists))
	}
	if weak {
		return &f.of(k).weak
	}
	return &f.of(k).alone
}

func (l *formList) add(x form) {
	if !slices.Contains(l.forms, x) {
		l.forms = append(l.forms, x)
		l.outlines = append(l.outlines, x.outline())
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
		return put(behindOther, behindSlash, behindColon,
			behindSpace, behindSpace+thenDigit, behindSpace+thenLetter,
			behindHyphen, behindHyphen+thenDigit, behindHyphen+thenLetter,
			behindDot, behindDot+thenDigit, behindDot+thenLetter)
	}
	next := []byte{0, '0', 'a'} // one of each sort that may stand behind rest[0]
	if len(rest) > 1 {
		switch c := rest[1]; {
		case c == '9' || isDigit(c):
			next = next[1:2]
		case c == 'a' || isLetter(c):
			next = next[2:]
		case c == '*':
			next = next[1:]
		}
	}
	signs := func(signs string) []formKey {
		for _, c := range []byte(signs) {
			for _, n := range next {
				put(behind(c, n))
			}
		}
		return keys
	}
	switch c := rest[0]; c {
	case '9', '0':
		return keysOf(keys, letters, digits+1, rest[1:])
	case '*':
		if digits > 0 {
			put(behindLetter)
		}
		return keysOf(keys, letters, digits+1, rest[1:])
	case '~':
		return signs(" -.")
	case '_':
		return keysOf(signs(" -._"), letters, digits, rest[1:])
	case anySign:
		return signs(" -._")
	default:
		return signs(string(c))
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

// form offers the digits text[at:end], if they are the first of their word, to
// the rules whose forms they can begin.
func (p *pass) form(at, end int) {
	text := p.text
	start := at
	for start > 0 && start >= at-maxFormLetters && isWord(text[start-1]) {
		if start--; isDigit(text[start]) {
			return
		}
	}
	if at-start > maxFormLetters || end-at > maxFormDigits {
		return
	}
	lists := p.forms.of(newFormKey(at-start, end-at, behind(byteAt(text, end), byteAt(text, end+1))))
	if lists == nil {
		return
	}
	seen := outlineOf(text, at)
	alone := &lists.alone
	for i, s := range alone.outlines {
		if s.fits(seen) {
			p.tryForm(&alone.forms[i], start, at)
		}
	}
	var near topics // of the words around, which are read once some form may be meant
	read := false
	weak := &lists.weak
	for i, s := range weak.outlines {
		if !s.fits(seen) {
			continue
		}
		if !read {
			near, read = *p.nearBy(start, end), true
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
