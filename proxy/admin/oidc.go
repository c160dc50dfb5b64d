package admin

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"maskit/proxy/access"
)

// issuer checks the bearer tokens of an OpenID Connect provider: signature,
// issuer, audience and time by go-oidc, then what the claims permit here.
type issuer struct {
	cfg    OIDC
	client *http.Client

	mu       sync.Mutex
	verifier *oidc.IDTokenVerifier // nil until the provider has answered
	failed   time.Time             // when it last did not
}

const (
	oidcTime = 5 * time.Second
	// oidcPause is how long a provider that did not answer is left alone.
	oidcPause = 5 * time.Second
)

func newIssuer(cfg OIDC) *issuer {
	return &issuer{cfg: cfg, client: &http.Client{Timeout: oidcTime}}
}

// verify returns whose token it is.
func (i *issuer) verify(ctx context.Context, raw string) (*credential, error) {
	v, err := i.ready()
	if err != nil {
		return nil, err
	}
	token, err := v.Verify(oidc.ClientContext(ctx, i.client), raw)
	if err != nil {
		return nil, errUnknownKey // What was wrong with it is nobody's to know.
	}
	var claims map[string]any
	if err := token.Claims(&claims); err != nil {
		return nil, errUnknownKey
	}
	who := &credential{Principal: access.Principal{Name: "oidc:" + token.Subject}, until: token.Expiry}
	for _, value := range claimed(claims, i.cfg.RolesClaim) {
		if role, ok := i.cfg.Roles[value]; ok {
			who.Roles = append(who.Roles, role)
		}
	}
	if i.cfg.TenantsClaim != "" {
		if who.Tenants = claimed(claims, i.cfg.TenantsClaim); len(who.Tenants) == 0 {
			who.Roles = nil // No tenant must not come to mean all.
		}
	}
	return who, nil
}

// ready returns the verifier, and asks the provider for its keys' address first
// if it has not yet answered.
func (i *issuer) ready() (*oidc.IDTokenVerifier, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.verifier != nil {
		return i.verifier, nil
	}
	if time.Since(i.failed) < oidcPause {
		return nil, errIssuer
	}
	// The context lives as long as the keys are fetched again, so it is not the request's.
	p, err := oidc.NewProvider(oidc.ClientContext(context.Background(), i.client), i.cfg.Issuer)
	if err != nil {
		i.failed = time.Now()
		return nil, errIssuer.because(err)
	}
	i.verifier = p.Verifier(&oidc.Config{ClientID: i.cfg.Audience})
	return i.verifier, nil
}

// claimed returns the texts of a claim: one, or a list. A claim's own name may
// have dots too.
func claimed(claims map[string]any, path string) []string {
	var at any = claims
	if _, whole := claims[path]; whole {
		at = claims[path]
	} else {
		for name := range strings.SplitSeq(path, ".") {
			object, ok := at.(map[string]any)
			if !ok {
				return nil
			}
			at = object[name]
		}
	}
	switch v := at.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, e := range v {
			if text, ok := e.(string); ok && text != "" {
				all = append(all, text)
			}
		}
		return all
	}
	return nil
}
