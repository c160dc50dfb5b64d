package detect

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// The scan looks at 64 bytes at a time as at one row of bits for each class
// of characters, made with plain 64-bit arithmetic on 8 bytes each. Where a
// number begins, where a sign stands, where a word begins and where a run of
// key characters is long enough then are a few operations on these bits. No
// byte is looked up in a table, and no branch depends on a single byte, until
// something worth looking at is there. Words are told from the many that mean
// nothing by a bitmap of hashes.

const (
	ones = 0x0101010101010101
	high = 0x80 * ones

	step   = 56 // bytes that a window decides on; 8 more are only looked at
	window = 64
	ahead  = window + 8 // bytes that must be readable from where a window begins

	minRun    = 12 // key characters that, within a window, make a run worth a look
	firstSign = ':'
	numSigns  = '@' - ':' + 1
)

// carry is what the byte before a window was, in bit 0 each, and which digits of
// it stood alone.
type carry struct{ word, digit, sign, alone uint64 }

// scan looks at text[from:to], where from is a multiple of step.
func (p *pass) scan(from, to int) {
	full := from
	if n := min(to, len(p.text)-ahead) - from; n > 0 {
		full += (n + step - 1) / step * step
	}
	p.windows(p.text, from, full, 0)
	if full >= to {
		return
	}
	// The end of the text is looked at with zeros behind it.
	var tail [2*step + ahead]byte
	copy(tail[:], p.text[full:])
	p.windows(tail[:], 0, to-full, full)
	clear(tail[:])
}

// windows looks at the windows of buf that begin between from and to. The byte
// at i of buf is the byte at i+base of the text; buf is readable up to the end
// of what the last window looks at.
func (p *pass) windows(buf []byte, from, to, base int) {
	c := p.carry
	var anchors *[256][]needle
	if p.custom != nil {
		anchors = p.custom.anchors.signs
	}
	for i := from; i < to; i += step {
		b := (*[ahead]byte)(buf[i:])
		var word, digit, sign, key, other uint64
		for j := window - 8; j >= 0; j -= 8 {
			x := binary.LittleEndian.Uint64(b[j : j+8])
			ascii := ^x & high
			other |= x
			x &^= high
			folded := x | 0x20*ones
			geColon := x + (0x80-':')*ones
			geLetter := folded + (0x80-'a')*ones
			d := (x + (0x80-'0')*ones) &^ geColon & ascii
			s := geColon &^ (x + (0x80-'A')*ones) & ascii
			w := d | geLetter&^(folded+(0x80-'{')*ones)&ascii
			// classRun: all from "-" to "9", letters, and the signs beside them.
			k := ((x+(0x80-'-')*ones)&^geColon | geLetter) & ascii
			word = word<<8 | gather(w)
			digit = digit<<8 | gather(d)
			sign = sign<<8 | gather(s)
			key = key<<8 | gather(k)
		}
		at := i + base
		first := digit &^ (digit<<1 | c.digit)
		alone := first &^ (digit >> 1)
		if alone&(alone>>2)&(alone>>4)&(alone>>6) != 0 {
			if p.spaced == 0 {
				p.spaced = at + 1
			}
			first &^= row(alone, c.alone)
		}
		run := key & (key >> 1)
		run &= run >> 2
		run &= run >> 4
		run &= run >> (minRun - 8)
		for run != 0 {
			if seen := p.runEnd - at; seen > 0 {
				run &= ^uint64(0) << seen
			}
			if run != 0 {
				p.runs(at + bits.TrailingZeros64(run))
			}
		}
		const decided = 1<<step - 1
		for m := first & decided; m != 0; m &= m - 1 {
			j := bits.TrailingZeros64(m) & 63
			n := bits.TrailingZeros64(^(digit >> j)) // up to 8 are seen here
			p.number(at+j, at+j+n)
		}
		for m := sign &^ (sign<<1 | c.sign) & decided; m != 0; m &= m - 1 {
			p.sign(at + bits.TrailingZeros64(m))
		}
		for m := word &^ (word<<1 | c.word) & decided; m != 0; m &= m - 1 {
			j := bits.TrailingZeros64(m) & 63
			n := bits.TrailingZeros64(^(word >> j)) // up to 8 are seen here
			k := foldKey(binary.LittleEndian.Uint64(b[j:]), n)
			if p.filter.has(k) {
				p.word(at+j, k)
			}
		}
		if anchors != nil {
			for m := key &^ word & decided; m != 0; m &= m - 1 {
				j := bits.TrailingZeros64(m) & 63
				if some := anchors[b[j]]; len(some) > 0 {
					p.anchored(some, at+j)
				}
			}
		}
		if other&high != 0 && p.terms != nil {
			p.otherWords(at, min(at+step, len(p.text)))
		}
		c = carry{word >> (step - 1) & 1, digit >> (step - 1) & 1, sign >> (step - 1) & 1, alone & decided}
	}
	p.carry = c
}

// row returns which of the digits that stand alone have 7 more on either side,
// with one sign between any two: these are numbers in a row, and no number
// begins among them. before are those of the window before.
func row(alone, before uint64) uint64 {
	mid := alone
	for i := 2; i <= 14; i += 2 {
		mid &= (alone<<i | before>>(step-i)) & (alone >> i)
	}
	return mid
}

// gather makes 8 bits of the 8 bytes of x of which only the highest bit may be
// set.
func gather(x uint64) uint64 { return x >> 7 * 0x0002040810204081 >> 49 & 0xff }

// foldKey is the key of a word: its first 8 letters and digits, or as many as
// it has, in lower case. bytes are the 8 bytes from its start, n its length.
func foldKey(bytes uint64, n int) uint64 {
	return (bytes | 0x20*ones) & (1<<(8*n) - 1)
}

// wordKey is the key of the word at the start of text.
func wordKey(text []byte) uint64 {
	var first [8]byte
	n := 0
	for n < copy(first[:], text) && isWord(text[n]) {
		n++
	}
	return foldKey(binary.LittleEndian.Uint64(first[:]), n)
}

// filter is a set of word keys that may err: it has all that were added and
// few of the others.
type filter struct {
	bits  []uint64
	shift uint
}

// newFilter returns a filter that errs on less than one other key in 120.
func newFilter[K ~uint64](keys []K) filter {
	size := max(12, bits.Len(uint(len(keys)))+7) // in bits, as a power of two
	f := filter{make([]uint64, 1<<size/64), uint(64 - size)}
	for _, k := range keys {
		f.add(uint64(k))
	}
	return f
}

func (f *filter) add(key uint64) {
	h := key * 0x9e3779b97f4a7c15 >> f.shift
	f.bits[h/64] |= 1 << (h % 64)
}

func (f *filter) has(key uint64) bool {
	h := key * 0x9e3779b97f4a7c15 >> (f.shift & 63)
	return f.bits[h/64]>>(h%64)&1 != 0
}

// signRule is a rule of a sign, with its Rule.Next.
type signRule struct {
	next class
	rule *Rule
}

// sign wakes the rules of the sign at, and those of the name before it.
func (p *pass) sign(at int) {
	c, next := p.text[at], classes[byteAt(p.text, at+1)]
	for _, x := range p.signs[c-firstSign] {
		if x.next != 0 && x.next&next == 0 {
			continue
		}
		if start, end := x.rule.Match(p.text, at, at+1); start < end {
			p.found(x.rule, start, end)
		}
	}
	if c == ':' || c == '=' || c == '>' || c == '?' && byteAt(p.text, at+1) == '=' {
		p.name(at)
	}
}

// word wakes the rules of the word at, and looks for terms that begin there.
func (p *pass) word(at int, key uint64) {
	if key == intoKey {
		p.into(at)
	}
	for _, r := range p.words[key] {
		end := at
		for end < len(p.text) && end < at+maxWord && isWord(p.text[end]) {
			end++
		}
		if start, end := r.Match(p.text, at, end); start < end {
			p.found(r, start, end)
		}
	}
	if p.custom != nil {
		p.anchored(p.custom.anchors.words[key], at)
	}
	if p.terms != nil {
		p.term(at)
	}
}

// term looks for the longest term that begins with the word at.
func (p *pass) term(at int) {
	r, start, end, buf := p.terms.match(p.text, at, p.fold)
	p.fold = buf
	if r != nil {
		p.found(r, start, end)
	}
}

// otherWords looks for terms at the characters that are not ASCII and begin
// in text[from:to].
func (p *pass) otherWords(from, to int) {
	for i := from; i < to; i++ {
		if p.text[i] < utf8.RuneSelf || !utf8.RuneStart(p.text[i]) {
			continue
		}
		if r, _ := utf8.DecodeRune(p.text[i:]); p.filter.has(runeKey(r)) {
			p.term(i)
		}
	}
}

// maxWord is the length in bytes at which a word that wakes a rule is cut.
const maxWord = 64

// runs looks at the run of key characters that holds the byte at, and wakes
// the rules whose prefix begins it or one of its parts.
func (p *pass) runs(at int) {
	text := p.text
	start := at
	for start > p.runEnd && isRun(text[start-1]) {
		start--
	}
	p.runEnd = while(text, at, classRun, len(text))
	for i := start; i+3 <= p.runEnd; {
		if !isWord(text[i]) {
			i++
			continue
		}
		next := i + 1
		if some := p.prefixes[prefixHash(text[i:])]; len(some) > 0 {
			next = p.prefix(some, i)
		}
		end := while(text, next, classWord, len(text))
		if next == i+1 {
			p.part(i, end)
		}
		i = end
	}
	if p.runEnd-start >= minEncoded && !p.nested {
		p.base64(start)
	}
}

// part wakes the rules of the sign before the part text[at:end] of a run, and
// those of its length.
func (p *pass) part(at, end int) {
	sign := byteAt(p.text, at-1)
	if sign == '.' && end-at < minBehind {
		return // a number
	}
	for _, r := range p.behind[sign] {
		if start, end := r.Match(p.text, at, end); start < end {
			p.found(r, start, end)
		}
	}
	if end-at < minLong {
		return
	}
	for _, r := range p.long {
		if end-at < r.Long {
			continue
		}
		if start, end := r.Match(p.text, at, end); start < end {
			p.found(r, start, end)
		}
	}
}

// minBehind is the least length of what is offered behind a dot.
const minBehind = 3

// minLong is the least length that Rule.Long may ask for.
const minLong = 16

// prefix wakes those of the rules whose prefix begins at. It returns where to
// look on: behind what was found.
func (p *pass) prefix(some []prefixRule, at int) (next int) {
	text := p.text
	next = at + 1
	for _, x := range some {
		if !hasPrefix(text[at:], x.prefix) {
			continue
		}
		start, end := at, at+len(x.prefix)
		if x.rule.Match != nil {
			start, end = x.rule.Match(text, at, end)
		} else {
			if p.keyEnd < end { // so that no stretch is read twice
				p.keyEnd = while(text, end, classKey, len(text))
			}
			end = x.rule.Body.end(text, end, p.keyEnd)
		}
		if start < end {
			p.found(x.rule, start, end)
			next = max(next, end)
		}
	}
	return next
}

// prefixTable holds the prefixes by a hash of their first three bytes.
type prefixTable [512][]prefixRule

type prefixRule struct {
	prefix string
	rule   *Rule
}

func prefixHash(text []byte) uint32 {
	_ = text[2]
	return (uint32(text[0]) | uint32(text[1])<<8 | uint32(text[2])<<16) * 0x9e3779b1 >> 23
}

func hasPrefix(text []byte, prefix string) bool {
	return len(text) >= len(prefix) && string(text[:len(prefix)]) == prefix
}
