//go:build !nomodel

package ner

import _ "embed"

// modelFile is what the command in train wrote.
//
//go:embed model.bin
var modelFile []byte

// Included reports whether the program has a model.
const Included = true
