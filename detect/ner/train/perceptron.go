package main

import (
	"math"
	"math/rand/v2"
	"slices"

	"maskit/detect/ner"
)

// perceptron is the averaged perceptron for sequences (Collins, 2002) with the
// features of the crf, whose rows it uses: w are the weights, g2 the sums of
// their changes, each times the number of runs seen before it.
type perceptron struct {
	crf
	seen  float32 // runs
	back  [][numTags]uint8
	found []uint8
}

// aside is which share of the runs sets the scale: one of so many.
const aside = 50

func trainPerceptron(j job) (*ner.Tables, scorer) {
	p := perceptron{crf: *newCRF(j.logRows)}
	var s space
	for epoch := range epochs {
		wrong, tokens := 0, 0
		for _, i := range j.r.Perm(len(j.runs)) {
			x := &j.runs[i]
			if i%aside == 0 {
				continue
			}
			tokens += len(x.tags)
			wrong += p.learn(x, &s, j.r)
			p.seen++
		}
		j.say("epoch %d: %.4f of the tokens wrong", epoch+1, float64(wrong)/float64(tokens))
	}
	p.reweigh(func(w, sum float64) float64 { return w - sum/float64(p.seen) }) // the mean over all runs
	j.say("scaled by %.4f", p.temper(j.runs, &s))
	return p.tables(), nil
}

// learn moves the weights from the tags that are found to the true ones and
// returns at how many tokens they differ.
func (p *perceptron) learn(x *run, s *space, r *rand.Rand) int {
	p.score(x, s, r)
	p.decode(x, s)
	if slices.Equal(p.found, x.tags) {
		return 0
	}
	wrong := 0
	for i, gold := range x.tags {
		if got := p.found[i]; got != gold {
			wrong++
			for _, row := range s.rows[i] {
				p.move(row, gold, x.weight)
				p.move(row, got, -x.weight)
			}
		}
	}
	p.moveAll(x.tags, float64(x.weight))
	p.moveAll(p.found, -float64(x.weight))
	return wrong
}

func (p *perceptron) move(row uint32, tag uint8, by float32) {
	if int(tag) < numScores {
		p.w[row].w[tag] += by
		p.w[row].g2[tag] += by * p.seen
	}
}

// moveAll moves the weights of the transitions of a run.
func (p *perceptron) moveAll(tags []uint8, by float64) {
	before := ner.Outside
	for _, t := range append(slices.Clone(tags), uint8(ner.Outside)) {
		p.trans[before][t] += by
		p.trans2[before][t] += by * float64(p.seen)
		before = int(t)
	}
}

// decode sets found to the best tags by the scores of a run, by Viterbi.
func (p *perceptron) decode(x *run, s *space) {
	n := len(x.tags)
	p.back, p.found = slices.Grow(p.back[:0], n)[:n], slices.Grow(p.found[:0], n)[:n]
	var best [numTags]float64
	for t := range best {
		best[t] = math.Inf(-1)
	}
	best[ner.Outside] = 0
	for i := range n {
		var next [numTags]float64
		for t := range numTags {
			next[t] = math.Inf(-1)
			for b, q := range best {
				if q += p.trans[b][t]; q > next[t] && !barred[x.at(i)][b][t] {
					next[t], p.back[i][t] = q, uint8(b)
				}
			}
			next[t] += s.scores[i][t]
		}
		best = next
	}
	at, top := uint8(ner.Outside), math.Inf(-1)
	for b, q := range best {
		if q += p.trans[b][ner.Outside]; q > top && !barred[0][b][ner.Outside] {
			at, top = uint8(b), q
		}
	}
	for i := n - 1; i >= 0; i-- {
		p.found[i], at = at, p.back[i][at]
	}
}

// reweigh sets all weights, by what they are and by the sums of their changes.
func (p *perceptron) reweigh(f func(w, sum float64) float64) {
	for i := range p.w {
		x := &p.w[i]
		for t := range x.w {
			x.w[t] = float32(f(float64(x.w[t]), float64(x.g2[t])))
		}
	}
	for b := range p.trans {
		for t := range p.trans[b] {
			p.trans[b][t] = f(p.trans[b][t], p.trans2[b][t])
		}
	}
}

// temper scales the weights, which have no measure of their own, so that the
// runs that were not learned are as likely as can be: only then do marginals,
// and what is added to the beginnings of entities, mean what the crf's do.
func (p *perceptron) temper(runs []run, s *space) float64 {
	best, least := 1.0, math.Inf(1)
	for scale := 1.0; scale > 1e-3; scale *= 0.8 {
		loss := 0.0
		for i := 0; i < len(runs); i += aside {
			x := &runs[i]
			p.score(x, s, nil)
			loss += s.loss(x, &p.trans, scale)
		}
		if loss < least {
			best, least = scale, loss
		}
	}
	p.reweigh(func(w, _ float64) float64 { return best * w })
	return best
}
