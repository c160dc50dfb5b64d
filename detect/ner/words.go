package ner

import "encoding/binary"

// Info is what the table of words knows of a word or phrase: the lists it is
// on, and the cluster of words it is used like.
type Info uint32

// The lists.
const (
	ListFirst   Info = 1 << iota // given names
	ListLast                     // family names
	ListHuman                    // names of people of either sort, a large list
	ListCity                     // places with 100,000 people and more
	ListTown                     // smaller places
	ListCountry                  // countries and regions
	ListOrg                      // companies, teams, agencies
	ListCommon                   // words that everybody knows, in lower case
	ListRare                     // other words of a dictionary, in lower case
	ListProper                   // mostly written with a capital letter
	ListJob                      // what people work as
	ListDemonym                  // what people of a place are called
	ListBegin                    // begins a phrase
	ListPhrase                   // is a phrase of several words
	ListStreet                   // kinds of streets
	ListTitle                    // Mr, Dr, Herr

	listBits     = 16
	allLists     = 1<<listBits - 1
	clusterShift = 20
	// NumClusters is how many clusters there are; 0 is of words without one.
	NumClusters = 1 << 11
)

const (
	nameLists   = ListFirst | ListLast | ListHuman | ListCity | ListTown | ListCountry | ListOrg
	phraseLists = nameLists | ListCommon // that phrases are on
)

func (i Info) cluster() uint64 { return uint64(i >> clusterShift) }

// words is a hash table: the entries of all buckets in a row, where each bucket
// begins, and the infos that entries have, of which there are far fewer than
// entries. Its parts are those of a file.
type words struct {
	starts  []byte // of buckets, a power of two and the end: 4 bytes each
	entries []byte // 16 bits of the hash, to tell words apart, and the number of an info
	infos   []byte // 4 bytes each
}

// get returns what is known of the word or phrase with this hash.
func (w *words) get(h uint64) Info {
	at := h & uint64(len(w.starts)/4-2) * 4
	bounds := binary.LittleEndian.Uint64(w.starts[at:])
	mark := uint16(h >> 48)
	for i := int(uint32(bounds)); i < int(bounds>>32); i++ {
		if e := binary.LittleEndian.Uint32(w.entries[4*i:]); uint16(e) == mark {
			return Info(binary.LittleEndian.Uint32(w.infos[4*(e>>16):]))
		}
	}
	return 0
}

// whole reports whether get stays within the table, whatever it is asked for.
func (w *words) whole() bool {
	buckets, entries, infos := len(w.starts)/4-1, len(w.entries)/4, len(w.infos)/4
	if !power(buckets) || len(w.starts)%4+len(w.entries)%4+len(w.infos)%4 != 0 {
		return false
	}
	before := uint32(0)
	for i := range buckets + 1 {
		at := binary.LittleEndian.Uint32(w.starts[4*i:])
		if at < before {
			return false
		}
		before = at
	}
	for i := range entries {
		if int(binary.LittleEndian.Uint16(w.entries[4*i+2:])) >= infos {
			return false
		}
	}
	return int(before) == entries
}

// join is the hash of a phrase, and of the word that follows it.
func join(phrase, word uint64) uint64 { return mix(phrase*3 ^ word) }

// maxPhrase is how many tokens a phrase may have.
const maxPhrase = 6

// look sets the info of all tokens, and the phrases that they belong to.
func (t *text) look(w *words) {
	t.phrases = t.phrases[:0]
	for i := range t.tokens {
		tok := &t.tokens[i]
		tok.info = w.get(tok.word)
		t.phrases = append(t.phrases, 0)
	}
	end := 0 // of the phrase that reaches furthest
	for i := range t.tokens {
		if t.tokens[i].info&ListBegin == 0 {
			continue
		}
		far := gapLine
		if t.tokens[i].shape.single() {
			far = gapSpace // characters are words only where nothing parts them
		}
		h := t.tokens[i].word
		for n := 1; n < maxPhrase && i+n < len(t.tokens) && t.tokens[i+n].gap < far; n++ {
			h = join(h, t.tokens[i+n].word)
			if x := w.get(h); x&ListPhrase != 0 && i+n >= end {
				t.phrase(i, n+1, x)
				end = i + n + 1
			}
		}
	}
}

// phrase marks the n tokens from i as a phrase of some lists.
func (t *text) phrase(i, n int, x Info) {
	lists := phrase(x & phraseLists)
	for j := range n {
		if p := &t.phrases[i+j]; *p == 0 || j == 0 || *p&phraseFirst == 0 {
			*p = lists | phraseInside
		}
	}
	t.phrases[i] |= phraseFirst
	t.phrases[i+n-1] |= phraseLast
}

// phrase is the lists of a phrase that a token is part of, and its place in it.
type phrase uint16

const (
	phraseInside phrase = 1 << (listBits - 3 + iota)
	phraseFirst
	phraseLast
)
