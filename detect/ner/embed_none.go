//go:build nomodel

package ner

var modelFile []byte

// Included reports whether the program has a model.
const Included = false
