package ner

import "encoding/binary"

// weights are what each feature says of each tag: a row of numTags signed bytes
// for each value of the highest bits of a feature's hash. The tag outside has
// weight 0 throughout.
type weights struct {
	rows  []byte // the weights plus bias
	shift uint   // 32 - log2 of the number of rows
}

// bias is added to weights where they are kept, so that they can be added up
// several at a time.
const bias = 128

// sum sets scores to the sums of the rows of f. Bytes are added eight at a
// time: the even and the odd ones of a word, in lanes of 16 bits that
// maxFeatures bytes cannot overflow.
func (w *weights) sum(f *features, scores *[numStates]int32) {
	const lanes = 0x00ff00ff00ff00ff
	var a, b, c, d uint64
	for _, h := range f.rows[:f.n] {
		i := int(h>>w.shift) * numTags
		row := w.rows[i : i+numTags]
		x, y := binary.LittleEndian.Uint64(row), binary.LittleEndian.Uint64(row[8:])
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

// Biased is how a weight is kept in a row.
func Biased(weight int8) byte { return byte(int(weight) + bias) }
