package wire

import (
	"slices"
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
			// An empty list of names is as good as none.
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

// remembering is a Past that knows one beginning of a body.
type remembering struct {
	size   int
	asked  []int
	passed []int
	walked []int
	edits  []edit
}

func (r *remembering) Resume(_ string, _ []byte, at int, cut func(dst, raw []byte, escaped bool) []byte, emit Emit) int {
	r.asked = append(r.asked, at)
	if at < r.size {
		emit(at+5, at+8, string(cut(nil, []byte(`\u006fwl`), true))+string(cut(nil, []byte(`\`), true)))
		return r.size
	}
	return 0
}

func (r *remembering) Passed(end int) { r.passed = append(r.passed, end) }

func (r *remembering) Walked(at int, edits func(Emit)) {
	r.walked = append(r.walked, at)
	edits(func(start, end int, with string) { r.edits = append(r.edits, edit{start, end, with}) })
}

// TestPast holds of which arrays a Past is asked and told, that nothing is read of what
// it knows, and all that follows.
func TestPast(t *testing.T) {
	const body = `{"a":[{"b":"FOX"},{"c":["FOX"]}],"d":[1,2],"e":{"f":[{}]},"g":[ {"h":"FOX"} ]}`
	past := &remembering{}
	got, err := openAIChat.Read(nil, []byte(body), &Reading{Text: swap("FOX", "owl"), Part: passPart, Past: past})
	if err != nil || string(got) != strings.ReplaceAll(body, "FOX", "owl") {
		t.Fatal(string(got), err)
	}
	d, g := strings.Index(body, `1,2`), strings.Index(body, `{"h"`)
	if !slices.Equal(past.walked, []int{6, d, g}) || !slices.Equal(past.passed, []int{17, 31, g + 11}) {
		t.Errorf("told of arrays at %v, elements that end at %v", past.walked, past.passed)
	}
	if len(past.asked) != 3 || len(past.edits) != 3 || past.edits[0] != (edit{12, 15, "owl"}) {
		t.Errorf("asked at %v, told of %v", past.asked, past.edits)
	}
	for rest, ok := range map[string]bool{`]}`: true, `,{"b":"FOX"}]}`: true, `,7]} `: true, ``: false, `,]}`: false, `7]}`: false, `],"a":[]}`: false, `}`: false} {
		begins := `{"a":[{"b":FOX not JSON}` // As the Past says, this has been read.
		got, err := openAIChat.Read(nil, []byte(begins+rest), &Reading{Text: swap("FOX", "owl"), Part: passPart, Past: &remembering{size: len(begins)}})
		if (err == nil) != ok {
			t.Errorf("%s: %v", rest, err)
		}
		if want := strings.Replace(begins, `FOX`, "owl", 1) + strings.ReplaceAll(rest, "FOX", "owl"); ok && string(got) != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
