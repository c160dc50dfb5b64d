package mask

import (
	"slices"
	"strings"
)

// tally counts what was found, and what went through unread.
type tally struct {
	counts  []Count
	rules   []Count // the same by the rule that found them
	allowed []Count
	parts   []Count
}

// Count says how many there were of a kind.
type Count struct {
	Kind string
	N    int
}

func count(counts []Count, kind string) []Count {
	for i := range counts {
		if counts[i].Kind == kind {
			counts[i].N++
			return counts
		}
	}
	return append(counts, Count{kind, 1})
}

// add counts what o has counted.
func (t *tally) add(o *tally) {
	t.counts, t.rules = plus(t.counts, o.counts), plus(t.rules, o.rules)
	t.allowed, t.parts = plus(t.allowed, o.allowed), plus(t.parts, o.parts)
}

// since returns what was counted after before.
func (t *tally) since(before *tally) tally {
	return tally{
		minus(t.counts, before.counts), minus(t.rules, before.rules), minus(t.allowed, before.allowed), minus(t.parts, before.parts),
	}
}

// copyOf makes of t what o is.
func (t *tally) copyOf(o *tally) {
	*t = t.cleared()
	t.add(o)
}

// cleared returns a tally of nothing in the room of t.
func (t *tally) cleared() tally {
	return tally{t.counts[:0], t.rules[:0], t.allowed[:0], t.parts[:0]}
}

func plus(counts, more []Count) []Count {
	if counts == nil {
		return slices.Clone(more)
	}
	for _, c := range more {
		if i := slices.IndexFunc(counts, func(d Count) bool { return d.Kind == c.Kind }); i >= 0 {
			counts[i].N += c.N
		} else {
			counts = append(counts, c)
		}
	}
	return counts
}

func minus(counts, before []Count) (rest []Count) {
	for _, c := range counts {
		if i := slices.IndexFunc(before, func(d Count) bool { return d.Kind == c.Kind }); i >= 0 {
			c.N -= before[i].N
		}
		if c.N > 0 {
			rest = append(rest, c)
		}
	}
	return rest
}

func sorted(counts []Count) []Count {
	slices.SortFunc(counts, func(a, b Count) int { return strings.Compare(a.Kind, b.Kind) })
	return counts
}
