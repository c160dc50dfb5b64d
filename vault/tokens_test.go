package vault

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
)

func newRing(t testing.TB, keys ...Secret) *Keyring {
	t.Helper()
	if len(keys) == 0 {
		keys = []Secret{NewKey()}
	}
	ring, err := NewKeyring(keys)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

func newMemoryVault(t testing.TB, keys ...Secret) *Vault {
	t.Helper()
	cfg := DefaultConfig()
	v := New(NewMemory(cfg.MaxEntries), newRing(t, keys...), cfg)
	t.Cleanup(func() { v.Close() })
	return v
}

// sequentialKey is the key 00 01 .. 1f, for results that are written down.
const sequentialKey = Secret("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")

// The tokens written down here must never change: stores, provider's prompt
// caches and files written by agents hold such tokens.
func TestTokensAreStable(t *testing.T) {
	v := newMemoryVault(t, sequentialKey)
	for _, c := range []struct {
		tenant, label, kind, canonical string
		attempt                        int
		want                           string
	}{
		{"acme", "EMAIL", "EMAIL_ADDRESS", "ada@example.com", 0, "EMAIL8QN6NN68"},
		{"acme", "EMAIL", "EMAIL_ADDRESS", "ada@example.com", 1, "EMAIL8N4VDN9D"},
		{"acme", "PERSON", "PERSON", "ada@example.com", 0, "PERSON57C379T7"},
		{"globex", "EMAIL", "EMAIL_ADDRESS", "ada@example.com", 0, "EMAIL5Z55M2XK"},
		{"acme", "", "", "", 0, "777CH43M"},
	} {
		got := string(v.Tenant(c.tenant).AppendToken(nil, c.label, c.kind, []byte(c.canonical), c.attempt))
		if got != c.want {
			t.Errorf("tenant %s, kind %s, attempt %d: got %s, want %s", c.tenant, c.kind, c.attempt, got, c.want)
		}
	}
}

func TestTokenForm(t *testing.T) {
	tenant := newMemoryVault(t).Tenant("acme")
	dst := []byte("before ")
	for attempt := range 2000 {
		out := tenant.AppendToken(dst, "CARD", "CREDIT_CARD", []byte("4111111111111111"), attempt)
		code, ok := strings.CutPrefix(string(out), "before CARD")
		if !ok || len(code) != CodeLen {
			t.Fatalf("attempt %d: code of %d characters", attempt, len(code))
		}
		for i := range len(code) {
			if !IsCodeByte(code[i], i == 0) {
				t.Fatalf("attempt %d: character %d of %s", attempt, i, code)
			}
		}
	}
}

func TestIsCodeByte(t *testing.T) {
	const first, rest = "23456789", "23456789BCDFGHJKMNPQRTVWXZ"
	for c := range 256 {
		if got, want := IsCodeByte(byte(c), true), strings.IndexByte(first, byte(c)) >= 0; got != want {
			t.Errorf("byte %#x first: got %v", c, got)
		}
		if got, want := IsCodeByte(byte(c), false), strings.IndexByte(rest, byte(c)) >= 0; got != want {
			t.Errorf("byte %#x: got %v", c, got)
		}
	}
}

func TestCodesAreEven(t *testing.T) {
	tenant := newMemoryVault(t, sequentialKey).Tenant("acme")
	var seen [CodeLen][256]int
	const n = 26_000
	var code []byte
	for i := range n {
		code = tenant.AppendToken(code[:0], "", "K", nil, i)
		for p, c := range code {
			seen[p][c]++
		}
	}
	for p := range seen {
		want := n / len(codeAlphabet)
		if p == 0 {
			want = n / codeDigits
		}
		for _, c := range []byte(codeAlphabet) {
			if got := seen[p][c]; IsCodeByte(c, p == 0) && (got < want*4/5 || got > want*6/5) {
				t.Errorf("position %d: %c came %d times, about %d expected", p, c, got, want)
			}
		}
	}
}

// What separates kind, value and attempt cannot be shifted into another part.
func TestTokenPartsDoNotMix(t *testing.T) {
	tenant := newMemoryVault(t).Tenant("acme")
	seen := make(map[string]int)
	for i, c := range []struct {
		kind, canonical string
		attempt         int
	}{
		{"A", "B", 0},
		{"AB", "", 0},
		{"", "AB", 0},
		{"A", "B\x00\x00\x00\x00\x00", 0},
		{"A", "B", 1},
		{"A", "B\x00", 0},
		{"A", "B", 256},
	} {
		token := string(tenant.AppendToken(nil, "", c.kind, []byte(c.canonical), c.attempt))
		if j, ok := seen[token]; ok {
			t.Errorf("cases %d and %d have one token", i, j)
		}
		seen[token] = i
	}
}

// A pooled hash has nothing of what went through it.
func TestPooledHashHoldsNothing(t *testing.T) {
	h := newKeyedHash(make([]byte, KeySize))
	state := h.get()
	value := []byte("ada.lovelace@example.com")
	for range 2 {
		state.buf = append(state.buf[:0], value...)
		state.mac.Write(value)
		if !bytes.Contains(bytesOf(nil, reflect.ValueOf(state)), value) {
			t.Fatal("the test does not see what a hash holds")
		}
		state.mac.Reset()
		state.sum()
		h.put(state)
		if bytes.Contains(bytesOf(nil, reflect.ValueOf(state)), value[:8]) {
			t.Error("a value is left")
		}
	}
}

// bytesOf appends to dst all bytes that a value and its fields hold, with what
// lies behind the ends of slices.
func bytesOf(dst []byte, v reflect.Value) []byte {
	switch v.Kind() {
	case reflect.Uint8:
		return append(dst, byte(v.Uint()))
	case reflect.Struct:
		for _, field := range v.Fields() {
			dst = bytesOf(dst, field)
		}
	case reflect.Array:
		for i := range v.Len() {
			dst = bytesOf(dst, v.Index(i))
		}
	case reflect.Slice:
		for i := range v.Cap() {
			dst = bytesOf(dst, v.Slice(0, v.Cap()).Index(i))
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			return bytesOf(dst, v.Elem())
		}
	}
	return dst
}

func BenchmarkAppendToken(b *testing.B) {
	tenant := newMemoryVault(b).Tenant("acme")
	value := []byte("ada.lovelace@example.com")
	dst := make([]byte, 0, 64)
	b.ReportAllocs()
	for b.Loop() {
		dst = tenant.AppendToken(dst[:0], "EMAIL", "EMAIL_ADDRESS", value, 0)
	}
}
