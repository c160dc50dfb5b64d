package wire

import (
	"bytes"

	"github.com/tidwall/gjson"
)

// A string is often known by the name of its member alone: "hunter2" is a
// password under "password", and nine digits are a number of social security
// under "ssn".

// minNamed and maxNamed are the lengths in bytes of strings that are looked at
// behind their names: shorter ones are flags and counts, longer ones tell
// themselves what they are. maxName is that of names.
const (
	minNamed = 4
	maxNamed = 256
	maxName  = 64
)

// settingSize is how many bytes of an object are looked through for a setting's name:
// an object may have many values, and each asks.
const settingSize = 512

// called returns the name of the member at hand; in a list of settings, such as
// {"name": "DB_PASSWORD", "value": "hunter2"}, that of the setting.
func (w *walker) called() []byte {
	if bytes.EqualFold(w.name, []byte("value")) {
		object := w.src[w.brace:min(len(w.src), w.brace+settingSize)]
		for _, name := range []string{"name", "key", "Name", "Key"} {
			if t := gjson.GetBytes(object, name); t.Type == gjson.String {
				return []byte(t.Str)
			}
		}
	}
	return w.name
}

// handBehind hands out a text; and where nothing is found in it, once more behind
// the beginning of its member, such as "password": ", as it would stand in JSON.
func handBehind(member, text []byte, hand Text, emit Emit) error {
	found := false
	err := hand(text, func(start, end int, with string) {
		found = true
		emit(start, end, with)
	})
	text = bytes.TrimRight(text, " \t\r\n") // A line end before the quote is in no value.
	if err != nil || found || len(member) == 0 || len(text) < minNamed || len(text) > maxNamed {
		return err
	}
	at := len(member)
	both := append(append(bytes.Clone(member), text...), '"')
	return hand(both, func(start, end int, with string) {
		if at <= start && end <= at+len(text) {
			emit(start-at, end-at, with)
		}
	})
}

// nameBefore returns the beginning of the member whose string begins at at, quote
// included, nil if none is written there.
func nameBefore(text []byte, at int) []byte {
	before := bytes.TrimRight(text[max(0, at-maxName-4):at], " ")
	before, ok := bytes.CutSuffix(before, []byte(":"))
	if !ok {
		return nil
	}
	before, ok = bytes.CutSuffix(bytes.TrimRight(before, " "), []byte(`"`))
	if !ok {
		return nil
	}
	return beginMember(before[bytes.LastIndexByte(before, '"')+1:])
}

// beginMember returns the beginning of a member of that name, whose value is a
// string; nil if the name is none that a programmer gives.
func beginMember(name []byte) []byte {
	if len(name) == 0 || len(name) > maxName {
		return nil
	}
	for _, c := range name {
		if !('a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '_' || c == '-' || c == '.') {
			return nil
		}
	}
	return append(append([]byte(`"`), name...), `": "`...)
}
