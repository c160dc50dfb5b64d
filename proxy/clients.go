package proxy

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/valyala/fasthttp"

	"maskit/proxy/access"
	"maskit/proxy/mask"
	"maskit/vault"
)

// Access says who may use the proxy, as whom, and under which policy. Its members
// are sections of the configuration.
type Access struct {
	// Clients are the applications that have a key.
	Clients []Client `yaml:"clients"`
	// RequireClientKey refuses requests without a client's key.
	RequireClientKey bool `yaml:"require_client_key"`
	// Routes choose the policy of requests whose client has none of its own.
	// The first that matches counts.
	Routes []PolicyRoute `yaml:"routes"`
}

// Client is an application with a key.
type Client struct {
	// Name is what records call it.
	Name string `yaml:"name"`
	// KeySHA256 is the SHA-256 of its key, 64 hexadecimal digits.
	KeySHA256 string `yaml:"key_sha256"`
	// Tenant is whose tokens it makes and reads; the client's own unless set.
	Tenant string `yaml:"tenant"`
	// Tenants are further ones that it may name in x-maskit-tenant.
	Tenants []string `yaml:"tenants"`
	// Policy is its policy; that of the route unless set.
	Policy string `yaml:"policy"`
	// Policies are those that it may choose by x-maskit-policy.
	Policies []string `yaml:"policies"`
	// UpstreamKeys are the providers' keys for this client, by upstream; they go
	// before the upstream's own.
	UpstreamKeys map[string]vault.Secret `yaml:"upstream_keys"`
}

// ErrName says what names of clients, tenants and policies look like.
var ErrName = errors.New("a name has 1 to 64 letters, digits, dots, dashes and underscores")

// IsName says whether s may be the name of a client, a tenant or a policy.
func IsName(s string) bool {
	return len(s) > 0 && len(s) <= 64 && strings.TrimFunc(s, func(r rune) bool {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_' || r == '.'
	}) == ""
}

// Validate returns all that is wrong, each with its path in the configuration.
// policies are the names that there are.
func (a *Access) Validate(policies []string) error {
	var errs []error
	fault := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	policy := func(path, name string) {
		if !slices.Contains(policies, name) {
			fault("%s: no policy is called %q", path, name)
		}
	}
	names, keys := map[string]int{}, map[string]int{}
	for i := range a.Clients {
		c, path := &a.Clients[i], fmt.Sprintf("clients[%d]", i)
		if !IsName(c.Name) {
			fault("%s.name: %w", path, ErrName)
		} else if first, ok := names[c.Name]; ok {
			fault("%s.name: clients[%d] is called %q too", path, first, c.Name)
		} else {
			names[c.Name] = i
		}
		hash := strings.ToLower(c.KeySHA256)
		if err := access.ValidateHash(hash); err != nil {
			fault("%s.key_sha256: %w", path, err)
		} else if first, ok := keys[hash]; ok {
			fault("%s.key_sha256: clients[%d] has the same key", path, first)
		} else {
			keys[hash] = i
		}
		if c.Tenant != "" && !IsName(c.Tenant) {
			fault("%s.tenant: %w", path, ErrName)
		}
		for j, t := range c.Tenants {
			if !IsName(t) {
				fault("%s.tenants[%d]: %w", path, j, ErrName)
			}
		}
		if c.Policy != "" {
			policy(path+".policy", c.Policy)
		}
		for j, p := range c.Policies {
			policy(fmt.Sprintf("%s.policies[%d]", path, j), p)
		}
	}
	if a.RequireClientKey && len(a.Clients) == 0 {
		fault("require_client_key: there are no clients, so nobody could ask anything")
	}
	for i := range a.Routes {
		r, path := &a.Routes[i], fmt.Sprintf("routes[%d]", i)
		policy(path+".policy", r.Policy)
		if r.Path == "" && r.Upstream == "" && r.Model == "" {
			fault("%s: names neither path nor upstream nor model; the section policy is for all others", path)
		}
	}
	return errors.Join(errs...)
}

// prepare makes the policies ready that are named, so that none fails later.
func (a *Access) prepare(policies *mask.Policies) error {
	var names []string
	for i := range a.Clients {
		names = append(append(names, a.Clients[i].Policies...), a.Clients[i].Policy)
	}
	for i := range a.Routes {
		names = append(names, a.Routes[i].Policy)
	}
	for _, name := range names {
		if name == "" {
			continue
		}
		if _, err := policies.Get(name); err != nil {
			return fmt.Errorf("proxy: %w", err)
		}
	}
	return nil
}

// clients are those that have keys, by the row of their key.
type clients struct {
	keys *access.Keys
	rows []Client
}

func newClients(list []Client) (*clients, error) {
	hashes := make([]string, len(list))
	rows := slices.Clone(list)
	for i := range rows {
		hashes[i] = rows[i].KeySHA256
		if rows[i].Tenant == "" {
			rows[i].Tenant = rows[i].Name
		}
	}
	keys, err := access.NewKeys(hashes)
	if err != nil {
		return nil, fmt.Errorf("proxy: the clients' keys: %w", err)
	}
	return &clients{keys, rows}, nil
}

// identify finds out whose request it is. A wrong key slows down whoever shows
// it, but never those who show a right one from the same address.
func (x *exchange) identify() error {
	key, shown := x.clientKey()
	if !shown {
		if x.st.access.RequireClientKey {
			return errNoKey
		}
		x.tenant = mask.DefaultTenant
		return nil
	}
	i := x.st.clients.keys.Find(key)
	if i < 0 {
		return x.wrongKey()
	}
	x.client = &x.st.clients.rows[i]
	x.tenant = x.client.Tenant
	x.rec.Client = x.client.Name
	return nil
}

// wrongKey counts a key that nobody has.
func (x *exchange) wrongKey() error {
	var source string
	if addr, err := netip.ParseAddrPort(x.ctx.RemoteAddr().String()); err == nil {
		source = access.Source(addr.Addr())
	}
	if wait := x.p.wrongKeys.Fail(source); wait > 0 {
		return errManyKeys.after(wait)
	}
	return errWrongKey
}

// clientKey returns the key of a client that the request shows, in a header of
// maskit's own or in the place of the provider's key.
func (x *exchange) clientKey() (key string, shown bool) {
	h := &x.ctx.Request.Header
	if k := h.Peek(headerKey); len(k) > 0 {
		return string(k), true
	}
	for _, name := range credentials {
		for _, v := range h.PeekAll(name) {
			if k := bareKey(string(v)); isClientKey(k) {
				return k, true
			}
		}
	}
	_, query, _ := bytes.Cut(h.RequestURI(), []byte("?"))
	for p := range bytes.SplitSeq(query, []byte("&")) {
		if k, ok := bytes.CutPrefix(p, []byte("key=")); ok && isClientKey(string(k)) {
			return string(k), true
		}
	}
	return "", false
}

// bareKey takes the scheme off a credential.
func bareKey(v string) string {
	if scheme, key, ok := strings.Cut(v, " "); ok && strings.EqualFold(scheme, "bearer") {
		return strings.TrimSpace(key)
	}
	return v
}

func isClientKey(v string) bool { return strings.HasPrefix(v, string(access.Client)) }

// holdsClientKey says whether a header, or a parameter of a query, has the key of a
// client in it, wherever that is: it ends at this hop.
func holdsClientKey(v []byte) bool { return bytes.Contains(v, []byte(access.Client)) }

// chooseTenant takes the tenant that the request names, if its client may.
func (x *exchange) chooseTenant() error {
	name := string(x.ctx.Request.Header.Peek(headerTenant))
	if name == "" || name == x.tenant {
		return nil
	}
	if x.client == nil || !slices.Contains(x.client.Tenants, name) {
		return errControl.with("x-maskit-tenant: the client may not name this tenant (clients[].tenants)")
	}
	x.tenant = name
	return nil
}

// upstreamKey is the provider's key for this exchange, "" if the client's own
// goes through.
func (x *exchange) upstreamKey() vault.Secret {
	if x.client != nil {
		if key, ok := x.client.UpstreamKeys[x.route.up.name]; ok {
			return key
		}
	}
	return x.route.up.key
}

// setKey puts the configured key in the place of the client's.
func (x *exchange) setKey(h *fasthttp.RequestHeader) {
	key := x.upstreamKey()
	if key == "" {
		return
	}
	for _, name := range credentials {
		h.Del(name)
	}
	if name, ok := keyHeaders[x.route.up.name]; ok {
		h.Set(name, key.Reveal())
		return
	}
	h.Set(fasthttp.HeaderAuthorization, "Bearer "+key.Reveal())
}
