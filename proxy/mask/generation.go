package mask

import "maskit/detect"

// generation holds what was found in the texts that were met in a time, packed: in
// a cache that is full there are 250,000 spans, of which the garbage collector need
// not look at one.
type generation struct {
	texts  map[cacheKey]extent
	spans  []packedSpan // of all texts
	names  []spanName
	byName map[spanName]uint32 // -> names
	weight int                 // of all that, in bytes
}

// extent is spans[from:to].
type extent struct{ from, to uint32 }

// packedSpan is a detect.Span. A text is far below 4 GiB.
type packedSpan struct {
	start, end uint32
	name       uint32
	score      float64
}

// spanName is what spans of one rule have in common.
type spanName struct {
	kind       detect.Kind
	rule, term string
}

// What things take in bytes, free room in maps and lists included.
const (
	entryWeight = 64
	spanWeight  = 32
	nameWeight  = 192
)

// add notes what was found in a text.
func (g *generation) add(k cacheKey, spans []detect.Span) {
	if g.texts == nil {
		g.texts, g.byName = make(map[cacheKey]extent), make(map[spanName]uint32)
	}
	from := uint32(len(g.spans))
	for i := range spans {
		sp := &spans[i]
		g.spans = append(g.spans, packedSpan{uint32(sp.Start), uint32(sp.End), g.name(sp), sp.Score})
	}
	g.texts[k] = extent{from, uint32(len(g.spans))}
	g.weight += entryWeight + spanWeight*len(spans)
}

// name returns the number of a span's name.
func (g *generation) name(sp *detect.Span) uint32 {
	name := spanName{sp.Kind, sp.Rule, sp.Term}
	n, ok := g.byName[name]
	if !ok {
		n = uint32(len(g.names))
		g.names = append(g.names, name)
		g.byName[name] = n
		g.weight += nameWeight
	}
	return n
}

// appendTo appends to dst what was found in a text, if that is known.
func (g *generation) appendTo(dst []detect.Span, k cacheKey) ([]detect.Span, bool) {
	e, ok := g.texts[k]
	if !ok {
		return dst, false
	}
	for _, sp := range g.spans[e.from:e.to] {
		name := &g.names[sp.name]
		dst = append(dst, detect.Span{
			Start: int(sp.start), End: int(sp.end),
			Kind: name.kind, Rule: name.rule, Term: name.term, Score: sp.score,
		})
	}
	return dst, true
}
