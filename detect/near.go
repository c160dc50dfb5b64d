package detect

import (
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

const maxTopics = 512

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
		n.others[r] = addTopic(n.others[r], nearWord{text: w, before: i}, topic)
		return
	}
	k := wordKey([]byte(w))
	n.words[k] = addTopic(n.words[k], nearWord{text: w}, topic)
}

func addTopic(all []nearWord, w nearWord, topic int) []nearWord {
	for _, x := range all {
		if x.text == w.text {
			x.topics[topic/64] |= 1 << (topic % 64)
			return all
		}
	}
	w.topics = new(topics)
	w.topics[topic/64] |= 1 << (topic % 64)
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

// nearBy returns the topics of the words around text[start:end].
func (p *pass) nearBy(start, end int) *topics {
	if p.seenStart == start && p.seenEnd == end && end > 0 {
		return &p.seen
	}
	p.seenStart, p.seenEnd = start, end
	p.seen = topics{}
	p.near.in(&p.seen, p.text, max(0, start-reachBefore), start)
	p.near.in(&p.seen, p.text, end, min(len(p.text), end+reachAfter))
	return &p.seen
}

// in adds the topics of the words of text[from:to].
func (n *near) in(seen *topics, text []byte, from, to int) {
	if from > 0 && isWord(text[from-1]) {
		from = while(text[:to], from, classWord, to)
	}
	for i := from; i < to; {
		c := text[i]
		if isWord(c) {
			if k := wordKey(text[i:to]); n.filter.has(k) {
				for _, w := range n.words[k] {
					if w.at(text[i:to]) {
						seen.add(w.topics)
					}
				}
			}
			i = while(text[:to], i, classWord, to)
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRune(text[i:to])
			for _, w := range n.others[unicode.ToLower(r)] {
				if i-w.before >= from && w.within(text[i-w.before:to]) {
					seen.add(w.topics)
				}
			}
			i += size
			continue
		}
		i++
	}
}

func (t *topics) add(other *topics) {
	for i, x := range other {
		t[i] |= x
	}
}

// at reports whether text begins with the word, of which the first 8 letters
// have been compared. Of a single word no more than these count.
func (w *nearWord) at(text []byte) bool {
	return strings.IndexByte(w.text, ' ') < 0 || w.within(text)
}

// within reports whether text begins with all of the word.
func (w *nearWord) within(text []byte) bool {
	for _, want := range w.text {
		r, size := utf8.DecodeRune(text)
		if size == 0 || unicode.ToLower(r) != want && !(want == ' ' && strings.ContainsRune(" _-./'\n", r)) {
			return false
		}
		text = text[size:]
	}
	return true
}
