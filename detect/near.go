package detect

import "bytes"

// nearWords are the words that make a rule's match more certain.
type nearWords struct {
	keys  map[uint64]bool // of words of ASCII letters, by wordKey
	first uint32          // bit c&31: a word begins with c; most words are passed over by it
	other [][]byte        // all others, looked for anywhere
}

// reach is how many bytes before and after a match are searched for words.
const (
	reachBefore = 64
	reachAfter  = 32
)

func newNearWords(words []string) *nearWords {
	if len(words) == 0 {
		return nil
	}
	n := &nearWords{keys: map[uint64]bool{}}
	for _, w := range words {
		if while([]byte(w), 0, classWord, len(w)) == len(w) {
			n.keys[wordKey([]byte(w))] = true
			n.first |= 1 << (w[0] & 31)
		} else {
			n.other = append(n.other, []byte(w))
		}
	}
	return n
}

// around reports whether one of the words stands near text[start:end].
func (n *nearWords) around(text []byte, start, end int) bool {
	return n.in(text[max(0, start-reachBefore):start]) || n.in(text[end:min(len(text), end+reachAfter)])
}

func (n *nearWords) in(text []byte) bool {
	for i := 0; i < len(text); {
		if !isWord(text[i]) {
			i++
			continue
		}
		if n.first>>(text[i]&31)&1 != 0 && n.keys[wordKey(text[i:])] {
			return true
		}
		i = while(text, i, classWord, len(text))
	}
	if len(n.other) == 0 || asciiRun(text) == len(text) {
		return false
	}
	for _, w := range n.other {
		if bytes.Contains(text, w) {
			return true
		}
	}
	return false
}
