package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// Prefix is what keys of one sort begin with, so that a scanner finds them in a
// repository and a person sees what they are for.
type Prefix string

// The sorts of keys.
const (
	Operator Prefix = "mko_" // Of a person or a program that administers maskit.
	Client   Prefix = "mkc_" // Of an app that asks a provider through maskit.
)

// A key is its prefix and, in lower-case base32 (RFC 4648, unpadded), 32 random
// bytes and 4 bytes of a checksum: SHA-256 of the prefix and the random bytes.
const (
	randomSize   = 32
	checksumSize = 4
)

// KeyLen is the length of a key in bytes, its prefix included.
const KeyLen = len(Operator) + ((randomSize+checksumSize)*8+4)/5

var encoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// What is wrong with the form of a key. Whether a key of the right form is known
// is for Keys to say.
var (
	// ErrForm says that a text is no key of maskit at all.
	ErrForm = errors.New("this is no key of maskit: one begins with mko_ or mkc_")
	// ErrMistyped says that a text was a key before somebody typed or cut it.
	ErrMistyped = errors.New("the key is mistyped or cut: its checksum does not agree")
)

// NewKey returns a fresh key.
func NewKey(p Prefix) string {
	b := make([]byte, randomSize, randomSize+checksumSize)
	rand.Read(b) // Never fails: it ends the process instead.
	return string(p) + encoding.EncodeToString(append(b, checksum(p, b)...))
}

func checksum(p Prefix, random []byte) []byte {
	sum := sha256.Sum256(append([]byte(p), random...))
	return sum[:checksumSize]
}

// Check reports whether a text has the form of a key: nil, ErrForm or
// ErrMistyped. It needs no table, so it tells a typing mistake from a key that is
// not, or no longer, known.
func Check(key string) error {
	p := Prefix(key[:min(len(key), len(Operator))])
	if p != Operator && p != Client {
		return ErrForm
	}
	b, err := encoding.DecodeString(key[len(p):])
	if err != nil || len(b) != randomSize+checksumSize ||
		string(checksum(p, b[:randomSize])) != string(b[randomSize:]) ||
		encoding.EncodeToString(b) != key[len(p):] { // The last character has bits to spare.
		return ErrMistyped
	}
	return nil
}

// Hash returns what a configuration holds of a key: its SHA-256 in hex, as
// `printf %s "$KEY" | sha256sum` gives it.
func Hash(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// parseHash reads what Hash made. Its error quotes nothing: who pastes the key
// itself there shall not find it in a log.
func parseHash(text string) (hash [sha256.Size]byte, err error) {
	if strings.HasPrefix(text, string(Operator)) || strings.HasPrefix(text, string(Client)) {
		return hash, errors.New("is a key; give its hash, which `maskit keys hash` prints")
	}
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != len(hash) {
		return hash, fmt.Errorf("%d characters that are no SHA-256 in hex; `maskit keys new` prints one", len(text))
	}
	return [sha256.Size]byte(b), nil
}

// ValidateHash reports what is wrong with a configured hash, nil if nothing is.
func ValidateHash(text string) error {
	_, err := parseHash(text)
	return err
}
