package vault

import (
	"bytes"
	"fmt"
	"testing"
)

// A key comes back as it was, whether or not there was a number for its space, and
// is always shortened to the same.
func TestSpacesGiveKeysBack(t *testing.T) {
	s := newSpaces()
	keys := []string{"", ":", "::", ":::", "maskit:check", "maskit:acme:k", "maskit:acme:t:EMAIL7TX3W9KD", "maskit:acme:c:hidden:EMAIL7TX3W9KD", "any {x}\r\n\x00\xff"}
	for i := range 2 * maxSpaces {
		keys = append(keys, fmt.Sprintf("maskit:tenant-%d:t:EMAIL7TX3W9KD", i))
	}
	shorts := make(map[string]string)
	for range 2 {
		for _, key := range keys {
			short := s.shorten(nil, key)
			if got := s.appendLong([]byte("before"), short); string(got) != "before"+key {
				t.Errorf("%q came back as %q", key, got)
			}
			if other, ok := shorts[string(short)]; ok && other != key {
				t.Errorf("%q and %q are shortened to the same", key, other)
			}
			shorts[string(short)] = key
		}
	}
	if len(shorts) != len(keys) {
		t.Errorf("%d keys have %d short forms", len(keys), len(shorts))
	}
	if short := s.shorten(nil, "maskit:acme:t:EMAIL7TX3W9KD"); !bytes.HasSuffix(short, []byte("EMAIL7TX3W9KD")) || len(short) != 14 {
		t.Errorf("shortened to %q", short)
	}
}
