package admin

import (
	"encoding/base64"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"

	"maskit/proxy/access"
)

// masked masks a text and returns its token.
func (f *fixture) masked(t *testing.T, text, session, tenant string) string {
	t.Helper()
	var m maskAnswer
	f.ok(t, "viewer", "POST", "/api/v1/mask", body(t, "text", text, "session", session, "tenant", tenant), &m)
	return m.Results[0].Spans[0].Token
}

// restores says whether a restorer gets the value of a token.
func (f *fixture) restores(t *testing.T, token, session, tenant string) bool {
	t.Helper()
	var back restoreAnswer
	f.ok(t, "restorer", "POST", "/api/v1/restore", body(t, "text", token, "session", session, "tenant", tenant, "reason", "r"), &back)
	return back.Restored == 1
}

func TestErase(t *testing.T) {
	f := newFixture(t)
	for name, c := range map[string]struct {
		path, typ string
	}{
		"token":        {"tokens/TOKEN", "erase.token"},
		"conversation": {"conversations/" + url.PathEscape("s/1 ü"), "erase.conversation"},
		"tenant":       {"tenants/acme", "erase.tenant"},
	} {
		token := f.masked(t, plantedMail, "s/1 ü", "acme")
		other := f.masked(t, plantedMail, "s/1 ü", "globex")
		if !f.restores(t, token, "", "acme") {
			t.Fatalf("%s: there is nothing to erase", name)
		}
		path := "/api/v1/vault/" + strings.Replace(c.path, "TOKEN", token, 1)
		if name != "tenant" {
			path += "?tenant=acme"
		}
		var a erasedAnswer
		f.ok(t, "acme-admin", "DELETE", path, "", &a, "X-Reason", "asked by "+plantedMail)
		if a.Values != 1 && name != "tenant" || f.restores(t, token, "", "acme") || f.restores(t, token, "s/1 ü", "acme") {
			t.Errorf("%s: %d values were erased", name, a.Values)
		}
		if !f.restores(t, other, "", "globex") {
			t.Errorf("%s: another tenant's value is gone", name)
		}
		op := f.last(t, c.typ)
		if op.Tenant != "acme" || op.Operator != "acme-admin" || op.Reason != "asked by [EMAIL_ADDRESS]" ||
			name == "token" && !slices.Equal(op.Tokens, []string{token}) || name == "conversation" && op.Session != "s/1 ü" {
			t.Errorf("%s: %+v", name, op)
		}
	}
}

func TestEraseIsRefused(t *testing.T) {
	f := newFixture(t)
	token := f.masked(t, plantedMail, "", "")
	for _, path := range []string{"tokens/" + token, "conversations/s1", "tenants/globex"} {
		path = "/api/v1/vault/" + path
		f.do(t, "admin", "DELETE", path, "").failed(t, 400, "invalid_request")
		if !strings.Contains(path, "tenants") {
			f.do(t, "admin", "DELETE", path+"?tenat=acme", "", "X-Reason", "r").failed(t, 400, "invalid_request")
			path += "?tenant=globex"
		}
		f.do(t, "acme-admin", "DELETE", path, "", "X-Reason", "r").failed(t, 403, "forbidden")
	}
	f.do(t, "admin", "DELETE", "/api/v1/vault/tokens/"+plantedMail, "", "X-Reason", "r").failed(t, 400, "invalid_request")
	f.recordFails = errors.New("disk full")
	f.do(t, "admin", "DELETE", "/api/v1/vault/tokens/"+token, "", "X-Reason", "r").failed(t, 503, "audit_unavailable")
	f.recordFails = nil
	if !f.restores(t, token, "", "") {
		t.Error("what the trail did not take was done")
	}
}

// Behind a passcode nobody restores without it; wrong ones are counted and slowed,
// and each is in the trail.
func TestPasscode(t *testing.T) {
	f := newFixture(t)
	token := f.masked(t, plantedMail, "s1", "")
	const code, other = "correct horse", "battery staple"
	put := func(pairs ...any) reply {
		return f.do(t, "admin", "PUT", "/api/v1/vault/passcode", body(t, append(pairs, "session", "s1", "reason", "r")...))
	}
	try := func(code string) reply {
		return f.do(t, "restorer", "POST", "/api/v1/restore", body(t, "text", token, "session", "s1", "reason", "r", "passcode", code))
	}
	put("passcode", "short").failed(t, 400, "invalid_request")
	put("passcode", code, "current", other).failed(t, 409, "no_passcode")
	if r := put("passcode", code); r.status != 200 {
		t.Fatal(r.body)
	}
	put("passcode", other).failed(t, 409, "passcode_set")
	put("passcode", other, "current", "not the one").failed(t, 403, "passcode_wrong")
	try("").failed(t, 403, "passcode_required")
	try(other).failed(t, 403, "passcode_wrong")
	if op := f.last(t, "restore"); op.Status != 403 || op.Code != "passcode_wrong" || len(op.Tokens) != 0 {
		t.Errorf("%+v", op)
	}
	if r := try(code); r.status != 200 || !strings.Contains(r.body, plantedMail) {
		t.Errorf("%d with the right one", r.status)
	}
	if f.restores(t, token, "", "") {
		t.Error("it is restored without naming the conversation")
	}
	if r := put("passcode", other, "current", code); r.status != 200 {
		t.Fatal(r.body)
	}
	var last reply
	for range 50 { // Each lasts longer than the one before, so a slow machine comes to one too.
		if last = try(code); last.status == 429 {
			break
		}
	}
	last.failed(t, 429, "passcode_locked")
	if last.header.Get("Retry-After") == "" {
		t.Error("it is not said until when")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, op := range f.ops {
		if strings.Contains(op.Reason, code) || strings.Contains(op.Reason, other) {
			t.Error("the trail holds a passcode")
		}
	}
}

// Only an admin erases or locks.
func TestErasingWantsItsPermission(t *testing.T) {
	for _, r := range routes() {
		if strings.HasPrefix(r.path, "/api/v1/vault/") && r.permit != access.Erase && r.permit != access.Export {
			t.Errorf("%s wants %s", r.id, r.permit)
		}
	}
}

// What is exported is for its recipient only, and comes back where it is imported.
func TestExportAndImport(t *testing.T) {
	f := newFixture(t)
	token := f.masked(t, plantedMail, "s1", "acme")
	const code = "correct horse"
	holder, err := age.GenerateX25519Identity() // Passphrases of age take a second each.
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	to, own := holder.Recipient().String(), holder.String()
	export := func(as string, pairs ...any) reply {
		return f.do(t, as, "POST", "/api/v1/vault/export", body(t, append(pairs, "session", "s1", "tenant", "acme")...))
	}
	r := export("acme-admin", "recipient", to, "reason", "move")
	if r.status != 200 || !strings.HasPrefix(r.body, "age-encryption.org/v1") || strings.Contains(r.body, "jane") {
		t.Fatalf("%d, %d bytes", r.status, len(r.body))
	}
	if op := f.last(t, "export"); op.Tenant != "acme" || op.Session != "s1" || op.Reason != "move" {
		t.Errorf("%+v", op)
	}
	export("admin", "recipient", to).failed(t, 400, "invalid_request")
	export("admin", "passphrase", "short", "reason", "r").failed(t, 400, "invalid_request")
	export("admin", "recipient", "age1nobody", "reason", "r").failed(t, 400, "invalid_request")
	export("restorer", "recipient", to, "reason", "r").failed(t, 403, "forbidden")

	file := base64.StdEncoding.EncodeToString([]byte(r.body))
	imported := func(pairs ...any) reply {
		return f.do(t, "admin", "POST", "/api/v1/vault/import", body(t, append(pairs, "tenant", "globex", "reason", "r")...))
	}
	imported("file", file, "identity", stranger.String()).failed(t, 422, "unprocessable")
	imported("file", "?", "identity", own).failed(t, 400, "invalid_request")
	imported("file", file).failed(t, 400, "invalid_request")
	if f.restores(t, token, "s1", "globex") {
		t.Fatal("it is restored before it was imported")
	}
	if r := imported("file", file, "identity", own); r.status != 200 || !strings.Contains(r.body, `"conversation":"s1","values":1,"taken":0`) {
		t.Errorf("%d %s", r.status, r.body)
	}
	if !f.restores(t, token, "s1", "globex") {
		t.Error("what was imported is not restored")
	}
	if r := f.do(t, "admin", "PUT", "/api/v1/vault/passcode", body(t, "tenant", "acme", "session", "s1", "passcode", code, "reason", "r")); r.status != 200 {
		t.Fatal(r.body)
	}
	export("acme-admin", "recipient", to, "reason", "r").failed(t, 403, "passcode_required")
	if r := export("acme-admin", "recipient", to, "passcode", code, "reason", "r"); r.status != 200 {
		t.Errorf("%d with the passcode", r.status)
	}
}
