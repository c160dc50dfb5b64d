package admin

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"maskit/proxy/access"
)

// provider is an OpenID Connect provider: its discovery document, its keys, and
// the tokens that it signs.
type provider struct {
	*httptest.Server
	key  *rsa.PrivateKey
	down atomic.Bool
	asks atomic.Int64
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{key: key}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		p.asks.Add(1)
		if p.down.Load() {
			http.Error(w, "down", http.StatusBadGateway)
			return
		}
		fmt.Fprintf(w, `{"issuer":%q,"jwks_uri":%q,"id_token_signing_alg_values_supported":["RS256"]}`, p.URL, p.URL+"/keys")
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"keys":[{"kty":"RSA","alg":"RS256","use":"sig","kid":"1","n":%q,"e":%q}]}`,
			encoded(key.N.Bytes()), encoded(big.NewInt(int64(key.E)).Bytes()))
	})
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func encoded(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// token signs claims, over those that make a token good.
func (p *provider) token(t *testing.T, claims map[string]any) string {
	t.Helper()
	all := map[string]any{"iss": p.URL, "aud": "maskit", "sub": "u-17", "exp": time.Now().Add(time.Hour).Unix(), "groups": []string{"support"}}
	maps.Copy(all, claims)
	payload, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	signed := encoded([]byte(`{"alg":"RS256","kid":"1"}`)) + "." + encoded(payload)
	sum := sha256.Sum256([]byte(signed))
	sig, err := rsa.SignPKCS1v15(rand.Reader, p.key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return signed + "." + encoded(sig)
}

func (p *provider) config(claim string) func(*Config, *Deps) {
	return func(c *Config, _ *Deps) {
		c.OIDC = OIDC{
			Issuer: p.URL, Audience: "maskit", RolesClaim: claim,
			Roles: map[string]access.Role{"support": access.Restorer, "platform": access.Admin},
		}
	}
}

func TestOIDC(t *testing.T) {
	p := newProvider(t)
	f := newFixture(t, p.config("groups"))
	show := func(claims map[string]any) (who sessionAnswer) {
		f.ok(t, "", "GET", "/api/v1/session", "", &who, "Authorization", "Bearer "+p.token(t, claims))
		return who
	}
	if who := show(nil); who.Name != "oidc:u-17" || !slices.Equal(who.Roles, []string{"restorer"}) {
		t.Errorf("%+v", who)
	}
	if who := show(map[string]any{"groups": "platform"}); !slices.Equal(who.Roles, []string{"admin"}) {
		t.Errorf("%+v", who)
	}
	if who := show(map[string]any{"groups": []any{"platform", 7, "support", ""}, "aud": []string{"other", "maskit"}}); len(who.Roles) != 2 {
		t.Errorf("%+v", who)
	}
	for name, groups := range map[string]any{"another group": []string{"kitchen"}, "none": nil, "an object": map[string]any{"a": 1}} {
		if who := show(map[string]any{"groups": groups}); len(who.Permissions) != 0 {
			t.Errorf("%s: %+v", name, who)
		}
		f.do(t, "", "GET", "/api/v1/kinds", "", "Authorization", "Bearer "+p.token(t, map[string]any{"groups": groups})).failed(t, 403, "forbidden")
	}
}

func TestWrongTokens(t *testing.T) {
	p, stranger := newProvider(t), newProvider(t)
	f := newFixture(t, p.config("groups"))
	good := p.token(t, nil)
	header, rest, _ := strings.Cut(good, ".")
	payload, sig, _ := strings.Cut(rest, ".")
	forged := encoded([]byte(strings.Replace(mustDecode(t, payload), "support", "platform", 1)))
	for name, token := range map[string]string{
		"expired":            p.token(t, map[string]any{"exp": time.Now().Add(-time.Minute).Unix()}),
		"not yet":            p.token(t, map[string]any{"nbf": time.Now().Add(time.Hour).Unix()}),
		"for somebody else":  p.token(t, map[string]any{"aud": "billing"}),
		"another issuer":     p.token(t, map[string]any{"iss": stranger.URL}),
		"a stranger's":       stranger.token(t, map[string]any{"iss": p.URL}),
		"altered":            header + "." + forged + "." + sig,
		"not signed":         encoded([]byte(`{"alg":"none"}`)) + "." + payload + ".",
		"signed by a secret": encoded([]byte(`{"alg":"HS256"}`)) + "." + payload + "." + sig,
		"nothing":            "..",
	} {
		f.api.limiter = access.NewLimiter()
		f.do(t, "", "GET", "/api/v1/session", "", "Authorization", "Bearer "+token).failed(t, 401, "unauthorized")
		if t.Failed() {
			t.Fatal(name)
		}
	}
	var who sessionAnswer
	f.ok(t, "", "GET", "/api/v1/session", "", &who, "Authorization", "Bearer "+good)
}

func mustDecode(t *testing.T, text string) string {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// Claims may lie in objects, and tenants in a claim of their own, without which
// nothing opens.
func TestOIDCClaims(t *testing.T) {
	p := newProvider(t)
	f := newFixture(t, p.config("realm_access.roles"), func(c *Config, _ *Deps) { c.OIDC.TenantsClaim = "https://maskit.example/tenants" })
	claims := map[string]any{"realm_access": map[string]any{"roles": []string{"platform"}}}
	f.do(t, "", "GET", "/api/v1/kinds", "", "Authorization", "Bearer "+p.token(t, claims)).failed(t, 403, "forbidden")
	claims["https://maskit.example/tenants"] = []string{"acme"}
	var who sessionAnswer
	f.ok(t, "", "GET", "/api/v1/session", "", &who, "Authorization", "Bearer "+p.token(t, claims))
	if !slices.Equal(who.Tenants, []string{"acme"}) || len(who.Permissions) != 5 {
		t.Errorf("%+v", who)
	}
}

// While the provider is away a token can be neither believed nor called wrong, and
// the provider is not asked for every one.
func TestOIDCProviderIsAway(t *testing.T) {
	p := newProvider(t)
	p.down.Store(true)
	f := newFixture(t, p.config("groups"))
	for range 10 {
		f.do(t, "", "GET", "/api/v1/session", "", "Authorization", "Bearer "+p.token(t, nil)).failed(t, 503, "oidc_unavailable")
	}
	if n := p.asks.Load(); n != 1 {
		t.Errorf("it was asked %d times", n)
	}
	var who sessionAnswer
	f.ok(t, "viewer", "GET", "/api/v1/session", "", &who)
}

// A session that began with a token ends with it.
func TestOIDCSessionEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &guard{oidc: &issuer{}}
		var ss sessions
		cookie, s := ss.begin(&credential{Principal: access.Principal{Name: "oidc:u"}, until: time.Now().Add(time.Minute)})
		r := httptest.NewRequest("GET", "/", nil)
		r.AddCookie(cookie)
		if got, _ := ss.find(r, g); got != s {
			t.Fatal("there is no session")
		}
		time.Sleep(time.Minute + time.Second)
		if got, _ := ss.find(r, g); got != nil {
			t.Error("the session outlives its token")
		}
	})
}

func TestSessionsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &guard{operators: []Operator{{Name: "a", KeySHA256: "h"}}}
		var ss sessions
		requests := make([]*http.Request, maxSessions+1)
		for i := range requests {
			cookie, _ := ss.begin(&credential{key: "h"})
			requests[i] = httptest.NewRequest("GET", "/", nil)
			requests[i].AddCookie(cookie)
			time.Sleep(time.Millisecond)
		}
		if first, _ := ss.find(requests[0], g); first != nil || len(ss.byID) != maxSessions {
			t.Errorf("%d sessions are kept", len(ss.byID))
		}
		time.Sleep(sessionTime)
		if last, _ := ss.find(requests[maxSessions], g); last != nil {
			t.Error("a session does not end")
		}
	})
}
