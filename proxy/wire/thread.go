package wire

import (
	"bytes"
	"strings"

	"github.com/tidwall/gjson"
)

// Thread is what a request goes on from, in the API's own names.
type Thread struct {
	// Conversation is what the API calls so: one text to which all add. "" is none.
	Conversation string
	// Turns are single answers, files or batches, each of which knows what came
	// before it.
	Turns []string
	// Kept says that the answer can be gone on from later.
	Kept bool
}

// maxTurns bounds how many turns one request goes on from.
const maxTurns = 64

// ThreadOf returns what a request to the path goes on from, once it was read.
func (f *Format) ThreadOf(path string, r *Reading) Thread {
	t := Thread{Kept: len(f.Named)+len(f.Born) > 0}
	_, p := lookUp(path)
	if t.Conversation = p.segment(path, threadSegment); t.Conversation == "" {
		if names := namesAt(r.valueAt, f.Thread, 1); len(names) > 0 {
			t.Conversation = names[0]
		}
	}
	if turn := p.segment(path, turnSegment); turn != "" {
		t.Turns = append(t.Turns, turn)
	}
	t.Turns = append(t.Turns, namesAt(r.valueAt, f.Follows, maxTurns)...)
	if f.Store != "" && len(r.body) > 0 {
		kept := r.valueAt(f.Store)
		t.Kept = t.Kept && (kept.Type == gjson.True || f.Stored && kept.Type != gjson.False)
	}
	return t
}

// NamesOf returns the names of the turns that begin with an answer or an event
// of one, and that of the conversation which does.
func (f *Format) NamesOf(answer []byte) (turns []string, conversation string) {
	at := func(path string) gjson.Result { return valueAt(answer, path) }
	if born := namesAt(at, f.Born, 1); len(born) > 0 {
		conversation = born[0]
	}
	return namesAt(at, f.Named, maxTurns), conversation
}

// namesAt returns at most limit names that stand at the paths.
func namesAt(at func(path string) gjson.Result, paths []string, limit int) (names []string) {
	for _, path := range paths {
		names = appendNames(names, at(path), limit)
	}
	return names
}

// valueAt returns what stands at the path in body, whose members are written
// without escapes; a member with [] behind it is a list, all of whose elements
// are meant. That a member is not there is so for most bodies, and is seen
// without reading them.
func valueAt(body []byte, path string) gjson.Result {
	quoted := make([]byte, 0, 64) // does not leave this function
	for name := range strings.SplitSeq(path, ".") {
		quoted = append(append(append(quoted[:0], '"'), strings.TrimSuffix(name, "[]")...), '"')
		if !bytes.Contains(body, quoted) {
			return gjson.Result{}
		}
	}
	if strings.Contains(path, "[]") {
		path = strings.ReplaceAll(strings.TrimSuffix(path, "[]"), "[]", ".#")
	}
	return gjson.GetBytes(body, path)
}

// appendNames appends the strings in v. A list of numbers, which Ollama calls a
// conversation's context, is a name as a whole.
func appendNames(names []string, v gjson.Result, limit int) []string {
	switch {
	case v.Type == gjson.String && v.Str != "":
		if len(names) < limit {
			names = append(names, strings.Clone(v.Str))
		}
	case v.IsArray() && gjson.Get(v.Raw, "0").Type == gjson.Number:
		if len(names) < limit {
			names = append(names, strings.Join(strings.Fields(v.Raw), ""))
		}
	case v.IsArray():
		v.ForEach(func(_, element gjson.Result) bool {
			names = appendNames(names, element, limit)
			return len(names) < limit
		})
	}
	return names
}
