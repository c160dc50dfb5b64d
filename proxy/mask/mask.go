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
	"slices"

	"maskit/detect"
	"maskit/vault"
)

// Masker is a policy made ready to work. It is safe for concurrent use.
type Masker struct {
	cfg      Config
	detector detect.Detector
	vault    *vault.Vault
	tokens   *recogniser
}

// New makes a policy ready. det finds the values, v keeps them.
func New(cfg Config, det detect.Detector, v *vault.Vault) (*Masker, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	labels := cfg.labels()
	for _, l := range labels {
		if len(l) > maxLabel {
			return nil, fmt.Errorf("mask: the label %s is longer than %d letters", l, maxLabel)
		}
	}
	return &Masker{cfg: cfg, detector: det, vault: v, tokens: newRecogniser(labels)}, nil
}

// labels lists the labels of all kinds that may be met, each once.
func (c *Config) labels() []string {
	var labels []string
	for i := range detect.Kinds {
		labels = append(labels, detect.Kinds[i].Kind.Label())
	}
	for _, d := range c.Dictionaries {
		labels = append(labels, d.Kind.Label())
	}
	slices.Sort(labels)
	return slices.Compact(labels)
}

// Scope says whose exchange it is: tokens of one tenant mean nothing to
// another, and what other exchanges masked is given back only within the same
// conversation. An empty Conversation is none.
type Scope struct {
	Tenant, Conversation string
}

// DefaultTenant is the tenant of those who name none.
const DefaultTenant = "default"

// Session begins an exchange. ctx bounds the calls to the vault.
func (m *Masker) Session(ctx context.Context, scope Scope) *Session {
	if scope.Tenant == "" {
		scope.Tenant = DefaultTenant
	}
	return &Session{
		m: m, ctx: ctx, tenant: m.vault.Tenant(scope.Tenant), conversation: scope.Conversation,
		byValue: make(map[string]int), byToken: make(map[string]int),
	}
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
	var masked []byte
	note := func(start, end int, with string) {
		masked = append(append(append(masked, canary[:start]...), with...), canary[end:]...)
	}
	if slices.Contains(m.cfg.Disable, canaryKind) || slices.Contains(m.cfg.Allow, canary[canaryStart:canaryEnd]) {
		note(canaryStart, canaryEnd, s.token(canaryKind, []byte(canary)[canaryStart:canaryEnd]))
	} else if err := s.Mask([]byte(canary), note); err != nil {
		return fmt.Errorf("mask: the canary was not looked at: %w", err)
	}
	if len(s.entries) != 1 {
		return errors.New("mask: the canary was not found")
	}
	if _, err := s.Settle([]byte(canary)); err != nil {
		return fmt.Errorf("mask: the canary was not stored: %w", err)
	}
	var restored string
	err := s.Restore(masked, func(start, end int, with string) {
		restored = string(masked[:start]) + with + string(masked[end:])
	})
	if err != nil || restored != canary {
		return errors.New("mask: the canary was not restored")
	}
	return nil
}
