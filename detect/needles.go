package detect

import "encoding/binary"

// needles find any of some literals of 3 bytes and more, without regard to the
// case of letters. Of a literal only the grams of its first bytes are known, and
// of a text only every second gram, or every third and so on, is looked at: as
// many are passed over as the shortest literal allows, so that one of its grams
// is always met (Wu and Manber 1994).
type needles struct {
	shortest int
	gram     int // 2 or 3 bytes
	some     [1 << 16 / 64]uint64
	at       map[uint32][]needle
}

// needle is a gram of a literal.
type needle struct {
	literal string
	offset  int // of the gram in it
	owner   int32
}

// newNeedles returns the needles of the literals of each owner, or nil if there
// are none.
func newNeedles(owners []literalList) *needles {
	n := &needles{shortest: 1 << 30, gram: 2, at: map[uint32][]needle{}}
	for _, list := range owners {
		n.shortest = min(n.shortest, shortest(list.texts))
	}
	if n.shortest == 1<<30 {
		return nil
	}
	if n.shortest >= 5 {
		n.gram = 3
	}
	for owner, list := range owners {
		for _, s := range list.texts {
			for i := 0; i+n.gram <= n.shortest; i++ {
				g := n.gramAt([]byte(s), i)
				n.at[g] = append(n.at[g], needle{s, i, int32(owner)})
				h := gramHash(g)
				n.some[h/64] |= 1 << (h % 64)
			}
		}
	}
	return n
}

// gramAt returns the folded gram at i, where 2 bytes are, or 3.
func (n *needles) gramAt(text []byte, i int) uint32 {
	g := uint32(text[i]) | uint32(text[i+1])<<8
	if n.gram == 3 {
		g |= uint32(text[i+2]) << 16
	}
	return g | 0x202020&n.mask()
}

// mask has the bits of a gram.
func (n *needles) mask() uint32 { return 1<<(8*n.gram) - 1 }

func gramHash(g uint32) uint16 { return uint16(g * 0x9e3779b1 >> 16) }

// find calls hit with each place at which a literal stands, in no strict order.
func (n *needles) find(text []byte, hit func(owner int32, start, end int)) {
	step, mask, i := n.shortest-n.gram+1, n.mask(), 0
	for ; i+4 <= len(text); i += step {
		g := (binary.LittleEndian.Uint32(text[i:]) | 0x20202020) & mask
		if h := gramHash(g); n.some[h/64]>>(h%64)&1 != 0 {
			n.candidates(text, i, g, hit)
		}
	}
	for ; i+n.gram <= len(text); i += step {
		n.candidates(text, i, n.gramAt(text, i), hit)
	}
}

func (n *needles) candidates(text []byte, i int, g uint32, hit func(owner int32, start, end int)) {
	for _, x := range n.at[g] {
		if start := i - x.offset; start >= 0 && foldedPrefix(text[start:], x.literal) {
			hit(x.owner, start, start+len(x.literal))
		}
	}
}

// foldedPrefix reports whether text begins with a folded literal.
func foldedPrefix(text []byte, literal string) bool {
	if len(text) < len(literal) {
		return false
	}
	for i := range len(literal) {
		if foldByte(text[i]) != literal[i] {
			return false
		}
	}
	return true
}
