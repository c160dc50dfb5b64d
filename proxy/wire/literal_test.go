package wire

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
)

// plainEnd finds the first byte that is not plain, wherever it stands.
func TestPlainEnd(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		text := randomText(rnd, "\"\\\n\x00\x1f", " !#[]ab\x7f\x80\x9f\xa2\xdc\xff")
		from := rnd.IntN(len(text) + 1)
		want := from
		for want < len(text) && !(text[want] < 0x20 || text[want] == '"' || text[want] == '\\') {
			want++
		}
		if got := plainEnd(text, from); got != want {
			t.Fatalf("%q from %d: it ends at %d, want %d", text, from, got, want)
		}
	}
}

func TestLineEnd(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	for range 20_000 {
		text := randomText(rnd, "\n\r", "ab \x09\x0b\x0c\x0e\x8a\x8d\xff")
		from := rnd.IntN(len(text) + 1)
		want := from
		for want < len(text) && text[want] != '\n' && text[want] != '\r' {
			want++
		}
		if got := lineEnd(text, from); got != want {
			t.Fatalf("%q from %d: it ends at %d, want %d", text, from, got, want)
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

// plainAdvance follows a text byte by byte, without passing over anything.
func (q *quotes) plainAdvance(text []byte) {
	for _, c := range text {
		q.step(c)
	}
}

// Passing over what changes nothing changes nothing, wherever a text is cut.
func TestQuotesAdvance(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	parts := []string{`{`, `[`, `}`, `]`, `"`, `\"`, `\\\"`, `\\`, `\`, "\n", " ", "prose", "12,", "true", ":", `{"a": "`, `"{\"b\":\"`, "ü", "}\""}
	inside := 0
	for range 50_000 {
		var text []byte
		for range rnd.IntN(14) {
			text = append(text, parts[rnd.IntN(len(parts))]...)
		}
		want := quotes{json: rnd.IntN(2) == 0}
		got := want
		want.plainAdvance(text)
		cut := rnd.IntN(len(text) + 1)
		got.advance(text[:cut])
		got.advance(text[cut:])
		if got != want {
			t.Fatalf("%q, cut at %d: %+v, want %+v", text, cut, got, want)
		}
		if want.open > 0 {
			inside++
		}
	}
	if inside < 1000 {
		t.Errorf("only %d texts ended in a string", inside)
	}
}

// Following a text only up to values that need escaping gives what following it
// from value to value gives.
func TestFollowLate(t *testing.T) {
	values := map[byte]string{'P': "plain", 'Q': `a "quote"`}
	rnd := rand.New(rand.NewPCG(7, 8))
	parts := []string{"P", "Q", "P", "Q", `{`, `[`, `}`, `]`, `"`, `\"`, `\\\"`, `\`, "\n", " ", "prose", ":", `{"a": "`, `"{\"b\":\"`, "}\""}
	escaped := 0
	for range 20_000 {
		var text []byte
		for range rnd.IntN(14) {
			text = append(text, parts[rnd.IntN(len(parts))]...)
		}
		isJSON := rnd.IntN(2) == 0
		var want []edit
		q, from := quotes{json: isJSON}, 0
		for i, c := range text {
			if value, ok := values[c]; ok {
				q.plainAdvance(text[from:i])
				from = i + 1
				want = append(want, edit{i, from, q.escape(value)})
				if q.open > 0 && c == 'Q' {
					escaped++
				}
			}
		}
		var got []edit
		w := newWalker(text)
		w.noting = &got
		w.text = func(text []byte, emit Emit) error {
			for i, c := range text {
				if value, ok := values[c]; ok {
					emit(i, i+1, value)
				}
			}
			return nil
		}
		if err := w.restoreQuoted(0, len(text), false, isJSON); err != nil {
			t.Fatal(err)
		}
		w.free()
		if !slices.Equal(got, want) {
			t.Fatalf("%q: %v, want %v", text, got, want)
		}
	}
	if escaped < 1000 {
		t.Errorf("only %d values were escaped", escaped)
	}
}

// The strings with escapes are those that a walk byte by byte finds.
func TestEscapedLiterals(t *testing.T) {
	rnd := rand.New(rand.NewPCG(9, 10))
	parts := []string{`{"a": `, `["`, `"`, `\"`, `\\`, `\n`, `\x`, "\n", "}", "]", " ", "prose", `"b\\c"`, ", ", "ü"}
	found := 0
	for range 50_000 {
		var text []byte
		for range rnd.IntN(14) {
			text = append(text, parts[rnd.IntN(len(parts))]...)
		}
		var want []edit
		var q quotes
		start := 0
		for i, c := range text {
			before := q.open
			q.step(c)
			switch {
			case before == 0 && q.open == 1:
				start = i
			case before > 0 && q.open == 0 && c == '"':
				if l := text[start : i+1]; bytes.IndexByte(l, '\\') >= 0 && isJSONText(l) {
					want = append(want, edit{start: start, end: i + 1})
				}
			}
		}
		if got := escapedLiterals(text); !slices.Equal(got, want) {
			t.Fatalf("%q: %v, want %v", text, got, want)
		}
		found += len(want)
	}
	if found < 1000 {
		t.Errorf("only %d strings were found", found)
	}
}
