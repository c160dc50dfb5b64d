package access

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
)

// Keys is a table of the hashes of keys. It never changes; a reload makes another.
type Keys struct {
	hashes []words
}

// words are the bytes of a hash, in numbers that are compared in one step each.
type words [sha256.Size / 8]uint64

func wordsOf(hash [sha256.Size]byte) (w words) {
	for i := range w {
		w[i] = binary.LittleEndian.Uint64(hash[8*i:])
	}
	return w
}

// same is 1 if v and w are the same and 0 if not, in the same time.
func (v *words) same(w *words) int {
	var differ uint64
	for i := range v {
		differ |= v[i] ^ w[i]
	}
	return subtle.ConstantTimeEq(int32(uint32(differ|differ>>32)), 0)
}

// NewKeys makes the table of hashes as Hash gives them. Its error names the row:
// two rows with one key would make the holder either.
func NewKeys(hashes []string) (*Keys, error) {
	k := &Keys{hashes: make([]words, len(hashes))}
	row := make(map[[sha256.Size]byte]int)
	for i, text := range hashes {
		hash, err := parseHash(text)
		if err != nil {
			return nil, fmt.Errorf("access: key_sha256 of row %d: %w", i, err)
		}
		if first, ok := row[hash]; ok {
			return nil, fmt.Errorf("access: rows %d and %d have the same key_sha256", first, i)
		}
		row[hash], k.hashes[i] = i, wordsOf(hash)
	}
	return k, nil
}

// Find returns the row of a key, -1 if it is in none. It looks at every row
// whatever it finds, so that its time tells nothing but the size of the table:
// about 10 ns a row.
func (k *Keys) Find(key string) int {
	hash := wordsOf(sha256.Sum256([]byte(key)))
	found := -1
	for i := range k.hashes {
		found = subtle.ConstantTimeSelect(k.hashes[i].same(&hash), i, found)
	}
	return found
}

// Len is the number of rows.
func (k *Keys) Len() int { return len(k.hashes) }
