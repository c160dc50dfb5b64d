package detect

import (
	"bytes"
	"crypto/sha256"
	"strings"
)

var cryptoRules = []Rule{
	{
		Name: "crypto-base58", Kind: "CRYPTO", Score: 1,
		Long: 25, Match: wholeWord(base58Address),
		Hits: []string{
			"my wallet address is: «16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ»", "«3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy»",
			"Litecoin «LVg2kJoFNg45Nbpy53h7Fe1wKyeXVRhMH9»", "Tron «TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t»",
		},
		Misses: []string{"16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyZ2", "16Yeky6GMjeNkAiNcBY7ZhrLoMSgg1BoyY", "8f953371d3e85eddb89b05ed6b9e680791055315c73e1025ab5dba7bb2aee189"},
	},
	{
		Name: "crypto-bech32", Kind: "CRYPTO", Score: 1,
		Long: 40, Match: wholeWord(bech32Address),
		Hits:   []string{"«bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq»", "«bc1p5d7rjq7g6rdk2yhzks9smlaqtedr4dekq08ge8ztwac72sfr9rusxg3297»"},
		Misses: []string{"bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdz", "bc1qaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
	},
	{
		Name: "crypto-ethereum", Kind: "CRYPTO", Score: 0.9,
		Long: 42, Match: wholeWord(ethereumAddress),
		Hits:   []string{"send to «0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed»", "«0xfb6916095ca1df60bb79ce92ce3ea74c37c5d359»"},
		Misses: []string{"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed", "0x0000000000000000000000000000000000000000", "0xfb6916095ca1df60bb79ce92ce3ea74c37c5d35"},
	},
	{
		Name: "crypto-solana", Kind: "CRYPTO", Score: 0.2,
		Long: 32, Match: wholeWord(solanaAddress),
		Near:   []string{"solana", "sol", "phantom", "spl token", "wallet"},
		Hits:   []string{"Solana wallet «7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV»"},
		Misses: []string{"7EcDhSYGxXyscszYEp35KHN8vvw3svAuLKTzXwCFLtV"},
	},
}

// wholeWord matches the letters and digits that woke a rule if c holds.
func wholeWord(c idCheck) func(text []byte, at, end int) (int, int) {
	return func(text []byte, at, end int) (int, int) {
		if end-at > maxAddress || !c(text[at:end]) {
			return 0, 0
		}
		return at, end
	}
}

const maxAddress = 90 // BIP 173

const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// base58Address checks an address of 25 bytes, of which the last four are the
// beginning of a double hash of the others: of Bitcoin, Litecoin, Tron, Dash,
// Dogecoin and their like, by the first byte.
func base58Address(word []byte) bool {
	if len(word) < 25 || len(word) > 35 || strings.IndexByte("13LMTDXA9", word[0]) < 0 {
		return false
	}
	var raw [25]byte
	if !decodeBase58(raw[:], word) {
		return false
	}
	switch raw[0] {
	case 0x00, 0x05, 0x30, 0x32, 0x41, 0x1e, 0x16, 0x4c, 0x10:
	default:
		return false
	}
	sum := sha256.Sum256(raw[:21])
	sum = sha256.Sum256(sum[:])
	return bytes.Equal(sum[:4], raw[21:])
}

// decodeBase58 writes the number that word is into all of raw, and reports
// whether it fits and each byte of 0 in front is a "1".
func decodeBase58(raw, word []byte) bool {
	clear(raw)
	for _, c := range word {
		carry := strings.IndexByte(base58, c)
		if carry < 0 {
			return false
		}
		for i := len(raw) - 1; i >= 0; i-- {
			carry += int(raw[i]) * 58
			raw[i] = byte(carry)
			carry >>= 8
		}
		if carry != 0 {
			return false
		}
	}
	zeros, ones := 0, 0
	for zeros < len(raw) && raw[zeros] == 0 {
		zeros++
	}
	for ones < len(word) && word[ones] == '1' {
		ones++
	}
	return zeros == ones
}

// bech32Address checks an address of BIP 173 or BIP 350: Bitcoin's or
// Litecoin's.
func bech32Address(word []byte) bool {
	const digits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
	n := 0
	switch {
	case hasPrefix(word, "bc1"), hasPrefix(word, "tb1"):
		n = 2
	case hasPrefix(word, "ltc1"):
		n = 3
	default:
		return false
	}
	if len(word) < 40 || len(word) > 90 {
		return false
	}
	sum := uint32(1)
	next := func(v byte) {
		top := sum >> 25
		sum = sum&0x1ffffff<<5 ^ uint32(v)
		for i, g := range [5]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 != 0 {
				sum ^= g
			}
		}
	}
	for _, c := range word[:n] {
		next(c >> 5)
	}
	next(0)
	for _, c := range word[:n] {
		next(c & 31)
	}
	for _, c := range word[n+1:] {
		v := strings.IndexByte(digits, c)
		if v < 0 {
			return false
		}
		next(byte(v))
	}
	return sum == 1 || sum == 0x2bc830a3
}

// ethereumAddress checks 20 bytes in hexadecimal. Letters of both cases must
// be as EIP-55 says.
func ethereumAddress(word []byte) bool {
	if len(word) != 42 || word[0] != '0' || word[1] != 'x' && word[1] != 'X' {
		return false
	}
	digits := word[2:]
	var folded [40]byte
	upper, low := false, false
	for i, c := range digits {
		if !isHex(c) {
			return false
		}
		upper = upper || isUpper(c)
		low = low || c >= 'a'
		folded[i] = c
		if isUpper(c) {
			folded[i] = c | 0x20
		}
	}
	if !varied(digits) {
		return false
	}
	if !upper || !low {
		return true
	}
	sum := keccak256(folded[:])
	for i, c := range digits {
		nibble := sum[i/2] >> (4 * (1 - i%2)) & 15
		if isLetter(c) && isUpper(c) != (nibble >= 8) {
			return false
		}
	}
	return true
}

// solanaAddress holds for 32 bytes.
func solanaAddress(word []byte) bool {
	if len(word) < 32 || len(word) > 44 {
		return false
	}
	var raw [32]byte
	return decodeBase58(raw[:], word) && letterAndDigit(word)
}
