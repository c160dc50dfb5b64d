package main

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"

	"maskit/config"
	"maskit/proxy/admin"
	"maskit/proxy/mask"
	"maskit/vault"
)

// What is in force is made of two sources: the configuration, and over it the
// rules that operators made at run time, a document in the vault's store. When
// either changes, everything is built new off the hot path, and one pointer is
// swapped here and in the proxy.

// rules is the document in force.
type rules struct {
	doc     *admin.RulesDocument
	version int
	fault   string // of the newest version, if that is not in force here
}

// begin puts the configuration and the newest document in force, before anybody
// is served: without a rule that was made yesterday nothing may leave today.
func (s *server) begin(ctx context.Context, cfg *config.Config) error {
	var err error
	if s.documents, err = s.openDocuments(cfg); err != nil {
		return err
	}
	doc, version, err := s.read(ctx)
	if err != nil {
		return err
	}
	policies, err := s.build(cfg, doc)
	if err != nil {
		return err
	}
	s.rules = rules{doc: doc, version: version}
	s.policies.Store(policies)
	s.now.Store(cfg)
	return nil
}

// openDocuments opens the documents where the configuration wants them.
func (s *server) openDocuments(cfg *config.Config) (*vault.Documents, error) {
	if cfg.Admin.RulesFile != "" {
		return vault.OpenDocuments(cfg.Admin.RulesFile)
	}
	return s.vault.Documents()
}

// read returns the newest document and its version.
func (s *server) read(ctx context.Context) (*admin.RulesDocument, int, error) {
	text, version, err := s.documents.Get(ctx, admin.RulesName)
	if err != nil {
		return nil, 0, err
	}
	doc, err := admin.ParseRules(text)
	if err != nil {
		return nil, 0, fmt.Errorf("the rules made at run time, version %d, cannot be read by this version of maskit: %w", version, err)
	}
	return doc, version, nil
}

// build makes the policies of a configuration ready, with a document over them.
func (s *server) build(cfg *config.Config, doc *admin.RulesDocument) (*mask.Policies, error) {
	policies, err := buildPolicies(cfg, s.vault, rulesFor(doc, ""))
	if err != nil {
		return nil, err
	}
	for tenant := range doc.Tenants {
		own, err := buildPolicies(cfg, s.vault, rulesFor(doc, tenant))
		if err != nil {
			return nil, err
		}
		policies.ForTenant(tenant, own)
	}
	return policies, nil
}

// rulesFor lays the document over policies as they are for a tenant.
func rulesFor(doc *admin.RulesDocument, tenant string) overlay {
	return func(defs []mask.Definition) ([]mask.Definition, error) {
		if !doc.Empty() {
			if err := doc.Fits(defs); err != nil { // Packs are made ready late: too late for faults.
				return nil, fmt.Errorf("the configuration and the rules made at run time do not go together: %w", err)
			}
		}
		return doc.Over(defs, tenant), nil
	}
}

// followEvery is how long the store is left alone when it did not say what the
// newest document is.
const followEvery = 500 * time.Millisecond

// follow returns what puts a new version of the document in force. A store that
// does not answer is asked again; a document that does not fit is not.
func (s *server) follow(ctx context.Context) func(version int) {
	return func(int) {
		err := s.followNewest(ctx)
		for mask.Unavailable(err) {
			select {
			case <-ctx.Done():
				return
			case <-time.After(followEvery):
			}
			err = s.followNewest(ctx)
		}
		if err != nil {
			s.log.Error("rules made at run time are not in force, the last good ones are", zap.Error(err))
		}
	}
}

func (s *server) followNewest(ctx context.Context) error {
	s.changing.Lock()
	defer s.changing.Unlock()
	doc, version, err := s.read(ctx)
	if err == nil && version == s.rules.version {
		return nil
	}
	var policies *mask.Policies
	if err == nil {
		policies, err = s.build(s.now.Load(), doc)
	}
	if err == nil {
		err = s.proxy.SetPolicies(policies)
	}
	if err != nil {
		s.rules.fault = err.Error()
		return err
	}
	s.policies.Store(policies)
	s.rules = rules{doc: doc, version: version}
	s.log.Info("rules made at run time are in force", zap.Int("version", version))
	return nil
}

// Definitions implements admin.Rulebook.
func (s *server) Definitions() []mask.Definition { return s.now.Load().Definitions() }

// Draft implements admin.Rulebook.
func (s *server) Draft(doc *admin.RulesDocument) (admin.Live, error) {
	policies, err := s.build(s.now.Load(), doc)
	if err != nil {
		return nil, err
	}
	return live{policies}, nil
}

// RulesInForce implements admin.Rulebook.
func (s *server) RulesInForce() (version int, fault string) {
	s.changing.Lock()
	defer s.changing.Unlock()
	return s.rules.version, s.rules.fault
}
