// Package mask turns texts into texts with tokens, and back: it joins what
// detects values (detect) with what stands for them (vault) under a policy.
//
// It knows no JSON and no HTTP: it is given decoded texts, whole or in pieces,
// and answers with edits. A [Masker] is a policy made ready, shared by all
// exchanges; a [Session] is one exchange, and remembers what was masked in it.
package mask

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"

	"maskit/detect"
	"maskit/vault"
)

// Remote is a detector that asks one outside of the program, which takes longer
// than anything else: each text is worth remembering, and what stands around
// bodies is left to the Local part.
type Remote interface {
	detect.Detector
	Local() detect.Detector
}

// Masker is a policy made ready to work. It is safe for concurrent use.
type Masker struct {
	cfg       Config
	name      string
	version   string
	usual     *Action
	actions   map[detect.Kind]*Action // those that are not usual
	fakes     map[detect.Kind]string  // kinds that get surrogates, and what their hashes are for; nil if none do
	sinks     sinks
	detector  detect.Detector
	local     detect.Detector // the detector without those outside of the program
	related   detect.Related  // the detector, nil if it does not know how values stand elsewhere
	cache     *cache
	pasts     *pasts
	minCached int // bytes of a text
	vault     *vault.Vault
	tokens    *recogniser
	labels    map[detect.Kind]string
	byLabel   map[string]detect.Kind // the kind that Restore says most of, of surrogates under ""
	meta      map[detect.Kind]bool   // kinds that count outside bodies
	secrets   map[detect.Kind]bool
	seed      maphash.Seed
}

// New makes a policy ready. det finds the values, v keeps them.
func New(cfg Config, det detect.Detector, v *vault.Vault) (*Masker, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	m := &Masker{
		cfg: cfg, name: DefaultPolicy, version: cfg.version(v),
		usual: &Actions[0], actions: cfg.compileActions(), sinks: cfg.compileSinks(),
		detector: det, cache: newCache(), pasts: newPasts(), vault: v, seed: maphash.MakeSeed(),
		labels: make(map[detect.Kind]string), secrets: make(map[detect.Kind]bool), meta: map[detect.Kind]bool{detect.EmailAddress: true},
	}
	m.related, _ = det.(detect.Related)
	m.local, m.minCached = det, minCached
	if r, ok := det.(Remote); ok {
		m.local, m.minCached = r.Local(), 1
	}
	for i := range detect.Kinds {
		k := &detect.Kinds[i]
		m.labels[k.Kind] = k.Kind.Label()
		m.meta[k.Kind] = m.meta[k.Kind] || k.Secret
		m.secrets[k.Kind] = k.Secret
	}
	for _, d := range cfg.Dictionaries {
		m.labels[d.Kind] = d.Kind.Label()
		m.meta[d.Kind] = true
	}
	for _, k := range cfg.Kinds() {
		if _, ok := m.labels[k]; !ok { // of rules and lists of the organisation's own
			m.labels[k], m.meta[k] = k.Label(), true
		}
	}
	var distinct []string
	for _, l := range m.labels {
		if len(l) > maxLabel {
			return nil, fmt.Errorf("mask: the label %s is longer than %d letters", l, maxLabel)
		}
		distinct = append(distinct, l)
	}
	slices.Sort(distinct)
	m.tokens = newRecogniser(slices.Compact(distinct))
	for k, a := range m.actions {
		if a.Name == ActionSurrogate {
			if m.fakes == nil {
				m.fakes = make(map[detect.Kind]string)
			}
			m.fakes[k] = "surrogate:" + string(k)
		}
	}
	m.byLabel = m.strictest()
	return m, nil
}

// strictest returns a kind for each label: of several that have it the one that
// goes back least, since of a token of another exchange no more is known. Under ""
// it is that of surrogates, of which nothing is.
func (m *Masker) strictest() map[string]detect.Kind {
	strictness := func(k detect.Kind) int {
		switch {
		case m.sinks.rule(k, "") == Never:
			return 2
		case m.secrets[k]:
			return 1
		}
		return 0
	}
	byLabel := make(map[string]detect.Kind, len(m.labels))
	note := func(l string, k detect.Kind) {
		if old, ok := byLabel[l]; !ok || strictness(k) > strictness(old) {
			byLabel[l] = k
		}
	}
	for k, l := range m.labels {
		note(l, k)
	}
	for k := range m.fakes {
		note("", k)
	}
	return byLabel
}

// label returns what tokens of the kind begin with.
func (m *Masker) label(k detect.Kind) string {
	if l, ok := m.labels[k]; ok {
		return l
	}
	return k.Label() // A detector of the caller's own may know kinds of its own.
}

// Scope says whose exchange it is: tokens of one tenant mean nothing to
// another, and what other exchanges masked is given back only within the same
// conversation. An empty Conversation is none.
type Scope struct {
	Tenant, Conversation string
}

// DefaultTenant is the tenant of those who name none.
const DefaultTenant = "default"

// Session begins an exchange, which Close ends. ctx bounds the calls to the vault.
func (m *Masker) Session(ctx context.Context, scope Scope) *Session {
	if scope.Tenant == "" {
		scope.Tenant = DefaultTenant
	}
	s := sessions.Get().(*Session) //nolint:forcetypeassert // The pool holds nothing else.
	s.m, s.ctx, s.tenant, s.conversation = m, ctx, m.vault.Tenant(scope.Tenant), scope.Conversation
	s.tenantName = scope.Tenant
	s.mode = m.cfg.Mode
	return s
}

// Hints says whether the policy asks the model to copy tokens as they are.
func (m *Masker) Hints() bool { return m.cfg.Hint }

// canary is a text with a value that every reader knows to be an example.
const (
	canary      = "the canary writes to canary@example.com today"
	canaryKind  = detect.Kind("EMAIL_ADDRESS")
	canaryStart = len("the canary writes to ")
	canaryEnd   = canaryStart + len("canary@example.com")
)

// Check masks and restores a canary through the live detector and vault. Its
// error says which step failed.
func (m *Masker) Check(ctx context.Context) error {
	s := m.Session(ctx, Scope{Tenant: "canary"})
	defer s.Close()
	s.mode = ModeMask
	var masked []byte
	from := 0
	note := func(start, end int, with string) {
		masked = append(append(masked, canary[from:start]...), with...)
		from = end
	}
	spared, err := m.spares(ctx, canary)
	if err != nil {
		return fmt.Errorf("mask: the canary was not looked at: %w", err)
	}
	if spared {
		note(canaryStart, canaryEnd, s.token(canaryKind, []byte(canary)[canaryStart:canaryEnd], ""))
	} else if err := s.Mask([]byte(canary), note); err != nil {
		return fmt.Errorf("mask: the canary was not looked at: %w", err)
	}
	if len(s.entries) == 0 {
		return errors.New("mask: the canary was not found")
	}
	masked = append(masked, canary[from:]...)
	if _, err := s.Settle(); err != nil {
		return fmt.Errorf("mask: the canary was not stored: %w", err)
	}
	var restored []byte
	from = 0
	err = s.Restore(masked, func(start, end int, with string) {
		restored = append(append(restored, masked[from:start]...), with...)
		from = end
	})
	if err != nil || string(append(restored, masked[from:]...)) != canary {
		return errors.New("mask: the canary was not restored")
	}
	return nil
}

// spares says whether the policy means to leave a text with one value of the
// canary's kind as it is, or not to restore it.
func (m *Masker) spares(ctx context.Context, text string) (bool, error) {
	c := &m.cfg
	if !m.Action(canaryKind).Restored || m.sinks.rule(canaryKind, "") == Never {
		return true, nil
	}
	if len(c.Disable) == 0 && len(c.Allow) == 0 && len(c.AllowPatterns) == 0 && len(c.AllowByKind) == 0 && len(c.Thresholds) == 0 {
		return false, nil
	}
	found, err := m.local.Find(ctx, nil, []byte(text))
	return len(found) == 0, err
}
