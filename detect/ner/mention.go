package ner

import "slices"

// known are the words of persons' names that were found in a text, so that a
// second mention is found by one of them alone.
type known struct {
	words [64]knownWord
	n     int
	mask  uint64 // bits of hashes, to pass over other words quickly
}

type knownWord struct {
	word  uint64
	score float32
}

func (k *known) reset() { *k = known{} }

func (k *known) add(word uint64, score float32) {
	for i := range k.words[:k.n] {
		if k.words[i].word == word {
			k.words[i].score = max(k.words[i].score, score)
			return
		}
	}
	if k.n < len(k.words) {
		k.words[k.n] = knownWord{word, score}
		k.n++
		k.mask |= 1 << (word & 63)
	}
}

func (k *known) find(word uint64) (float32, bool) {
	if k.mask>>(word&63)&1 == 0 {
		return 0, false
	}
	for i := range k.words[:k.n] {
		if k.words[i].word == word {
			return k.words[i].score, true
		}
	}
	return 0, false
}

const (
	sureEnough = 0.6  // from which a name's words are looked for elsewhere
	secondhand = 0.95 // of the score is what a later mention has
)

// mentions adds to the entities dst[first:] those words that stand elsewhere
// in a person's full name: "Maria" after "Maria Callas".
func (t *text) mentions(dst []Entity, first int) []Entity {
	for _, e := range dst[first:] {
		if e.Class == Person && e.Score >= sureEnough {
			t.learn(&e)
		}
	}
	if t.known.n == 0 {
		return dst
	}
	found := len(dst)
	for i := range t.tokens {
		c := &t.tokens[i]
		if t.tags[i] != outside || c.shape == shapeSign || c.shape == shapeName {
			continue
		}
		score, ok := t.known.find(c.word)
		if !ok || t.lines[c.line].style == styleCode || t.called(i) || c.shape == shapeLower && c.info&(ListCommon|ListRare) != 0 {
			continue
		}
		if t.readRegions(); t.regions[c.line] != regionProse {
			continue
		}
		dst = append(dst, Entity{int(c.start), int(c.end), Person, score * secondhand})
	}
	if len(dst) > found {
		slices.SortFunc(dst[first:], func(a, b Entity) int { return a.Start - b.Start })
	}
	return dst
}

// learn takes the words of a full name: those that are long enough and written
// as names are.
func (t *text) learn(e *Entity) {
	from, _ := slices.BinarySearchFunc(t.tokens, e.Start, func(c token, at int) int { return int(c.start) - at })
	to := from
	for to < len(t.tokens) && int(t.tokens[to].end) <= e.End {
		to++
	}
	if from == to || t.lines[t.tokens[from].line].style == styleCode {
		return
	}
	words := 0
	for i := from; i < to; i++ {
		if t.tokens[i].end-t.tokens[i].start >= 3 {
			words++
		}
	}
	for i := from; i < to; i++ {
		c := &t.tokens[i]
		if c.end-c.start < 3 || c.shape != shapeTitle && c.shape != shapeMixed && c.shape != shapeUpper {
			continue
		}
		if words >= 2 || c.info&(ListFirst|ListLast|ListHuman) != 0 && c.info&(ListCommon|ListRare) == 0 {
			t.known.add(c.word, e.Score)
		}
	}
}
