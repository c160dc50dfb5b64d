package proxy

import (
	"fmt"
	"strings"
	"testing"

	"maskit/proxy/mask"
	"maskit/proxy/wire"
)

// prose is what people write without a value, an escape or a number.
const prose = `The delivery of flour was late again, but only by a few hours this time, and nobody minded. ` +
	`Customers ask for stone-ground flour and mean slow and cool, which is what they get from the old mill. `

// BenchmarkAnswer is the way back alone: what restoring adds to an answer that
// repeats the request, or says something else.
func BenchmarkAnswer(b *testing.B) {
	say := func(text string) func(uint64) []byte {
		return func(uint64) []byte {
			return []byte(`{"choices":[{"index":0,"message":{"role":"assistant","content":"` + text + `"}}]}`)
		}
	}
	for _, bm := range []struct {
		name   string
		answer func(n uint64) []byte // nil: the masked request
		body   func(n uint64) []byte
	}{
		{"dense", nil, dense},
		{"sparse-100KB", nil, sparse(100_000)},
		{"prose-100KB", say(strings.Repeat(prose, 100_000/len(prose))), dense},
		{"escapes-100KB", say(strings.Repeat(filler, 100_000/len(filler))), dense},
		{"strings-100KB", func(uint64) []byte {
			return []byte(`{"list":[` + strings.Repeat(`{"key":"abc 123","name":"some one","n":12,"flag":true},`, 1800) + `{}]}`)
		}, dense},
	} {
		b.Run(bm.name, func(b *testing.B) {
			m, f := benchMasker(b, false), wire.For(chatPath)
			var sessions [64]*mask.Session
			var answers [64][]byte
			for i := range sessions {
				s := m.Session(b.Context(), mask.Scope{})
				out, err := f.Request(nil, bm.body(uint64(i)), s.Mask, s.Part)
				if err != nil {
					b.Fatal(err)
				}
				if again, err := s.Settle(); err != nil || again {
					b.Fatal(err, again)
				}
				sessions[i], answers[i] = s, out
				if bm.answer != nil {
					answers[i] = bm.answer(uint64(i))
				}
			}
			b.SetBytes(int64(len(answers[0])))
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if _, err := f.Answer(nil, answers[i%len(answers)], sessions[i%len(answers)], false); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkStream is a stream of 400 pieces of a few letters each, that ends with
// a token in three pieces.
func BenchmarkStream(b *testing.B) {
	m, f := benchMasker(b, false), wire.For(chatPath)
	s := m.Session(b.Context(), mask.Scope{})
	if _, err := f.Request(nil, dense(1), s.Mask, s.Part); err != nil {
		b.Fatal(err)
	}
	event := func(text string) string {
		return fmt.Sprintf(`data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"m","choices":[{"index":0,"delta":{"content":%q},"finish_reason":null}]}`+"\n\n", text)
	}
	var chunks [][]byte
	size := 0
	add := func(text string) {
		chunks = append(chunks, []byte(event(text)))
		size += len(chunks[len(chunks)-1])
	}
	for i := range 400 {
		add(prose[i%100 : i%100+7])
	}
	token := s.Tokens()[0]
	add(" " + token[:3])
	add(token[3:8])
	add(token[8:] + ".")
	b.SetBytes(int64(size))
	b.ReportAllocs()
	var out []byte
	for b.Loop() {
		st := f.NewStream(wire.SSE, s, false, 1<<20)
		out = out[:0]
		for _, c := range chunks {
			var err error
			if out, err = st.Next(out, c); err != nil {
				b.Fatal(err)
			}
		}
		if _, err := st.Close(out); err != nil {
			b.Fatal(err)
		}
	}
	if strings.Contains(string(out), token) {
		b.Error("the token was not restored")
	}
}
