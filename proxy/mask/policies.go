package mask

import (
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"sync"

	"maskit/detect"
	"maskit/vault"
)

// DefaultPolicy is the name of the policy of those for whom none is chosen: the
// section "policy" of the configuration.
const DefaultPolicy = "default"

// Where a policy comes from.
const (
	OriginPack   = "pack"   // it ships with maskit
	OriginConfig = "config" // of the configuration
)

// Definition is a policy that has a name.
type Definition struct {
	Name   string
	Origin string
	Config Config
}

// Compiler makes the detector of a policy.
type Compiler func(detect.Config) (detect.Detector, error)

// Policies are the policies of one configuration, by name. They are made ready
// once: those of a configuration at once, so that a fault stops the start, and
// packs when they are first asked for, since most are never. Policies that look
// for the same share a detector. It is safe for concurrent use.
type Policies struct {
	compile Compiler
	vault   *vault.Vault
	byName  map[string]*policy
	tenants map[string]*Policies // of those who have others than the rest

	mu        sync.Mutex
	detectors map[string]detect.Detector // by what they look for
}

type policy struct {
	Definition
	once sync.Once
	m    *Masker
	err  error
}

// ErrPolicy says that there is no policy of that name.
type ErrPolicy struct{ Name string }

// Error implements error.
func (e *ErrPolicy) Error() string { return fmt.Sprintf("no policy is called %q", e.Name) }

// NewPolicies makes policies ready. One of them is the DefaultPolicy; a later one
// takes the place of an earlier one of its name.
func NewPolicies(defs []Definition, compile Compiler, v *vault.Vault) (*Policies, error) {
	p := &Policies{
		compile: compile, vault: v,
		byName: make(map[string]*policy, len(defs)), detectors: make(map[string]detect.Detector),
	}
	for _, d := range defs {
		p.byName[d.Name] = &policy{Definition: d}
	}
	for _, name := range p.Names() {
		if p.byName[name].Origin == OriginPack {
			continue
		}
		if _, err := p.Get(name); err != nil {
			return nil, err
		}
	}
	if _, ok := p.byName[DefaultPolicy]; !ok {
		return nil, &ErrPolicy{DefaultPolicy}
	}
	return p, nil
}

// ForTenant gives a tenant policies of its own, before these are used.
func (p *Policies) ForTenant(tenant string, own *Policies) {
	if p.tenants == nil {
		p.tenants = make(map[string]*Policies)
	}
	p.tenants[tenant] = own
}

// Of returns the policies as they are for a tenant.
func (p *Policies) Of(tenant string) *Policies {
	if own, ok := p.tenants[tenant]; ok {
		return own
	}
	return p
}

// Only returns policies of which there is one, the default.
func Only(m *Masker) *Policies {
	one := &policy{Definition: Definition{Name: DefaultPolicy, Origin: OriginConfig, Config: m.cfg}, m: m}
	one.once.Do(func() {})
	return &Policies{byName: map[string]*policy{DefaultPolicy: one}}
}

// Default returns the policy of those for whom none is chosen.
func (p *Policies) Default() *Masker { return p.byName[DefaultPolicy].m }

// Names lists the policies, sorted.
func (p *Policies) Names() []string { return slices.Sorted(maps.Keys(p.byName)) }

// Has says whether there is a policy of that name.
func (p *Policies) Has(name string) bool { return p.byName[name] != nil }

// Get returns a policy, made ready. It is an *ErrPolicy if there is none of that
// name, or what its detector could not be made of.
func (p *Policies) Get(name string) (*Masker, error) {
	d, ok := p.byName[name]
	if !ok {
		return nil, &ErrPolicy{name}
	}
	d.once.Do(func() { d.m, d.err = p.ready(&d.Definition) })
	return d.m, d.err
}

func (p *Policies) ready(d *Definition) (*Masker, error) {
	path := "policy"
	if d.Name != DefaultPolicy {
		path = "policies." + d.Name
	}
	det, err := p.detector(d.Config.Config)
	if err != nil {
		return nil, fmt.Errorf("%s.%w", path, err)
	}
	m, err := New(d.Config, det, p.vault)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	m.name = d.Name
	return m, nil
}

// detector returns the detector of a configuration, the same one for equal ones.
func (p *Policies) detector(c detect.Config) (detect.Detector, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := fmt.Sprintf("%#v", c)
	if det, ok := p.detectors[key]; ok {
		return det, nil
	}
	det, err := p.compile(c)
	if err == nil {
		p.detectors[key] = det
	}
	return det, err
}

// Definition returns a policy as it was defined.
func (p *Policies) Definition(name string) (Definition, bool) {
	d, ok := p.byName[name]
	if !ok {
		return Definition{}, false
	}
	return d.Definition, true
}

// KindPolicy is what a policy does with one kind.
type KindPolicy struct {
	Kind      detect.Kind
	Action    string
	Threshold float64
	Restore   string // never, always, or "" for everywhere but secrets in URLs
}

// Kinds lists what the policy looks for and does with it, in the order of the
// table of kinds.
func (d *Definition) Kinds() []KindPolicy {
	kinds := d.Config.Kinds()
	rows := make([]KindPolicy, len(kinds))
	for i, k := range kinds {
		rows[i] = KindPolicy{k, Actions[0].Name, d.Config.Threshold(k), d.Config.Restore.Kinds[k]}
		if a := d.Config.Actions[k]; a != "" {
			rows[i].Action = a
		}
	}
	return rows
}

// versionBytes is how much of the hash of a policy its version shows.
const versionBytes = 6

// version is a short hash of what the policy is, for records: the same as long
// as the policy and the vault's keys are. It is keyed, since a policy may list
// values, which nobody shall try against it. Its name and its words for people
// are not part of it.
func (c Config) version(v *vault.Vault) string {
	c.From, c.Doc = "", ""
	sum := v.Tenant("policy").Sum("policy:version", fmt.Appendf(nil, "%#v", c), 0)
	return hex.EncodeToString(sum[:versionBytes])
}

// Name returns the name of the policy.
func (m *Masker) Name() string { return m.name }

// Version returns a short hash of the policy: see docs/POLICIES.md.
func (m *Masker) Version() string { return m.version }
