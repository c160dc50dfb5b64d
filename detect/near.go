package detect

import (
	"encoding/binary"
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"
)

// near finds the words that make a match more certain. It knows those of all
// rules, so that a place with many candidates is looked around once.
type near struct {
	words  map[uint64][]nearWord // by the key of their first word
	others map[rune][]nearWord   // by their first character that is not ASCII
	filter filter                // keys of words
	before int                   // the most that nearWord.before is
	sets   map[string]int        // lists of words, joined, and the topic they have
}

// nearWord is a word, or some with single spaces between them, in lower case.
// A space stands for anything that parts words in names.
type nearWord struct {
	text   string
	before int // bytes before the character by which it is found
	topics *topics
}

// topics is a set of lists of near words.
type topics [maxTopics / 64]uint64

const maxTopics = 640

func (t *topics) has(i int) bool { return i >= 0 && t[i/64]>>(i%64)&1 != 0 }

// reach is how many bytes before and after a match are searched for words.
const (
	reachBefore = 64
	reachAfter  = 32
)

// add adds a list of words and returns its topic, or -1 if it is empty.
func (n *near) add(list []string) int {
	if len(list) == 0 {
		return -1
	}
	joined := strings.Join(list, "\n")
	if topic, ok := n.sets[joined]; ok {
		return topic
	}
	if n.sets == nil {
		n.sets, n.words, n.others = map[string]int{}, map[uint64][]nearWord{}, map[rune][]nearWord{}
	}
	topic := len(n.sets)
	if topic >= maxTopics {
		panic("BUG: more lists of words than topics")
	}
	n.sets[joined] = topic
	for _, w := range list {
		n.word(w, topic)
		if run := strings.ReplaceAll(w, " ", ""); run != w {
			n.word(run, topic) // taxId
		}
	}
	return topic
}

func (n *near) word(w string, topic int) {
	if i := strings.IndexFunc(w, func(r rune) bool { return r >= utf8.RuneSelf }); i >= 0 {
		r, _ := utf8.DecodeRuneInString(w[i:])
		n.before = max(n.before, i)
		n.others[r] = addTopic(n.others[r], nearWord{text: w, before: i}, topic)
		return
	}
	k := wordKey([]byte(w))
	n.words[k] = addTopic(n.words[k], nearWord{text: w}, topic)
}

func addTopic(all []nearWord, w nearWord, topic int) []nearWord {
	for _, x := range all {
		if x.text == w.text {
			x.topics.set(topic)
			return all
		}
	}
	w.topics = new(topics)
	w.topics.set(topic)
	return append(all, w)
}

// done is called once all words are known.
func (n *near) done() {
	keys := make([]uint64, 0, len(n.words))
	for k := range n.words {
		keys = append(keys, k)
	}
	n.filter = newFilter(keys)
}

// sights are the words of any topic that were seen in a part of the text. Since
// rules wake from its beginning to its end, no part is read twice, but for a
// few bytes.
type sights struct {
	words    []sight
	from, to int // what was read

	start, end int // where was last looked around,
	topics     topics
}

type sight struct {
	start, end int
	topics     *topics
}

const (
	reachBack = 64   // bytes that are read before a place, as another may wake a little before
	maxSights = 1024 // from which those far behind are forgotten
)

// nearBy returns the topics of the words around text[start:end].
func (p *pass) nearBy(start, end int) *topics {
	s := &p.sights
	if s.start == start && s.end == end && end > 0 {
		return &s.topics
	}
	first, last := max(0, start-reachBefore), min(len(p.text), end+reachAfter)
	if first < s.from || first > s.to {
		s.words = s.words[:0]
		s.from = max(0, first-reachBack)
		s.to = s.from
		if s.from > 0 && isWord(p.text[s.from-1]) {
			s.to = while(p.text, s.from, classWord, maxWord)
		}
	}
	if len(s.words) > maxSights {
		s.forget(first - reachBack)
	}
	p.near.read(s, p.text, min(last+p.near.before, len(p.text)))
	s.start, s.end, s.topics = start, end, topics{}
	for i := len(s.words) - 1; i >= 0 && s.words[i].start >= first; i-- {
		if w := &s.words[i]; w.end <= start || w.start >= end && w.start < last {
			s.topics.add(w.topics)
		}
	}
	return &s.topics
}

// forget drops the words before from.
func (s *sights) forget(from int) {
	n := 0
	for n < len(s.words) && s.words[n].start < from {
		n++
	}
	s.words = s.words[:copy(s.words, s.words[n:])]
	s.from = max(s.from, from)
}

// read adds the words that begin before to, and some behind it: where all is
// ASCII it looks for them at 64 bytes at a time, as the scan does.
func (n *near) read(s *sights, text []byte, to int) {
	i := s.to
	for i < to {
		const decided = 1<<step - 1
		word, other := wordRow(text, i)
		if other&decided != 0 {
			i = n.readSlowly(s, text, i, min(i+step, len(text)))
			continue
		}
		for m := word &^ (word << 1) & decided; m != 0; m &= m - 1 {
			j := bits.TrailingZeros64(m)
			n.see(s, text, i+j, bits.TrailingZeros64(^(word >> j)))
		}
		i += step
		if word>>(step-1)&3 == 3 { // the last one goes on
			i = while(text, i, classWord, len(text))
		}
	}
	s.to = max(s.to, min(i, len(text)))
}

// readSlowly adds the words and the characters that are not ASCII that begin in
// text[i:to], and returns where they end.
func (n *near) readSlowly(s *sights, text []byte, i, to int) int {
	for i < to {
		switch c := text[i]; {
		case isWord(c):
			end := while(text, i, classWord, len(text))
			n.see(s, text, i, end-i)
			i = end
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRune(text[i:])
			for _, w := range n.others[unicode.ToLower(r)] {
				if w.before <= i && w.within(text[i-w.before:]) {
					s.words = append(s.words, sight{i - w.before, i - w.before + len(w.text), w.topics})
				}
			}
			i += size
		default:
			i++
		}
	}
	return i
}

// see adds the word at i, of which count bytes have been seen, or 8 at least.
func (n *near) see(s *sights, text []byte, i, count int) {
	k := uint64(0)
	if i+8 <= len(text) {
		k = foldKey(binary.LittleEndian.Uint64(text[i:]), min(8, count))
	} else {
		k = wordKey(text[i:])
	}
	if !n.filter.has(k) {
		return
	}
	end := while(text, i, classWord, len(text))
	if byteAt(text, i-1) == '.' && byteAt(text, end) == '(' {
		return // x.call() calls nobody
	}
	for _, w := range n.words[k] {
		if w.at(text[i:]) {
			s.words = append(s.words, sight{i, end, w.topics})
		}
	}
}

// wordRow returns which of the 64 bytes from i on are letters and digits, and
// which are not ASCII.
func wordRow(text []byte, i int) (word, other uint64) {
	var end [window]byte
	row := text[i:]
	if len(row) < window {
		copy(end[:], row)
		row = end[:]
	}
	for j := window - 8; j >= 0; j -= 8 {
		x := binary.LittleEndian.Uint64(row[j : j+8])
		ascii := ^x & high
		x &^= high
		folded := x | 0x20*ones
		digit := (x + (0x80-'0')*ones) &^ (x + (0x80-':')*ones)
		letter := (folded + (0x80-'a')*ones) &^ (folded + (0x80-'{')*ones)
		word = word<<8 | gather((digit|letter)&ascii)
		other = other<<8 | gather(ascii^high)
	}
	return word, other
}

func (t *topics) set(i int) {
	if i >= 0 {
		t[i/64] |= 1 << (i % 64)
	}
}

func (t *topics) add(other *topics) {
	for i, x := range other {
		t[i] |= x
	}
}

// at reports whether text begins with the word, of which the first 8 letters
// have been compared.
func (w *nearWord) at(text []byte) bool {
	return len(w.text) <= 8 && strings.IndexByte(w.text, ' ') < 0 || w.within(text)
}

// within reports whether text begins with all of the word.
func (w *nearWord) within(text []byte) bool {
	for _, want := range w.text {
		r, size := utf8.DecodeRune(text)
		if size == 0 || r != want && unicode.ToLower(r) != want && !(want == ' ' && strings.ContainsRune(" _-./'\n", r)) {
			return false
		}
		text = text[size:]
	}
	return true
}
