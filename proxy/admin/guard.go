package admin

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"maskit/proxy/access"
)

// guard knows who may enter. It never changes: a reload makes another, and the
// attempts that failed and the console's sessions go on.
type guard struct {
	operators []Operator
	keys      *access.Keys
	oidc      *issuer // nil if there is none
	open      bool    // nobody is configured
}

func newGuard(cfg Config) (*guard, error) {
	g := &guard{operators: cfg.Operators}
	hashes := make([]string, len(cfg.Operators))
	for i, o := range cfg.Operators {
		hashes[i] = o.KeySHA256
	}
	var err error
	if g.keys, err = access.NewKeys(hashes); err != nil {
		return nil, err
	}
	if cfg.OIDC.Issuer != "" {
		g.oidc = newIssuer(cfg.OIDC)
	}
	return g, nil
}

// credential is a principal, and how long what it was shown by is good.
type credential struct {
	access.Principal
	key   string    // hash of the operator's key; "" for who came by OIDC
	until time.Time // zero: as long as the operator is configured
}

// errUnknownKey says that a key or token opens nothing.
var errUnknownKey = errors.New("admin: the key is not known")

// enter returns who holds a key or an OIDC token. The time that it takes for a
// key does not tell whether there is one like it.
func (g *guard) enter(r *http.Request, key string) (*credential, error) {
	if strings.Count(key, ".") == 2 && g.oidc != nil {
		return g.oidc.verify(r.Context(), key)
	}
	row := g.keys.Find(key)
	if row < 0 {
		return nil, errUnknownKey
	}
	o := &g.operators[row]
	return &credential{access.Principal{Name: o.Name, Roles: o.Roles, Tenants: o.Tenants}, o.KeySHA256, time.Time{}}, nil
}

// still returns what a credential is good for now: an operator may have been
// taken out of the configuration, or given other roles.
func (g *guard) still(c *credential, now time.Time) (*credential, bool) {
	if c.key == "" {
		return c, g.oidc != nil && now.Before(c.until)
	}
	for i := range g.operators {
		if o := &g.operators[i]; subtle.ConstantTimeCompare([]byte(o.KeySHA256), []byte(c.key)) == 1 {
			return &credential{access.Principal{Name: o.Name, Roles: o.Roles, Tenants: o.Tenants}, o.KeySHA256, time.Time{}}, true
		}
	}
	return nil, false
}

// identify finds out who asks: by the bearer token, else by the console's cookie.
func (s *Server) identify(c *call) error {
	if key, ok := bearer(c.r); ok {
		who, err := s.signIn(c, key)
		if err != nil {
			return err
		}
		c.who = &who.Principal
		return nil
	}
	session, who := s.sessions.find(c.r, s.guard.Load())
	if session == nil {
		return errNoKey
	}
	if err := crossOrigin.Check(c.r); err != nil {
		return errCrossOrigin
	}
	if !isSafe(c.r.Method) && !session.fits(c.r.Header.Get(headerCSRF)) {
		return errCSRF
	}
	c.who, c.session = &who.Principal, session
	return nil
}

// signIn returns whose key it is, and counts and slows those who try others.
func (s *Server) signIn(c *call, key string) (*credential, error) {
	who, err := s.guard.Load().enter(c.r, key)
	if err == nil {
		return who, nil
	}
	if _, ours := errors.AsType[*failure](err); ours {
		return nil, err // The provider did not answer: that is nobody's mistake.
	}
	if wait := s.limiter.Fail(source(c.r)); wait > 0 {
		return nil, errSlow.after(wait)
	}
	return nil, errWrongKey
}

// bearer returns the key of the header Authorization.
func bearer(r *http.Request) (key string, ok bool) {
	scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(key), strings.EqualFold(scheme, "bearer")
}

// source is who failed: the address, since a wrong key has no account.
func source(r *http.Request) string {
	addr, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return "unknown"
	}
	return access.Source(addr.Addr())
}

func isSafe(method string) bool { return method == http.MethodGet || method == http.MethodHead }

// crossOrigin refuses what a browser sends for a page of somebody else.
var crossOrigin = http.NewCrossOriginProtection()
