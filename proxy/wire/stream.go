package wire

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/tidwall/gjson"
)

// Restorer puts originals back. The texts it is given are valid only during
// the call.
type Restorer interface {
	Whole
	// RestorePart edits a part of a text, of which a tool is called with. memory is
	// what it returned of the parts before, 0 at the beginning. hold is the offset
	// from which the part must be kept back, since it may be the beginning of a
	// token; no edit reaches beyond it. The text is given again from there, longer.
	// after is what is to be remembered of the text up to there.
	RestorePart(tool string, memory uint64, text []byte, emit Emit) (hold int, after uint64, err error)
	// RestoreLast edits the last part of a text.
	RestoreLast(tool string, memory uint64, text []byte, emit Emit) error
}

// Whole puts originals back into whole texts.
type Whole interface {
	Restore(text []byte, emit Emit) error
	// RestoreTool edits a text that the tool of that name is called with.
	RestoreTool(tool string, text []byte, emit Emit) error
}

// ErrEventTooLarge says that an event did not end within the limit.
var ErrEventTooLarge = errors.New("wire: an event of the stream is larger than the limit")

// Stream restores a stream of events while it passes. An event goes on as soon
// as it has come whole; only the end of a text that may be the beginning of a
// token stays behind, and comes with the next piece of the same text, or as an
// event of its own before the one that ends the text. Where events are numbered
// none is made up: the event itself stays behind (hold.go).
//
// A Stream belongs to one goroutine.
type Stream struct {
	// Heard, if not nil, is given the payload of each event before the event is
	// restored, until it returns true. The payload is valid only during the call.
	Heard func(payload []byte) (enough bool)

	f       *Format
	framing *Framing
	r       Restorer
	json    bool
	limit   int

	buf   []byte // what has come of the next event
	split splitter
	lanes []*lane           // in the order of their first pieces
	byKey map[laneKey]*lane // nil while there are few
	ev    event
	held  []held
	tools []toolName
	// repeats says that the event at hand has nothing but its piece that the one
	// before did not have.
	repeats bool
	events  int // how many of a guessed stream have come
	done    bool
	// closing says that the event at hand is the last: it ends all lanes.
	closing bool

	// The piece at hand, for the emit functions.
	joined  []byte
	matches []edit
	note    Emit
	text    Text // r.Restore, bound once: a method value allocates
}

// NewStream begins a stream of answers to a request of the format. json says
// that the request asked for JSON; limit bounds one event, in bytes.
func (f *Format) NewStream(framing *Framing, r Restorer, json bool, limit int) *Stream {
	s := &Stream{f: f, framing: framing, r: r, json: json, limit: limit}
	s.ev.guess, s.text = f.Guess, r.Restore
	s.note = func(start, end int, with string) {
		s.matches = append(s.matches, edit{start, end, with})
	}
	return s
}

// Next appends to dst what can go on now that chunk has come. The chunk may
// end anywhere, inside a character too.
func (s *Stream) Next(dst, chunk []byte) ([]byte, error) {
	s.buf = append(s.buf, chunk...)
	rest := s.buf
	for {
		n := s.framing.next(&s.split, rest)
		if n == 0 {
			break
		}
		raw := rest[:n]
		rest, s.split = rest[n:], splitter{}
		var err error
		if dst, err = s.frame(dst, raw); err != nil {
			return dst, err
		}
	}
	if len(rest) > s.limit {
		return dst, ErrEventTooLarge
	}
	if len(rest) < len(s.buf) { // Else a long event would be moved with every chunk of it.
		s.buf = append(s.buf[:0], rest...)
	}
	return dst, nil
}

// Close appends what is left when the upstream has ended the stream: what was
// kept back, and an event without its end, behind which nothing can come.
func (s *Stream) Close(dst []byte) ([]byte, error) {
	raw := s.buf
	s.buf, s.closing = nil, true
	if len(raw) == 0 {
		return s.flush(dst), nil
	}
	return s.frame(dst, raw)
}

// Abort appends what was kept back when the upstream died in mid-stream. An
// event that has not come whole is dropped, as every reader drops it.
func (s *Stream) Abort(dst []byte) []byte { return s.flush(dst) }

// Complete says whether the stream was ended by its own mark, or all its texts
// were, and not just the connection.
func (s *Stream) Complete() bool {
	open := len(s.lanes) == 0 && (len(s.f.Lanes) > 0 || s.f.Done != "")
	for _, l := range s.lanes {
		open = open || !l.ended
	}
	return s.done || !open
}

// frame appends one event, restored.
func (s *Stream) frame(dst, raw []byte) ([]byte, error) {
	fr := s.framing.parse(raw)
	switch {
	case fr.lines == 0 && s.closing:
		return append(s.flush(dst), raw...), nil
	case fr.lines == 0:
		return s.pass(dst, raw), nil
	case s.f.Done != "" && string(bytes.TrimSpace(fr.data)) == s.f.Done:
		s.done = true
		return append(s.flush(dst), raw...), nil
	}
	if s.Heard != nil && s.Heard(fr.data) {
		s.Heard = nil
	}
	w := newWalker(fr.data)
	defer w.free()
	s.ev.begin()
	w.event, w.json, w.part, w.names, w.text, w.whole = &s.ev, s.json, passPart, true, s.text, s.r
	w.tool, w.bytes = s.toolOfEvent(fr.data), s.f.CiteBytes
	typ := s.f.eventType(&fr)
	root, ok := s.f.ready().typed[typ]
	if !ok {
		root = s.f.event
	}
	if w.walk(root) != nil {
		if s.closing || s.f.Guess {
			dst = s.flush(dst)
		}
		return s.plainFrame(dst, &fr)
	}
	if s.closing {
		s.ev.ends = append(s.ev.ends, end{})
	}
	if slices.Contains(s.f.EndTypes, typ) {
		s.ev.ends = append(s.ev.ends, end{level: uint8(len(s.f.Index))})
	}
	s.ev.settleRoot(len(s.f.Index))
	s.done = s.done || slices.Contains(s.f.DoneTypes, typ)
	if s.f.Guess {
		dst = s.settleGuess(dst)
	}
	if err := s.nameTools(); err != nil {
		return dst, err
	}
	whole, open, err := s.pieces(w, &fr)
	if err != nil {
		return dst, err
	}
	if len(s.ev.offsets) > 0 {
		w.moveOffsets(len(s.f.Index), s.lanes)
	}
	dst = s.endLanes(dst)
	if s.repeats && emptied(w.edits, &s.ev.hits[0]) {
		return dst, nil
	}
	if s.f.Numbered && (open != nil || len(s.held) > 0) {
		return s.hold(dst, held{short: fr.appendJSON(nil, w.edits), full: whole, open: open}), nil
	}
	if len(w.edits) == 0 {
		return append(dst, raw...), nil
	}
	return fr.appendJSON(dst, w.edits), nil
}

// eventType is what the row's Lane.Type and EndTypes compare with: the member
// "type" of an event, or its name.
func (f *Format) eventType(fr *frame) string {
	if len(f.ready().typed) == 0 && len(f.EndTypes) == 0 {
		return ""
	}
	if t := gjson.GetBytes(fr.data, "type"); t.Str != "" {
		return t.Str
	}
	return string(fr.name)
}

// pieces edits all pieces of lanes in the payload that w has walked, in the
// order in which they stand. Where events are numbered and the end of a piece
// was kept back, open is its lane, and whole the event without that.
func (s *Stream) pieces(w *walker, fr *frame) (whole []byte, open *lane, err error) {
	var others []edit
	if s.f.Guess {
		others = slices.Clone(w.edits)
	}
	s.repeats = !s.f.Numbered && len(s.ev.hits) == 1 && len(s.ev.ends) == 0 && len(w.edits) == 0
	for i := range s.ev.hits {
		h := &s.ev.hits[i]
		l, err := s.lane(h)
		if err != nil {
			return nil, nil, err
		}
		before, q := len(w.edits), l.q
		// One text of a numbered event can wait, a second one cannot.
		text, kept, hold, err := s.piece(w, l, h, s.ev.ended(&h.key) || open != nil)
		if err != nil {
			return nil, nil, err
		}
		if s.f.Numbered && hold < len(text) {
			after, q2 := slices.Clone(w.edits), l.q
			w.edits, l.q = w.edits[:before], q
			w.decode(h.start, h.end, h.escaped)
			s.place(w, l, text, kept, len(text))
			sortEdits(w.edits)
			whole, open = fr.appendJSON(nil, w.edits), l
			w.edits, l.q = after, q2
		}
		s.keep(l, text, hold, fr)
		if s.f.Guess && len(l.tail) > 0 {
			s.imitate(l, h, fr.data, others)
		}
		if !s.f.Numbered {
			s.repeats = s.repeats && hold == 0 && l.repeats(fr, h)
			l.remember(fr, h)
		}
	}
	sortEdits(w.edits)
	return whole, open, nil
}

func sortEdits(edits []edit) {
	slices.SortStableFunc(edits, func(a, b edit) int { return a.start - b.start })
}

// plainFrame restores a payload that is no JSON.
func (s *Stream) plainFrame(dst []byte, fr *frame) ([]byte, error) {
	s.matches = s.matches[:0]
	if err := s.r.Restore(fr.data, s.note); err != nil {
		return dst, err
	}
	if len(s.matches) == 0 {
		return s.pass(dst, fr.raw), nil
	}
	return s.pass(dst, fr.appendPlain(nil, s.matches, s.framing.named)), nil
}

// piece edits the next piece of a lane, the last one that can be waited for or
// not. text is what was kept of the earlier ones and this piece; its end from
// hold on was taken out.
func (s *Stream) piece(w *walker, l *lane, h *hit, last bool) (text []byte, kept, hold int, err error) {
	text, kept = w.decode(h.start, h.end, h.escaped), len(l.tail)
	if kept > 0 {
		s.joined = append(append(s.joined[:0], l.tail...), text...)
		text = s.joined
	}
	s.matches, hold = s.matches[:0], len(text)
	if last {
		err = s.r.RestoreLast(l.tool, l.memory, text, s.note)
	} else {
		hold, l.after, err = s.r.RestorePart(l.tool, l.memory, text, s.note)
	}
	if err != nil {
		return nil, 0, 0, fmt.Errorf("wire: restoring a piece of a stream: %w", err)
	}
	s.place(w, l, text, kept, hold)
	return text, kept, hold, nil
}

// keep keeps text[hold:] back. text may lie in s.joined, the tail has a buffer
// of its own: they never share.
func (s *Stream) keep(l *lane, text []byte, hold int, fr *frame) {
	s.goOn(l)
	l.memory = l.after
	if l.cited.id > 0 {
		l.cited.add(text[:hold], s.matches)
	}
	l.tail = append(l.tail[:0], text[hold:]...)
	if len(l.tail) > 0 {
		l.template = append(l.template[:0], fr.data...)
		l.name = append(l.name[:0], fr.name...)
	}
}

// place turns the matches in text, which is the tail of the earlier pieces and
// this one, into edits of this piece: what lies in the tail goes in before it,
// what is to be kept is taken out of it.
func (s *Stream) place(w *walker, l *lane, text []byte, kept, hold int) {
	var before []byte // goes in at the beginning, in place of the first cut bytes
	from, cut := 0, 0
	for _, m := range s.matches {
		l.q.advance(text[from:m.start])
		value := l.q.escape(m.with)
		if m.start >= kept {
			if from < kept {
				before = append(before, text[from:kept]...)
			}
			if len(before) > 0 || cut > 0 {
				w.emit(0, cut, string(before))
				before, cut = nil, 0
			}
			w.emit(m.start-kept, m.end-kept, value)
		} else {
			before = append(append(before, text[from:m.start]...), value...)
			cut = max(0, m.end-kept)
		}
		from = m.end
	}
	l.q.advance(text[from:hold])
	if from < kept {
		before = append(before, text[from:min(kept, hold)]...)
	}
	if len(before) > 0 || cut > 0 {
		w.emit(0, cut, string(before))
	}
	if hold < len(text) && kept < len(text) {
		w.emit(max(0, hold-kept), len(text)-kept, "")
	}
}

// maxLanes bounds the texts of one stream: a provider has a few dozen.
const maxLanes = 4096

var errTooManyLanes = errors.New("wire: the stream has too many texts")

// lane returns the lane of a piece, a new one if it is its first.
func (s *Stream) lane(h *hit) (*lane, error) {
	if l := s.laneWith(&h.key); l != nil {
		return l, nil
	}
	if len(s.lanes) == maxLanes {
		return nil, errTooManyLanes
	}
	l := &lane{key: h.key, q: quotes{json: h.quoted}, tool: s.toolOf(&h.key)}
	if len(s.f.Cites) > 0 {
		l.cited.id, l.cited.bytes = s.f.citeID(s.f.Lanes[h.key.lane].Event), s.f.CiteBytes
	}
	s.lanes = append(s.lanes, l)
	switch {
	case s.byKey != nil:
		s.byKey[h.key] = l
	case len(s.lanes) > fewLanes:
		s.byKey = make(map[laneKey]*lane, 2*fewLanes)
		for _, l := range s.lanes {
			s.byKey[l.key] = l
		}
	}
	return l, nil
}

// fewLanes is up to where looking through all lanes is cheaper than a map.
const fewLanes = 8

// laneWith returns the lane with that key, nil if there is none yet.
func (s *Stream) laneWith(k *laneKey) *lane {
	if s.byKey != nil {
		return s.byKey[*k]
	}
	for _, l := range s.lanes {
		if l.key == *k {
			return l
		}
	}
	return nil
}

// endLanes appends what was kept back of the lanes that the event at hand ends.
func (s *Stream) endLanes(dst []byte) []byte {
	if len(s.ev.ends) == 0 {
		return dst
	}
	for _, l := range s.lanes {
		if s.ev.ended(&l.key) {
			l.ended = true
			dst = s.rest(dst, l)
		}
	}
	return dst
}

// flush appends all that was kept back.
func (s *Stream) flush(dst []byte) []byte {
	for _, l := range s.lanes {
		dst = s.rest(dst, l)
	}
	return dst
}
