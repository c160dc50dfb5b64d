package detect

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestView(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"plain", "plain"},
		{"한국어 그대로", "한국어 그대로"},
		{"４１１１", "4111"},
		{"٤٢", "42"},
		{"१२३", "123"},
		{"𝟙𝟚", "12"},
		{"a\u200bb\u00adc\ufeffd\u202ee\u2060f", "abcdef"},
		{"e\u0301", "é"},
		{"x e\u0301 y", "x é y"},
		{"u\u0308u\u0308", "üü"},
		{"010\u20111234\u20135678", "010-1234-5678"},
		{"a\u00a0b\u3000c", "a b c"},
		{"ｋｉｍ＠ｃｏｒｐ．ｃｏｍ", "kim@corp.com"},
		{"\u1100\u1161", "가"},
		{"bad \xff\xfe utf", "bad \xff\xfe utf"},
		{"4\ufe0f\u20e31", "4\u20e31"},
		{"…", "..."},
		{"ﬁ", "fi"},
		{"\u200b", ""},
		{"", ""},
		{"カ\u3099", "ガ"},
		{"ｶﾞ", "ガ"},
	} {
		if got := string(Normalise([]byte(c.text)).Text); got != c.want {
			t.Errorf("view of %q is %q, want %q", c.text, got, c.want)
		}
	}
}

func TestViewSpan(t *testing.T) {
	for _, c := range []struct{ text, part, want string }{
		{"xx 4\u200b1\u200b1 yy", "411", "4\u200b1\u200b1"},
		{"\u200b411\u200b", "411", "411"},
		{"a e\u0301 b", "é", "e\u0301"},
		{"한국 ４１ 한국", "41", "４１"},
		{"…x", ".", "…"},
		{"plain", "lai", "lai"},
	} {
		v := Normalise([]byte(c.text))
		i := strings.Index(string(v.Text), c.part)
		start, end := v.Span(i, i+len(c.part))
		if got := c.text[start:end]; got != c.want {
			t.Errorf("%q in the view comes from %q, want %q", c.part, got, c.want)
		}
	}
}

// TestInertIsTrue compares the fast path with the tables of Unicode.
func TestInertIsTrue(t *testing.T) {
	for r := rune(0x80); r <= unicode.MaxRune; r++ {
		if r >= 0xd800 && r < 0xe000 || !inert(r) {
			continue
		}
		s := string(r)
		if !norm.NFKC.IsNormalString(s) || !norm.NFKC.PropertiesString(s).BoundaryBefore() || hidden(r) || hyphen(r) || unicode.Is(unicode.Nd, r) {
			t.Errorf("%U is not inert", r)
		}
	}
}

// TestSpecialIsTrue compares the fast path with the slow one.
func TestSpecialIsTrue(t *testing.T) {
	var v View
	for r := rune(0x80); r <= unicode.MaxRune; r++ {
		if r >= 0xd800 && r < 0xe000 {
			continue
		}
		if want := asASCII(r) != 0 || hidden(r); special(r) != want {
			t.Errorf("%U: %v", r, !want)
		}
		if !special(r) {
			continue
		}
		if combines([]byte(string(r))) {
			t.Errorf("%U combines", r) // which look leaves out
		}
		s := []byte(string(r))
		v.buf = v.buf[:0]
		v.change(s, 0, len(s))
		if want := appendShown(nil, norm.NFKC.Bytes(s)); !bytes.Equal(v.buf, want) {
			t.Errorf("%U becomes %q, not %q", r, v.buf, want)
		}
	}
}

// TestHidden compares the ranges that are told apart at once with the tables.
func TestHidden(t *testing.T) {
	others := "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0" // that show nothing and are no format characters
	for r := rune(0); r <= unicode.MaxRune; r++ {
		want := unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) || r >= 0xe0000 && r <= 0xe0fff || strings.ContainsRune(others, r) && r != utf8.RuneError
		if hidden(r) != want {
			t.Errorf("%U: %v", r, !want)
		}
	}
}

// TestCombinesIsTrue compares the fast path with the tables of Unicode.
func TestCombinesIsTrue(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if s := string(r); combines([]byte(s)) && norm.NFKC.PropertiesString(s).BoundaryBefore() || !combines([]byte(s)) && !norm.NFKC.PropertiesString(s).BoundaryBefore() {
			t.Errorf("%U", r)
		}
	}
}

// TestViewIsNFKC compares views with what Unicode's own functions make of letters
// and marks in any order.
func TestViewIsNFKC(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	runes := []rune("aeoqEKſϒ가かｶȩ̣́́̂̈̈́͏゙ﾞͅ각ﬁ½ ΑΙιÅÅై")
	for range 200_000 {
		var text []byte
		for range 1 + random.IntN(6) {
			text = utf8.AppendRune(text, runes[random.IntN(len(runes))])
		}
		v := Normalise(text)
		if want := appendShown(nil, norm.NFKC.Bytes(text)); !bytes.Equal(v.Text, want) {
			t.Fatalf("%+q became %+q, not %+q", text, v.Text, want)
		}
	}
}

// TestDigits compares digit with what Unicode says: Nd comes in tens.
func TestDigits(t *testing.T) {
	value := 0
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !unicode.Is(unicode.Nd, r) {
			if digit(r) != -1 {
				t.Errorf("%U is no digit", r)
			}
			value = 0
			continue
		}
		if digit(r) != value {
			t.Errorf("digit %U is %d, want %d", r, digit(r), value)
		}
		value = (value + 1) % 10
	}
}

// TestNFKC holds that texts are normalised as Unicode's own functions do it,
// and that this allocates nothing once a view is warm.
func TestNFKC(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	runes := []rune("ae\u0301\u0308\u0323ßﬁ①½ᄒ\u1161\u11ab한\u200b\u00ad２Ａ\u0f73\u0344\u1100\u11a8ä\U0001d15e\ufb1d")
	var v View
	for range 20_000 {
		var text []byte
		for range 1 + random.IntN(12) {
			text = utf8.AppendRune(text, runes[random.IntN(len(runes))])
		}
		if got, want := v.nfkc(nil, text), norm.NFKC.Bytes(text); !bytes.Equal(got, want) {
			t.Fatalf("%q became %q, not %q", text, got, want)
		}
	}
	text := []byte(strings.Repeat("e\u0301", 100))
	v.read(text)
	if n := testing.AllocsPerRun(100, func() { v.read(text) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
