package detect

import (
	"fmt"
	"strings"
	"testing"
)

// The benchmarks here have the rules of the standard policy, as those who use
// maskit have. docs/PERFORMANCE.md says what they show.

// message is a chat message with a value in each 45 bytes.
const message = `Please answer kim.lee@mueller-gmbh.de and j.smith@corp.io today, with a.b@mail.example.org in copy. Her phone is +49 30 1234567, the office has (415) 555-2671.
The refund goes to the card 4111 1111 1111 1111 or to the account with the IBAN DE89 3704 0044 0532 0130 00.
For the tax form: social security number 536-22-8726. The machine at 93.184.216.34 still has "old" keys: OPENAI_API_KEY=sk-proj-Kd7Vq2XyT9hWLmRz4NbGc6FjTe1UaXo8BqWi3EvSy5DnPhCk
and aws_access_key_id = AKIAQYLPMN5HHHFPZAM2 in its settings.
`

// records are lines of several forms with a value in each 34 bytes.
const records = `Dear Ms Kim, thank you for your order 20394. We ship to Anna Schmidt, 12 Baker Street, London NW1 6XE.
Mail: anna.schmidt@mueller-gmbh.de, phone +49 30 1234567 or (415) 555-2671, born 1985-03-14.
{"name":"J. Doe","email":"j.doe@corp.io","ssn":"536-22-8726","card":"4111 1111 1111 1111","ip":"81.2.69.142","iban":"DE89 3704 0044 0532 0130 00"}
4711,"Miller, Tom",tom@miller.co.uk,07700 900123,5555-5555-5555-4444,GB29NWBK60161331926819,10.8.0.12,03/14/1985
2024-05-01T12:30:11Z WARN login failed user=park.js@naver.com from 121.130.45.6 token=ghp_XIxB7KMNdAr3zqWtQqhE94qglHqOzn1D1stg
`

// sparse is prose with a few numbers that are no values.
const sparse = `The delivery of flour was late again, but only by 3 hours this time.
In 2019 we sold 1,250 sacks, in 2023 already 4,800: that is 3.8 times as much.
Customers ask for "stone-ground" and mean slow and cool.
`

// BenchmarkTexts has texts as they are sent, from those that hold nothing to
// those that hold little else. Of "hits" each line is another rule's.
func BenchmarkTexts(b *testing.B) {
	e := compile(b, rulesOnly())
	for _, c := range []struct{ name, text string }{
		{"prose", prose},
		{"sparse", sparse},
		{"source", source},
		{"chat of 2 KB", message + prose + prose[:500]},
		{"message", message},
		{"records", records},
		{"hits", dense(b)},
	} {
		b.Run(c.name, func(b *testing.B) {
			size := 100 << 10
			if strings.Contains(c.name, "2 KB") {
				size = 2 << 10
			}
			scan(b, e, repeat(c.text, size))
		})
	}
}

// worst are texts that were made to be slow, besides those of adversarial.
var worst = []struct{ name, text string }{
	{"digits", "9"},
	{"digits and spaces", "1234 "},
	{"at signs", "@@@@"},
	{"keys without end", "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n"},
	{"findings", "kim@corp.example.com "},
	{"findings of two rules", "user=kim@corp.example.com "},
	{"findings side by side", "4111111111111111,"},
	{"base64 of text", "UGxlYXNlIHdyaXRlIHRvIGtpbUBjb3JwLmV4YW1wbGUuY29tIHRvZGF5Lg== "},
	{"base64 of nothing", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"},
	{"escapes", `\u0040\u0041`},
	{"escapes in escapes", `\\\\u0040\\\\n`},
	{"entities", "&#64;&amp;"},
	{"percent", "%40%31"},
	{"broken numbers", "1234-\n5678 "},
	{"marks", "e\u0301"},
	{"marks no letter has", "q\u0301"},
	{"zero width", "1\u200b"},
	{"signs for others", "½"},
	{"Arabic", "\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645 "},
	{"Hindi", "नमस्ते दुनिया "},
	{"letters of Hangul", "\u1112\u1161\u11ab"},
	{"kana of half width", "\uff76\uff9e"},
	{"heads of tables", "ssn,phone\n\n"},
	{"fences", "```a,b\nssn,x\n"},
	{"rows to insert", "INSERT INTO t(ssn)VALUES("},
}

// BenchmarkWorst has each text in two sizes: the work is linear if the speed of
// both is the same.
func BenchmarkWorst(b *testing.B) {
	e := compile(b, rulesOnly())
	for _, c := range worst {
		for _, size := range []int{100 << 10, 1 << 20} {
			b.Run(fmt.Sprintf("%s/%dKB", c.name, size>>10), func(b *testing.B) { scan(b, e, repeat(c.text, size)) })
		}
	}
}

// BenchmarkOwn adds what an organisation adds: to nothing, and to a text of each
// sort.
func BenchmarkOwn(b *testing.B) {
	terms := func(n int) Config {
		return Config{Dictionaries: []Dictionary{{Kind: "PROJECT", Terms: someTerms(n)}}}
	}
	for _, c := range []struct {
		name string
		own  Config
	}{
		{"nothing", Config{}},
		{"10 rules", customConfig(tenRules(10)...)},
		{"20 rules", customConfig(tenRules(20)...)},
		{"a rule with a literal", customConfig(CustomRule{Pattern: `\bEMP-\d{5}\b`})},
		{"a rule with digits", customConfig(CustomRule{Pattern: `\b[A-Z]{2}\d{6}\b`})},
		{"a rule with neither", customConfig(CustomRule{Pattern: `[a-z]+@[a-z]+`})},
		{"100 terms", terms(100)},
		{"200 terms", terms(200)},
		{"100000 terms", terms(100_000)},
	} {
		cfg := rulesOnly()
		cfg.Rules, cfg.Dictionaries = c.own.Rules, c.own.Dictionaries
		e := compile(b, cfg)
		for _, text := range []struct{ name, text string }{{"prose", prose}, {"source", source}, {"message", message}} {
			b.Run(c.name+"/"+text.name, func(b *testing.B) { scan(b, e, repeat(text.text, 100<<10)) })
		}
	}
}
