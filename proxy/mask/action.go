package mask

import (
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"maskit/detect"
)

// Action is a row of Actions: what is done with a finding.
type Action struct {
	Name string
	// Doc says it in a line.
	Doc string
	// Restored says that what is put in the value's place stands for it: the
	// vault keeps the value, and answers get it back. Of other actions no value
	// reaches the vault.
	Restored bool

	// fits says whether the action can be had for the kind; nil: for any.
	fits func(detect.Kind) bool
	// put returns what takes the value's place; nil: the value stays. term is that
	// of a dictionary of which the value is a name, "" if of none.
	put func(s *Session, kind detect.Kind, value []byte, term string) string
}

// The actions.
const (
	ActionToken     = "token"
	ActionSurrogate = "surrogate"
	ActionRedact    = "redact"
	ActionLast4     = "last4"
	ActionHash      = "hash"
	ActionBlock     = "block"
	ActionAllow     = "allow"
)

// Actions is the table of what can be done with a finding. The first row is the
// default.
var Actions = []Action{
	{Name: ActionToken, Doc: "a token such as EMAIL7TX3W9KD", Restored: true, put: (*Session).token},
	{Name: ActionSurrogate, Doc: "a made-up value of the same kind, such as rosa.lindt482@example.com", Restored: true, fits: hasSurrogate, put: (*Session).token},
	{Name: ActionRedact, Doc: "the kind, as [EMAIL]", put: (*Session).redact},
	{Name: ActionLast4, Doc: "the last four letters or digits, as ****1234; none of a value with fewer than eight", put: (*Session).last4},
	{Name: ActionHash, Doc: "a keyed hash, as [EMAIL:5d41402abc4b2a76]: the same for equal values", put: (*Session).hash},
	{Name: ActionBlock, Doc: "the request is refused, with the kind as the reason", put: (*Session).block},
	{Name: ActionAllow, Doc: "the value stays, and is counted"},
}

// actionNames lists the rows, for errors.
func actionNames() string {
	names := make([]string, len(Actions))
	for i := range Actions {
		names[i] = Actions[i].Name
	}
	return strings.Join(names, ", ")
}

// actionOf finds a row; nil if there is none.
func actionOf(name string) *Action {
	for i := range Actions {
		if Actions[i].Name == name {
			return &Actions[i]
		}
	}
	return nil
}

func (c *Config) actionFaults() (faults []error) {
	for _, kind := range slices.Sorted(maps.Keys(c.Actions)) {
		name := c.Actions[kind]
		a := actionOf(name)
		switch {
		case a == nil:
			faults = append(faults, fmt.Errorf("actions.%s: no action is called %q: %s", kind, name, actionNames()))
		case c.CheckKind(kind) != nil:
			faults = append(faults, fmt.Errorf("actions.%s: %w", kind, c.CheckKind(kind)))
		case a.fits != nil && !a.fits(kind):
			faults = append(faults, fmt.Errorf("actions.%s: there are no made-up values of this kind; take %s", kind, ActionToken))
		}
	}
	return faults
}

// compileActions returns the rows by kind, those of the default left out; nil if
// there is nothing but the default.
func (c *Config) compileActions() map[detect.Kind]*Action {
	var rows map[detect.Kind]*Action
	for kind, name := range c.Actions {
		if name == ActionToken {
			continue
		}
		if rows == nil {
			rows = make(map[detect.Kind]*Action, len(c.Actions))
		}
		rows[kind] = actionOf(name)
	}
	return rows
}

// Action returns what the policy does with findings of a kind.
func (m *Masker) Action(k detect.Kind) *Action {
	if a, ok := m.actions[k]; ok {
		return a
	}
	return m.usual
}

// apply does with a finding what the mode and the kind's action say.
func (s *Session) apply(sp *detect.Span, text []byte, emit func(start, end int, with string)) {
	a := s.m.Action(sp.Kind)
	if a.put == nil {
		s.allowed = count(s.allowed, string(sp.Kind))
		return
	}
	s.counts = count(s.counts, string(sp.Kind))
	s.rules = count(s.rules, sp.Rule)
	if s.mode == ModeMask {
		with := a.put(s, sp.Kind, text[sp.Start:sp.End], sp.Term)
		s.sawSwap(sp, with)
		s.log(sp, with, a.Restored)
		emit(sp.Start, sp.End, with)
	}
}

// redact names the kind.
func (s *Session) redact(kind detect.Kind, _ []byte, _ string) string {
	return "[" + s.m.label(kind) + "]"
}

// shown is how much of a value last4 shows, and fewest how long one must be for
// it: of a short value four characters would be most of it.
const (
	shown  = 4
	fewest = 8
)

// last4 shows the last letters and digits. How long the value is stays hidden.
func (s *Session) last4(_ detect.Kind, value []byte, _ string) string {
	var tail [shown]rune
	n := 0
	for len(value) > 0 && n < fewest {
		r, size := utf8.DecodeLastRune(value)
		value = value[:len(value)-size]
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		if n < shown {
			tail[shown-1-n] = r
		}
		n++
	}
	if n < fewest {
		return "****"
	}
	return "****" + string(tail[:])
}

// hashBytes is how much of a keyed hash is shown: enough that no two values of a
// tenant are ever called the same.
const hashBytes = 8

// hash shows a hash under the tenant's key: without the key nobody can try
// values against it.
func (s *Session) hash(kind detect.Kind, value []byte, term string) string {
	if term != "" {
		value = []byte(term)
	}
	s.form = kind.Canonical(s.form[:0], value)
	sum := s.tenant.Sum("hash:"+string(kind), s.form, 0)
	return "[" + s.m.label(kind) + ":" + hex.EncodeToString(sum[:hashBytes]) + "]"
}

// block notes that the request is to be refused, which Settle does. Until then
// the value is not to be seen either.
func (s *Session) block(kind detect.Kind, value []byte, term string) string {
	if s.refused == "" {
		s.refused = kind
	}
	return s.redact(kind, value, term)
}

// ErrKind says that the policy refuses requests with values of a kind.
type ErrKind struct{ Kind detect.Kind }

// Error implements error.
func (e *ErrKind) Error() string {
	return "the policy refuses requests that hold " + string(e.Kind) + " (actions)"
}
