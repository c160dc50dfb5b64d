package wire

import "bytes"

// maskProse hands out a text that may quote JSON. Where a string of that JSON has
// escapes, it is handed out decoded first: a value with quotes or backslashes
// stands there in another spelling. What is found so goes before what the text as
// it stands shows there; but that counts too, since what was not found decoded may
// be found in the midst of its sentence.
func maskProse(text []byte, hand Text, part func(string) error, emit Emit) error {
	if bytes.IndexByte(text, '\\') < 0 {
		return hand(text, emit)
	}
	var inner []edit
	for _, l := range escapedLiterals(text) {
		var err error
		behind := func(decoded []byte, emit Emit) error {
			return handBehind(nameBefore(text, l.start), decoded, hand, emit)
		}
		if inner, err = valueTexts(inner, text[l.start:l.end], l.start, nil, behind, part); err != nil {
			return err
		}
	}
	if len(inner) == 0 {
		return hand(text, emit)
	}
	give := func(e edit) { emit(e.start, e.end, e.with) }
	err := hand(text, func(start, end int, with string) {
		for len(inner) > 0 && inner[0].end <= start {
			give(inner[0])
			inner = inner[1:]
		}
		if len(inner) == 0 || end <= inner[0].start {
			emit(start, end, with)
		}
	})
	for _, e := range inner {
		give(e)
	}
	return err
}

// escapedLiterals finds the string literals, quotes included, of JSON in a text
// that have escapes.
func escapedLiterals(text []byte) (literals []edit) {
	var q quotes
	start := 0
	for i := 0; i < len(text); i++ {
		if i += q.pass(text[i:]); i == len(text) {
			break
		}
		before := q.open
		q.step(text[i])
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
