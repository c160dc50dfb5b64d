package detect

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// prose is English as people write it to each other, with few numbers and no
// values.
const prose = `When the committee met again in the spring, most of its members had read the
long report, and those who had not were quick to admit it. The question was no longer whether the old
bridge could be kept, but who would pay for the new one, and how the town should get through the two
years in between. "We have talked about this since 1998," said the chair; "let us decide." Nobody
objected. The engineers had drawn three plans: one near the mill, one beside the railway station, and
one (the cheapest) a little further up the river, where the banks are high and the ground is firm.
Farmers liked the third plan least. It would cut their meadows in half and send heavy traffic past the
school; they asked for a tunnel, or at least for a wall. The council's answer was friendly but vague.

In the end it was the weather that settled the matter. A flood in early May carried off what was left
of the middle pier, and the minister, who came to look at the damage in rubber boots, promised half of
the money on the spot. People still tell the story of how he slipped on the stairs: he got up, laughed,
and said that a town with such slippery stairs deserved a better bridge. Work began in autumn.
`

func repeat(s string, size int) []byte {
	return bytes.Repeat([]byte(s), size/len(s)+1)[:size]
}

func scan(b *testing.B, e *Engine, text []byte) {
	b.Helper()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	var spans []Span
	for b.Loop() {
		var err error
		if spans, err = e.Find(context.Background(), spans[:0], text); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(spans)), "spans")
}

func BenchmarkProse(b *testing.B) { scan(b, all(b), repeat(prose, 1<<20)) }

func BenchmarkShortProse(b *testing.B) { scan(b, all(b), repeat(prose, 2<<10)) }

// dense is a text of which about half are values: all hits, one after another.
func dense(t testing.TB) string {
	var text strings.Builder
	for _, r := range Rules {
		for _, hit := range r.Hits {
			s, _ := parseHit(t, hit)
			text.WriteString(s + "\n")
		}
	}
	return text.String()
}

func BenchmarkDense(b *testing.B) { scan(b, all(b), repeat(dense(b), 1<<20)) }

// someTerms returns n terms such as customers have names.
func someTerms(n int) []string {
	random := rand.New(rand.NewPCG(1, 2))
	syllables := strings.Fields("ka lor ven mi tas ter on bri an del fu gre hol in jo kel lum mar no os pa qui ro sel tum ul vir wex yan zor")
	word := func() string {
		var w strings.Builder
		for range 2 + random.IntN(3) {
			w.WriteString(syllables[random.IntN(len(syllables))])
		}
		return w.String()
	}
	terms := make([]string, n)
	for i := range terms {
		terms[i] = fmt.Sprintf("%s %s %d", word(), word(), random.IntN(1000))
		if i%3 == 0 {
			terms[i] = "Project " + word() + word()
		}
	}
	return terms
}

func BenchmarkProseWithTerms(b *testing.B) {
	cfg := rulesOnly()
	cfg.Dictionaries = []Dictionary{{Kind: "PROJECT", Terms: someTerms(100_000)}}
	scan(b, compile(b, cfg), repeat(prose, 1<<20))
}

func BenchmarkCompileTerms(b *testing.B) {
	cfg := rulesOnly()
	cfg.Dictionaries = []Dictionary{{Kind: "PROJECT", Terms: someTerms(100_000)}}
	for b.Loop() {
		compile(b, cfg)
	}
}

// adversarial texts try to make a rule do more than its share of work.
var adversarial = []string{
	"7", "@", "(", ":", "-", "=", "eyJ", "eyJ-", "eyJ.", "-----BEGIN ", "-----BEGIN PRIVATE KEY-----\n",
	"1 ", "1-", "1.", "12-34-5678 ", "a@", "a@b.", "a.", "://", "http://a:", "password=", "password: ", "sk-",
	"sk-ant-api03-", "a:", "::", "1:", "+1", "DE89 ", "token ", "\"", "eyJhbGciOiJIUzI1NiJ9.",
}

// BenchmarkAdversarial has each text in two sizes: the work is linear if the
// speed of both is the same.
func BenchmarkAdversarial(b *testing.B) {
	e := all(b)
	for _, s := range adversarial {
		for _, size := range []int{100 << 10, 1 << 20} {
			b.Run(fmt.Sprintf("%q/%dKB", s, size>>10), func(b *testing.B) { scan(b, e, repeat(s, size)) })
		}
	}
}

// source is code and configuration, which is full of signs and of words run together.
const source = `func (s *Server) handle(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := context.WithTimeout(r.Context(), 30*time.Second)
	defer cancel()
	if err := s.store.Put(ctx, r.Header.Get("X-Request-Id"), body); err != nil {
		return fmt.Errorf("storing request %s: %w", id, err) // see https://pkg.go.dev/fmt#Errorf
	}
	return json.NewEncoder(w).Encode(map[string]any{"ok": true, "count": len(items), "version": "1.22.3"})
}
{"timestamp": "2026-03-01T12:30:45.123Z", "level": "info", "msg": "request done", "status": 200, "bytes": 18234}
`

func BenchmarkSource(b *testing.B) { scan(b, all(b), repeat(source, 1<<20)) }

func BenchmarkKorean(b *testing.B) {
	scan(b, all(b), repeat("회의는 다음 주 화요일에 열리며, 참석자는 모두 보고서를 미리 읽어야 합니다.\n", 1<<20))
}

// BenchmarkFullWidth scans a text that is not its own view: Chinese commas are.
func BenchmarkFullWidth(b *testing.B) {
	scan(b, all(b), repeat("会议将于下周二举行，所有与会者都必须事先阅读报告。\n", 1<<20))
}
