package proxy

import (
	"fmt"
	"strings"
	"testing"

	"maskit/detect"
	"maskit/proxy/mask"
	"maskit/proxy/wire"
)

// conversation is a request of so many turns, the last of which is new for each n.
// Each turn is a page of prose with a name and a number, and an answer.
func conversation(turns, n int) (body []byte, fresh int) {
	var b strings.Builder
	b.WriteString(`{"model":"m","messages":[{"role":"system","content":"Be brief."}`)
	for i := 1; i <= turns; i++ {
		id := i
		if i == turns && n > 0 {
			id, fresh = 1000+n, b.Len()
		}
		fmt.Fprintf(&b, `,{"role":"user","content":"%sWrite to Katarzyna Lindqvist, ann%d@example.org, about order %d."}`, strings.Repeat(filler, 4), id, id)
		if i < turns {
			fmt.Fprintf(&b, `,{"role":"assistant","content":"%sI wrote to Lindqvist about order %d."}`, strings.Repeat(filler, 2), id)
		}
	}
	b.WriteString(`]}`)
	return []byte(b.String()), b.Len() - fresh
}

// BenchmarkConversation is what masking a turn costs by how many were before it,
// with and without the model of names. The new turn is as long in each; the one
// before it was sent before.
func BenchmarkConversation(b *testing.B) {
	for _, model := range []bool{true, false} {
		policy := mask.DefaultConfig()
		policy.Model = model
		engine, err := detect.Compile(policy.Config)
		if err != nil {
			b.Fatal(err)
		}
		m, err := mask.New(policy, engine, newVault(b, nil))
		if err != nil {
			b.Fatal(err)
		}
		for _, turns := range []int{2, 50, 200} {
			b.Run(fmt.Sprintf("model=%v/turn=%d", model, turns), func(b *testing.B) {
				n, fresh := 1, 0
				var room []byte // As an exchange writes into the room of others.
				for b.Loop() {
					b.StopTimer()
					var body []byte
					body, fresh = conversation(turns, n)
					n++
					before, _ := conversation(turns-1, 0)
					room = maskBody(b, m, room, before)
					b.StartTimer()
					room = maskBody(b, m, room, body)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(fresh), "ns/new-byte")
			})
		}
	}
}

// maskBody masks a body into the room of dst, and returns it.
func maskBody(b *testing.B, m *mask.Masker, dst, body []byte) []byte {
	b.Helper()
	s := m.Session(b.Context(), mask.Scope{})
	defer s.Close()
	r := &wire.Reading{Text: s.Mask, Part: s.Part, Past: s}
	for range maxSettles {
		sent, err := wire.For(chatPath).Read(dst[:0], body, r)
		if err != nil {
			b.Fatal(err)
		}
		again, err := s.Settle()
		if err != nil {
			b.Fatal(err)
		}
		if !again {
			return sent
		}
	}
	b.Fatal("it never settles")
	return nil
}
