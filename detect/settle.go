package detect

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// settle sorts spans and makes one of those that overlap: it covers them all,
// so that no part of a value is left over, and is called as the longest of
// them is, or as the most certain of the longest.
func settle(spans []Span) []Span {
	if len(spans) < 2 {
		return spans
	}
	order(spans)
	out := 0
	longest := spans[0]
	for _, s := range spans[1:] {
		last := &spans[out]
		if s.Start >= last.End {
			out++
			spans[out], longest = s, s
			continue
		}
		if s.End-s.Start > longest.End-longest.Start || s.End-s.Start == longest.End-longest.Start && s.Score > longest.Score {
			longest = s
			last.Kind, last.Rule, last.Score, last.Term = s.Kind, s.Rule, s.Score, s.Term
		}
		last.End = max(last.End, s.End)
		if last.End-last.Start > longest.End-longest.Start {
			last.Term = "" // a term and more is no longer the term
		}
	}
	return spans[:out+1]
}

// order sorts spans. They come nearly in order, for which insertion is the
// quickest; a text for which it is not is sorted in general.
func order(spans []Span) {
	moves := 8 * len(spans)
	for i := 1; i < len(spans); i++ {
		for j := i; j > 0 && compare(&spans[j-1], &spans[j]) > 0; j-- {
			spans[j-1], spans[j] = spans[j], spans[j-1]
			moves--
		}
		if moves < 0 {
			slices.SortFunc(spans, func(a, b Span) int { return compare(&a, &b) })
			return
		}
	}
}

// compare says which of two spans is looked at first: the earlier, the longer,
// the more certain one.
func compare(a, b *Span) int {
	if a.Start != b.Start {
		return a.Start - b.Start
	}
	return cmp.Or(b.End-a.End, cmp.Compare(b.Score, a.Score), cmp.Compare(a.Rule, b.Rule))
}

// wholeRunes widens text[start:end] to whole UTF-8 characters.
func wholeRunes(text []byte, start, end int) (int, int) {
	for i := 0; i < utf8.UTFMax-1 && start > 0 && !utf8.RuneStart(text[start]); i++ {
		start--
	}
	for i := 0; i < utf8.UTFMax-1 && end < len(text) && !utf8.RuneStart(text[end]); i++ {
		end++
	}
	return start, end
}
