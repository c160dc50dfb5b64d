// Package eval measures a detector on labelled texts: what it finds, what it
// misses, what it finds in vain, and how fast.
//
// It knows no rule and trains nothing. It quotes no text unless the caller asks
// for examples.
//
// [Read] makes a [Set] of a file in one of the formats of published collections.
// [Measure] runs a detector over it and keeps what each text says of each kind;
// [Counts.Report] adds that up, with intervals from resampling the texts. Two
// measures of the same texts are put side by side by [Compare].
//
// # Known tradeoffs
//
// Collections name kinds in their own ways: the table [Names] says which of
// them are one. A collection that does not label everything makes precision
// read too low and over-masking too high. Texts that come as tokens are put
// together with single spaces, so that a number in several tokens has spaces
// that nobody wrote.
package eval

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"maskit/detect"
)

// Text is a labelled text.
type Text struct {
	ID    string
	Text  string
	Spans []Label // sorted by Start
}

// Label says that Text[Start:End], in bytes, is of a kind.
type Label struct {
	Start, End int
	Kind       detect.Kind // as Names has it
}

// Set is a collection of labelled texts.
type Set struct {
	Name  string
	Texts []Text
}

// Options say how findings are compared with labels.
type Options struct {
	// IoU is how much of a finding and a label together they must have in
	// common, in (0,1], to be the same: the bytes of both by the bytes of either.
	IoU float64
	// Claimed are the kinds that the detector looks for. Others count as missed
	// in the sum of all kinds, but not in the sum of those claimed.
	Claimed []detect.Kind
	// Joined makes labels that nothing but signs and white space parts one label,
	// and findings one finding: a value that is labelled part by part, such as an
	// address, is then compared as a whole. The kind is that of the first part.
	Joined bool
	// Examples is how many missed labels, of claimed kinds, and vain findings are
	// kept, each. They quote the texts.
	Examples int
}

// Counts are what a detector did with each text of some sets.
type Counts struct {
	Texts, Bytes int
	Taken        time.Duration // for all texts, in the detector
	Examples     []Example

	opts  Options
	kinds []detect.Kind
	texts [][]tally // by text, by kind
}

// Example is a label that was missed, or a finding that is no label.
type Example struct {
	Set, ID string
	Kind    detect.Kind
	Rule    string // of a vain finding; empty if a label was missed
	Before  string // up to 30 bytes of the text
	Value   string
	After   string
}

// tally counts for one kind in one text, or in several.
type tally struct {
	labelled, predicted int // spans
	hit                 int // labels that a finding of their kind is the same as
	hitAny              int // labels that some finding is the same as
	right               int // findings that some label is the same as
	chars, leaked       int // characters of the labels, and those left visible
	outside, masked     int // words outside of all labels, and those masked in part; with the first kind
}

func (t *tally) add(x tally) {
	t.labelled += x.labelled
	t.predicted += x.predicted
	t.hit += x.hit
	t.hitAny += x.hitAny
	t.right += x.right
	t.chars += x.chars
	t.leaked += x.leaked
	t.outside += x.outside
	t.masked += x.masked
}

// Measure runs d over the sets. The error is the context's, the detector's, or
// about the options; it quotes no text.
func Measure(ctx context.Context, d detect.Detector, sets []Set, opts Options) (*Counts, error) {
	if !(opts.IoU > 0 && opts.IoU <= 1) {
		return nil, fmt.Errorf("eval: an overlap of %v is not between 0 and 1", opts.IoU)
	}
	for i, k := range opts.Claimed {
		opts.Claimed[i] = KindOf(string(k))
	}
	c := &Counts{opts: opts, kinds: []detect.Kind{""}}
	var found []detect.Span
	for _, s := range sets {
		for i := range s.Texts {
			t := &s.Texts[i]
			text := []byte(t.Text)
			var err error
			if found, err = d.Find(ctx, found[:0], text); err != nil {
				return nil, fmt.Errorf("eval: %s, text %d: %w", s.Name, i+1, err)
			}
			for i := range found {
				found[i].Kind = KindOf(string(found[i].Kind))
			}
			compared := *t
			if opts.Joined {
				found = joined(t.Text, found, func(s *detect.Span) (*int, *int) { return &s.Start, &s.End })
				compared.Spans = joined(t.Text, slices.Clone(t.Spans), func(l *Label) (*int, *int) { return &l.Start, &l.End })
			}
			c.Texts++
			c.Bytes += len(text)
			c.text(s.Name, &compared, found)
		}
	}
	return c, c.time(ctx, d, sets)
}

// joined makes spans, in order, that no letter and no digit of the text parts one.
// It uses their memory.
func joined[S any](text string, spans []S, bounds func(*S) (start, end *int)) []S {
	kept := spans[:0]
	for _, s := range spans {
		start, end := bounds(&s)
		if len(kept) > 0 {
			if _, before := bounds(&kept[len(kept)-1]); !parted(text, *before, *start) {
				*before = max(*before, *end)
				continue
			}
		}
		kept = append(kept, s)
	}
	return kept
}

// parted reports whether a letter or digit stands in text[from:to].
func parted(text string, from, to int) bool {
	return from < to && strings.ContainsFunc(text[from:to], func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// passes are how often the texts are looked at to see how fast that is.
const passes = 5

// time sets Taken to the fastest of some passes over all texts: what else the
// machine does makes others slower, and nothing makes one faster.
func (c *Counts) time(ctx context.Context, d detect.Detector, sets []Set) error {
	var texts [][]byte
	for _, s := range sets {
		for _, t := range s.Texts {
			texts = append(texts, []byte(t.Text))
		}
	}
	var found []detect.Span
	for range passes {
		start := time.Now()
		for _, text := range texts {
			var err error
			if found, err = d.Find(ctx, found[:0], text); err != nil {
				return fmt.Errorf("eval: %w", err)
			}
		}
		if taken := time.Since(start); c.Taken == 0 || taken < c.Taken {
			c.Taken = taken
		}
	}
	return nil
}

// index returns the place of a kind in the tallies.
func (c *Counts) index(k detect.Kind) int {
	i := slices.Index(c.kinds, k)
	if i < 0 {
		i = len(c.kinds)
		c.kinds = append(c.kinds, k)
	}
	return i
}

// text counts one text.
func (c *Counts) text(set string, t *Text, found []detect.Span) {
	var tallies []tally
	of := func(k detect.Kind) *tally {
		for i := c.index(k); len(tallies) <= i; {
			tallies = append(tallies, tally{})
		}
		return &tallies[c.index(k)]
	}
	typed := pairs(t.Spans, found, c.opts.IoU, true)
	some := pairs(t.Spans, found, c.opts.IoU, false)
	for i, l := range t.Spans {
		x := of(l.Kind)
		x.labelled++
		chars, leaked := visible(t.Text, l, found)
		x.chars += chars
		x.leaked += leaked
		if slices.ContainsFunc(typed, func(p pair) bool { return p.label == i }) {
			x.hit++
		}
		if slices.ContainsFunc(some, func(p pair) bool { return p.label == i }) {
			x.hitAny++
		} else if leaked > 0 && c.claimed(l.Kind) {
			c.example(set, t, l.Start, l.End, l.Kind, "")
		}
	}
	for i, f := range found {
		x := of(f.Kind)
		x.predicted++
		if slices.ContainsFunc(some, func(p pair) bool { return p.found == i }) {
			x.right++
		} else if !touches(t.Spans, f.Start, f.End) {
			c.example(set, t, f.Start, f.End, f.Kind, f.Rule)
		}
	}
	x := of("")
	x.outside, x.masked = overMasked(t, found)
	c.texts = append(c.texts, tallies)
}

// example keeps text[start:end] if there is room for one more of its sort.
func (c *Counts) example(set string, t *Text, start, end int, kind detect.Kind, rule string) {
	n := 0
	for _, e := range c.Examples {
		if (e.Rule == "") == (rule == "") {
			n++
		}
	}
	if n >= c.opts.Examples {
		return
	}
	const around = 30
	before, after := max(0, start-around), min(len(t.Text), end+around)
	for !utf8.RuneStart(t.Text[before]) {
		before++
	}
	for after < len(t.Text) && !utf8.RuneStart(t.Text[after]) {
		after++
	}
	c.Examples = append(c.Examples, Example{
		Set: set, ID: t.ID, Kind: kind, Rule: rule,
		Before: t.Text[before:start], Value: t.Text[start:end], After: t.Text[end:after],
	})
}

// pair is a label and a finding, by index, that are the same.
type pair struct {
	label, found int
	iou          float64
}

// pairs returns the pairs that overlap by at least iou, the best first; no
// label and no finding is in two of them.
func pairs(labels []Label, found []detect.Span, iou float64, typed bool) []pair {
	var all []pair
	for i, l := range labels {
		for j, f := range found {
			if typed && l.Kind != f.Kind {
				continue
			}
			both := min(l.End, f.End) - max(l.Start, f.Start)
			if both <= 0 {
				continue
			}
			either := max(l.End, f.End) - min(l.Start, f.Start)
			if share := float64(both) / float64(either); share >= iou {
				all = append(all, pair{i, j, share})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b pair) int {
		switch {
		case a.iou > b.iou:
			return -1
		case a.iou < b.iou:
			return 1
		}
		return 0
	})
	best := all[:0]
	for _, p := range all {
		if !slices.ContainsFunc(best, func(q pair) bool { return p.label == q.label || p.found == q.found }) {
			best = append(best, p)
		}
	}
	return best
}

// visible counts the characters of a label, white space aside, and those of
// them that no finding covers.
func visible(text string, l Label, found []detect.Span) (chars, leaked int) {
	for i, r := range text[l.Start:l.End] {
		if unicode.IsSpace(r) {
			continue
		}
		chars++
		if at := l.Start + i; !slices.ContainsFunc(found, func(f detect.Span) bool { return f.Start <= at && at < f.End }) {
			leaked++
		}
	}
	return chars, leaked
}

// overMasked counts the words of a text that touch no label, and those of them
// that a finding touches. A word is what stands between white space.
func overMasked(t *Text, found []detect.Span) (outside, masked int) {
	text := t.Text
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if unicode.IsSpace(r) {
			i += n
			continue
		}
		start := i
		for i < len(text) {
			if r, n = utf8.DecodeRuneInString(text[i:]); unicode.IsSpace(r) {
				break
			}
			i += n
		}
		if touches(t.Spans, start, i) {
			continue
		}
		outside++
		if slices.ContainsFunc(found, func(f detect.Span) bool { return f.Start < i && start < f.End }) {
			masked++
		}
	}
	return outside, masked
}

func touches(labels []Label, start, end int) bool {
	return slices.ContainsFunc(labels, func(l Label) bool { return l.Start < end && start < l.End })
}
