package mask

import (
	"math/rand/v2"
	"testing"
)

// However much of a text is passed at once, the trail behind it is that of a walk
// byte by byte.
func TestTrailAlong(t *testing.T) {
	parts := []string{
		"https://x.example/a?b=c", "www.x.example", "W\\ww.x", "](", "](<a b>", "src=\"a b\"", "HREF='x", "'", "\"", "\\", "\\\\", "\\/\\/x",
		"/", "//", ".", "(", " ", "\n", "prose that is long", "w", "ww", "]", "src=", "ref=", "{\"a\":", "ü", "x",
	}
	rnd := rand.New(rand.NewPCG(3, 4))
	urls := 0
	for range 50_000 {
		var text []byte
		for range rnd.IntN(8) {
			text = append(text, parts[rnd.IntN(len(parts))]...)
		}
		begin := trail(0).begin([]string{"", "tool"}[rnd.IntN(2)], text)
		want := begin
		for _, c := range text {
			want = want.step(c)
		}
		cut := rnd.IntN(len(text) + 1)
		if got := begin.along(text[:cut]).along(text[cut:]); got != want {
			t.Fatalf("%q, cut at %d: the trail is %x, want %x", text, cut, got, want)
		}
		if want.inURL() {
			urls++
		}
	}
	if urls < 1000 {
		t.Errorf("only %d texts ended in a URL", urls)
	}
}
