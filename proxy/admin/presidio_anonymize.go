package admin

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"unicode/utf8"
)

// The API of presidio-anonymizer.

type anonymizeRequest struct {
	Text        string                `json:"text"`
	Anonymizers map[string]anonymizer `json:"anonymizers,omitempty" doc:"by entity type; DEFAULT is for those that are not named"`
	Results     []anonymizeResult     `json:"analyzer_results"`
}

type anonymizeResult struct {
	Start  int     `json:"start"`
	End    int     `json:"end"`
	Score  float64 `json:"score,omitempty"`
	Entity string  `json:"entity_type"`
}

// anonymizer says what is done with an entity type: a row of operators by Type,
// and what that takes.
type anonymizer struct {
	Type     string  `json:"type" enum:"replace,redact,mask,hash,encrypt,keep"`
	NewValue *string `json:"new_value,omitempty" doc:"replace: what is put there; <ENTITY_TYPE> if it is left out"`
	MaskChar string  `json:"masking_char,omitempty" doc:"mask: the character"`
	Chars    int     `json:"chars_to_mask,omitempty" doc:"mask: how many"`
	FromEnd  bool    `json:"from_end,omitempty" doc:"mask: the last ones"`
	HashType string  `json:"hash_type,omitempty" enum:"sha256,sha512" doc:"hash: sha256 if it is left out"`
	Salt     string  `json:"salt,omitempty" doc:"hash: is put before the value"`
	Key      string  `json:"key,omitempty" doc:"encrypt: 16, 24 or 32 bytes"`
}

type anonymizeAnswer struct {
	Text  string           `json:"text"`
	Items []anonymizedItem `json:"items"`
}

type anonymizedItem struct {
	Start    int    `json:"start"`
	End      int    `json:"end"`
	Entity   string `json:"entity_type"`
	Text     string `json:"text"`
	Operator string `json:"operator"`
}

// defaultAnonymizer is the key of the operator for types that are not named.
const defaultAnonymizer = "DEFAULT"

// anonymize replaces what an analyzer has found.
func (s *Server) anonymize(_ *call, in *anonymizeRequest) (*anonymizeAnswer, error) {
	for entity, a := range in.Anonymizers {
		if what := a.fault(); what != "" {
			return nil, errInvalid.at("anonymizers", entity+" "+what)
		}
	}
	spans, err := in.spans()
	if err != nil {
		return nil, err
	}
	out := &anonymizeAnswer{Items: []anonymizedItem{}}
	var text strings.Builder
	from, length := 0, 0 // in the text, in bytes; in what comes out, in code points
	for _, sp := range spans {
		a, ok := in.Anonymizers[sp.Entity]
		if !ok {
			a = in.Anonymizers[defaultAnonymizer]
		}
		if a.Type == "" {
			a.Type = "replace"
		}
		with := anonymizers[a.Type](a, sp.Entity, in.Text[sp.Start:sp.End])
		text.WriteString(in.Text[from:sp.Start] + with)
		length += utf8.RuneCountInString(in.Text[from:sp.Start])
		n := utf8.RuneCountInString(with)
		out.Items = append(out.Items, anonymizedItem{length, length + n, sp.Entity, with, a.Type})
		length += n
		from = sp.End
	}
	text.WriteString(in.Text[from:])
	out.Text = text.String()
	return out, nil
}

// spans returns the findings in bytes, sorted and without overlap: of two that
// overlap the more certain stays, then the longer; what the other covers beyond
// it is replaced with it.
func (in *anonymizeRequest) spans() ([]anonymizeResult, error) {
	text := []byte(in.Text)
	all := slices.Clone(in.Results)
	for i := range all {
		r := newRuler(text, codepoints)
		start, first := r.byteAt(all[i].Start)
		end, last := r.byteAt(all[i].End)
		if all[i].Start < 0 || all[i].Start >= all[i].End || !first || !last {
			return nil, errInvalid.at("analyzer_results", "start and end are not within the text")
		}
		all[i].Start, all[i].End = start, end
	}
	slices.SortStableFunc(all, func(a, b anonymizeResult) int { return a.Start - b.Start })
	out := all[:0]
	for _, sp := range all {
		if len(out) == 0 || sp.Start >= out[len(out)-1].End {
			out = append(out, sp)
			continue
		}
		last := &out[len(out)-1]
		if sp.Score > last.Score || sp.Score == last.Score && sp.End-sp.Start > last.End-last.Start {
			last.Entity, last.Score = sp.Entity, sp.Score
		}
		last.End = max(last.End, sp.End)
	}
	return out, nil
}

// fault says what is wrong with an operator, "" if nothing is.
func (a anonymizer) fault() string {
	switch {
	case a.Type != "" && anonymizers[a.Type] == nil:
		return "type is none of replace, redact, mask, hash, encrypt, keep"
	case a.Type == "mask" && (utf8.RuneCountInString(a.MaskChar) != 1 || a.Chars < 0):
		return "mask needs a masking_char of one character and chars_to_mask"
	case a.Type == "hash" && a.HashType != "" && a.HashType != "sha256" && a.HashType != "sha512":
		return "hash_type is none of sha256, sha512"
	case a.Type == "encrypt" && len(a.Key) != 16 && len(a.Key) != 24 && len(a.Key) != 32:
		return "encrypt needs a key of 16, 24 or 32 bytes"
	}
	return ""
}

// anonymizers is the table of what is done with a value.
var anonymizers = map[string]func(a anonymizer, entity, value string) string{
	"replace": func(a anonymizer, entity, _ string) string {
		if a.NewValue != nil {
			return *a.NewValue
		}
		return "<" + entity + ">"
	},
	"redact":  func(anonymizer, string, string) string { return "" },
	"keep":    func(_ anonymizer, _, value string) string { return value },
	"mask":    func(a anonymizer, _, value string) string { return a.mask(value) },
	"hash":    func(a anonymizer, _, value string) string { return a.hash(value) },
	"encrypt": func(a anonymizer, _, value string) string { return a.encrypt(value) },
}

func (a anonymizer) mask(value string) string {
	runes := []rune(value)
	n := min(a.Chars, len(runes))
	hidden := strings.Repeat(a.MaskChar, n)
	if a.FromEnd {
		return string(runes[:len(runes)-n]) + hidden
	}
	return hidden + string(runes[n:])
}

func (a anonymizer) hash(value string) string {
	if a.HashType == "sha512" {
		sum := sha512.Sum512([]byte(a.Salt + value))
		return hex.EncodeToString(sum[:])
	}
	sum := sha256.Sum256([]byte(a.Salt + value))
	return hex.EncodeToString(sum[:])
}

// encrypt is Presidio's: AES-CBC with PKCS #7 padding, the IV before it, in
// URL-safe base64. It proves nothing about who made it; Presidio decrypts it.
func (a anonymizer) encrypt(value string) string {
	block, err := aes.NewCipher([]byte(a.Key))
	if err != nil {
		panic("BUG: the key was checked")
	}
	pad := aes.BlockSize - len(value)%aes.BlockSize
	plain := append([]byte(value), bytes.Repeat([]byte{byte(pad)}, pad)...)
	out := make([]byte, aes.BlockSize+len(plain))
	rand.Read(out[:aes.BlockSize])
	cipher.NewCBCEncrypter(block, out[:aes.BlockSize]).CryptBlocks(out[aes.BlockSize:], plain)
	return base64.URLEncoding.EncodeToString(out)
}
