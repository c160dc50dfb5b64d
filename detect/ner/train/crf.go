package main

import (
	"math"
	"math/rand/v2"

	"maskit/detect/ner"
)

const (
	numTags   = ner.NumTags
	numScores = numTags - 1 // of features: the tag outside has none
)

// run is a run of candidates: the features of each token, and its true tag.
type run struct {
	rows   [][]uint32
	tags   []uint8
	broken []bool // stands behind a line break
	weight float32
	loss   float64 // when it was learned last

	of   *ner.Sample // which it is part of, from this token on
	from int
}

// crf is a linear-chain conditional random field (Lafferty et al., 2001) that
// is trained by stochastic gradients with a step for each weight (AdaGrad).
type crf struct {
	shift  uint
	w      []row // by feature
	trans  [numTags][numTags]float64
	trans2 [numTags][numTags]float64
	sum    [][numScores]float32 // of weights at the ends of the last epochs
	sumT   [numTags][numTags]float64
	sums   int
}

// row are the weights of a feature, and the sums of the squares of their
// gradients beside them: both are needed at once.
type row struct{ w, g2 [numScores]float32 }

func newCRF(logRows int) *crf {
	n := 1 << logRows
	return &crf{shift: uint(32 - logRows), w: make([]row, n), sum: make([][numScores]float32, n)}
}

func trainCRF(j job) (*ner.Tables, scorer) {
	c := newCRF(j.logRows)
	c.train(j.runs, j.r, j.said)
	return c.tables(), nil
}

// Settings of the training.
const (
	step    = 0.15
	decay   = 1e-4 // of a weight that is changed
	dropped = 0.3  // share of features that an example does without
	epochs  = 8
	easy    = 0.01 // loss a token of what need not be learned each time
	kept    = 4    // last epochs whose weights are averaged
)

// train goes over the runs in an order of its own each epoch.
func (c *crf) train(runs []run, r *rand.Rand, said func(epoch int, loss float64)) {
	var s space
	for epoch := range epochs {
		loss, tokens := 0.0, 0
		for _, i := range r.Perm(len(runs)) {
			x := &runs[i]
			tokens += len(x.tags)
			if epoch > 0 && x.loss < easy*float64(len(x.tags)) && chance(r, 0.8) {
				continue
			}
			x.loss = c.learn(x, &s, r)
			loss += x.loss
		}
		if epoch >= epochs-kept {
			c.remember()
		}
		said(epoch+1, loss/float64(tokens))
	}
	c.average()
}

func (c *crf) remember() {
	for i := range c.w {
		for j, x := range c.w[i].w {
			c.sum[i][j] += x
		}
	}
	for b := range c.trans {
		for s, x := range c.trans[b] {
			c.sumT[b][s] += x
		}
	}
	c.sums++
}

func (c *crf) average() {
	for i := range c.w {
		for j := range c.w[i].w {
			c.w[i].w[j] = c.sum[i][j] / float32(c.sums)
		}
	}
	for b := range c.trans {
		for s := range c.trans[b] {
			c.trans[b][s] = c.sumT[b][s] / float64(c.sums)
		}
	}
}

// space is what one run needs.
type space struct {
	rows      [][]uint32 // those that are not dropped
	scores    [][numTags]float64
	forward   [][numTags]float64
	backward  [][numTags]float64
	odds      [][numTags]float64
	transOdds [numTags][numTags]float64
	counts    [numTags][numTags]float64
	norm      []float64
	flat      []uint32
}

// blocked reports whether tag s may not stand behind b, which a line break may
// part.
func blocked(b, s int, broken bool) bool {
	if !ner.Follows(b, s) {
		return true
	}
	return broken && !ner.Follows(ner.Outside, s)
}

// learn makes one step for a run and returns its loss.
func (c *crf) learn(x *run, s *space, r *rand.Rand) float64 {
	c.score(x, s, r)
	loss := s.loss(x, &c.trans, 1)
	c.update(x, s)
	return loss
}

// score sets the scores of a run. If there is an r, it drops features by lot,
// and the others weigh more.
func (c *crf) score(x *run, s *space, r *rand.Rand) {
	s.fit(len(x.tags))
	for i, features := range x.rows {
		from := len(s.flat)
		for _, h := range features {
			if r == nil || r.Float64() >= dropped {
				s.flat = append(s.flat, h>>c.shift)
			}
		}
		s.rows[i] = s.flat[from:len(s.flat):len(s.flat)]
		scores := [numTags]float64{}
		for _, row := range s.rows[i] {
			for t, w := range &c.w[row].w {
				scores[t] += float64(w)
			}
		}
		for t := range scores {
			if r != nil {
				scores[t] /= 1 - dropped
			}
		}
		s.scores[i] = scores
	}
}

// loss passes over a run, whose scores are set, with all scores scaled, and
// returns the negative logarithm of the odds of its tags.
func (s *space) loss(x *run, trans *[numTags][numTags]float64, scale float64) float64 {
	for b := range numTags {
		for t := range numTags {
			s.transOdds[b][t] = math.Exp(scale * trans[b][t])
		}
	}
	gold, before := 0.0, ner.Outside
	for i, t := range x.tags {
		for t, score := range s.scores[i] {
			s.odds[i][t] = math.Exp(scale * score)
		}
		gold += s.scores[i][t] + trans[before][t]
		before = int(t)
	}
	gold += trans[before][ner.Outside]
	return s.pass(x) - scale*gold
}

func (s *space) fit(n int) {
	if cap(s.odds) < n {
		m := 2 * n
		s.rows, s.scores, s.odds = make([][]uint32, m), make([][numTags]float64, m), make([][numTags]float64, m)
		s.forward, s.backward, s.norm = make([][numTags]float64, m), make([][numTags]float64, m), make([]float64, m)
	}
	s.rows, s.scores, s.odds = s.rows[:n], s.scores[:n], s.odds[:n]
	s.forward, s.backward, s.norm = s.forward[:n], s.backward[:n], s.norm[:n]
	s.flat = s.flat[:0]
	s.counts = [numTags][numTags]float64{}
}

// pass runs forward and backward over a run and returns the logarithm of the
// sum over all sequences. The tag outside stands before and behind the run.
func (s *space) pass(x *run) float64 {
	n := len(x.tags)
	logZ := 0.0
	before := [numTags]float64{}
	before[ner.Outside] = 1
	for i := range n {
		sum := 0.0
		for t := range numTags {
			p := 0.0
			for b, q := range before {
				if q != 0 && !barred[x.at(i)][b][t] {
					p += q * s.transOdds[b][t]
				}
			}
			s.forward[i][t] = p * s.odds[i][t]
			sum += s.forward[i][t]
		}
		for t := range numTags {
			s.forward[i][t] /= sum
		}
		s.norm[i] = sum
		logZ += math.Log(sum)
		before = s.forward[i]
	}
	end := 0.0
	for b := range numTags {
		if !barred[0][b][ner.Outside] {
			s.backward[n-1][b] = s.transOdds[b][ner.Outside]
			end += before[b] * s.transOdds[b][ner.Outside]
		} else {
			s.backward[n-1][b] = 0
		}
	}
	logZ += math.Log(end)
	for b := range numTags {
		s.backward[n-1][b] /= end
		s.counts[b][ner.Outside] += s.forward[n-1][b] * s.backward[n-1][b]
	}
	for i := n - 1; i > 0; i-- {
		for b := range numTags {
			p := 0.0
			for t := range numTags {
				if !barred[x.at(i)][b][t] {
					q := s.transOdds[b][t] * s.odds[i][t] * s.backward[i][t] / s.norm[i]
					p += q
					s.counts[b][t] += s.forward[i-1][b] * q
				}
			}
			s.backward[i-1][b] = p
		}
	}
	for t := range numTags {
		s.counts[ner.Outside][t] += s.forward[0][t] * s.backward[0][t]
	}
	return logZ
}

// at is the row of barred for token i.
func (x *run) at(i int) int {
	if x.broken[i] {
		return 1
	}
	return 0
}

// barred are the forbidden pairs of tags, without and with a line break between.
var barred = func() (t [2][numTags][numTags]bool) {
	for b := range numTags {
		for s := range numTags {
			t[0][b][s], t[1][b][s] = blocked(b, s, false), blocked(b, s, true)
		}
	}
	return t
}()

// update moves the weights by the difference between what is and what the model
// expects.
func (c *crf) update(x *run, s *space) {
	before := ner.Outside
	for i, gold := range x.tags {
		var d [numScores]float32
		some := false
		for t := range d {
			p := s.forward[i][t] * s.backward[i][t]
			if int(gold) == t {
				p--
			}
			d[t] = float32(p) * x.weight
			some = some || p > 1e-4 || p < -1e-4
		}
		s.counts[before][gold]--
		before = int(gold)
		if !some {
			continue
		}
		for _, row := range s.rows[i] {
			w, g2 := &c.w[row].w, &c.w[row].g2
			for t, g := range d {
				if g > 1e-4 || g < -1e-4 {
					g += decay * w[t]
					g2[t] += g * g
					w[t] -= step * g / (float32(math.Sqrt(float64(g2[t]))) + 1e-2)
				}
			}
		}
	}
	s.counts[before][ner.Outside]--
	for b := range numTags {
		for t, g := range s.counts[b] {
			if g != 0 && !barred[0][b][t] {
				g *= float64(x.weight)
				c.trans2[b][t] += g * g
				c.trans[b][t] -= step * g / (math.Sqrt(c.trans2[b][t]) + 1)
			}
		}
	}
}
