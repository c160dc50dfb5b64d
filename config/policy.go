package config

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"maskit/proxy"
	"maskit/proxy/mask"
)

// policyType is decoded last: what a policy is laid over is another policy,
// which may stand further down.
var policyType = reflect.TypeFor[mask.Config]()

// policyNode is a policy as the file has it.
type policyNode struct {
	path string
	node ast.Node
}

// The places of policies in the file.
const (
	defaultPath = "policy"
	namedPath   = "policies"
)

// policies decodes the section "policy" and the members of "policies", each over
// the policy or pack that it is from: a scalar takes the place of the base's, a
// mapping is laid over the base's key by key, and a list takes its place whole.
func (d *decoder) policies(cfg *Config) {
	h := &heritage{d: d, nodes: map[string]policyNode{}, done: map[string]mask.Config{mask.DefaultPolicy: cfg.Policy}}
	for _, p := range d.later {
		name, named := strings.CutPrefix(p.path, namedPath+".")
		switch {
		case !named:
			delete(h.done, mask.DefaultPolicy)
			h.nodes[mask.DefaultPolicy] = p
		case isPack(name):
			d.fault(p.node, p.path, "is the name of a pack; give yours another name, and say from: %s", name)
		case name == mask.DefaultPolicy:
			d.fault(p.node, p.path, "is the name of the section policy; change that one, or take another name")
		default:
			h.nodes[name] = p
		}
	}
	for _, name := range slices.Sorted(maps.Keys(h.nodes)) {
		c := h.policy(name)
		if name == mask.DefaultPolicy {
			cfg.Policy = c
		} else {
			cfg.Policies[name] = c
		}
	}
}

func isPack(name string) bool {
	_, ok := mask.PackOf(name)
	return ok
}

// heritage is what is known of the policies while they are decoded.
type heritage struct {
	d     *decoder
	nodes map[string]policyNode
	done  map[string]mask.Config
	doing []string // from the first that was asked for to the one at hand
}

// policy returns a policy of the file, decoded.
func (h *heritage) policy(name string) mask.Config {
	if c, ok := h.done[name]; ok {
		return c
	}
	p := h.nodes[name]
	h.doing = append(h.doing, name)
	c := h.base(p)
	c.From, c.Doc = "", ""
	h.d.structureOf(p.node, p.path, reflect.ValueOf(&c).Elem())
	h.doing = h.doing[:len(h.doing)-1]
	h.done[name] = c
	return c
}

// base returns what the policy is laid over: the standard policy where it names
// none, or one that cannot be, which is reported.
func (h *heritage) base(p policyNode) mask.Config {
	from := h.d.member(p.node, "from")
	if from == "" {
		return mask.DefaultConfig()
	}
	if c, ok := mask.PackOf(from); ok {
		return c
	}
	if i := slices.Index(h.doing, from); i >= 0 {
		circle := strings.Join(append(slices.Clone(h.doing[i:]), from), " -> ")
		h.d.fault(p.node, p.path+".from", "leads back to itself: %s", circle)
		return mask.DefaultConfig()
	}
	if _, ok := h.done[from]; !ok {
		if _, ok := h.nodes[from]; !ok {
			h.d.fault(p.node, p.path+".from", "%s", unknownPolicy(from, h.names()))
			return mask.DefaultConfig()
		}
	}
	return h.policy(from)
}

func (h *heritage) names() []string {
	names := slices.Collect(maps.Keys(h.nodes))
	for i := range mask.Packs {
		names = append(names, mask.Packs[i].Name)
	}
	if _, ok := h.nodes[mask.DefaultPolicy]; !ok {
		names = append(names, mask.DefaultPolicy)
	}
	slices.Sort(names)
	return names
}

// unknownPolicy says what may have been meant.
func unknownPolicy(name string, known []string) string {
	best, least := "", 1+max(1, len(name)/3)
	for _, k := range known {
		if n := distance(name, k); n < least {
			best, least = k, n
		}
	}
	if best != "" {
		return fmt.Sprintf("no policy is called %q; did you mean %s?", name, best)
	}
	return fmt.Sprintf("no policy is called %q; known: %s", name, strings.Join(known, ", "))
}

// member is the text of one member of a mapping, "" if it has none; what is wrong
// with it is reported when the mapping is decoded.
func (d *decoder) member(n ast.Node, key string) string {
	var values []*ast.MappingValueNode
	switch m := n.(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	}
	for _, v := range values {
		if v.Key.GetToken().Value != key {
			continue
		}
		if raw, ok := textOf(d.resolve(v.Value, "")); ok {
			if text, _, err := d.look.expand(raw); err == nil {
				return text
			}
		}
	}
	return ""
}

// structureOf is structure for a node that may be left empty.
func (d *decoder) structureOf(n ast.Node, path string, dst reflect.Value) {
	if _, null := n.(*ast.NullNode); !null {
		d.structure(n, path, dst)
	}
}

// validatePolicies returns all that is wrong with the policies that have names.
func (c *Config) validatePolicies() error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(c.Policies)) {
		p := c.Policies[name]
		errs = append(errs, under(namedPath+"."+name, p.Validate()))
		if !proxy.IsName(name) {
			errs = append(errs, fmt.Errorf("%s.%s: %w", namedPath, name, proxy.ErrName))
		}
	}
	return errors.Join(errs...)
}

// Warnings returns what is allowed but hardly meant, each with its path.
func (c *Config) Warnings() []string {
	var all []string
	for _, w := range c.Policy.Warnings() {
		all = append(all, defaultPath+"."+w)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Policies)) {
		for _, w := range c.Policies[name].Warnings() {
			all = append(all, namedPath+"."+name+"."+w)
		}
	}
	return all
}

// Definitions returns all policies by name: the packs, the section policy, and
// those of policies.
func (c *Config) Definitions() []mask.Definition {
	defs := mask.PackDefinitions()
	defs = append(defs, mask.Definition{Name: mask.DefaultPolicy, Origin: mask.OriginConfig, Config: c.Policy})
	for _, name := range slices.Sorted(maps.Keys(c.Policies)) {
		defs = append(defs, mask.Definition{Name: name, Origin: mask.OriginConfig, Config: c.Policies[name]})
	}
	return defs
}

// PolicyOf returns a policy by its name.
func (c *Config) PolicyOf(name string) (mask.Config, error) {
	for _, d := range c.Definitions() {
		if d.Name == name {
			return d.Config, nil
		}
	}
	return mask.Config{}, errors.New(unknownPolicy(name, c.PolicyNames()))
}

// PolicyNames lists all policies, sorted.
func (c *Config) PolicyNames() []string {
	defs := c.Definitions()
	names := make([]string, len(defs))
	for i := range defs {
		names[i] = defs[i].Name
	}
	slices.Sort(names)
	return names
}
