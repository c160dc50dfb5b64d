package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"maskit/detect/ner"
)

// TestTrainers holds that each architecture learns what a few sentences have in
// common, and finds a name that it never saw.
func TestTrainers(t *testing.T) {
	words, err := ner.NewWords(map[string]ner.Info{"the": ner.ListCommon, "met": ner.ListCommon, "in": ner.ListCommon, "opened": ner.ListCommon})
	if err != nil {
		t.Fatal(err)
	}
	var all []example
	syllables := []string{"Ka", "Lo", "Mi", "Te", "Ru"}
	for _, a := range syllables {
		for _, b := range syllables {
			person, thing := a+strings.ToLower(b)+"n", b+strings.ToLower(a)+"x"
			text := "we met " + person + " and opened the " + thing + " box"
			all = append(all, example{text, []span{{7, 7 + len(person), ner.Person}}, 1})
		}
	}
	var runs []run
	for range 40 {
		more, lost := makeRuns(words, all)
		if lost > 0 {
			t.Fatalf("%v of the tokens of entities are no candidates", lost)
		}
		runs = append(runs, more...)
	}
	for _, trainer := range trainers {
		t.Run(trainer.name, func(t *testing.T) {
			j := job{words: words, runs: runs, logRows: 14, r: rand.New(rand.NewPCG(1, 2)), say: t.Logf}
			tables, by := trainer.train(j)
			words.Tables(tables)
			f, err := newFinder(tables, by)
			if err != nil {
				t.Fatal(err)
			}
			text := "yesterday we met Zuvon and opened the Fepox box"
			var found []string
			for _, e := range f.find(nil, []byte(text)) {
				found = append(found, fmt.Sprint(e.Class, text[e.Start:e.End]))
			}
			if want := []string{"0Zuvon"}; !slices.Equal(found, want) {
				t.Errorf("found %q, want %q", found, want)
			}
		})
	}
}

// TestLayerGradient compares the gradients of two layers with what a small
// change of each weight, and of the input, does.
func TestLayerGradient(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	in := newParam(6*8, 1, r)
	first := &layer{width: 3, in: 8, out: 4, w: newParam(3*8*4, 0.3, r), b: newParam(4, 0.1, r)}
	second := &layer{width: 1, in: 4, out: 4, last: true, w: newParam(4*4, 0.3, r), b: newParam(4, 0.1, r)}
	forward := func() (mid, out []float32) {
		mid = first.forward(nil, in.w, nil)
		return mid, second.forward(nil, mid, nil)
	}
	mid, out := forward()
	ones := slices.Repeat([]float32{1}, len(out)) // The loss is the sum of what comes out.
	grad := second.backward(nil, ones, out, mid)
	for i := range grad {
		grad[i] *= 1 - outDropped // What backward undoes was not done: nothing was dropped.
	}
	copy(in.grad, first.backward(nil, grad, mid, in.w))
	sum := func() (s float64) {
		_, out := forward()
		for _, y := range out {
			s += float64(y)
		}
		return s
	}
	const by = 1e-2
	for name, p := range map[string]param{"input": in, "first w": first.w, "first b": first.b, "second w": second.w, "second b": second.b} {
		for i, x := range p.w {
			p.w[i] = x + by
			more := sum()
			p.w[i] = x - by
			change := (more - sum()) / (2 * by)
			p.w[i] = x
			if d := change - float64(p.grad[i]); math.Abs(d) > 0.05 {
				t.Errorf("%s %d: gradient %v, changes by %v", name, i, p.grad[i], change)
			}
		}
	}
}
