package detect

import (
	"bytes"
	"unicode/utf8"
)

// names are the ends of names that wake rules. A name is compared in lower
// case and without what parts its words, so that db_password, DBPassword and
// "DB password" all end in password. An end of up to four letters must be a
// word of its own: "pass" does not end compass.
type names struct {
	ends  map[nameTail][]nameEnd
	other []nameEnd // that are not ASCII
}

type nameEnd struct {
	end  string // its last letter first, unless it is not ASCII
	rule *Rule
}

// nameTail is the last three letters of a name, by which ends are found.
type nameTail uint32

func tailOf(reversed []byte) nameTail {
	return nameTail(reversed[0]) | nameTail(reversed[1])<<8 | nameTail(reversed[2])<<16
}

func (n *names) add(end string, r *Rule) {
	reversed := make([]byte, 0, len(end))
	for i := len(end) - 1; i >= 0; i-- {
		if end[i] >= utf8.RuneSelf {
			n.other = append(n.other, nameEnd{end, r})
			return
		}
		reversed = append(reversed, end[i])
	}
	if n.ends == nil {
		n.ends = map[nameTail][]nameEnd{}
	}
	tail := tailOf(reversed)
	n.ends[tail] = append(n.ends[tail], nameEnd{string(reversed), r})
}

// maxName is how many letters and digits of a name are compared at most.
const maxName = 24

// name is what stands before a ":" or "=", read from its end.
type name struct {
	text   []byte
	at     int // what is before it has not been read
	letter [maxName]byte
	n      int
	breaks uint32 // bit i: letter[i] begins a word
	space  bool
}

// read reads on until the name has n letters, or to its begin. It reports
// whether it has.
func (nm *name) read(n int) bool {
	for nm.n < n && nm.at > 0 {
		c := nm.text[nm.at-1]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeLastRune(nm.text[:nm.at])
			if c = latin(r); c == 0 {
				return false
			}
			nm.letter[nm.n] = c
			nm.n++
			nm.at -= n
			continue
		}
		switch {
		case isWord(c):
			if isUpper(c) {
				c |= 0x20
			}
			nm.letter[nm.n] = c
			if nm.at < 2 || !isWord(nm.text[nm.at-2]) || isUpper(nm.text[nm.at-1]) && !isUpper(nm.text[nm.at-2]) {
				nm.breaks |= 1 << nm.n
			}
			nm.n++
		case nm.n > 0 && (c == '_' || c == '-' || c == '.'):
		case nm.n > 0 && c == ' ' && !nm.space:
			nm.space = true
		default:
			return false
		}
		nm.at--
	}
	return nm.n >= n
}

// ends reports whether the name ends in end, whose last letter is first.
func (nm *name) ends(end string) bool {
	return nm.read(len(end)) && string(nm.letter[:len(end)]) == end &&
		(len(end) > 4 || nm.breaks>>(len(end)-1)&1 != 0)
}

// name wakes the rules of the name before the ":" or "=" at.
func (p *pass) name(at int) {
	end := back(p.text, at, classBehindName, 8)
	if end == 0 {
		return
	}
	if p.text[end-1] >= utf8.RuneSelf {
		for _, x := range p.names.other {
			if bytes.HasSuffix(p.text[:end], []byte(x.end)) {
				p.named(x.rule, at)
			}
		}
		if r, _ := utf8.DecodeLastRune(p.text[:end]); latin(r) == 0 {
			return
		}
	}
	nm := name{text: p.text, at: end}
	if !nm.read(3) {
		return
	}
	var last *Rule
	for _, x := range p.names.ends[tailOf(nm.letter[:])] {
		if x.rule != last && nm.ends(x.end) {
			last = x.rule
			p.named(x.rule, at)
		}
	}
}

func (p *pass) named(r *Rule, at int) {
	if start, end := r.Match(p.text, at, at+1); start < end {
		p.found(r, start, end)
	}
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
