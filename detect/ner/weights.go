package ner

import "encoding/binary"

// weights are what each feature says of each tag: a row of numTags weights of
// four bits for each value of the highest bits of a feature's hash. The tag
// outside has weight 0 throughout.
type weights struct {
	rows  []byte // the weights plus bias, two a byte
	shift uint   // 32 - log2 of the number of rows
}

const (
	rowSize = numTags / 2
	// bias is added to weights where they are kept, so that they can be added up
	// several at a time.
	bias = 8
	// MostWeight is the greatest weight of a row, the least is its negative.
	MostWeight = bias - 1
	// WeightUnits is what a weight of 1 counts in Tables.Unit: transitions are
	// finer than the weights of rows.
	WeightUnits = 16
)

// sum sets scores to the sums of the rows of f. The weights of a row are added
// all at once: those at even and at odd places in lanes of 8 bits, and before
// these overflow, in lanes of 16 bits.
func (w *weights) sum(f *features, scores *[numStates]int32) {
	const (
		nibbles = 0x0f0f0f0f0f0f0f0f
		lanes   = 0x00ff00ff00ff00ff
		most    = 0xff / 0x0f // rows in lanes of 8 bits
	)
	var a, b, c, d uint64
	for rest := f.rows[:f.n]; len(rest) > 0; {
		n := min(len(rest), most)
		even, odd := uint64(0), uint64(0)
		for _, h := range rest[:n] {
			row := binary.LittleEndian.Uint64(w.rows[int(h>>w.shift)*rowSize:])
			even += row & nibbles
			odd += row >> 4 & nibbles
		}
		a += even & lanes
		b += odd & lanes
		c += even >> 8 & lanes
		d += odd >> 8 & lanes
		rest = rest[n:]
	}
	less := int32(f.n) * bias
	for i := range 4 { // A lane holds every fourth weight.
		s := 16 * i
		scores[4*i] = (int32(a>>s&0xffff) - less) * WeightUnits
		scores[4*i+1] = (int32(b>>s&0xffff) - less) * WeightUnits
		scores[4*i+2] = (int32(c>>s&0xffff) - less) * WeightUnits
		scores[4*i+3] = (int32(d>>s&0xffff) - less) * WeightUnits
	}
	scores[outside] = 0
}

// PackRow appends a row of weights, each from -MostWeight to MostWeight.
func PackRow(rows []byte, weights *[numTags]int) []byte {
	for i := 0; i < numTags; i += 2 {
		rows = append(rows, byte(weights[i]+bias)|byte(weights[i+1]+bias)<<4)
	}
	return rows
}
