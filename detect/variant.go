package detect

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"maskit/detect/ner"
)

// Variant is a way in which a value that was found in one text may stand in
// another one, where nothing around it tells what it is.
type Variant struct {
	Text    string
	AnyCase bool // whatever its letter case, and however its words are parted
}

// Related is a Detector that knows how its findings may stand elsewhere.
// Variants appends these forms to dst; none if a value means something only
// where it was found. It is safe for concurrent use.
type Related interface {
	Detector
	Variants(dst []Variant, kind Kind, value []byte) []Variant
}

// hereOnly are kinds whose values are the same for many, and tell of somebody
// only beside the words that they were found by.
var hereOnly = map[Kind]bool{"AMOUNT": true, "DATE_TIME": true, "AGE": true, "US_ZIP_CODE": true, "URL": true, "DOMAIN_NAME": true}

const (
	minVariant = 6 // bytes of a value; shorter ones are words and numbers that stand everywhere
	minName    = 3 // bytes of a name
)

// Variants implements Related. What the configuration allows is no variant.
//
// A person stands elsewhere with the full name in any letter case, with and
// without the title, and by one of its words. A word that is also another word
// ("Will", "Rose") is none: most of what would be found is not the person.
func (e *Engine) Variants(dst []Variant, kind Kind, value []byte) []Variant {
	all := len(dst)
	switch {
	case hereOnly[kind]:
	case kind == Person:
		dst = e.persons(dst, value)
	case kind == Location || kind == Organization:
		if len(value) > minName && (bytes.IndexByte(value, ' ') > 0 || !e.isWord(value, ner.ListCommon|ner.ListRare)) {
			dst = append(dst, Variant{Text: string(value)})
		}
	case len(value) >= minVariant && e.telling(kind, value):
		dst = append(dst, Variant{Text: string(value)})
	}
	return e.disallow(dst, all, kind)
}

// persons appends the forms of a person's name.
func (e *Engine) persons(dst []Variant, value []byte) []Variant {
	words := nameWords(value)
	if len(words) > 1 {
		dst = append(dst, Variant{string(value), true})
	}
	titled := len(words)
	for len(words) > 1 && e.isWord(words[0], ner.ListTitle) {
		words = words[1:]
	}
	if len(words) > 1 && len(words) < titled {
		at := bytes.Index(value, words[0])
		dst = append(dst, Variant{string(value[at:]), true})
	}
	for _, w := range words {
		if first, _ := utf8.DecodeRune(w); len(w) < minName || unicode.IsLower(first) || e.isWord(w, ner.ListCommon|ner.ListTitle) {
			continue
		}
		if utf8.RuneCount(w) > 1 {
			dst = append(dst, Variant{string(w), e.model != nil && !e.isWord(w, ner.ListRare)})
		}
	}
	return dst
}

// nameWords are the words of a name, without the signs around them.
func nameWords(name []byte) [][]byte {
	words := bytes.Fields(name)
	for i, w := range words {
		words[i] = bytes.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) })
	}
	return words
}

// isWord reports whether the model's table has the word on one of the lists.
func (e *Engine) isWord(word []byte, lists ner.Info) bool {
	return e.model != nil && e.model.Lists(string(foldAtom(nil, word)))&lists != 0
}

// telling reports whether a value is more than a word of a language: one that
// was given as a password or a login name stands in texts as what it is.
func (e *Engine) telling(kind Kind, value []byte) bool {
	for i, c := range value {
		if c >= utf8.RuneSelf || c >= '0' && c <= '9' || !isWord(c) || i > 0 && isUpper(c) {
			return true
		}
	}
	return kind != Username && e.model != nil && !e.isWord(value, ner.ListCommon|ner.ListRare)
}

// disallow takes out of dst[from:] what the configuration allows.
func (e *Engine) disallow(dst []Variant, from int, kind Kind) []Variant {
	if e.allow == nil {
		return dst
	}
	p := pass{Engine: e}
	kept := dst[:from]
	for _, v := range dst[from:] {
		if !p.allowed(kind, []byte(v.Text)) {
			kept = append(kept, v)
		}
	}
	return kept
}
