// Package ner finds the names in a text: persons, places, organisations, and
// the addresses of houses, with a model of its own that is part of the program.
//
// It knows text in and entities out, nothing else of maskit: no kinds, no
// tokens, no policy. It finds no numbers, keys or mail addresses: these have a
// form, and rules for it.
//
// A text is cut into words (token.go), each of which is looked up in a table of
// names and of clusters of words used alike (words.go). Most cannot be part of
// a name (candidate.go); at the others features (feature.go) choose rows of a
// table of weights (weights.go), whose sums say how likely each tag is, and the
// likeliest sequence of tags becomes entities (decode.go, find.go). The command
// in train makes the tables, with the same code for all of it.
//
// # Known tradeoffs
//
// The model is linear: it weighs what it sees within two words of a name, what
// the line looks like, and which lists the words are on. It does not know what
// a text is about. It is small and quick for that: a few megabytes, and some
// hundred nanoseconds a word. What it has not seen as a name, and no list has,
// it finds only where the words around tell.
package ner

import (
	"errors"
	"sync"
)

// Entity is a name in a text.
type Entity struct {
	Start, End int     // in bytes
	Class      Class   //
	Score      float32 // how likely it is one, in (0,1]
}

// Model finds names. It is safe for concurrent use.
type Model struct {
	words     words
	weights   weights
	trans     transitions
	transOdds [numStates][numStates]float64
	unit      float64                     // what 1 stands for in scores and transitions
	lean      [numLeans][NumClasses]int32 // added to what begins an entity, for the sake of recall
	scale     [NumClasses]curve
}

// ErrNoModel is returned by Default in a program that was built without one.
var ErrNoModel = errors.New("ner: built without a model (tag nomodel)")

// Default returns the model that is part of the program. It is read when it is
// first asked for. The error is ErrNoModel, or says that the model is damaged.
func Default() (*Model, error) { return embedded() }

var embedded = sync.OnceValues(func() (*Model, error) {
	if len(modelFile) == 0 {
		return nil, ErrNoModel
	}
	return Read(modelFile)
})

// text is the state of one Find. It is pooled.
type text struct {
	data    []byte
	tokens  []token
	lines   []line
	phrases []phrase
	maybe   []bool
	tags    []tag

	scores            [][numStates]int32 // of a run of candidates
	back              [][numStates]tag
	forward, backward [][numStates]float64
	marginal          [][NumClasses]float32
	known             known

	regions     []region // of lines
	signs       []lineSigns
	regionsRead bool
}

var texts = sync.Pool{New: func() any { return new(text) }}

// free gives t back to the pool, without the text that it saw. Hashes of its
// words are overwritten before they are read.
func (t *text) free() {
	t.data = nil
	clear(t.tokens)
	t.known.reset()
	texts.Put(t)
}

// Lists returns the lists that a word, in lower case, is on: those of [ListCommon]
// and its like; 0 if the table does not know it.
func (m *Model) Lists(word string) Info { return m.words.get(hashOf(word)) & allLists }
