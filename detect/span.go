// Package detect finds sensitive values in text.
//
// It does not replace them, and does not know where the text came from. Names
// and places in free text have no form: these it asks the model of package ner
// for, and keeps what the rules have not found already (model.go).
//
// A value of a certain form is a Rule, a row of the table Rules; a kind of
// value is a row of Kinds. Compile makes an Engine of the rows that a Config
// leaves on and of its dictionaries. The Engine looks at the normalised View
// of a text, once, with pass.windows: a rule is only asked where a number, a
// sign, a word, a name that is given a value, or the beginning of a key wakes
// it. What the rules find is
// settled into spans that do not overlap.
//
// # Known tradeoffs
//
// A rule that nothing wakes finds nothing: a form without digit, sign, known
// word or a run of 16 key characters needs a new kind of waking. Findings that
// overlap in part become one that covers both, of the longer one's kind.
// Values that are split over two texts are not found.
package detect

import "context"

// Kind names what a value is, in the words of Presidio where it has one:
// EMAIL_ADDRESS, CREDIT_CARD, US_SSN.
type Kind string

// Span is a finding: text[Start:End], in bytes of the text as it was given.
type Span struct {
	Start, End int
	Kind       Kind
	Rule       string  // name of the row that found it
	Score      float64 // certainty in [0,1]
	// Term is the canonical form of a term that has several spellings, which all
	// stand for one value; "" for anything else.
	Term string
}

// Detector finds sensitive values. Find appends the spans of text to dst,
// sorted by Start and without overlap, and returns it. It MUST be safe for
// concurrent use, and MUST return an error if any part of text was not looked
// at: the caller then refuses the request.
type Detector interface {
	Find(ctx context.Context, dst []Span, text []byte) ([]Span, error)
}
