package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"fmt"
	"slices"
)

// A sealed entry is
//
//	version (1 byte) | key id (4) | nonce (12) | ciphertext | tag (16)
//
// by AES-256-GCM, with the first two and the store key as associated data. The
// store key holds the tenant and the token: an entry that somebody moved to
// another token or tenant does not open. Nonces are random; by NIST SP 800-38D
// (8.3) one key of one tenant may seal 2^32 entries.
const (
	sealVersion = 1
	sealHeader  = 1 + len(keyID{})
)

// sealer seals with the first key of a ring and opens with all of them, under
// the keys of one tenant.
type sealer struct {
	aeads []ringAEAD
}

type ringAEAD struct {
	id   keyID
	aead cipher.AEAD
}

func newSealer(ring *Keyring, tenant string) *sealer {
	s := new(sealer)
	for _, key := range ring.keys {
		block, err := aes.NewCipher(key.derive("seal", tenant, KeySize))
		if err != nil {
			panic("BUG: vault: making a cipher: " + err.Error())
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			panic("BUG: vault: making a cipher: " + err.Error())
		}
		s.aeads = append(s.aeads, ringAEAD{key.id, aead})
	}
	return s
}

// seal appends to dst the entry that is to lie under storeKey.
func (s *sealer) seal(dst []byte, storeKey string, plaintext []byte) []byte {
	active := &s.aeads[0]
	from := len(dst)
	dst = append(dst, sealVersion)
	dst = append(dst, active.id[:]...)
	ad := associated(dst[from:], storeKey)
	defer ad.free()
	return active.aead.Seal(dst, nil, plaintext, ad.b)
}

// open appends to dst the plaintext of an entry that lay under storeKey. Its
// error is an ErrKey.
func (s *sealer) open(dst []byte, storeKey string, entry []byte) ([]byte, error) {
	if len(entry) < sealHeader || entry[0] != sealVersion {
		return nil, fmt.Errorf("%w: an entry of %d bytes is not of a form this version knows", ErrKey, len(entry))
	}
	id := keyID(entry[1:sealHeader])
	i := slices.IndexFunc(s.aeads, func(a ringAEAD) bool { return a.id == id })
	if i < 0 {
		return nil, fmt.Errorf("%w: an entry was sealed under a key that is not in vault.keys", ErrKey)
	}
	ad := associated(entry[:sealHeader], storeKey)
	defer ad.free()
	plaintext, err := s.aeads[i].aead.Open(dst, nil, entry[sealHeader:], ad.b)
	if err != nil {
		return nil, fmt.Errorf("%w: an entry was altered or moved", ErrKey)
	}
	return plaintext, nil
}

// sealedByFirst reports whether the key that seals now has sealed entry.
func (s *sealer) sealedByFirst(entry []byte) bool {
	return len(entry) >= sealHeader && keyID(entry[1:sealHeader]) == s.aeads[0].id
}

// associated returns the associated data of an entry, for the caller to free.
func associated(header []byte, storeKey string) *buffer {
	b := getBuffer()
	b.b = append(append(b.b, header...), storeKey...)
	return b
}

// sealedSize is about what an entry with a value of n bytes takes.
func sealedSize(n int) int { return sealHeader + 12 + 1 + n + 16 }

// appendPacked joins an item's canonical form and its value: the length of the
// canonical form as a uvarint, the form, the value. Length 0 says that the
// value is its own canonical form, which most are.
func appendPacked(dst []byte, canonical, value string) []byte {
	if canonical == value {
		canonical = ""
	}
	dst = binary.AppendUvarint(dst, uint64(len(canonical)))
	dst = append(dst, canonical...)
	return append(dst, value...)
}

// unpack returns the parts of what appendPacked joined, inside b.
func unpack(b []byte) (canonical, value []byte, err error) {
	n, w := binary.Uvarint(b)
	if w <= 0 || n > uint64(len(b)-w) {
		return nil, nil, fmt.Errorf("%w: an entry of %d bytes has no value", ErrKey, len(b))
	}
	canonical, value = b[w:w+int(n)], b[w+int(n):]
	if n == 0 {
		canonical = value
	}
	return canonical, value, nil
}
