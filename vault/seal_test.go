package vault

import (
	"bytes"
	"encoding/hex"
	"errors"
	"slices"
	"testing"
)

// goldenEntry was sealed by sequentialKey and goldenData for tenant acme under
// goldenStoreKey: what lies in stores must open with every later version.
const (
	goldenStoreKey = "maskit:acme:t:EMAIL8QN6NN68"
	goldenEntry    = "02faa67309e24affd378197c265e5be313dc65e15e44bb6a836a85f52836447fcedf66cf6ca657286b442d50cef1c8fa1d2189859293f2396abe66bee4ce6ae2ad599e2e"
)

func goldenBytes(t testing.TB) []byte {
	t.Helper()
	entry, err := hex.DecodeString(goldenEntry)
	if err != nil {
		t.Fatal(err)
	}
	return entry
}

// goldenReading is as Lookup opens an entry, in a tenant whose data key is known.
func goldenReading(t testing.TB) *reading {
	tenant := newMemoryVault(t, sequentialKey).Tenant("acme")
	form := stateForm{Data: []byte("0123456789abcdef0123456789abcdef")}
	return &reading{
		keys: []string{goldenStoreKey}, entries: make([][]byte, 1),
		sc: &scope{tenant.newState(form, nil), nil}, plain: new(buffer),
	}
}

func TestGoldenEntry(t *testing.T) {
	r := goldenReading(t)
	r.entries[0] = goldenBytes(t)
	canonical, value, err := r.value(0)
	if err != nil || string(canonical) != "ada@example.com" || string(value) != "Ada@example.com" {
		t.Errorf("got %q, %q, %v", canonical, value, err)
	}
}

// Only the exact bytes open, whatever comes.
func FuzzOpen(f *testing.F) {
	golden := goldenBytes(f)
	f.Add(golden)
	f.Add([]byte{})
	for i := range golden {
		f.Add(golden[:i])
		flipped := slices.Clone(golden)
		flipped[i] ^= 1
		f.Add(flipped)
	}
	f.Add(append(slices.Clone(golden), 0))
	r := goldenReading(f)
	f.Fuzz(func(t *testing.T, entry []byte) {
		before := slices.Clone(entry)
		_, err := r.sc.seals.open(nil, goldenStoreKey, entry)
		if bytes.Equal(entry, golden) != (err == nil) {
			t.Errorf("an entry of %d bytes: %v", len(entry), err)
		}
		if err != nil && !errors.Is(err, ErrKey) {
			t.Errorf("not an ErrKey: %v", err)
		}
		if !bytes.Equal(entry, before) {
			t.Error("opening changed the entry")
		}
	})
}

// An entry opens where it was put and nowhere else.
func TestSealBinds(t *testing.T) {
	ring := newRing(t)
	acme := newSealer(ring, "acme")
	entry := acme.seal(nil, "key", []byte("value"))
	if got, err := acme.open(nil, "key", entry); err != nil || string(got) != "value" {
		t.Errorf("got %q, %v", got, err)
	}
	for name, try := range map[string]func() ([]byte, error){
		"another store key": func() ([]byte, error) { return acme.open(nil, "kez", entry) },
		"another tenant":    func() ([]byte, error) { return newSealer(ring, "acme2").open(nil, "key", entry) },
		"another key":       func() ([]byte, error) { return newSealer(newRing(t), "acme").open(nil, "key", entry) },
	} {
		if _, err := try(); !errors.Is(err, ErrKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got, err := newDataSealer(ring, "acme", []byte("data")).open(nil, "key", entry); !errors.Is(err, errErased) {
		t.Errorf("what an older maskit has sealed: %q, %v", got, err)
	}
	data := newDataSealer(ring, "acme", []byte("data"))
	entry = data.seal(nil, "key", []byte("value"))
	if got, err := data.open(nil, "key", entry); err != nil || string(got) != "value" {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := newDataSealer(ring, "acme", []byte("other")).open(nil, "key", entry); !errors.Is(err, errErased) {
		t.Errorf("after an erasure: %q, %v", got, err)
	}
	// Who knows the id of a data key, and writes it there, opens nothing either.
	forged := slices.Clone(entry)
	other := newDataSealer(ring, "acme", []byte("other"))
	copy(forged[5:], other.data)
	if got, err := other.open(nil, "key", forged); !errors.Is(err, ErrKey) || errors.Is(err, errErased) {
		t.Errorf("under another data key: %q, %v", got, err)
	}
	if bytes.Equal(entry, acme.seal(nil, "key", []byte("value"))) {
		t.Error("the same value is sealed into the same bytes twice")
	}
}

func TestPack(t *testing.T) {
	long := string(bytes.Repeat([]byte("x"), 300))
	for i, c := range []struct{ canonical, value string }{
		{"a", "a"}, {"a", "A"}, {"", ""}, {long, long}, {long, "y"}, {"y", long}, {"\x00", "\xff"}, {"a", ""},
	} {
		canonical, value, err := unpack(appendPacked(nil, c.canonical, c.value))
		if err != nil || string(canonical) != c.canonical || string(value) != c.value {
			t.Errorf("case %d does not come back: %v", i, err)
		}
	}
	for i, b := range [][]byte{nil, {1}, {200, 1, 'x'}, {0x80}, bytes.Repeat([]byte{0xff}, 11)} {
		if _, _, err := unpack(b); err == nil {
			t.Errorf("broken %d is taken", i)
		}
	}
}
