package main

import (
	"math"
	"math/rand/v2"
	"slices"

	"maskit/detect/ner"
)

// conv is a small neural tagger, after Collobert et al., "Natural Language
// Processing (Almost) from Scratch", 2011, with hashes in the place of
// dictionaries. What is known of a token by itself (its word, cluster, lists,
// shape and parts) chooses rows of embeddings, which are added up; layers make
// scores of tags of those of the tokens around; and transitions, as the crf has
// them, choose among sequences of tags. It sees less than the crf is told: which
// features say something together is what the layers learn.
type conv struct {
	emb    []float32 // rows of embDims; the second half are of vectors, and stay as they are
	emb2   []float32 // of a row: means of the squares of its gradients, added up
	layers []*layer
	chain  crf     // of no features: nothing but transitions
	step   float32 // falls from 1 to 0 while it learns
	r      *rand.Rand
	s      space

	ids  []uint32    // the rows of the tokens of a run, and of those around it
	ends []int       // of each token's
	outs [][]float32 // the embeddings of the tokens, and what each layer makes of them
	grad [2][]float32
}

// Settings of the net.
const (
	embBits    = 18
	embDims    = 32
	embStep    = 0.1 // of AdaGrad
	embDropped = 0.3 // share of a token's features
	netEpochs  = 6
	netBatch   = 32    // runs between two steps of the layers
	netStep    = 0.002 // of Adam
	outDropped = 0.3   // share of what a layer finds
	netUnit    = 1.0 / 64
)

// shape are the layers: how many tokens each looks at, and what it makes of them.
var shape = []struct{ width, out int }{{5, 96}, {3, 96}, {1, numScores}}

// around is how many tokens before and behind a run the layers look at.
var around = func() (n int) {
	for _, s := range shape {
		n += s.width / 2
	}
	return n
}()

func trainConv(j job) (*ner.Tables, scorer) {
	c := learnConv(j)
	return c.tables(), c.scores
}

func learnConv(j job) *conv {
	c := newConv(j)
	steps := 0
	for epoch := range netEpochs {
		loss, tokens := 0.0, 0
		for k, i := range j.r.Perm(len(j.runs)) {
			x := &j.runs[i]
			tokens += len(x.tags)
			if epoch > 0 && x.loss < easy*float64(len(x.tags)) && chance(j.r, 0.8) {
				continue
			}
			c.step = 1 - (float32(epoch)+float32(k)/float32(len(j.runs)))/netEpochs
			x.loss = c.learn(x)
			loss += x.loss
			if steps++; steps%netBatch == 0 {
				for _, l := range c.layers {
					l.w.adam(steps/netBatch, netStep*c.step)
					l.b.adam(steps/netBatch, netStep*c.step)
				}
			}
		}
		j.said(epoch+1, loss/float64(tokens))
	}
	c.round()
	return c
}

func newConv(j job) *conv {
	c := &conv{emb: make([]float32, embDims<<embBits), emb2: make([]float32, 1<<embBits), r: j.r, outs: make([][]float32, len(shape)+1)}
	c.know(j) // All other rows begin with nothing, which those that are never met keep.
	in := embDims
	for i, s := range shape {
		n := s.width * in
		l := &layer{width: s.width, in: in, out: s.out, last: i == len(shape)-1, b: newParam(s.out, 0, j.r)}
		if l.last {
			l.w = newParam(n*s.out, 0, j.r) // No tag is likely that is never met.
		} else {
			l.w = newParam(n*s.out, math.Sqrt(2/float64(n)), j.r)
			for o := range l.b.w {
				l.b.w[o] = 0.1 // What finds nothing in nothing would learn nothing.
			}
		}
		c.layers, in = append(c.layers, l), s.out
	}
	return c
}

// Kinds of features of a token.
const (
	nothing = iota // beyond the text
	ofWord
	ofVector
	ofCluster
	ofClusters
	ofLists
	ofLook
	ofBoth
	ofLine
	ofKey
	ofLength
	ofBegin
	ofEnd
	ofPart
)

// rowOf is the row of the embedding of a value of a kind of feature.
func rowOf(kind, value uint64) uint32 {
	h := (value ^ kind*0x9e3779b97f4a7c15) * 0xd6e8feb86659fd93
	row := uint32((h ^ h>>29) * 0xbf58476d1ce4e5b9 >> (64 - embBits + 1))
	if kind == ofVector {
		row += 1 << (embBits - 1)
	}
	return row
}

// appendRows appends the rows of token i.
func appendRows(dst []uint32, s *ner.Sample, i int) []uint32 {
	if i < 0 || i >= s.Len() {
		return append(dst, rowOf(nothing, 0))
	}
	t := s.Token(i)
	dst = append(dst, rowOf(ofWord, t.Word), rowOf(ofVector, t.Word), rowOf(ofCluster, t.Cluster), rowOf(ofClusters, t.Cluster>>4),
		rowOf(ofLists, t.Lists), rowOf(ofLook, t.Look), rowOf(ofBoth, t.Lists<<8|t.Look), rowOf(ofLine, t.Style<<16|t.Place<<8|t.Look), rowOf(ofKey, t.Key))
	if t.Char {
		return dst
	}
	w := s.Text(i)
	dst = append(dst, rowOf(ofLength, uint64(min(len(w), 15))<<8|t.Look))
	for n := 2; n <= 4; n++ {
		dst = append(dst, rowOf(ofBegin, letters(w[:min(len(w), n)])), rowOf(ofEnd, letters(w[max(0, len(w)-n):])))
	}
	for at := 0; at+3 <= len(w) && at < 9; at++ {
		dst = append(dst, rowOf(ofPart, letters(w[at:at+3])))
	}
	return dst
}

// letters are up to 7 bytes, in lower case.
func letters(w []byte) uint64 {
	h := uint64(len(w))
	for _, c := range w {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		h = h<<8 | uint64(c)
	}
	return h
}

// know sets the embeddings of words that have vectors to the parts of these in
// which words differ most.
func (c *conv) know(j job) {
	axes := mainAxes(j.vectors[:min(len(j.vectors), 20_000)], embDims)
	known := map[uint32]bool{}
	for i, name := range j.names {
		s := j.words.Sample([]byte(name))
		if s.Len() != 1 {
			continue
		}
		row := rowOf(ofVector, s.Token(0).Word)
		if known[row] {
			continue // by a word that is used more often
		}
		known[row] = true
		e := c.emb[int(row)*embDims:][:embDims]
		for d := range e {
			e[d] = inner(axes[d][:], j.vectors[i][:])
		}
	}
}

// mainAxes returns the n directions in which vectors vary most, by turning any
// one again and again to where their covariance takes it.
func mainAxes(vectors [][dims]float32, n int) [][dims]float32 {
	var cov [dims][dims]float32
	for _, v := range vectors {
		for a := range dims {
			for b := range dims {
				cov[a][b] += v[a] * v[b]
			}
		}
	}
	axes := make([][dims]float32, n)
	for k := range axes {
		for i := range dims {
			axes[k][i] = float32(i%7) - 3
		}
		for range 60 {
			var y [dims]float32
			for a := range dims {
				y[a] = inner(cov[a][:], axes[k][:])
			}
			for _, before := range axes[:k] {
				p := inner(before[:], y[:])
				for i := range y {
					y[i] -= p * before[i]
				}
			}
			scaleTo1(&y)
			axes[k] = y
		}
	}
	return axes
}

// learn makes a step for the embeddings and transitions, adds to the gradients
// of the layers, and returns the loss of the run.
func (c *conv) learn(x *run) float64 {
	n := len(x.tags)
	c.read(x.of, x.from, x.from+n, c.r)
	out := c.forward(c.r)
	c.s.fit(n)
	for i := range n {
		c.s.rows[i], c.s.scores[i] = nil, [numTags]float64{}
		for t, y := range out[i*numScores:][:numScores] {
			c.s.scores[i][t] = float64(y)
		}
	}
	loss := c.s.loss(x, &c.chain.trans, 1)
	c.chain.update(x, &c.s)
	grad, other := grown(c.grad[0], n*numScores), c.grad[1]
	for i, gold := range x.tags {
		for t := range numScores {
			p := c.s.forward[i][t] * c.s.backward[i][t]
			if int(gold) == t {
				p--
			}
			grad[i*numScores+t] = float32(p) * x.weight
		}
	}
	for i, l := range slices.Backward(c.layers) {
		grad, other = l.backward(other, grad, c.outs[i+1], c.outs[i]), grad
	}
	c.grad = [2][]float32{grad, other}
	c.update(grad)
	return loss
}

// read sets the ids of the tokens [from:to] of s and of those around, and drops
// some by lot if there is an r.
func (c *conv) read(s *ner.Sample, from, to int, r *rand.Rand) {
	c.ids, c.ends = c.ids[:0], c.ends[:0]
	for i := from - around; i < to+around; i++ {
		first := len(c.ids)
		c.ids = appendRows(c.ids, s, i)
		if r != nil {
			kept := slices.DeleteFunc(c.ids[first:], func(uint32) bool { return chance(r, embDropped) })
			c.ids = c.ids[:first+len(kept)]
		}
		c.ends = append(c.ends, len(c.ids))
	}
}

// forward sets the outs, and returns the last.
func (c *conv) forward(r *rand.Rand) []float32 {
	x := grown(c.outs[0], len(c.ends)*embDims)
	clear(x)
	from := 0
	for t, end := range c.ends {
		for _, row := range c.ids[from:end] {
			e := c.emb[int(row)*embDims:][:embDims]
			for d := range e {
				x[t*embDims+d] += e[d]
			}
		}
		from = end
	}
	if r != nil {
		for i := range x {
			x[i] /= 1 - embDropped
		}
	}
	c.outs[0] = x
	for i, l := range c.layers {
		c.outs[i+1] = l.forward(c.outs[i+1], c.outs[i], r)
	}
	return c.outs[len(c.layers)]
}

// update moves the embeddings of a run against their gradients.
func (c *conv) update(grad []float32) {
	from := 0
	for t, end := range c.ends {
		g := grad[t*embDims:][:embDims]
		square := inner(g, g) / embDims
		for _, row := range c.ids[from:end] {
			if square < 1e-12 || row >= 1<<(embBits-1) {
				continue
			}
			c.emb2[row] += square
			by := embStep * c.step / (float32(math.Sqrt(float64(c.emb2[row]))) + 1e-3)
			e := c.emb[int(row)*embDims:][:embDims]
			for d := range e {
				e[d] -= by * g[d]
			}
		}
		from = end
	}
}

// round makes all weights what signed bytes can say.
func (c *conv) round() {
	all := make([][]float32, 0, 2+len(c.layers))
	all = slices.AppendSeq(all, slices.Chunk(c.emb, len(c.emb)/2)) // what is learned, and the vectors
	for _, l := range c.layers {
		all = append(all, l.w.w)
	}
	for _, w := range all {
		most := float32(1e-6)
		for _, x := range w {
			most = max(most, x, -x)
		}
		for i, x := range w {
			w[i] = float32(math.Round(float64(x/most*127))) * most / 127
		}
	}
}

// tables are those of a model whose rows are never read.
func (c *conv) tables() *ner.Tables {
	t := &ner.Tables{Unit: netUnit, Rows: make([]byte, 2*numScores)}
	for b := range c.chain.trans {
		for s, x := range c.chain.trans[b] {
			t.Transitions[b][s] = int32(math.Round(x / netUnit))
		}
	}
	return t
}

// scores is the scorer. It is not safe for concurrent use.
func (c *conv) scores(s *ner.Sample, from, to int, scores [][numTags]int32) {
	c.read(s, from, to, nil)
	out := c.forward(nil)
	for i := range scores {
		scores[i] = [numTags]int32{}
		for t, y := range out[i*numScores:][:numScores] {
			scores[i][t] = int32(math.Round(float64(y) / netUnit))
		}
	}
}
