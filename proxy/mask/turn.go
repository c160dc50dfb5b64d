package mask

import (
	"errors"
	"fmt"

	"maskit/vault"
)

// turn is what a session knows of the provider's own thread: an answer, a file
// or a batch that has a name, and what goes on from it.
type turn struct {
	before []vault.Member  // what the turns that the request goes on from know
	at     map[string]int  // token -> its place in before
	kept   map[string]bool // names that this exchange was kept under
}

// Follow says that the request goes on from the turns of these names: their
// tokens are restored in this exchange, and known to the turns that it begins.
// One round trip, once: a request that is masked anew follows the same turns.
//
// The error is one of the vault's: without what the turns know, this one and all
// that go on from it would keep their tokens.
func (s *Session) Follow(names []string) error {
	if len(names) == 0 || s.turn.at != nil {
		return nil
	}
	members, err := s.tenant.Turns(s.ctx, names)
	if errors.Is(err, vault.ErrUnavailable) && s.m.vault.ServesOnFailure() {
		s.stats.Unkept = true
		return nil
	}
	if err != nil {
		return fmt.Errorf("mask: following %d turns: %w", len(names), err)
	}
	s.turn.before, s.turn.at = members, make(map[string]int, len(members))
	for i, m := range members {
		s.turn.at[m.Token] = i
	}
	return nil
}

// KeepTurn keeps what the exchange knows under the name that the provider gave
// it. A vault that does not take it is noted in the session's Stats: the answer
// is the client's all the same.
func (s *Session) KeepTurn(name string) {
	if s.turn.kept[name] {
		return
	}
	if s.turn.kept == nil {
		s.turn.kept = make(map[string]bool)
	}
	s.turn.kept[name] = true
	if err := s.tenant.KeepTurn(s.ctx, name, s.turn.before, s.minted()); err != nil {
		s.stats.Unkept = true
	}
}

// KeepIn keeps what the exchange masked in a conversation that began with it.
func (s *Session) KeepIn(conversation string) {
	if taken, err := s.tenant.Keep(s.ctx, conversation, s.minted()); err != nil || taken != nil {
		s.stats.Unkept = true
	}
}

// minted lists the values that this exchange masked itself.
func (s *Session) minted() []vault.Item {
	s.adoptAll()
	s.items = s.items[:0]
	for i := range s.entries {
		if e := &s.entries[i]; e.kind != "" {
			s.items = append(s.items, vault.Item{Token: e.token, Value: e.value, Canonical: e.canonical})
		}
	}
	return s.items
}

// lookUp asks the vault for the tokens found that are not of this exchange,
// within the conversation or the turns it goes on from. Where the vault does not answer they stay as they
// are: they were never this exchange's to restore.
func (s *Session) lookUp() {
	if s.conversation == "" && len(s.turn.before) == 0 {
		return
	}
	var ask []string
	for i := range s.found {
		name := s.found[i].name()
		if _, ok := s.entryAt(name); !ok && !s.unknown[string(name)] {
			ask = append(ask, string(name))
		}
	}
	if len(ask) == 0 {
		return
	}
	values, err := s.valuesOf(ask)
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

// valuesOf asks the vault for tokens of earlier exchanges, "" for those that are
// none of this one's business: first in its conversation, then in the turns that
// it goes on from.
func (s *Session) valuesOf(tokens []string) ([]string, error) {
	values, err := s.tenant.Lookup(s.ctx, s.conversation, tokens)
	if err != nil {
		return nil, err
	}
	var members []vault.Member
	var places []int
	for i, token := range tokens {
		if at, known := s.turn.at[token]; known && values[i] == "" {
			members, places = append(members, s.turn.before[at]), append(places, i)
		}
	}
	found, err := s.tenant.LookupMembers(s.ctx, members)
	if err != nil {
		return nil, err
	}
	for i, v := range found {
		values[places[i]] = v
	}
	return values, nil
}
