package vault

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// KeySize is the length of a key in bytes.
const KeySize = 32

// NewKey returns a fresh random key in base64.
func NewKey() Secret {
	key := make([]byte, KeySize)
	rand.Read(key) // Never fails: it ends the process instead.
	return Secret(base64.StdEncoding.EncodeToString(key))
}

// ParseKey decodes a key of 32 bytes from hex or from base64, standard or
// URL-safe, padded or not, white space around it ignored. The error gives the
// length that was met and how to make a key, nothing of the text.
func ParseKey(s Secret) ([]byte, error) {
	text := strings.TrimSpace(s.Reveal())
	// Hex first: 64 hex digits are also valid base64, of 48 bytes.
	if key, err := hex.DecodeString(text); err == nil && len(key) == KeySize {
		return key, nil
	}
	text = strings.TrimRight(text, "=")
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if key, err := enc.DecodeString(text); err == nil && len(key) == KeySize {
			return key, nil
		}
	}
	return nil, fmt.Errorf("%d characters that are not %d bytes in base64 or hex; %s", len(text), KeySize, howToMakeKey)
}

const howToMakeKey = "make one with `openssl rand -base64 32` and give it in the variable MASKIT_KEY or in vault.keys"

// Keyring holds the keys of a vault: the first seals, all of them open, the
// last derives the tokens, hides the names of conversations and takes part in the
// locks of passcodes.
type Keyring struct {
	keys []ringKey
}

// ringKey is one key with the id by which sealed entries name it.
type ringKey struct {
	id     keyID
	secret []byte
}

// keyID is derived from the key, so that nobody has to number keys.
type keyID [4]byte

// NewKeyring parses the keys in order. The same key may be listed twice: while
// several replicas are rotated one by one, "old, new, old" still seals and
// derives with the old key and already opens what the new one sealed; then
// "new, old" seals with the new one and keeps the tokens.
func NewKeyring(keys []Secret) (*Keyring, error) {
	if len(keys) == 0 {
		return nil, errors.New("vault: no key; " + howToMakeKey)
	}
	ring := new(Keyring)
	var errs []error
	for i, s := range keys {
		secret, err := ParseKey(s)
		if err != nil {
			errs = append(errs, fmt.Errorf("keys[%d]: %w", i, err))
			continue
		}
		key := ringKey{secret: secret}
		copy(key.id[:], key.derive("id", "", len(key.id)))
		ring.keys = append(ring.keys, key)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("vault: reading the keys: %w", err)
	}
	return ring, ring.clash()
}

// clash reports two different keys with one id: an entry could not say which of
// them opens it. It happens to one pair of random keys in four billion.
func (r *Keyring) clash() error {
	for i, a := range r.keys {
		for _, b := range r.keys[:i] {
			if a.id == b.id && !slices.Equal(a.secret, b.secret) {
				return errors.New("vault: two keys share an id by chance; make one of them anew")
			}
		}
	}
	return nil
}

// derive returns size bytes for one purpose and tenant: HKDF-SHA256, RFC 5869,
// with both in its info. No purpose holds a NUL, so the parts cannot be mixed up.
func (k ringKey) derive(purpose, tenant string, size int) []byte {
	return k.deriveWith(nil, purpose, tenant, size)
}

// deriveWith needs a salt besides, which may be a secret of its own.
func (k ringKey) deriveWith(salt []byte, purpose, tenant string, size int) []byte {
	key, err := hkdf.Key(sha256.New, k.secret, salt, "maskit/1\x00"+purpose+"\x00"+tenant, size)
	if err != nil {
		panic("BUG: vault: deriving a key: " + err.Error())
	}
	return key
}

// Derive returns 32 bytes for a purpose outside of the vault. They stay the same
// while keys are rotated, as the tokens do.
func (r *Keyring) Derive(purpose string) []byte {
	return r.last().derive("for "+purpose, "", KeySize)
}

// last is the key of tokens, names and locks.
func (r *Keyring) last() ringKey { return r.keys[len(r.keys)-1] }
