package vault

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
)

func TestParseKey(t *testing.T) {
	// 0xfb.. so that both base64 alphabets show.
	key := bytes.Repeat([]byte{0xfb, 0xef, 0x01, 0x80}, KeySize/4)
	for name, text := range map[string]string{
		"hex":             hex.EncodeToString(key),
		"hex, upper case": strings.ToUpper(hex.EncodeToString(key)),
		"base64":          base64.StdEncoding.EncodeToString(key),
		"base64 raw":      base64.RawStdEncoding.EncodeToString(key),
		"base64 URL":      base64.URLEncoding.EncodeToString(key),
		"base64 URL raw":  base64.RawURLEncoding.EncodeToString(key),
		"end of a file":   " " + base64.StdEncoding.EncodeToString(key) + "\r\n",
	} {
		got, err := ParseKey(Secret(text))
		if err != nil || !bytes.Equal(got, key) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, text := range map[string]string{
		"empty":        "",
		"a password":   "hunter2-hunter2-hunter2-hunter2!",
		"31 bytes":     base64.StdEncoding.EncodeToString(key[1:]),
		"33 bytes":     base64.StdEncoding.EncodeToString(append(key[:KeySize:KeySize], 1)),
		"short hex":    hex.EncodeToString(key[1:]),
		"a whole file": strings.Repeat("hunter2\n", 100),
	} {
		_, err := ParseKey(Secret(text))
		if err == nil || !strings.Contains(err.Error(), "openssl rand -base64 32") || !strings.Contains(err.Error(), "MASKIT_KEY") {
			t.Errorf("%s: %v", name, err)
		}
		if text != "" && strings.Contains(fmt.Sprint(err), text[:7]) {
			t.Errorf("%s: the error shows the key", name)
		}
	}
}

func TestNewKey(t *testing.T) {
	a, b := NewKey(), NewKey()
	if a == b {
		t.Error("two fresh keys are the same")
	}
	if _, err := ParseKey(a); err != nil {
		t.Error(err)
	}
}

func TestNewKeyring(t *testing.T) {
	if _, err := NewKeyring(nil); err == nil || !strings.Contains(err.Error(), "openssl rand -base64 32") {
		t.Errorf("no key: %v", err)
	}
	_, err := NewKeyring([]Secret{"hunter2", NewKey(), "hunter3"})
	if err == nil || !strings.Contains(err.Error(), "keys[0]") || !strings.Contains(err.Error(), "keys[2]") || strings.Contains(err.Error(), "hunter") {
		t.Errorf("two bad keys: %v", err)
	}
	clash := &Keyring{keys: []ringKey{{keyID{1}, []byte("a")}, {keyID{2}, []byte("b")}, {keyID{1}, []byte("c")}}}
	if clash.clash() == nil {
		t.Error("two keys with one id are taken")
	}
}

// The steps of a rotation, as NewKeyring's comment tells them: at each step,
// the processes of the step before open what this one seals and the other way
// round, and the token stays the same.
func TestRotation(t *testing.T) {
	before, after := NewKey(), NewKey()
	steps := [][]Secret{{before}, {before, after, before}, {after, before}}
	token := func(v *Vault) string {
		return string(v.Tenant("acme").AppendToken(nil, "E", "E", []byte("ada@example.com"), 0))
	}
	for i := range steps[1:] {
		old, young := newMemoryVault(t, steps[i]...), newMemoryVault(t, steps[i+1]...)
		if token(old) != token(young) {
			t.Errorf("step %d changes the tokens", i+1)
		}
		for _, pair := range [][2]*Vault{{old, young}, {young, old}} {
			entry := pair[0].Tenant("acme").seals.seal(nil, "k", []byte("x"))
			if _, err := pair[1].Tenant("acme").seals.open(nil, "k", entry); err != nil {
				t.Errorf("step %d: %v", i+1, err)
			}
		}
	}
}
