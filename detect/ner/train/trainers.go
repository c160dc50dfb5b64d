package main

import (
	"fmt"
	"math/rand/v2"

	"maskit/detect/ner"
)

// trainers are the architectures that were compared; docs/DETECTION.md has the
// table. The first one is shipped.
var trainers = []trainer{
	{"crf", trainCRF},               // crf.go
	{"perceptron", trainPerceptron}, // perceptron.go
	{"conv", trainConv},             // conv.go, layer.go
	{"both", trainBoth},             // both.go
}

// trainer makes a model of runs: tables with rows, or without rows and with a
// scorer, which the program does not know.
type trainer struct {
	name  string
	train func(job) (*ner.Tables, scorer)
}

func trainerOf(name string) (trainer, error) {
	for _, t := range trainers {
		if t.name == name {
			return t, nil
		}
	}
	return trainer{}, fmt.Errorf("-with %s: there is no such architecture", name)
}

// job is what a trainer has to work with.
type job struct {
	words   *ner.Words
	names   []string // the words that have vectors, the most frequent first
	vectors [][dims]float32
	runs    []run
	logRows int
	r       *rand.Rand
	say     func(string, ...any)
}

// said says how far the training is.
func (j job) said(epoch int, loss float64) { j.say("epoch %d: loss %.4f a token", epoch, loss) }

// scorer sets the scores of the tokens [from:to] of s, in units of the tables.
type scorer func(s *ner.Sample, from, to int, scores [][numTags]int32)

// finder finds names by the rows of a model, or by a scorer in their place.
type finder struct {
	m  *ner.Model
	by scorer
}

func newFinder(t *ner.Tables, by scorer) (finder, error) {
	m, err := t.Model()
	return finder{m, by}, err
}

func (f finder) find(dst []ner.Entity, text []byte) []ner.Entity {
	if f.by == nil {
		return f.m.Find(dst, text)
	}
	return ner.FindBy(f.m, dst, text, f.by)
}
