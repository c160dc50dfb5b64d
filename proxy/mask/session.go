package mask

import (
	"context"
	"errors"
	"fmt"
	"sort"

	"maskit/detect"
	"maskit/vault"
)

// Session is one exchange: it masks the texts of a request and restores those
// of the answer. Within it each token stands for exactly one spelling of one
// value, so that restoring undoes masking byte for byte.
//
// A Session belongs to one goroutine at a time.
type Session struct {
	m            *Masker
	ctx          context.Context //nolint:containedctx // A session lives as long as its exchange.
	tenant       *vault.Tenant
	conversation string

	entries []entry
	byValue map[string]int // kind 0 spelling -> entry
	byToken map[string]int // token -> entry, also of those that were looked up
	unknown map[string]bool

	spans  []detect.Span
	key    []byte
	found  []found
	counts map[detect.Kind]int
	parts  map[string]int
	stats  Stats
}

// entry is a value and what stands for it.
type entry struct {
	kind      detect.Kind
	value     string // as it was spelled in the request
	canonical string
	token     string
	attempt   int // how many tokens before this one were taken
	own       bool
}

// Stats counts what a session did.
type Stats struct {
	Restored int // tokens put back
	Unknown  int // what looks like a token and stands for nothing
}

// ErrPart says that the policy lets no part of that kind through unread.
type ErrPart struct{ Kind string }

// Error implements error.
func (e *ErrPart) Error() string {
	return "the policy blocks parts of kind " + e.Kind + ", which cannot be read as text (policy.parts)"
}

// Mask emits a token for each value found in text.
func (s *Session) Mask(text []byte, emit func(start, end int, with string)) error {
	var err error
	s.spans, err = s.m.detector.Find(s.ctx, s.spans[:0], text)
	if err != nil {
		return fmt.Errorf("mask: detecting: %w", err)
	}
	for i := range s.spans {
		sp := &s.spans[i]
		emit(sp.Start, sp.End, s.token(sp.Kind, text[sp.Start:sp.End]))
		if s.counts == nil {
			s.counts = make(map[detect.Kind]int)
		}
		s.counts[sp.Kind]++
	}
	return nil
}

// Part counts a part that goes through unread, or refuses it as the policy says.
func (s *Session) Part(kind string) error {
	if s.m.cfg.Parts[kind] == PartBlock {
		return &ErrPart{Kind: kind}
	}
	if s.parts == nil {
		s.parts = make(map[string]int)
	}
	s.parts[kind]++
	return nil
}

// token returns what stands for a value, the same each time.
func (s *Session) token(kind detect.Kind, value []byte) string {
	s.key = append(append(append(s.key[:0], kind...), 0), value...)
	if i, ok := s.byValue[string(s.key)]; ok {
		return s.entries[i].token
	}
	canonical := string(kind.Canonical(nil, value))
	s.entries = append(s.entries, entry{
		kind: kind, value: string(value), canonical: canonical, attempt: -1, own: true,
	})
	i := len(s.entries) - 1
	s.byValue[string(s.key)] = i
	s.next(i)
	return s.entries[i].token
}

// next gives entry i the next token of its chain that is free in this session.
//
// The chain begins with the token of the canonical form, so that spellings of
// one value share a token across exchanges. A second spelling in the same
// exchange finds it taken and goes on with tokens of its own spelling.
func (s *Session) next(i int) {
	e := &s.entries[i]
	for {
		e.attempt++
		form, attempt := e.canonical, e.attempt
		if attempt > 0 {
			form = e.value
			if form != e.canonical {
				attempt--
			}
		}
		e.token = string(s.tenant.AppendToken(nil, e.kind.Label(), string(e.kind), []byte(form), attempt))
		if _, taken := s.byToken[e.token]; !taken {
			s.byToken[e.token] = i
			return
		}
	}
}

// Settle makes sure that each token of this session means one value only, here
// and in the vault, and that the vault keeps it. request is the body as the
// client sent it. again says that a token had to be exchanged: the caller
// masks the request once more. Nothing may leave before Settle has returned
// without error and without again.
//
// A token is exchanged where the client's own text holds it already, since
// that text must come back as it is, and where the vault has it for another
// value, which happens once in tens of billions.
func (s *Session) Settle(request []byte) (again bool, err error) {
	if len(s.entries) == 0 {
		return false, nil
	}
	for at := 0; ; {
		f, ok := s.m.tokens.next(0, request, at)
		if !ok {
			break
		}
		at = f.end
		if i, minted := s.byToken[string(f.name())]; minted && i >= 0 {
			s.byToken[string(f.name())] = literal
			s.next(i)
			again = true
		}
	}
	if again {
		s.begin()
		return true, nil
	}
	return s.keep()
}

// literal marks, in byToken, a token that is the client's own text.
const literal = -1

func (s *Session) keep() (again bool, err error) {
	items := make([]vault.Item, len(s.entries))
	for i := range s.entries {
		e := &s.entries[i]
		items[i] = vault.Item{Token: e.token, Value: e.value, Canonical: e.canonical}
	}
	taken, err := s.tenant.Keep(s.ctx, s.conversation, items)
	if err != nil {
		return false, fmt.Errorf("mask: keeping %d values: %w", len(items), err)
	}
	for i, is := range taken {
		if is {
			s.byToken[s.entries[i].token] = literal
			s.next(i)
			again = true
		}
	}
	if again {
		s.begin()
	}
	return again, nil
}

// begin forgets the counts of a masking that is done once more.
func (s *Session) begin() {
	clear(s.counts)
	clear(s.parts)
}

// Restore emits the original of each token in text.
func (s *Session) Restore(text []byte, emit func(start, end int, with string)) error {
	return s.RestoreLast(0, text, emit)
}

// RestoreLast emits the original of each token in the last part of a text; prev
// is the byte before it, 0 if there is none.
func (s *Session) RestoreLast(prev byte, text []byte, emit func(start, end int, with string)) error {
	_, err := s.restore(prev, text, emit)
	return err
}

// RestorePart emits the original of each token in a part of a text. hold is
// the offset from which the part may be the beginning of a token; the caller
// keeps it back until more has come.
func (s *Session) RestorePart(prev byte, text []byte, emit func(start, end int, with string)) (hold int, err error) {
	end, err := s.restore(prev, text, emit)
	if err != nil || len(s.entries) == 0 && s.conversation == "" {
		return len(text), err
	}
	return s.m.tokens.hold(prev, text, end, s.wants), nil
}

// wants says whether this session may know tokens with the label.
func (s *Session) wants(label string) bool {
	if s.conversation != "" {
		return true
	}
	for i := range s.entries {
		if s.entries[i].kind.Label() == label {
			return true
		}
	}
	return false
}

// restore emits the originals and returns where the last token ended.
func (s *Session) restore(prev byte, text []byte, emit func(start, end int, with string)) (end int, err error) {
	s.found = s.found[:0]
	for {
		f, ok := s.m.tokens.next(prev, text, end)
		if !ok {
			break
		}
		s.found = append(s.found, f)
		end = f.end
	}
	if len(s.found) == 0 {
		return 0, nil
	}
	s.lookUp()
	for i := range s.found {
		f := &s.found[i]
		e, ok := s.byToken[string(f.name())]
		switch {
		case ok && e == literal:
		case ok:
			emit(f.start, f.end, f.marks+s.entries[e].value)
			s.stats.Restored++
		default:
			s.stats.Unknown++
		}
	}
	return end, nil
}

// lookUp asks the vault for the tokens found that are not of this exchange,
// within the conversation. Where the vault does not answer they stay as they
// are: they were never this exchange's to restore.
func (s *Session) lookUp() {
	if s.conversation == "" {
		return
	}
	var ask []string
	for i := range s.found {
		name := s.found[i].name()
		if _, ok := s.byToken[string(name)]; !ok && !s.unknown[string(name)] {
			ask = append(ask, string(name))
		}
	}
	if len(ask) == 0 {
		return
	}
	values, err := s.tenant.Lookup(s.ctx, s.conversation, ask)
	if err != nil {
		return
	}
	for i, v := range values {
		if v == "" {
			if s.unknown == nil {
				s.unknown = make(map[string]bool)
			}
			s.unknown[ask[i]] = true
			continue
		}
		s.byToken[ask[i]] = len(s.entries)
		s.entries = append(s.entries, entry{value: v, token: ask[i]})
	}
}

// HasTokens says whether an answer may hold tokens to restore.
func (s *Session) HasTokens() bool { return len(s.entries) > 0 || s.conversation != "" }

// Masked lists what was masked, by kind.
func (s *Session) Masked() []Count {
	counts := make([]Count, 0, len(s.counts))
	for k, n := range s.counts {
		counts = append(counts, Count{string(k), n})
	}
	return sorted(counts)
}

// Unread lists the parts that went through unread, by kind of part.
func (s *Session) Unread() []Count {
	counts := make([]Count, 0, len(s.parts))
	for k, n := range s.parts {
		counts = append(counts, Count{k, n})
	}
	return sorted(counts)
}

// Stats returns what the session did so far.
func (s *Session) Stats() Stats { return s.stats }

// Count says how many there were of a kind.
type Count struct {
	Kind string
	N    int
}

func sorted(c []Count) []Count {
	sort.Slice(c, func(i, j int) bool { return c[i].Kind < c[j].Kind })
	return c
}

// Unavailable says whether err means that the vault did not answer, and not
// that the request is at fault.
func Unavailable(err error) bool {
	return errors.Is(err, vault.ErrUnavailable) || errors.Is(err, vault.ErrKey)
}
