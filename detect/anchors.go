package detect

// anchors find literals by what the scan meets anyway: a sign within a run of
// key characters, such as the "-" of "EMP-", or a whole word of the literal. Where
// each literal of a configuration has one, texts need no search of their own.
type anchors struct {
	words map[uint64][]needle // by the key of the word at needle.offset
	signs *[256][]needle      // by the sign there; nil if none has one
}

// maxAnchored is how many literals may share a sign. With more of them the search
// for all is the quicker one.
const maxAnchored = 16

// literalList has the literals that wake a rule.
type literalList struct {
	texts  []string
	begins bool // they only stand where a word begins
}

// newAnchors returns anchors of all literals, or nil if one has none.
func newAnchors(owners []literalList) *anchors {
	a := &anchors{words: map[uint64][]needle{}}
	for owner, list := range owners {
		for _, s := range list.texts {
			n := needle{literal: s, owner: int32(owner)}
			if i := wordIn(s, list.begins); i >= 0 {
				n.offset = i
				k := wordKey([]byte(s[i:]))
				a.words[k] = append(a.words[k], n)
				continue
			}
			if n.offset = signIn(s); n.offset < 0 {
				return nil
			}
			if a.signs == nil {
				a.signs = new([256][]needle)
			}
			sign := s[n.offset]
			if len(a.signs[sign]) == maxAnchored {
				return nil
			}
			a.signs[sign] = append(a.signs[sign], n)
			if other := sign &^ 0x20; foldByte(other) == sign { // folded, "[" is "{"
				a.signs[other] = a.signs[sign]
			}
		}
	}
	return a
}

// wordIn returns where in a literal a word begins of which the key is known, or
// -1: it has nothing of a word before it, and ends in the literal or has the 8
// bytes of a key.
func wordIn(s string, begins bool) int {
	for i := 0; i < len(s); i++ {
		end := i
		for end < len(s) && isWord(s[end]) {
			end++
		}
		if (i > 0 || begins) && (end > i && end < len(s) || end-i >= 8) {
			return i
		}
		i = end
	}
	return -1
}

// signIn returns where in a literal a sign stands that the scan looks at, or -1.
func signIn(s string) int {
	for i := range len(s) {
		if isRun(s[i]) && !isWord(s[i]) {
			return i
		}
	}
	return -1
}

// anchored wakes the rules of those of the literals that stand around at.
func (p *pass) anchored(some []needle, at int) {
	for _, x := range some {
		if start := at - x.offset; start >= 0 && foldedPrefix(p.text[start:], x.literal) {
			p.wake(x.owner, start, start+len(x.literal))
		}
	}
}
