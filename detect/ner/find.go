package ner

// Find appends the entities of data to dst, in order and without overlap. It
// works in time linear in the length of data and takes bytes that are not UTF-8.
func (m *Model) Find(dst []Entity, data []byte) []Entity {
	if !mayHoldNames(data) {
		return dst
	}
	t := texts.Get().(*text)
	defer t.free()
	for from := 0; from < len(data); {
		from = t.tokenise(data, from)
		dst = m.findIn(dst, t, m.score)
	}
	return dst
}

// mayHoldNames reports whether there are two letters in a row.
func mayHoldNames(data []byte) bool {
	row := 0
	for _, c := range data {
		switch classes[c] {
		case classHigh:
			return true
		case classLower, classUpper:
			if row++; row == 2 {
				return true
			}
		default:
			row = 0
		}
	}
	return false
}

// findIn appends the entities of the tokens of t. The function score sets
// t.scores of a run of candidates.
func (m *Model) findIn(dst []Entity, t *text, score func(t *text, from, to int)) []Entity {
	t.prepare(&m.words)
	t.regionsRead = false
	t.tags = grow(t.tags, len(t.tokens))
	first := len(dst)
	for i := 0; i < len(t.tokens); {
		if !t.maybe[i] {
			t.tags[i] = outside
			i++
			continue
		}
		end := t.run(i)
		t.scores = grow(t.scores, end-i)
		score(t, i, end)
		if m.decode(t, i, end) {
			m.marginals(t, i, end)
			dst = m.entities(dst, t, i, end)
		}
		i = end
	}
	return t.mentions(t.senders(dst, first), first)
}

// prepare sets all that features are made of.
func (t *text) prepare(w *words) {
	t.links()
	t.judge()
	t.look(w)
	t.candidates()
}

// maxRun is how many candidates are decoded together.
const maxRun = 256

// run returns where the run of candidates from i ends.
func (t *text) run(i int) int {
	end := i + 1
	for end < len(t.tokens) && end-i < maxRun && t.maybe[end] && t.tokens[end].gap < gapPara {
		end++
	}
	return end
}

// entities appends those that the tags of a run say.
func (m *Model) entities(dst []Entity, t *text, from, to int) []Entity {
	for i := from; i < to; i++ {
		if t.tags[i] == outside {
			continue
		}
		c, start := t.tags[i].class(), i
		p := t.marginal[i-from][c]
		for i+1 < to && (t.tags[i].open() || t.goesOn(i, c)) {
			i++
			p = min(p, t.marginal[i-from][c])
		}
		if c == Person {
			start, i = m.widen(t, from, to, start, i)
		}
		if e, ok := t.entity(start, i+1, c); ok {
			if e.Score = m.scale[c].at(p); t.plausible(start, i+1, &e) {
				dst = append(dst, e)
			}
		}
	}
	return dst
}

// goesOn reports whether the person that ends with token i is one with the
// next: two words written as names are, with nothing but a space between, are
// the first and the last name of one.
func (t *text) goesOn(i int, c Class) bool {
	next := t.tags[i+1]
	return c == Person && next != outside && next.class() == c && t.tokens[i+1].gap == gapSpace &&
		t.tokens[i].shape == shapeTitle && (t.tokens[i+1].shape == shapeTitle || t.tokens[i+1].shape == shapeMixed)
}

// The probabilities from which a word beside a name is part of it, if a list of
// names has it.
const (
	leastPart   = 0.1
	leastDouble = 0.25 // if it has another meaning as well: Jane Roe
)

// widen adds the words of a name that the tags left out, before the token at
// first and behind the one at end, within the run [from:to]: Larkin Matt.
func (m *Model) widen(t *text, from, to, first, end int) (int, int) {
	part := func(i int) bool {
		c := &t.tokens[i]
		least := float32(leastPart)
		if c.info&wellKnown != 0 {
			least = leastDouble
		}
		return t.tags[i] == outside && c.shape == shapeTitle && c.info&(ListFirst|ListLast|ListHuman) != 0 &&
			t.lines[c.line].style != styleCode && t.marginal[i-from][Person] >= least
	}
	if first > from && t.tokens[first].gap == gapSpace && t.tokens[first].shape == shapeTitle && part(first-1) {
		first--
	}
	if end+1 < to && t.tokens[end+1].gap == gapSpace && t.tokens[end].shape == shapeTitle && part(end+1) {
		end++
	}
	return first, end
}

// entity is the tokens [from:to] without signs at their ends that belong to no name.
func (t *text) entity(from, to int, c Class) (Entity, bool) {
	for from < to && (t.stray(from) || c == Person && greetings[t.tokens[from].word]) {
		from++
	}
	for from < to && t.stray(to-1) && !t.abbreviates(from, to-1) {
		to--
	}
	if from == to || to == from+1 && t.people(from) || t.titleOnly(from, to, c) {
		return Entity{}, false
	}
	return Entity{Start: int(t.tokens[from].start), End: int(t.tokens[to-1].end), Class: c}, true
}

// greetings stand where a name might, and before one.
var greetings = wordSet("hello", "hi", "hey", "thanks", "hallo", "moin", "servus", "grüezi", "danke", "bitte", "tschüss", "bonjour", "bonsoir", "salut", "merci",
	"hola", "gracias", "adiós", "olá", "obrigado", "obrigada", "ciao", "grazie", "prego", "buongiorno", "buonasera", "hoi", "dag", "bedankt", "cześć", "witam", "dziękuję", "hej", "tack")

// people reports whether the token is what the people of a place are called,
// and no name: Iraqi, Palestinians.
func (t *text) people(i int) bool {
	return t.tokens[i].info&(ListDemonym|nameLists) == ListDemonym
}

// titleOnly reports whether a person's name would be no more than "Dr.".
func (t *text) titleOnly(from, to int, c Class) bool {
	return c == Person && t.tokens[from].info&ListTitle != 0 && t.tokens[from].info&(ListFirst|ListLast) == 0 && (to == from+1 || to == from+2 && t.tokens[from+1].shape == shapeSign)
}

// stray reports whether a name does not begin or end with the token.
func (t *text) stray(i int) bool {
	return t.tokens[i].shape == shapeSign
}

// abbreviates reports whether the sign at i is the full stop of an abbreviation
// such as "J." or "Jr.".
func (t *text) abbreviates(from, i int) bool {
	c := &t.tokens[i]
	if t.data[c.start] == ')' {
		return true
	}
	return t.data[c.start] == '.' && c.gap == gapNone && i > from && t.tokens[i-1].end-t.tokens[i-1].start <= 3
}

// curve makes a marginal a probability: the share of right entities among those
// with marginals like it, at equal distances from 0 to 1.
type curve [17]float32

func (c *curve) at(p float32) float32 {
	x := min(max(p, 0), 1) * float32(len(c)-1)
	i := min(int(x), len(c)-2)
	return c[i] + (x-float32(i))*(c[i+1]-c[i])
}
