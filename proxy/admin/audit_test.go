package admin

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"maskit/proxy/audit"
)

// trail is a fixture whose operations go into a trail.
func trail(t *testing.T) (*fixture, string) {
	t.Helper()
	secret := bytes.Repeat([]byte("k"), 32)
	cfg := audit.DefaultConfig()
	cfg.File = filepath.Join(t.TempDir(), "audit.jsonl")
	tr, err := audit.Open(cfg, secret, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tr.Close(); err != nil {
			t.Error(err)
		}
	})
	return newFixture(t, func(_ *Config, d *Deps) { d.Record, d.Trail = tr.Write, audit.NewReader(cfg, secret) }), cfg.File
}

func TestReadAudit(t *testing.T) {
	f, _ := trail(t)
	for range 3 {
		f.ok(t, "restorer", http.MethodPost, "/api/v1/restore", `{"text":"nothing","reason":"ticket 7"}`, &restoreAnswer{})
	}
	f.ok(t, "acme-admin", http.MethodPost, "/api/v1/restore", `{"text":"nothing","tenant":"acme","reason":"ticket 8"}`, &restoreAnswer{})
	var a auditAnswer
	f.ok(t, "viewer", http.MethodGet, "/api/v1/audit?type=restore&limit=2", "", &a)
	if len(a.Items) != 2 || a.Next == "" || a.Items[0].Reason != "ticket 8" || a.Items[1].Operator != "restorer" {
		t.Fatalf("%+v", a)
	}
	next := a.Next
	a = auditAnswer{}
	f.ok(t, "viewer", http.MethodGet, "/api/v1/audit?type=restore&limit=2&cursor="+next, "", &a)
	if len(a.Items) != 2 || a.Items[1].Reason != "ticket 7" {
		t.Errorf("%+v", a)
	}
	a = auditAnswer{}
	f.ok(t, "acme-admin", http.MethodGet, "/api/v1/audit", "", &a)
	if len(a.Items) != 1 || a.Items[0].Tenant != "acme" {
		t.Errorf("who is bound to acme sees %+v", a)
	}
	for path, want := range map[string]int{
		"/api/v1/audit?from=yesterday":                                    http.StatusBadRequest,
		"/api/v1/audit?limit=0":                                           http.StatusBadRequest,
		"/api/v1/audit?from=2026-01-01T00:00:00Z&to=2126-01-01T00:00:00Z": http.StatusOK,
	} {
		if r := f.do(t, "viewer", http.MethodGet, path, ""); r.status != want {
			t.Errorf("%s: %d", path, r.status)
		}
	}
	if r := f.do(t, "acme-admin", http.MethodGet, "/api/v1/audit?tenant=default", ""); r.status != http.StatusForbidden {
		t.Errorf("another tenant's: %d", r.status)
	}
}

func TestVerifyAudit(t *testing.T) {
	f, file := trail(t)
	f.ok(t, "restorer", http.MethodPost, "/api/v1/restore", `{"text":"nothing","reason":"ticket 7"}`, &restoreAnswer{})
	var a verifyAnswer
	f.ok(t, "viewer", http.MethodGet, "/api/v1/audit/verify", "", &a)
	if !a.OK || a.Records != 2 {
		t.Errorf("%+v", a)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(b, []byte("ticket 7"))
	out, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := out.WriteAt([]byte("ticket 9"), int64(at)); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	a = verifyAnswer{}
	f.ok(t, "viewer", http.MethodGet, "/api/v1/audit/verify", "", &a)
	if a.OK || len(a.Faults) != 1 || a.Faults[0].Record != 2 || !strings.Contains(a.Faults[0].What, "changed") {
		t.Errorf("%+v", a)
	}
	if r := f.do(t, "acme-admin", http.MethodGet, "/api/v1/audit/verify", ""); r.status != http.StatusForbidden {
		t.Errorf("who is bound to a tenant: %d", r.status)
	}
}

func TestNoTrail(t *testing.T) {
	f := newFixture(t)
	for _, path := range []string{"/api/v1/audit", "/api/v1/audit/verify"} {
		if r := f.do(t, "viewer", http.MethodGet, path, ""); r.status != http.StatusNotFound || !strings.Contains(r.body, "audit.file") {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
}
