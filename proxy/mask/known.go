package mask

import (
	"hash/maphash"
	"unicode"
	"unicode/utf8"

	"maskit/detect"
)

// A value is often found by the words around it, and then said again without
// them: "my number is 536228726", and a turn later "is 536228726 right?"; or it is
// a name that somebody writes in lower case. What was found in one text of a
// request is therefore looked for in all of them, before and after it.
//
// values are such, made ready to be found in one pass over a text. A value
// is a sequence of atoms: words, characters of a script without spaces between
// words, and the signs between them. They are looked up atom by atom, by a hash of
// all so far, for as long as some value goes on, and compared as a whole: the work
// grows with the text, not with the number of values. The longest one wins.
type values struct {
	list    []knownValue
	nodes   map[uint64]node
	filter  filter          // of first atoms
	longest int             // atoms of a value
	parted  bool            // one was looked for beside what a rule has found in it
	seen    map[uint64]bool // hashes of kinds and values that were added, or are not worth it
	fold    []byte
}

// node is where the atoms of some value end or go on.
type node struct {
	value int32 // 1 + index of the last one that ends here; 0: none does
	more  bool
}

type knownValue struct {
	kind   detect.Kind
	text   string // folded if anyCase
	any    bool
	lead   int   // bytes before the first word
	before int32 // 1 + index of another value with the same atoms
	from   int   // the text that told of it first
}

const (
	maxKnown = 2000 // values, which bounds the room; beyond, a value is found where a rule sees it
	maxValue = 256  // bytes
	maxGap   = 32   // bytes between two words
	sureRule = 1.0  // the score of what is found wherever it stands
	unsure   = 0.6  // the score below which one mistake of the model is not to become several
)

// knownRule is what findings of known values are called.
const knownRule = "known"

// hashes are seeded, so that nobody can make them fall together.
var (
	hashSeed = maphash.Comparable(maphash.MakeSeed(), 0) | 1
	seenSeed = maphash.MakeSeed()
)

const hashPrime = 0x9e3779b97f4a7c15

// filter tells which hashes were not added to it.
type filter [64]uint64

func (f *filter) add(h uint64)      { f[h>>58] |= 1 << (h >> 52 & 63) }
func (f *filter) has(h uint64) bool { return f[h>>58]>>(h>>52&63)&1 != 0 }

// eachWord calls back for each atom of text that is no sign, with its hash. A value
// stands in a text only if all its words do.
func eachWord(text []byte, f func(h uint64)) {
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf && foldedWord[text[i]] == 0 {
			i++
			continue
		}
		stop, h := atom(text, i, hashSeed)
		if startsAtom(text[i:]) {
			f(h)
		}
		i = stop
	}
}

// fresh reports whether a finding is met the first time.
func (k *values) fresh(kind detect.Kind, value []byte) bool {
	k.fold = append(append(append(k.fold[:0], kind...), 0), value...)
	hash := maphash.Bytes(seenSeed, k.fold)
	if k.seen[hash] || len(k.seen) >= maxKnown {
		return false
	}
	if k.seen == nil {
		k.seen = make(map[uint64]bool)
	}
	k.seen[hash] = true
	return true
}

// add makes a value known.
func (k *values) add(v detect.Variant, kind detect.Kind, from int) {
	if len(v.Text) > maxValue || len(k.list) >= maxKnown {
		return
	}
	text := []byte(v.Text)
	lead := 0
	for lead < len(text) && !startsAtom(text[lead:]) {
		lead++
	}
	if lead == len(text) {
		return
	}
	x := knownValue{kind: kind, text: v.Text, any: v.AnyCase, lead: lead, from: from}
	if k.nodes == nil {
		k.nodes = make(map[uint64]node)
	}
	stop, h := atom(text, lead, hashSeed)
	k.filter.add(h)
	for n := 1; ; n++ {
		next, g := gap(text, stop, h)
		if next < 0 {
			k.longest = max(k.longest, n)
			break
		}
		at := k.nodes[h]
		at.more = true
		k.nodes[h] = at
		stop, h = atom(text, next, g)
	}
	if x.any { // Signs around a name are none of it.
		k.fold = appendFolded(k.fold[:0], text[lead:stop])
		x.text, x.lead = string(k.fold), 0
	}
	at := k.nodes[h]
	for i := at.value; i > 0; i = k.list[i-1].before {
		if k.list[i-1].text == x.text {
			return
		}
	}
	x.before = at.value
	k.list = append(k.list, x)
	at.value = int32(len(k.list))
	k.nodes[h] = at
}

// forget forgets the values, and keeps the room.
func (k *values) forget() {
	if len(k.list)+len(k.seen) > manyEntries {
		*k = values{} // Maps do not shrink.
		return
	}
	clear(k.list)
	clear(k.nodes)
	clear(k.seen)
	clear(k.fold[:cap(k.fold)]) // It was longer before.
	*k = values{list: k.list[:0], nodes: k.nodes, seen: k.seen, fold: k.fold[:0]}
}

// find appends to dst where known values stand in text as words of their own,
// sorted and without overlap.
func (k *values) find(dst []detect.Span, text []byte) []detect.Span {
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf && foldedWord[text[i]] == 0 {
			i++
			continue
		}
		stop, h := atom(text, i, hashSeed)
		if k.filter.has(h) {
			if sp, ok := k.at(text, i, stop, h); ok {
				dst = append(dst, sp)
				i = sp.End
				continue
			}
		}
		i = stop
	}
	return dst
}

// at finds the longest value whose first atom is text[i:stop].
func (k *values) at(text []byte, i, stop int, h uint64) (sp detect.Span, found bool) {
	for range k.longest {
		at, ok := k.nodes[h]
		if !ok {
			break
		}
		for v := at.value; v > 0; v = k.list[v-1].before {
			x := &k.list[v-1]
			if start, end, ok := k.stands(x, text, i, stop); ok {
				sp, found = detect.Span{Start: start, End: end, Kind: x.kind, Rule: knownRule, Score: sureRule}, true
				break
			}
		}
		next, g := gap(text, stop, h)
		if !at.more || next < 0 {
			break
		}
		stop, h = atom(text, next, g)
	}
	return sp, found
}

// toldBy returns the first text that told of a value which was found; ok is false if
// it is not known.
func (k *values) toldBy(kind detect.Kind, text []byte) (from int, ok bool) {
	k.fold = appendFolded(k.fold[:0], text)
	for i := range k.list {
		if x := &k.list[i]; x.kind == kind && (x.any && x.text == string(k.fold) || !x.any && x.text == string(text)) {
			return x.from, true
		}
	}
	return 0, false
}

// stands reports whether x, whose atoms are those of text[i:stop], stands there.
func (k *values) stands(x *knownValue, text []byte, i, stop int) (start, end int, ok bool) {
	start, end = i-x.lead, stop
	if x.any {
		k.fold = appendFolded(k.fold[:0], text[i:stop])
		ok = string(k.fold) == x.text
	} else {
		end = start + len(x.text)
		ok = start >= 0 && end <= len(text) && string(text[start:end]) == x.text
	}
	return start, end, ok && alone(text, start, end)
}

// foldedWord is a letter in lower case or a digit, 0 for any other byte.
var foldedWord = func() (t [256]byte) {
	for c := range t {
		if b := byte(c); isWord(b) {
			t[c] = foldedByte[b]
		}
	}
	return t
}()

// startsAtom reports whether text begins with a letter, a digit or a mark.
func startsAtom(text []byte) bool {
	r, _ := utf8.DecodeRune(text)
	return r < utf8.RuneSelf && foldedWord[byte(r)] != 0 || r != utf8.RuneError && inWord(r)
}

func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// unspaced reports whether r is of a script that hangs words together: each of
// its characters is an atom. Of Korean, since particles hang on names.
func unspaced(r rune) bool {
	return r >= 0x0e00 && (r >= 0x1100 && r < 0x1200 || r >= 0x2e80 || r < 0x1000 || r >= 0x1780 && r < 0x1800)
}

// atom returns the end of the atom that begins at i, and h with it; of a sign
// the end of that.
func atom(text []byte, i int, h uint64) (int, uint64) {
	for start := i; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			if foldedWord[c] == 0 {
				break
			}
			h = (h ^ uint64(foldedWord[c])) * hashPrime
			i++
			continue
		}
		r, n := utf8.DecodeRune(text[i:])
		letter := r != utf8.RuneError && inWord(r)
		if i > start && (!letter || unspaced(r)) {
			break
		}
		h = (h ^ uint64(unicode.ToLower(r))) * hashPrime
		i += n
		if !letter || unspaced(r) {
			break
		}
	}
	return i, h ^ h>>29
}

// gap returns where the next atom begins, -1 if none follows soon, and h with the
// signs before it, white space being one space.
func gap(text []byte, i int, h uint64) (int, uint64) {
	space := false
	for end := min(len(text), i+maxGap); i < end; i++ {
		if startsAtom(text[i:]) {
			return i, h * hashPrime
		}
		c := foldedByte[text[i]]
		if c != ' ' || !space {
			h = (h ^ uint64(c)) * hashPrime
		}
		space = c == ' '
	}
	return -1, h
}

// appendFolded appends text in lower case, white space being one space.
func appendFolded(dst, text []byte) []byte {
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			if c = foldedByte[c]; c != ' ' || len(dst) == 0 || dst[len(dst)-1] != ' ' {
				dst = append(dst, c)
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(text[i:])
		dst = utf8.AppendRune(dst, unicode.ToLower(r))
		i += n
	}
	return dst
}

// alone reports whether neither a letter nor a digit stands right beside
// text[start:end] that would make another word of it. A particle may follow a
// Korean one; scripts that write no spaces have no other words to tell.
func alone(text []byte, start, end int) bool {
	before, _ := utf8.DecodeLastRune(text[:start])
	first, _ := utf8.DecodeRune(text[start:])
	last, _ := utf8.DecodeLastRune(text[start:end])
	after, _ := utf8.DecodeRune(text[end:])
	joins := func(a, b rune) bool {
		return inWord(a) && inWord(b) && (!unspaced(a) && !unspaced(b) || hangul(a) && hangul(b))
	}
	return !joins(before, first) && (!joins(last, after) || hangul(last) && particle(text[end:]))
}

func hangul(r rune) bool { return r >= 0xac00 && r <= 0xd7a3 }

// particles are what hangs on Korean names, the longer ones first.
var particles = []string{
	"에게서", "이라고", "한테서", "입니다", "이에요", "께서", "에게", "한테", "에서", "으로", "부터", "까지", "이랑", "처럼", "보다", "이나", "이라", "라고", "예요", "이고", "씨", "님",
	"이", "가", "은", "는", "을", "를", "의", "에", "와", "과", "도", "만", "로", "랑", "야", "아", "께",
}

// particle reports whether text begins with Korean particles and no more of a word.
func particle(text []byte) bool {
	for range 3 {
		n := 0
		for _, p := range particles {
			if len(text) >= len(p) && string(text[:len(p)]) == p {
				n = len(p)
				break
			}
		}
		if n == 0 {
			return false
		}
		text = text[n:]
		if r, _ := utf8.DecodeRune(text); !hangul(r) {
			return true
		}
	}
	return false
}
