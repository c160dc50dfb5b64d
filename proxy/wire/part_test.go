package wire

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
)

// Parts that say they are text are read: masked inside their base64.
func TestTextInBase64(t *testing.T) {
	const in, out = "bWFpbCBGT1ggbm93", "bWFpbCBvd2wgbm93" // mail FOX now, mail owl now
	for body, want := range map[string]string{
		`{"messages":[{"content":[{"file":{"file_data":"data:text/csv;charset=utf-8;base64,` + in + `"}}]}]}`: out,
		`{"messages":[{"content":[{"file":{"file_data":"data:application/pdf;base64,` + in + `"}}]}]}`:        in,
		`{"messages":[{"content":[{"image_url":{"url":"data:image/png;base64,` + in + `"}}]}]}`:               in,
	} {
		got, err := openAIChat.Request(nil, []byte(body), swap("FOX", "owl"), passPart)
		if err != nil || !strings.Contains(string(got), want) {
			t.Errorf("got %s, %v", got, err)
		}
	}
}

// Files in requests: of text ones the text is masked, each by what it is; of
// others the policy is asked, by their own type.
func TestFilesInRequests(t *testing.T) {
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	const json, csv = `{"a":"F\u004fX","b":"x"}`, "a,FOX\n"
	for body, c := range map[string]struct{ path, want, kind string }{
		`{"contents":[{"parts":[{"inlineData":{"mimeType":"text/csv","data":"` + b64(csv) + `"}}]}]}`:                                     {"/v1beta/models/g:generateContent", b64("a,owl\n"), ""},
		`{"contents":[{"parts":[{"inline_data":{"data":"` + b64(json) + `","mime_type":"application/json"}}]}]}`:                          {"/v1beta/models/g:generateContent", b64(`{"a":"owl","b":"x"}`), ""},
		`{"contents":[{"parts":[{"inlineData":{"mimeType":"image/png","data":"` + b64(csv) + `"}}]}]}`:                                    {"/v1beta/models/g:generateContent", b64(csv), "image"},
		`{"contents":[{"parts":[{"inlineData":{"mimeType":"text/plain","data":"%%FOX"}}]}]}`:                                              {"/v1beta/models/g:generateContent", "%%FOX", "file"},
		`{"contents":[{"parts":[{"inlineData":{"data":"` + b64(csv) + `"}}]}]}`:                                                           {"/v1beta/models/g:generateContent", b64(csv), "file"},
		`{"contents":[{"parts":[{"inlineData":{"mimeType":"text/plain","data":"` + b64("\xff\x00FOX") + `"}}]}]}`:                         {"/v1beta/models/g:generateContent", b64("\xff\x00FOX"), "file"},
		`{"messages":[{"content":[{"type":"document","source":{"type":"text","media_type":"text/plain","data":"of FOX"}}]}]}`:             {"/v1/messages", "of owl", ""},
		`{"messages":[{"content":[{"type":"document","source":{"type":"text","media_type":"text/plain","data":"aFOX"}}]}]}`:               {"/v1/messages", "aowl", ""},
		`{"messages":[{"content":[{"type":"document","source":{"type":"base64","media_type":"text/plain","data":"` + b64(csv) + `"}}]}]}`: {"/v1/messages", b64("a,owl\n"), ""},
		`{"messages":[{"content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]}]}`:                 {"/v1/messages", "AAAA", "image"},
		`{"messages":[{"content":[{"file":{"file_data":"DATA:Text/Plain;BASE64,` + b64(csv) + `"}}]}]}`:                                   {"/v1/chat/completions", b64("a,owl\n"), ""},
		`{"messages":[{"content":[{"file":{"file_data":"data:text/plain,of%20FOX"}}]}]}`:                                                  {"/v1/chat/completions", "of%20owl", ""},
		`{"messages":[{"content":[{"file":{"file_data":"data:,of%20%46OX"}}]}]}`:                                                          {"/v1/chat/completions", "of%20owl", ""},
		`{"messages":[{"content":[{"file":{"file_data":"data:text/plain,%zz"}}]}]}`:                                                       {"/v1/chat/completions", "%zz", "file"},
		`{"messages":[{"content":[{"image_url":{"url":"data:application/pdf;base64,AAAA"}}]}]}`:                                           {"/v1/chat/completions", "AAAA", "file"},
		`{"messages":[{"content":[{"image_url":{"url":"https://x.example/FOX"}}]}]}`:                                                      {"/v1/chat/completions", "example/owl", ""},
	} {
		var kinds []string
		got, err := For(c.path).Request(nil, []byte(body), swap("FOX", "owl"), func(kind string) error {
			kinds = append(kinds, kind)
			return nil
		})
		if err != nil || !strings.Contains(string(got), c.want) || strings.Join(kinds, " ") != c.kind {
			t.Errorf("%s\n got %s, %v, %v", body, got, kinds, err)
		}
	}
}

// A number is looked at behind its name, in whatever way the name is written; what
// is somebody's becomes a string.
func TestNumbers(t *testing.T) {
	var seen []string
	text := func(text []byte, emit Emit) error {
		if i := strings.Index(string(text), ": "); i >= 0 {
			seen = append(seen, string(text))
			if strings.HasPrefix(strings.ToLower(string(text)), "customer ssn") {
				emit(i+2, len(text), `T"1`)
			}
		}
		return nil
	}
	const body = `{"customerSSN":536221234,"customer_ssn":[536221234,1234],"seed":536221234,"n":52.25001,"max_tokens":4096,"messages":[{"tool_calls":[{"function":{"arguments":"{\"customer.ssn\":536221234}"}}]}]}`
	const want = `{"customerSSN":"T\"1","customer_ssn":["T\"1",1234],"seed":536221234,"n":52.25001,"max_tokens":4096,"messages":[{"tool_calls":[{"function":{"arguments":"{\"customer.ssn\":\"T\\\"1\"}"}}]}]}`
	var kinds []string
	got, err := openAIChat.Request(nil, []byte(body), text, func(kind string) error {
		kinds = append(kinds, kind)
		return nil
	})
	if err != nil || string(got) != want {
		t.Errorf("got  %s (%v)\nwant %s", got, err, want)
	}
	if strings.Join(kinds, " ") != "number number number" {
		t.Errorf("told of %v", kinds)
	}
	if all := strings.Join(seen, "|"); all != "customer SSN: 536221234|customer ssn: 536221234|seed: 536221234|n: 52.25001|customer ssn: 536221234" {
		t.Errorf("asked about %s", all)
	}
	if _, err := openAIChat.Request(nil, []byte(body), text, func(string) error { return errors.ErrUnsupported }); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("a number that is refused: %v", err)
	}
}
