package ner

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
)

// What the command in train needs of the model's inside, so that it trains with
// the very code that finds.

// Numbers of tags, as training counts them: those of class c begin at 4*c with
// begin, inside, last, unit; Outside is the last one.
const (
	NumTags = numStates
	Outside = int(outside)
	Begin   = int(begin)
	Inside  = int(inside)
	Last    = int(last)
	Unit    = int(unit)
)

// Follows reports whether tag s may stand behind tag b.
func Follows(b, s int) bool { return tag(s).follows(tag(b)) }

// Words is a table of words while a model is made.
type Words struct{ table words }

// NewWords makes a table of words and phrases by their text in lower case, with
// their lists and, from bit ClusterShift on, their cluster. Words with which
// phrases begin are marked as such.
func NewWords(entries map[string]Info) (*Words, error) {
	hashed := make(map[uint64]Info, len(entries))
	for text, x := range entries {
		hashes := hashes(text)
		if len(hashes) == 0 || len(hashes) > maxPhrase {
			continue
		}
		h := hashes[0]
		for _, next := range hashes[1:] {
			h = join(h, next)
		}
		if len(hashes) > 1 {
			x |= ListPhrase
			hashed[hashes[0]] |= ListBegin
		}
		hashed[h] |= x
	}
	w, err := pack(hashed)
	return &Words{w}, err
}

// bucketSize is how many entries a bucket has on the average, or half as many.
const bucketSize = 8

// pack makes a table of infos by hash. It is always the same.
func pack(hashed map[uint64]Info) (words, error) {
	buckets := 2
	for buckets*bucketSize < len(hashed) {
		buckets *= 2
	}
	bucket := func(h uint64) uint64 { return h & uint64(buckets-1) }
	all := slices.SortedFunc(maps.Keys(hashed), func(a, b uint64) int {
		return cmp.Or(cmp.Compare(bucket(a), bucket(b)), cmp.Compare(a, b))
	})
	var w words
	next := 0
	numbers := map[Info]uint32{}
	for b := range uint64(buckets) {
		w.starts = binary.LittleEndian.AppendUint32(w.starts, uint32(len(w.entries)/4))
		for ; next < len(all) && bucket(all[next]) == b; next++ {
			x := hashed[all[next]]
			n, ok := numbers[x]
			if !ok {
				n = uint32(len(numbers))
				numbers[x] = n
				w.infos = binary.LittleEndian.AppendUint32(w.infos, uint32(x))
			}
			w.entries = binary.LittleEndian.AppendUint32(w.entries, uint32(all[next]>>48)|n<<16)
		}
	}
	w.starts = binary.LittleEndian.AppendUint32(w.starts, uint32(len(w.entries)/4))
	if len(numbers) > 1<<16 {
		return words{}, fmt.Errorf("ner: words are known in %d ways, 65536 at most", len(numbers))
	}
	return w, nil
}

// ClusterShift is the bit from which on a word's cluster is kept.
const ClusterShift = clusterShift

// hashes are those of the tokens of a text.
func hashes(s string) []uint64 {
	var t text
	t.tokenise([]byte(s), 0)
	out := make([]uint64, len(t.tokens))
	for i := range t.tokens {
		out[i] = t.tokens[i].word
	}
	return out
}

// Tables fills in what a file keeps of the words.
func (w *Words) Tables(t *Tables) { t.words = w.table }

// Sample is a text as the model sees it.
type Sample struct {
	Starts, Ends []int  // of tokens, in bytes
	Maybe        []bool // that may be part of an entity
	Runs         [][2]int
	Broken       []bool // that stand behind a line break

	t text
}

// Sample reads a text. What is longer than the model looks at in one go is left
// out.
func (w *Words) Sample(data []byte) *Sample {
	s := &Sample{}
	s.t.tokenise(data, 0)
	s.t.prepare(&w.table)
	for _, c := range s.t.tokens {
		s.Starts, s.Ends = append(s.Starts, int(c.start)), append(s.Ends, int(c.end))
		s.Broken = append(s.Broken, c.gap >= gapLine)
	}
	s.Maybe = s.t.maybe
	for i := 0; i < len(s.Maybe); i++ {
		if s.Maybe[i] {
			end := s.t.run(i)
			s.Runs = append(s.Runs, [2]int{i, end})
			i = end - 1
		}
	}
	return s
}

// Features appends the features of token i: hashes, of which the highest bits
// choose a row of weights.
func (s *Sample) Features(dst []uint32, i int) []uint32 {
	var f features
	s.t.read(&f, i)
	return append(dst, f.rows[:f.n]...)
}

// Token is what is known of a token by itself, for models that learn what its
// neighbours mean. Beyond the text, all is 0.
type Token struct {
	Word    uint64 // hash of the text in lower case
	Cluster uint64
	Lists   uint64
	Look    uint64 // shape, and the gap before it
	Style   uint64 // of its line
	Place   uint64
	Key     uint64 // the word before the colon that stands before it
	Char    bool   // is a character and not a word
}

// Len is the number of tokens.
func (s *Sample) Len() int { return len(s.t.tokens) }

// Token returns token i, which may lie beyond the text.
func (s *Sample) Token(i int) Token {
	t := &s.t
	if uint(i) >= uint(len(t.tokens)) {
		return Token{}
	}
	c := &t.tokens[i]
	key, _ := t.key(i)
	return Token{c.word, c.info.cluster(), t.lists(i), c.look(), uint64(t.lines[c.line].style), t.place(i), key, c.shape.single()}
}

// Text returns the text of token i.
func (s *Sample) Text(i int) []byte { return s.t.data[s.t.tokens[i].start:s.t.tokens[i].end] }

// Score sets scores to what the rows of m say of the tokens from the one at from.
func Score(m *Model, s *Sample, from int, scores [][NumTags]int32) {
	var f features
	for i := range scores {
		s.t.read(&f, from+i)
		m.weights.sum(&f, &scores[i])
	}
}

// FindBy is Find by other scores than those of the rows: score sets those of the
// tokens [from:to] of s, in the unit of the model. All else is the same. It is no
// method, since linkers keep these for reflection.
func FindBy(m *Model, dst []Entity, data []byte, score func(s *Sample, from, to int, scores [][NumTags]int32)) []Entity {
	s := new(Sample)
	for from := 0; from < len(data); {
		from = s.t.tokenise(data, from)
		dst = m.findIn(dst, &s.t, func(t *text, from, to int) { score(s, from, to, t.scores) })
	}
	return dst
}
