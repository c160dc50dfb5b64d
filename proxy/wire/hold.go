package wire

import (
	"bytes"
	"slices"
)

// held is an event that stays behind, since something of it was kept back or
// since it stands behind such a one.
type held struct {
	short []byte // without what was kept back
	full  []byte // with it
	open  *lane  // that something was kept back of; nil: short it is
}

// An event whose piece was kept back as a whole is not sent on without it where
// it has nothing else to say: some SDKs make a tool call of each event that has no
// arguments.

// remember keeps what is around the piece h of the lane.
func (l *lane) remember(fr *frame, h *hit) {
	if l.around = l.around[:0]; fr.lines == 1 {
		l.around = append(append(l.around, fr.raw[:fr.from+h.start]...), fr.raw[fr.from+h.end:]...)
	}
}

// repeats says whether the event is the one before it of the lane, but for the
// piece h and for padding.
func (l *lane) repeats(fr *frame, h *hit) bool {
	if len(l.around) == 0 || fr.lines != 1 {
		return false
	}
	now := slices.Concat(fr.raw[:fr.from+h.start], fr.raw[fr.from+h.end:])
	return bytes.Equal(unpadded(l.around), unpadded(now))
}

// unpadded returns an event without OpenAI's padding, which is random.
func unpadded(raw []byte) []byte {
	const name = `"obfuscation":"`
	i := bytes.Index(raw, []byte(name))
	if i < 0 {
		return raw
	}
	n := bytes.IndexByte(raw[i+len(name):], '"')
	return slices.Concat(raw[:i+len(name)], raw[i+len(name)+max(n, 0):])
}

// emptied says whether all that is left of the piece is nothing.
func emptied(edits []edit, h *hit) bool {
	return h.start < h.end && len(edits) == 1 && edits[0] == edit{h.start, h.end, ""}
}

// maxHeld bounds the events that stay behind. Beyond it the first goes on
// without what was kept back, and numbers are the lesser evil.
const maxHeld = 256

// hold appends an event to those that stay behind, and to dst those that need
// not any more.
func (s *Stream) hold(dst []byte, h held) []byte {
	s.held = append(s.held, h)
	if len(s.held) > maxHeld {
		s.held[0].open = nil
	}
	return s.release(dst)
}

// pass appends an event that holds no piece of a lane, in its turn.
func (s *Stream) pass(dst, raw []byte) []byte {
	if len(s.held) == 0 {
		return append(dst, raw...)
	}
	return s.hold(dst, held{short: append([]byte(nil), raw...)})
}

// goOn says that what was kept back of the lane has gone into a later event.
func (s *Stream) goOn(l *lane) {
	for i := range s.held {
		if s.held[i].open == l {
			s.held[i].open = nil
		}
	}
}

// putBack puts what was kept back of the lane into the event that it was taken
// from; false if that has gone.
func (s *Stream) putBack(l *lane) bool {
	for i := range s.held {
		if h := &s.held[i]; h.open == l {
			h.short, h.open = h.full, nil
			return true
		}
	}
	return false
}

// release appends the events that need not stay behind any more.
func (s *Stream) release(dst []byte) []byte {
	n := 0
	for n < len(s.held) && s.held[n].open == nil {
		dst = append(dst, s.held[n].short...)
		n++
	}
	clear(s.held[:n])
	s.held = s.held[n:]
	return dst
}
