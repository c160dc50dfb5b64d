package vault

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"sync"
)

// A token is an upper-case label of the kind and a code, as in EMAIL7TX3W9KD.
//
// No punctuation: models copy a plain, value-like word more faithfully than
// anything in brackets, and letters and digits need no escaping in JSON, JSON
// inside JSON, HTML, URLs, Markdown, a shell or a stream. Short: long random
// tails are miscopied. The first character is a digit, so that the code is told
// from the label; no vowels, so that no word arises; of look-alikes (0 O, 1 I L,
// 5 S, V Y) at most one, so that a code typed off a screen survives. A keyed
// hash and not a counter: the same value gets the same token in each turn, on
// each replica and after each restart, and without the key a token says nothing
// about its value, guesses included.

// CodeLen is the number of characters of a token's code.
const CodeLen = 8

// codeAlphabet is what a code is made of; its first codeDigits characters are
// what it may begin with.
const (
	codeAlphabet = "23456789BCDFGHJKMNPQRTVWXZ"
	codeDigits   = 8
)

const inCode, beginsCode = 1, 2

// codeBytes tells for each byte whether it may be in a code or begin one.
var codeBytes = func() (t [256]uint8) {
	for i, c := range []byte(codeAlphabet) {
		t[c] = inCode
		if i < codeDigits {
			t[c] |= beginsCode
		}
	}
	return t
}()

// IsCodeByte reports whether c may be in a code, or, with first, begin one.
func IsCodeByte(c byte, first bool) bool {
	if first {
		return codeBytes[c]&beginsCode != 0
	}
	return codeBytes[c]&inCode != 0
}

// AppendToken appends to dst the token of a value: label and the code cut from
// HMAC-SHA256(the tenant's token key, kind 0x00 canonical 0x00 attempt), where
// attempt is four bytes, big-endian. It is 0 at first, and one more each time
// that Keep calls the token taken. The kind holds no 0x00. It stores nothing.
func (t *Tenant) AppendToken(dst []byte, label, kind string, canonical []byte, attempt int) []byte {
	sum := t.Sum(kind, canonical, attempt)
	return appendCode(append(dst, label...), binary.BigEndian.Uint64(sum[:]))
}

// Sum returns the hash that tokens are cut from, for what else stands for a value:
// purpose takes the place of the kind. A token shows 36 bits of that of its kind,
// so others take a purpose that is no kind.
func (t *Tenant) Sum(purpose string, canonical []byte, attempt int) [sha256.Size]byte {
	s := t.codes.get()
	s.buf = append(append(s.buf, purpose...), 0)
	s.buf = append(append(s.buf, canonical...), 0)
	s.buf = binary.BigEndian.AppendUint32(s.buf, uint32(attempt))
	sum := s.sum()
	t.codes.put(s)
	return sum
}

// appendCode writes n in the mixed base of a code. There are 8 * 26^7 = 6.4e10
// codes and 2^64 values of n, so no code is more likely than another by more
// than 2^-28.
func appendCode(dst []byte, n uint64) []byte {
	dst = append(dst, codeAlphabet[n%codeDigits])
	n /= codeDigits
	for range CodeLen - 1 {
		dst = append(dst, codeAlphabet[n%uint64(len(codeAlphabet))])
		n /= uint64(len(codeAlphabet))
	}
	return dst
}

// keyedHash is HMAC-SHA256 under one key. Its states are pooled, because
// setting one up costs more than hashing a value.
type keyedHash struct {
	pool sync.Pool
}

// hashState gathers what is to be hashed in buf.
type hashState struct {
	mac hash.Hash
	buf []byte
	out [sha256.Size]byte
}

func newKeyedHash(key []byte) *keyedHash {
	h := new(keyedHash)
	h.pool.New = func() any {
		mac := hmac.New(sha256.New, key)
		mac.Reset() // Only from now on does Reset restore the whole state.
		return &hashState{mac: mac}
	}
	return h
}

// get returns a state with an empty buffer; put must take it back.
func (h *keyedHash) get() *hashState {
	return h.pool.Get().(*hashState)
}

// put clears what was hashed, since it may be an original. A buffer that one
// huge value has blown up is not kept.
func (h *keyedHash) put(s *hashState) {
	clear(s.buf)
	s.buf = s.buf[:0]
	if cap(s.buf) > maxPooled {
		s.buf = nil
	}
	h.pool.Put(s)
}

// sum hashes the buffer. It leaves nothing of it in the hash, which has the end of
// what it was given until it is reset.
func (s *hashState) sum() [sha256.Size]byte {
	s.mac.Write(s.buf)
	s.mac.Sum(s.out[:0])
	s.mac.Reset()
	return s.out
}
