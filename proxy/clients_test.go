package proxy

import (
	"net/http"
	"strings"
	"testing"

	"maskit/detect"
	"maskit/proxy/access"
	"maskit/proxy/mask"
	"maskit/vault"
)

// guarded starts a proxy for clients with keys, and says what the provider got.
func guarded(t *testing.T, upstreams func(map[string]Upstream), acc Access) (r *rig, got *http.Request) {
	t.Helper()
	got = new(http.Request)
	r = newRig(t, func(w http.ResponseWriter, req *http.Request) {
		*got = *req
		echo(w, req)
	})
	cfg := r.proxy.state.Load().cfg
	cfg.Upstreams = map[string]Upstream{
		"openai": {URL: r.upstream.URL}, "anthropic": {URL: r.upstream.URL}, "gemini": {URL: r.upstream.URL}, "azure": {URL: r.upstream.URL},
	}
	if upstreams != nil {
		upstreams(cfg.Upstreams)
	}
	named := func(name string, change func(*mask.Config)) mask.Definition {
		c := mask.DefaultConfig()
		change(&c)
		return mask.Definition{Name: name, Origin: mask.OriginConfig, Config: c}
	}
	redacting := func(with string) func(*mask.Config) {
		return func(c *mask.Config) { c.Actions = map[detect.Kind]string{detect.EmailAddress: with} }
	}
	policies, err := mask.NewPolicies(append(mask.PackDefinitions(),
		named(mask.DefaultPolicy, func(*mask.Config) {}), named("redact", redacting(mask.ActionRedact)),
		named("hash", redacting(mask.ActionHash)), named("block", redacting(mask.ActionBlock)),
	), func(c detect.Config) (detect.Detector, error) { return detect.Compile(c) }, newVault(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.proxy.Reload(cfg, acc, policies); err != nil {
		t.Fatal(err)
	}
	return r, got
}

// key makes a key and its hash.
func key() (key, hash string) {
	key = access.NewKey(access.Client)
	return key, access.Hash(key)
}

// A client's key is taken wherever an SDK can put it, ends at maskit, and the
// configured key of the provider takes its place.
func TestClientKeyTravels(t *testing.T) {
	k, hash := key()
	r, got := guarded(t, func(u map[string]Upstream) {
		for name, up := range u {
			up.Key = "sk-of-the-provider"
			u[name] = up
		}
	}, Access{Clients: []Client{{Name: "app", KeySHA256: hash, Tenant: "acme"}}, RequireClientKey: true})
	for _, c := range []struct{ name, path, header, value, want string }{
		{"own header", chatPath, "X-Maskit-Key", k, "Authorization"},
		{"bearer", chatPath, "Authorization", "Bearer " + k, "Authorization"},
		{"bearer in another case", chatPath, "Authorization", "bearer  " + k, "Authorization"},
		{"x-api-key", "/v1/messages", "X-Api-Key", k, "X-Api-Key"},
		{"api-key", "/azure/openai/deployments/d/chat/completions", "Api-Key", k, "Api-Key"},
		{"x-goog-api-key", "/v1beta/models/g:generateContent", "X-Goog-Api-Key", k, "X-Goog-Api-Key"},
		{"query", "/v1beta/models/g:generateContent?key=" + k, "Accept", "*/*", "X-Goog-Api-Key"},
		{"query of another provider", chatPath + "?a=b&key=" + k, "Accept", "*/*", "Authorization"},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp, answer, err := r.post(c.path, chat(email), c.header, c.value)
			if err != nil || resp.StatusCode != http.StatusOK {
				t.Fatalf("status %d, error %v, %s", resp.StatusCode, err, answer)
			}
			if rec := r.wait(); rec.Client != "app" || rec.Tenant != "acme" || rec.Policy != mask.DefaultPolicy || rec.Version == "" {
				t.Errorf("recorded as client %q, tenant %q, policy %q, version %q", rec.Client, rec.Tenant, rec.Policy, rec.Version)
			}
			if v := strings.TrimPrefix(got.Header.Get(c.want), "Bearer "); v != "sk-of-the-provider" {
				t.Error("the provider did not get its key")
			}
			seen := got.URL.String()
			for _, values := range got.Header {
				seen += strings.Join(values, " ")
			}
			if strings.Contains(seen, "mkc_") {
				t.Error("the provider got the client's key")
			}
		})
	}
}

// A client's key does not go further where there is none of the provider's either.
func TestClientKeyIsNeverForwarded(t *testing.T) {
	k, hash := key()
	r, got := guarded(t, nil, Access{Clients: []Client{{Name: "app", KeySHA256: hash}}})
	if _, _, err := r.post(chatPath, chat("hello"), "Authorization", "Bearer "+k); err != nil {
		t.Fatal(err)
	}
	if got.Header.Get("Authorization") != "" {
		t.Error("something went on in Authorization")
	}
	if _, _, err := r.post(chatPath, chat("hello"), "X-Maskit-Key", k, "Authorization", "Bearer sk-own"); err != nil {
		t.Fatal(err)
	}
	if got.Header.Get("Authorization") != "Bearer sk-own" || got.Header.Get("X-Maskit-Key") != "" {
		t.Error("the provider's key did not go on beside the client's, or that one did")
	}
}

// Where nobody looks for a client's key it does not count, and ends at maskit too.
func TestClientKeyInAnOddPlace(t *testing.T) {
	k, hash := key()
	r, got := guarded(t, nil, Access{Clients: []Client{{Name: "app", KeySHA256: hash}}})
	for _, c := range []struct{ query, header, value string }{
		{"?api_key=" + k, "Accept", "*/*"},
		{"?a=b&key=%6Dkc_" + k[len("mkc_"):], "Accept", "*/*"},
		{"", "Authorization", "Token " + k},
		{"", "Authorization", "Bearer\t" + k},
		{"", "X-Auth-Token", k},
		{"", "Cookie", "session=1; key=" + k},
	} {
		if _, answer, err := r.post(chatPath+c.query, chat("hello"), c.header, c.value); err != nil || got.URL == nil {
			t.Fatalf("%s %s: %v, %s", c.query, c.header, err, answer)
		}
		if v := got.Header.Get(c.header) + got.URL.Query().Encode(); strings.Contains(v, k[len("mkc_"):]) {
			t.Errorf("in %s%.4s the key went on", c.header, c.query)
		}
	}
}

func TestClientHasItsOwnUpstreamKey(t *testing.T) {
	k, hash := key()
	client := Client{Name: "app", KeySHA256: hash}
	client.UpstreamKeys = map[string]vault.Secret{"openai": "sk-of-the-app"}
	r, got := guarded(t, func(u map[string]Upstream) { u["openai"] = Upstream{URL: u["openai"].URL, Key: "sk-of-all"} }, Access{Clients: []Client{client}})
	for header, want := range map[string]string{k: "Bearer sk-of-the-app", "": "Bearer sk-of-all"} {
		if _, _, err := r.post(chatPath, chat("hello"), "X-Maskit-Key", header); err != nil {
			t.Fatal(err)
		}
		if got.Header.Get("Authorization") != want {
			t.Errorf("a key of %d bytes brought another provider's key than its own", len(header))
		}
	}
}

// Who shows no key or a wrong one is refused in the shape of the API that was
// asked, with nothing in it but maskit's own words.
func TestClientKeyRefused(t *testing.T) {
	_, hash := key()
	stranger, _ := key()
	r, _ := guarded(t, nil, Access{Clients: []Client{{Name: "app", KeySHA256: hash}}, RequireClientKey: true})
	for _, c := range []struct{ name, path, header, value, code, shape string }{
		{"none", chatPath, "Accept", "*/*", "client_key_required", `{"error":{"message":`},
		{"a provider's only", chatPath, "Authorization", "Bearer sk-own", "client_key_required", `{"error":{"message":`},
		{"unknown", chatPath, "Authorization", "Bearer " + stranger, "client_key_unknown", `{"error":{"message":`},
		{"unknown, Anthropic", "/v1/messages", "X-Api-Key", stranger, "client_key_unknown", `{"type":"error","error":{`},
		{"no key of maskit", chatPath, "X-Maskit-Key", "secret", "client_key_unknown", `{"error":{"message":`},
		{"unknown path", "/nowhere/x", "X-Maskit-Key", stranger, "client_key_unknown", `{"error":{"message":`},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp, answer, err := r.post(c.path, chat(email), c.header, c.value)
			if err != nil {
				t.Fatal(err)
			}
			if resp.StatusCode != http.StatusUnauthorized || !strings.HasPrefix(answer, c.shape) || !strings.Contains(answer, c.code) {
				t.Errorf("status %d, %s", resp.StatusCode, answer)
			}
			if strings.Contains(answer, c.value) && len(c.value) > 3 {
				t.Error("the refusal quotes the key")
			}
			if rec := r.wait(); rec.Code != c.code || rec.Client != "" {
				t.Errorf("recorded as %q of client %q", rec.Code, rec.Client)
			}
		})
	}
	if r.lastSeen() != "" {
		t.Error("the provider got a request")
	}
}

// Wrong keys are slowed down, right ones from the same address are not.
func TestWrongKeysAreSlowed(t *testing.T) {
	k, hash := key()
	stranger, _ := key()
	r, _ := guarded(t, nil, Access{Clients: []Client{{Name: "app", KeySHA256: hash}}})
	for i := 0; ; i++ {
		resp, answer, err := r.post(chatPath, chat("hello"), "X-Maskit-Key", stranger)
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode == http.StatusTooManyRequests {
			if resp.Header.Get("Retry-After") == "" || code(t, answer) != "client_key_unknown" {
				t.Errorf("the refusal does not say how long to wait: %s", answer)
			}
			break
		}
		if i == 100 {
			t.Fatal("a hundred wrong keys were not slowed down")
		}
	}
	if resp, _, err := r.post(chatPath, chat("hello"), "X-Maskit-Key", k); err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("the right key got status %d, error %v", resp.StatusCode, err)
	}
}

// Two tenants have different tokens for one value, and a tenant that is named in
// a header counts only where the client may name it.
func TestTenantIsTheClients(t *testing.T) {
	a, hashA := key()
	b, hashB := key()
	r, _ := guarded(t, nil, Access{Clients: []Client{
		{Name: "a", KeySHA256: hashA, Tenants: []string{"b"}}, {Name: "b", KeySHA256: hashB},
	}})
	sent := func(headers ...string) string {
		t.Helper()
		resp, answer, err := r.post(chatPath, chat(email), headers...)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("status %d, error %v, %s", resp.StatusCode, err, answer)
		}
		return r.lastSeen()
	}
	ofA, ofB, ofNobody := sent("X-Maskit-Key", a), sent("X-Maskit-Key", b), sent()
	if ofA == ofB || ofA == ofNobody || ofB == ofNobody {
		t.Error("two tenants share a token")
	}
	if sent("X-Maskit-Key", a, "X-Maskit-Tenant", "b") != ofB {
		t.Error("a client that may name a tenant did not get its tokens")
	}
	for _, headers := range [][]string{
		{"X-Maskit-Key", b, "X-Maskit-Tenant", "a"}, {"X-Maskit-Tenant", "a"}, {"X-Maskit-Key", a, "X-Maskit-Tenant", "c"},
	} {
		resp, answer, err := r.post(chatPath, chat(email), headers...)
		if err != nil || resp.StatusCode != http.StatusBadRequest || code(t, answer) != "control_refused" {
			t.Errorf("%v: status %d, error %v", headers[1:], resp.StatusCode, err)
		}
	}
}

// The order is: what the request names, if its client may; the client's; the
// first route's; the default.
func TestPolicySelection(t *testing.T) {
	bound, hashBound := key()
	free, hashFree := key()
	r, _ := guarded(t, nil, Access{
		Clients: []Client{
			{Name: "bound", KeySHA256: hashBound, Policy: "hash", Policies: []string{"redact"}},
			{Name: "free", KeySHA256: hashFree},
		},
		Routes: []PolicyRoute{
			{Model: "small-*", Path: "/v1/embeddings", Policy: "block"},
			{Model: "small-*", Policy: "redact"},
			{Upstream: "azure", Model: "gpt-5", Policy: "redact"},
			{Path: "/v1/messages*", Policy: "hash"},
		},
	})
	body := func(model string) string {
		return `{"model":"` + model + `","input":"` + email + `","messages":[{"role":"user","content":"` + email + `"}]}`
	}
	for _, c := range []struct {
		name, path, model string
		headers           []string
		want              string
	}{
		{"default", chatPath, "large", nil, "default"},
		{"by model", chatPath, "small-1", nil, "redact"},
		{"the first route", "/v1/embeddings", "small-1", nil, "block"},
		{"by upstream, and the model in the path", "/azure/openai/deployments/gpt-5/chat/completions", "x", nil, "redact"},
		{"by path", "/v1/messages", "small", nil, "hash"},
		{"a client without a policy goes by the route", chatPath, "small-1", []string{"X-Maskit-Key", free}, "redact"},
		{"the client's goes before the route's", chatPath, "small-1", []string{"X-Maskit-Key", bound}, "hash"},
		{"the request's goes before the client's", chatPath, "large", []string{"X-Maskit-Key", bound, "X-Maskit-Policy", "redact"}, "redact"},
		{"the client's own by name", chatPath, "large", []string{"X-Maskit-Key", bound, "X-Maskit-Policy", "hash"}, "hash"},
		{"not among the client's", chatPath, "large", []string{"X-Maskit-Key", bound, "X-Maskit-Policy", "standard"}, ""},
		{"unknown", chatPath, "large", []string{"X-Maskit-Key", bound, "X-Maskit-Policy", "none"}, ""},
		{"of no client", chatPath, "large", []string{"X-Maskit-Policy", "redact"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp, answer, err := r.post(c.path, body(c.model), c.headers...)
			if err != nil {
				t.Fatal(err)
			}
			rec := r.wait()
			if rec.Policy != c.want {
				t.Errorf("policy %q, want %q; status %d", rec.Policy, c.want, resp.StatusCode)
			}
			switch c.want {
			case "":
				if resp.StatusCode != http.StatusBadRequest || code(t, answer) != "control_refused" {
					t.Errorf("status %d, %s", resp.StatusCode, answer)
				}
			case "block":
				if resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(answer, "EMAIL_ADDRESS") || strings.Contains(answer, email) {
					t.Errorf("status %d, %s", resp.StatusCode, answer)
				}
			case "redact":
				if !strings.Contains(r.lastSeen(), "[EMAIL]") {
					t.Error("the provider did not get [EMAIL]")
				}
			}
		})
	}
}

// A reload changes clients, routes and policies at once, or nothing.
func TestReloadRefusesUnknownPolicies(t *testing.T) {
	k, hash := key()
	r, _ := guarded(t, nil, Access{Clients: []Client{{Name: "app", KeySHA256: hash, Policy: "redact"}}})
	st := r.proxy.state.Load()
	if err := r.proxy.Reload(st.cfg, Access{Routes: []PolicyRoute{{Path: "*", Policy: "gone"}}}, st.policies); err == nil {
		t.Error("a route to a policy that is not there was taken")
	}
	if _, _, err := r.post(chatPath, chat(email), "X-Maskit-Key", k); err != nil || !strings.Contains(r.lastSeen(), "[EMAIL]") {
		t.Errorf("the last good configuration is not in force: %v", err)
	}
	if err := r.proxy.Reload(st.cfg, Access{}, st.policies); err != nil {
		t.Fatal(err)
	}
	if resp, _, err := r.post(chatPath, chat(email), "X-Maskit-Key", k); err != nil || resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("a key that was taken away got status %d, error %v", resp.StatusCode, err)
	}
}
