// Package planted makes the sensitive values that the proofs and the
// benchmark plant in requests and then look for where they must not be.
//
// It holds no value of its own: values come from a seed, so that a run can be
// repeated and no secret-looking text stands in the repository. It does not
// look for values; package leak does.
//
// A Maker appends values of one kind, all of the same width, valid as far as
// checksums go. Set makes one of each kind, and the terms of an organisation
// that are hard to carry through JSON.
package planted

import (
	"encoding/base64"
	"hash/crc32"
	"math/rand/v2"
	"strconv"
)

// Value is one planted value.
type Value struct {
	// Kind says what it is; failures name it instead of the value.
	Kind string `json:"kind"`
	// Text is the value as it stands in the request.
	Text string `json:"text"`
}

// Maker appends values of one kind to a buffer.
type Maker struct {
	Kind string
	// Append appends a fresh value, always of the same number of bytes.
	Append func(dst []byte, r *rand.Rand) []byte
}

// Makers has one row a kind.
var Makers = []Maker{
	{"EMAIL_ADDRESS", appendEmail},
	{"PHONE_NUMBER", appendPhone},
	{"PHONE_NUMBER_US", appendPhoneUS},
	{"CREDIT_CARD", appendCard},
	{"IBAN_CODE", appendIBAN},
	{"US_SSN", appendSSN},
	{"IP_ADDRESS", appendIP},
	{"OPENAI_KEY", appendOpenAIKey},
	{"AWS_KEY", appendAWSKey},
	{"GITHUB_TOKEN", appendGitHubToken},
}

// ProjectKind is the kind under which Terms are configured.
const ProjectKind = "PROJECT"

// Terms are an organisation's own terms, each hard to carry for a reason of
// its own: quotes and backslashes (JSON, and JSON inside JSON), characters
// that some encoders write as \u00XX, text beyond the basic plane, no spaces.
var Terms = []string{
	"Project Falcon",
	`Projekt "Über\Falke" 🦅`,
	`C:\Users\ada\mühle`,
	`Häagen & Söhne <GmbH>`,
	`Rocket {"stage": [1, "two"]}`,
	"東京計画",
	"Blue\tHeron\nInitiative",
}

// New returns the generator of a seed.
func New(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0x6d61736b6974)) }

// Set returns one value of each kind and every term.
func Set(r *rand.Rand) []Value {
	var set []Value
	for _, m := range Makers {
		set = append(set, Value{m.Kind, string(m.Append(nil, r))})
	}
	set = append(set, Value{"PRIVATE_KEY", privateKey(r)}, Value{"JWT", jwt(r)})
	for _, t := range Terms {
		set = append(set, Value{ProjectKind, t})
	}
	return set
}

const (
	digits = "0123456789"
	lower  = "abcdefghijklmnopqrstuvwxyz"
	upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	base62 = digits + upper + lower
	base32 = upper + "234567"
)

func appendEmail(dst []byte, r *rand.Rand) []byte {
	dst = random(dst, r, lower, 6)
	dst = append(dst, '.')
	dst = random(dst, r, lower, 8)
	dst = append(dst, '@')
	dst = random(dst, r, lower, 7)
	return append(dst, "-mill.co"...)
}

func appendPhone(dst []byte, r *rand.Rand) []byte {
	dst = append(dst, "+49 151 "...)
	dst = append(dst, digits[2+r.IntN(8)])
	return random(dst, r, digits, 7)
}

func appendPhoneUS(dst []byte, r *rand.Rand) []byte {
	dst = append(dst, "+1 (415) 32"...)
	dst = random(dst, r, digits, 1)
	dst = append(dst, '-')
	return random(dst, r, digits, 4)
}

// appendCard appends a Visa number in groups of four; the last digit is
// Luhn's (ISO/IEC 7812-1).
func appendCard(dst []byte, r *rand.Rand) []byte {
	number := random(append(make([]byte, 0, 16), '4'), r, digits, 14)
	sum := 0
	for i, c := range number {
		d := int(c - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	number = append(number, digits[(10-sum%10)%10])
	for i := 0; i < 16; i += 4 {
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = append(dst, number[i:i+4]...)
	}
	return dst
}

// appendIBAN appends a German IBAN; its check digits are 98 minus the
// remainder by 97 of account, country (D=13, E=14) and 00 (ISO 13616).
func appendIBAN(dst []byte, r *rand.Rand) []byte {
	dst = append(dst, "DE00"...)
	at := len(dst)
	dst = append(dst, digits[1+r.IntN(9)])
	dst = random(dst, r, digits, 17)
	rest := 0
	for _, c := range dst[at:] {
		rest = (rest*10 + int(c-'0')) % 97
	}
	check := 98 - (rest*1_000_000+131400)%97
	dst[at-2], dst[at-1] = digits[check/10], digits[check%10]
	return dst
}

func appendSSN(dst []byte, r *rand.Rand) []byte {
	dst = strconv.AppendInt(dst, 200+r.Int64N(400), 10)
	dst = append(dst, '-')
	dst = strconv.AppendInt(dst, 10+r.Int64N(89), 10)
	dst = append(dst, '-')
	return strconv.AppendInt(dst, 1000+r.Int64N(8999), 10)
}

// appendIP appends an address of a public network, no documentation range.
func appendIP(dst []byte, r *rand.Rand) []byte {
	dst = append(dst, "151"...)
	for range 3 {
		dst = append(dst, '.')
		dst = strconv.AppendInt(dst, 100+r.Int64N(100), 10)
	}
	return dst
}

func appendOpenAIKey(dst []byte, r *rand.Rand) []byte {
	return random(append(dst, "sk-"...), r, base62, 48)
}

func appendAWSKey(dst []byte, r *rand.Rand) []byte {
	return random(append(dst, "AKIA"...), r, base32, 16)
}

// appendGitHubToken appends a classic token: 30 random characters and their
// CRC-32 in base 62.
func appendGitHubToken(dst []byte, r *rand.Rand) []byte {
	dst = append(dst, "ghp_"...)
	at := len(dst)
	dst = random(dst, r, base62, 30)
	sum := crc32.ChecksumIEEE(dst[at:])
	var tail [6]byte
	for i := range tail {
		tail[len(tail)-1-i] = base62[sum%62]
		sum /= 62
	}
	return append(dst, tail[:]...)
}

// privateKey is shaped like a PEM private key; its lines make it the value
// with newlines.
func privateKey(r *rand.Rand) string {
	key := "-----BEGIN PRIVATE KEY-----\n"
	for range 4 {
		key += base64.StdEncoding.EncodeToString(random(nil, r, base62, 48)) + "\n"
	}
	return key + "-----END PRIVATE KEY-----"
}

func jwt(r *rand.Rand) string {
	part := base64.RawURLEncoding.EncodeToString
	return part([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." +
		part([]byte(`{"sub":"`+string(random(nil, r, digits, 12))+`"}`)) + "." +
		part(random(nil, r, base62, 32))
}

// random appends n characters of an alphabet.
func random(dst []byte, r *rand.Rand, alphabet string, n int) []byte {
	for range n {
		dst = append(dst, alphabet[r.IntN(len(alphabet))])
	}
	return dst
}
