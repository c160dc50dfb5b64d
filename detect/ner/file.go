package ner

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// A file of a model is magic, the SHA-256 of what follows, and by DEFLATE the
// tables in the order of Tables.fields, little-endian.
const magic = "maskit names 1\n"

// maxUnpacked is the size in bytes from which a file is no model.
const maxUnpacked = 64 << 20

// Tables are all that a model is made of.
type Tables struct {
	Unit        float64              // what a weight of 1 stands for
	Lean        [2][NumClasses]int32 // of words, and of characters that are tokens
	Curves      [NumClasses][len(curve{})]float32
	Transitions [numStates][numStates]int32 // [before][tag]; those that may not be do not matter
	Rows        []byte                      // of weights: 16 signed bytes each, a power of two of rows
	Marks       []uint16                    // of words, a power of two
	Infos       []uint32
}

func (t *Tables) fields() []any {
	return []any{&t.Unit, &t.Lean, &t.Curves, &t.Transitions}
}

// Write writes the file of a model.
func (t *Tables) Write(w io.Writer) error {
	var raw bytes.Buffer
	for _, f := range t.fields() {
		if err := binary.Write(&raw, binary.LittleEndian, f); err != nil {
			return fmt.Errorf("ner: writing a model: %w", err)
		}
	}
	for _, n := range []int{len(t.Rows) / numTags, len(t.Marks)} {
		raw.Write(binary.LittleEndian.AppendUint32(nil, uint32(n)))
	}
	raw.Write(t.Rows)
	binary.Write(&raw, binary.LittleEndian, t.Marks) //nolint:errcheck // A buffer takes all.
	binary.Write(&raw, binary.LittleEndian, t.Infos) //nolint:errcheck // The same.

	var packed bytes.Buffer
	deflate, err := flate.NewWriter(&packed, flate.BestCompression)
	if err == nil {
		_, err = deflate.Write(raw.Bytes())
	}
	if err == nil {
		err = deflate.Close()
	}
	if err != nil {
		return fmt.Errorf("ner: writing a model: %w", err)
	}
	sum := sha256.Sum256(packed.Bytes())
	for _, part := range [][]byte{[]byte(magic), sum[:], packed.Bytes()} {
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

// Read makes a model of its file. A file that is not whole is an error: a model
// that finds less than it should would be worse than none.
func Read(file []byte) (*Model, error) {
	t, err := ReadTables(file)
	if err != nil {
		return nil, err
	}
	return t.Model()
}

// ReadTables reads the tables of a file.
func ReadTables(file []byte) (*Tables, error) {
	rest, ok := bytes.CutPrefix(file, []byte(magic))
	if !ok {
		return nil, errForeign
	}
	if len(rest) < sha256.Size || sha256.Sum256(rest[sha256.Size:]) != [sha256.Size]byte(rest[:sha256.Size]) {
		return nil, errDamaged
	}
	raw, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(rest[sha256.Size:])), maxUnpacked))
	if err != nil {
		return nil, errDamaged
	}
	t := new(Tables)
	return t, t.parse(raw)
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
	if len(raw) < 8 {
		return errDamaged
	}
	rows, places := int(binary.LittleEndian.Uint32(raw)), int(binary.LittleEndian.Uint32(raw[4:]))
	raw = raw[8:]
	if len(raw) != rows*numTags+places*6 {
		return errDamaged
	}
	t.Rows = raw[:rows*numTags]
	raw = raw[rows*numTags:]
	t.Marks, t.Infos = make([]uint16, places), make([]uint32, places)
	for i := range places {
		t.Marks[i] = binary.LittleEndian.Uint16(raw[2*i:])
		t.Infos[i] = binary.LittleEndian.Uint32(raw[2*places+4*i:])
	}
	return nil
}

// Model makes a model of the tables.
func (t *Tables) Model() (*Model, error) {
	rows, places := len(t.Rows)/numTags, len(t.Infos)
	free := false
	for _, x := range t.Infos {
		free = free || x == 0
	}
	if !power(rows) || !power(places) || !free || len(t.Marks) != places || !(t.Unit > 0) || math.IsInf(t.Unit, 0) {
		return nil, errDamaged
	}
	m := &Model{unit: t.Unit, lean: t.Lean, words: words{t.Marks, make([]Info, places)}}
	for i, x := range t.Infos {
		m.words.infos[i] = Info(x)
	}
	m.weights = newWeights(t.Rows, 32-log2(rows))
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
