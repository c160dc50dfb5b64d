package audit

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash"
	"strconv"
)

// How a line ends: its MAC is taken over all before this, and written last.
const (
	macHead = `,"mac":"`
	macTail = `"}`
	macSize = 43 // of 32 bytes in base64url without padding
)

// encoding is that of MACs, digests, signatures and keys in the trail.
var encoding = base64.RawURLEncoding

// keys are what one secret gives.
type keys struct {
	mac  hash.Hash // HMAC-SHA256
	sign ed25519.PrivateKey
}

// newKeys derives the keys from a secret of 32 bytes or more.
func newKeys(secret []byte) keys {
	derive := func(purpose string) []byte {
		key, err := hkdf.Key(sha256.New, secret, nil, "maskit/audit/1\x00"+purpose, sha256.Size)
		if err != nil {
			panic("BUG: audit: deriving a key: " + err.Error())
		}
		return key
	}
	return keys{hmac.New(sha256.New, derive("mac")), ed25519.NewKeyFromSeed(derive("sign"))}
}

// PublicKey is what checks the signatures of checkpoints, in base64url.
func PublicKey(secret []byte) string { return newKeys(secret).public() }

func (k keys) public() string { return encoding.EncodeToString(k.sign.Public().(ed25519.PublicKey)) }

// sum is the MAC of what is given.
func (k keys) sum(b ...[]byte) string {
	k.mac.Reset()
	for _, part := range b {
		k.mac.Write(part)
	}
	return encoding.EncodeToString(k.mac.Sum(nil))
}

// chain numbers records and ties each to the one before.
type chain struct {
	keys
	seq     uint64    // of the last record
	prev    string    // its MAC
	digest  hash.Hash // SHA-256 of the lines since the last checkpoint
	since   uint64    // the first record in digest
	pending int       // records since the last checkpoint
}

func newChain(secret []byte) *chain {
	return &chain{keys: newKeys(secret), digest: sha256.New(), since: 1}
}

// append makes r the next record and appends its line to dst.
func (c *chain) append(dst []byte, r *Record) []byte {
	r.Seq, r.Prev = c.seq+1, c.prev
	if r.Session != "" { // Clients name conversations as they like, after customers too.
		r.Session = c.sum([]byte("session\x00"), []byte(r.Session))[:16]
	}
	start := len(dst)
	dst = r.appendJSON(dst)
	dst = dst[:len(dst)-1] // without "}"
	mac := c.sum(dst[start:])
	dst = append(append(append(dst, macHead...), mac...), macTail...)
	c.follow(line{seq: r.Seq, mac: mac}, dst[start:])
	return append(dst, '\n')
}

// follow takes a line, without its line break, as the last one.
func (c *chain) follow(l line, b []byte) {
	if c.pending == 0 {
		c.since = l.seq
	}
	c.seq, c.prev = l.seq, l.mac
	c.digest.Write(b)
	c.digest.Write([]byte{'\n'})
	c.pending++
	if l.checkpoint {
		c.anchor()
	}
}

// checkpoint appends a record that signs the lines since the last one.
func (c *chain) checkpoint(dst []byte, r *Record) []byte {
	sum := c.digest.Sum(nil)
	r.Type, r.Since, r.Digest = typeCheckpoint, c.since, encoding.EncodeToString(sum)
	r.Signature = encoding.EncodeToString(ed25519.Sign(c.sign, signed(c.since, c.seq+1, sum)))
	dst = c.append(dst, r)
	c.anchor()
	return dst
}

// anchor begins what the next checkpoint covers behind the last record.
func (c *chain) anchor() {
	c.digest.Reset()
	c.since, c.pending = c.seq+1, 0
}

// signed is what a checkpoint signs: which records, and their digest.
func signed(since, seq uint64, digest []byte) []byte {
	b := []byte("maskit audit checkpoint 1\x00")
	b = binary.BigEndian.AppendUint64(b, since)
	b = binary.BigEndian.AppendUint64(b, seq)
	return append(b, digest...)
}

// head is the text that says which record is the last: number, MAC, and a MAC
// over both.
func (c *chain) head() string {
	text := fmt.Sprintf("%d %s", c.seq, c.prev)
	return text + " " + c.sum([]byte("head\x00"), []byte(text)) + "\n"
}

// parseHead reads what head wrote. It is not ok if it was changed.
func (k keys) parseHead(b []byte) (seq uint64, mac string, ok bool) {
	fields := bytes.Fields(b)
	if len(fields) != 3 {
		return 0, "", false
	}
	seq, err := strconv.ParseUint(string(fields[0]), 10, 64)
	text := bytes.Join(fields[:2], []byte(" "))
	return seq, string(fields[1]), err == nil && hmac.Equal(fields[2], []byte(k.sum([]byte("head\x00"), text)))
}

// line is what the chain needs to know of one: its fixed beginning and end.
type line struct {
	seq        uint64
	prev, mac  string
	body       []byte // what the MAC is taken over
	checkpoint bool
}

// parseLine takes a line apart, without its line break. It is not ok if it does
// not begin and end as lines do.
func parseLine(b []byte) (l line, ok bool) {
	end := len(b) - len(macTail) - macSize - len(macHead)
	if end < 0 || !bytes.HasSuffix(b, []byte(macTail)) || !bytes.HasPrefix(b[end:], []byte(macHead)) {
		return line{}, false
	}
	l.body, l.mac = b[:end], string(b[end+len(macHead):len(b)-len(macTail)])
	rest, ok := bytes.CutPrefix(l.body, []byte(`{"seq":`))
	digits, rest, found := bytes.Cut(rest, []byte(`,"prev":"`))
	if !ok || !found {
		return line{}, false
	}
	prev, rest, found := bytes.Cut(rest, []byte(`","type":"`))
	seq, err := strconv.ParseUint(string(digits), 10, 64)
	if !found || err != nil {
		return line{}, false
	}
	l.seq, l.prev = seq, string(prev)
	l.checkpoint = bytes.HasPrefix(rest, []byte(typeCheckpoint+`"`))
	return l, true
}

// genuine reports whether the line is as it was written.
func (k keys) genuine(l line) bool { return hmac.Equal([]byte(l.mac), []byte(k.sum(l.body))) }
