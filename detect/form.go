package detect

import "strings"

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
	near int // what a word near it is told by, or -1
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
	}
	return behindOther
}

func newFormKey(letters, digits int, next formKey) formKey {
	return formKey(letters)<<8 | formKey(digits)<<3 | next
}

// forms is a table of forms by their keys.
type forms struct {
	byKey [numFormKeys][]form
	some  [numFormKeys / 64]uint64 // bit k: byKey[k] is not empty
}

func (f *forms) has(k formKey) bool { return f.some[k/64]>>(k%64)&1 != 0 }

// add adds all ways to read a row of r.
func (f *forms) add(row string, r *Rule, near int) {
	readings := []string{row}
	if strings.Contains(row, "~") {
		readings = append(readings, strings.ReplaceAll(row, "~", ""))
	}
	for _, s := range readings {
		f.split("", s, r, near)
	}
}

// split looks for the first digit of rest, and makes a form at each place
// where it can be.
func (f *forms) split(head, rest string, r *Rule, near int) {
	if rest == "" {
		return // no digit, if every * is a letter
	}
	switch rest[0] {
	case '9', '*':
		x := form{head, rest, r, near}
		letters := 0
		for letters < len(head) && head[len(head)-1-letters] != '+' && head[len(head)-1-letters] != '~' && isWord(head[len(head)-1-letters]) {
			letters++
		}
		f.keys(x, letters, 0, rest)
		for l := 1; l <= maxFormLetters && r.Glued && head == ""; l++ {
			f.keys(x, l, 0, rest)
		}
		if rest[0] == '*' {
			f.split(head+"a", rest[1:], r, near)
		}
	case '_':
		f.split(head, rest[1:], r, near)
		f.split(head+"+", rest[1:], r, near)
	default:
		f.split(head+rest[:1], rest[1:], r, near)
	}
}

// keys puts x under all keys of texts in which rest follows the digits so far.
func (f *forms) keys(x form, letters, digits int, rest string) {
	put := func(next ...formKey) {
		for _, n := range next {
			k := newFormKey(letters, digits, n)
			if len(f.byKey[k]) == 0 || f.byKey[k][len(f.byKey[k])-1] != x {
				f.byKey[k] = append(f.byKey[k], x)
			}
			f.some[k/64] |= 1 << (k % 64)
		}
	}
	if letters > maxFormLetters || digits > maxFormDigits {
		return
	}
	if rest == "" {
		put(behindOther, behindSpace, behindHyphen, behindDot, behindSlash)
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
		put(behindSpace, behindHyphen, behindDot, behindOther)
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
	for i := range p.forms.byKey[key] {
		x := &p.forms.byKey[key][i]
		if x.rule.Score < p.minScore && !p.nearBy(start, digits).has(x.near) {
			continue
		}
		first, end, id := x.match(p.id[:0], text, at)
		before := first
		if x.rule.Glued {
			before = min(first, start)
		}
		if first < end && whole(text, before, end) && (x.rule.Valid == nil || x.rule.Valid(id)) {
			p.found(x.rule, first, end)
		}
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
