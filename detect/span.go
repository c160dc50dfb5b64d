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
}

// Detector finds sensitive values. Find appends the spans of text to dst,
// sorted by Start and without overlap, and returns it. It MUST be safe for
// concurrent use, and MUST return an error if any part of text was not looked
// at: the caller then refuses the request.
type Detector interface {
	Find(ctx context.Context, dst []Span, text []byte) ([]Span, error)
}
