package wire

import (
	"bytes"
	"slices"
)

// maskProse hands out a text that may quote JSON. Where a string of that JSON has
// escapes, it is handed out decoded as well, and what is found there counts: a
// value with quotes or backslashes stands there in another spelling.
func maskProse(text []byte, hand Text, part func(string) error, emit Emit) error {
	if bytes.IndexByte(text, '\\') < 0 {
		return hand(text, emit)
	}
	var inner []edit
	literals := escapedLiterals(text)
	for _, l := range literals {
		var err error
		if inner, err = valueTexts(inner, text[l.start:l.end], l.start, nil, hand, part); err != nil {
			return err
		}
	}
	if len(literals) == 0 {
		return hand(text, emit)
	}
	all := inner
	err := hand(text, func(start, end int, with string) {
		meets := func(l edit) bool { return start < l.end && l.start < end }
		if !slices.ContainsFunc(literals, meets) {
			all = append(all, edit{start, end, with})
		}
	})
	sortEdits(all)
	for _, e := range all {
		emit(e.start, e.end, e.with)
	}
	return err
}

// escapedLiterals finds the string literals, quotes included, of JSON in a text
// that have escapes.
func escapedLiterals(text []byte) (literals []edit) {
	var q quotes
	start := 0
	for i := range text {
		before := q.open
		q.advance(text[i : i+1])
		switch {
		case before == 0 && q.open == 1:
			start = i
		case before > 0 && q.open == 0 && text[i] == '"':
			if l := text[start : i+1]; bytes.IndexByte(l, '\\') >= 0 && isJSONText(l) {
				literals = append(literals, edit{start: start, end: i + 1})
			}
		}
	}
	return literals
}
