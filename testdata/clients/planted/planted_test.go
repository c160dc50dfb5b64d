package planted

import (
	"math/big"
	"strings"
	"testing"
)

// The benchmark overwrites values in place, so each kind has one width.
func TestMakersKeepTheirWidth(t *testing.T) {
	r := New(1)
	for _, m := range Makers {
		width := len(m.Append(nil, r))
		seen := map[string]bool{}
		for range 500 {
			v := m.Append(nil, r)
			if len(v) != width {
				t.Errorf("%s: width %d, then %d", m.Kind, width, len(v))
			}
			seen[string(v)] = true
		}
		if len(seen) < 490 {
			t.Errorf("%s: only %d distinct values of 500", m.Kind, len(seen))
		}
	}
}

func TestSetIsTheSeeds(t *testing.T) {
	a, b, c := Set(New(7)), Set(New(7)), Set(New(8))
	for i := range a {
		if a[i] != b[i] {
			t.Errorf("%s differs between two runs of one seed", a[i].Kind)
		}
		if a[i].Kind != ProjectKind && a[i] == c[i] {
			t.Errorf("%s is the same under another seed", a[i].Kind)
		}
	}
}

func TestChecksums(t *testing.T) {
	r := New(3)
	for range 200 {
		card := strings.ReplaceAll(string(appendCard(nil, r)), " ", "")
		sum := 0
		for i := range card {
			d := int(card[len(card)-1-i] - '0')
			if i%2 == 1 {
				d = d*2/10 + d*2%10
			}
			sum += d
		}
		if len(card) != 16 || sum%10 != 0 {
			t.Fatalf("card of %d digits with sum %d", len(card), sum)
		}

		iban := string(appendIBAN(nil, r))
		n, ok := new(big.Int).SetString(iban[4:]+"1314"+iban[2:4], 10)
		if rest := new(big.Int).Mod(n, big.NewInt(97)); !ok || len(iban) != 22 || rest.Int64() != 1 {
			t.Fatalf("IBAN of %d characters with remainder %v", len(iban), rest)
		}
	}
}
