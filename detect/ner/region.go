package ner

import "bytes"

// Programs are full of words that look like names and are none: types, values
// of tables, mnemonics. Masked, they break what an agent is to edit. So where
// something was found, lines are told apart by the signs of code on them and
// near them, and what stands in code has to show more than its score
// (plausible.go). JSON, tables and forms count as prose: names are what they hold.

// region is what a line is part of.
type region uint8

const (
	regionProse   region = iota // and data
	regionComment               // prose amid code
	regionCode
)

// lineSigns are what speaks for code and for prose on one line.
type lineSigns struct {
	code     int32 // points
	prose    bool  // a sentence
	remarked bool  // a comment as a whole
	indented bool
}

// readRegions sets t.regions, once for the tokens at hand and only if something
// was found in them.
func (t *text) readRegions() {
	if t.regionsRead {
		return
	}
	t.regionsRead = true
	t.regions, t.signs = grow(t.regions, len(t.lines)), grow(t.signs, len(t.lines))
	t.readSigns()
	for i := range t.signs {
		s := &t.signs[i]
		code, prose := t.around(i)
		switch {
		case s.remarked:
			t.regions[i] = regionComment
		case s.prose && s.indented && code >= sureCode:
			t.regions[i] = regionComment
		case !s.prose && (s.code >= sureLine || code >= sureCode && code > 2*prose):
			t.regions[i] = regionCode
		default:
			t.regions[i] = regionProse
		}
	}
}

const (
	lineReach = 6 // lines before and behind that tell what a line is
	mostLine  = 3 // points that a line counts at most for its neighbours
	sureLine  = 4 // points of a line that is code by itself
	sureCode  = 6 // points of the neighbourhood of code
)

// around returns the points for code and the lines of prose near line i, its own
// included.
func (t *text) around(i int) (code, prose int32) {
	for j := max(0, i-lineReach); j <= min(len(t.signs)-1, i+lineReach); j++ {
		code += min(t.signs[j].code, mostLine)
		if t.signs[j].prose && !t.signs[j].remarked && !t.signs[j].indented {
			prose++
		}
	}
	return code, prose
}

// readSigns sets t.signs, line by line.
func (t *text) readSigns() {
	clear(t.signs)
	in := t.beginsInside()
	for from := 0; from < len(t.tokens); {
		to := from + 1
		for to < len(t.tokens) && t.tokens[to].line == t.tokens[from].line {
			to++
		}
		s := &t.signs[t.tokens[from].line]
		s.indented = t.indented(from)
		s.remarked = in || t.remark(from)
		in = t.staysInside(in, from, to)
		if !s.remarked {
			t.weigh(s, from, to)
		}
		from = to
	}
}

// signAt reports whether s is written from token i on.
func (t *text) signAt(i int, s string) bool {
	return uint(i) < uint(len(t.tokens)) && bytes.HasPrefix(t.data[t.tokens[i].start:], []byte(s))
}

// beginsInside reports whether the first token is in a comment that ends before
// another begins.
func (t *text) beginsInside() bool {
	for i := range t.tokens {
		if t.tokens[i].shape != shapeSign {
			continue
		}
		switch {
		case t.signAt(i, "/*"):
			return false
		case t.ends(i):
			return true
		}
	}
	return false
}

// ends reports whether the sign at i ends a comment: */, **/.
func (t *text) ends(i int) bool {
	c := &t.tokens[i]
	return t.data[c.start] == '*' && int(c.end) < len(t.data) && t.data[c.end] == '/'
}

// staysInside reports whether the line's end is inside of a comment, when its
// beginning is, or is not.
func (t *text) staysInside(in bool, from, to int) bool {
	for i := from; i < to; i++ {
		if t.tokens[i].shape != shapeSign {
			continue
		}
		switch {
		case in && t.ends(i):
			in = false
		case !in && t.signAt(i, "/*") && t.tokens[i].gap != gapNone:
			in = true
		}
	}
	return in
}

// indented reports whether the line of which i is the first token begins with
// a tab or two spaces.
func (t *text) indented(i int) bool {
	at := int(t.tokens[i].start)
	return at >= 1 && t.data[at-1] == '\t' || at >= 2 && t.data[at-1] == ' ' && t.data[at-2] == ' '
}

// remark reports whether a comment begins with token i, the first of its line.
func (t *text) remark(i int) bool {
	if t.tokens[i].shape != shapeSign {
		return false
	}
	switch t.data[t.tokens[i].start] {
	case '/':
		return t.signAt(i, "//") || t.signAt(i, "/*")
	case '#': // Not a heading, unless another one follows.
		return t.signAt(i, "# ") && t.nextLineIs(i, "#") || t.signAt(i, "#\n") || t.signAt(i, "#!") || t.signAt(i, "#  ")
	case ';':
		return t.signAt(i, ";;")
	case '%':
		return t.signAt(i, "% ") || t.signAt(i, "%%")
	}
	return false
}

// nextLineIs reports whether the line behind token i begins with s.
func (t *text) nextLineIs(i int, s string) bool {
	rest := t.data[t.tokens[i].start:]
	at := bytes.IndexByte(rest, '\n')
	return at >= 0 && bytes.HasPrefix(rest[at+1:], []byte(s))
}

// weigh counts what speaks for code in the tokens [from:to] of a line.
func (t *text) weigh(s *lineSigns, from, to int) {
	l := &t.lines[t.tokens[from].line]
	keys := int32(0)
	for i := from; i < to; i++ {
		c := &t.tokens[i]
		switch {
		case c.shape == shapeName || c.shape == shapeMixed:
			if t.compound(c) {
				s.code++
			}
		case c.shape != shapeSign:
		case t.signAt(i, `":`):
			keys++
		default:
			s.code += t.operator(i, to)
		}
	}
	if l.words <= 4 && to-from >= 2 && kinds[t.tokens[to-1].word] {
		s.code += 2
	}
	if opens[t.tokens[from].word] && (s.code > 0 || l.words <= 4) {
		s.code += 2
	}
	s.prose = l.words >= 4 && 2*l.lower >= l.words && 3*s.code <= l.words
	if !s.prose && closes[t.data[t.tokens[to-1].end-1]] {
		s.code += 2
	}
	if keys > 0 && s.code <= 4*keys { // The values of data are what they are, whatever stands around.
		s.code = 0
	}
}

// compound reports whether the word is one like user_name, userName or
// UserName, and not part of an address, nor a name like McDonald or DeVito.
func (t *text) compound(c *token) bool {
	word := t.data[c.start:c.end]
	for i, b := range word {
		if b == '_' || i > 3 && classes[b] == classUpper && classes[word[i-1]] == classLower {
			return true
		}
	}
	return false
}

// operator returns the points of the sign at i: := == != => -> :: && || +=, and
// what is called or a member.
func (t *text) operator(i, to int) int32 {
	c := &t.tokens[i]
	double := c.end-c.start == 2
	tied := i+1 < to && t.tokens[i+1].gap == gapNone
	switch b := t.data[c.start]; b {
	case '(', '[':
		if c.gap == gapNone && i > 0 && t.tokens[i-1].shape >= shapeAlnum && t.tokens[i-1].shape <= shapeName {
			return 1
		}
	case '.':
		if c.gap == gapNone && tied && i > 0 && t.tokens[i-1].shape >= shapeLower && t.tokens[i+1].shape >= shapeLower {
			return 1
		}
	case '=':
		if double || tied && t.data[t.tokens[i+1].start] == '>' {
			return 2
		}
		return 1
	case ':', '!', '+', '<', '>', '-':
		if b == ':' && double || tied && t.data[t.tokens[i+1].start] == '=' || b == '-' && tied && t.data[t.tokens[i+1].start] == '>' {
			return 2
		}
	case '&', '|':
		if double {
			return 2
		}
	case '{', '}', ';':
		return 1
	}
	return 0
}

// closes are signs with which lines of code end.
var closes = func() (t [256]bool) {
	for _, c := range []byte("{};()[\\") {
		t[c] = true
	}
	return t
}()

// kinds are types, which end the lines of a struct.
var kinds = wordSet("bool", "byte", "rune", "string", "error", "int", "uint", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64", "uintptr")

// opens are words with which lines of code begin.
var opens = wordSet(
	"import", "package", "func", "def", "class", "struct", "return", "const", "var", "let", "type", "public", "private",
	"protected", "static", "void", "int", "elif", "else", "case", "fn", "pub", "impl", "use", "using", "namespace", "if", "for",
	"while", "switch", "try", "except", "catch", "export", "extern", "enum", "interface", "async", "await", "yield", "from", "typedef",
	"template", "typename", "function", "select", "insert", "update", "create", "begin", "end", "unsigned", "char", "float", "double", "bool",
)

func wordSet(words ...string) map[uint64]bool {
	m := make(map[uint64]bool, len(words))
	for _, w := range words {
		m[hashOf(w)] = true
	}
	return m
}
