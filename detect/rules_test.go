package detect

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// around are the kinds whose values hold those of others or stand beside them.
var around = []Kind{"URL", "DOMAIN_NAME", "DATE_TIME"}

// all is an engine with every built-in kind switched on, but for those around
// others.
func all(t testing.TB) *Engine {
	t.Helper()
	cfg := rulesOnly()
	for _, k := range Kinds {
		if !k.Default && !slices.Contains(around, k.Kind) {
			cfg.Enable = append(cfg.Enable, k.Kind)
		}
	}
	return compile(t, cfg)
}

// rulesOnly is the standard policy without the model, which finds names in what
// these texts have around values.
func rulesOnly() Config {
	cfg := DefaultConfig()
	cfg.Model = false
	return cfg
}

func compile(t testing.TB, cfg Config) *Engine {
	t.Helper()
	e, err := Compile(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func find(t testing.TB, e *Engine, text string) []Span {
	t.Helper()
	spans, err := e.Find(context.Background(), nil, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return spans
}

// parseHit takes the marks out of a hit and returns where the values are.
func parseHit(t testing.TB, hit string) (text string, want [][2]int) {
	t.Helper()
	for {
		before, rest, ok := strings.Cut(hit, "«")
		text += before
		if !ok {
			break
		}
		value, after, ok := strings.Cut(rest, "»")
		if !ok {
			t.Fatal("a hit opens a mark that it does not close")
		}
		want = append(want, [2]int{len(text), len(text) + len(value)})
		text += value
		hit = after
	}
	if len(want) == 0 {
		t.Fatal("a hit marks no value")
	}
	return text, want
}

// TestRules runs all hits and misses of the table, each by itself and inside
// other texts.
func TestRules(t *testing.T) {
	engine := all(t)
	places := []struct{ name, before, after string }{
		{"alone", "", ""},
		{"at the start", "", " and then some more words follow, as they do."},
		{"at the end", "Some words come first, as they do, and then it stands here: ", ""},
		{"in prose", "Dear all,\nplease note this. ", "\nKind regards and see you soon."},
		{"far inside", strings.Repeat("All work and no play makes a dull text. ", 20), strings.Repeat(" It goes on and on.", 20)},
		{"between CJK characters", "请注意。", "。谢谢你"},
		{"in brackets", "(", ")"},
	}
	for _, r := range Rules {
		engine := engine
		if slices.Contains(around, r.Kind) {
			engine = only(t, []Kind{r.Kind}, DefaultConfig().MinScore)
		}
		t.Run(r.Name, func(t *testing.T) {
			if len(r.Hits) == 0 || len(r.Misses) == 0 {
				t.Error("a rule needs hits and misses")
			}
			for i, hit := range r.Hits {
				text, want := parseHit(t, hit)
				for _, p := range places {
					check(t, engine, fmt.Sprintf("hit %d %s", i, p.name), p.before+text+p.after, r.Kind, shift(want, len(p.before)))
				}
				if !strings.ContainsAny(text, "\"\\\n") {
					before := `{"role":"user","content":"`
					check(t, engine, fmt.Sprintf("hit %d in JSON", i), before+text+`"}`, r.Kind, shift(want, len(before)))
				}
			}
			for i, miss := range r.Misses {
				for _, p := range places {
					check(t, engine, fmt.Sprintf("miss %d %s", i, p.name), p.before+miss+p.after, r.Kind, nil)
				}
			}
		})
	}
}

func shift(spans [][2]int, by int) [][2]int {
	out := make([][2]int, len(spans))
	for i, s := range spans {
		out[i] = [2]int{s[0] + by, s[1] + by}
	}
	return out
}

// check compares the findings of kind in text with want; for a hit there must
// be no other finding either.
func check(t *testing.T, e *Engine, name, text string, kind Kind, want [][2]int) {
	t.Helper()
	var got [][2]int
	for _, s := range find(t, e, text) {
		if s.Kind == kind || want != nil {
			got = append(got, [2]int{s.Start, s.End})
		}
		if s.Kind != kind && want != nil {
			t.Errorf("%s: a %s at [%d:%d] by rule %s", name, s.Kind, s.Start, s.End, s.Rule)
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: found %v, want %v", name, got, want)
	}
}

// Texts begin and end anywhere within a value and what stands around it: no rule
// may look beyond them.
func TestHitsCutOffAnywhere(t *testing.T) {
	e := all(t)
	for _, r := range Rules {
		for _, hit := range r.Hits {
			text, _ := parseHit(t, hit)
			for i := range len(text) {
				mustNotPanic(t, r.Name, i, func() {
					find(t, e, text[i:])
					find(t, e, text[:i])
				})
			}
		}
	}
}
