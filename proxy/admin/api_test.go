package admin

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/zap"

	"maskit/detect"
	"maskit/proxy/access"
	"maskit/proxy/audit"
	"maskit/proxy/mask"
	"maskit/vault"
)

// The values that tests plant. Where one shows up but in an answer made of
// values, it has leaked.
const (
	plantedMail = "jane.roe@acme-travel.com"
	plantedCard = "4111 1111 1111 1111"
)

// fixture is an admin listener over a real vault and a real policy.
type fixture struct {
	*httptest.Server
	api   *Server
	vault *vault.Vault
	book  *book
	keys  map[string]string // of operators, by name

	mu  sync.Mutex
	ops []*audit.Operation
	// recordFails is what the trail answers.
	recordFails error
}

// book is the program's side of policies and rules.
type book struct {
	vault *vault.Vault
	defs  []mask.Definition
	live  *mask.Policies
}

func newBook(t *testing.T, v *vault.Vault) *book {
	t.Helper()
	base := mask.DefaultConfig()
	base.Model = false // What it finds is not the matter here.
	base.Disable = []detect.Kind{detect.USSSN}
	base.Dictionaries = []detect.Dictionary{{Kind: "PROJECT", Terms: []string{"Falkenauge"}}}
	base.Rules = []detect.CustomRule{{Name: "staff", Kind: "STAFF", Pattern: `\bS-\d{4}\b`}}
	strict := mask.DefaultConfig()
	strict.Model = false
	strict.Actions = map[detect.Kind]string{detect.CreditCard: mask.ActionBlock, detect.EmailAddress: mask.ActionRedact}
	b := &book{vault: v, defs: []mask.Definition{
		{Name: mask.DefaultPolicy, Origin: mask.OriginConfig, Config: base},
		{Name: "strict", Origin: mask.OriginConfig, Config: strict},
	}}
	b.follow(t, &RulesDocument{})
	return b
}

func (b *book) follow(t *testing.T, d *RulesDocument) {
	t.Helper()
	var err error
	if b.live, err = b.build(d); err != nil {
		t.Fatal(err)
	}
}

func (b *book) build(d *RulesDocument) (*mask.Policies, error) {
	compile := func(c detect.Config) (detect.Detector, error) { return detect.Compile(c) }
	p, err := mask.NewPolicies(d.Over(b.defs, ""), compile, b.vault)
	for tenant := range d.Tenants {
		own, failed := mask.NewPolicies(d.Over(b.defs, tenant), compile, b.vault)
		err = errors.Join(err, failed)
		p.ForTenant(tenant, own)
	}
	return p, err
}

func (b *book) Definitions() []mask.Definition { return b.defs }
func (b *book) RulesInForce() (int, string)    { return 0, "" }

func (b *book) Draft(d *RulesDocument) (Live, error) {
	p, err := b.build(d)
	return &book{live: p}, err
}

func (b *book) Masker(policy, tenant string) *mask.Masker {
	if policy == "" {
		policy = mask.DefaultPolicy
	}
	m, err := b.live.Of(tenant).Get(policy)
	if err != nil {
		return nil
	}
	return m
}

func (b *book) Policies() []Policy {
	return []Policy{{Name: "default", Origin: "config", Default: true, Mode: "mask", Kinds: texts(b.Masker("", "").Kinds())}}
}

// operators are those of the tests: a role each, and two that are bound to tenants.
var operators = []struct {
	name    string
	role    access.Role
	tenants []string
}{
	{"viewer", access.Viewer, nil},
	{"editor", access.Editor, nil},
	{"restorer", access.Restorer, nil},
	{"admin", access.Admin, nil},
	{"acme-admin", access.Admin, []string{"acme"}},
}

func newFixture(t *testing.T, change ...func(*Config, *Deps)) *fixture {
	t.Helper()
	f := &fixture{keys: map[string]string{}}
	var err error
	if f.vault, err = vault.Open(t.Context(), vault.DefaultConfig()); err != nil {
		t.Fatal(err)
	}
	f.book = newBook(t, f.vault)
	documents, err := f.vault.Documents()
	if err != nil {
		t.Fatal(err)
	}
	cfg := DefaultConfig()
	for _, o := range operators {
		f.keys[o.name] = access.NewKey(access.Operator)
		cfg.Operators = append(cfg.Operators, Operator{o.name, access.Hash(f.keys[o.name]), []access.Role{o.role}, o.tenants})
	}
	d := Deps{
		Check: f.book.Masker("", "").Check, Metrics: NewMetrics("test"), Log: zap.NewNop(), Live: f.book, Vault: f.vault, Version: "test",
		Record: f.record, Chats: &parrot{}, Rules: f.book, Documents: documents,
	}
	for _, c := range change {
		c(&cfg, &d)
	}
	if err := cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	if f.api, err = New(cfg, d); err != nil {
		t.Fatal(err)
	}
	f.Server = httptest.NewServer(f.api.http.Handler)
	t.Cleanup(func() {
		f.Close()
		if err := f.vault.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

func (f *fixture) record(_ context.Context, op *audit.Operation) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ops = append(f.ops, op)
	return f.recordFails
}

// last is the last record of a type.
func (f *fixture) last(t *testing.T, typ string) *audit.Operation {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, op := range slices.Backward(f.ops) {
		if op.Type == typ {
			return op
		}
	}
	t.Fatalf("no record of type %s", typ)
	return nil
}

// reply is an answer.
type reply struct {
	status int
	header http.Header
	body   string
}

// do asks as an operator ("" for nobody); headers are pairs of a name and a value.
func (f *fixture) do(t *testing.T, as, method, path, body string, headers ...string) reply {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, f.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if as != "" {
		req.Header.Set("Authorization", "Bearer "+f.keys[as])
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	r := reply{resp.StatusCode, resp.Header, string(text)}
	conforms(t, method, path, r)
	return r
}

// ok asks and wants 200; the answer goes into out.
func (f *fixture) ok(t *testing.T, as, method, path, body string, out any, headers ...string) {
	t.Helper()
	r := f.do(t, as, method, path, body, headers...)
	if r.status != http.StatusOK {
		t.Fatalf("%s %s: %d %s", method, path, r.status, r.body)
	}
	if err := json.Unmarshal([]byte(r.body), out); err != nil {
		t.Fatal(err)
	}
}

// body is JSON of the members, given as pairs.
func body(t *testing.T, pairs ...any) string {
	t.Helper()
	m := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i].(string)] = pairs[i+1]
	}
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(m); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// failed wants a refusal in the one shape, with nothing of what was planted.
func (r reply) failed(t *testing.T, status int, code string) {
	t.Helper()
	var f failureBody
	if err := json.Unmarshal([]byte(r.body), &f); err != nil || r.status != status || f.Error.Code != code || f.Error.Message == "" {
		t.Errorf("%d %s; want %d %s", r.status, r.body, status, code)
	}
	for _, planted := range []string{plantedMail, plantedCard, "mko_"} {
		if strings.Contains(r.body, planted) {
			t.Error("the refusal holds what was planted")
		}
	}
}
