package proxy

import (
	"strings"
	"testing"
)

// A password is masked in JSON by its name: in a document, amid prose, and
// whatever escapes stand beside it.
func TestPasswordInQuotedJSON(t *testing.T) {
	r := newRig(t, echo)
	for _, text := range []string{
		`{"password": "hunter2Xy!9"}`,
		`{"logins": [{"user": "ann", "password": "hunter2Xy!9\n"}], "n": 1}`,
		`[{"name": "DB_PASSWORD", "value": "hunter2Xy!9"}]`,
		`{"env": [{"Value": "hunter2Xy!9", "Name": "dbPassword"}, {"Name": "HOME", "Value": "/root"}]}`,
		`config: {"password": "hunter2Xy!9"} please`,
		`config: {"password": "hunter2Xy!9\n"} please`,
		`config: {"user": "ann\\b", "password": "hunter2Xy!9\\x"} please`,
	} {
		_, answer, err := r.post(chatPath, chat(text))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(r.lastSeen(), "hunter2Xy!9") {
			t.Errorf("the provider got the password of %s", text)
		}
		if got := content(t, answer); got != text {
			t.Errorf("restored %s as %s", text, got)
		}
	}
}

// What one text tells of is masked in all, also where it makes a string be looked
// at in another way than the first time.
func TestKnownValuesInQuotedJSON(t *testing.T) {
	r := newRig(t, echo)
	body := `{"model":"m","messages":[{"role":"user","content":"{\"note\":\"is 536228726 right\"}"},
		{"role":"user","content":"{\"note\":\"or 536228726 then\"}"},{"role":"user","content":"536228726 it is"},
		{"role":"user","content":"my ssn is 536228726"}]}`
	if _, answer, err := r.post(chatPath, body); err != nil || strings.Contains(r.lastSeen(), "536228726") {
		t.Errorf("the provider got %s; %v, %s", r.lastSeen(), err, answer)
	}
}
