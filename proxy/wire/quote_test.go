package wire

import (
	"encoding/json"
	"strings"
	"testing"
)

// Values are escaped where a text quotes JSON, and nowhere else.
func TestRestoreInProse(t *testing.T) {
	const value = `a "b" \c`
	escaped := `a \"b\" \\c`
	twice := `a \\\"b\\\" \\\\c`
	for in, want := range map[string]string{
		`FOX and "FOX"`:                                     value + ` and "` + value + `"`,
		`The tool said {"name": "FOX"}: FOX.`:               `The tool said {"name": "` + escaped + `"}: ` + value + `.`,
		"```json\n{\n  \"a\": [1, \"FOX\"]\n}\n```\nso FOX": "```json\n{\n  \"a\": [1, \"" + escaped + "\"]\n}\n```\nso " + value,
		`["x", "FOX"] FOX`:                                  `["x", "` + escaped + `"] ` + value,
		`[1, true, "FOX"]`:                                  `[1, true, "` + value + `"]`, // true might be a word
		`[1, 2, "FOX"]`:                                     `[1, 2, "` + escaped + `"]`,
		`{FOX} "FOX"`:                                       `{` + value + `} "` + value + `"`,
		`{ not JSON, "FOX" }`:                               `{ not JSON, "` + value + `" }`,
		`{"a":1} "FOX" {"b":"FOX"}`:                         `{"a":1} "` + value + `" {"b":"` + escaped + `"}`,
		`{"a": FOX, "b": "FOX"}`:                            `{"a": ` + value + `, "b": "` + escaped + `"}`,
		"{\"a\":\"not closed\nFOX \"FOX\"":                  "{\"a\":\"not closed\n" + value + " \"" + value + "\"",
		`if [[ "$a" == "FOX" ]]; then`:                      `if [[ "$a" == "` + value + `" ]]; then`,
		`[1] "FOX"`:                                         `[1] "` + value + `"`,
		`{"q":"say \"FOX\"","n":"{\"m\":\"FOX\"}"}`:         `{"q":"say \"` + escaped + `\"","n":"{\"m\":\"` + twice + `\"}"}`,
		`{"a":{"b":[{"c":"FOX"}]},"d":"FOX"} FOX`:           `{"a":{"b":[{"c":"` + escaped + `"}]},"d":"` + escaped + `"} ` + value,
	} {
		got, err := openAIChat.Answer(nil, []byte(`{"choices":[{"message":{"content":`+q(in)+`}}]}`), words{"FOX", value}, false)
		if err != nil {
			t.Fatal(err)
		}
		var v struct {
			Choices []struct{ Message struct{ Content string } }
		}
		if err := json.Unmarshal(got, &v); err != nil {
			t.Fatal(err)
		}
		if text := v.Choices[0].Message.Content; text != want {
			t.Errorf("%s\n got %s\nwant %s", in, text, want)
		}
	}
}

// What the client sends back of it is found again: a value with quotes stands in
// another spelling where prose quotes JSON.
func TestMaskInProse(t *testing.T) {
	const value = `a "b" \c`
	for in, want := range map[string]string{
		`said {"name": "a \"b\" \\c"} of a "b" \c`:                  `said {"name": "FOX"} of FOX`,
		`said {"n": "{\"m\":\"a \\\"b\\\" \\\\c\"}"} \`:             `said {"n": "{\"m\":\"FOX\"}"} \`,
		`path \d {"x": "a \"b\" \\c, \u00e9", "y": "a "b" \c"} end`: `path \d {"x": "FOX, \u00e9", "y": "FOX"} end`,
		`no JSON: \ "a \"b\" \\c"`:                                  `no JSON: \ "a \"b\" \\c"`,
		`{"broken": "a \x", a "b" \c`:                               `{"broken": "a \x", FOX`,
	} {
		body := `{"messages":[{"role":"user","content":` + q(in) + `}]}`
		got, err := openAIChat.Request(nil, []byte(body), swap(value, "FOX"), passPart)
		if err != nil {
			t.Fatal(err)
		}
		if text := unwrapText(t, got); text != want {
			t.Errorf("%s\n got %s\nwant %s", in, text, want)
		}
		back, err := openAIChat.Answer(nil, []byte(`{"choices":[{"message":{"content":`+q(want)+`}}]}`), words{"FOX", value}, false)
		if err != nil || !strings.Contains(string(back), `\"b`) && strings.Contains(want, "FOX") {
			t.Errorf("%s: not restored: %s, %v", want, back, err)
		}
	}
}

func unwrapText(t *testing.T, body []byte) string {
	t.Helper()
	var v struct{ Messages []struct{ Content string } }
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatal(err)
	}
	return v.Messages[0].Content
}
