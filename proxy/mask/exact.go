package mask

import (
	"encoding/binary"
	"math/bits"

	"maskit/vault"
)

// Nearly all of a text is no token, and nearly all tokens come back letter by
// letter. So next looks for the digits that codes begin with eight bytes at a
// time, and reads what stands letter by letter without asking match.

const (
	eachByte = 0x0101010101010101
	highBits = 0x80 * eachByte
)

// codeStart marks the bytes with which the first digit of a code may begin.
var codeStart = func() (t [256]bool) {
	for c := range t {
		t[c] = vault.IsCodeByte(byte(c), true) || c == fullWidth
	}
	return t
}()

// nextCode returns where, from i > 0 on, a code may begin, by the bytes around
// there; len(text) if nowhere.
func (r *recogniser) nextCode(text []byte, i int) int {
	end := len(text) - vault.CodeLen + 1 // No code begins there or later.
	for ; i+32 <= end; i += 32 {
		b := (*[32]byte)(text[i:])
		x0, x1 := binary.LittleEndian.Uint64(b[:]), binary.LittleEndian.Uint64(b[8:])
		x2, x3 := binary.LittleEndian.Uint64(b[16:]), binary.LittleEndian.Uint64(b[24:])
		if noDigit(x0)&noDigit(x1)&noDigit(x2)&noDigit(x3)&^(x0|x1|x2|x3)&highBits == highBits {
			continue
		}
		if at := r.nextCodeIn(text, i, i+32); at < i+32 {
			return at
		}
	}
	if at := r.nextCodeIn(text, i, end); at < end {
		return at
	}
	return len(text)
}

// noDigit has the high bit of each byte that is ASCII and not from 0 to ?.
func noDigit(x uint64) uint64 {
	return (x^'0'*eachByte)&(0x70*eachByte) + 0x70*eachByte
}

// nextCodeIn does what nextCode does, up to end.
func (r *recogniser) nextCodeIn(text []byte, i, end int) int {
	for ; i+8 <= end; i += 8 {
		x := binary.LittleEndian.Uint64(text[i:])
		digit := (x ^ '0'*eachByte) & (0xF0 * eachByte) // a byte of it is 0 from 0 to ?
		digit = (digit - eachByte) &^ digit & highBits
		wide := x ^ fullWidth*eachByte
		wide = (wide - eachByte) &^ wide & highBits
		// No label ends in what is from 0 to ?, so of a run of digits the first counts.
		for m := digit&^(digit<<8) | wide; m != 0; m &= m - 1 {
			if at := i + bits.TrailingZeros64(m)/8; r.mayBeCode(text[at-1:]) {
				return at
			}
		}
	}
	for i < end && !r.mayBeCode(text[i-1:]) {
		i++
	}
	return i
}

// mayBeCode says whether a code may begin with the second of these bytes.
func (r *recogniser) mayBeCode(b []byte) bool {
	return len(b) > 2 && codeStart[b[1]] && r.ends[b[0]] && codeForm[b[2]] != 0
}

// codeForm says how a byte may stand in a code, behind its first digit; 0: not
// at all.
var codeForm = func() (t [256]uint8) {
	for c := range t {
		b := byte(c)
		folded, _ := fold([]byte{b})
		switch {
		case vault.IsCodeByte(b, false):
			t[c] = asSent
		case vault.IsCodeByte(folded, false):
			t[c] = inLower
		case c == fullWidth || mayBeSkip(b):
			t[c] = notExact
		}
	}
	return t
}()

const (
	asSent   = 1
	inLower  = 2 // a letter in lower case
	notExact = 4 // what may stand between, or a full-width form
)

// exact reads the token whose code begins with the digit at code, if nothing is
// in between, letter case aside. It begins not before from.
func (r *recogniser) exact(prev byte, text []byte, from, code int) (f found, ok bool) {
	forms := uint8(asSent)
	for _, c := range text[code : code+vault.CodeLen] {
		if codeForm[c]&(asSent|inLower) == 0 {
			return f, false
		}
		forms |= codeForm[c]
	}
	start, end := -1, code+vault.CodeLen
	for i, key := code-1, uint64(0); i >= from && code-i <= maxLabel; i-- {
		c, before := text[i]&^0x20, prev
		if c < 'A' || c > 'Z' {
			break
		}
		if c != text[i] {
			forms |= inLower
		}
		if i > 0 {
			before = text[i-1]
		}
		key |= letter(c) << (letterBits * (code - 1 - i))
		if r.beginnings.find(key)&isLabel != 0 && (forms == asSent || !isWord(before)) {
			start = i // Of labels that end here the longest counts.
		}
	}
	if start < 0 {
		return f, false
	}
	f.start, f.code, f.end, f.n = start, code, end, end-start
	for i, c := range text[start:end] {
		f.token[i], _ = fold([]byte{c})
	}
	return f, true
}

// beginnings are the labels and what they begin with, packed, in a hash table
// with open addressing; 0 is a free place.
type beginnings struct {
	table []uint64
	shift int // from a hash to its place
}

// A packed word has five bits for each letter, the last one lowest, and isLabel
// if it is a whole one.
const (
	letterBits = 5
	isLabel    = 1 << 63
)

func letter(c byte) uint64 { return uint64(c & 0x1F) }

func newBeginnings(labels []string) beginnings {
	words := make(map[uint64]uint64) // without isLabel -> with it
	for _, l := range labels {
		key := uint64(0)
		for i := range len(l) {
			key = key<<letterBits | letter(l[i])
			words[key] |= key
		}
		words[key] |= isLabel
	}
	size := bits.Len(uint(2 * len(words)))
	b := beginnings{make([]uint64, 1<<size), 64 - size}
	for key, w := range words {
		i := b.place(key)
		for b.table[i] != 0 {
			i = (i + 1) % len(b.table)
		}
		b.table[i] = w
	}
	return b
}

func (b *beginnings) place(key uint64) int { return int(key * hashPrime >> b.shift) }

// find returns the word with that key, 0 if there is none.
func (b *beginnings) find(key uint64) uint64 {
	for i := b.place(key); ; i = (i + 1) & (len(b.table) - 1) {
		if w := b.table[i]; w == 0 || w&^isLabel == key {
			return w
		}
	}
}
