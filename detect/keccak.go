package detect

import (
	"encoding/binary"
	"math/bits"
)

// keccak256 is the hash of Ethereum: Keccak as it was submitted, before the
// padding of SHA-3. The text must be shorter than 136 bytes.
func keccak256(text []byte) [32]byte {
	var block [136]byte
	copy(block[:], text)
	block[len(text)] = 0x01
	block[135] |= 0x80
	var state [25]uint64
	for i := range 17 {
		state[i] = binary.LittleEndian.Uint64(block[8*i:])
	}
	keccakF(&state)
	var sum [32]byte
	for i := range 4 {
		binary.LittleEndian.PutUint64(sum[8*i:], state[i])
	}
	return sum
}

// keccakF is the permutation of 1600 bits in 24 rounds (FIPS 202, 3.3).
func keccakF(a *[25]uint64) {
	lfsr := uint8(1)
	for range 24 {
		var c [5]uint64
		for x := range 5 {
			c[x] = a[x] ^ a[x+5] ^ a[x+10] ^ a[x+15] ^ a[x+20]
		}
		for x := range 5 {
			d := c[(x+4)%5] ^ bits.RotateLeft64(c[(x+1)%5], 1)
			for y := range 5 {
				a[x+5*y] ^= d
			}
		}
		x, y := 1, 0
		lane := a[1]
		for t := range 24 {
			x, y = y, (2*x+3*y)%5
			a[x+5*y], lane = bits.RotateLeft64(lane, (t+1)*(t+2)/2), a[x+5*y]
		}
		for y := range 5 {
			row := [5]uint64(a[5*y : 5*y+5])
			for x := range 5 {
				a[x+5*y] = row[x] ^ ^row[(x+1)%5]&row[(x+2)%5]
			}
		}
		for j := range 7 {
			if lfsr&1 != 0 {
				a[0] ^= 1 << (1<<j - 1)
			}
			carry := lfsr >> 7
			lfsr = lfsr<<1 ^ carry*0x71
		}
	}
}
