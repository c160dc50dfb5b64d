package mask

import (
	"bytes"
	"slices"
	"unicode"
	"unicode/utf8"

	"maskit/detect"
)

// A value is often found by the words around it, and then said again without
// them: "my number is 536228726", and a turn later "is 536228726 right?". What was
// found in one text of a request is therefore looked for, as it is spelled there,
// in those that follow. The texts of a conversation come in their order, and each
// turn sends all of them again.

// saidValue is a value that another text may hold where no rule sees it.
type saidValue struct {
	value string
	kind  detect.Kind
	term  string
}

const (
	minKnown = 6   // bytes: shorter ones are words and numbers that stand everywhere
	maxKnown = 100 // values that are looked for, so that the work stays linear
	sureRule = 1.0 // the score of what is found wherever it stands
	unsure   = 0.6 // the score below which one mistake of the model is not to become several
)

// recall adds to spans, which are sorted, the known values that stand in text as
// words of their own and are not found anyway.
func (s *Session) recall(spans []detect.Span, text []byte) []detect.Span {
	found := len(spans)
	for i := range s.said {
		k := &s.said[i]
		for from := 0; ; {
			n := bytes.Index(text[from:], []byte(k.value))
			if n < 0 {
				break
			}
			start := from + n
			from = start + len(k.value)
			if alone(text, start, from) && !overlaps(spans, start, from) {
				spans = append(spans, detect.Span{Start: start, End: from, Kind: k.kind, Rule: "known", Score: sureRule, Term: k.term})
			}
		}
	}
	if len(spans) > found {
		slices.SortFunc(spans, func(a, b detect.Span) int { return a.Start - b.Start })
	}
	return spans
}

// learn notes what was found in text for those that follow.
func (s *Session) learn(spans []detect.Span, text []byte) {
	for i := range spans {
		sp := &spans[i]
		if sp.Score >= sureRule || sp.Rule == detect.ModelRule && sp.Score < unsure || sp.End-sp.Start < minKnown || len(s.said) >= maxKnown {
			continue
		}
		value := text[sp.Start:sp.End]
		if !slices.ContainsFunc(s.said, func(k saidValue) bool { return k.value == string(value) }) {
			s.said = append(s.said, saidValue{string(value), sp.Kind, sp.Term})
		}
	}
}

// alone reports whether neither a letter nor a digit stands right beside
// text[start:end].
func alone(text []byte, start, end int) bool {
	before, _ := utf8.DecodeLastRune(text[:start])
	after, _ := utf8.DecodeRune(text[end:])
	inWord := func(r rune) bool {
		return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) && r < 0x1100
	}
	return !inWord(before) && !inWord(after)
}

func overlaps(spans []detect.Span, start, end int) bool {
	return slices.ContainsFunc(spans, func(sp detect.Span) bool { return sp.Start < end && start < sp.End })
}
