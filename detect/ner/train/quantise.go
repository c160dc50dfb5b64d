package main

import (
	"math"
	"slices"

	"maskit/detect/ner"
)

// cut is one in how many weights is greater than a row can hold.
const cut = 1000

// tables rounds the weights to what rows hold.
func (c *crf) tables() *ner.Tables {
	var all []float32
	for i := range c.w {
		for _, x := range c.w[i].w {
			if x != 0 {
				all = append(all, float32(math.Abs(float64(x))))
			}
		}
	}
	slices.Sort(all)
	unit := float64(all[len(all)-1-len(all)/cut]) / ner.MostWeight
	t := &ner.Tables{Unit: unit / ner.WeightUnits}
	for i := range c.w {
		var row [numScores]int
		for j, x := range c.w[i].w {
			row[j] = int(min(max(math.Round(float64(x)/unit), -ner.MostWeight), ner.MostWeight))
		}
		t.Rows = ner.PackRow(t.Rows, &row)
	}
	for b := range c.trans {
		for s, x := range c.trans[b] {
			t.Transitions[b][s] = int32(math.Round(x / t.Unit))
		}
	}
	return t
}

// leanTo sets what is added to the beginnings of entities.
func leanTo(t *ner.Tables) {
	for script := range lean {
		for class, x := range lean[script] {
			t.Lean[script][class] = int32(math.Round(x / t.Unit))
		}
	}
}

// lean is added to what begins an entity of a class: a name that is missed
// costs more than a word that is masked in vain.
var lean = [3][ner.NumClasses]float64{ // of words, characters, and words that no dictionary has
	{ner.Person: 1.5, ner.Location: 1.4, ner.Organization: 0.4, ner.Address: 0.5},
	{ner.Person: 1.8, ner.Location: 1.4, ner.Organization: 0, ner.Address: 1},
	{ner.Person: 2.0, ner.Location: 1.6, ner.Organization: 0.6, ner.Address: 0.5},
}

// calibrate sets the curves to the share of right entities among those with
// about the same marginal, in texts that were not trained on, never falling.
func calibrate(t *ner.Tables, by scorer, kept []example) error {
	for class := range t.Curves {
		for i := range t.Curves[class] {
			t.Curves[class][i] = float32(i) / float32(len(t.Curves[class])-1)
		}
	}
	f, err := newFinder(t, by)
	if err != nil {
		return err
	}
	type point struct {
		p     float32
		right bool
	}
	var points [ner.NumClasses][]point
	for _, e := range kept {
		for _, x := range f.find(nil, []byte(e.text)) {
			right := slices.ContainsFunc(e.spans, func(s span) bool {
				return s.class == x.Class && s.start < x.End && x.Start < s.end
			})
			points[x.Class] = append(points[x.Class], point{x.Score, right})
		}
	}
	for class, all := range points {
		curve := &t.Curves[class]
		n := len(curve) - 1
		right, count := make([]float64, n+1), make([]float64, n+1)
		for _, p := range all {
			at := float64(p.p) * float64(n)
			i := min(int(at), n-1)
			high := at - float64(i)
			for j, w := range map[int]float64{i: 1 - high, i + 1: high} {
				count[j] += w
				if p.right {
					right[j] += w
				}
			}
		}
		const prior = 10 // examples of which the share is the marginal itself
		for i := range curve {
			p := float64(i) / float64(n)
			curve[i] = float32((right[i] + prior*p) / (count[i] + prior))
		}
		monotone(curve[:], count)
	}
	return nil
}

// monotone is the non-decreasing sequence nearest to y by weight: pool adjacent
// violators.
func monotone(y []float32, weight []float64) {
	type block struct {
		sum, weight float64
		n           int
	}
	var blocks []block
	for i, v := range y {
		w := weight[i] + 1e-6
		blocks = append(blocks, block{float64(v) * w, w, 1})
		for len(blocks) > 1 {
			a, b := &blocks[len(blocks)-2], blocks[len(blocks)-1]
			if a.sum/a.weight <= b.sum/b.weight {
				break
			}
			a.sum, a.weight, a.n = a.sum+b.sum, a.weight+b.weight, a.n+b.n
			blocks = blocks[:len(blocks)-1]
		}
	}
	i := 0
	for _, b := range blocks {
		for range b.n {
			y[i] = float32(b.sum / b.weight)
			i++
		}
	}
}
