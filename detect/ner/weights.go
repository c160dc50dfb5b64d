package ner

import "encoding/binary"

// weights are what each feature says of each tag: a row of numTags signed bytes
// for each value of the highest bits of a feature's hash. The tag outside has
// weight 0 throughout.
type weights struct {
	rows  []uint64 // two for each row: the bytes plus 128, the first in the lowest bits
	shift uint     // 32 - log2 of the number of rows
}

const bias = 128

// sum sets scores to the sums of the rows of f. Bytes are added eight at a
// time: the even and the odd ones of a word, in lanes of 16 bits that
// maxFeatures bytes cannot overflow.
func (w *weights) sum(f *features, scores *[numStates]int32) {
	const lanes = 0x00ff00ff00ff00ff
	var a, b, c, d uint64
	for _, h := range f.rows[:f.n] {
		i := h >> w.shift * 2
		x, y := w.rows[i], w.rows[i+1]
		a += x & lanes
		b += x >> 8 & lanes
		c += y & lanes
		d += y >> 8 & lanes
	}
	less := int32(f.n) * bias
	for i := range 4 {
		s := 16 * i
		scores[2*i] = int32(a>>s&0xffff) - less
		scores[2*i+1] = int32(b>>s&0xffff) - less
		scores[2*i+8] = int32(c>>s&0xffff) - less
		scores[2*i+9] = int32(d>>s&0xffff) - less
	}
	scores[outside] = 0
}

// newWeights makes weights of rows of signed bytes.
func newWeights(rows []byte, shift uint) weights {
	w := weights{rows: make([]uint64, len(rows)/8), shift: shift}
	for i := range w.rows {
		w.rows[i] = binary.LittleEndian.Uint64(rows[8*i:]) ^ 0x8080808080808080
	}
	return w
}
