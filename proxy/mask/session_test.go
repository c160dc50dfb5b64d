package mask

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
)

// held appends to dst all text that a value and its fields hold, with what lies
// behind the ends of slices.
func held(dst []byte, v reflect.Value) []byte {
	switch v.Kind() {
	case reflect.String:
		return append(append(dst, v.String()...), '\n')
	case reflect.Uint8:
		return append(dst, byte(v.Uint()))
	case reflect.Struct:
		for _, field := range v.Fields() {
			dst = held(dst, field)
		}
	case reflect.Array:
		for i := range v.Len() {
			dst = held(dst, v.Index(i))
		}
	case reflect.Slice:
		for i := range v.Cap() {
			dst = held(dst, v.Slice(0, v.Cap()).Index(i))
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			dst = held(held(dst, it.Key()), it.Value())
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			return held(dst, v.Elem())
		}
	}
	return dst
}

// A session that has ended holds nothing of what it saw, in the room that others
// use again neither.
func TestClosedSessionHoldsNothing(t *testing.T) {
	m := newMasker(t, newVault(t))
	s := m.Session(t.Context(), Scope{})
	secrets := []string{"sk-proj-Zt7Qm2Xv9Lr4Bn8Kd3WpXX5Gc0Ty", "ann-of-the-long-address@example.org", "bob@firma.de", "536228726", "Marta Sorensen"}
	text := "key sk-proj-Zt7Qm2Xv9Lr4Bn8Kd3WpXX5Gc0Ty for ann-of-the-long-address@example.org, Dr. Marta Sorensen, my ssn is 536228726"
	hashed := strings.Repeat("-", 404) + " " + text // Its last block is nearly full.
	sent := turns(t, s, text, hashed, "and bob@firma.de", "the ssn was 536228726", "a@firma.de")
	restored(t, s, sent[0])
	if open := held(nil, reflect.ValueOf(s.texts)); !bytes.Contains(open, []byte(secrets[0])) {
		t.Fatal("the test does not see what a session holds")
	}
	s.Close()
	left := held(nil, reflect.ValueOf(s).Elem())
	for i, secret := range secrets {
		for part := range len(secret) - 6 {
			if bytes.Contains(left, []byte(secret[part:part+7])) {
				t.Errorf("a part of secret %d is left", i)
				break
			}
		}
	}
}
