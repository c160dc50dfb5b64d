package eval

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maskit/detect"
)

// finds is a detector that finds words: what stands behind each is its kind.
type finds map[string]detect.Kind

func (f finds) Find(_ context.Context, dst []detect.Span, text []byte) ([]detect.Span, error) {
	for from := 0; from < len(text); {
		end := from
		for end < len(text) && text[end] != ' ' {
			end++
		}
		if k, ok := f[string(text[from:end])]; ok {
			dst = append(dst, detect.Span{Start: from, End: end, Kind: k, Rule: "word", Score: 1})
		}
		from = end + 1
	}
	return dst, nil
}

// set reads texts in which values stand as [kind : value].
func set(t *testing.T, texts ...string) []Set {
	t.Helper()
	var b strings.Builder
	for _, x := range texts {
		line, err := json.Marshal(map[string]string{"annotated": x})
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	s, err := Read("own.jsonl", strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return []Set{s}
}

func measure(t *testing.T, d detect.Detector, sets []Set, opts Options) (*Counts, *Report) {
	t.Helper()
	if opts.IoU == 0 {
		opts.IoU = 0.5
	}
	c, err := Measure(t.Context(), d, sets, opts)
	if err != nil {
		t.Fatal(err)
	}
	return c, c.Report("", sets)
}

func value(f *Figure) float64 {
	if f == nil {
		return math.NaN()
	}
	return math.Round(f.Value*1e4) / 1e4
}

func TestFigures(t *testing.T) {
	sets := set(t,
		"write to [email : a@b] or [email : c@d] now",
		"call [phone : 555] or [ssn : 777] then one two three",
		"nothing is here",
	)
	d := finds{"a@b": "EMAIL_ADDRESS", "777": "PHONE_NUMBER", "nothing": "PERSON", "555": "PHONE_NUMBER"}
	_, r := measure(t, d, sets, Options{Claimed: []detect.Kind{"EMAIL_ADDRESS", "PHONE_NUMBER"}})

	// Four labels, four findings; two are the same with their kind, three without.
	got := map[string]float64{
		"recall": value(r.All.Typed.Recall), "precision": value(r.All.Typed.Precision),
		"F1": value(r.All.Typed.F1), "F2": value(r.All.Typed.F2),
		"any recall": value(r.All.Any.Recall), "any precision": value(r.All.Any.Precision),
		"claimed recall": value(r.Claimed.Typed.Recall), "claimed precision": value(r.Claimed.Typed.Precision),
		"leak": value(r.All.Leak), "over": value(r.OverMasks),
	}
	want := map[string]float64{
		"recall": 0.5, "precision": 0.5, "F1": 0.5, "F2": 0.5,
		"any recall": 0.75, "any precision": 0.75,
		"claimed recall": 0.6667, "claimed precision": 0.6667,
		"leak": 0.25,                         // 3 of 12 characters
		"over": math.Round(1.0/13*1e4) / 1e4, // of 4 + 6 + 3 words outside of labels
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var kinds []string
	for _, row := range r.Kinds {
		kinds = append(kinds, string(row.Kind))
	}
	if got := strings.Join(kinds, " "); got != "EMAIL_ADDRESS PERSON PHONE_NUMBER US_SSN" {
		t.Errorf("kinds: %s", got)
	}
	if p := r.Kinds[1]; p.Typed.Recall != nil || p.Claimed || value(p.Typed.Precision) != 0 {
		t.Errorf("a kind that is found in vain: %+v", p)
	}
}

// TestJoined holds that a value labelled part by part is one, and what a word
// parts is not.
func TestJoined(t *testing.T) {
	sets := set(t, "at [STREET_ADDRESS : 12 Elm] , [LOCATION : Bern] and [LOCATION : Thun]")
	d := finds{"12": "STREET_ADDRESS", "Elm": "STREET_ADDRESS", "Bern": "LOCATION", "Thun": "LOCATION"}
	for _, c := range []struct {
		joined                      bool
		recall, precision, labelled float64
	}{{false, 0.6667, 0.5, 3}, {true, 1, 1, 2}} {
		_, r := measure(t, d, sets, Options{IoU: 0.9, Joined: c.joined})
		if value(r.All.Any.Recall) != c.recall || value(r.All.Any.Precision) != c.precision || float64(r.All.Labelled) != c.labelled || r.Joined != c.joined {
			t.Errorf("joined %t: recall %v, precision %v of %d labels", c.joined, value(r.All.Any.Recall), value(r.All.Any.Precision), r.All.Labelled)
		}
		if len(sets[0].Texts[0].Spans) != 3 {
			t.Fatal("the labels of the set have changed")
		}
	}
}

func TestF2WeighsRecall(t *testing.T) {
	f2 := fScore(2, recall, precision)
	v, ok := f2(tally{labelled: 10, predicted: 5, hit: 5}) // recall 1/2, precision 1
	if want := 5 * 0.5 / (4 + 0.5); !ok || math.Abs(v-want) > 1e-12 {
		t.Errorf("F2 is %v, want %v", v, want)
	}
	if v, ok := f2(tally{labelled: 1}); v != 0 || !ok {
		t.Errorf("nothing found: %v, %t", v, ok)
	}
	if _, ok := f2(tally{predicted: 1}); ok {
		t.Error("there is an F2 without labels")
	}
}

func TestOverlap(t *testing.T) {
	labels := []Label{{0, 10, "A"}, {20, 30, "A"}}
	found := []detect.Span{{Start: 0, End: 6, Kind: "A"}, {Start: 6, End: 10, Kind: "A"}, {Start: 18, End: 30, Kind: "B"}}
	for _, c := range []struct {
		iou   float64
		typed bool
		want  int
	}{
		{0.3, true, 1},
		{0.3, false, 2},
		{0.6, false, 2},
		{0.7, false, 1},
		{0.9, false, 0},
	} {
		if got := len(pairs(labels, found, c.iou, c.typed)); got != c.want {
			t.Errorf("IoU %v, typed %t: %d pairs, want %d", c.iou, c.typed, got, c.want)
		}
	}
	if best := pairs(labels, found, 0.3, true); best[0].found != 0 {
		t.Error("the better of two findings is not the one that counts")
	}
}

func TestSameCountsSameReport(t *testing.T) {
	sets := set(t, "[email : a@b] x", "[email : c@d] y", "[email : e@f] z", "w w w")
	d := finds{"a@b": "EMAIL_ADDRESS", "z": "EMAIL_ADDRESS"}
	_, a := measure(t, d, sets, Options{})
	_, b := measure(t, d, sets, Options{})
	a.MBPerSec, b.MBPerSec = 0, 0
	if diff := cmp.Diff(a, b); diff != "" {
		t.Error(diff)
	}
	if f := a.All.Typed.Recall; !(f.Low <= f.Value && f.Value <= f.High && f.Low < f.High) {
		t.Errorf("bounds: %+v", *f)
	}
}

func TestCompare(t *testing.T) {
	var texts []string
	for range 40 {
		texts = append(texts, "[email : a@b] and [phone : 555] x")
	}
	sets := set(t, texts...)
	claimed := []detect.Kind{"EMAIL_ADDRESS", "PHONE_NUMBER"}
	_, a := measure(t, finds{"a@b": "EMAIL_ADDRESS"}, sets, Options{Claimed: claimed})
	_, b := measure(t, finds{"a@b": "EMAIL_ADDRESS", "555": "PHONE_NUMBER"}, sets, Options{Claimed: claimed})
	if got := Compare(a, a); len(got) != 0 {
		t.Errorf("%d changes from a report to itself", len(got))
	}
	var got []string
	for _, c := range Compare(a, b) {
		if !c.Sure {
			t.Errorf("%s %s is not sure", c.Kind, c.Figure)
		}
		got = append(got, strings.TrimSpace(string(c.Kind)+" "+c.Figure))
	}
	want := []string{"recall", "F2", "leak", "PHONE_NUMBER recall", "PHONE_NUMBER precision", "PHONE_NUMBER F2", "PHONE_NUMBER leak"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestExamplesOnlyIfAskedFor(t *testing.T) {
	sets := set(t, "write to [email : a@b] or x", "and [email : c@d] y")
	d := finds{"x": "EMAIL_ADDRESS", "y": "EMAIL_ADDRESS"}
	if c, _ := measure(t, d, sets, Options{}); len(c.Examples) != 0 {
		t.Errorf("%d examples, none was asked for", len(c.Examples))
	}
	c, r := measure(t, d, sets, Options{Examples: 1, Claimed: []detect.Kind{"EMAIL_ADDRESS"}})
	want := []Example{
		{Set: "own.jsonl", ID: "1", Kind: "EMAIL_ADDRESS", Before: "write to ", Value: "a@b", After: " or x"},
		{Set: "own.jsonl", ID: "1", Kind: "EMAIL_ADDRESS", Rule: "word", Before: "write to a@b or ", Value: "x"},
	}
	if diff := cmp.Diff(want, c.Examples); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	out, err := json.Marshal(r)
	if err != nil || bytes.Contains(out, []byte("a@b")) {
		t.Errorf("the report quotes a text, or: %v", err)
	}
}

type broken struct{}

func (broken) Find(context.Context, []detect.Span, []byte) ([]detect.Span, error) {
	return nil, errors.New("out of order")
}

func TestMeasureFails(t *testing.T) {
	sets := set(t, "[email : a@b]")
	if _, err := Measure(t.Context(), broken{}, sets, Options{IoU: 0.5}); err == nil || err.Error() != "eval: own.jsonl, text 1: out of order" {
		t.Errorf("error: %v", err)
	}
	for _, iou := range []float64{0, -1, 1.5, math.NaN()} {
		if _, err := Measure(t.Context(), finds{}, sets, Options{IoU: iou}); err == nil {
			t.Errorf("an IoU of %v is taken", iou)
		}
	}
}
