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
