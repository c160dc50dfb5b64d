package detect

import "strings"

// saidMailRules find e-mail addresses as people write them for people only.
var saidMailRules = []Rule{{
	Name: "email-said", Kind: "EMAIL_OBFUSCATED", Score: 0.7,
	Words: []string{"at"},
	Match: saidMail,
	Hits: []string{
		"write to «kim [at] corp [dot] com», please", "«kim.lee (at) corp (dot) co (dot) uk»", "«kim at corp dot com»", "«kim AT corp DOT com»", "«kim{at}corp{dot}com»", "«kim[at]corp.com»",
	},
	Misses: []string{"meet me at corp.com", "look at this dot", "we met [at] noon", "kim at corp dot 5"},
}}

// saidMail finds the address around the word "at", which stands in brackets or
// has a "dot" behind it.
func saidMail(text []byte, at, end int) (int, int) {
	left, right := at, end
	bracket := strings.IndexByte("[({<", byteAt(text, at-1)) >= 0 && strings.IndexByte("])}>", byteAt(text, end)) >= 0
	if bracket {
		left, right = at-1, end+1
	}
	left, right = back(text, left, classSpace, 1), while(text, right, classSpace, 1)
	start := back(text, left, classLocal, 64)
	if left-start < 2 || !isLetter(text[start]) || !bracket && (left == at || right == end) {
		return 0, 0
	}
	stop, said := while(text, right, classKey, 64), bracket
	last := right
	for dots := 0; stop > right && dots < 5; dots++ {
		next := saidDot(text, stop)
		label := while(text, next, classKey, 24)
		if next == stop || label < next+2 || !isLetter(byteAt(text, next)) {
			if dots == 0 || !said || !isOneOfFold(text[last:stop], domainEnds) {
				return 0, 0
			}
			return start, stop
		}
		said = said || text[stop] != '.'
		last, stop = next, label
	}
	return 0, 0
}

// saidDot returns the end of a dot at i, or of the word for it, or i.
func saidDot(text []byte, i int) int {
	if byteAt(text, i) == '.' && isWord(byteAt(text, i+1)) {
		return i + 1
	}
	j := while(text, i, classSpace, 1)
	for _, dot := range []string{"[dot]", "(dot)", "{dot}", "dot ", "[.]"} {
		if j+len(dot) <= len(text) && lower(text[j:j+len(dot)]) == dot && (dot != "dot " || j > i) {
			return while(text, j+len(dot), classSpace, 1)
		}
	}
	return i
}
