package wire

import (
	"bytes"
	"slices"
)

// leaf does with the string literal src[start:end] what its place asks for.
func (w *walker) leaf(n *node, in mark, start, end int, escaped bool) error {
	if in == markSkip || in == markOpaque || w.text == nil {
		return nil
	}
	if n != nil {
		switch n.mark {
		case markPart:
			if done, err := w.partAt(n.part, start, end, escaped); done {
				return err
			}
		case markWhole:
			if n.cite > 0 && w.event != nil {
				return w.citedLeaf(n, start, end, escaped)
			}
			if n.quoted || n.json && w.json {
				return w.document(start, end, escaped, true)
			}
		case markLane:
			w.event.hits = append(w.event.hits, hit{
				key:   laneKey{lane: n.lane, index: [maxLevel]int{w.path}},
				start: start, end: end, escaped: escaped, quoted: n.quoted || n.json && w.json,
			})
			return nil
		}
	}
	if n != nil && n.cite > 0 && w.event != nil {
		return w.citedLeaf(n, start, end, escaped)
	}
	if !w.masking || looksLikeJSON(w.src[start:end]) {
		return w.document(start, end, escaped, false)
	}
	if start == end {
		return nil
	}
	return maskProse(w.decode(start, end, escaped), w.textOf(n, end-start), w.part, w.emitFn)
}

// textOf returns what a string of a request is handed to: where no row knows its
// member, with the name of that.
func (w *walker) textOf(n *node, size int) Text {
	if n != nil || size < minNamed || size > 2*maxNamed {
		return w.text
	}
	member := beginMember(w.called())
	if member == nil {
		return w.text
	}
	return func(text []byte, emit Emit) error { return handBehind(member, text, w.text, emit) }
}

// decode returns the text of a literal; it lives until the next decode.
func (w *walker) decode(start, end int, escaped bool) []byte {
	raw := w.src[start:end]
	w.base, w.cur = start, cursor{raw: raw, escaped: escaped}
	if !escaped {
		return raw
	}
	w.scratch = unescape(slices.Grow(w.scratch[:0], len(raw)), raw)
	w.used = max(w.used, len(w.scratch))
	return w.scratch
}

// textAt hands out the literal as plain text.
func (w *walker) textAt(start, end int, escaped bool) error {
	if start == end || w.text == nil {
		return nil
	}
	return w.hand(w.decode(start, end, escaped), w.emitFn)
}

// shifted returns the edits as edits of the text that begins at start.
func shifted(edits []edit, start int) []edit {
	for i := range edits {
		edits[i].start -= start
		edits[i].end -= start
	}
	return edits
}

// emit notes an edit of the text at hand.
func (w *walker) emit(start, end int, with string) { w.emitEscaped(start, end, escape(with)) }

func (w *walker) emitEscaped(start, end int, with string) {
	from := w.cur.seek(start)
	to := w.cur.seek(end)
	w.edits = append(w.edits, edit{w.base + from, w.base + to, with})
}

// document hands out a literal that holds JSON, or may hold some: to be masked,
// as the texts in it; to be restored, as one text.
func (w *walker) document(start, end int, escaped, json bool) error {
	if w.masking {
		return w.quoted(start, end, escaped)
	}
	return w.restoreQuoted(start, end, escaped, json)
}

// quoted hands out the texts inside a literal that holds JSON. One that turns
// out to hold none is plain text. Equal names are no reason to take it for that:
// both are looked into.
func (w *walker) quoted(start, end int, escaped bool) error {
	text := w.decode(start, end, escaped)
	inner := newWalker(text)
	defer inner.free()
	inner.depth = w.depth
	if inner.walk(nil) != nil {
		return maskProse(text, w.text, w.part, w.emitFn)
	}
	inner.pos, inner.members = 0, inner.members[:0]
	inner.masking, inner.names, inner.text, inner.part = w.masking, w.names, w.text, w.part
	if err := inner.walk(nil); err != nil {
		return err
	}
	for _, e := range inner.edits {
		w.emit(e.start, e.end, e.with)
	}
	return nil
}

// restoreQuoted hands out a literal as one text, and escapes what is put in there
// as its place asks for. It needs no valid JSON, and does just what a stream of the
// same text does.
func (w *walker) restoreQuoted(start, end int, escaped, json bool) error {
	w.qtext, w.qpos, w.q, w.put = w.decode(start, end, escaped), 0, quotes{json: json}, w.put[:0]
	return w.hand(w.qtext, w.emitQuotedFn)
}

func (w *walker) emitQuoted(start, end int, with string) {
	escaped := with
	if firstEscape(with) < len(with) {
		w.follow(start)
		with = w.q.escape(with)
		escaped = escape(with)
	}
	w.put = append(w.put, place{start, end})
	if w.noting != nil {
		*w.noting = append(*w.noting, edit{start, end, with})
	}
	w.emitEscaped(start, end, escaped)
}

// place is a part of the text at hand: qtext[start:end].
type place struct{ start, end int }

// follow takes w.q along the text at hand up to start, but for what was replaced.
// It is asked only where a value needs escaping, which few do.
func (w *walker) follow(start int) {
	for _, p := range w.put {
		w.q.advance(w.qtext[w.qpos:p.start])
		w.qpos = p.end
	}
	w.q.advance(w.qtext[w.qpos:start])
	w.qpos, w.put = start, w.put[:0]
}

// looksLikeJSON says whether the text of a request may be an object or an array.
func looksLikeJSON(raw []byte) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) > 1 && (raw[0] == '{' && raw[len(raw)-1] == '}' ||
		raw[0] == '[' && raw[len(raw)-1] == ']')
}
