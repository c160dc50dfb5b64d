package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/hpke"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"golang.org/x/crypto/argon2"
)

// lock is what a passcode opens: a pair of keys. Values are sealed to its public
// key, by HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM), so that masking does
// not need the passcode. The private key lies in it, sealed under a key that
// needs both the passcode, through argon2id (RFC 9106), and the vault's key.
//
// Around what is sealed to a lock there is the seal that every value has: Redis
// and the passcode without the vault's key open nothing, nor do Redis and the
// vault's key without the passcode.
type lock struct {
	Public  []byte `json:"public"`
	Private []byte `json:"private"` // Sealed.
	Salt    []byte `json:"salt"`
	cost
}

// cost are the parameters of argon2id: memory in KiB.
type cost struct {
	Memory  uint32 `json:"m"`
	Passes  uint32 `json:"t"`
	Threads uint8  `json:"p"`
}

// usualCost takes a fifth of a second of a processor and 64 MiB: more than OWASP's least
// (19 MiB, 2 passes), since nobody waits for it but who unlocks.
var usualCost = cost{Memory: 64 << 10, Passes: 3, Threads: 1}

// unlocking bounds the memory of passcodes that are tried at the same time.
var unlocking = make(chan struct{}, 2)

const (
	saltSize   = 16
	publicSize = 32
	lockInfo   = "maskit/1 lock"
)

var lockKEM = hpke.DHKEM(ecdh.X25519())

// newLock makes a lock for a passcode.
func newLock(code []byte, vaultKey []byte, c cost) (*lock, error) {
	private, err := lockKEM.GenerateKey()
	if err != nil {
		return nil, fmt.Errorf("making a lock: %w", err)
	}
	l := &lock{Public: private.PublicKey().Bytes()}
	return l, l.wrap(private, code, vaultKey, c)
}

// wrap seals the private key for a passcode, in the place of the one before.
func (l *lock) wrap(private hpke.PrivateKey, code, vaultKey []byte, c cost) error {
	plain, err := private.Bytes()
	if err != nil {
		return fmt.Errorf("making a lock: %w", err)
	}
	defer clear(plain)
	l.cost, l.Salt = c, make([]byte, saltSize)
	rand.Read(l.Salt) // Never fails: it ends the process instead.
	l.Private = l.gcm(code, vaultKey).Seal(nil, nil, plain, l.Public)
	return nil
}

// unwrap returns the private key; nil if the passcode is not the right one, or
// somebody has altered the lock.
func (l *lock) unwrap(code, vaultKey []byte) hpke.PrivateKey {
	plain, err := l.gcm(code, vaultKey).Open(nil, nil, l.Private, l.Public)
	if err != nil {
		return nil
	}
	defer clear(plain)
	private, err := lockKEM.NewPrivateKey(plain)
	if err != nil {
		return nil
	}
	return private
}

// gcm is the cipher that a passcode makes.
func (l *lock) gcm(code, vaultKey []byte) cipher.AEAD {
	unlocking <- struct{}{}
	defer func() { <-unlocking }()
	secret := argon2.IDKey(code, l.Salt, l.Passes, l.Memory, l.Threads, KeySize)
	defer clear(secret)
	key, err := hkdf.Key(sha256.New, secret, vaultKey, lockInfo, KeySize)
	if err != nil {
		panic("BUG: vault: deriving a key: " + err.Error())
	}
	return newGCM(key)
}

func newGCM(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic("BUG: vault: making a cipher: " + err.Error())
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic("BUG: vault: making a cipher: " + err.Error())
	}
	return aead
}

// id names the lock in keys of the store.
func (l *lock) id() string {
	sum := sha256.Sum256(l.Public)
	return hex.EncodeToString(sum[:8])
}

func (l *lock) space() string { return "s:" + l.id() + ":" }

// sender seals the values of one batch to a lock: one exchange of keys for all.
type sender struct {
	enc  []byte
	aead cipher.AEAD
}

func (l *lock) sender() (*sender, error) {
	public, err := lockKEM.NewPublicKey(l.Public)
	if err != nil {
		return nil, fmt.Errorf("%w: a lock is malformed", ErrKey)
	}
	enc, s, err := hpke.NewSender(public, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(lockInfo))
	if err != nil {
		return nil, fmt.Errorf("sealing to a lock: %w", err)
	}
	key, err := s.Export("values", KeySize)
	if err != nil {
		return nil, fmt.Errorf("sealing to a lock: %w", err)
	}
	return &sender{enc, newGCM(key)}, nil
}

// seal appends the sender's public key and what only the lock's key opens.
func (s *sender) seal(dst []byte, storeKey string, plain []byte) []byte {
	return s.aead.Seal(append(dst, s.enc...), nil, plain, []byte(storeKey))
}

// openLocked appends to dst what a sender has sealed.
func openLocked(dst []byte, private hpke.PrivateKey, storeKey string, sealed []byte) ([]byte, error) {
	if len(sealed) < publicSize {
		return nil, fmt.Errorf("%w: %d bytes are not sealed to a lock", ErrKey, len(sealed))
	}
	r, err := hpke.NewRecipient(sealed[:publicSize], private, hpke.HKDFSHA256(), hpke.AES256GCM(), []byte(lockInfo))
	if err != nil {
		return nil, fmt.Errorf("%w: an entry was altered or moved", ErrKey)
	}
	key, err := r.Export("values", KeySize)
	if err != nil {
		return nil, fmt.Errorf("%w: an entry was altered or moved", ErrKey)
	}
	plain, err := newGCM(key).Open(dst, nil, sealed[publicSize:], []byte(storeKey))
	if err != nil {
		return nil, fmt.Errorf("%w: an entry was altered or moved", ErrKey)
	}
	return plain, nil
}
