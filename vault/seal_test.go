package vault

import (
	"bytes"
	"encoding/hex"
	"errors"
	"slices"
	"testing"
)

// goldenEntry was sealed by sequentialKey for tenant acme under goldenStoreKey:
// what lies in stores must open with every later version.
const (
	goldenStoreKey = "maskit:acme:t:EMAIL8QN6NN68"
	goldenEntry    = "01faa673096bdea65e5e35e3bcea5062a0d410bb40461585fc90b1a5709d2883269af754ce56177b45fe17228ad8b7fc67412c62186144bec6344e76be58c412"
)

func goldenBytes(t testing.TB) []byte {
	t.Helper()
	entry, err := hex.DecodeString(goldenEntry)
	if err != nil {
		t.Fatal(err)
	}
	return entry
}

func TestGoldenEntry(t *testing.T) {
	tenant := newMemoryVault(t, sequentialKey).Tenant("acme")
	canonical, value, err := tenant.value(new(buffer), goldenStoreKey, goldenBytes(t))
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
	tenant := newMemoryVault(f, sequentialKey).Tenant("acme")
	f.Fuzz(func(t *testing.T, entry []byte) {
		before := slices.Clone(entry)
		_, _, err := tenant.value(new(buffer), goldenStoreKey, entry)
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
