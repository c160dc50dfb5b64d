package detect

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What the rules for addresses have in common: words with their capitals, house
// numbers, and what follows a street.

// wordBefore returns the start of the word that ends at i: letters of any
// script, digits, and the signs that stand in names of streets.
func wordBefore(text []byte, i int) int {
	for start := i; i > 0 && i > start-24; {
		r, n := utf8.DecodeLastRune(text[:i])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '.' && r != '-' && r != '\'' {
			break
		}
		i -= n
	}
	return i
}

// wordEnd returns the end of the word at i.
func wordEnd(text []byte, i int) int {
	for start := i; i < len(text) && i < start+24; {
		r, n := utf8.DecodeRune(text[i:])
		if !unicode.IsLetter(r) && r != '-' && r != '\'' && !(r == '.' && i == start+1) {
			break
		}
		i += n
	}
	return i
}

// capitalAt reports whether a capital stands at i.
func capitalAt(text []byte, i int) bool {
	r, _ := utf8.DecodeRune(text[i:])
	return unicode.IsUpper(r)
}

// numberBefore returns the start of the house number before the space at i-1,
// or i.
func numberBefore(text []byte, i int) int {
	if i < 2 || text[i-1] != ' ' {
		return i
	}
	end := i - 1
	if isLetter(text[end-1]) && end > 1 && isDigit(text[end-2]) {
		end--
	}
	start := back(text, end, classDigit, 6)
	if before := byteAt(text, start-1); start == end || end-start > 5 || isWord(before) || before == '.' || before == ',' || before == '$' || before == '_' || before == ':' {
		return i
	}
	if start > 0 && (text[start-1] == '-' || text[start-1] == '/') && start > 1 && isDigit(text[start-2]) {
		if first := back(text, start-1, classDigit, 5); !isWord(byteAt(text, first-1)) {
			start = first
		}
	}
	return start
}

// houseEnd returns the end of a house number of which the digits end at i.
func houseEnd(text []byte, i int) int {
	if c := byteAt(text, i); c == '-' || c == '/' {
		if next := while(text, i+1, classDigit, 5); next > i+1 && next <= i+5 && !isWord(byteAt(text, next)) && byteAt(text, next) != c {
			i = next // 43-45
		}
	}
	if isLetter(byteAt(text, i)) && !isWord(byteAt(text, i+1)) {
		i++
	}
	return i
}

// houseTail returns the end behind the dot of an abbreviation at i, if a unit
// or a comma follows.
func houseTail(text []byte, i int) int {
	if byteAt(text, i) == '.' && (byteAt(text, i+1) == ',' || byteAt(text, i+1) == ' ' && (isUpper(byteAt(text, i+2)) && unitAt(text, i+2) > 0)) {
		return i + 1
	}
	return i
}

// direction returns the end of "NW" and its like behind a street.
func direction(text []byte, i int) int {
	for _, d := range []string{" NW", " NE", " SW", " SE", " N", " S", " E", " W"} {
		if hasPrefix(text[i:], d) && !isWord(byteAt(text, i+len(d))) {
			return i + len(d)
		}
	}
	return i
}

// unitAt returns the end of a flat's number at i, or 0.
func unitAt(text []byte, i int) int {
	for _, w := range []string{"Suite ", "Apt. ", "Apt ", "Apartment ", "Unit ", "Flat ", "Ste. ", "Ste ", "#"} {
		if hasPrefix(text[i:], w) {
			if end := while(text, i+len(w), classWord, 6); end > i+len(w) && anyDigit(text[i+len(w):end]) {
				return end
			}
		}
	}
	return 0
}

// addressEnd returns the end of what follows a street that ends at i: units,
// towns, states and postal codes, parted by commas or new lines. A town without
// a code behind it counts only behind a comma.
func addressEnd(text []byte, i int) int {
	end := i
	for range 8 {
		next := i
		for next < len(text) && next < i+4 && strings.IndexByte(" ,\n", text[next]) >= 0 {
			next++
		}
		if next == i || next >= len(text) {
			break
		}
		comma := text[i] == ','
		if u := unitAt(text, next); u > 0 {
			i, end = u, u
			continue
		}
		if d := postalEnd(text, next); d > 0 {
			if town := wordEnd(text, d+1); d < len(text) && text[d] == ' ' && isDigit(text[next]) && capitalAt(text, d+1) && town > d+2 {
				d = town // 10115 Berlin
			}
			return d
		}
		if text[i] == ' ' && !comma && end != i {
			break
		}
		if w := while(text, next, classWord, 4); w-next <= 3 && w > next && (byteAt(text, w) == ' ' || byteAt(text, w) == '\n') {
			if d := postalEnd(text, while(text, w, classSpace, 2)); d > 0 { // a state
				return d
			}
		}
		stop, words := next, 0
		for words < 4 && stop < len(text) && capitalAt(text, stop) {
			w := wordEnd(text, stop)
			if w < stop+2 {
				break
			}
			stop = w
			words++
			if byteAt(text, stop) != ' ' || stop+1 >= len(text) || !capitalAt(text, stop+1) {
				break
			}
			stop++
		}
		if words == 0 {
			break
		}
		if comma && end == i {
			end = stop
		}
		i = stop
	}
	return end
}

// postalEnd returns the end of a postal code at i, with the letters of a state
// or of a town's district in it, or 0.
func postalEnd(text []byte, i int) int {
	if d := partedCode(text, i); d > 0 {
		return d
	}
	d := while(text, i, classDigit, 7)
	if n := d - i; n >= 4 && n <= 6 && !isWord(byteAt(text, d)) && byteAt(text, d) != '.' && byteAt(text, d) != ':' {
		return d
	}
	first := while(text, i, classWord, 5)
	if n := first - i; n >= 2 && n <= 4 && byteAt(text, first) == ' ' && isUpper(text[i]) {
		last := while(text, first+1, classWord, 6)
		switch {
		case last-first == 4 && isDigit(text[first+1]) && anyDigit(text[i:first]): // SW1A 2AA
			return last
		case last-first == 6 && digital(text[first+1:last]) && n == 2: // IL 62704
			return last
		}
	}
	return 0
}

// partedCodes are the forms of postal codes with something in them, as Rule.Forms
// has them: of the Netherlands, Sweden and the Czech Republic, Poland, Portugal,
// Brazil, and Canada.
var partedCodes = []string{"9999 aa", "999 99", "99-999", "9999-999", "99999-999", "a9a 9a9"}

// partedCode returns the end of a postal code of one of these forms at i, or 0.
func partedCode(text []byte, i int) int {
	for _, f := range partedCodes {
		end := i + len(f)
		if end > len(text) || isWord(byteAt(text, end)) {
			continue
		}
		ok := true
		for j := range len(f) {
			c := text[i+j]
			ok = ok && (f[j] == '9' && isDigit(c) || f[j] == 'a' && isUpper(c) || f[j] == c)
		}
		if ok {
			return end
		}
	}
	return 0
}
