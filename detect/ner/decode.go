package ner

import "math"

// transitions are the weights of one tag behind another, in the unit of the
// weights, and what is forbidden.
type transitions [numStates][numStates]int32 // [before][tag]

const forbidden = math.MinInt32 / 4

// closedTags are those behind which no entity goes on. Where two ways are as
// good, the first wins: nothing is found.
var closedTags = func() (tags []tag) {
	tags = append(tags, outside)
	for t := range tag(numTags) {
		if !t.open() {
			tags = append(tags, t)
		}
	}
	return tags
}()

var freshTags = func() (tags []tag) { // that may follow a closed one
	for t := range tag(numStates) {
		if t.follows(outside) {
			tags = append(tags, t)
		}
	}
	return tags
}()

// score sets t.scores to what the features say of a run of candidates.
func (m *Model) score(t *text, from, to int) {
	var f features
	for i := range t.scores {
		t.read(&f, from+i)
		m.weights.sum(&f, &t.scores[i])
	}
}

// decode sets t.tags[from:to] to the most likely tags of a run of candidates,
// by Viterbi, with Model.lean added to what begins an entity. It returns whether
// one of them is in an entity.
func (m *Model) decode(t *text, from, to int) bool {
	n := to - from
	t.back = grow(t.back, n)
	best := [numStates]int32{}
	for s := range best {
		best[s] = forbidden
	}
	best[outside] = 0
	for i := range n {
		line := t.tokens[from+i].gap >= gapLine
		lean := &m.lean[t.leaning(from+i)]
		for s := range tag(numTags) {
			if part := s.part(); part == begin || part == unit {
				t.scores[i][s] += lean[s.class()]
			}
		}
		best = m.step(&best, &t.scores[i], &t.back[i], line)
	}
	at := outside
	for _, s := range closedTags {
		if best[s]+m.trans[s][outside] > best[at]+m.trans[at][outside] {
			at = s
		}
	}
	some := false
	for i := n - 1; i >= 0; i-- {
		t.tags[from+i] = at
		some = some || at != outside
		at = t.back[i][at]
	}
	return some
}

// Rows of Model.lean.
const (
	leanWord = iota
	leanCharacter
	leanRare // a word with a capital letter amid others without, that is in no dictionary
	numLeans
)

// leaning returns which row of Model.lean is for token i.
func (t *text) leaning(i int) int {
	c := &t.tokens[i]
	switch {
	case c.shape.single():
		return leanCharacter
	case (c.shape == shapeTitle || c.shape == shapeMixed) && c.info&wellKnown == 0 && t.lines[c.line].style == styleNormal:
		return leanRare
	}
	return leanWord
}

// wellKnown are the lists of words that are no names of persons for the most part.
const wellKnown = ListCommon | ListRare | ListCountry | ListOrg | ListJob | ListDemonym | ListStreet | ListTitle

// step returns the scores of the best ways to each tag of the next token. An
// entity does not go on behind a line break.
func (m *Model) step(before, scores *[numStates]int32, back *[numStates]tag, line bool) (next [numStates]int32) {
	for s := range next {
		next[s] = forbidden
	}
	for _, s := range freshTags {
		best, from := int32(math.MinInt32), outside
		for _, b := range closedTags {
			if x := before[b] + m.trans[b][s]; x > best {
				best, from = x, b
			}
		}
		next[s], back[s] = best+scores[s], from
	}
	for c := range Class(NumClasses) {
		if line {
			continue
		}
		b, in := tagOf(c, begin), tagOf(c, inside)
		for _, s := range [...]tag{in, tagOf(c, last)} {
			best, from := before[b]+m.trans[b][s], b
			if x := before[in] + m.trans[in][s]; x > best {
				best, from = x, in
			}
			next[s], back[s] = best+scores[s], from
		}
	}
	return next
}

// marginals sets t.marginals to the probability of each class at each of the
// tokens of the run that was decoded last, by the forward-backward algorithm.
func (m *Model) marginals(t *text, from, to int) {
	n := to - from
	t.forward, t.backward, t.marginal = grow(t.forward, n), grow(t.backward, n), grow(t.marginal, n)
	var odds [numStates]float64
	before := [numStates]float64{}
	before[outside] = 1
	for i := range n {
		line := t.tokens[from+i].gap >= gapLine
		m.odds(&odds, &t.scores[i])
		t.forward[i] = m.forward(&before, &odds, line)
		before = t.forward[i]
	}
	next := [numStates]float64{}
	for _, s := range closedTags {
		next[s] = m.transOdds[s][outside]
	}
	for i := n - 1; i >= 0; i-- {
		t.backward[i] = next
		if i > 0 {
			line := t.tokens[from+i].gap >= gapLine
			m.odds(&odds, &t.scores[i])
			next = m.backward(&next, &odds, line)
		}
	}
	for i := range n {
		sum, byClass := 0.0, [NumClasses]float64{}
		for s := range tag(numStates) {
			p := t.forward[i][s] * t.backward[i][s]
			sum += p
			if s != outside {
				byClass[s.class()] += p
			}
		}
		for c := range byClass {
			t.marginal[i][c] = float32(byClass[c] / sum)
		}
	}
}

// odds sets odds to the exponentials of scores.
func (m *Model) odds(odds *[numStates]float64, scores *[numStates]int32) {
	for s, x := range scores {
		odds[s] = math.Exp(float64(x) * m.unit)
	}
}

// forward is a step from the probabilities of tags to those of the next token.
func (m *Model) forward(before, odds *[numStates]float64, line bool) (next [numStates]float64) {
	sum := 0.0
	for s := range tag(numStates) {
		if line && !s.follows(outside) {
			continue
		}
		p := 0.0
		for b := range before {
			p += before[b] * m.transOdds[b][s]
		}
		next[s] = p * odds[s]
		sum += next[s]
	}
	for s := range next {
		next[s] /= sum
	}
	return next
}

// backward is a step from the odds of what follows a token to that of what
// follows the one before.
func (m *Model) backward(next, odds *[numStates]float64, line bool) (before [numStates]float64) {
	sum := 0.0
	for b := range before {
		p := 0.0
		for s := range tag(numStates) {
			if line && !s.follows(outside) {
				continue
			}
			p += m.transOdds[b][s] * odds[s] * next[s]
		}
		before[b] = p
		sum += p
	}
	for b := range before {
		before[b] /= sum
	}
	return before
}

// grow returns s with n elements, of any content.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n+n/2)[:n]
	}
	return s[:n]
}
