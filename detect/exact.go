package detect

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Exact names secrets that exist: they are found wherever they stand, and
// whatever their form.
type Exact struct {
	// Kind is what a finding is called; SECRET unless set.
	Kind Kind `yaml:"kind"`
	// File is a .env file, of NAME=value lines, or a folder of such files and of
	// files that hold one secret each, as containers mount them.
	File string `yaml:"file"`
}

const (
	minExact  = 8 // bytes: shorter values are words and numbers that stand everywhere
	maxExact  = 4 << 10
	exactStep = minExact - exactGram + 1 // of so many bytes the gram at one is looked at
	exactLen  = minExact                 // bytes of the beginning, by which the whole is looked up

	exactGram = 3
)

// exacts are secrets of which only keyed hashes are kept, under keys that are
// made anew for each engine and kept nowhere else: who reads the memory, or has
// the engine to ask, does not get the secrets back.
//
// A secret is looked up by a hash of its first 8 bytes, and compared by its
// HMAC-SHA256. As each has 8 bytes at least, one gram of 3 in every 6 bytes of a
// text is looked at, in a set of hashes, before anything else is hashed.
type exacts struct {
	odd    uint32 // the key of the grams' hash
	grams  [1 << 16 / 64]uint64
	seed   maphash.Seed
	begins map[uint64][]exactValue
	key    [sha256.Size]byte
	rules  []*Rule
}

type exactValue struct {
	length int
	sum    [sha256.Size]byte
	rule   int
}

// compileExact reads the secrets whose kinds are on. It returns nil if there are
// none. Errors name the file and the line, and quote neither.
func compileExact(list []Exact, on map[Kind]bool) (*exacts, error) {
	if len(list) == 0 {
		return nil, nil
	}
	x := &exacts{seed: maphash.MakeSeed(), begins: map[uint64][]exactValue{}}
	rand.Read(x.key[:]) // It never fails.
	x.odd = binary.LittleEndian.Uint32(x.key[:]) | 1
	rand.Read(x.key[:])
	for i, e := range list {
		kind := e.kind()
		if !on[kind] {
			continue
		}
		values, err := e.read()
		if err != nil {
			return nil, fmt.Errorf("exact[%d].file: %w", i, err)
		}
		x.rules = append(x.rules, &Rule{Name: "exact", Kind: kind, Score: 1})
		for _, v := range values {
			x.add(v, len(x.rules)-1)
		}
	}
	return x, nil
}

func (e Exact) kind() Kind {
	if e.Kind == "" {
		return Secret
	}
	return e.Kind
}

func (x *exacts) add(value []byte, rule int) {
	value = Normalise(value).Text
	if len(value) < minExact || len(value) > maxExact {
		return
	}
	for i := range exactStep {
		h := x.gram(value[i:])
		x.grams[h/64] |= 1 << (h % 64)
	}
	b := maphash.Bytes(x.seed, value[:exactLen])
	x.begins[b] = append(x.begins[b], exactValue{len(value), x.sum(value), rule})
}

func (x *exacts) gram(text []byte) uint16 {
	g := uint32(text[0]) | uint32(text[1])<<8 | uint32(text[2])<<16
	return uint16(g * x.odd >> 16)
}

func (x *exacts) sum(value []byte) (sum [sha256.Size]byte) {
	mac := hmac.New(sha256.New, x.key[:])
	mac.Write(value)
	mac.Sum(sum[:0])
	return sum
}

// exacts looks for the secrets.
func (p *pass) exacts() {
	x := p.exact
	for i := 0; i+exactGram <= len(p.text); i += exactStep {
		if h := x.gram(p.text[i:]); x.grams[h/64]>>(h%64)&1 != 0 {
			for start := max(0, i-exactStep+1); start <= i && start+exactLen <= len(p.text); start++ {
				p.exactAt(x, start)
			}
		}
	}
}

// exactAt looks for secrets that begin at start.
func (p *pass) exactAt(x *exacts, start int) {
	for _, e := range x.begins[maphash.Bytes(x.seed, p.text[start:start+exactLen])] {
		if end := start + e.length; end <= len(p.text) && x.sum(p.text[start:end]) == e.sum {
			p.found(x.rules[e.rule], start, end)
		}
	}
}

// read returns the secrets of the file, or of the files of the folder.
func (e Exact) read() ([][]byte, error) {
	info, err := os.Stat(e.File)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		data, err := os.ReadFile(e.File)
		if err != nil {
			return nil, err
		}
		return envValues(data), nil
	}
	var values [][]byte
	err = filepath.WalkDir(e.File, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := os.Stat(path) // containers mount links
		if err != nil || info.IsDir() {
			return err
		}
		if info.Size() > 1<<20 {
			return fmt.Errorf("%s has %d bytes, which is no secret", path, info.Size())
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if strings.HasSuffix(path, ".env") || strings.HasPrefix(filepath.Base(path), ".env") {
			values = append(values, envValues(data)...)
			return nil
		}
		values = append(values, bytes.TrimSpace(data))
		return nil
	})
	return values, err
}

// envValues are the values of NAME=value lines, without quotes. What follows a
// "#" behind white space is a comment, unless it is in quotes.
func envValues(data []byte) [][]byte {
	var values [][]byte
	for line := range bytes.Lines(data) {
		line = bytes.TrimSpace(line)
		_, value, ok := bytes.Cut(line, []byte{'='})
		if !ok || line[0] == '#' {
			continue
		}
		value = bytes.TrimSpace(value)
		if len(value) > 1 && (value[0] == '"' || value[0] == '\'') {
			if end := bytes.LastIndexByte(value[1:], value[0]); end >= 0 {
				values = append(values, value[1:end+1])
				continue
			}
		}
		if i := bytes.Index(value, []byte(" #")); i >= 0 {
			value = bytes.TrimSpace(value[:i])
		}
		values = append(values, value)
	}
	return values
}

// exactFaults returns what is wrong with the list.
func exactFaults(list []Exact) (faults []error) {
	for i, e := range list {
		if err := kindFault(e.kind()); err != nil {
			faults = append(faults, fmt.Errorf("exact[%d].kind: %w", i, err))
		}
		if e.File == "" {
			faults = append(faults, fmt.Errorf("exact[%d].file: %w", i, errors.New("is missing")))
		}
	}
	return faults
}
