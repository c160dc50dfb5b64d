package admin

import (
	"slices"

	"maskit/detect"
	"maskit/proxy/mask"
)

// Live is what is in force now. Its methods are safe for concurrent use; two
// calls may see two configurations, one call sees one.
type Live interface {
	// Masker returns the policy of that name as it is for a tenant, the default
	// one for "", and nil if there is none.
	Masker(policy, tenant string) *mask.Masker
	// Policies describes the policies, the default one first.
	Policies() []Policy
}

// Policy describes a policy to operators.
type Policy struct {
	Name    string   `json:"name"`
	Doc     string   `json:"doc" doc:"what it covers, and what it does not"`
	Origin  string   `json:"origin" enum:"pack,config" doc:"built in, or of the configuration"`
	Default bool     `json:"default" doc:"whether it is in force for those who choose none"`
	Kinds   []string `json:"kinds" doc:"what it finds, by default and as configured"`
	// Actions are those that differ from the default action.
	Actions    map[string]string  `json:"actions" doc:"what is done with a kind, where it is not made a token"`
	Thresholds map[string]float64 `json:"thresholds" doc:"the certainty from which on a kind counts, where it is not min_score"`
	MinScore   float64            `json:"min_score" doc:"the certainty from which on other kinds count"`
	Mode       string             `json:"mode" doc:"mask, observe or block"`
}

type kindsAnswer struct {
	Items []kindAnswer `json:"items"`
}

type kindAnswer struct {
	Kind    string `json:"kind"`
	Label   string `json:"label" doc:"what its tokens begin with"`
	Doc     string `json:"doc"`
	Default bool   `json:"default" doc:"found unless switched off"`
	Secret  bool   `json:"secret" doc:"a credential"`
	Own     bool   `json:"own" doc:"the organisation's own: of its rules and dictionaries"`
	On      bool   `json:"on" doc:"found under the default policy"`
}

// kinds lists the table of kinds, and after it the organisation's own.
func (s *Server) kinds(c *call) (*kindsAnswer, error) {
	tenant, err := c.tenant("")
	if err != nil {
		return nil, err
	}
	on := s.live.Masker("", tenant).Kinds()
	a := &kindsAnswer{Items: make([]kindAnswer, 0, len(detect.Kinds))}
	built := make(map[detect.Kind]bool, len(detect.Kinds))
	for _, k := range detect.Kinds {
		built[k.Kind] = true
		a.Items = append(a.Items, kindAnswer{
			Kind: string(k.Kind), Label: k.Kind.Label(), Doc: k.Doc,
			Default: k.Default, Secret: k.Secret, On: slices.Contains(on, k.Kind),
		})
	}
	for _, k := range on {
		if !built[k] {
			a.Items = append(a.Items, kindAnswer{Kind: string(k), Label: k.Label(), Doc: "of this organisation's own rules", Default: true, Own: true, On: true})
		}
	}
	return a, nil
}

type policiesAnswer struct {
	Items []Policy `json:"items" doc:"the default one first"`
}

// policies lists the policies.
func (s *Server) policies(*call) (*policiesAnswer, error) {
	return &policiesAnswer{s.live.Policies()}, nil
}

// policy shows one policy.
func (s *Server) policy(c *call) (*Policy, error) {
	name := c.r.PathValue("name")
	for _, p := range s.live.Policies() {
		if p.Name == name {
			return &p, nil
		}
	}
	return nil, errNotFound
}
