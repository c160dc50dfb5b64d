package audit

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

// texts are strings of which the encoder must make what encoding/json does.
var texts = []string{"acme", `a "b" \ c`, "<&>", "tab\tline\n\x00\x7f", "Größe 東京 🦅", "\u2028\u2029", "no \xff UTF-8", ""}

// fill sets a field to something that is not empty.
func fill(t *testing.T, v reflect.Value, text string) {
	t.Helper()
	switch v.Interface().(type) {
	case string:
		v.SetString(text)
	case int, int64:
		v.SetInt(-42)
	case uint64:
		v.SetUint(1<<64 - 1)
	case bool:
		v.SetBool(true)
	case time.Time:
		v.Set(reflect.ValueOf(time.Date(2026, 1, 2, 3, 4, 5, 60_700_000, time.FixedZone("", 3600))))
	case []string:
		v.Set(reflect.ValueOf([]string{text, "EMAIL7TX3W9KD"}))
	case map[string]int:
		v.Set(reflect.ValueOf(map[string]int{"PERSON": 3, text: 0, "EMAIL_ADDRESS": 12}))
	default:
		t.Fatalf("no value of type %s: add one here, and a line to appendJSON", v.Type())
	}
}

// Each field alone, and all of them, are written as encoding/json writes them:
// trails that were written so verify, and readers need not know.
func TestEncode(t *testing.T) {
	check := func(r *Record) {
		t.Helper()
		want, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.appendJSON([]byte("before")); string(got) != "before"+string(want) {
			t.Errorf("got  %s\nwant before%s", got, want)
		}
	}
	check(&Record{})
	for _, text := range texts {
		all := &Record{}
		for i := range reflect.TypeFor[Record]().NumField() {
			one := &Record{}
			fill(t, reflect.ValueOf(one).Elem().Field(i), text)
			check(one)
			fill(t, reflect.ValueOf(all).Elem().Field(i), text)
		}
		check(all)
	}
}

func FuzzEncode(f *testing.F) {
	for _, text := range texts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := &Record{Reason: text, Found: map[string]int{text: 1, "A": 2}}
		want, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.appendJSON(nil); string(got) != string(want) {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}
