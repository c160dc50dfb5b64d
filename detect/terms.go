package detect

import (
	"fmt"
	"hash/maphash"
	"unicode"
	"unicode/utf8"
)

// terms are the terms of all dictionaries. A term is a sequence of atoms: a
// word, a character of a script without spaces between words, or a sign. They
// are looked up atom by atom, by a hash of all atoms so far, for as long as
// some term goes on; the longest term wins, and is compared as a whole.
type terms struct {
	seed     maphash.Seed
	prefixes map[uint64]int32 // hash of atoms: 1 + index of the term that ends there, or 0
	list     []term
	longest  int                        // bytes of the longest atom
	aliases  map[Kind]map[string]string // folded spelling -> the term's canonical form; nil if there are none
}

// dictionaryRule is what findings of a dictionary's terms are called.
const dictionaryRule = "dictionary"

type term struct {
	folded []byte
	rule   *Rule
}

// compileTerms reads the dictionaries, and takes the keywords of rules, whose
// kinds are on. It also returns the keys of the words with which terms begin. It
// returns nil terms if there are none.
func compileTerms(dictionaries []Dictionary, keywords []keywordList, on map[Kind]bool) (*terms, []uint64, error) {
	t := &terms{seed: maphash.MakeSeed(), prefixes: map[uint64]int32{}}
	var firsts []uint64
	var lists []keywordList
	for i, d := range dictionaries {
		if !on[d.Kind] {
			continue
		}
		s, err := d.read()
		if err != nil {
			return nil, nil, fmt.Errorf("dictionaries[%d].%w", i, err)
		}
		lists = append(lists, keywordList{&Rule{Name: dictionaryRule, Kind: d.Kind, Score: 1}, s.list})
		t.alias(d.Kind, s.aliases)
	}
	for _, l := range append(lists, keywords...) {
		if !on[l.rule.Kind] {
			continue
		}
		for _, s := range l.terms {
			folded := foldTerm(nil, []byte(s))
			firsts = append(firsts, termKey(folded, firstAtom(folded)))
			t.add(term{folded, l.rule})
		}
	}
	if len(t.list) == 0 {
		return nil, nil, nil
	}
	return t, firsts, nil
}

// alias notes what the spellings of a kind's terms stand for, unless an earlier
// dictionary has said so.
func (t *terms) alias(k Kind, aliases map[string]string) {
	if len(aliases) == 0 {
		return
	}
	if t.aliases == nil {
		t.aliases = map[Kind]map[string]string{}
	}
	if t.aliases[k] == nil {
		t.aliases[k] = map[string]string{}
	}
	for spelling, first := range aliases {
		if _, ok := t.aliases[k][spelling]; !ok {
			t.aliases[k][spelling] = string(k.Canonical(nil, []byte(first)))
		}
	}
}

// add adds a term, unless an earlier dictionary has it.
func (t *terms) add(x term) {
	h := uint64(0)
	var last uint64
	for i := firstAtom(x.folded); i < len(x.folded); {
		end := atom(x.folded, i, maxTerm)
		t.longest = max(t.longest, end-i)
		h = t.extend(h, x.folded[i:end])
		if _, ok := t.prefixes[h]; !ok {
			t.prefixes[h] = 0
		}
		last = h
		i = end
		if i < len(x.folded) && x.folded[i] == ' ' {
			h++ // a space makes another sequence
			i++
		}
	}
	if t.prefixes[last] == 0 {
		t.list = append(t.list, x)
		t.prefixes[last] = int32(len(t.list))
	}
}

// extend is the hash of a sequence of atoms and one more.
func (t *terms) extend(h uint64, atom []byte) uint64 {
	return (h ^ maphash.Bytes(t.seed, atom)) * 0x9e3779b97f4a7c15
}

// firstAtom returns where the first word of a term begins: signs before it are
// compared, but do not wake the search.
func firstAtom(text []byte) int {
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return i
		}
		i += n
	}
	return 0
}

// atom returns the end of the atom that begins at i, or limit bytes on.
func atom(text []byte, i, limit int) int {
	r, n := utf8.DecodeRune(text[i:])
	if !inWord(r) || unspaced(r) {
		return i + n
	}
	for end := min(len(text), i+limit); i < end; i += n {
		if c := text[i]; c < utf8.RuneSelf {
			if n = 1; !isWord(c) {
				return i
			}
			continue
		}
		if r, n = utf8.DecodeRune(text[i:]); !inWord(r) || unspaced(r) {
			return i
		}
	}
	return i
}

// inWord reports whether r is part of a word: a letter, a digit or a mark.
func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return isWord(byte(r))
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// termKey is the key of the word at i of a folded text: its wordKey, or that
// of its first character where it does not begin in ASCII.
func termKey(text []byte, i int) uint64 {
	if text[i] < utf8.RuneSelf {
		return wordKey(text[i:])
	}
	r, _ := utf8.DecodeRune(text[i:])
	return runeKey(r)
}

// runeKey is a key no word of ASCII has.
func runeKey(r rune) uint64 { return 1<<63 | uint64(unicode.ToLower(r)) }

// match returns the longest term that begins with the word at i, and its
// rule, or nil.
func (t *terms) match(text []byte, i int, buf []byte) (r *Rule, start, end int, out []byte) {
	out = buf
	if before, _ := utf8.DecodeLastRune(text[:i]); i > 0 && inWord(before) && !unspaced(before) {
		if first, _ := utf8.DecodeRune(text[i:]); !unspaced(first) {
			return nil, 0, 0, out
		}
	}
	h := uint64(0)
	for j := i; j < len(text); {
		stop := atom(text, j, t.longest+1)
		if stop-j > t.longest {
			break
		}
		out = foldAtom(out[:0], text[j:stop])
		h = t.extend(h, out)
		n, ok := t.prefixes[h]
		if !ok {
			break
		}
		if n > 0 {
			x := t.list[n-1]
			from := i - firstAtom(x.folded)
			if from >= 0 {
				if out = foldTerm(out[:0], text[from:stop]); string(out) == string(x.folded) {
					r, start, end = x.rule, from, stop
				}
			}
		}
		space := stop
		for space < len(text) && space < stop+maxSpace && isSpace(text[space]) {
			space++
		}
		if space > stop && !t.glued(text, stop, space) {
			h++
		}
		j = space
	}
	return r, start, end, out
}

// glued reports whether the white space text[from:to] means nothing, because
// of the scripts on both sides.
func (t *terms) glued(text []byte, from, to int) bool {
	before, _ := utf8.DecodeLastRune(text[:from])
	after, _ := utf8.DecodeRune(text[to:])
	return unspaced(before) && unspaced(after)
}

// maxSpace is how much white space, in bytes, may stand for one space.
const maxSpace = 32

// foldAtom appends an atom of a normalised text in lower case.
func foldAtom(dst, atom []byte) []byte {
	for i := 0; i < len(atom); {
		if c := atom[i]; c < utf8.RuneSelf {
			if c >= 'A' && c <= 'Z' {
				c |= 0x20
			}
			dst = append(dst, c)
			i++
			continue
		}
		r, n := utf8.DecodeRune(atom[i:])
		if r == utf8.RuneError && n == 1 {
			dst = append(dst, atom[i])
		} else {
			dst = utf8.AppendRune(dst, unicode.ToLower(r))
		}
		i += n
	}
	return dst
}
