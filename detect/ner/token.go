package ner

import (
	"unicode"
	"unicode/utf8"
)

// token is a word, a number, a sign, or a character of a script that writes no
// spaces (and of Korean, whose particles hang on names).
type token struct {
	start, end int32
	word       uint64 // hash of the text in lower case
	info       Info   // what the table of words knows of it
	shape      shape
	gap        gap   // what stands before it
	line       int32 // the line it stands on, an index of text.lines
}

// shape is how a token is written.
type shape uint8

const (
	shapeSign   shape = iota // punctuation, symbols
	shapeDigits              // 12
	shapeAlnum               // 3rd, B2B, v2
	shapeLower               // maria
	shapeTitle               // Maria
	shapeUpper               // MARIA
	shapeLetter              // M, as in initials
	shapeMixed               // McDonald, iPhone
	shapeName                // user_name: letters joined by underscores
	shapeHangul              // a syllable
	shapeHan                 // a character
	shapeKana                // a character
	shapeOther               // a word of a script without letter case
	numShapes
)

// single reports whether tokens of the shape are characters and not words.
func (s shape) single() bool { return s >= shapeHangul && s <= shapeKana }

// gap is what stands between two tokens.
type gap uint8

const (
	gapNone gap = iota
	gapSpace
	gapLine // one line break
	gapPara // several, or the beginning of the text
)

// line is what is known of the line that a token stands on.
type line struct {
	lower, upper, words, signs int32
	code                       int32 // signs that code is full of
	style                      style
}

// style is how the words of a line are written.
type style uint8

const (
	styleNormal style = iota
	styleLower        // no capital letter
	styleUpper        // nothing but capital letters
	styleTitle        // Most Words Like This
	styleCode         // more signs than prose has
	numStyles
)

// classes of ASCII characters.
const (
	classSign = iota
	classSpace
	classBreak
	classLower
	classUpper
	classDigit
	classUnder
	classHigh // not ASCII
)

var classes = func() (t [256]uint8) {
	for c := range t {
		switch {
		case c >= utf8.RuneSelf:
			t[c] = classHigh
		case c == '\n' || c == '\r':
			t[c] = classBreak
		case c <= ' ' || c == 0x7f:
			t[c] = classSpace
		case c >= 'a' && c <= 'z':
			t[c] = classLower
		case c >= 'A' && c <= 'Z':
			t[c] = classUpper
		case c >= '0' && c <= '9':
			t[c] = classDigit
		case c == '_':
			t[c] = classUnder
		}
	}
	return t
}()

// Hashing: multiplication by an odd constant for each byte, mixed when used.
const (
	hashSeed  = 0x9e3779b97f4a7c15
	hashPrime = 0x100000001b3
)

func mix(h uint64) uint64 {
	h ^= h >> 32
	h *= 0xd6e8feb86659fd93
	return h ^ h>>29
}

// hashOf is the hash that a token with this text, in lower case, has.
func hashOf(lower string) uint64 {
	h := uint64(hashSeed)
	for i := range len(lower) {
		h = (h ^ uint64(lower[i])) * hashPrime
	}
	return mix(h)
}

// maxTokens is how many tokens are looked at together. A longer text is cut at
// the end of a line, if there is one not too far.
const (
	maxTokens  = 1 << 12
	softTokens = maxTokens - 1<<9
)

// tokenise reads tokens of data from the byte at from until it has enough, and
// returns where it stopped.
func (t *text) tokenise(data []byte, from int) int {
	t.data, t.tokens, t.lines = data, t.tokens[:0], append(t.lines[:0], line{})
	before := gapPara
	i := from
	for i < len(data) {
		switch class := classes[data[i]]; class {
		case classSpace:
			before = max(before, gapSpace)
			i++
		case classBreak:
			if len(t.tokens) >= softTokens {
				return i
			}
			if data[i] == '\n' && before < gapPara {
				if before < gapLine {
					before = gapLine
				} else {
					before = gapPara
				}
			} else {
				before = max(before, gapSpace)
			}
			i++
		default:
			if len(t.tokens) >= maxTokens {
				return i
			}
			i = t.token(i, before)
			before = gapNone
		}
	}
	return i
}

// token reads the token that begins at i and returns where it ends.
func (t *text) token(i int, before gap) int {
	if before >= gapLine && len(t.tokens) > 0 {
		t.lines = append(t.lines, line{})
	}
	at := &t.lines[len(t.lines)-1]
	tok := token{start: int32(i), gap: before, line: int32(len(t.lines) - 1)}
	var end int
	switch classes[t.data[i]] {
	case classSign:
		end = t.sign(&tok, i)
	case classHigh:
		end = t.high(&tok, i)
	default:
		end = t.wordAt(&tok, i)
	}
	tok.end = int32(end)
	switch tok.shape {
	case shapeSign:
		at.signs++
		if codeSigns[t.data[i]] {
			at.code++
		}
	case shapeLower:
		at.lower++
		at.words++
	case shapeTitle, shapeMixed:
		at.words++
	case shapeUpper, shapeLetter:
		at.upper++
		at.words++
	case shapeName:
		at.signs += 2
	}
	t.tokens = append(t.tokens, tok)
	return end
}

// codeSigns are signs that prose has few of.
var codeSigns = func() (t [256]bool) {
	for _, c := range []byte("{}();=<>[]&|*\\`") {
		t[c] = true
	}
	return t
}()

// sign reads a run of the same sign, or the end of a word such as 's.
func (t *text) sign(tok *token, i int) int {
	c := t.data[i]
	end := i + 1
	if c == '\'' && tok.gap == gapNone && end < len(t.data) && t.data[end]|0x20 == 's' && !t.letterAt(end+1) {
		tok.word = possessive
		return end + 1
	}
	for end < len(t.data) && t.data[end] == c && end-i < 64 {
		end++
	}
	tok.word = signWords[c]
	if end-i > 1 {
		tok.word++
	}
	return end
}

var possessive = hashOf("'s")

// signWords are the hashes of ASCII characters.
var signWords = func() (t [256]uint64) {
	for c := range t {
		t[c] = hashOf(string([]byte{byte(c)}))
	}
	return t
}()

// letterAt reports whether an ASCII letter, digit or a character beyond ASCII
// stands at i.
func (t *text) letterAt(i int) bool {
	return i < len(t.data) && classes[t.data[i]] >= classLower
}

// high reads a token that begins with a character beyond ASCII.
func (t *text) high(tok *token, i int) int {
	r, n := utf8.DecodeRune(t.data[i:])
	switch {
	case r >= 0xac00 && r <= 0xd7a3:
		tok.shape = shapeHangul
	case r >= 0x4e00 && r <= 0x9fff || r >= 0x3400 && r <= 0x4dbf || r == '々' || r >= 0xf900 && r <= 0xfaff:
		tok.shape = shapeHan
	case r >= 0x3041 && r <= 0x30ff && r != '・':
		tok.shape = shapeKana
	case unicode.IsLetter(r):
		return t.wordAt(tok, i)
	}
	h := uint64(hashSeed)
	for _, c := range t.data[i : i+n] {
		h = (h ^ uint64(c)) * hashPrime
	}
	tok.word = mix(h)
	if r == '’' && tok.gap == gapNone && i+n < len(t.data) && t.data[i+n]|0x20 == 's' && !t.letterAt(i+n+1) {
		tok.word = possessive
		return i + n + 1
	}
	return i + n
}

// wordAt reads letters, digits and underscores, and apostrophes between letters.
func (t *text) wordAt(tok *token, i int) int {
	data := t.data
	h := uint64(hashSeed)
	var lower, upper, digits, under, other int
	firstUpper := false
	start := i
	for i < len(data) {
		c := data[i]
		switch classes[c] {
		case classLower:
			lower++
		case classUpper:
			if i == start {
				firstUpper = true
			}
			upper++
			c |= 0x20
		case classDigit:
			digits++
		case classUnder:
			under++
		case classHigh:
			r, n := utf8.DecodeRune(data[i:])
			if r == '’' && t.apostrophe(i, n, start) {
				h = (h ^ '\'') * hashPrime
				i += n
				continue
			}
			if !unicode.IsLetter(r) && !unicode.IsMark(r) || r >= 0x2e80 && (r >= 0xac00 && r <= 0xd7a3 || r >= 0x4e00 && r <= 0x9fff || r >= 0x3041 && r <= 0x30ff) {
				goto done
			}
			low := unicode.ToLower(r)
			switch {
			case low != r:
				if i == start {
					firstUpper = true
				}
				upper++
			case unicode.IsLower(r):
				lower++
			case unicode.IsLetter(r):
				other++
			}
			var enc [utf8.UTFMax]byte
			for _, c := range enc[:utf8.EncodeRune(enc[:], low)] {
				h = (h ^ uint64(c)) * hashPrime
			}
			i += n
			continue
		case classSign:
			if c != '\'' || !t.apostrophe(i, 1, start) {
				goto done
			}
		default:
			goto done
		}
		h = (h ^ uint64(c)) * hashPrime
		i++
	}
done:
	if i == start { // A character that is no letter after all.
		_, n := utf8.DecodeRune(data[i:])
		i += n
	}
	tok.word = mix(h)
	letters := lower + upper + other
	switch {
	case under > 0:
		tok.shape = shapeName
	case letters == 0:
		tok.shape = shapeDigits
	case digits > 0:
		tok.shape = shapeAlnum
	case other > 0 && upper == 0:
		tok.shape = shapeOther
	case upper == 0:
		tok.shape = shapeLower
	case letters == 1:
		tok.shape = shapeLetter
	case lower == 0:
		tok.shape = shapeUpper
	case firstUpper && upper == 1:
		tok.shape = shapeTitle
	case !firstUpper && data[start] < utf8.RuneSelf: // lenOff
		tok.shape = shapeName
	default:
		tok.shape = shapeMixed
	}
	return i
}

// apostrophe reports whether the apostrophe of n bytes at i stands within a
// word: O'Brien, don't, but not the 's of Maria's.
func (t *text) apostrophe(i, n, start int) bool {
	next := i + n
	if i == start || !t.letterAt(next) || classes[t.data[next]] == classDigit {
		return false
	}
	return t.data[next]|0x20 != 's' || t.letterAt(next+1)
}

// judge sets the style of all lines.
func (t *text) judge() {
	for i := range t.lines {
		l := &t.lines[i]
		switch {
		case l.words > 0 && (l.signs > 4+l.words || l.code >= 3 && 2*l.code > l.words):
			l.style = styleCode
		case l.words == 0:
		case l.lower == l.words:
			l.style = styleLower
		case l.upper == l.words && l.words > 1:
			l.style = styleUpper
		case l.words >= 4 && 3*l.lower <= l.words:
			l.style = styleTitle
		}
	}
}
