package detect

import (
	"unicode"
	"unicode/utf8"
)

// The folds work on the normalised view, so that a card number in full-width
// digits is the same card.

// foldNone keeps the value: a secret is its bytes.
func foldNone(dst, value []byte) []byte { return append(dst, value...) }

// foldCase writes the value in lower case.
func foldCase(dst, value []byte) []byte {
	return foldRunes(dst, value, unicode.ToLower)
}

// foldDigits keeps the digits only.
func foldDigits(dst, value []byte) []byte {
	return foldRunes(dst, value, func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	})
}

// foldPhone keeps the digits and a leading plus.
func foldPhone(dst, value []byte) []byte {
	return foldRunes(dst, value, func(r rune) rune {
		if r != '+' && (r < '0' || r > '9') {
			return -1
		}
		return r
	})
}

// foldIBAN keeps letters, in upper case, and digits.
func foldIBAN(dst, value []byte) []byte {
	return foldRunes(dst, value, func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		}
		return -1
	})
}

// foldTerm writes a term in lower case with one space for any run of white
// space within it and none around it. Between characters of scripts that do
// not part their words, white space means nothing and is dropped.
func foldTerm(dst, value []byte) []byte {
	space, last, first := false, rune(0), true
	return eachRune(dst, value, func(dst []byte, r rune) []byte {
		if unicode.IsSpace(r) {
			space = true
			return dst
		}
		if space && !first && !(unspaced(last) && unspaced(r)) {
			dst = append(dst, ' ')
		}
		space, first, last = false, false, r
		return utf8.AppendRune(dst, unicode.ToLower(r))
	})
}

// foldRunes appends f of each rune of the normalised value, but those for
// which f is negative.
func foldRunes(dst, value []byte, f func(rune) rune) []byte {
	return eachRune(dst, value, func(dst []byte, r rune) []byte {
		if r = f(r); r < 0 {
			return dst
		}
		return utf8.AppendRune(dst, r)
	})
}

// eachRune calls f with each rune of the normalised value. Bytes that are
// not UTF-8 are kept as they are, so that two different values stay two.
func eachRune(dst, value []byte, f func(dst []byte, r rune) []byte) []byte {
	text := Normalise(value).Text
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && n == 1 {
			dst = append(dst, text[i])
		} else {
			dst = f(dst, r)
		}
		i += n
	}
	return dst
}

// unspaced reports whether r belongs to a script that writes without spaces
// between words, or glues endings to them as Korean does: there each
// character can begin or end a word.
func unspaced(r rune) bool {
	switch {
	case r < 0x0e00:
		return false
	case r <= 0x0eff, // Thai, Lao
		r >= 0x1000 && r <= 0x109f,   // Myanmar
		r >= 0x1100 && r <= 0x11ff,   // Hangul letters
		r >= 0x1780 && r <= 0x17ff,   // Khmer
		r >= 0x2e80 && r <= 0xd7ff,   // Han, Kana, Hangul and their signs
		r >= 0xf900 && r <= 0xfaff,   // Han, for compatibility
		r >= 0xff00 && r <= 0xffef,   // their half and full widths
		r >= 0x20000 && r <= 0x3ffff: // Han, rarer ones
		return true
	}
	return false
}
