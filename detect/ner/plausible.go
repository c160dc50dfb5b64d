package ner

// leastCommon is the least score of a word that has another meaning for the most
// part: Will, Fields.
const leastCommon = 0.55

// The least scores of what is found in code.
const (
	leastFull   = 0.6  // a first and a last name
	leastQuoted = 0.85 // one word in a string
	leastRemark = 0.95 // one word in a comment
)

// plausible reports whether what was found at the tokens [from:to] is more than
// a word of a program.
func (t *text) plausible(from, to int, e *Entity) bool {
	if t.foreign(from, to) || t.listing(from) || t.constant(from, to) || t.lettered(from, to) || t.everyday(from, to) && e.Score < leastCommon {
		return false
	}
	t.readRegions()
	r := t.regions[t.tokens[from].line]
	if r == regionProse {
		return true
	}
	if t.joined(from, to) {
		return false
	}
	remark := r == regionComment || t.remarkBefore(from)
	said := remark || t.quoted(from)
	switch e.Class {
	case Person:
		return t.full(from, to) && e.Score >= leastFull ||
			remark && e.Score >= leastRemark && t.listed(from, ListFirst) ||
			!remark && said && e.Score >= leastQuoted && t.listed(from, ListFirst|ListLast)
	case Location: // Countries are values of tables more often than somebody's.
		country := t.tokens[from].info&ListCountry != 0 || t.phrases[from]&phrase(ListCountry) != 0
		return said && e.Score >= leastQuoted && !country && t.listed(from, ListCity|ListTown)
	case Address:
		return said && t.placed(from, to)
	}
	return said && e.Score >= leastQuoted
}

// lettered reports whether all words with a capital are single letters: B to C.
func (t *text) lettered(from, to int) bool {
	letters := 0
	for i := from; i < to; i++ {
		switch c := &t.tokens[i]; {
		case c.shape == shapeLetter:
			letters++
		case c.shape != shapeSign && (c.shape != shapeLower || c.end-c.start > 3):
			return false
		}
	}
	return letters > 1
}

// everyday reports whether the tokens are one word that everybody knows, or a
// sign of no script.
func (t *text) everyday(from, to int) bool {
	c := &t.tokens[from]
	return to == from+1 && (c.info&ListCommon != 0 || c.shape == shapeSign) && !c.shape.single()
}

// placed reports whether one of the tokens is a street or a city.
func (t *text) placed(from, to int) bool {
	for i := from; i < to; i++ {
		if t.tokens[i].info&(ListStreet|ListCity) != 0 {
			return true
		}
	}
	return false
}

// full reports whether the tokens are a first and a last name, as far as lists
// and letter case tell.
func (t *text) full(from, to int) bool {
	words, listed := 0, false
	if t.tokens[from].shape == shapeLower || t.tokens[to-1].shape == shapeLower {
		return false // elif val
	}
	for i := from; i < to; i++ {
		c := &t.tokens[i]
		switch c.shape {
		case shapeLetter, shapeSign:
			continue
		case shapeName, shapeAlnum, shapeDigits:
			return false
		}
		words++
		listed = listed || c.info&(ListFirst|ListLast|ListHuman) != 0
	}
	return listed && (words >= 2 || words == 1 && to-from >= 2 && t.tokens[from].shape == shapeLetter)
}

// listed reports whether a word is on one of the lists and is not another word
// as well.
func (t *text) listed(i int, lists Info) bool {
	return t.tokens[i].info&lists != 0 && t.tokens[i].info&(ListCommon|ListRare) == 0
}

// joined reports whether the tokens are tied to signs as parts of expressions
// are: a.Conn, *Conn, Conn{, [Conn].
func (t *text) joined(from, to int) bool {
	return t.tied(from-1, from, ".*&[{$@#<~!_:/+%") || t.tied(to, to, "([{<*_/:=+")
}

// tied reports whether the sign at i is one of signs, with no gap before at.
func (t *text) tied(i, at int, signs string) bool {
	if uint(i) >= uint(len(t.tokens)) || t.tokens[i].shape != shapeSign || t.tokens[at].gap != gapNone {
		return false
	}
	for j := range len(signs) {
		if signs[j] == t.data[t.tokens[i].start] {
			return true
		}
	}
	return false
}

// constant reports whether the tokens are a word that stands for itself: a tag
// or an option; alone in backticks or marked as code; in lower case or an abbreviation, alone in quotes; or part of
// what hyphens join, in lower case, or alone in quotes on a line.
func (t *text) constant(from, to int) bool {
	one, c := to == from+1, &t.tokens[from]
	if one && (t.tied(from-1, from, "`") && t.tied(to, to, "`") || t.tied(from-1, from, ">") && t.signAt(to, "</code")) {
		return true
	}
	if one && c.shape == shapeLower && (t.tied(from-1, from, "</") && t.tied(to, to, ">") || t.tied(from-1, from, "-") && t.signAt(from-1, "--")) {
		return true // <li>, --all
	}
	short := (c.shape == shapeUpper || c.shape == shapeLower) && c.end-c.start <= 3
	if one && (c.shape == shapeLower || short) && t.alone(from, to) || short && t.tied(from-1, from, `"'`) && t.tied(to, to, `"'`) && !t.tied(from-3, from-2, `"'`) {
		return true
	}
	first, end := from, to
	for first >= 2 && t.tied(first-1, first, "-") && t.tokens[first-1].gap == gapNone {
		first -= 2
	}
	for t.tied(end, end, "-.") && end+1 < len(t.tokens) && t.tokens[end+1].gap == gapNone {
		end += 2
	}
	if one && (first < from || end > to) && c.shape == shapeLower {
		return true
	}
	return end-first >= 3 && t.unspaced(first, end) && t.alone(first, end) && t.at(first-1).gap >= gapLine
}

// alone reports whether the tokens are all that stands in quotes, and no key or
// name of a variable says what they are.
func (t *text) alone(from, to int) bool {
	const quotes = `"'`
	return t.tied(from-1, from, quotes) && t.tied(to, to, quotes) && (t.at(from-1).gap >= gapLine || !t.signAt(from-2, ":") && !t.signAt(from-2, "="))
}

// unspaced reports whether no gaps are between the tokens.
func (t *text) unspaced(from, to int) bool {
	for i := from + 1; i < to; i++ {
		if t.tokens[i].gap != gapNone {
			return false
		}
	}
	return true
}

// foreign reports whether the tokens are no name, wherever they stand: an
// instruction with a register, parts of a path of names.
func (t *text) foreign(from, to int) bool {
	for i := from; i < to; i++ {
		if c := &t.tokens[i]; c.shape == shapeSign && t.data[c.start] == ':' && c.end-c.start == 2 {
			return true
		}
	}
	if c := &t.tokens[from]; c.shape == shapeUpper && (t.tied(to, to, "(") || to == from+1 && c.gap >= gapLine && t.lines[c.line].code > 0 && c.info&nameLists == 0) {
		return true // MOVV 16(R5), R10
	}
	next := t.at(from + 1)
	return (to == from+2 || to == from+1 && t.signAt(from+2, ",")) && t.tokens[from].shape == shapeUpper && next.shape == shapeAlnum &&
		t.tokens[from].info&ListStreet == 0 && classes[t.data[next.start]] == classUpper
}

// listing reports whether the token is one of a long row of Chinese characters
// that is no sentence, as in tables of characters.
func (t *text) listing(at int) bool {
	if t.tokens[at].shape != shapeHan {
		return false
	}
	from, to := at, at+1
	for from > 0 && at-from < listingRow && t.tokens[from].gap == gapNone && t.tokens[from-1].shape == shapeHan {
		from--
	}
	for to < len(t.tokens) && to-at < listingRow && t.tokens[to].gap == gapNone && t.tokens[to].shape == shapeHan {
		to++
	}
	if to-from < listingRow/2 {
		return false
	}
	said := 0
	for i := from; i < to; i++ {
		if particles[t.tokens[i].word] {
			said++
		}
	}
	return said*listingRow/2 < to-from
}

// listingRow is how many characters are looked at before and behind one; of a
// sentence, at least one of half as many is a particle.
const listingRow = 48

var particles = wordSet("的", "了", "在", "是", "和", "我", "他", "她", "你", "们", "們", "這", "这", "有", "于", "於", "与", "與", "为", "為", "及", "年", "月")

// quoted reports whether quotes are open on the line before the token.
func (t *text) quoted(from int) bool {
	line, open := t.tokens[from].line, byte(0)
	first := from
	for first > 0 && t.tokens[first-1].line == line {
		first--
	}
	for i := first; i < from; i++ {
		if t.tokens[i].shape != shapeSign {
			continue
		}
		switch b := t.data[t.tokens[i].start]; b {
		case '"', '\'', '`':
			switch {
			case open == 0 && (t.tokens[i].end-t.tokens[i].start)%2 == 1:
				open = b
			case open == b:
				open = 0
			}
		}
	}
	return open != 0
}

// remarkBefore reports whether a comment begins before the token on its line.
func (t *text) remarkBefore(from int) bool {
	line := t.tokens[from].line
	for i := from - 1; i > 0 && t.tokens[i].line == line; i-- {
		if t.tokens[i].shape == shapeSign && t.tokens[i].gap != gapNone && (t.signAt(i, "//") || t.signAt(i, "# ") || t.signAt(i, "/*") || t.signAt(i, "-- ")) {
			return true
		}
	}
	return false
}
