package wire

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// swap is a Text that replaces one word by another, wherever it stands.
func swap(word, with string) Text {
	return func(text []byte, emit Emit) error {
		for at := 0; ; {
			i := bytes.Index(text[at:], []byte(word))
			if i < 0 {
				return nil
			}
			emit(at+i, at+i+len(word), with)
			at += i + len(word)
		}
	}
}

func keep([]byte, Emit) error { return nil }

const hard = "a\"b\\c\n\u2028é😀"

func TestRequest(t *testing.T) {
	hardJSON := `a\"b\\c\n\u2028é😀`
	inner := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(hardJSON)
	for _, c := range []struct{ name, body, want string }{
		{"plain", `{"messages":[{"role":"user","content":"say FOX now"}]}`, `{"messages":[{"role":"user","content":"say ` + hardJSON + ` now"}]}`},
		{"escapes around stay", `{"x":"\u00e9\/ FOX \ud83d\ude00"}`, `{"x":"\u00e9\/ ` + hardJSON + ` \ud83d\ude00"}`},
		{"written in escapes", `{"x":"\u0046\u004fX"}`, `{"x":"` + hardJSON + `"}`},
		{"spacing and numbers stay", "{ \"n\" : 0.70 ,\t\"b\":12345678901234567890,\"c\":\"FOX\" }\n", "{ \"n\" : 0.70 ,\t\"b\":12345678901234567890,\"c\":\"" + hardJSON + "\" }\n"},
		{"not where the row says so", `{"model":"FOX","messages":[{"role":"FOX","tool_call_id":"FOX"}]}`, `{"model":"FOX","messages":[{"role":"FOX","tool_call_id":"FOX"}]}`},
		{"names in other letter case are text", `{"Model":"FOX"}`, `{"Model":"` + hardJSON + `"}`},
		{"a name nobody knows", `{"metadata":{"FOX":1}}`, `{"metadata":{"` + hardJSON + `":1}}`},
		{"a long number is text", `{"messages":[{"content":"x"}],"metadata":{"card":123456789012,"n":12.5}}`, `{"messages":[{"content":"x"}],"metadata":{"card":123456789012,"n":12.5}}`},
		{"arguments are JSON", `{"messages":[{"tool_calls":[{"function":{"name":"FOX","arguments":"{\"a\":\"FOX\"}"}}]}]}`, `{"messages":[{"tool_calls":[{"function":{"name":"FOX","arguments":"{\"a\":\"` + inner + `\"}"}}]}]}`},
		{"arguments that are none", `{"messages":[{"function_call":{"arguments":"FOX {"}}]}`, `{"messages":[{"function_call":{"arguments":"` + hardJSON + ` {"}}]}`},
		{"a schema keeps its keywords", `{"tools":[{"function":{"parameters":{"type":"FOX","properties":{"FOX":{"description":"FOX","default":"FOX"},"type":{"description":"FOX"}},"required":["FOX"]}}}]}`, `{"tools":[{"function":{"parameters":{"type":"FOX","properties":{"FOX":{"description":"` + hardJSON + `","default":"` + hardJSON + `"},"type":{"description":"` + hardJSON + `"}},"required":["FOX"]}}}]}`},
		{"a part is no text", `{"messages":[{"content":[{"image_url":{"url":"data:image/png;base64,FOX"}},{"image_url":{"url":"https://x/FOX"}}]}]}`, `{"messages":[{"content":[{"image_url":{"url":"data:image/png;base64,FOX"}},{"image_url":{"url":"https://x/` + hardJSON + `"}}]}]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			parts := 0
			got, err := openAIChat.Request(nil, []byte(c.body), swap("FOX", hard), func(string) error { parts++; return nil })
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			if !json.Valid(got) {
				t.Error("the result is no JSON")
			}
			if want := strings.Count(c.body, "data:"); parts != want {
				t.Errorf("%d parts were noted, want %d", parts, want)
			}
		})
	}
}

// Values inside JSON inside JSON strings: each level is escaped once more, and
// what comes out is what went in.
func TestNestedJSON(t *testing.T) {
	leaf, err := json.Marshal(map[string]string{"who": "FOX"})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if leaf, err = json.Marshal(map[string]string{"doc": string(leaf)}); err != nil {
			t.Fatal(err)
		}
	}
	args, err := json.Marshal(string(leaf))
	if err != nil {
		t.Fatal(err)
	}
	in := `{"messages":[{"tool_calls":[{"function":{"arguments":` + string(args) + `}}]}]}`
	got, err := openAIChat.Request(nil, []byte(in), swap("FOX", hard), passPart)
	if err != nil {
		t.Fatal(err)
	}
	if unwrap(t, got, "messages") != hard {
		t.Error("the request's innermost value is not the one put in")
	}
	out := `{"choices":[{"index":0,"message":{"tool_calls":[{"function":{"arguments":` + string(args) + `}}]}}]}`
	if got, err = openAIChat.Answer(nil, []byte(out), words{"FOX", hard}, false); err != nil {
		t.Fatal(err)
	}
	if unwrap(t, got, "choices") != hard {
		t.Error("the answer's innermost value is not the one put in")
	}
}

// unwrap digs through every level of a body made by TestNestedJSON.
func unwrap(t *testing.T, body []byte, list string) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatal("the body is no JSON")
	}
	for {
		switch x := v.(type) {
		case map[string]any:
			for _, below := range x {
				if _, isNumber := below.(float64); !isNumber {
					v = below
				}
			}
		case []any:
			v = x[0]
		case string:
			if !strings.HasPrefix(x, "{") {
				return x
			}
			if err := json.Unmarshal([]byte(x), &v); err != nil {
				t.Fatal("a nested document is no JSON")
			}
		default:
			t.Fatalf("%s: unexpected %T", list, v)
		}
	}
}

func TestUntouchedBodyIsTheSameBytes(t *testing.T) {
	body := []byte("{ \"messages\" : [ {\"content\":\"\\u0041 \\/ x\"} ],\r\n \"n\":1.50e+2 }")
	got, err := openAIChat.Request(make([]byte, 0, 100), body, keep, passPart)
	if err != nil || &got[0] != &body[0] || len(got) != len(body) {
		t.Errorf("a body without findings came back copied or changed (%v)", err)
	}
}

func TestRefused(t *testing.T) {
	for name, body := range map[string]string{
		"empty":              ``,
		"two values":         `{} {}`,
		"trailing":           `{"a":1},`,
		"equal names":        `{"messages":[],"messages":[]}`,
		"equal when decoded": `{"a":1,"\u0061":2}`,
		"equal among many":   `{"a":1,` + manyNames(40) + `"a":2}`,
		"equal when nested":  `{"a":{"b":1,"b":2}}`,
		"invalid UTF-8":      "{\"a\":\"\xff\"}",
		"overlong UTF-8":     "{\"a\":\"\xc0\xaf\"}",
		"lone surrogate":     `{"a":"\ud800"}`,
		"reversed pair":      `{"a":"\udc00\ud800"}`,
		"control character":  "{\"a\":\"\x01\"}",
		"single quotes":      `{'a':1}`,
		"comment":            `{"a":1/**/}`,
		"leading zero":       `{"a":01}`,
		"NaN":                `{"a":NaN}`,
		"BOM":                "\ufeff{}",
		"too deep":           strings.Repeat("[", MaxDepth+1) + strings.Repeat("]", MaxDepth+1),
		"10 MB of brackets":  strings.Repeat("[", 10<<20),
		"10 MB of objects":   strings.Repeat(`{"a":`, 2<<20),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Generic.Request(nil, []byte(body), keep, passPart)
			if _, ok := errors.AsType[*InvalidError](err); !ok {
				t.Errorf("got %v, want an InvalidError", err)
			}
		})
	}
}

func manyNames(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(`"` + strings.Repeat("n", i+1) + `":0,`)
	}
	return b.String()
}

func TestDepthIsAllowedUpToTheLimit(t *testing.T) {
	body := strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth)
	if _, err := Generic.Request(nil, []byte(body), keep, passPart); err != nil {
		t.Error(err)
	}
}

// The suite decides what is JSON; equal names, lone surrogates and depth are
// our own rules on top of it.
func TestJSONTestSuite(t *testing.T) {
	name := filepath.Join("..", "..", "..", "shared", "data", "json", "JSONTestSuite-1ef36fa.tar.gz")
	file, err := os.Open(name)
	if err != nil {
		t.Skip("the JSON test suite is not at ../shared/data")
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[byte]int{}
	for r := tar.NewReader(unzipped); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		base := filepath.Base(h.Name)
		if !strings.HasSuffix(base, ".json") || len(base) < 2 || base[1] != '_' {
			continue
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		seen[base[0]]++
		_, err = Generic.Request(nil, body, keep, passPart)
		switch {
		case base[0] == 'y' && err != nil && !strings.Contains(base, "duplicated_key"):
			t.Errorf("%s was refused: %v", base, err)
		case base[0] == 'n' && err == nil:
			t.Errorf("%s was accepted", base)
		}
	}
	if seen['y'] < 90 || seen['n'] < 180 {
		t.Errorf("the suite was not read whole: %v", seen)
	}
}

func TestAnswerInJSONMode(t *testing.T) {
	body := []byte(`{"choices":[{"message":{"content":"[\"FOX\"]"}}]}`)
	for _, c := range []struct {
		json bool
		want string
	}{
		{false, `["x\"y"]`}, // A bracket and a quotation mark are JSON in prose too.
		{true, `["x\"y"]`},
	} {
		got, err := openAIChat.Answer(nil, body, words{"FOX", `x"y`}, c.json)
		if err != nil {
			t.Fatal(err)
		}
		var v struct {
			Choices []struct{ Message struct{ Content string } }
		}
		if err := json.Unmarshal(got, &v); err != nil {
			t.Fatal(err)
		}
		if v.Choices[0].Message.Content != c.want {
			t.Errorf("JSON mode %v: got %q", c.json, v.Choices[0].Message.Content)
		}
	}
	for request, want := range map[string]bool{
		`{}`: false, `{"response_format":{"type":"text"}}`: false,
		`{"response_format":{"type":"json_object"}}`: true,
		`{"response_format":{"type":"json_schema"}}`: true,
	} {
		r := &Reading{Text: keep, Part: passPart}
		if _, err := openAIChat.Read(nil, []byte(request), r); err != nil || openAIChat.AsksJSON(r) != want {
			t.Errorf("%s: want %v", request, want)
		}
	}
}

func TestHint(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{`{"messages":[{"role":"user","content":"hi"}]}`, `{"messages":[{"role":"system","content":"copy"},{"role":"user","content":"hi"}]}`},
		{`{"messages":[]}`, `{"messages":[{"role":"system","content":"copy"}]}`},
		{`{"messages":[{"role":"system","content":"be kind"}]}`, `{"messages":[{"role":"system","content":"be kind\n\ncopy"}]}`},
		{`{"messages":"?"}`, `{"messages":"?"}`},
	} {
		got, err := openAIHint([]byte(c.body), "copy")
		if err != nil || string(got) != c.want {
			t.Errorf("got %s (%v), want %s", got, err, c.want)
		}
	}
}

func FuzzRequest(f *testing.F) {
	for _, s := range []string{
		`{"messages":[{"role":"user","content":"a FOX"}]}`, `{"a":"\u0046OX\ud83d\ude00"}`, `[[[{"FOX":"FOX"}]]]`,
		`{"messages":[{"tool_calls":[{"function":{"arguments":"{\"a\":\"FOX\"}"}}]}]}`, `"FOX"`, `{"a":1,"a":2}`, "\xff",
		`{"messages":[{"tool_calls":[{"function":{"arguments":"{\"a\":\"[\\\"FOX\\\"]\"}"}}]}]}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		before := bytes.Clone(body)
		same, err := openAIChat.Request(nil, body, keep, passPart)
		if err != nil {
			return
		}
		if !bytes.Equal(same, before) {
			t.Fatal("the identity changed the body")
		}
		if !json.Valid(body) {
			t.Fatal("what is no JSON was accepted")
		}
		edited, err := openAIChat.Request(nil, body, swap("FOX", hard), passPart)
		if err != nil || !json.Valid(edited) {
			t.Fatalf("editing made no JSON of it (%v)", err)
		}
		if !bytes.Equal(body, before) {
			t.Fatal("the client's own bytes were overwritten")
		}
		back, err := openAIChat.Request(nil, edited, swap(hard, "FOX"), passPart)
		if err != nil {
			if strings.Contains(err.Error(), "twice") {
				return // two names became equal
			}
			t.Fatal(err)
		}
		if !json.Valid(back) {
			t.Fatal("going back made no JSON of it")
		}
	})
}

func BenchmarkRequest(b *testing.B) {
	body := []byte(`{"model":"m","messages":[` + strings.Repeat(`{"role":"user","content":"`+strings.Repeat("some words ", 40)+`"},`, 4) + `{"role":"user","content":"end"}]}`)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := openAIChat.Request(nil, body, keep, passPart); err != nil {
			b.Fatal(err)
		}
	}
}

// A card may stand as a number: its token is a string.
func TestLongNumber(t *testing.T) {
	for body, want := range map[string]string{
		`{"a":[4111111111111111,5]}`: `{"a":["CARD",5]}`,
		`{"messages":[{"tool_calls":[{"function":{"arguments":"{\"card\": 4111111111111111}"}}]}]}`: `{"messages":[{"tool_calls":[{"function":{"arguments":"{\"card\": \"CARD\"}"}}]}]}`,
		`{"a":-4111111111111111.5e7}`: `{"a":"-CARD.5e7"}`,
	} {
		got, err := openAIChat.Request(nil, []byte(body), swap("4111111111111111", "CARD"), passPart)
		if err != nil || string(got) != want {
			t.Errorf("got %s (%v), want %s", got, err, want)
		}
	}
}

// JSON is found in a string wherever it stands, with escapes of its own and with
// equal names; in an answer its strings stay whole.
func TestJSONInText(t *testing.T) {
	for in, want := range map[string]string{
		`{"messages":[{"role":"tool","content":" {\"a\":\"F\\u004fX\",\"a\":\"x\\nFOX\"} "}]}`: `{"messages":[{"role":"tool","content":" {\"a\":\"owl\",\"a\":\"x\\nowl\"} "}]}`,
		`{"x":"[1,{\"FOX\":4111111111111111}]"}`:                                               `{"x":"[1,{\"owl\":4111111111111111}]"}`,
		`{"x":"{ FOX }"}`:                                                                      `{"x":"{ owl }"}`,
	} {
		got, err := openAIChat.Request(nil, []byte(in), swap("FOX", "owl"), passPart)
		if err != nil || string(got) != want {
			t.Errorf("got %s (%v), want %s", got, err, want)
		}
	}
	const answer = `{"content":[{"type":"tool_use","input":{"a":"{\"k\":\"FOX\"}"}},{"type":"text","text":"{\"k\":\"FOX\"}"}]}`
	got, err := anthropicMessages.Answer(nil, []byte(answer), words{"FOX", hard}, false)
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		Content []struct {
			Text  string
			Input struct{ A string }
		}
	}
	if err := json.Unmarshal(got, &v); err != nil {
		t.Fatal(err)
	}
	for _, doc := range []string{v.Content[0].Input.A, v.Content[1].Text} {
		var inner struct{ K string }
		if err := json.Unmarshal([]byte(doc), &inner); err != nil || inner.K != hard {
			t.Errorf("the document inside is %q: %v", doc, err)
		}
	}
}

// What is listed as no text is a scalar: an object in its place is looked into,
// and so is what a schema gives as an example.
func TestSkipIsNoHole(t *testing.T) {
	for in, want := range map[string]string{
		`{"model":{"x":"FOX"}}`:         `{"model":{"x":"owl"}}`,
		`{"logit_bias":{"FOX":1}}`:      `{"logit_bias":{"owl":1}}`,
		`{"messages":[{"role":"FOX"}]}`: `{"messages":[{"role":"FOX"}]}`,
		`{"tools":[{"function":{"parameters":{"default":{"type":"FOX"},"enum":["FOX"],"type":"FOX"}}}]}`: `{"tools":[{"function":{"parameters":{"default":{"type":"owl"},"enum":["owl"],"type":"FOX"}}}]}`,
		`{"messages":[{"reasoning_details":[{"text":"FOX"}]}]}`:                                          `{"messages":[{"reasoning_details":[{"text":"FOX"}]}]}`,
	} {
		got, err := openAIChat.Request(nil, []byte(in), swap("FOX", "owl"), passPart)
		if err != nil || string(got) != want {
			t.Errorf("got %s (%v), want %s", got, err, want)
		}
	}
}

func TestTextThatLooksLikeAPart(t *testing.T) {
	hex := strings.Repeat("0123456789abcdef", 4)
	for in, want := range map[string]string{
		`{"messages":[{"content":[{"file":{"file_data":"` + hex + `\nFOX"}}]}]}`:                         "owl",
		`{"messages":[{"content":[{"file":{"file_data":"` + hex + `"}}]}]}`:                              hex,
		`{"messages":[{"content":[{"file":{"file_data":"data:text/plain,FOX"}}]}]}`:                      "owl",
		`{"messages":[{"content":[{"file":{"file_data":"data:text\/plain;base64,bWFpbCBGT1ggbm93"}}]}]}`: "bWFpbCBvd2wgbm93",
	} {
		got, err := openAIChat.Request(nil, []byte(in), swap("FOX", "owl"), passPart)
		if err != nil || !strings.Contains(string(got), want) {
			t.Errorf("got %s (%v), want %s in it", got, err, want)
		}
	}
}
