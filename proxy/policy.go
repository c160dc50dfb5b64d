package proxy

import (
	"slices"

	"maskit/proxy/mask"
)

// PolicyRoute chooses a policy for requests that are all of what it names. In a
// pattern * is any run of characters.
type PolicyRoute struct {
	// Path is the path as the provider gets it, such as /v1/embeddings.
	Path string `yaml:"path"`
	// Upstream is the name of the provider in the configuration.
	Upstream string `yaml:"upstream"`
	// Model is the model that the request names.
	Model string `yaml:"model"`
	// Policy is the name of the policy.
	Policy string `yaml:"policy"`
}

// matches says whether the route is for a request. model is only asked where the
// route names one.
func (r *PolicyRoute) matches(path, upstream string, model func() string) bool {
	return (r.Path == "" || mask.Glob(r.Path, path)) &&
		(r.Upstream == "" || mask.Glob(r.Upstream, upstream)) &&
		(r.Model == "" || mask.Glob(r.Model, model()))
}

// choosePolicy finds the policy of the request: the one that it names, if its
// client may; else the client's; else that of the first route that matches; else
// the default.
func (x *exchange) choosePolicy(body []byte) error {
	name := string(x.ctx.Request.Header.Peek(headerPolicy))
	c := x.client
	switch {
	case name != "" && (c == nil || name != c.Policy && !slices.Contains(c.Policies, name)):
		return errControl.with("x-maskit-policy: the client may not choose this policy (clients[].policies)")
	case name != "":
	case c != nil && c.Policy != "":
		name = c.Policy
	default:
		name = x.routedPolicy(body)
	}
	m, err := x.st.policies.Of(x.tenant).Get(name)
	if err != nil {
		return errPolicy.because(err)
	}
	x.masker = m
	x.rec.Policy, x.rec.Version, x.rec.Tenant = m.Name(), m.Version(), x.tenant
	return nil
}

// routedPolicy is what the routes say of the request.
func (x *exchange) routedPolicy(body []byte) string {
	model := func() string { return x.format.ModelOf(x.route.path, body) }
	for i := range x.st.access.Routes {
		if r := &x.st.access.Routes[i]; r.matches(x.route.path, x.route.up.name, model) {
			return r.Policy
		}
	}
	return mask.DefaultPolicy
}
