package main

import (
	"maskit/proxy/admin"
	"maskit/proxy/mask"
)

// Masker implements admin.Live.
func (s *server) Masker(policy, _ string) *mask.Masker {
	if policy != "" && policy != defaultPolicy {
		return nil
	}
	return s.masker.Load()
}

// defaultPolicy is the name of the section "policy".
const defaultPolicy = "default"

// Policies implements admin.Live.
func (s *server) Policies() []admin.Policy {
	m := s.masker.Load()
	p := admin.Policy{
		Name: defaultPolicy, Origin: "config", Default: true, Doc: "the section policy of the configuration",
		Actions: map[string]string{}, Thresholds: map[string]float64{}, MinScore: s.cfg.Policy.MinScore, Mode: s.cfg.Policy.Mode,
	}
	for _, k := range m.Kinds() {
		p.Kinds = append(p.Kinds, string(k))
	}
	return []admin.Policy{p}
}
