package main

import (
	"slices"

	"maskit/proxy/admin"
	"maskit/proxy/mask"
)

// live shows policies to operators.
type live struct{ p *mask.Policies }

// Masker implements admin.Live.
func (l live) Masker(policy, tenant string) *mask.Masker {
	if policy == "" {
		policy = mask.DefaultPolicy
	}
	m, err := l.p.Of(tenant).Get(policy)
	if err != nil {
		return nil
	}
	return m
}

// Policies implements admin.Live.
func (l live) Policies() []admin.Policy {
	names := slices.DeleteFunc(l.p.Names(), func(name string) bool { return name == mask.DefaultPolicy })
	all := make([]admin.Policy, 0, len(names)+1)
	for _, name := range append([]string{mask.DefaultPolicy}, names...) {
		d, _ := l.p.Definition(name)
		all = append(all, describe(&d))
	}
	return all
}

// Masker implements admin.Live: the policies that are in force when it is called.
func (s *server) Masker(policy, tenant string) *mask.Masker {
	return live{s.policies.Load()}.Masker(policy, tenant)
}

// Policies implements admin.Live.
func (s *server) Policies() []admin.Policy { return live{s.policies.Load()}.Policies() }

// describe says of a policy what operators want to know.
func describe(d *mask.Definition) admin.Policy {
	p := admin.Policy{
		Name: d.Name, Origin: d.Origin, Default: d.Name == mask.DefaultPolicy, Doc: d.Config.Doc,
		Actions: map[string]string{}, Thresholds: map[string]float64{}, MinScore: d.Config.MinScore, Mode: d.Config.Mode,
	}
	if p.Default && p.Doc == "" {
		p.Doc = "the section policy of the configuration"
	}
	for _, k := range d.Kinds() {
		p.Kinds = append(p.Kinds, string(k.Kind))
		if k.Action != mask.ActionToken {
			p.Actions[string(k.Kind)] = k.Action
		}
		if k.Threshold != p.MinScore {
			p.Thresholds[string(k.Kind)] = k.Threshold
		}
	}
	slices.Sort(p.Kinds)
	return p
}
