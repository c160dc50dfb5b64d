package wire

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"
)

// What only the words before a quoted string tell is masked all the same where that
// string has escapes: decoded, it stands without those words.
func TestProseAroundEscapes(t *testing.T) {
	behind := func(text []byte, emit Emit) error {
		if _, rest, ok := bytes.Cut(text, []byte(`"password": "`)); ok {
			at := len(text) - len(rest)
			emit(at, at+len("opensesame"), "FOX")
		}
		return nil
	}
	for in, want := range map[string]string{
		`use {"password": "opensesame\n"} \d`:                 `use {"password": "FOX\n"} \d`,
		`use {"a": "\\", "password": "opensesame\u0020"} now`: `use {"a": "\\", "password": "FOX\u0020"} now`,
		`use {"password": "opensesame"} \d`:                   `use {"password": "FOX"} \d`,
	} {
		got, err := openAIChat.Request(nil, []byte(`{"messages":[{"role":"user","content":`+q(in)+`}]}`), behind, passPart)
		if err != nil {
			t.Fatal(err)
		}
		if text := unwrapText(t, got); text != want {
			t.Errorf("%s\n got %s\nwant %s", in, text, want)
		}
	}
}

// growth is how many times longer f takes for eight times the work: 8 if its time
// grows with the work, 64 if with the square. Both take as long if all is well, and
// in turns, so that a busy machine is as busy for both; the best of six runs counts.
func growth(f func(n int), n int) float64 {
	took := func(n, times int) time.Duration {
		start := time.Now()
		for range times {
			f(n)
		}
		return time.Since(start)
	}
	once, eight := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
	for range 6 {
		once, eight = min(once, took(n, 8)), min(eight, took(8*n, 1))
	}
	return 8 * float64(eight) / float64(once)
}

// Many values in quoted strings and many beside them take time that grows with the
// text.
func TestProseIsLinear(t *testing.T) {
	if g := growth(func(n int) {
		text := []byte(strings.Repeat(`["\\ FOX", "a"] `, n) + strings.Repeat("FOX ", n))
		if err := maskProse(text, swap("FOX", "DOG"), passPart, func(int, int, string) {}); err != nil {
			t.Error(err)
		}
	}, 4000); g > 30 {
		t.Errorf("eight times the text takes %.1f times as long", g)
	}
}

// So does a list of parts, which have no members beside them.
func TestPartsAreLinear(t *testing.T) {
	if g := growth(func(n int) {
		body := []byte(`{"model":"m","images":["a"` + strings.Repeat(`,"a"`, n) + `]}`)
		if _, err := ollamaGenerate.Request(nil, body, keep, passPart); err != nil {
			t.Error(err)
		}
	}, 2000); g > 30 {
		t.Errorf("eight times the parts take %.1f times as long", g)
	}
}
