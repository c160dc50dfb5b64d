package detect

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// special reports whether a view has r as another character, or not at all, whatever
// its NFKC form.
func special(r rune) bool {
	if r < 1<<16 {
		return specials[r/64]>>(r%64)&1 != 0
	}
	return asASCII(r) != 0 || hidden(r)
}

// specials are those of the first plane. Between these parts of it are none.
var specials = func() (set [1 << 16 / 64]uint64) {
	for _, part := range [][2]rune{{utf8.RuneSelf, 0x2213}, {0x3000, 0x3165}, {0xa620, 0xac00}, {0xfe00, 1 << 16}} {
		for r := part[0]; r < part[1]; r++ {
			if asASCII(r) != 0 || hidden(r) {
				set[r/64] |= 1 << (r % 64)
			}
		}
	}
	return set
}()

// asASCII returns the ASCII character that stands for r in a view, or 0.
func asASCII(r rune) byte {
	if c := narrow(r); c != 0 {
		return c
	}
	if hyphen(r) {
		return '-'
	}
	if d := digit(r); d >= 0 {
		return '0' + byte(d)
	}
	return 0
}

// inert reports whether r is one of the common characters that NFKC leaves
// alone, that combine with nothing before them, and that are neither digit,
// hyphen nor hidden. It need not know them all: it is here for speed.
func inert(r rune) bool {
	switch {
	case r < 0x80:
		return true
	case r < 0xc0:
		return false
	case r < 0x0132: // Latin
		return true
	case r < 0x0250: // Latin, but for what is made of two letters
		return r > 0x0133 && r != 0x013f && r != 0x0140 && r != 0x0149 && r != 0x017f && !(r >= 0x01c4 && r <= 0x01cc) && !(r >= 0x01f1 && r <= 0x01f3)
	case r < 0x0400:
		return r >= 0x0391 && r <= 0x03c9 && r != 0x03a2 // Greek
	case r < 0x0530:
		return r < 0x0483 || r > 0x0489 // Cyrillic
	case r < 0x1100: // Hebrew, Arabic, Devanagari, Thai
		return r >= 0x05d0 && r <= 0x05ea || r >= 0x0620 && r <= 0x064a || r >= 0x0679 && r <= 0x06d3 ||
			r >= 0x0904 && r <= 0x0939 || r >= 0x093d && r <= 0x094c || r >= 0x0e01 && r <= 0x0e32 || r >= 0x0e34 && r <= 0x0e37 || r >= 0x0e40 && r <= 0x0e47
	case r < 0x2000:
		return false
	case r < 0x2100:
		return r == 0x2014 || r == 0x2018 || r == 0x2019 || r == 0x201c || r == 0x201d || r == 0x2022 || r == 0x20ac
	case r < 0x3100:
		return r >= 0x3001 && r <= 0x3029 || r >= 0x3041 && r <= 0x3094 || r >= 0x30a1 && r <= 0x30fe
	case r < 0xa000:
		return r >= 0x3400 && r <= 0x4dbf || r >= 0x4e00 // Han
	}
	return r >= 0xac00 && r <= 0xd7a3 || r >= 0x1f300 && r <= 0x1f64f // Hangul, emoji
}

// narrow returns the ASCII character of which r is the full-width form, or
// another kind of space, or 0.
func narrow(r rune) byte {
	switch {
	case r >= 0xff01 && r <= 0xff5e:
		return byte(r - 0xff01 + '!')
	case r == 0xa0, r == 0x3000, r >= 0x2000 && r <= 0x200a, r == 0x202f, r == 0x205f:
		return ' '
	}
	return 0
}

// hidden reports whether r shows nothing by itself: format characters,
// variation selectors, fillers and joiners. Values have been written with them
// between their characters to slip past filters.
func hidden(r rune) bool {
	switch {
	case r < 0x600:
		return r == 0xad || r == 0x034f
	case r >= 0x2070 && r < 0xfe00:
		return r == 0x3164
	case r >= 0x180b && r <= 0x180f, // Mongolian selectors
		r >= 0xfe00 && r <= 0xfe0f,   // variation selectors
		r >= 0xe0000 && r <= 0xe0fff, // tags and more selectors
		r == 0x115f, r == 0x1160, r == 0x17b4, r == 0x17b5, r == 0xffa0:
		return true
	}
	return unicode.Is(unicode.Cf, r)
}

// hyphen reports whether r is a dash that people and programs put where a
// number has its "-". The em dash parts sentences and is none.
func hyphen(r rune) bool {
	return r >= 0x2010 && r <= 0x2013 || r == 0x2212 || r == 0xfe63
}

// digit returns the value of a decimal digit of any script, or -1.
func digit(r rune) int {
	switch {
	case r <= '9':
		if r >= '0' {
			return int(r - '0')
		}
		return -1
	case r < 0x660, r >= 0x1d00 && r < 0xa620:
		return -1
	case r < 1<<16:
		return digitIn(unicode.Nd.R16, uint16(r), func(x unicode.Range16) (uint16, uint16) { return x.Lo, x.Hi })
	}
	return digitIn(unicode.Nd.R32, uint32(r), func(x unicode.Range32) (uint32, uint32) { return x.Lo, x.Hi })
}

// digitIn looks r up in ranges of digits, each of which begins with a zero and
// holds whole tens.
func digitIn[R any, N uint16 | uint32](ranges []R, r N, bounds func(R) (N, N)) int {
	n, ok := slices.BinarySearchFunc(ranges, r, func(x R, r N) int {
		lo, hi := bounds(x)
		switch {
		case hi < r:
			return -1
		case lo > r:
			return 1
		}
		return 0
	})
	if !ok {
		return -1
	}
	lo, _ := bounds(ranges[n])
	return int(r-lo) % 10
}

// syllable returns the syllable of Hangul that is written as its two or three
// letters (Unicode, 3.12), or 0.
func syllable(letters []byte) rune {
	lead, n := utf8.DecodeRune(letters)
	vowel, m := utf8.DecodeRune(letters[n:])
	lead, vowel = lead-0x1100, vowel-0x1161
	if lead < 0 || lead >= 19 || vowel < 0 || vowel >= 21 {
		return 0
	}
	r := 0xac00 + (lead*21+vowel)*28
	if n += m; n == len(letters) {
		return r
	}
	tail, m := utf8.DecodeRune(letters[n:])
	if tail -= 0x11a7; n+m != len(letters) || tail <= 0 || tail >= 28 {
		return 0
	}
	return r + tail
}

// passive reports whether text begins with a character that surely changes none
// before it, or is empty. Others may do so even though they do not combine, as
// U+314F, which is a letter of Hangul.
func passive(text []byte) bool {
	if len(text) == 0 {
		return true
	}
	r, _ := utf8.DecodeRune(text)
	return inert(r) || special(r) || r >= 0x1100 && r < 0x1113
}
