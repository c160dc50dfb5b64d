package ner

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
)

// A file of a model is magic, the CRC-32C of what follows, the tables in the
// order of Tables.fields, the numbers of rows, buckets, entries and infos, and
// these themselves, all little-endian. Rows and words are used where they are,
// and never copied: that of the program costs no memory until it is looked at,
// and what it costs then, the system may take back.
const magic = "maskit names 3\n"

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Tables are all that a model is made of.
type Tables struct {
	Unit        float64                     // what 1 stands for in Lean and Transitions; a weight of Rows is WeightUnits
	Lean        [numLeans][NumClasses]int32 // of words, of characters that are tokens, and of words that no dictionary has
	Curves      [NumClasses][len(curve{})]float32
	Transitions [numStates][numStates]int32 // [before][tag]; those that may not be do not matter
	Rows        []byte                      // as PackRow makes them, a power of two of rows
	words       words
}

func (t *Tables) fields() []any {
	return []any{&t.Unit, &t.Lean, &t.Curves, &t.Transitions}
}

// sections are the parts of a file that are as long as their numbers say.
func (t *Tables) sections() []section {
	return []section{{&t.Rows, rowSize}, {&t.words.starts, 4}, {&t.words.entries, 4}, {&t.words.infos, 4}}
}

type section struct {
	data *[]byte
	size int // of an element, in bytes
}

// Write writes the file of a model.
func (t *Tables) Write(w io.Writer) error {
	var b bytes.Buffer
	for _, f := range t.fields() {
		if err := binary.Write(&b, binary.LittleEndian, f); err != nil {
			return fmt.Errorf("ner: writing a model: %w", err)
		}
	}
	for _, s := range t.sections() {
		b.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(*s.data)/s.size)))
	}
	for _, s := range t.sections() {
		b.Write(*s.data)
	}
	head := binary.LittleEndian.AppendUint32([]byte(magic), crc32.Checksum(b.Bytes(), castagnoli))
	for _, part := range [][]byte{head, b.Bytes()} {
		if _, err := w.Write(part); err != nil {
			return fmt.Errorf("ner: writing a model: %w", err)
		}
	}
	return nil
}

// Errors of files.
var (
	errForeign = errors.New("ner: no model of this version")
	errDamaged = errors.New("ner: the model is damaged")
)

// Read makes a model of its file, which it keeps. A file that is not whole is an
// error: a model that finds less than it should would be worse than none.
func Read(file []byte) (*Model, error) {
	t, err := ReadTables(file)
	if err != nil {
		return nil, err
	}
	return t.Model()
}

// ReadTables reads the tables of a file. They are parts of it.
func ReadTables(file []byte) (*Tables, error) {
	rest, ok := bytes.CutPrefix(file, []byte(magic))
	if !ok {
		return nil, errForeign
	}
	if len(rest) < 4 || crc32.Checksum(rest[4:], castagnoli) != binary.LittleEndian.Uint32(rest) {
		return nil, errDamaged
	}
	t := new(Tables)
	if err := t.parse(rest[4:]); err != nil {
		return nil, err
	}
	return t, nil
}

func (t *Tables) parse(raw []byte) error {
	for _, f := range t.fields() {
		n := binary.Size(f)
		if len(raw) < n {
			return errDamaged
		}
		if _, err := binary.Decode(raw[:n], binary.LittleEndian, f); err != nil {
			return errDamaged
		}
		raw = raw[n:]
	}
	sections := t.sections()
	if len(raw) < 4*len(sections) {
		return errDamaged
	}
	numbers := raw[:4*len(sections)]
	raw = raw[len(numbers):]
	for i, s := range sections {
		n := int(binary.LittleEndian.Uint32(numbers[4*i:])) * s.size
		if len(raw) < n {
			return errDamaged
		}
		*s.data, raw = raw[:n:n], raw[n:]
	}
	if len(raw) > 0 {
		return errDamaged
	}
	return nil
}

// Model makes a model of the tables.
func (t *Tables) Model() (*Model, error) {
	rows := len(t.Rows) / rowSize
	if !power(rows) || len(t.Rows)%rowSize != 0 || !t.words.whole() || !(t.Unit > 0) || math.IsInf(t.Unit, 0) {
		return nil, errDamaged
	}
	m := &Model{unit: t.Unit, lean: t.Lean, words: t.words, weights: weights{t.Rows, 32 - log2(rows)}}
	for b := range tag(numStates) {
		for s := range tag(numStates) {
			m.trans[b][s] = forbidden
			if s.follows(b) {
				m.trans[b][s] = t.Transitions[b][s]
				m.transOdds[b][s] = math.Exp(float64(t.Transitions[b][s]) * t.Unit)
			}
		}
	}
	for c := range m.scale {
		m.scale[c] = t.Curves[c]
	}
	return m, nil
}

func power(n int) bool { return n >= 2 && n&(n-1) == 0 }

func log2(n int) uint {
	k := uint(0)
	for n > 1 {
		n >>= 1
		k++
	}
	return k
}
