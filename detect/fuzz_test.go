package detect

import (
	"context"
	"strings"
	"testing"
	"unicode/utf8"
)

// before and after stand around a text that is also looked at by itself.
var (
	before = "These words stand first." + strings.Repeat("\n", reachBefore)
	after  = strings.Repeat("\n", reachBefore) + "These words stand behind."
)

// seeds are the hits and misses of the table, and texts that try the scan.
func seeds(f *testing.F) {
	for _, r := range Rules {
		for _, hit := range r.Hits {
			text, _ := parseHit(f, hit)
			f.Add([]byte(text))
		}
		for _, miss := range r.Misses {
			f.Add([]byte(miss))
		}
	}
	for _, s := range adversarial {
		f.Add(repeat(s, 200))
	}
	f.Add([]byte("４１１１\u200b1111 1111 1111 \xff\xfe e\u0301 Blue Falcon 비밀프로젝트"))
}

func FuzzFind(f *testing.F) {
	seeds(f)
	cfg := rulesOnly()
	cfg.Enable = []Kind{LocalIPAddress}
	cfg.Dictionaries = []Dictionary{{Kind: "PROJECT", Terms: []string{"Blue Falcon", "비밀 프로젝트", "AT&T", "é"}}}
	engine := compile(f, cfg)
	ctx := context.Background()
	f.Fuzz(func(t *testing.T, text []byte) {
		spans, err := engine.Find(ctx, nil, text)
		if err != nil {
			t.Fatal(err)
		}
		last := 0
		for _, s := range spans {
			if s.Start < last || s.End <= s.Start || s.End > len(text) {
				t.Fatalf("span [%d:%d] after %d in %d bytes", s.Start, s.End, last, len(text))
			}
			if utf8.Valid(text) && !(utf8.RuneStart(text[s.Start]) && (s.End == len(text) || utf8.RuneStart(text[s.End]))) {
				t.Fatalf("span [%d:%d] cuts a character", s.Start, s.End)
			}
			last = s.End
		}
		again, err := engine.Find(ctx, nil, text)
		if err != nil || len(again) != len(spans) {
			t.Fatalf("%d spans, then %d, %v", len(spans), len(again), err)
		}
		if !utf8.Valid(text) {
			return
		}
		// Words before and after change nothing, for as long as they are none
		// that a rule looks for.
		framed, err := engine.Find(ctx, nil, []byte(before+string(text)+after))
		if err != nil || len(framed) != len(spans) {
			t.Fatalf("%d spans alone, %d among words, %v", len(spans), len(framed), err)
		}
		for i, s := range framed {
			if s.Start-len(before) != spans[i].Start || s.End-len(before) != spans[i].End || s.Kind != spans[i].Kind {
				t.Fatalf("%s at [%d:%d] alone, %s at [%d:%d] among words", spans[i].Kind, spans[i].Start, spans[i].End, s.Kind, s.Start-len(before), s.End-len(before))
			}
		}
	})
}

func FuzzNormalise(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		v := Normalise(text)
		last := 0
		for i := range v.Text {
			start, end := v.Span(i, i+1)
			if start < last || end <= start || end > len(text) {
				t.Fatalf("byte %d of the view comes from [%d:%d], after %d, of %d bytes", i, start, end, last, len(text))
			}
			last = start
		}
		if len(v.Text) > 0 {
			whole, _ := v.Span(0, len(v.Text))
			first, _ := v.Span(0, 1)
			if whole != first {
				t.Fatalf("the view begins at %d and at %d", whole, first)
			}
		}
		if again := Normalise(v.Text); utf8.Valid(text) && len(again.Text) > 0 && string(again.Text) != string(v.Text) {
			// Dropping a character may join two that combine: then once more is enough.
			if twice := Normalise(again.Text); string(twice.Text) != string(again.Text) {
				t.Fatalf("normalising does not end")
			}
		}
	})
}
