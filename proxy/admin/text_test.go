package admin

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

func TestDetect(t *testing.T) {
	f := newFixture(t)
	var a detectAnswer
	f.ok(t, "viewer", "POST", "/api/v1/detect", body(t, "text", "mail "+plantedMail+" now"), &a)
	if len(a.Results) != 1 || len(a.Results[0].Spans) != 1 {
		t.Fatalf("%+v", a)
	}
	if sp := a.Results[0].Spans[0]; sp.Start != 5 || sp.End != 5+len(plantedMail) || sp.Kind != "EMAIL_ADDRESS" || sp.Rule != "email" || sp.Score != 1 {
		t.Errorf("%+v", sp)
	}
	f.ok(t, "viewer", "POST", "/api/v1/detect", body(t, "texts", []string{"", "nothing here", plantedCard}), &a)
	if len(a.Results) != 3 || a.Results[0].Spans == nil || len(a.Results[1].Spans) != 0 || len(a.Results[2].Spans) != 1 {
		t.Errorf("%+v", a)
	}
}

func TestTextsAreRefused(t *testing.T) {
	f := newFixture(t)
	for name, c := range map[string]struct {
		path, body string
		status     int
		field      string
	}{
		"neither":              {"/api/v1/detect", `{}`, 400, `"field":"text"`},
		"both":                 {"/api/v1/detect", `{"text":"a","texts":["b"]}`, 400, `"field":"text"`},
		"member not known":     {"/api/v1/detect", `{"text":"a","` + plantedMail + `":1}`, 400, "it knows text, texts, policy, tenant, offsets"},
		"wrong type":           {"/api/v1/detect", `{"text":{"a":1}}`, 400, "a string"},
		"no JSON":              {"/api/v1/detect", plantedMail, 400, "not acceptable JSON"},
		"two values":           {"/api/v1/detect", `{"text":"a"} {"text":"b"}`, 400, "something follows"},
		"not UTF-8":            {"/api/v1/detect", "{\"text\":\"a\xff\"}", 400, "UTF-8"},
		"unit":                 {"/api/v1/detect", `{"text":"a","offsets":"words"}`, 400, `"field":"offsets"`},
		"policy":               {"/api/v1/detect", `{"text":"a","policy":"lax"}`, 422, `"field":"policy"`},
		"large":                {"/api/v1/detect", `{"text":"` + strings.Repeat("a", textBody) + `"}`, 413, ""},
		"fixes of many":        {"/api/v1/mask", `{"texts":["a"],"mask":[{"start":0,"end":1,"kind":"PROJECT"}]}`, 400, ""},
		"fix beyond":           {"/api/v1/mask", `{"text":"a","mask":[{"start":0,"end":2,"kind":"PROJECT"}]}`, 400, `"field":"mask"`},
		"fix empty":            {"/api/v1/mask", `{"text":"a","release":[{"start":1,"end":1}]}`, 400, `"field":"release"`},
		"fix before":           {"/api/v1/mask", `{"text":"a","release":[{"start":-1,"end":1}]}`, 400, `"field":"release"`},
		"fix in a character":   {"/api/v1/mask", `{"text":"😀a","offsets":"utf16","mask":[{"start":1,"end":2,"kind":"PROJECT"}]}`, 400, `"field":"mask"`},
		"fix of unknown kind":  {"/api/v1/mask", `{"text":"abcd","mask":[{"start":0,"end":2,"kind":"PROJEKT"}]}`, 400, `"field":"mask"`},
		"nothing to say why":   {"/api/v1/restore", `{"text":"a","reason":" "}`, 400, `"field":"reason"`},
		"too much to say":      {"/api/v1/restore", `{"text":"a","reason":"` + strings.Repeat("a", maxReason+1) + `"}`, 400, `"field":"reason"`},
		"too many texts":       {"/api/v1/detect", `{"texts":[` + strings.Repeat(`"",`, maxTexts) + `""]}`, 400, `"field":"texts"`},
		"a name for a session": {"/api/v1/detect", `{"text":"a","session":"s"}`, 400, "it knows"},
	} {
		r := f.do(t, "admin", "POST", c.path, c.body)
		code := map[int]string{400: "invalid_request", 413: "body_too_large", 422: "unprocessable"}[c.status]
		r.failed(t, c.status, code)
		if !strings.Contains(r.body, c.field) {
			t.Errorf("%s: %s does not say %s", name, r.body, c.field)
		}
	}
	f.do(t, "admin", "POST", "/api/v1/detect", `{"text":"a"}`, "Content-Type", "text/plain").failed(t, 415, "unsupported_media_type")
	f.do(t, "admin", "POST", "/api/v1/detect", `{"text":"a"}`, "Content-Encoding", "gzip").failed(t, 415, "unsupported_media_type")
	f.do(t, "admin", "PUT", "/api/v1/detect", `{"text":"a"}`).failed(t, 405, "method_not_allowed")
	f.do(t, "admin", "GET", "/api/v1/"+plantedMail, "").failed(t, 404, "not_found")
}

// What is masked comes back, and the offsets say where, in each unit.
func TestMaskAndRestore(t *testing.T) {
	f := newFixture(t)
	const text = "😀 é: " + plantedMail + ", 프로젝트 Falkenauge 😀, " + plantedMail + "."
	cut := map[string]func(string, int, int) string{
		codepoints: func(s string, a, b int) string { return string([]rune(s)[a:b]) },
		inBytes:    func(s string, a, b int) string { return s[a:b] },
		utf16units: func(s string, a, b int) string { return string(utf16.Decode(utf16.Encode([]rune(s))[a:b])) },
	}
	for unit, of := range cut {
		var m maskAnswer
		f.ok(t, "viewer", "POST", "/api/v1/mask", body(t, "text", text, "offsets", unit), &m)
		r := m.Results[0]
		if len(r.Spans) != 3 || r.Counts["EMAIL_ADDRESS"] != 2 || r.Counts["PROJECT"] != 1 || strings.Contains(r.Masked, "jane") {
			t.Fatalf("%s: %+v", unit, r)
		}
		for i, want := range []string{plantedMail, "Falkenauge", plantedMail} {
			sp := r.Spans[i]
			if of(text, sp.Start, sp.End) != want || of(r.Masked, sp.MaskedStart, sp.MaskedEnd) != sp.Token || sp.Action != "token" {
				t.Errorf("%s: %+v", unit, sp)
			}
		}
		var back restoreAnswer
		f.ok(t, "restorer", "POST", "/api/v1/restore", body(t, "text", r.Masked, "offsets", unit, "reason", "ticket 7"), &back)
		if back.Text != text || back.Restored != 3 || back.Unknown != 0 {
			t.Errorf("%s: %d restored, %d unknown", unit, back.Restored, back.Unknown)
		}
		for i, sp := range back.Spans {
			was := r.Spans[i]
			if sp.Start != was.Start || sp.End != was.End || sp.TokenStart != was.MaskedStart || sp.TokenEnd != was.MaskedEnd || sp.Token != was.Token || sp.Kind != was.Kind {
				t.Errorf("%s: %+v is not %+v", unit, sp, was)
			}
		}
	}
}

func TestMaskIsCorrected(t *testing.T) {
	f := newFixture(t)
	const text = "Anna asks " + plantedMail
	var m maskAnswer
	f.ok(t, "viewer", "POST", "/api/v1/mask", body(t, "text", text,
		"mask", []spanFix{{0, 4, "PROJECT"}}, "release", []spanRange{{12, 13}}), &m)
	r := m.Results[0]
	if len(r.Spans) != 1 || r.Spans[0].Rule != "correction" || !strings.HasSuffix(r.Masked, " asks "+plantedMail) || strings.Contains(r.Masked, "Anna") {
		t.Errorf("%+v", r)
	}
}

// A session's tokens are restored in it and nowhere else; without one, by
// operators only.
func TestRestoreOfSessions(t *testing.T) {
	f := newFixture(t)
	var m maskAnswer
	f.ok(t, "viewer", "POST", "/api/v1/mask", body(t, "text", plantedMail, "session", "s1"), &m)
	token := m.Results[0].Masked
	for session, want := range map[string]string{"s1": plantedMail, "s2": token, "": plantedMail} {
		var back restoreAnswer
		f.ok(t, "restorer", "POST", "/api/v1/restore", body(t, "text", token, "session", session, "reason", "r"), &back)
		if back.Text != want {
			t.Errorf("session %q: restored %d, unknown %d", session, back.Restored, back.Unknown)
		}
	}
	var back restoreAnswer
	f.ok(t, "restorer", "POST", "/api/v1/restore", body(t, "text", token, "tenant", "acme", "reason", "r"), &back)
	if back.Text != token || back.Unknown != 1 {
		t.Error("another tenant restores")
	}
}

// The trail knows who restored which tokens and why, before the operator has the
// values; and no value.
func TestRestoreIsRecorded(t *testing.T) {
	f := newFixture(t)
	var m maskAnswer
	f.ok(t, "viewer", "POST", "/api/v1/mask", body(t, "texts", []string{plantedMail, plantedCard}, "session", "s1"), &m)
	both := m.Results[0].Masked + " " + m.Results[1].Masked + " " + m.Results[0].Masked
	f.do(t, "restorer", "POST", "/api/v1/restore", body(t, "text", both, "session", "s1", "reason", "asked by "+plantedMail))
	op := f.last(t, "restore")
	want := []string{m.Results[0].Masked, m.Results[1].Masked}
	slices.Sort(want)
	if op.Operator != "restorer" || op.Tenant != "default" || op.Session != "s1" || op.Reason != "asked by [EMAIL_ADDRESS]" ||
		!slices.Equal(op.Tokens, want) || len(op.Found) != 2 || op.Found[0].N != 2 {
		t.Errorf("%+v", op)
	}
	f.recordFails = errors.New("disk full")
	f.do(t, "restorer", "POST", "/api/v1/restore", body(t, "text", both, "reason", "r")).failed(t, 503, "audit_unavailable")
}

func TestLines(t *testing.T) {
	f := newFixture(t)
	in := `{"id":7,"text":"` + plantedMail + `"}` + "\n\n" + `{"text":"nothing"}` + "\r\n" + `{"id":"x","text":"😀` + plantedCard + `"}`
	r := f.do(t, "viewer", "POST", "/api/v1/detect?offsets=bytes", in, "Content-Type", "application/x-ndjson")
	want := `{"id":7,"spans":[{"start":0,"end":24,"kind":"EMAIL_ADDRESS","score":1,"rule":"email"}]}
{"spans":[]}
{"id":"x","spans":[{"start":4,"end":23,"kind":"CREDIT_CARD","score":1,"rule":"card"}]}
`
	if r.status != 200 || r.body != want || r.header.Get("Content-Type") != "application/x-ndjson" {
		t.Errorf("%d %s", r.status, r.body)
	}
	r = f.do(t, "viewer", "POST", "/api/v1/mask?session=s1", in, "Content-Type", "application/x-ndjson")
	if n := strings.Count(r.body, "\n"); r.status != 200 || n != 3 || strings.Contains(r.body, "jane") {
		t.Errorf("%d %d lines", r.status, n)
	}
	for name, bad := range map[string]string{
		"no text": `{"id":1}`, "no JSON": plantedMail, "not UTF-8": "{\"text\":\"\xff\"}", "long": `{"text":"` + strings.Repeat("a", maxLine) + `"}`,
	} {
		r := f.do(t, "viewer", "POST", "/api/v1/detect", `{"text":""}`+"\n"+bad+"\n"+`{"text":""}`, "Content-Type", "application/x-ndjson")
		lines := strings.Split(strings.TrimSpace(r.body), "\n")
		if len(lines) != 2 || !strings.HasPrefix(lines[1], `{"error":{"code":"`) || strings.Contains(r.body, "jane") {
			t.Errorf("%s: %d lines", name, len(lines))
		}
	}
	f.do(t, "viewer", "POST", "/api/v1/detect?offsets=words", in, "Content-Type", "application/x-ndjson").failed(t, 400, "invalid_request")
}

// Each line is answered when it has come, and not at the end.
func TestLinesAreAnsweredAtOnce(t *testing.T) {
	f := newFixture(t)
	in, out := io.Pipe()
	req, err := http.NewRequestWithContext(t.Context(), "POST", f.URL+"/api/v1/detect", in)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", linesMedia)
	req.Header.Set("Authorization", "Bearer "+f.keys["viewer"])
	go io.WriteString(out, `{"text":"a"}`+"\n") //nolint:errcheck // The answer tells.
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	line := make([]byte, len(`{"spans":[]}`+"\n"))
	for range 3 {
		if _, err := io.ReadFull(resp.Body, line); err != nil || string(line) != `{"spans":[]}`+"\n" {
			t.Fatalf("%q %v", line, err)
		}
		if _, err := io.WriteString(out, `{"text":"b"}`+"\n"); err != nil {
			t.Fatal(err)
		}
	}
	out.Close()
}

func TestRulerOverBytesThatAreNoText(t *testing.T) {
	text := []byte("a\xff😀\xf0\x9fz")
	for unit, want := range map[string][]int{codepoints: {0, 1, 2, 3, 4, 5, 6}, inBytes: {0, 1, 2, 6, 7, 8, 9}, utf16units: {0, 1, 2, 4, 5, 6, 7}} {
		there, back := newRuler(text, unit), newRuler(text, unit)
		for i, at := range []int{0, 1, 2, 6, 7, 8, 9} {
			if got := there.of(at); got != want[i] {
				t.Errorf("%s: byte %d is %d, want %d", unit, at, got, want[i])
			}
			if got, ok := back.byteAt(want[i]); got != at || !ok {
				t.Errorf("%s: %d is byte %d, want %d", unit, want[i], got, at)
			}
		}
		if _, ok := back.byteAt(99); ok {
			t.Errorf("%s: there is no end", unit)
		}
	}
}
