package detect

import "regexp/syntax"

// beside is what must stand right before and behind the run of digits that wakes a
// rule. It says no to most numbers long before the rule's pattern does.
type beside struct {
	before, after []asciiSet // of characters, the nearest one first
	edged         [2]bool    // no word goes on before, behind
	most          int        // digits of the run, or 0 if there is no bound
}

// asciiSet is a set of characters of ASCII.
type asciiSet [2]uint64

func (s *asciiSet) add(r rune)      { s[r/64] |= 1 << (r % 64) }
func (s *asciiSet) has(c byte) bool { return s[c/64]>>(c%64)&1 != 0 }
func (s *asciiSet) hasDigit() bool  { return s[0]>>'0'&0x3ff != 0 }

// maxBeside is how many characters are compared on either side.
const maxBeside = 8

// fits reports whether the digits text[start:end] may be what the rule looks for.
// From the first character on that is not ASCII it leaves that to the pattern.
func (b *beside) fits(text []byte, start, end int) bool {
	goesOn := func(c byte) bool { return isWord(c) || c == '_' } // as \b sees it
	if b.most > 0 && end-start > b.most || b.edged[0] && goesOn(byteAt(text, start-1)) || b.edged[1] && goesOn(byteAt(text, end)) {
		return false
	}
	for i := range b.before {
		c := byteAt(text, start-1-i)
		if c >= 0x80 {
			break
		}
		if !b.before[i].has(c) {
			return false
		}
	}
	for i := range b.after {
		c := byteAt(text, end+i)
		if c >= 0x80 {
			break
		}
		if !b.after[i].has(c) {
			return false
		}
	}
	return true
}

// besideDigits returns what stands beside the run of least digits that each match
// of re has. It is nothing where the run may begin within a longer one.
func besideDigits(re *syntax.Regexp, least int) (b beside) {
	all := parts(re)
	from, to := digitParts(all, least)
	if from == to {
		return b
	}
	b.before, b.edged[0] = charsOf(all[:from], true)
	if !b.edged[0] && (len(b.before) == 0 || b.before[0].hasDigit()) {
		return beside{}
	}
	if b.after, b.edged[1] = charsOf(all[to:], false); b.edged[1] || len(b.after) > 0 && !b.after[0].hasDigit() {
		b.most = mostDigits(all[from:to])
	} else {
		b.after = nil
	}
	return b
}

// digitParts returns the parts that make up a run of least digits, from == to if
// there are none.
func digitParts(all []*syntax.Regexp, least int) (from, to int) {
	run := 0
	for i, sub := range all {
		if n := digitsOnly(sub); n > 0 {
			if run == 0 {
				from = i
			}
			if run += n; run >= least {
				to = i + 1
			}
		} else if !zeroWidth(sub) {
			if to > from {
				break
			}
			run = 0
		}
	}
	if to <= from {
		return 0, 0
	}
	return from, to
}

func zeroWidth(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpEmptyMatch, syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText,
		syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return true
	}
	return false
}

// mostDigits is how many digits the parts match at most, or 0 if there is no bound.
func mostDigits(all []*syntax.Regexp) (sum int) {
	for _, sub := range all {
		if zeroWidth(sub) {
			continue
		}
		n := 1
		switch sub.Op {
		case syntax.OpLiteral:
			n = len(sub.Rune)
		case syntax.OpRepeat:
			n = sub.Max * mostDigits(sub.Sub)
		case syntax.OpCharClass:
		default:
			return 0
		}
		if n <= 0 {
			return 0
		}
		sum += n
	}
	return sum
}

// charsOf returns the characters with which the parts begin, or end if backwards,
// as far as they are known one by one, the outermost first; and whether a word
// must begin or end there.
func charsOf(all []*syntax.Regexp, backwards bool) (sets []asciiSet, edged bool) {
	for i := range all {
		sub := all[i]
		if backwards {
			sub = all[len(all)-1-i]
		}
		if zeroWidth(sub) {
			edged = edged || sub.Op == syntax.OpWordBoundary && len(sets) == 0
			continue
		}
		some, more := charsIn(sub, backwards)
		if sets = append(sets, some...); !more || len(sets) >= maxBeside {
			break
		}
	}
	return sets[:min(len(sets), maxBeside)], edged
}

// charsIn is charsOf of one part. more says that these are all of its characters.
func charsIn(re *syntax.Regexp, backwards bool) (sets []asciiSet, more bool) {
	switch re.Op {
	case syntax.OpCapture:
		return charsIn(re.Sub[0], backwards)
	case syntax.OpLiteral:
		for i := range re.Rune {
			r := re.Rune[i]
			if backwards {
				r = re.Rune[len(re.Rune)-1-i]
			}
			sets = append(sets, setOfRune(r, re.Flags&syntax.FoldCase != 0))
		}
		return sets, true
	case syntax.OpCharClass:
		var s asciiSet
		for i := 0; i < len(re.Rune); i += 2 {
			for r := re.Rune[i]; r <= min(re.Rune[i+1], 0x7f); r++ {
				s.add(r)
			}
		}
		return []asciiSet{s}, true
	case syntax.OpPlus:
		sets, _ = charsIn(re.Sub[0], backwards)
		return sets, false
	case syntax.OpRepeat:
		one, more := charsIn(re.Sub[0], backwards)
		switch {
		case re.Min == 0:
			return nil, false
		case !more:
			return one, false
		}
		for range min(re.Min, maxBeside) {
			sets = append(sets, one...)
		}
		return sets, re.Min == re.Max
	}
	return nil, false
}

func setOfRune(r rune, fold bool) (s asciiSet) {
	if r > 0x7f {
		return s
	}
	s.add(r)
	if fold && isLetter(byte(r)) {
		s.add(r ^ 0x20)
	}
	return s
}
