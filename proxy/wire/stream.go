package wire

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
)

// Restorer puts originals back. The texts it is given are valid only during
// the call.
type Restorer interface {
	// Restore edits a whole text.
	Restore(text []byte, emit Emit) error
	// RestorePart edits a part of a text; prev is the byte before it, 0 at the
	// beginning. hold is the offset from which the part must be kept back, since
	// it may be the beginning of a token; no edit reaches beyond it. The text is
	// given again from there, longer.
	RestorePart(prev byte, text []byte, emit Emit) (hold int, err error)
	// RestoreLast edits the last part of a text.
	RestoreLast(prev byte, text []byte, emit Emit) error
}

// ErrEventTooLarge says that an event did not end within the limit.
var ErrEventTooLarge = errors.New("wire: an event of the stream is larger than the limit")

// Stream restores a text/event-stream while it passes. An event goes on as
// soon as it has come whole; only the end of a text that may be the beginning
// of a token stays behind, and comes with the next piece of the same text, or
// as an event of its own before the one that ends the text.
//
// A Stream belongs to one goroutine.
type Stream struct {
	f     *Format
	r     Restorer
	json  bool
	limit int

	buf   []byte // what has come of the next event
	lanes []*lane
	ev    event
	edits []edit
	done  bool

	// The piece at hand, for the emit functions.
	joined  []byte
	matches []edit
	note    Emit
}

// lane is one text in pieces and what of it was kept back.
type lane struct {
	key      laneKey
	tail     []byte
	prev     byte // before the tail
	q        quotes
	quoted   bool
	ended    bool
	template []byte // payload of the event that the tail was cut from
	name     []byte // and the name of that event
}

// laneKey tells one text of a stream from the others: its row in Format.Lanes
// and the indexes of the elements around it.
type laneKey struct {
	lane  uint8
	index [maxLevel]int
}

// event is what a walk notes of one event.
type event struct {
	hits []hit
	ends []end
}

// hit is a piece of a lane: payload[start:end], inside a string literal.
type hit struct {
	key             laneKey
	start, end      int
	escaped, quoted bool
}

// end says that all lanes end whose first level indexes are these.
type end struct {
	level uint8
	index [maxLevel]int
}

func (e *end) covers(k *laneKey) bool {
	for i := range e.level {
		if e.index[i] != k.index[i] {
			return false
		}
	}
	return true
}

// noted says how much was noted so far; a nil event notes nothing.
func (ev *event) noted() (n [2]int) {
	if ev != nil {
		n = [2]int{len(ev.hits), len(ev.ends)}
	}
	return n
}

// settle gives all that was noted since from its index at that level.
func (ev *event) settle(from [2]int, level uint8, index int) {
	for i := from[0]; i < len(ev.hits); i++ {
		ev.hits[i].key.index[level-1] = index
	}
	for i := from[1]; i < len(ev.ends); i++ {
		ev.ends[i].index[level-1] = index
	}
}

// NewStream begins a stream of answers to a request of the format. json says
// that the request asked for JSON; limit bounds one event, in bytes.
func (f *Format) NewStream(r Restorer, json bool, limit int) *Stream {
	s := &Stream{f: f, r: r, json: json, limit: limit}
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
		raw, after, ok := nextFrame(rest)
		if !ok {
			break
		}
		rest = after
		var err error
		if dst, err = s.frame(dst, raw); err != nil {
			return dst, err
		}
	}
	if len(rest) > s.limit {
		return dst, ErrEventTooLarge
	}
	s.buf = append(s.buf[:0], rest...)
	return dst, nil
}

// Close appends what is left when the upstream has ended the stream: an event
// without its blank line, and what was kept back.
func (s *Stream) Close(dst []byte) ([]byte, error) {
	var err error
	if len(s.buf) > 0 {
		raw := s.buf
		s.buf = nil
		if dst, err = s.frame(dst, raw); err != nil {
			return dst, err
		}
	}
	return s.flush(dst), nil
}

// Abort appends what was kept back when the upstream died in mid-stream. An
// event that has not come whole is dropped, as every reader drops it.
func (s *Stream) Abort(dst []byte) []byte { return s.flush(dst) }

// Complete says whether the stream was ended by its own mark, or all its texts
// were, and not just the connection.
func (s *Stream) Complete() bool {
	open := len(s.lanes) == 0
	for _, l := range s.lanes {
		open = open || !l.ended
	}
	return s.done || !open
}

// frame appends one event, restored.
func (s *Stream) frame(dst, raw []byte) ([]byte, error) {
	fr := parseFrame(raw)
	if fr.lines == 0 {
		return append(dst, raw...), nil
	}
	if s.f.Done != "" && string(bytes.TrimSpace(fr.data)) == s.f.Done {
		s.done = true
		return append(s.flush(dst), raw...), nil
	}
	w := newWalker(fr.data)
	defer w.free()
	s.ev.hits, s.ev.ends = s.ev.hits[:0], s.ev.ends[:0]
	w.event, w.text, w.json, w.part, w.names = &s.ev, s.r.Restore, s.json, passPart, true
	if w.walk(s.f.event) != nil {
		return s.plainFrame(dst, &fr)
	}
	for i := range s.ev.hits {
		if err := s.piece(w, &s.ev.hits[i], &fr); err != nil {
			return dst, err
		}
	}
	dst = s.flushEnded(dst)
	if len(w.edits) == 0 {
		return append(dst, raw...), nil
	}
	slices.SortStableFunc(w.edits, func(a, b edit) int { return a.start - b.start })
	return fr.appendJSON(dst, w.edits), nil
}

// plainFrame restores a payload that is no JSON.
func (s *Stream) plainFrame(dst []byte, fr *frame) ([]byte, error) {
	s.matches = s.matches[:0]
	if err := s.r.Restore(fr.data, s.note); err != nil {
		return dst, err
	}
	if len(s.matches) == 0 {
		return append(dst, fr.raw...), nil
	}
	return fr.appendPlain(dst, s.matches), nil
}

// piece edits the next piece of a lane in the payload that w has walked.
func (s *Stream) piece(w *walker, h *hit, fr *frame) error {
	l := s.lane(h)
	text, kept := w.decode(h.start, h.end, h.escaped), len(l.tail)
	if kept > 0 {
		s.joined = append(append(s.joined[:0], l.tail...), text...)
		text = s.joined
	}
	s.matches = s.matches[:0]
	hold, err := len(text), error(nil)
	if s.ends(&h.key) {
		err = s.r.RestoreLast(l.prev, text, s.note)
	} else {
		hold, err = s.r.RestorePart(l.prev, text, s.note)
	}
	if err != nil {
		return fmt.Errorf("wire: restoring a piece of a stream: %w", err)
	}
	s.place(w, l, text, kept, hold)
	if hold > 0 {
		l.prev = text[hold-1]
	}
	// text may lie in s.joined, the tail in its own buffer: they never share.
	l.tail = append(l.tail[:0], text[hold:]...)
	if len(l.tail) > 0 {
		l.template = append(l.template[:0], fr.data...)
		l.name = append(l.name[:0], fr.name...)
	}
	return nil
}

// place turns the matches in text, which is the tail of the earlier pieces and
// this one, into edits of this piece: what lies in the tail goes in before it,
// what is to be kept is taken out of it.
func (s *Stream) place(w *walker, l *lane, text []byte, kept, hold int) {
	var before []byte // goes in at the beginning, in place of the first cut bytes
	from, cut := 0, 0
	for _, m := range s.matches {
		value := m.with
		if l.quoted {
			l.q.advance(text[from:m.start])
			value = l.q.escape(value)
		}
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
	if l.quoted {
		l.q.advance(text[from:hold])
	}
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

func (s *Stream) ends(k *laneKey) bool {
	for i := range s.ev.ends {
		if s.ev.ends[i].covers(k) {
			return true
		}
	}
	return false
}

func (s *Stream) lane(h *hit) *lane {
	for _, l := range s.lanes {
		if l.key == h.key {
			return l
		}
	}
	l := &lane{key: h.key, quoted: h.quoted}
	s.lanes = append(s.lanes, l)
	return l
}

// flushEnded appends what was kept back of the lanes that the event at hand
// ends, each as an event of its own.
func (s *Stream) flushEnded(dst []byte) []byte {
	if len(s.ev.ends) == 0 {
		return dst
	}
	for _, l := range s.lanes {
		if s.ends(&l.key) {
			l.ended = true
			dst = l.appendRest(dst, s.f)
		}
	}
	return dst
}

// flush appends what was kept back of all lanes.
func (s *Stream) flush(dst []byte) []byte {
	for _, l := range s.lanes {
		dst = l.appendRest(dst, s.f)
	}
	return dst
}
