package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"maskit/testdata/clients/planted"
)

// body is a request of which every instance has other values in the same
// places. Values keep their width, so an instance is made by writing over the
// last one.
type body struct {
	name, title string
	// paragraphs are the user's words; {KIND} is where a value goes.
	paragraphs []string
	// size is what the content is filled up to with plain prose, in bytes.
	size int
}

var bodies = []body{
	{
		name: "dense", title: "2 KB chat, 11 values", size: 1700,
		paragraphs: []string{
			`Please answer {EMAIL_ADDRESS} and {EMAIL_ADDRESS} today, with {EMAIL_ADDRESS} in copy. `,
			`Her phone is {PHONE_NUMBER}, the office has {PHONE_NUMBER_US}.\n`,
			`The refund goes to the card {CREDIT_CARD} or to the account with the IBAN {IBAN_CODE}.\n`,
			`For the tax form: social security number {US_SSN}. `,
			`The machine at {IP_ADDRESS} still has \"old\" keys: OPENAI_API_KEY={OPENAI_KEY}\n`,
			`and aws_access_key_id = {AWS_KEY} in its settings.\n`,
		},
	},
	{name: "nothing", title: "10 KB, nothing to find", size: 10_000, paragraphs: []string{`About {WORD}: `}},
	{name: "sparse", title: "100 KB, 2 values", size: 100_000, paragraphs: []string{
		`Write to {EMAIL_ADDRESS} about it, or call {PHONE_NUMBER}.\n`,
	}},
}

// bodyOf returns the body of a run.
func bodyOf(r run) body {
	for _, b := range bodies {
		if b.name == r.body {
			return b
		}
	}
	panic("BUG: no body " + r.body)
}

// word is no sensitive value: it makes a text new that has none.
var word = planted.Maker{Kind: "WORD", Append: func(dst []byte, r *rand.Rand) []byte {
	for range 12 {
		dst = append(dst, byte('a'+r.IntN(26)))
	}
	return dst
}}

// mode is how an answer is asked for.
type mode int

const (
	whole mode = iota
	burst      // streamed as fast as it goes
	paced      // streamed at the upstream's pace
)

// members are what a mode adds to a body.
var members = map[mode]string{whole: "", burst: `"stream":true,`, paced: `"stream":true,"user":"paced",`}

// message is one HTTP request, made over and over.
type message struct {
	bytes   []byte // request line, header and body
	head    int    // length of request line and header
	content [2]int // where the user's words stand in bytes
	slots   []slot
	rng     *rand.Rand
}

// slot is a place for a value.
type slot struct {
	at, to int
	maker  planted.Maker
}

// newMessage lays a body out; call next before each use.
func newMessage(b body, m mode, host string, rng *rand.Rand) *message {
	msg := &message{rng: rng}
	content := b.text(rng, func(at, to int, maker planted.Maker) {
		msg.slots = append(msg.slots, slot{at, to, maker})
	})
	open := `{"model":"echo",` + members[m] + `"messages":[{"role":"system","content":"You are the help desk of a mill. Be brief, be kind."},{"role":"user","content":"`
	json := open + content + `"}]}`
	head := fmt.Sprintf("POST /v1/chat/completions HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer bench\r\n"+
		"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n", host, len(json))
	msg.head, msg.bytes = len(head), []byte(head+json)
	from := len(head) + len(open)
	msg.content = [2]int{from, from + len(content)}
	for i := range msg.slots {
		msg.slots[i].at += from
		msg.slots[i].to += from
	}
	return msg
}

// next writes fresh values into the slots.
func (m *message) next() {
	for _, s := range m.slots {
		s.maker.Append(m.bytes[s.at:s.at:s.to], m.rng)
	}
}

func (m *message) body() []byte  { return m.bytes[m.head:] }
func (m *message) words() []byte { return m.bytes[m.content[0]:m.content[1]] }

// values returns what the slots hold and must not be seen by the upstream.
func (m *message) values() []planted.Value {
	var vs []planted.Value
	for _, s := range m.slots {
		if s.maker.Kind != word.Kind {
			vs = append(vs, planted.Value{Kind: s.maker.Kind, Text: string(m.bytes[s.at:s.to])})
		}
	}
	return vs
}

// text makes the body's content, JSON-escaped, and tells where values stand.
// Paragraphs are spread evenly over prose.
func (b body) text(rng *rand.Rand, found func(at, to int, maker planted.Maker)) string {
	var out strings.Builder
	for i, p := range b.paragraphs {
		for p != "" {
			plain, rest, ok := strings.Cut(p, "{")
			out.WriteString(plain)
			if !ok {
				break
			}
			kind, after, _ := strings.Cut(rest, "}")
			maker := makerOf(kind)
			at := out.Len()
			out.Write(maker.Append(nil, rng))
			found(at, out.Len(), maker)
			p = after
		}
		for out.Len() < b.size*(i+1)/len(b.paragraphs) {
			out.WriteString(prose[rng.IntN(len(prose))])
		}
	}
	return out.String()
}

func makerOf(kind string) planted.Maker {
	for _, m := range slices.Concat(planted.Makers, []planted.Maker{word}) {
		if m.Kind == kind {
			return m
		}
	}
	panic("BUG: no maker of kind " + kind)
}

// prose is what people write when nothing in it is anybody's: figures, dates,
// quotes and line ends included, since scanners stop at those.
var prose = []string{
	`The delivery of flour was late again, but only by 3 hours this time. `,
	`We grind wheat, rye and spelt; the stones are dressed twice a year.\n`,
	`In 2019 we sold 1,250 sacks, in 2023 already 4,800: that is 3.8 times as much. `,
	`Customers ask for \"stone-ground\" and mean slow and cool. `,
	`Could you put this into three friendly sentences for the newsletter?\n`,
	`- one for the bakers, who care about ash and protein (11.5 % is fine)\n`,
	`- one for the people who come on Saturdays between 10:00 and 14:30\n`,
	`Nobody needs to know that the old wheel stood still for 6 weeks. `,
	`If the water is low we use the motor, which is rated at 22 kW and noisy. `,
	`Please keep the tone light and leave out the prices; they change on 1 March.\n`,
}
