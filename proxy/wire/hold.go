package wire

// held is an event that stays behind, since something of it was kept back or
// since it stands behind such a one.
type held struct {
	short []byte // without what was kept back
	full  []byte // with it
	open  *lane  // that something was kept back of; nil: short it is
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
