package vault

import (
	"bytes"
	"crypto/cipher"
	"encoding/binary"
	"fmt"
	"slices"
)

// A sealed entry is
//
//	version (1 byte) | key id (4) | nonce (12) | ciphertext | tag (16)
//
// by AES-256-GCM, with the first two and the store key as associated data. What
// needs a tenant's data key too has version 2, and the data key's id (4) after the
// key's. The
// store key holds the tenant and the token: an entry that somebody moved to
// another token or tenant does not open. Nonces are random; by NIST SP 800-38D
// (8.3) one key of one tenant may seal 2^32 entries.
const (
	sealVersion     = 1
	sealVersionData = 2
	dataIDSize      = 4
)

// sealer seals with the first key of a ring and opens with all of them, under
// the keys of one tenant.
type sealer struct {
	version byte
	data    []byte // The id of the data key, if there is one.
	aeads   []ringAEAD
}

// errErased says that an entry was sealed under a data key that is no longer in
// force: it is as good as absent.
var errErased = fmt.Errorf("%w: its tenant was erased", ErrKey)

type ringAEAD struct {
	id   keyID
	aead cipher.AEAD
}

func newSealer(ring *Keyring, tenant string) *sealer {
	return newSealerFor(ring, func(key ringKey) []byte { return key.derive("seal", tenant, KeySize) })
}

// newSealerFor returns a sealer under the keys that derive makes of a ring's.
func newSealerFor(ring *Keyring, derive func(ringKey) []byte) *sealer {
	s := &sealer{version: sealVersion}
	for _, key := range ring.keys {
		s.aeads = append(s.aeads, ringAEAD{key.id, newGCM(derive(key))})
	}
	return s
}

// seal appends to dst the entry that is to lie under storeKey.
func (s *sealer) seal(dst []byte, storeKey string, plaintext []byte) []byte {
	active := &s.aeads[0]
	from := len(dst)
	dst = append(dst, s.version)
	dst = append(dst, active.id[:]...)
	dst = append(dst, s.data...)
	ad := associated(dst[from:], storeKey)
	defer ad.free()
	return active.aead.Seal(dst, nil, plaintext, ad.b)
}

// open appends to dst the plaintext of an entry that lay under storeKey. Its
// error is an ErrKey, or errErased.
func (s *sealer) open(dst []byte, storeKey string, entry []byte) ([]byte, error) {
	header := 1 + len(keyID{}) + len(s.data)
	if len(entry) > 0 && entry[0] < s.version {
		return nil, errErased // Of a maskit that had no data keys: stored anew when met again.
	}
	if len(entry) < header || entry[0] != s.version {
		return nil, fmt.Errorf("%w: an entry of %d bytes is not of a form this version knows", ErrKey, len(entry))
	}
	if !bytes.Equal(entry[header-len(s.data):header], s.data) {
		return nil, errErased
	}
	id := keyID(entry[1:])
	i := slices.IndexFunc(s.aeads, func(a ringAEAD) bool { return a.id == id })
	if i < 0 {
		return nil, fmt.Errorf("%w: an entry was sealed under a key that is not in vault.keys", ErrKey)
	}
	ad := associated(entry[:header], storeKey)
	defer ad.free()
	plaintext, err := s.aeads[i].aead.Open(dst, nil, entry[header:], ad.b)
	if err != nil {
		return nil, fmt.Errorf("%w: an entry was altered or moved", ErrKey)
	}
	return plaintext, nil
}

// sealedByFirst reports whether the key that seals now has sealed entry.
func (s *sealer) sealedByFirst(entry []byte) bool {
	return len(entry) > len(keyID{}) && keyID(entry[1:]) == s.aeads[0].id
}

// associated returns the associated data of an entry, for the caller to free.
func associated(header []byte, storeKey string) *buffer {
	b := getBuffer()
	b.b = append(append(b.b, header...), storeKey...)
	return b
}

// sealedSize is about what an entry with a value of n bytes takes.
func sealedSize(n int) int { return 1 + len(keyID{}) + dataIDSize + 12 + 1 + n + 16 }

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
