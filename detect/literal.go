package detect

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// What each match of a pattern must have, so that the pattern is only tried
// where that stands: one of some literals, or a run of digits.

const (
	minLiteral  = 3   // bytes: shorter ones stand everywhere
	minRunOf    = 3   // digits, likewise
	maxLiterals = 64  // of one pattern
	maxBounded  = 512 // bytes of a match, beyond which it counts as unbounded
)

// literals returns texts of which each match of re has one at least, folded by
// foldByte, or nil if none are known. The shortest of them is as long as can be.
func literals(re *syntax.Regexp) []string {
	best := longer(nil, exact(re))
	switch re.Op {
	case syntax.OpCapture, syntax.OpPlus:
		return longer(best, literals(re.Sub[0]))
	case syntax.OpRepeat:
		if re.Min > 0 {
			return longer(best, literals(re.Sub[0]))
		}
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			some := literals(sub)
			if some == nil {
				return best
			}
			all = append(all, some...)
		}
		return longer(best, all)
	case syntax.OpConcat:
		run := []string{""}
		for _, sub := range re.Sub {
			best = longer(best, literals(sub))
			if next := product(run, exact(sub)); next != nil {
				run = next
				best = longer(best, run)
				continue
			}
			run = []string{""}
			if e := exact(sub); e != nil {
				run = e
			}
		}
	}
	return best
}

// wordLiterals returns the literals of re, and whether they are how it begins, right
// behind a \b: then they only stand where a word begins.
func wordLiterals(re *syntax.Regexp) literalList {
	list := literalList{texts: literals(re)}
	all := parts(re)
	if list.texts == nil || all[0].Op != syntax.OpWordBoundary {
		return list
	}
	begin := []string{""}
	for _, sub := range all[1:] {
		next := product(begin, exact(sub))
		if next == nil {
			break
		}
		begin = next
	}
	list.begins = slices.Equal(begin, list.texts) && !slices.ContainsFunc(begin, func(s string) bool { return !isWord(s[0]) })
	return list
}

// exact returns all that re can match, folded, or nil if that is much.
func exact(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText,
		syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return []string{""}
	case syntax.OpLiteral:
		text := string(re.Rune)
		if re.Flags&syntax.FoldCase != 0 && strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) {
			return nil // the other case may have other bytes
		}
		return []string{foldBytes(text)}
	case syntax.OpCharClass:
		var all []string
		for i := 0; i < len(re.Rune); i += 2 {
			if re.Rune[i+1] >= utf8.RuneSelf && (re.Rune[i] != re.Rune[i+1]) || re.Rune[i+1]-re.Rune[i] > 4 {
				return nil
			}
			for r := re.Rune[i]; r <= re.Rune[i+1]; r++ {
				all = append(all, foldBytes(string(r)))
			}
		}
		if len(all) > 6 {
			return nil
		}
		return all
	case syntax.OpCapture:
		return exact(re.Sub[0])
	case syntax.OpQuest:
		if e := exact(re.Sub[0]); e != nil {
			return append([]string{""}, e...)
		}
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			e := exact(sub)
			if e == nil || len(all)+len(e) > maxLiterals {
				return nil
			}
			all = append(all, e...)
		}
		return all
	case syntax.OpConcat:
		all := []string{""}
		for _, sub := range re.Sub {
			if all = product(all, exact(sub)); all == nil {
				return nil
			}
		}
		return all
	}
	return nil
}

// product returns each of a followed by each of b, or nil if these are none or
// too many.
func product(a, b []string) []string {
	if len(b) == 0 || len(a)*len(b) > maxLiterals {
		return nil
	}
	var all []string
	for _, x := range a {
		for _, y := range b {
			all = append(all, x+y)
		}
	}
	return all
}

// longer returns the list whose shortest literal is the longer one, if that is
// long enough to be looked for.
func longer(a, b []string) []string {
	if n := shortest(b); len(b) > 0 && len(b) <= maxLiterals && n >= minLiteral && (a == nil || n > shortest(a)) {
		return b
	}
	return a
}

func shortest(list []string) int {
	n := 1 << 30
	for _, s := range list {
		n = min(n, len(s))
	}
	return n
}

// foldByte makes letters of ASCII lower case. It makes some other bytes one as
// well: what is looked for by it must be compared again.
func foldByte(c byte) byte {
	if c < '@' {
		return c // so that no control character becomes a sign or a digit
	}
	return c | 0x20
}

func foldBytes(s string) string {
	b := []byte(s)
	for i := range b {
		b[i] = foldByte(b[i])
	}
	return string(b)
}

// digitRun returns how many digits in a row each match of re has at least.
func digitRun(re *syntax.Regexp) int {
	best, run := 0, 0
	for _, sub := range parts(re) {
		if n := digitsOnly(sub); n > 0 {
			run += n
			best = max(best, run)
			continue
		}
		if e := exact(sub); len(e) == 1 && e[0] == "" {
			continue // \b parts nothing
		}
		run = 0
		switch sub.Op {
		case syntax.OpAlternate:
			least := digitRun(sub.Sub[0])
			for _, x := range sub.Sub[1:] {
				least = min(least, digitRun(x))
			}
			best = max(best, least)
		case syntax.OpPlus:
			best = max(best, digitRun(sub.Sub[0]))
		case syntax.OpRepeat:
			if sub.Min > 0 {
				best = max(best, digitRun(sub.Sub[0]))
			}
		}
	}
	return best
}

// parts are the elements of a sequence, those of captures included.
func parts(re *syntax.Regexp) []*syntax.Regexp {
	switch re.Op {
	case syntax.OpCapture:
		return parts(re.Sub[0])
	case syntax.OpConcat:
		var all []*syntax.Regexp
		for _, sub := range re.Sub {
			all = append(all, parts(sub)...)
		}
		return all
	}
	return []*syntax.Regexp{re}
}

// digitsOnly returns how many digits re matches at least, if it matches nothing
// else.
func digitsOnly(re *syntax.Regexp) int {
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			if r < '0' || r > '9' {
				return 0
			}
		}
		return len(re.Rune)
	case syntax.OpCharClass:
		for i := 0; i < len(re.Rune); i += 2 {
			if re.Rune[i] < '0' || re.Rune[i+1] > '9' {
				return 0
			}
		}
		return min(1, len(re.Rune))
	case syntax.OpPlus, syntax.OpCapture:
		return digitsOnly(re.Sub[0])
	case syntax.OpRepeat:
		return re.Min * digitsOnly(re.Sub[0])
	}
	return 0
}

// longest returns how many bytes a match of re can have, or -1 if there is no
// bound, or a far one.
func longest(re *syntax.Regexp) int {
	sum, most := 0, 0
	for _, sub := range re.Sub {
		n := longest(sub)
		if n < 0 {
			return -1
		}
		sum += n
		most = max(most, n)
	}
	switch re.Op {
	case syntax.OpLiteral:
		if sum = len(string(re.Rune)); re.Flags&syntax.FoldCase != 0 {
			sum = utf8.UTFMax * len(re.Rune) // the other case may have more
		}
	case syntax.OpCharClass:
		if sum = utf8.UTFMax; len(re.Rune) > 0 && re.Rune[len(re.Rune)-1] < utf8.RuneSelf {
			sum = 1
		}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		sum = utf8.UTFMax
	case syntax.OpStar, syntax.OpPlus:
		return -1
	case syntax.OpRepeat:
		if re.Max < 0 {
			return -1
		}
		sum *= re.Max
	case syntax.OpAlternate:
		sum = most
	}
	if sum > maxBounded {
		return -1
	}
	return sum
}

// empty reports whether re can match a text of no length.
func empty(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpLiteral:
		return len(re.Rune) == 0
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL, syntax.OpNoMatch:
		return false
	case syntax.OpCapture, syntax.OpPlus:
		return empty(re.Sub[0])
	case syntax.OpRepeat:
		return re.Min == 0 || empty(re.Sub[0])
	case syntax.OpConcat:
		return !slices.ContainsFunc(re.Sub, func(sub *syntax.Regexp) bool { return !empty(sub) })
	case syntax.OpAlternate:
		return slices.ContainsFunc(re.Sub, empty)
	}
	return true
}

// anchored reports whether a pattern only matches a text as a whole, from its
// start or to its end.
func anchored(re *syntax.Regexp) bool {
	all := parts(re)
	first, last := all[0].Op, all[len(all)-1].Op
	return first == syntax.OpBeginText || last == syntax.OpEndText
}
