package admin

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"maskit/proxy/access"
)

// newKeyOfNobody is a key that opens nothing.
var newKeyOfNobody = access.NewKey(access.Operator)

// unroled is an operator without the permission, "" where every role has it.
func unroled(p access.Permission) string {
	for _, o := range operators {
		if who := (access.Principal{Roles: []access.Role{o.role}}); !who.Has(p) {
			return o.name
		}
	}
	return ""
}

// The table of routes, walked: whoever has no key, a wrong one, or not the role,
// is refused in one shape, is told nothing, and stands in the trail.
func TestEveryRouteIsGuarded(t *testing.T) {
	f := newFixture(t)
	for _, r := range routes() {
		path := strings.NewReplacer("{", "", "}", "").Replace(r.path)
		text := ""
		if r.method != "GET" {
			text = `{"text":"` + plantedMail + `"}`
		}
		if r.permit == nobody {
			continue
		}
		f.api.limiter = access.NewLimiter() // Each route has its own guesser.
		for name, headers := range map[string][]string{
			"no key":           nil,
			"wrong key":        {"Authorization", "Bearer " + newKeyOfNobody},
			"empty key":        {"Authorization", "Bearer "},
			"part of a key":    {"Authorization", "Bearer " + f.keys["admin"][:30]},
			"another scheme":   {"Authorization", "Basic " + f.keys["admin"]},
			"key of a client":  {"Authorization", "Bearer mkc_" + f.keys["admin"][4:]},
			"key in the query": nil,
			"no such session":  {"Cookie", cookieName + "=AAAAAAAAAAAAAAAAAAAAAAAAAA"},
		} {
			query := ""
			if name == "key in the query" {
				query = "?key=" + f.keys["admin"]
			}
			got := f.do(t, "", r.method, path+query, text, headers...)
			got.failed(t, 401, "unauthorized")
			if got.header.Get("WWW-Authenticate") == "" || got.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s %s, %s: headers are missing", r.method, r.path, name)
			}
			if op := f.last(t, "access.refused"); op.Reason != r.id || op.Status != 401 || op.Operator != "" {
				t.Errorf("%s %s, %s: the trail has %+v", r.method, r.path, name, op)
			}
		}
		if who := unroled(r.permit); who != "" && r.permit != anyone {
			f.do(t, who, r.method, path, text).failed(t, 403, "forbidden")
			if op := f.last(t, "access.refused"); op.Operator != who || op.Status != 403 {
				t.Errorf("%s %s: the trail has %+v", r.method, r.path, op)
			}
		}
	}
}

// The permission of each route, once more: a change of it is a change of who may
// see originals.
func TestPermissionsOfRoutes(t *testing.T) {
	var open []string
	for _, r := range routes() {
		switch {
		case r.permit == nobody:
			open = append(open, r.id)
		case r.permit == anyone && !strings.HasSuffix(r.path, "/session"):
			t.Errorf("%s wants no role", r.id)
		case r.method != "GET" && r.permit == access.View && !slices.Contains([]string{"detect", "mask", "try", "presidioAnalyze", "presidioAnonymize"}, r.id):
			t.Errorf("a viewer may %s", r.id)
		}
	}
	if !slices.Equal(open, []string{"signIn", "openapi"}) {
		t.Errorf("open to all: %v", open)
	}
}

// Who is bound to a tenant has no word in another one.
func TestOtherTenants(t *testing.T) {
	f := newFixture(t)
	for path, text := range map[string]string{
		"/api/v1/detect":  `{"text":"a","tenant":"globex"}`,
		"/api/v1/mask":    `{"text":"a","tenant":"default"}`,
		"/api/v1/restore": `{"text":"a","tenant":"globex","reason":"r"}`,
	} {
		f.do(t, "acme-admin", "POST", path, text).failed(t, 403, "forbidden")
		var out any
		f.ok(t, "acme-admin", "POST", path, strings.Replace(strings.Replace(text, "globex", "acme", 1), "default", "acme", 1), &out)
		f.ok(t, "admin", "POST", path, text, &out)
	}
	f.do(t, "acme-admin", "POST", "/api/v1/detect?tenant=globex", `{"text":"a"}`, "Content-Type", linesMedia).failed(t, 403, "forbidden")
	// A name that is misspelt is not taken for none.
	for _, path := range []string{"/api/v1/detect?tennant=globex", "/api/v1/audit?tennant=acme", "/api/v1/kinds?tenant=acme&%zz"} {
		method := map[bool]string{true: "POST", false: "GET"}[strings.Contains(path, "detect")]
		f.do(t, "admin", method, path, `{"text":"a"}`).failed(t, 400, "invalid_request")
	}
	// Without a name it is his own, and what he masks there another tenant does not restore.
	var m maskAnswer
	f.ok(t, "acme-admin", "POST", "/api/v1/mask", body(t, "text", plantedMail), &m)
	var back restoreAnswer
	f.ok(t, "restorer", "POST", "/api/v1/restore", body(t, "text", m.Results[0].Masked, "reason", "r"), &back)
	if back.Unknown != 1 {
		t.Error("the default tenant restores what acme masked")
	}
	f.ok(t, "acme-admin", "POST", "/api/v1/restore", body(t, "text", m.Results[0].Masked, "reason", "r"), &back)
	if back.Text != plantedMail {
		t.Error("acme does not restore what it masked")
	}
}

// Whoever guesses is slowed; who has a right key is not, though he shares the address.
func TestGuessingIsSlowed(t *testing.T) {
	f := newFixture(t)
	var last reply
	for range 7 {
		last = f.do(t, "", "GET", "/api/v1/kinds", "", "Authorization", "Bearer "+newKeyOfNobody)
	}
	last.failed(t, 429, "too_many_attempts")
	if last.header.Get("Retry-After") != "2" {
		t.Errorf("Retry-After: %q", last.header.Get("Retry-After"))
	}
	var out any
	f.ok(t, "viewer", "GET", "/api/v1/kinds", "", &out)
	f.do(t, "", "POST", "/api/v1/session", body(t, "key", newKeyOfNobody)).failed(t, 429, "too_many_attempts")
	f.do(t, "", "GET", "/api/v1/kinds", "").failed(t, 401, "unauthorized") // No key is no guess.
}

func (f *fixture) signIn(t *testing.T, as string) (cookie, csrf string) {
	t.Helper()
	r := f.do(t, "", "POST", "/api/v1/session", body(t, "key", f.keys[as]))
	if r.status != 200 {
		t.Fatal(r.body)
	}
	c, err := http.ParseSetCookie(r.header.Get("Set-Cookie"))
	if err != nil {
		t.Fatal(err)
	}
	if c.Name != "__Host-maskit" || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteStrictMode || c.Path != "/" || c.Domain != "" {
		t.Errorf("the cookie is %s", c)
	}
	_, rest, _ := strings.Cut(r.body, `"csrf":"`)
	csrf, _, _ = strings.Cut(rest, `"`)
	return c.Name + "=" + c.Value, csrf
}

func TestSession(t *testing.T) {
	f := newFixture(t)
	cookie, csrf := f.signIn(t, "editor")
	var who sessionAnswer
	f.ok(t, "", "GET", "/api/v1/session", "", &who, "Cookie", cookie)
	if who.Name != "editor" || !slices.Equal(who.Roles, []string{"editor"}) || !slices.Equal(who.Permissions, []string{"view", "edit"}) ||
		who.CSRF != csrf || who.Tenants == nil || who.Version != "test" {
		t.Errorf("%+v", who)
	}
	text := body(t, "text", "a")
	f.do(t, "", "POST", "/api/v1/detect", text, "Cookie", cookie).failed(t, 403, "csrf")
	f.do(t, "", "POST", "/api/v1/detect", text, "Cookie", cookie, "X-CSRF-Token", csrf[1:]+"A").failed(t, 403, "csrf")
	f.do(t, "", "POST", "/api/v1/detect", text, "Cookie", cookie, "X-CSRF-Token", csrf, "Sec-Fetch-Site", "cross-site").failed(t, 403, "cross_origin")
	f.do(t, "", "POST", "/api/v1/session", body(t, "key", f.keys["editor"]), "Origin", "https://elsewhere.example").failed(t, 403, "cross_origin")
	f.do(t, "", "POST", "/api/v1/restore", text, "Cookie", cookie, "X-CSRF-Token", csrf).failed(t, 403, "forbidden")
	var out any
	f.ok(t, "", "POST", "/api/v1/detect", text, &out, "Cookie", cookie, "X-CSRF-Token", csrf)
	_, other := f.signIn(t, "editor")
	f.do(t, "", "POST", "/api/v1/detect", text, "Cookie", cookie, "X-CSRF-Token", other).failed(t, 403, "csrf")
	f.ok(t, "", "DELETE", "/api/v1/session", "", &out, "Cookie", cookie, "X-CSRF-Token", csrf)
	f.do(t, "", "GET", "/api/v1/session", "", "Cookie", cookie).failed(t, 401, "unauthorized")
}

// An operator who is taken out of the configuration is out, whoever is signed in;
// one whose roles change has the new ones.
func TestSessionFollowsTheConfiguration(t *testing.T) {
	var cfg Config
	f := newFixture(t, func(c *Config, _ *Deps) { cfg = *c })
	cookie, _ := f.signIn(t, "editor")
	cfg.Operators = slices.Clone(cfg.Operators)
	cfg.Operators[1].Roles = []access.Role{access.Viewer}
	if err := f.api.Reload(cfg); err != nil {
		t.Fatal(err)
	}
	var who sessionAnswer
	f.ok(t, "", "GET", "/api/v1/session", "", &who, "Cookie", cookie)
	if !slices.Equal(who.Permissions, []string{"view"}) {
		t.Errorf("%+v", who)
	}
	cfg.Operators = slices.Delete(cfg.Operators, 1, 2)
	if err := f.api.Reload(cfg); err != nil {
		t.Fatal(err)
	}
	f.do(t, "", "GET", "/api/v1/session", "", "Cookie", cookie).failed(t, 401, "unauthorized")
	f.do(t, "editor", "GET", "/api/v1/session", "").failed(t, 401, "unauthorized")
}

// Where nobody is configured there is one key, for this machine only.
func TestFirstKey(t *testing.T) {
	none := func(listen string) func(*Config, *Deps) {
		return func(c *Config, _ *Deps) { c.Operators, c.Listen = nil, listen }
	}
	f := newFixture(t, none("127.0.0.1:0"))
	f.keys["first"] = f.api.FirstKey()
	var who sessionAnswer
	f.ok(t, "first", "GET", "/api/v1/session", "", &who)
	if len(who.Permissions) != 5 {
		t.Errorf("%+v", who)
	}
	g := newFixture(t, none(":0"))
	if g.api.FirstKey() != "" {
		t.Error("a key was made for a listener that others reach")
	}
	g.do(t, "", "GET", "/api/v1/session", "").failed(t, 404, "not_found")
	g.do(t, "", "POST", "/api/v1/session", body(t, "key", f.keys["first"])).failed(t, 404, "not_found")
	if h := newFixture(t); h.api.FirstKey() != "" {
		t.Error("a key was made although there are operators")
	}
}

func TestSecurityHeaders(t *testing.T) {
	f := newFixture(t)
	for _, path := range []string{"/api/v1/kinds", "/api/v1/nothing", "/openapi.json"} {
		h := f.do(t, "viewer", "GET", path, "").header
		for name, want := range map[string]string{
			"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", "Access-Control-Allow-Origin": "",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s: %q, want %q", path, name, got, want)
			}
		}
	}
	if h := f.do(t, "", "OPTIONS", "/api/v1/kinds", "", "Origin", "https://elsewhere.example", "Access-Control-Request-Method", "GET"); h.status != 405 || h.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("another origin is let in: %d", h.status)
	}
}

func TestConfigFaults(t *testing.T) {
	good := Operator{Name: "ann", KeySHA256: access.Hash("k"), Roles: []access.Role{access.Viewer}}
	for want, change := range map[string]func(*Config){
		"tls: cert and key go together":  func(c *Config) { c.TLS.Cert = "a" },
		"operators[0].name":              func(c *Config) { c.Operators[0].Name = "" },
		"operators[0].roles[0]":          func(c *Config) { c.Operators[0].Roles[0] = "root" },
		"operators[0].roles: there is":   func(c *Config) { c.Operators[0].Roles = nil },
		"operators[0].tenants":           func(c *Config) { c.Operators[0].Tenants = []string{""} },
		"operators[0].key_sha256: is a":  func(c *Config) { c.Operators[0].KeySHA256 = newKeyOfNobody },
		"operators[1].name: another":     func(c *Config) { c.Operators = append(c.Operators, c.Operators[0]) },
		"operators[1].key_sha256: anoth": func(c *Config) { c.Operators = append(c.Operators, c.Operators[0]) },
		"oidc.issuer":                    func(c *Config) { c.OIDC.Issuer = "http://idp.example" },
		"oidc.audience":                  func(c *Config) { c.OIDC.Issuer = "https://idp.example" },
		"oidc.roles: say":                func(c *Config) { c.OIDC.Issuer = "https://idp.example" },
		"oidc.roles.ops": func(c *Config) {
			c.OIDC.Issuer, c.OIDC.Roles = "https://idp.example", map[string]access.Role{"ops": "root"}
		},
	} {
		c := DefaultConfig()
		o := good
		o.Roles = slices.Clone(good.Roles)
		c.Operators = []Operator{o}
		change(&c)
		err := c.Validate()
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), newKeyOfNobody) {
			t.Errorf("%s: %v", want, err)
		}
	}
}
