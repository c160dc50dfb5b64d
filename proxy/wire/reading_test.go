package wire

import (
	"strings"
	"testing"
)

// TestReadingFindsWhatStandsInTheBody holds that what a reading knows of a body is
// what a search of the whole body finds.
func TestReadingFindsWhatStandsInTheBody(t *testing.T) {
	paths := []string{"a", "a.b", "file_ids[]", "a[].b[].file_id", "a[].file_id", "a.b.response_type", "a[].file_ids[]", "store", "nothing.at_all"}
	for _, body := range []string{
		`{}`, `[]`, `7`, `{"a":null}`, `{"store":true,"a":{"b":"x"}}`, `{"file_ids":["x","y"]}`,
		`{"a":[{"file_id":"1"},{"b":[{"file_id":"2"},{}]}],"store":false}`,
		`{"a":{"b":{"response_type":{"k":1}}},"file_ids":[]}`, `{"a":[{"file_ids":["1","2"]},{"text":"a \"file_id\" _ here"}]}`,
		`{"nested":{"store":true,"a":{"b":"x"}}}`, ` { "store" : 1.50 , "a" : [ { "file_id" : "z" } ] } `,
	} {
		r := &Reading{Text: keep, Part: passPart}
		if _, err := openAIChat.Read(nil, []byte(body), r); err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if got, want := r.valueAt(path), valueAt([]byte(body), path); (got.Raw != want.Raw || got.Type != want.Type) && got.Raw+want.Raw != "[]" {
				t.Errorf("%s at %s: got %q, want %q", path, body, got.Raw, want.Raw)
			}
		}
	}
}

func TestHasName(t *testing.T) {
	for in, want := range map[string]bool{
		``: false, `_`: false, `{"file_id":1}`: true, `{"_file_id":1}`: false, `{"file_id_":1}`: false,
		`{"fileid":1,"file":"file_id"}`: true, `{"a":"____","file_id":1}`: true, `file_id"`: false, `"file_id`: false,
	} {
		if hasName([]byte(in), "file_id") != want {
			t.Errorf("%s: want %v", in, want)
		}
	}
	if !hasName([]byte(`{"store":1}`), "store") || hasName([]byte(strings.Repeat("restore ", 9)), "store") {
		t.Error("a name without underscores")
	}
}
