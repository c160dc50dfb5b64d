package ner

import "strings"

// candidates marks the tokens that may be part of an entity. Most words of
// most texts cannot: those in lower case that any dictionary has and no list of
// names, and that do not stand between names. What is no candidate is outside
// for certain, which is most of the speed of the model.
func (t *text) candidates() {
	t.maybe = t.maybe[:0]
	for i := range t.tokens {
		t.maybe = append(t.maybe, t.core(&t.tokens[i]) && !t.called(i))
	}
	// What joins names: of, de, and, hyphens, full stops, numbers of houses.
	n := len(t.maybe)
	for i := range n {
		if t.maybe[i] {
			continue
		}
		tok := &t.tokens[i]
		near := i > 0 && t.maybe[i-1] || i+1 < n && t.maybe[i+1] && t.tokens[i+1].gap < gapPara
		between := i > 0 && i+1 < n && t.maybe[i-1] && t.core(&t.tokens[i+1])
		switch {
		case tok.shape == shapeDigits || tok.shape == shapeAlnum:
			t.maybe[i] = near && tok.end-tok.start <= 8
		case tok.shape == shapeSign:
			t.maybe[i] = between && tok.end-tok.start <= 3
		case tok.shape != shapeLower:
		case tok.end-tok.start <= 5 && between:
			t.maybe[i] = true
		case t.lines[tok.line].style == styleLower:
			// gatwick airport, first bank of ohio
			t.maybe[i] = i > 0 && tok.gap == gapSpace && t.maybe[i-1] && t.core(&t.tokens[i-1]) && tok.end-tok.start <= 12
		}
	}
	// A run of small words and signs between names may be longer than one.
	for i := 1; i+2 < n; i++ {
		if t.maybe[i-1] && !t.maybe[i] && !t.maybe[i+1] && t.maybe[i+2] && t.small(i) && t.small(i+1) {
			t.maybe[i], t.maybe[i+1] = true, true
		}
	}
}

// small reports whether the token may stand within a name without being one.
func (t *text) small(i int) bool {
	c := &t.tokens[i]
	return c.end-c.start <= 3 && c.gap < gapPara && (c.shape == shapeSign || c.shape == shapeLower)
}

// called reports whether the token is part of an expression of a program: x in
// a.x, f( or a[.
func (t *text) called(i int) bool {
	c, next := &t.tokens[i], t.at(i+1)
	if next.gap == gapNone && next.shape == shapeSign && i+1 < len(t.tokens) {
		switch t.data[next.start] {
		case '(', '[':
			return !c.shape.single()
		}
	}
	if i == 0 || c.gap != gapNone || c.shape != shapeLower {
		return false
	}
	b := &t.tokens[i-1]
	return t.data[b.start] == '.' && b.shape == shapeSign && b.gap == gapNone
}

// core reports whether the token may be a name by itself.
func (t *text) core(c *token) bool {
	switch c.shape {
	case shapeSign, shapeDigits, shapeName:
		return false
	case shapeLower:
		switch {
		case c.end-c.start < 2 || c.end-c.start > maxWord:
			return false
		case c.info&(ListFirst|ListLast|ListCity|ListCountry|ListOrg|ListProper) != 0:
			return c.info&ListCommon == 0 || t.lines[c.line].style == styleLower
		case c.info&ListStreet != 0 && t.lines[c.line].style == styleLower:
			return true
		case c.info&ListCommon != 0:
			return false
		case t.lines[c.line].style == styleLower:
			return c.info&ListRare == 0
		}
		return c.info&(ListHuman|ListTown) != 0 && c.info&ListRare == 0 || c.info == 0
	case shapeAlnum:
		return c.end-c.start <= 12
	}
	return c.end-c.start <= maxWord
}

// maxWord is the length in bytes from which a word is no name: base64, hashes.
const maxWord = 40

// links makes the parts of addresses of mail, of URLs, of handles and of paths
// words that are no candidates: what they hold has rules, or is no name.
func (t *text) links() {
	for i := range t.tokens {
		c := &t.tokens[i]
		if c.shape != shapeSign {
			continue
		}
		switch t.data[c.start] {
		case '@':
			t.link(i, t.host(i))
		case '/':
			if c.end-c.start == 2 && i > 0 && c.gap == gapNone && t.data[t.tokens[i-1].start] == ':' || c.gap != gapNone {
				t.link(i, true)
			}
		}
	}
}

// host reports whether a dot stands in what follows the "@" at i, or nothing
// before it: name@example.com and @name, but not Name@COMPANY.
func (t *text) host(i int) bool {
	if t.tokens[i].gap != gapNone || !t.linked(i-1) {
		return true
	}
	for j := i + 1; t.linked(j); j++ {
		if t.data[t.tokens[j].start] == '.' {
			return true
		}
	}
	return false
}

// link makes the words that are joined to the sign at i, before and behind it,
// words like user_name; those before it only if whole.
func (t *text) link(i int, whole bool) {
	if whole {
		for j := i; j > 0 && t.tokens[j].gap == gapNone && t.linked(j-1); j-- {
			t.tokens[j-1].unname()
		}
	}
	for j := i + 1; t.linked(j) && t.tokens[j].gap == gapNone; j++ {
		t.tokens[j].unname()
	}
}

// linked reports whether token i is one that addresses are made of.
func (t *text) linked(i int) bool {
	if uint(i) >= uint(len(t.tokens)) {
		return false
	}
	c := &t.tokens[i]
	return c.shape != shapeSign || strings.IndexByte(".-_+%:/@?=&#~", t.data[c.start]) >= 0
}

// unname makes a word one like user_name.
func (c *token) unname() {
	if c.shape != shapeSign {
		c.shape = shapeName
	}
}
