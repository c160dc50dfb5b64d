package mask

import (
	"slices"

	"maskit/detect"
)

// Finding is a value that was found, and what was done with it.
type Finding struct {
	detect.Span
	// With is what stands in its place; Changed is false where it stayed.
	With    string
	Changed bool
	// Action is the row of Actions by which it was done.
	Action string
}

// Corrections are a person's own word on one text. They hold for that text
// only, and no rule is made of them.
type Corrections struct {
	// Mask lists what is to be masked whether or not it was found. What overlaps
	// with it is masked with it, as one value of its kind.
	Mask []detect.Span
	// Release lists what is to stay: every finding that overlaps with it, unless
	// Mask names it too.
	Release []Range
}

// Range is text[Start:End], in bytes.
type Range struct{ Start, End int }

// personal is what the rule of a correction is called.
const personal = "correction"

// Knows says whether the policy can make and recognise tokens of the kind.
func (m *Masker) Knows(k detect.Kind) bool {
	_, ok := m.labels[k]
	return ok
}

// MaskNoting masks a text as Mask does, under a person's corrections, and notes
// each finding in the order of the text. Who asks for it wants to see what the
// policy does: it masks in every mode, and a value of a kind with which the policy
// lets no request through is replaced too; what that means is the caller's to say.
func (s *Session) MaskNoting(text []byte, by Corrections, note func(Finding)) error {
	s.mode = ModeMask
	spans, anew, err := s.look(text)
	if err != nil {
		return err
	}
	if anew && !by.none() {
		s.texts.looked[len(s.texts.looked)-1].mute = true
	}
	s.spans = by.apply(spans)
	for i := range s.spans {
		f := Finding{Span: s.spans[i], Action: s.m.Action(s.spans[i].Kind).Name}
		s.apply(&s.spans[i], text, func(_, _ int, with string) { f.With, f.Changed = with, true })
		note(f)
	}
	s.refused = ""
	return nil
}

func (c Corrections) none() bool { return len(c.Mask)+len(c.Release) == 0 }

// apply returns the findings as corrected, sorted and without overlap.
func (c Corrections) apply(found []detect.Span) []detect.Span {
	found = slices.DeleteFunc(found, func(sp detect.Span) bool {
		return slices.ContainsFunc(c.Release, func(r Range) bool { return sp.Start < r.End && r.Start < sp.End })
	})
	if len(c.Mask) == 0 {
		return found
	}
	for _, sp := range c.Mask {
		sp.Rule, sp.Score = personal, 1
		found = append(found, sp)
	}
	slices.SortStableFunc(found, func(a, b detect.Span) int { return a.Start - b.Start })
	return join(found)
}

// join makes of spans that overlap one span, of the kind that a person gave. It
// is given them sorted by where they start.
func join(spans []detect.Span) []detect.Span {
	out := spans[:0]
	for _, sp := range spans {
		if len(out) == 0 || sp.Start >= out[len(out)-1].End {
			out = append(out, sp)
			continue
		}
		last := &out[len(out)-1]
		if sp.Rule == personal && last.Rule != personal {
			last.Kind, last.Rule, last.Score = sp.Kind, sp.Rule, sp.Score
		}
		last.End = max(last.End, sp.End)
	}
	return out
}
