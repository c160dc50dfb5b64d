package main

import "strings"

// hangul is a foreign name of n parts as Korean writes it by its sound, roughly:
// the letters of a name in Latin letters, syllable by syllable.
func (f *filler) hangul(n int) string {
	lists := []string{"female", "male", "last", "last"}
	parts := make([]string, 0, n)
	for i := range n {
		list := lists[f.r.IntN(2)+2*min(i, 1)]
		langs := []string{"en", "en", "es", "fr", "de", "it"}
		parts = append(parts, spellHangul(ascii(pick(f.r, f.in(list, pick(f.r, langs))))))
	}
	return strings.Join(parts, " ")
}

// Letters by their place among the initial consonants, vowels and finals of a
// syllable, in Unicode's order.
var (
	initials = map[string]int{"g": 0, "n": 2, "d": 3, "r": 5, "l": 5, "m": 6, "b": 7, "v": 7, "s": 9, "": 11, "j": 12, "z": 12, "ch": 14, "k": 15, "c": 15, "q": 15, "x": 15, "t": 16, "th": 16, "p": 17, "f": 17, "ph": 17, "h": 18, "sh": 9, "w": 11, "y": 11}
	vowels   = map[string]int{"a": 0, "ae": 1, "e": 5, "ee": 20, "ea": 20, "i": 20, "o": 8, "oo": 13, "ou": 13, "u": 13, "y": 20, "ai": 5, "ay": 5, "ie": 20, "ei": 5, "au": 8, "ia": 2, "ya": 2, "yo": 12, "yu": 17, "we": 15, "wi": 16, "wa": 9}
	finals   = map[string]int{"n": 4, "l": 8, "m": 16, "ng": 21, "b": 17, "p": 17, "k": 1, "ck": 1, "t": 19}
)

// spellHangul spells a name.
func spellHangul(name string) string {
	var b strings.Builder
	syllable := func(initial, vowel, final int) {
		b.WriteRune(rune(0xac00 + (initial*21+vowel)*28 + final))
	}
	for i := 0; i < len(name); {
		c, n := longest(name[i:], initials, 2)
		if isVowel(name[i]) {
			c, n = initials[""], 0
		}
		i += n
		v, n := longest(name[i:], vowels, 2)
		if n == 0 || !isVowel(name[i]) && name[i] != 'y' && name[i] != 'w' {
			syllable(c, 18, 0) // no vowel: 스, 르, 트
			continue
		}
		i += n
		final, n := 0, 0
		if i < len(name) {
			if x, m := longest(name[i:], finals, 2); m > 0 && (i+m == len(name) || !isVowel(name[i+m])) {
				final, n = x, m
			}
		}
		i += n
		if i < len(name) && name[i] == 'e' && i == len(name)-1 {
			i++ // silent
		}
		syllable(c, v, final)
	}
	return b.String()
}

func isVowel(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }

// longest returns the value of the longest beginning of s that m has, of at
// most n letters, and its length.
func longest(s string, m map[string]int, n int) (int, int) {
	for ; n > 0; n-- {
		if n <= len(s) {
			if v, ok := m[s[:n]]; ok {
				return v, n
			}
		}
	}
	if s == "" {
		return 0, 0
	}
	return initials[""], 1
}
