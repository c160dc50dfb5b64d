package admin

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"maskit/detect"
)

const badges = `{"rules":[{"name":"badge","kind":"BADGE","pattern":"\\bB-\\d{4}\\b","context":["badge"]}]}`

func (f *fixture) put(t *testing.T, version int, document string) reply {
	t.Helper()
	return f.do(t, "editor", "PUT", "/api/v1/rules", `{"reason":"as `+plantedMail+` asked","document":`+document+`}`, "If-Match", fmt.Sprint(version))
}

func TestRulesAreReplaced(t *testing.T) {
	f := newFixture(t)
	var a rulesAnswer
	f.ok(t, "viewer", "GET", "/api/v1/rules?builtin=1", "", &a)
	if a.Version != 0 || len(a.BuiltIn) < 50 || a.Conflicts == nil || a.Warnings == nil {
		t.Errorf("%d built in, version %d", len(a.BuiltIn), a.Version)
	}
	if r := f.put(t, 0, badges); r.status != 200 || r.header.Get("ETag") != `"1"` {
		t.Fatalf("%d %s", r.status, r.body)
	}
	f.ok(t, "viewer", "GET", "/api/v1/rules?builtin=1", "", &a)
	if cost := a.Costs["badge"]; cost <= 0 || cost > detect.MaxCost {
		t.Errorf("the rule badge costs %v", cost)
	}
	if op := f.last(t, "rules.change"); op.Operator != "editor" || op.Version != 1 || op.Reason != "as [EMAIL_ADDRESS] asked" {
		t.Errorf("%+v", op)
	}
	f.put(t, 0, badges).failed(t, 412, "version_changed")
	f.do(t, "editor", "PUT", "/api/v1/rules", `{"reason":"r","document":{}}`).failed(t, 428, "version_required")
	if r := f.put(t, 1, `{"dictionaries":[{"kind":"HERB","terms":["basil"]}],"enable":["US_SSN"]}`); r.status != 200 || !strings.Contains(r.body, "the file disables US_SSN in policy default") {
		t.Errorf("%d %s", r.status, r.body)
	}

	var versions versionsAnswer
	f.ok(t, "viewer", "GET", "/api/v1/rules/versions?limit=1", "", &versions)
	if len(versions.Items) != 1 || versions.Items[0].Version != 2 || versions.Items[0].Who != "editor" || versions.Next != "2" {
		t.Errorf("%+v", versions)
	}
	f.ok(t, "viewer", "GET", "/api/v1/rules/versions?cursor="+versions.Next, "", &versions)
	if len(versions.Items) != 1 || versions.Items[0].Version != 1 || versions.Next != "" {
		t.Errorf("%+v", versions)
	}
	var v versionAnswer
	f.ok(t, "viewer", "GET", "/api/v1/rules/versions/1", "", &v)
	if v.Version != 1 || v.Why != "as [EMAIL_ADDRESS] asked" || len(v.Document.Rules) != 1 {
		t.Errorf("%+v", v)
	}
	f.ok(t, "editor", "POST", "/api/v1/rules/rollback", `{"version":1,"reason":"no herbs"}`, &a)
	if a.Version != 3 || len(a.Document.Rules) != 1 || len(a.Document.Dictionaries) != 0 || f.last(t, "rules.rollback").Version != 3 {
		t.Errorf("%+v", a)
	}
	f.do(t, "viewer", "GET", "/api/v1/rules/versions/9", "").failed(t, 404, "not_found")
	f.do(t, "editor", "POST", "/api/v1/rules/rollback", `{"version":9,"reason":"r"}`).failed(t, 404, "not_found")
	f.do(t, "viewer", "GET", "/api/v1/rules/versions?limit=0", "").failed(t, 400, "invalid_request")
	f.do(t, "acme-admin", "GET", "/api/v1/rules", "").failed(t, 403, "forbidden")
	f.do(t, "acme-admin", "POST", "/api/v1/rules/rollback", `{"version":1,"reason":"r"}`).failed(t, 403, "forbidden")
}

// Each mistake is refused with its place and its reason, and changes nothing.
func TestWrongRulesAreRefused(t *testing.T) {
	f := newFixture(t)
	for want, document := range map[string]string{
		"rules[0].pattern: matches a text of no length":       `{"rules":[{"name":"a","kind":"BADGE","pattern":"x*"}]}`,
		"rules[1].pattern: is too slow":                       `{"rules":[{"name":"a","kind":"BADGE","pattern":"B-1"},{"name":"b","kind":"BADGE","pattern":"[^,]{5,900},"}]}`,
		`rules[0].validator: unknown validator`:               `{"rules":[{"name":"a","kind":"BADGE","pattern":"B-1","validator":"moon"}]}`,
		"rules[0].pattern: missing closing )":                 `{"rules":[{"name":"a","kind":"BADGE","pattern":"("}]}`,
		`rules[0].name: the configuration has a rule called`:  `{"rules":[{"name":"staff","kind":"BADGE","pattern":"B-1"}]}`,
		"policies.lax: no policy is called so":                `{"policies":{"lax":{"allow":["abc"]}}}`,
		"policies.strict.enable[0]: unknown kind":             `{"policies":{"strict":{"enable":["BADGE"]}}}`,
		"tenants: a name is empty":                            `{"tenants":{"":{"allow":["abc"]}}}`,
		"tenants.acme.deny[0].values[0]: is 1 bytes long":     `{"tenants":{"acme":{"deny":[{"kind":"BADGE","values":["x"]}]}}}`,
		"dictionaries[0].kind":                                `{"dictionaries":[{"kind":"x","terms":["abc"]}]}`,
		"enable[0]: US_SSN is also disabled":                  `{"enable":["US_SSN"],"disable":["US_SSN"]}`,
		"allow_by_kind[0].kind: unknown kind":                 `{"allow_by_kind":[{"kind":"BADGE","values":["abc"]}]}`,
		"rules[1].name: rules[0] is called":                   `{"rules":[{"name":"a","kind":"BADGE","pattern":"B-1"},{"name":"a","kind":"BADGE","pattern":"B-2"}]}`,
		"with policy default: rules[2].name: rules[1] is cal": `{"rules":[{"name":"a","kind":"BADGE","pattern":"B-1"}],"policies":{"default":{"rules":[{"name":"a","kind":"BADGE","pattern":"B-2"}]}}}`,
	} {
		r := f.put(t, 0, document)
		r.failed(t, 422, "unprocessable")
		if !strings.Contains(r.body, strings.ReplaceAll(want, `"`, `\"`)) || !strings.Contains(r.body, `"field":"document"`) {
			t.Errorf("%s: %s", want, r.body)
		}
	}
	f.put(t, 0, `{"dictionaries":[{"kind":"HERB","terms":["basil"],"file":"/etc/passwd"}]}`).failed(t, 400, "invalid_request")
	f.put(t, 0, `{"disallow":["`+plantedMail+`"]}`).failed(t, 400, "invalid_request")
	f.do(t, "editor", "PUT", "/api/v1/rules", `{"document":{}}`, "If-Match", "0").failed(t, 400, "invalid_request")
	f.recordFails = errors.New("disk full")
	f.put(t, 0, badges).failed(t, 503, "audit_unavailable")
	var a rulesAnswer
	f.ok(t, "viewer", "GET", "/api/v1/rules", "", &a)
	if a.Version != 0 {
		t.Errorf("version %d was made of what was refused", a.Version)
	}
}

// A kind may be named by a part of the document and defined in another, or in the file.
func TestPartsKnowEachOther(t *testing.T) {
	f := newFixture(t)
	document := `{"dictionaries":[{"kind":"HERB","terms":["basil"]}],
		"allow_by_kind":[{"kind":"PROJECT","values":["abc"]},{"kind":"STAFF","values":["S-0000"]}],
		"policies":{"default":{"disable":["HERB"]}},
		"tenants":{"acme":{"allow_by_kind":[{"kind":"HERB","values":["basil"]}]}}}`
	// Only the default policy has PROJECT and STAFF, so the rest is refused.
	if r := f.put(t, 0, document); r.status != 422 || !strings.Contains(r.body, `unknown kind \"PROJECT\"`) {
		t.Errorf("%d %s", r.status, r.body)
	}
	document = strings.Replace(document, `"policies":{"default":{`, `"policies":{"default":{"allow_by_kind":[{"kind":"PROJECT","values":["abc"]},{"kind":"STAFF","values":["S-0000"]}],`, 1)
	document = strings.Replace(document, `"allow_by_kind":[{"kind":"PROJECT","values":["abc"]},{"kind":"STAFF","values":["S-0000"]}],`+"\n", "", 1)
	if r := f.put(t, 0, document); r.status != 200 {
		t.Errorf("%d %s", r.status, r.body)
	}
}

func TestRulesAreTested(t *testing.T) {
	f := newFixture(t)
	var a testRulesAnswer
	f.ok(t, "editor", "POST", "/api/v1/rules/test", `{"text":"badge B-7741, Falkenauge, `+plantedMail+`","document":{
		"rules":[{"name":"badge","kind":"BADGE","pattern":"B-\\d+"}],"allow":["falkenauge"]}}`, &a)
	names := func(spans []spanAnswer) (kinds []string) {
		for _, sp := range spans {
			kinds = append(kinds, sp.Kind)
		}
		return kinds
	}
	r := a.Results[0]
	if !slices.Equal(names(r.Spans), []string{"BADGE", "EMAIL_ADDRESS"}) || !slices.Equal(names(r.Added), []string{"BADGE"}) || !slices.Equal(names(r.Removed), []string{"PROJECT"}) {
		t.Errorf("%+v", r)
	}
	f.ok(t, "editor", "POST", "/api/v1/rules/test", `{"texts":["Falkenauge"]}`, &a)
	if r := a.Results[0]; len(r.Spans) != 1 || len(r.Added)+len(r.Removed) != 0 {
		t.Errorf("%+v", r)
	}
	f.do(t, "editor", "POST", "/api/v1/rules/test", `{"text":"a","document":{"rules":[{"name":"a","kind":"BADGE","pattern":"x*"}]}}`).failed(t, 422, "unprocessable")
}

// Rules of a policy hold in it, and those of a tenant for it.
func TestRulesOfPoliciesAndTenants(t *testing.T) {
	f := newFixture(t)
	document, err := ParseRules([]byte(`{"dictionaries":[{"kind":"HERB","terms":["basil"]}],
		"policies":{"strict":{"dictionaries":[{"kind":"TREE","terms":["linden"]}]}},
		"tenants":{"acme":{"dictionaries":[{"kind":"STONE","terms":["onyx"]}]}}}`))
	if err != nil {
		t.Fatal(err)
	}
	if err := document.Check(f.book.defs); err != nil {
		t.Fatal(err)
	}
	f.book.follow(t, document)
	for where, want := range map[[2]string]string{
		{"default", "default"}: "HERB", {"strict", "default"}: "HERB TREE",
		{"default", "acme"}: "HERB STONE", {"strict", "acme"}: "HERB TREE STONE",
	} {
		var a detectAnswer
		f.ok(t, "viewer", "POST", "/api/v1/detect", body(t, "text", "basil, linden, onyx", "policy", where[0], "tenant", where[1]), &a)
		var got []string
		for _, sp := range a.Results[0].Spans {
			got = append(got, sp.Kind)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%v: %v, want %s", where, got, want)
		}
	}
	if f.book.defs[0].Config.Dictionaries[0].Kind != "PROJECT" || len(f.book.defs[0].Config.Dictionaries) != 1 {
		t.Error("the configuration was changed")
	}
}
