package ner

// maxFeatures is how many features a token has at most.
const maxFeatures = 80

// features are what the model weighs at one token: hashes, whose highest bits
// are rows of the table of weights.
type features struct {
	n    int
	rows [maxFeatures]uint32
}

// add adds the feature that kind id has the value v.
func (f *features) add(id, v uint64) {
	h := (v ^ id*0x9e3779b97f4a7c15) * 0xd6e8feb86659fd93
	f.rows[f.n] = uint32((h ^ h>>29) * 0xbf58476d1ce4e5b9 >> 32)
	f.n++
}

// none stands for the tokens before the first and behind the last.
var none = token{word: hashSeed, gap: gapPara}

// at returns the token at i, or none.
func (t *text) at(i int) *token {
	if uint(i) < uint(len(t.tokens)) {
		return &t.tokens[i]
	}
	return &none
}

// read sets f to the features of token i. Training and finding both call it.
func (t *text) read(f *features, i int) {
	f.n = 0
	a, b, c, d, e := t.at(i-2), t.at(i-1), t.at(i), t.at(i+1), t.at(i+2)
	style := uint64(t.lines[c.line].style)
	sb, sc, sd := b.look(), c.look(), d.look()
	sa, se := a.look(), e.look()
	lb, lc, ld := t.lists(i-1), t.lists(i), t.lists(i+1)

	// Words.
	f.add(1, a.word)
	f.add(2, b.word)
	f.add(3, c.word)
	f.add(4, d.word)
	f.add(5, e.word)
	f.add(6, join(b.word, c.word))
	f.add(7, join(c.word, d.word))
	f.add(8, join(a.word, b.word)) // what stands before
	f.add(9, c.word^sc<<56)
	f.add(10, join(b.word, d.word)) // what stands around
	f.add(11, join(b.word, sc|lc<<8))
	f.add(12, join(d.word, sc|lc<<8))

	// Clusters.
	kb, kc, kd := b.info.cluster(), c.info.cluster(), d.info.cluster()
	f.add(13, a.info.cluster())
	f.add(14, kb)
	f.add(15, kc)
	f.add(16, kd)
	f.add(17, e.info.cluster())
	f.add(18, kb<<32|kc)
	f.add(19, kc<<32|kd)
	f.add(20, kb<<32|kd)
	f.add(21, kc>>4)
	f.add(22, kb>>4<<32|kc>>4<<16|kd>>4)
	f.add(23, kc<<32|sc)
	f.add(24, kb<<32|sc|lc<<8)
	f.add(25, kd<<32|sc|lc<<8)

	// Lists and how words are written.
	f.add(26, lc|sc<<32)
	f.add(27, lb|lc<<32)
	f.add(28, lc|ld<<32)
	f.add(29, join(lb<<8|sb, lc<<32|sc)^ld)
	f.add(30, lc|sc<<32|style<<48)
	f.add(31, sa|sb<<8|sc<<16|sd<<24|se<<32)
	f.add(32, sb<<8|sc<<16|sd<<24)
	f.add(33, sc<<16|style<<32|uint64(min(c.end-c.start, 15))<<40)
	f.add(34, lb|sc<<32|sb<<40)
	f.add(35, ld|sc<<32|sd<<40)
	f.add(36, join(lb|sb<<32, ld|sd<<32))

	if c.shape.single() {
		// Characters: what they spell together.
		bc, cd := join(b.word, c.word), join(c.word, d.word)
		f.add(37, join(bc, d.word))
		f.add(38, join(a.word, bc))
		f.add(39, join(cd, e.word))
		f.add(40, join(join(a.word, bc), d.word))
		f.add(41, join(join(bc, d.word), e.word))
		g, h := t.at(i+3), t.at(i-3)
		f.add(42, join(d.word, e.word))
		f.add(43, join(e.word, g.word))
		f.add(44, g.word)
		f.add(45, h.word)
		from, left := t.single(i)
		f.add(46, from<<8|left)
		f.add(47, from<<8|left|c.word<<16)
		f.add(48, from<<8|left|lc<<32)
		f.add(49, join(join(d.word, e.word), g.word))
		t.group(f, i, from, left)
	} else {
		// What the word begins and ends with.
		w := t.data[c.start:c.end]
		f.add(50, ending(w, 2))
		f.add(51, ending(w, 3))
		f.add(52, ending(w, 4))
		f.add(53, beginning(w, 2))
		f.add(54, beginning(w, 3))
		f.add(55, beginning(w, 4))
		f.add(56, ending(w, 3)<<8|sc)
		f.add(57, ending(t.data[d.start:d.end], 3)|sc<<56)
		f.add(58, ending(t.data[b.start:b.end], 3)|sc<<56)
	}

	// Where it stands.
	f.add(59, sc<<8|t.place(i))
	f.add(60, lc<<8|t.place(i)|sc<<32)
	key, far := t.key(i)
	f.add(61, join(key, sc|lc<<8))
	f.add(62, join(key, sc|far<<8))
	f.add(63, join(key, d.word))
	f.add(64, style<<8|sc|kc<<32)
}

// look is how the token is written, and what stands before it.
func (t *token) look() uint64 {
	g := uint64(t.gap)
	return uint64(t.shape) | g<<4
}

// lists are the lists that the token is on, by itself and as part of a phrase.
func (t *text) lists(i int) uint64 {
	if uint(i) >= uint(len(t.tokens)) {
		return 0
	}
	return uint64(t.tokens[i].info&allLists&^(ListBegin|ListPhrase)) | uint64(t.phrases[i])<<16&0xffff0000
}

// place says what the token stands behind: the beginning of the text or line,
// the end of a sentence, a sign, a word.
func (t *text) place(i int) uint64 {
	c, b := t.at(i), t.at(i-1)
	switch {
	case c.gap >= gapLine || i == 0:
		return 1
	case b.shape != shapeSign:
		return 0
	case b.end-b.start == 1:
		switch t.data[b.start] {
		case '.', '!', '?':
			return 2
		case '"', '\'', '(', '[':
			return 3
		case ':':
			return 4
		case '-', '/':
			return 5
		}
	}
	return 6
}

// single returns how many characters stand before and behind token i without a
// space, each up to 7.
func (t *text) single(i int) (before, behind uint64) {
	for before < 7 && i-int(before) >= 1 && t.tokens[i-int(before)].gap == gapNone && t.tokens[i-int(before)-1].shape.single() {
		before++
	}
	for behind < 7 && i+int(behind)+1 < len(t.tokens) && t.tokens[i+int(behind)+1].gap == gapNone && t.tokens[i+int(behind)+1].shape.single() {
		behind++
	}
	return before, behind
}

// group adds what the characters around token i, up to the next spaces, and the
// groups beside them say: a family name, and behind two more syllables a
// particle, a title or nothing.
func (t *text) group(f *features, i int, from, left uint64) {
	first, size := i-int(from), from+left+1
	f.add(65, join(t.at(first).word, from|size<<8))
	f.add(66, join(t.spelled(first, 3), from))
	f.add(67, join(t.spelled(first+2, int(size)-2), from))
	f.add(68, join(t.spelled(first+3, int(size)-3), from))
	f.add(69, join(t.spelled(first+int(size), 2), from|size<<8))
	f.add(70, join(t.spelled(first-2, 2), from|size<<8))
	f.add(71, t.lists(first)|from<<48|size<<56)
}

// spelled is the hash of n tokens from i.
func (t *text) spelled(i, n int) uint64 {
	h := uint64(n)
	for j := i; j < i+n; j++ {
		h = join(h, t.at(j).word)
	}
	return h
}

// keyReach is how many tokens a key is looked for before its value.
const keyReach = 6

// key returns the word before the colon or "=" that stands before token i on
// its line, as in "Patient: Maria Callas", and how far the colon is.
func (t *text) key(i int) (word, far uint64) {
	for j := i - 1; j >= 0 && j >= i-keyReach; j-- {
		if t.tokens[j+1].gap >= gapLine {
			break
		}
		c := &t.tokens[j]
		if c.shape != shapeSign || c.end-c.start != 1 {
			continue
		}
		if s := t.data[c.start]; s != ':' && s != '=' && s != '|' {
			continue
		}
		for k := j - 1; k >= 0 && k >= j-3 && t.tokens[k+1].gap < gapLine; k-- {
			if t.tokens[k].shape != shapeSign {
				return t.tokens[k].word, uint64(i - j)
			}
		}
		break
	}
	return 0, 0
}

// ending is the last n bytes of a word, in lower case.
func ending(w []byte, n int) uint64 {
	h := uint64(0)
	for _, c := range w[max(0, len(w)-n):] {
		h = h<<8 | uint64(lowered[c])
	}
	return h<<8 | uint64(min(len(w), n))
}

// beginning is the first n bytes of a word, in lower case.
func beginning(w []byte, n int) uint64 {
	h := uint64(0)
	for _, c := range w[:min(len(w), n)] {
		h = h<<8 | uint64(lowered[c])
	}
	return h<<8 | uint64(min(len(w), n))
}

var lowered = func() (t [256]byte) {
	for c := range t {
		t[c] = byte(c)
		if c >= 'A' && c <= 'Z' {
			t[c] |= 0x20
		}
	}
	return t
}()
