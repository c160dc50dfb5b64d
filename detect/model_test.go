package detect

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"maskit/detect/ner"
)

// TestModel holds how names go together with what the rules find.
func TestModel(t *testing.T) {
	needsModel(t)
	engine := compile(t, DefaultConfig())
	for i, hit := range []string{
		"My name is «Jennifer Thompson», mail «jennifer.thompson@example.com», card «4111111111111111».",
		"I'm «Jennifer Thompson» from «Chicago»\u200b.",
		"Please call «Jane Roe»", // Words, too; and nothing behind it tells.
		"I am «Susan Doe»",
		"Hallo, ich heiße «Thomas Müller».", // Greetings are nobody.
		"Danke, Frau «Schmidt»!",
		"Hola, soy «Juan»",
	} {
		text, _ := parseHit(t, hit)
		if got := marked(text, find(t, engine, text)); got != hit {
			t.Errorf("text %d: found %s", i, got)
		}
	}
}

// needsModel passes a test over in a program that was built without a model.
func needsModel(t *testing.T) {
	t.Helper()
	if !ner.Included {
		t.Skip("built without a model")
	}
}

// TestModelWanted holds that a program without a model says so where a
// configuration wants one, and finds nothing less than it was told to.
func TestModelWanted(t *testing.T) {
	if ner.Included {
		t.Skip("built with a model")
	}
	if _, err := Compile(Config{Model: true, MinScore: 0.4}); err == nil || !strings.Contains(err.Error(), "policy.model") {
		t.Errorf("error %v", err)
	}
}

// TestModelByKind holds that the model finds what is switched on, and nothing
// that is allowed or not certain enough.
func TestModelByKind(t *testing.T) {
	needsModel(t)
	const text = "My name is Jennifer Thompson and I live in Chicago."
	for _, c := range []struct {
		name   string
		change func(*Config)
		want   string
	}{
		{"standard", func(*Config) {}, "My name is «Jennifer Thompson» and I live in «Chicago»."},
		{"without places", func(c *Config) { c.Disable = []Kind{Location} }, "My name is «Jennifer Thompson» and I live in Chicago."},
		{"without model", func(c *Config) { c.Model = false }, text},
		{"allowed", func(c *Config) { c.Allow = []string{"jennifer  thompson"} }, "My name is Jennifer Thompson and I live in «Chicago»."},
		{"certain", func(c *Config) { c.MinScore = 1 }, text},
	} {
		cfg := DefaultConfig()
		c.change(&cfg)
		if got := marked(text, find(t, compile(t, cfg), text)); got != c.want {
			t.Errorf("%s: found %s", c.name, got)
		}
	}
}

// chat is what people send, 2 KB of it.
var chat = repeat(`Hi, this is Jennifer Thompson from the Chicago office. I talked to Dr. Ahmed Hassan about the delivery last week,
and he told me that the parcel was left with a neighbour at 12 Elm Street. Could you please write a short and friendly
reply that says we are sorry, and that Maria Delgado will call him back on Monday morning? Keep it under a hundred words,
do not promise a refund, and use the same tone as in the last message. Thanks a lot for your help with this!
`, 2<<10)

// tokens are the words, numbers and signs of a text.
var tokens = regexp.MustCompile(`\pL+|\pN+|[^\pL\pN\s]`)

// BenchmarkChat times the whole engine, without and with the model.
func BenchmarkChat(b *testing.B) {
	n := len(tokens.FindAll(chat, -1))
	for _, c := range []struct {
		name  string
		model bool
	}{{"rules", false}, {"model", true}} {
		b.Run(c.name, func(b *testing.B) {
			cfg := DefaultConfig()
			cfg.Model = c.model
			scan(b, compile(b, cfg), chat)
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "tokens/s")
		})
	}
}

// BenchmarkChatAdded times both in turns and reports what the model adds, in
// the median.
func BenchmarkChatAdded(b *testing.B) {
	cfg := DefaultConfig()
	with := compile(b, cfg)
	cfg.Model = false
	without := compile(b, cfg)
	var spans []Span
	var times [2][]time.Duration
	for b.Loop() {
		for i, e := range []*Engine{without, with} {
			start := time.Now()
			var err error
			if spans, err = e.Find(b.Context(), spans[:0], chat); err != nil {
				b.Fatal(err)
			}
			times[i] = append(times[i], time.Since(start))
		}
	}
	for i := range times {
		slices.Sort(times[i])
	}
	half := len(times[0]) / 2
	b.ReportMetric(float64((times[1][half] - times[0][half]).Nanoseconds()), "added-ns")
}
