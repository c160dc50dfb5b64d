package mask

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strings"
	"sync"

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
	tenantName   string
	conversation string
	mode         string
	turn         turn

	entries  []entry
	byValue  map[uint64]int // hash of kind and spelling -> the first entry that has it
	byToken  map[string]int // token -> entry, or literal; also those that were looked up
	unknown  map[string]bool
	labels   []string        // of the tokens made here, each once
	literals map[string]bool // what looks like a token in the client's own texts
	strings  strings.Builder
	texts    texts
	made     made
	watching int8 // see watches; 0: not known yet, 1: no, 2: yes

	resumption resumption

	stats Stats
	tally
	refused detect.Kind // of a value with which the policy lets no request through

	// Room that is used again, by this exchange and those after it.
	spans []detect.Span
	items []vault.Item
	found []found
	key   []byte
	form  []byte
	sum   hash.Hash // of texts, see cache
}

// entry is a value and what stands for it.
type entry struct {
	kind      detect.Kind
	value     string // as it was spelled in the request, where it was met first
	canonical string
	term      bool // one of several spellings of a term, for all of which it stands
	token     string
	attempt   int // how many tokens before this one were taken
	twin      int // the next entry whose hash is the same, 0 if there is none

	remembered bool // by the past that is made, see remember
}

// Stats counts what a session did.
type Stats struct {
	Restored int // tokens put back
	Unknown  int // what looks like a token and stands for nothing
	Withheld int // tokens that the policy does not put back where they stand
	Resumed  int // bytes of the request that were masked as in an earlier exchange, without a walk
	// Unkept says that the vault did not take the values and the exchange went
	// on all the same, as vault.on_failure says: no later one can restore them.
	Unkept bool
}

// ErrPart says that the policy lets no part of that kind through unread.
type ErrPart struct{ Kind string }

// Error implements error.
func (e *ErrPart) Error() string {
	if e.Kind == partNumber {
		return "the policy blocks numbers that are sensitive values, since what stands for one is no number (policy.parts)"
	}
	return "the policy blocks parts of kind " + e.Kind + ", which cannot be read as text (policy.parts)"
}

// Conversation returns the conversation that the exchange belongs to, "" if none.
func (s *Session) Conversation() string { return s.conversation }

// Join says which conversation the exchange belongs to. It comes before Settle.
func (s *Session) Join(conversation string) { s.conversation = conversation }

// Mask emits a token for each value found in text.
func (s *Session) Mask(text []byte, emit func(start, end int, with string)) error {
	spans, _, err := s.look(text)
	if err != nil {
		return err
	}
	for i := range spans {
		s.apply(&spans[i], text, emit)
	}
	return nil
}

// MaskMeta does with what stands around a body, such as a header, what Mask does
// with a text. Of what it finds only e-mail addresses and credentials count:
// numbers there are versions, addresses and ids.
func (s *Session) MaskMeta(text []byte, emit func(start, end int, with string)) error {
	s.texts.on = false
	var err error
	s.spans, err = s.m.local.Find(s.ctx, s.spans[:0], text)
	if err != nil {
		return fmt.Errorf("mask: detecting: %w", err)
	}
	for i := range s.spans {
		if s.m.meta[s.spans[i].Kind] {
			s.apply(&s.spans[i], text, emit)
		}
	}
	return nil
}

// SetMode chooses another mode than the policy's. It is an *ErrMode if the
// policy does not let clients choose that one; the mode stays as it was then.
func (s *Session) SetMode(mode string) error {
	if mode != s.mode && mode != ModeBlock && !slices.Contains(s.m.cfg.ClientModes, mode) {
		return &ErrMode{mode}
	}
	s.mode = mode
	return nil
}

// Mode returns the mode in force.
func (s *Session) Mode() string { return s.mode }

// ErrMode says that a client may not choose that mode.
type ErrMode struct{ Mode string }

// Error implements error.
func (e *ErrMode) Error() string {
	return "the policy does not let a request choose this mode (policy.client_modes)"
}

// Part counts a part that goes through unread, or refuses it as the policy says. A
// number that was masked is not unread: it is just refused or not.
func (s *Session) Part(kind string) error {
	switch {
	case s.m.cfg.Parts[kind] == PartBlock:
		return &ErrPart{Kind: kind}
	case kind == partNumber:
		return nil
	}
	s.parts = count(s.parts, kind)
	return nil
}

// token returns what stands for a value, the same each time. All spellings of a
// term have one token: term is its canonical form, "" for what is no such term.
func (s *Session) token(kind detect.Kind, value []byte, term string) string {
	hash := s.hashOfValue(kind, value, term)
	first, seen := s.byValue[hash]
	for i := first; seen; i = s.entries[i].twin {
		if e := &s.entries[i]; e.is(kind, value, term) {
			return e.token
		}
		if s.entries[i].twin == 0 {
			break
		}
	}
	if i := s.pastValue(hash, kind, value, term); i >= 0 {
		return s.entries[s.adopt(i)].token
	}
	i := s.enter(hash, s.newEntry(kind, value, term))
	s.next(i)
	return s.entries[i].token
}

// newEntry returns an entry that has no token yet.
func (s *Session) newEntry(kind detect.Kind, value []byte, term string) entry {
	e := entry{kind: kind, value: s.keepString(value), attempt: -1, term: term != ""}
	e.canonical = e.value
	if e.term {
		e.canonical = term
	} else if s.form = kind.Canonical(s.form[:0], value); string(s.form) != e.value {
		e.canonical = s.keepString(s.form)
	}
	return e
}

// enter adds an entry and returns its place.
func (s *Session) enter(hash uint64, e entry) int {
	i := len(s.entries)
	if first, seen := s.byValue[hash]; seen {
		e.twin, s.entries[first].twin = s.entries[first].twin, i
	} else {
		s.byValue[hash] = i
	}
	s.entries = append(s.entries, e)
	return i
}

// is reports whether the entry is what stands for the value.
func (e *entry) is(kind detect.Kind, value []byte, term string) bool {
	if e.kind != kind || e.term != (term != "") {
		return false
	}
	if e.term {
		return e.canonical == term
	}
	return e.value == string(value)
}

// keepString copies b into the one buffer that holds all strings of a session.
func (s *Session) keepString(b []byte) string {
	if s.strings.Cap() == 0 {
		s.strings.Grow(stringsRoom)
	}
	from := s.strings.Len()
	s.strings.Write(b)
	return s.strings.String()[from:]
}

// stringsRoom is enough for the strings of a dozen values, in bytes.
const stringsRoom = 768

// next gives entry i the next token of its chain that is free in this session.
//
// The chain begins with the token of the canonical form, so that spellings of
// one value share a token across exchanges. A second spelling in the same
// exchange finds it taken and goes on with tokens of its own spelling. A term's
// spellings are one entry, whose chain is of the term alone.
func (s *Session) next(i int) {
	e := &s.entries[i]
	s.made.fresh = false
	label := s.m.label(e.kind)
	if !slices.Contains(s.labels, label) {
		s.labels = append(s.labels, label)
	}
	for {
		e.attempt++
		s.form = append(s.form[:0], e.canonical...)
		attempt := e.attempt
		if attempt > 0 && !e.term {
			s.form = append(s.form[:0], e.value...)
			if e.value != e.canonical {
				attempt--
			}
		}
		if fake := s.surrogate(e.kind, attempt); fake != nil {
			s.key = fake
		} else {
			s.key = s.tenant.AppendToken(s.key[:0], label, string(e.kind), s.form, attempt)
		}
		if _, taken := s.byToken[string(s.key)]; !taken {
			e.token = s.keepString(s.key)
			s.byToken[e.token] = i
			s.noteMinted(s.key)
			return
		}
	}
}

// Settle makes sure that each token of this session means one value only, here
// and in the vault, and that the vault keeps it. again says that a token had to
// be exchanged, or that what was found in one text stands in another one where it
// was not found: the caller masks the request once more. Nothing may leave before
// Settle has returned without error and without again.
//
// A token is exchanged where one of the texts that were masked holds it already,
// since that text must come back as it is, and where the vault has it for another
// value, which happens once in tens of billions. In what is passed on unseen, such
// as reasoning that the provider has signed, a token is the model's own word for
// the value, and stays that.
//
// It is an *ErrKind where the policy refuses requests with a value that was met.
func (s *Session) Settle() (again bool, err error) {
	if s.refused != "" {
		return false, &ErrKind{s.refused}
	}
	s.learn()
	if s.clashes() {
		s.startOver()
		return true, nil
	}
	if s.carry() {
		s.begin()
		return true, nil
	}
	if again, err = s.exchange(); !again && err == nil {
		s.remember()
	}
	return again, err
}

// exchange makes sure of the tokens, as Settle says.
func (s *Session) exchange() (again bool, err error) {
	if len(s.entries) == 0 && s.resumption.past == nil {
		return false, nil
	}
	if s.m.fakes != nil {
		for _, fake := range s.standing() {
			if i, minted := s.byToken[fake]; minted && i >= 0 {
				s.byToken[fake] = literal
				s.next(i)
				again = true
			}
		}
	}
	for token := range s.literals {
		if i, minted := s.byToken[token]; minted && i >= 0 {
			s.byToken[token] = literal
			s.next(i)
			again = true
		}
	}
	if again {
		s.resumption.spoilt = true
		s.begin()
		return true, nil
	}
	return s.keep()
}

// noteLiterals notes what in a text looks like a token.
func (s *Session) noteLiterals(text []byte) {
	for at := 0; ; {
		f, ok := s.m.tokens.next(0, text, at)
		if !ok {
			return
		}
		at = f.end
		if s.literals == nil {
			s.literals = make(map[string]bool)
		}
		s.literals[string(f.name())] = true
	}
}

// literal marks, in byToken, a token that is the client's own text.
const literal = -1

func (s *Session) keep() (again bool, err error) {
	p := s.resumption.past
	vouched := p != nil && p.within == s.conversation && s.tenant.Holds(p.kept)
	if !vouched {
		s.adoptAll()
	}
	s.items = s.items[:0]
	for i := range s.entries {
		e := &s.entries[i]
		s.items = append(s.items, vault.Item{Token: e.token, Value: e.value, Canonical: e.canonical})
	}
	taken, kept, err := s.tenant.KeepNoting(s.ctx, s.conversation, s.items)
	if errors.Is(err, vault.ErrUnavailable) && s.m.vault.ServesOnFailure() {
		s.stats.Unkept = true
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("mask: keeping %d values: %w", len(s.items), err)
	}
	if taken != nil && p != nil {
		s.startOver()
		return true, nil
	}
	if s.resumption.kept = kept; vouched {
		s.resumption.kept = kept.And(p.kept)
	}
	for i, is := range taken {
		if is {
			s.byToken[s.entries[i].token] = literal
			s.next(i)
			again = true
		}
	}
	if again {
		s.resumption.spoilt = true
		s.begin()
	}
	return again, nil
}

// begin forgets the counts of a masking that is done once more.
func (s *Session) begin() {
	s.tally = s.tally.cleared()
	s.texts.again()
	s.resumption.again()
}

// Tokens lists what was put in the place of values, each once.
func (s *Session) Tokens() []string {
	tokens := make([]string, len(s.entries))
	for i := range s.entries {
		tokens[i] = strings.Clone(s.entries[i].token)
	}
	if p := s.resumption.past; p != nil {
		for i := range p.values {
			if _, listed := s.byToken[p.values[i].token]; !listed {
				tokens = append(tokens, p.values[i].token)
			}
		}
	}
	return tokens
}

// Masked lists what was masked, by kind.
func (s *Session) Masked() []Count { return sorted(s.counts) }

// Rules lists how often each rule found what was masked.
func (s *Session) Rules() []Count { return sorted(s.rules) }

// Allowed lists what was found and stayed, as the policy says, by kind.
func (s *Session) Allowed() []Count { return sorted(s.allowed) }

// Unread lists the parts that went through unread, by kind of part.
func (s *Session) Unread() []Count { return sorted(s.parts) }

// Stats returns what the session did so far.
func (s *Session) Stats() Stats { return s.stats }

// Close ends the session: nothing of it, its counts included, may be used after.
func (s *Session) Close() {
	clear(s.entries)
	clear(s.items)
	clear(s.found)
	clear(s.key[:cap(s.key)])
	clear(s.form[:cap(s.form)])
	clear(s.byValue)
	clear(s.byToken)
	if s.sum != nil {
		var zeros [sha256.BlockSize - 1]byte
		s.sum.Reset()
		s.sum.Write(zeros[:]) // Where the end of a text is.
		s.sum.Reset()
	}
	s.texts.forget()
	s.resumption.forget()
	if len(s.entries) > manyEntries {
		return // Maps do not shrink.
	}
	*s = Session{
		entries: s.entries[:0], byValue: s.byValue, byToken: s.byToken, labels: s.labels[:0],
		tally: s.tally.cleared(), spans: s.spans[:0], items: s.items[:0],
		found: s.found[:0], key: s.key[:0], form: s.form[:0], sum: s.sum, texts: s.texts, resumption: s.resumption,
	}
	sessions.Put(s)
}

// manyEntries is from where on a session's room is not used again.
const manyEntries = 1000

// sessions holds sessions that have ended, with their room and without anything
// that they saw.
var sessions = sync.Pool{New: func() any {
	return &Session{byValue: make(map[uint64]int), byToken: make(map[string]int)}
}}

// Unavailable says whether err means that the vault did not answer, and not
// that the request is at fault.
func Unavailable(err error) bool {
	return errors.Is(err, vault.ErrUnavailable) || errors.Is(err, vault.ErrKey)
}
