package mask

import (
	"slices"

	"maskit/vault"
)

// Restore emits the original of each token in text.
func (s *Session) Restore(text []byte, emit func(start, end int, with string)) error {
	return s.RestoreTool("", text, emit)
}

// RestoreTool does so in what a tool is called with; "" is no tool.
func (s *Session) RestoreTool(tool string, text []byte, emit func(start, end int, with string)) error {
	return s.RestoreLast(tool, 0, text, emit)
}

// RestoreLast emits the original of each token in the last part of a text, in
// the arguments of a tool or in none; memory is what RestorePart returned of the
// parts before, 0 if there are none.
func (s *Session) RestoreLast(tool string, memory uint64, text []byte, emit func(start, end int, with string)) error {
	s.restore(tool, trail(memory), text, true, emit)
	return nil
}

// RestorePart emits the original of each token in a part of a text. hold is
// the offset from which the part may be the beginning of a token; the caller
// keeps it back until more has come. after is what is to be remembered of the
// text up to there.
func (s *Session) RestorePart(tool string, memory uint64, text []byte, emit func(start, end int, with string)) (hold int, after uint64, err error) {
	t := trail(memory)
	if !s.HasTokens() {
		return len(text), uint64(t.behind(text)), nil
	}
	hold, t = s.restore(tool, t, text, false, emit)
	return hold, uint64(t), nil
}

// HasTokens says whether an answer may hold tokens to restore.
func (s *Session) HasTokens() bool {
	return len(s.entries) > 0 || s.resumption.hasValues() || s.conversation != "" || len(s.turn.before) > 0
}

// restore emits the originals. It returns from where on the text may be the
// beginning of something that is to be restored, unless last says that nothing
// follows, and the trail up to there.
func (s *Session) restore(tool string, t trail, text []byte, last bool, emit func(start, end int, with string)) (hold int, after trail) {
	end, limit := s.find(t.prev(), text, last)
	hold = len(text)
	if !last {
		hold = s.m.tokens.hold(t.prev(), text[:limit], end, s.wants)
	}
	watched := s.resolve(tool)
	if !last && s.watches() {
		watched = len(s.found) + 1 // What follows may depend on all of it.
	}
	if watched > 0 {
		t = t.begin(tool, text)
	}
	at := 0
	for i := range s.found {
		f := &s.found[i]
		if i < watched {
			t = t.along(text[at:f.start])
		}
		at = f.end
		switch {
		case f.fate == isLiteral:
		case f.fate == isUnknown:
			s.stats.Unknown++
		case f.fate == stays, f.fate == staysInURL && t.inURL():
			s.stats.Withheld++
		default:
			value := s.entries[f.entry].value
			emit(f.start, f.end, f.marks+value)
			s.stats.Restored++
			if i < watched {
				s.form = append(s.form[:0], value...)
				t = t.over(s.form)
			}
		}
	}
	if len(s.found) < watched {
		t = t.along(text[at:hold])
	}
	return hold, t.behind(text[:hold])
}

// fate is what becomes of something that looks like a token.
type fate uint8

const (
	isUnknown fate = iota // it stands for nothing that this session may know
	isLiteral             // it is the client's own text
	stays
	staysInURL
	goesBack
)

// resolve decides about all that was found. It returns the number of those up to
// the last one that depends on whether it is in a URL: only up to there it matters
// where URLs are.
func (s *Session) resolve(tool string) (watched int) {
	if len(s.found) > 0 {
		s.lookUp()
	}
	for i := range s.found {
		f := &s.found[i]
		e, ok := s.entryAt(f.name())
		switch {
		case !ok:
			f.fate = isUnknown
		case e == literal:
			f.fate = isLiteral
		default:
			f.entry, f.fate = e, s.fateOf(&s.entries[e], tool)
			if f.fate == staysInURL {
				watched = i + 1
			}
		}
	}
	return watched
}

// find notes in s.found what looks like a token, and all surrogates; where both
// could be meant it is a surrogate, which is known. It returns where the last one
// ends, and from where on a surrogate may have begun, up to which it has looked.
func (s *Session) find(prev byte, text []byte, last bool) (end, limit int) {
	s.found = s.found[:0]
	fakes := s.surrogates()
	if fakes == nil && s.m.tokens.nextCode(text, 1) == len(text) {
		return 0, len(text) // As in most texts.
	}
	for {
		var fake sighting
		more, to := false, len(text)
		if fakes != nil {
			if fake, more, to = fakes.next(prev, text, end, last); more {
				to = fake.start
			}
		}
		for {
			f, ok := s.m.tokens.next(prev, text[:to], end)
			if !ok {
				break
			}
			s.found = append(s.found, f)
			end = f.end
		}
		if !more {
			return end, to
		}
		s.found = append(s.found, found{start: fake.start, end: fake.end, fake: fake.text})
		end = fake.end
	}
}

// wants says whether this session may know tokens with the label.
func (s *Session) wants(label string) bool {
	return s.conversation != "" || len(s.turn.before) > 0 || slices.Contains(s.labels, label)
}

// fateOf says what the policy does with a token where it stands.
func (s *Session) fateOf(e *entry, tool string) fate {
	kind := e.kind
	if kind == "" { // It is of an earlier exchange.
		label := ""
		if isToken(e.token) {
			label = e.token[:len(e.token)-vault.CodeLen]
		}
		kind = s.m.byLabel[label]
	}
	switch s.m.sinks.rule(kind, tool) {
	case Never:
		return stays
	case Always:
		return goesBack
	}
	if s.m.sinks.guarded && s.m.secrets[kind] {
		return staysInURL
	}
	return goesBack
}

// watches says whether it matters where URLs are: whether a secret may go into
// one, and must not.
func (s *Session) watches() bool {
	if s.watching == 0 {
		s.watching = 1
		if s.m.sinks.guarded && s.mayKnowSecrets() {
			s.watching = 2
		}
	}
	return s.watching == 2
}

func (s *Session) mayKnowSecrets() bool {
	if s.conversation != "" || len(s.turn.before) > 0 {
		return true
	}
	for i := range s.entries {
		if s.m.secrets[s.entries[i].kind] {
			return true
		}
	}
	return s.resumption.past != nil && s.resumption.past.secret
}
