package mask

import (
	"context"
	"slices"

	"maskit/detect"
	"maskit/vault"
)

// Token is what looks like a token in a text, at text[Start:End].
type Token struct {
	Start, End int
	Name       string      // as it was sent, whatever a model made of it
	Kind       detect.Kind // "" if several kinds have its label
	Marks      string      // emphasis that stood inside and goes before the value
}

// Tokens returns what looks like a token in text, in order. Whether it stands
// for anything the vault knows.
func (m *Masker) Tokens(text []byte) (all []Token) {
	for at := 0; ; {
		f, ok := m.tokens.next(0, text, at)
		if !ok {
			return all
		}
		at = f.end
		name := string(f.name())
		all = append(all, Token{f.start, f.end, name, m.kindOf(name[:len(name)-vault.CodeLen]), f.marks})
	}
}

// kindOf returns the one kind that has the label.
func (m *Masker) kindOf(label string) (kind detect.Kind) {
	for k, l := range m.labels {
		if l == label {
			if kind != "" {
				return ""
			}
			kind = k
		}
	}
	return kind
}

// Kinds returns the kinds that the policy finds, sorted by name.
func (m *Masker) Kinds() []detect.Kind {
	kinds := m.cfg.Kinds()
	slices.Sort(kinds)
	return kinds
}

// Find implements detect.Detector: it finds what the policy's detectors find.
// Nothing is masked, and no vault is asked.
func (m *Masker) Find(ctx context.Context, dst []detect.Span, text []byte) ([]detect.Span, error) {
	return m.detector.Find(ctx, dst, text)
}
