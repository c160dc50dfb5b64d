package mask

import (
	"math/rand/v2"
	"strings"
	"testing"

	"maskit/vault"
)

// plainNext says what next finds, without any short cut: at the first code with a
// label before it, the label that stands there letter by letter, then the longest.
func plainNext(r *recogniser, labels []string, prev byte, text []byte, from int) (best found, ok bool) {
	for code := from; code < len(text); code++ {
		bestExact := false
		for start := from; start < code; start++ {
			f, state := r.match(prev, text, start)
			if state != whole || f.code != code {
				continue
			}
			exact := code-start == f.n-vault.CodeLen
			if !ok || exact && !bestExact {
				best, bestExact, ok = f, exact, true
			}
		}
		if ok {
			return best, true
		}
	}
	return found{}, false
}

// pieces are what tokens are made of, and what may stand between.
var pieces = []string{
	"NAME", "FULLNAME", "fullname", "EMAIL", "email", "Email", "ＥＭＡＩＬ", "E-MAIL", "KEY", "YKEY", "ykey", "X", "x", "FULL",
	"7TX3W9KD", "4K7Q2M9X", "7tx3w9kd", "4K7Q2M9", "７ＴＸ３Ｗ９ＫＤ", "7TX-3W9KD", "2", "9", "0", "22222222", "3H",
	" ", "-", "*", "**", "\\_", "_", "`", "\n", "\u00ad", "\u200b", "ü", "\xef", "\xef\xbc", "\x80", ".", ":", "some prose that is long enough ",
}

func FuzzNext(f *testing.F) {
	labels := []string{"NAME", "FULLNAME", "EMAIL", "KEY", "YKEY", "LONGESTLABEL"}
	r := newRecogniser(labels)
	f.Add("an EMAIL7TX3W9KD, email 7tx3w9kd xFULLNAME44444444", byte(0), uint64(1))
	f.Add("LONGESTLABEL7TX3W9KDykey4k7q2m9x", byte('x'), uint64(2))
	f.Fuzz(func(t *testing.T, s string, prev byte, seed uint64) {
		rnd := rand.New(rand.NewPCG(seed, 0))
		var b strings.Builder
		b.WriteString(s)
		for range rnd.IntN(12) {
			b.WriteString(pieces[rnd.IntN(len(pieces))])
		}
		text := []byte(b.String())
		for at := 0; ; {
			got, ok := r.next(prev, text, at)
			want, should := plainNext(r, labels, prev, text, at)
			if ok != should || got != want {
				t.Fatalf("%q from %d: found %v %d-%d, want %v %d-%d", text, at, ok, got.start, got.end, should, want.start, want.end)
			}
			if !ok {
				break
			}
			at = got.end
		}
	})
}

// next finds what it says it does in very many texts made of pieces of tokens.
func TestNext(t *testing.T) {
	labels := []string{"NAME", "FULLNAME", "EMAIL", "KEY", "YKEY"}
	r := newRecogniser(labels)
	rnd := rand.New(rand.NewPCG(1, 2))
	tokens := 0
	for range 50_000 {
		var b strings.Builder
		for range 1 + rnd.IntN(8) {
			b.WriteString(pieces[rnd.IntN(len(pieces))])
		}
		text, prev := []byte(b.String()), " x9-"[rnd.IntN(4)]
		for at := 0; ; tokens++ {
			got, ok := r.next(prev, text, at)
			want, should := plainNext(r, labels, prev, text, at)
			if ok != should || got != want {
				t.Fatalf("%q from %d: found %v %d-%d, want %v %d-%d", text, at, ok, got.start, got.end, should, want.start, want.end)
			}
			if !ok {
				break
			}
			at = got.end
		}
	}
	if tokens < 1000 {
		t.Errorf("only %d tokens were met", tokens)
	}
}

// A word is a beginning if a label begins with it, and a label if it is one.
func TestBeginnings(t *testing.T) {
	labels := []string{"NAME", "FULLNAME", "EMAIL", "EMAILS", "ABCDEFGHIJKL"}
	b := newBeginnings(labels)
	words := append([]string{"N", "AME", "EMAILSS", "ZZZZZZZZZZZZ", "LABEL"}, labels...)
	for _, l := range labels {
		for i := 1; i <= len(l); i++ {
			words = append(words, l[:i], l[:i-1]+"Q")
		}
	}
	for _, w := range words {
		key, begins, whole := uint64(0), false, false
		for i := range len(w) {
			key = key<<letterBits | letter(w[i])
		}
		for _, l := range labels {
			begins, whole = begins || strings.HasPrefix(l, w), whole || l == w
		}
		if got := b.find(key); (got != 0) != begins || (got&isLabel != 0) != whole {
			t.Errorf("%s: begins a label: %v, is one: %v", w, got != 0, got&isLabel != 0)
		}
	}
}

// nextCode finds what may begin a code by the bytes around, wherever it stands.
func TestNextCode(t *testing.T) {
	r := newRecogniser([]string{"NAME", "KEY"})
	rnd := rand.New(rand.NewPCG(5, 6))
	for range 20_000 {
		text := randomText(rnd, "29\xef", "01:?ab \x00\xee\xf0\x7f\x80\xffEe")
		from := 1 + rnd.IntN(len(text)+2)
		want := from
		for want < len(text) && (want+vault.CodeLen > len(text) || !codeStart[text[want]] || !r.ends[text[want-1]] || codeForm[text[want+1]] == 0) {
			want++
		}
		if got := r.nextCode(text, from); got != min(want, len(text)) {
			t.Fatalf("%q from %d: found at %d, want %d", text, from, got, want)
		}
	}
}

// randomText returns up to 100 of the common bytes, and a rare one now and then.
func randomText(rnd *rand.Rand, rare, common string) []byte {
	text := make([]byte, rnd.IntN(100))
	for i := range text {
		if text[i] = common[rnd.IntN(len(common))]; rnd.IntN(50) == 0 {
			text[i] = rare[rnd.IntN(len(rare))]
		}
	}
	return text
}
