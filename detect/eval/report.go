package eval

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"maskit/detect"
)

// Report are the figures of a detector on some sets.
type Report struct {
	Name      string   `json:"name,omitempty"`
	Texts     int      `json:"texts"`
	Bytes     int      `json:"bytes"`
	IoU       float64  `json:"iou"`
	Joined    bool     `json:"joined,omitempty"` // what nothing but signs parts is one
	MBPerSec  float64  `json:"mb_per_second"`    // 1e6 bytes; short texts are slower than long ones
	All       Row      `json:"all"`              // every kind that is labelled or found
	Claimed   Row      `json:"claimed"`          // the kinds that the detector looks for
	Kinds     []Row    `json:"kinds"`            // by name
	OverMasks *Figure  `json:"over_masking"`     // words outside of labels that were masked
	Sets      []string `json:"sets"`
}

// Row are the figures of one kind, or of several together.
type Row struct {
	Kind     detect.Kind `json:"kind,omitempty"`
	Claimed  bool        `json:"claimed"`
	Labelled int         `json:"labelled"` // spans
	Found    int         `json:"found"`    // spans, right or not
	// Typed compares findings of the same kind only; Any forgives another name.
	Typed Scores `json:"typed"`
	Any   Scores `json:"any"`
	// Leak is the share of labelled characters left visible.
	Leak *Figure `json:"leak"`
}

// Scores are nil where there is nothing to divide by.
type Scores struct {
	Recall    *Figure `json:"recall"`
	Precision *Figure `json:"precision"`
	F1        *Figure `json:"f1"`
	F2        *Figure `json:"f2"`
}

// Figure is a share in [0,1], within the bounds that 95 of 100 resamplings of
// the texts stay in.
type Figure struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// The figures of a tally. They return a share, or false if there is nothing to
// divide by.
type figure func(tally) (float64, bool)

func share(part, whole int) (float64, bool) {
	if whole == 0 {
		return 0, false
	}
	return float64(part) / float64(whole), true
}

func recall(t tally) (float64, bool)       { return share(t.hit, t.labelled) }
func precision(t tally) (float64, bool)    { return share(t.hit, t.predicted) }
func recallAny(t tally) (float64, bool)    { return share(t.hitAny, t.labelled) }
func precisionAny(t tally) (float64, bool) { return share(t.right, t.predicted) }
func leak(t tally) (float64, bool)         { return share(t.leaked, t.chars) }
func overMasking(t tally) (float64, bool)  { return share(t.masked, t.outside) }

// fScore is the weighted harmonic mean of precision and recall, in which recall
// weighs beta times as much (van Rijsbergen 1979). It is 0 if nothing is found,
// and there is none if nothing is labelled.
func fScore(beta float64, recall, precision figure) figure {
	return func(t tally) (float64, bool) {
		r, ok := recall(t)
		if !ok {
			return 0, false
		}
		p, _ := precision(t)
		if r == 0 || p == 0 {
			return 0, true
		}
		b := beta * beta
		return (1 + b) * p * r / (b*p + r), true
	}
}

// Resamplings, of which bounds are made, and their seed: the same counts give
// the same report.
const (
	resamplings = 1000
	seed        = 0x6d61736b6974
)

// Report adds up what was counted.
func (c *Counts) Report(name string, sets []Set) *Report {
	r := &Report{Name: name, Texts: c.Texts, Bytes: c.Bytes, IoU: c.opts.IoU, Joined: c.opts.Joined}
	for _, s := range sets {
		r.Sets = append(r.Sets, s.Name)
	}
	if s := c.Taken.Seconds(); s > 0 {
		r.MBPerSec = float64(c.Bytes) / 1e6 / s
	}
	r.All = c.row("", func(detect.Kind) bool { return true })
	r.Claimed = c.row("", c.claimed)
	for _, k := range c.kinds[1:] {
		row := c.row(k, func(x detect.Kind) bool { return x == k })
		row.Claimed = c.claimed(k)
		r.Kinds = append(r.Kinds, row)
	}
	slices.SortFunc(r.Kinds, func(a, b Row) int { return strings.Compare(string(a.Kind), string(b.Kind)) })
	over := c.sums(func(k detect.Kind) bool { return k == "" })
	r.OverMasks = bounds(over, draws(len(over)), overMasking)[0]
	return r
}

func (c *Counts) claimed(k detect.Kind) bool { return slices.Contains(c.opts.Claimed, k) }

// row makes the figures of the kinds that of names.
func (c *Counts) row(kind detect.Kind, of func(detect.Kind) bool) Row {
	texts := c.sums(of)
	var all tally
	for _, t := range texts {
		all.add(t)
	}
	row := Row{Kind: kind, Claimed: kind == "", Labelled: all.labelled, Found: all.predicted}
	f := bounds(texts, draws(len(texts)), rowFigures...)
	row.Typed = Scores{f[0], f[1], f[2], f[3]}
	row.Any = Scores{f[4], f[5], f[6], f[7]}
	row.Leak = f[8]
	return row
}

// rowFigures are those of a Row, in its order.
var rowFigures = []figure{
	recall, precision, fScore(1, recall, precision), fScore(2, recall, precision),
	recallAny, precisionAny, fScore(1, recallAny, precisionAny), fScore(2, recallAny, precisionAny),
	leak,
}

// sums returns, for each text that says anything of the kinds, one tally of
// them all.
func (c *Counts) sums(of func(detect.Kind) bool) []tally {
	var texts []tally
	for _, tallies := range c.texts {
		var sum tally
		for i, t := range tallies {
			if of(c.kinds[i]) {
				sum.add(t)
			}
		}
		if sum != (tally{}) {
			texts = append(texts, sum)
		}
	}
	return texts
}

// draws returns what resamples n texts: for each resampling the same function
// gives n indices, texts drawn with putting back.
func draws(n int) func() int {
	r := rand.New(rand.NewPCG(seed, uint64(n)))
	return func() int { return r.IntN(n) }
}

// bounds computes figures of the tallies, each within the bounds of its values
// over the resamplings (the percentile bootstrap of Efron 1979).
func bounds(texts []tally, draw func() int, figures ...figure) []*Figure {
	out := make([]*Figure, len(figures))
	if len(texts) == 0 {
		return out
	}
	var all tally
	for _, t := range texts {
		all.add(t)
	}
	samples := make([][]float64, len(figures))
	for range resamplings {
		var sample tally
		for range texts {
			sample.add(texts[draw()])
		}
		for i, f := range figures {
			if v, ok := f(sample); ok {
				samples[i] = append(samples[i], v)
			}
		}
	}
	for i, f := range figures {
		if v, ok := f(all); ok {
			low, high := percentiles(append(samples[i], v))
			out[i] = &Figure{v, low, high}
		}
	}
	return out
}

// percentiles returns the values below which 2.5 % and 97.5 % of samples lie.
// There is one sample at least.
func percentiles(samples []float64) (low, high float64) {
	slices.Sort(samples)
	at := func(q float64) float64 { return samples[int(q*float64(len(samples)-1)+0.5)] }
	return at(0.025), at(0.975)
}

// Change is how a figure of a kind differs from one report to another.
type Change struct {
	Kind   detect.Kind `json:"kind"` // "" for all that is claimed
	Figure string      `json:"figure"`
	A      *Figure     `json:"a"`
	B      *Figure     `json:"b"`
	// Sure says that the bounds of A and B do not overlap.
	Sure bool `json:"sure"`
}

// Compare lists the figures that differ from a to b: those of the claimed kinds
// together, then kind by kind.
func Compare(a, b *Report) []Change {
	changes := differ("", a.Claimed, b.Claimed)
	if c := change("", "over-masking", a.OverMasks, b.OverMasks); c != nil {
		changes = append(changes, *c)
	}
	kinds := map[detect.Kind][2]Row{}
	for i, r := range []*Report{a, b} {
		for _, row := range r.Kinds {
			both := kinds[row.Kind]
			both[i] = row
			kinds[row.Kind] = both
		}
	}
	for _, k := range slices.Sorted(maps.Keys(kinds)) {
		changes = append(changes, differ(k, kinds[k][0], kinds[k][1])...)
	}
	return changes
}

func differ(k detect.Kind, a, b Row) []Change {
	var changes []Change
	for _, c := range []*Change{
		change(k, "recall", a.Typed.Recall, b.Typed.Recall),
		change(k, "precision", a.Typed.Precision, b.Typed.Precision),
		change(k, "F2", a.Typed.F2, b.Typed.F2),
		change(k, "leak", a.Leak, b.Leak),
	} {
		if c != nil {
			changes = append(changes, *c)
		}
	}
	return changes
}

func change(k detect.Kind, name string, a, b *Figure) *Change {
	if a == nil && b == nil || a != nil && b != nil && a.Value == b.Value {
		return nil
	}
	sure := a == nil || b == nil || a.High < b.Low || b.High < a.Low
	return &Change{Kind: k, Figure: name, A: a, B: b, Sure: sure}
}
