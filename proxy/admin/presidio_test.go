package admin

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
)

func (f *fixture) analyze(t *testing.T, pairs ...any) []recognized {
	t.Helper()
	var found []recognized
	f.ok(t, "viewer", "POST", "/analyze", body(t, pairs...), &found)
	return found
}

// LiteLLM's guardrail asks twice: /analyze with the text, and /anonymize with the
// text and what came back, as it came back.
func TestLiteLLM(t *testing.T) {
	f := newFixture(t)
	const text = "😀 write to " + plantedMail + " about badge B-7741"
	analyzed := f.do(t, "viewer", "POST", "/analyze", body(t,
		"text", text, "language", "en",
		"entities", []string{"EMAIL_ADDRESS", "BADGE"},
		"ad_hoc_recognizers", []any{map[string]any{
			"name": "Badge", "supported_language": "en", "supported_entity": "BADGE",
			"patterns": []any{map[string]any{"name": "badge", "regex": `B-\d{4}`, "score": 0.9}},
		}},
	))
	if analyzed.status != 200 {
		t.Fatal(analyzed.body)
	}
	var results []map[string]any
	if err := json.Unmarshal([]byte(analyzed.body), &results); err != nil || len(results) != 2 {
		t.Fatalf("%v: %s", err, analyzed.body)
	}
	for _, r := range results {
		if r["entity_type"] == nil || r["start"] == nil || r["end"] == nil || r["score"] == nil {
			t.Errorf("%v", r)
		}
		if e, there := r["analysis_explanation"]; e != nil || !there {
			t.Error("an explanation that nobody asked for, or no member for it")
		}
	}
	var a anonymizeAnswer
	f.ok(t, "viewer", "POST", "/anonymize", body(t, "text", text, "analyzer_results", results), &a)
	if want := "😀 write to <EMAIL_ADDRESS> about badge <BADGE>"; a.Text != want || len(a.Items) != 2 {
		t.Fatalf("%+v", a)
	}
	for _, it := range a.Items {
		if got := string([]rune(a.Text)[it.Start:it.End]); got != it.Text || it.Operator != "replace" {
			t.Errorf("%+v stands at %q", it, got)
		}
	}
}

func TestAnalyze(t *testing.T) {
	f := newFixture(t)
	kinds := func(found []recognized) string {
		var all []string
		for _, r := range found {
			all = append(all, r.Entity)
		}
		return strings.Join(all, " ")
	}
	text := "mail " + plantedMail + ", card " + plantedCard
	for name, c := range map[string]struct {
		want string
		with []any
	}{
		"plain":        {"EMAIL_ADDRESS CREDIT_CARD", nil},
		"entities":     {"CREDIT_CARD", []any{"entities", []string{"CREDIT_CARD", "NOT_KNOWN"}}},
		"threshold":    {"", []any{"score_threshold", 1.1}},
		"allowed":      {"CREDIT_CARD", []any{"allow_list", []string{plantedMail}}},
		"allowed by":   {"EMAIL_ADDRESS", []any{"allow_list", []string{`4111[ \d]+`}, "allow_list_match", "regex"}},
		"deny list":    {"EMAIL_ADDRESS CREDIT_CARD NOUN", []any{"ad_hoc_recognizers", []any{map[string]any{"supported_entity": "NOUN", "deny_list": []string{"card"}}}}},
		"more members": {"EMAIL_ADDRESS CREDIT_CARD", []any{"correlation_id", "7", "what_is_this", true}},
	} {
		got := f.analyze(t, append([]any{"text", text, "language", "en"}, c.with...)...)
		if name == "deny list" { // Where it stands is between the two.
			if len(got) != 3 || got[1].Entity != "NOUN" {
				t.Errorf("%s: %+v", name, got)
			}
			continue
		}
		if kinds(got) != c.want {
			t.Errorf("%s: %s, want %s", name, kinds(got), c.want)
		}
	}
	found := f.analyze(t, "text", text, "return_decision_process", true)
	if e := found[0].Explanation; e == nil || e.Recognizer != "email" || e.Score != 1 {
		t.Errorf("%+v", e)
	}
	var many [][]recognized
	f.ok(t, "viewer", "POST", "/analyze", body(t, "text", []string{text, "nothing"}, "language", "en"), &many)
	if len(many) != 2 || len(many[0]) != 2 || many[1] == nil || len(many[1]) != 0 {
		t.Errorf("%+v", many)
	}
}

// Presidio's clients look for a member error that is a text.
func TestPresidioFailures(t *testing.T) {
	f := newFixture(t)
	adhoc := func(p string) string {
		return body(t, "text", "a", "ad_hoc_recognizers", []any{map[string]any{"supported_entity": "NOUN", "patterns": []any{map[string]any{"regex": p, "score": 0.5}}}})
	}
	for name, c := range map[string]struct{ path, body string }{
		"no text":         {"/analyze", `{}`},
		"look-around":     {"/analyze", adhoc(`(?<=a)b`)},
		"slow":            {"/analyze", adhoc(`[^,]{5,900},`)},
		"entity":          {"/analyze", body(t, "text", "a", "ad_hoc_recognizers", []any{map[string]any{"supported_entity": "x", "deny_list": []string{"abc"}}})},
		"allow":           {"/analyze", body(t, "text", "a", "allow_list", []string{"("}, "allow_list_match", "regex")},
		"span":            {"/anonymize", `{"text":"a","analyzer_results":[{"start":0,"end":2,"entity_type":"A"}]}`},
		"operator":        {"/anonymize", `{"text":"a","analyzer_results":[],"anonymizers":{"DEFAULT":{"type":"shout"}}}`},
		"masking char":    {"/anonymize", `{"text":"a","analyzer_results":[],"anonymizers":{"DEFAULT":{"type":"mask"}}}`},
		"hash":            {"/anonymize", `{"text":"a","analyzer_results":[],"anonymizers":{"DEFAULT":{"type":"hash","hash_type":"crc"}}}`},
		"key":             {"/anonymize", `{"text":"a","analyzer_results":[],"anonymizers":{"DEFAULT":{"type":"encrypt","key":"short"}}}`},
		"no JSON":         {"/anonymize", plantedMail},
		"text of numbers": {"/analyze", `{"text":[1]}`},
	} {
		r := f.do(t, "viewer", "POST", c.path, c.body)
		var e struct{ Error string }
		if err := json.Unmarshal([]byte(r.body), &e); err != nil || r.status != 400 || e.Error == "" || strings.Contains(r.body, "jane") {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
}

func TestAnonymizers(t *testing.T) {
	f := newFixture(t)
	const text = "né 0123456789."
	for name, c := range map[string]struct{ anonymizer, want string }{
		"default":      {`{}`, "né <NUMBER>."},
		"replace":      {`{"DEFAULT":{"type":"replace","new_value":"ten"}}`, "né ten."},
		"replace none": {`{"DEFAULT":{"type":"replace","new_value":""}}`, "né ."},
		"redact":       {`{"NUMBER":{"type":"redact"},"DEFAULT":{"type":"keep"}}`, "né ."},
		"keep":         {`{"DEFAULT":{"type":"keep"}}`, text},
		"mask":         {`{"NUMBER":{"type":"mask","masking_char":"•","chars_to_mask":4}}`, "né ••••456789."},
		"mask end":     {`{"NUMBER":{"type":"mask","masking_char":"*","chars_to_mask":400,"from_end":true}}`, "né **********."},
		// printf 0123456789 | sha256sum
		"hash": {`{"NUMBER":{"type":"hash"}}`, "né 84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882."},
	} {
		var a anonymizeAnswer
		f.ok(t, "viewer", "POST", "/anonymize", `{"text":"`+text+`","analyzer_results":[{"start":3,"end":13,"score":0.5,"entity_type":"NUMBER"}],"anonymizers":`+c.anonymizer+`}`, &a)
		if a.Text != c.want {
			t.Errorf("%s: %s, want %s", name, a.Text, c.want)
		}
	}
	const key = "3t6w9z$C&F)J@NcR"
	var a anonymizeAnswer
	f.ok(t, "viewer", "POST", "/anonymize", body(t, "text", text,
		"analyzer_results", []anonymizeResult{{3, 13, 0.5, "NUMBER"}},
		"anonymizers", map[string]any{"DEFAULT": map[string]any{"type": "encrypt", "key": key}}), &a)
	sealed, err := base64.URLEncoding.DecodeString(a.Items[0].Text)
	if err != nil || len(sealed) != 32 {
		t.Fatalf("%d bytes, %v", len(sealed), err)
	}
	block, err := aes.NewCipher([]byte(key))
	if err != nil {
		t.Fatal(err)
	}
	plain := make([]byte, 16)
	cipher.NewCBCDecrypter(block, sealed[:16]).CryptBlocks(plain, sealed[16:])
	if string(plain) != "0123456789\x06\x06\x06\x06\x06\x06" {
		t.Errorf("%q", plain)
	}
}

// Of findings that overlap nothing of any stays.
func TestAnonymizeOverlaps(t *testing.T) {
	f := newFixture(t)
	var a anonymizeAnswer
	f.ok(t, "viewer", "POST", "/anonymize", body(t, "text", "0123456789", "analyzer_results", []anonymizeResult{
		{7, 9, 0.5, "C"}, {1, 4, 0.5, "A"}, {3, 6, 0.9, "B"}, {2, 3, 0.5, "A"},
	}), &a)
	if a.Text != "0<B>6<C>9" || len(a.Items) != 2 {
		t.Errorf("%+v", a)
	}
}

// While nobody is configured this machine needs no key for what Presidio has, and
// for nothing else; and not when a page lets a name of its own lead here.
func TestPresidioAtHome(t *testing.T) {
	f := newFixture(t, func(c *Config, _ *Deps) { c.Operators = nil })
	for _, path := range []string{"/supportedentities", "/recognizers", "/health"} {
		if r := f.do(t, "", "GET", path, ""); r.status != 200 || len(r.body) < 10 {
			t.Errorf("%s: %d", path, r.status)
		}
	}
	if r := f.do(t, "", "POST", "/analyze", `{"text":"a"}`); r.status != 200 || r.body != "[]\n" {
		t.Errorf("%d %s", r.status, r.body)
	}
	f.do(t, "", "POST", "/api/v1/detect", `{"text":"a"}`).failed(t, 401, "unauthorized")
	f.do(t, "", "GET", "/api/v1/kinds", "").failed(t, 401, "unauthorized")
	r := httptest.NewRequest("GET", "http://rebound.example/recognizers", nil)
	w := httptest.NewRecorder()
	f.api.http.Handler.ServeHTTP(w, r)
	if w.Code != 401 {
		t.Errorf("a name that leads here: %d", w.Code)
	}
}
