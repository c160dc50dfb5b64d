package proxy

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"maskit/detect"
	"maskit/proxy/mask"
	"maskit/vault"
)

// The receipt of a stream comes as the client asked for it, and not unless it did.
func TestReceipt(t *testing.T) {
	for _, length := range []bool{false, true} {
		r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
			text := userText(req)
			if text == "" {
				text = "nothing"
			}
			w.Header().Set("Content-Type", "text/event-stream")
			events := fmt.Sprintf("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":%q}}]}\n\ndata: [DONE]\n\n", text+" and EMAIL2BCDFGHJ")
			if length {
				w.Header().Set("Content-Length", fmt.Sprint(len(events)))
			}
			fmt.Fprint(w, events)
		})
		for wish, text := range map[string]string{"": email, "trailer": email, "comment": email, "comment ": "nothing", "trailer ": "nothing"} {
			want := "masked=1; restored=1; unknown=1; withheld=0; unread=0"
			if text == "nothing" {
				want = "masked=0; restored=0; unknown=0; withheld=0; unread=0"
			}
			wish = strings.TrimSpace(wish)
			resp, answer, err := r.post(chatPath, chat(text), "x-maskit-receipt", wish)
			if err != nil || !strings.Contains(answer, text) {
				t.Fatalf("%q: %v %s", wish, err, answer)
			}
			if got := strings.HasSuffix(answer, "[DONE]\n\n: maskit "+want+"\n\n"); got != (wish == "comment") {
				t.Errorf("%q: the stream ends in %q", wish, answer[len(answer)-80:])
			}
			if got := resp.Trailer.Get("x-maskit-receipt"); (got == want) != (wish == "trailer") {
				t.Errorf("%q: the trailer is %q", wish, got)
			}
			if resp.Header.Get("x-maskit-receipt") != "" {
				t.Errorf("%q: the head of a stream has a receipt", wish)
			}
		}
	}
	r := newRig(t, echo)
	resp, _, err := r.post(chatPath, chat(email), "x-maskit-receipt", "trailer")
	if err != nil || resp.Header.Get("x-maskit-receipt") != "masked=1; restored=1; unknown=0; withheld=0; unread=0" {
		t.Errorf("a whole answer: %v %v", resp.Header, err)
	}
	if resp, answer, _ := r.post(chatPath, chat(email), "x-maskit-receipt", "mail"); resp.StatusCode != http.StatusBadRequest || code(t, answer) != "control_refused" {
		t.Errorf("another wish: %s", answer)
	}
}

// Tokens in the head of an answer are restored, in URLs in percent-encoding; what
// would break the head is not.
func TestAnswersHead(t *testing.T) {
	const lines = "Two\nlines"
	var token, broken string
	r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
		words := strings.Fields(userText(req))
		token, broken = words[0], words[1]
		w.Header().Set("Location", "/of?who="+token)
		w.Header().Set("X-Said", token+"!")
		w.Header().Set("X-Broken", broken)
		w.Header().Set("Content-Type", "text/plain; by="+token)
		w.WriteHeader(http.StatusCreated)
	}, func(_ *Config, p *mask.Config, _ *vault.Vault) {
		p.Dictionaries = append(p.Dictionaries, detect.Dictionary{Kind: "PROJECT", Terms: []string{lines}})
	})
	resp, _, err := r.post(chatPath, chat(email+" "+lines))
	if err != nil || token == email || strings.Contains(broken, "Two") {
		t.Fatalf("%v %q %q", err, token, broken)
	}
	for name, want := range map[string]string{
		"Location": "/of?who=ann.lee%40example.org", "X-Said": email + "!", "X-Broken": broken, "Content-Type": "text/plain; by=" + token,
	} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	resp, _, err = r.post(chatPath, chat(email+" "+lines), "x-maskit-restore", "false")
	if err != nil || resp.Header.Get("X-Said") != token+"!" {
		t.Errorf("unrestored: %v %v", resp.Header, err)
	}
}
