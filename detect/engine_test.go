package detect

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
)

// marked returns text with « and » around each span, for comparing.
func marked(text string, spans []Span) string {
	var b strings.Builder
	last := 0
	for _, s := range spans {
		b.WriteString(text[last:s.Start] + "«" + text[s.Start:s.End] + "»")
		last = s.End
	}
	return b.String() + text[last:]
}

// TestFalseAlarms holds texts of programs, logs and tools in which nothing is
// sensitive.
func TestFalseAlarms(t *testing.T) {
	engine := compile(t, DefaultConfig())
	for i, text := range []string{
		`secret: true`,
		`os.environ["ANTHROPIC_API_KEY"]`,
		`CSRF_TOKEN_NAME = 'csrftoken'`,
		"Authorization: Bearer ${env.AUTH_TOKEN}",
		"The C4 model, S3 buckets and EKS clusters",
		"f47ac10b-58cc-4372-a567-672331071866",
		"id=3f2504e0-4f89-41d3-9a0c-4111111111111111",
		"/usr/local/lib/python3.12/site-packages/torch-2.5.1+cu124/lib",
		"gpt-4o-2024-08-06, claude-sonnet-4-5-20250929, o3-mini and llama-3.1-405b-instruct",
		"commit 2fd4e1c67a2d28fced849ee1bb76e7391b93eb12 and 8b6f170",
		"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"v1.2.3-rc.4+build.5678 to 10.15.7.1",
		"2026-03-01T12:30:45.123456789Z 2026-03-01 12:30 01/03/2026 1.3.2026",
		"listening on 127.0.0.1:8080 and [::1]:8443, see http://localhost:3000",
		"https://example.com/path?id=12345&page=2#top",
		"docs.example.com and www.example.org",
		"pi is 3.141592653589793, e is 2.718281828459045, -1.7976931348623157e+308",
		"ISBN 978-3-16-148410-0, RFC 8259, CVE-2024-3094, ticket 1234567",
		"0x7fffffffffffffff 0b101010101010 1_000_000_000",
		"epoch 1700000000 or 1700000000000 ms, snowflake 1093418364523241575",
		"AA:BB:CC:DD:EE at 12:34:56, ratio 1:2:3:4",
		"std::vector<std::string> a::b::c; x ? y : z",
		`{"total_tokens": 12345, "max_tokens": 4096, "token_type": "bearer"}`,
		"password_hash TEXT NOT NULL, password VARCHAR(255) DEFAULT '';",
		"def login(user: str, password: str, token: Optional[str] = None) -> bool:",
		"const token = await getToken({ req, secret: process.env.NEXTAUTH_SECRET });",
		"<input type=\"password\" name=\"password\" required>",
		"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
		"1234 5678 9012 3456 is no card",
		"rows 100 200 300, 10 20 30 40 50, 2024 2025 2026",
		"$1,234,567.89 and 12.345.678,90 EUR",
		"@media (max-width: 600px) { .a:hover { color: #ff00aa } }",
		"npm i @types/node@18.2.0 react@19.0.0-rc.1",
		"git clone git@github.com:owner/repo.git",
		"X-Request-Id: 01HZX3J8Y9V4ZK7Q2M5N6P8R0T",
	} {
		if spans := find(t, engine, text); len(spans) > 0 {
			t.Errorf("text %d: %s", i, marked(text, spans))
		}
	}
}

// TestMixedLanguages finds values in a message of several languages and in
// spellings that hide them.
func TestMixedLanguages(t *testing.T) {
	engine := compile(t, rulesOnly())
	for i, hit := range []string{
		"안녕하세요, 제 메일은«kim@corp.co.kr»이고 전화는 «010-1234-5678»입니다. 请给我打电话«13800138000»。Danke, «+49 30 1234567»!",
		"«４１１１ １１１１ １１１１ １１１１»", "«4111\u200b1111\u200b1111\u200b1111»", "«k\u00adi\u00adm@corp.example.com»", "«kim＠corp．example．com»",
		"\u202e«536-22-8726»\u202c", "«010‑1234‑5678»", "«٠١٠-١٢٣٤-٥٦٧٨»", "😀«kim@example.com»😀",
		"«kim@mu\u0308nchen.de»", "𝕴 wrote «kim@example.com»", "IBAN：«DE89 3704 0044 0532 0130 00»，谢谢",
		"[«kim@example.com»](mailto:«kim@example.com»)", "`«kim@example.com»`, **«4111111111111111»**, <«kim@example.org»>",
	} {
		text, _ := parseHit(t, hit)
		if got := marked(text, find(t, engine, text)); got != hit {
			t.Errorf("text %d: found %s", i, got)
		}
	}
}

// TestOverlaps holds that of overlapping findings one is left, which covers them all.
func TestOverlaps(t *testing.T) {
	span := func(start, end int, kind Kind, score float64) Span {
		return Span{Start: start, End: end, Kind: kind, Rule: "rule", Score: score}
	}
	for _, c := range []struct {
		name        string
		found, want []Span
	}{
		{"apart", []Span{span(5, 9, "B", 1), span(0, 5, "A", 1)}, []Span{span(0, 5, "A", 1), span(5, 9, "B", 1)}},
		{"inside", []Span{span(25, 37, "PHONE", 0.9), span(15, 37, "IBAN", 0.5)}, []Span{span(15, 37, "IBAN", 0.5)}},
		{"same place", []Span{span(0, 9, "A", 0.5), span(0, 9, "B", 0.8)}, []Span{span(0, 9, "B", 0.8)}},
		{"partly", []Span{span(0, 9, "A", 0.5), span(6, 12, "B", 0.9)}, []Span{span(0, 12, "A", 0.5)}},
		{"in a row", []Span{span(0, 4, "A", 1), span(3, 12, "B", 0.5), span(11, 14, "C", 1)}, []Span{span(0, 14, "B", 0.5)}},
		{"after a wide one", []Span{span(0, 9, "A", 1), span(1, 2, "B", 1), span(3, 4, "C", 1), span(9, 12, "D", 1)}, []Span{span(0, 9, "A", 1), span(9, 12, "D", 1)}},
	} {
		if got := settle(c.found); fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	engine := compile(t, rulesOnly())
	for i, hit := range []string{
		"account «GB29 NWBK 6016 1331 9268 19», thanks", "api_key = \"«sk-abcdefghij1234567890abcd»\"", "password=«ghp_XIxB7KMNdAr3zqWtQqhE94qglHqOzn1D1stg»",
	} {
		text, _ := parseHit(t, hit)
		if got := marked(text, find(t, engine, text)); got != hit {
			t.Errorf("text %d: found %s", i, got)
		}
	}
}

// TestFindKeepsDst holds that spans of the caller stay as they are.
func TestFindKeepsDst(t *testing.T) {
	engine := compile(t, rulesOnly())
	own := Span{Start: 90, End: 99, Kind: "OWN"}
	spans, err := engine.Find(context.Background(), []Span{own}, []byte("kim@example.com"))
	if err != nil || len(spans) != 2 || spans[0] != own || spans[1].Kind != EmailAddress {
		t.Errorf("found %v, %v", spans, err)
	}
}

func TestFindStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := compile(t, rulesOnly()).Find(ctx, nil, []byte("kim@example.com"))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// TestFindAllocatesNothing holds it for texts in which nothing is found, of
// ASCII and of other characters that need no normalising.
func TestFindAllocatesNothing(t *testing.T) {
	engine := compile(t, Config{MinScore: 0.4, Dictionaries: []Dictionary{{Kind: "PROJECT", Terms: someTerms(100)}}})
	for _, text := range []string{prose, source, "회의는 다음 주 화요일에 열립니다.", "12:30:45 a::b ::x password: none token: none http://a:b 1-2-3-4-5 +1 DE89"} {
		data := []byte(text)
		n := testing.AllocsPerRun(100, func() {
			if spans, err := engine.Find(context.Background(), nil, data); err != nil || len(spans) > 0 {
				t.Fatalf("%d spans, %v", len(spans), err)
			}
		})
		if n >= 1 {
			t.Errorf("%v allocations for a text of %d bytes", n, len(data))
		}
	}
}

// TestFindAtOnce runs one engine in many goroutines; the race detector watches.
func TestFindAtOnce(t *testing.T) {
	engine := compile(t, rulesOnly())
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			text := strings.Repeat("x", i) + " kim@example.com 4111 1111 1111 1111 \u200b end"
			for range 200 {
				spans, err := engine.Find(context.Background(), nil, []byte(text))
				if err != nil || len(spans) != 2 || spans[0].Start != i+1 {
					t.Errorf("goroutine %d: %d spans, %v", i, len(spans), err)
					return
				}
			}
		})
	}
	wg.Wait()
}

// TestEveryOffset moves a text by one byte at a time over the windows and
// chunks of the scan.
func TestEveryOffset(t *testing.T) {
	engine := compile(t, rulesOnly())
	const values = "kim@example.com, 4111 1111 1111 1111 sk-abcdefghij1234567890abcd password=hunter2; end"
	want := len(find(t, engine, values))
	for _, base := range []int{0, chunk - 100} {
		text := bytes.Repeat([]byte{' '}, base+400)
		for i := range 200 {
			copy(text[base:], bytes.Repeat([]byte{' '}, 400))
			copy(text[base+i:], values)
			spans, err := engine.Find(context.Background(), nil, text)
			if err != nil || len(spans) != want || spans[0].Start != base+i {
				t.Fatalf("at %d: %d spans, want %d (%v)", base+i, len(spans), want, err)
			}
			short := text[:base+i+len(values)-len("; end")]
			if spans, _ = engine.Find(context.Background(), nil, short); len(spans) != want {
				t.Fatalf("at %d, at the end: %d spans, want %d", base+i, len(spans), want)
			}
		}
	}
}

func TestTenMegabytes(t *testing.T) {
	engine := compile(t, rulesOnly())
	text := repeat(prose, 10<<20)
	copy(text[len(text)-20:], " kim@example.com \xff\xfe")
	spans, err := engine.Find(context.Background(), nil, text)
	if err != nil || len(spans) != 1 || spans[0].Start != len(text)-19 {
		t.Errorf("%d spans, %v", len(spans), err)
	}
}

// TestNoValueInErrors holds that what cannot be scanned is not quoted.
func TestNoValueInErrors(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := compile(t, rulesOnly()).Find(ctx, nil, []byte("kim@example.com"))
	if err == nil || strings.Contains(err.Error(), "kim") {
		t.Errorf("error %v", err)
	}
}
