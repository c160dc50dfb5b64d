package main

import (
	"math"

	"maskit/detect/ner"
)

// trainBoth makes a crf, and a scorer that takes the mean of what it and a conv
// say, which err at different places.
func trainBoth(j job) (*ner.Tables, scorer) {
	t, _ := trainCRF(j)
	c := learnConv(j)
	for b := range t.Transitions {
		for s, x := range c.chain.trans[b] {
			t.Transitions[b][s] = (t.Transitions[b][s] + int32(math.Round(x/t.Unit))) / 2
		}
	}
	j.words.Tables(t)
	m, err := t.Model()
	if err != nil {
		panic("BUG: " + err.Error()) // The tables were made a moment ago.
	}
	var more [][numTags]int32
	return t, func(s *ner.Sample, from, to int, scores [][numTags]int32) {
		more = append(more[:0], scores...)
		ner.Score(m, s, from, scores)
		c.scores(s, from, to, more)
		for i := range scores {
			for k, y := range more[i] {
				scores[i][k] = (scores[i][k] + int32(float64(y)*netUnit/t.Unit)) / 2
			}
		}
	}
}
