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
	// paragraphs are the last message's words; <KIND> is where a value goes.
	paragraphs []string
	// size is what the content is filled up to with prose, in bytes.
	size  int
	prose []string // plain unless set
	// before are the messages before the last one, with values as well.
	before string
	after  string // what ends the content
	// role is the last message's; the user's unless set.
	role string
}

var bodies = []body{
	{
		name: "dense", title: "2 KB chat, 11 values", size: 1700,
		paragraphs: []string{
			`Please answer <EMAIL_ADDRESS> and <EMAIL_ADDRESS> today, with <EMAIL_ADDRESS> in copy. `,
			`Her phone is <PHONE_NUMBER>, the office has <PHONE_NUMBER_US>.\n`,
			`The refund goes to the card <CREDIT_CARD> or to the account with the IBAN <IBAN_CODE>.\n`,
			`For the tax form: social security number <US_SSN>. `,
			`The machine at <IP_ADDRESS> still has \"old\" keys: OPENAI_API_KEY=<OPENAI_KEY>\n`,
			`and aws_access_key_id = <AWS_KEY> in its settings.\n`,
		},
	},
	{name: "nothing", title: "10 KB, nothing to find", size: 10_000, paragraphs: []string{`About <WORD>: `}},
	{name: "sparse", title: "100 KB, 2 values", size: 100_000, paragraphs: sparse},
	{name: "huge", title: "1 MB, 20 values", size: 1_000_000, paragraphs: slices.Repeat(sparse, 10)},
	{
		name: "tools", title: "2 KB, 5 values in a tool call and in its result", size: 1500, prose: inJSON,
		before: `{"role":"user","content":"Who is it?"},{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function",` +
			`"function":{"name":"customer","arguments":"{\"mail\":\"<EMAIL_ADDRESS>\",\"phone\":\"<PHONE_NUMBER>\",\"note\":\"a \\\"regular\\\" one\"}"}}]},`,
		role: `"role":"tool","tool_call_id":"call_1"`,
		paragraphs: []string{
			`{\"customer\":{\"mail\":\"<EMAIL_ADDRESS>\",\"card\":\"<CREDIT_CARD>\"},\"notes\":\"`,
			`Call <PHONE_NUMBER>. `,
		},
		after: `\"}`,
	},
	{
		name: "escaped", title: "5 KB of escaped Unicode, 3 values", size: 5000, prose: escaped,
		paragraphs: []string{
			`\u8bf7\u5199\u4fe1\u7ed9 <EMAIL_ADDRESS>\u3002 `,
			`Gr\u00fc\u00dfe an <EMAIL_ADDRESS>, die M\u00fchle erreicht man unter <PHONE_NUMBER>. `,
		},
	},
	{
		name: "held", title: "a short answer, 2 values", size: 300,
		paragraphs: []string{`The order of flour was late again. Write to <EMAIL_ADDRESS>, or call <PHONE_NUMBER>, about it. `},
	},
	{name: "turn", title: "500 bytes a turn, 2 values of them new", size: 250, paragraphs: []string{`What did <EMAIL_ADDRESS> say? `}},
	{name: "reply", title: "what an assistant answers", size: 250, paragraphs: []string{`You can reach them under <PHONE_NUMBER>. `}},
}

// sparse are the values of 100 KB of text.
var sparse = []string{`Write to <EMAIL_ADDRESS> about it, or call <PHONE_NUMBER>.\n`}

// bodyOf returns the body of a run.
func bodyOf(r run) body { return bodyNamed(r.body) }

func bodyNamed(name string) body {
	for _, b := range bodies {
		if b.name == name {
			return b
		}
	}
	panic("BUG: no body " + name)
}

// sized returns a sparse body of so many bytes of content, with at least two values.
func sized(bytes int) body {
	return body{name: "sized", size: bytes, paragraphs: slices.Repeat(sparse, max(1, bytes/100_000))}
}

// word is no sensitive value: it makes a text new that has none. It is six
// words of five letters, since letters by chance look like a name to the model.
var word = planted.Maker{Kind: "WORD", Append: func(dst []byte, r *rand.Rand) []byte {
	for i := range 6 {
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = append(dst, plain[r.IntN(len(plain))]...)
	}
	return dst
}}

var plain = strings.Fields(`bread flour grain wheat stone wheel water river field straw dough yeast crust paste sugar
	spice salad fruit apple berry lemon onion bacon cream sauce plate spoon knife table chair clock light`)

// mode is how an answer is asked for.
type mode int

const (
	whole mode = iota
	burst      // streamed as fast as it goes
	paced      // streamed at the upstream's pace
	held       // streamed, and held after the first event until the upstream is told to go on
)

// members are what a mode adds to a body.
var members = map[mode]string{whole: "", burst: `"stream":true,`, paced: `"stream":true,"user":"paced",`, held: `"stream":true,"user":"held",`}

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
	collect := func(at, to int, maker planted.Maker) { msg.slots = append(msg.slots, slot{at, to, maker}) }
	role := b.role
	if role == "" {
		role = `"role":"user"`
	}
	var json strings.Builder
	json.WriteString(jsonHead(m) + systemMessage + ",")
	plant(&json, b.before, rng, collect)
	json.WriteString("{" + role + `,"content":"`)
	from := json.Len()
	b.write(&json, rng, collect)
	to := json.Len()
	json.WriteString(jsonTail)
	head := requestHead(host, json.Len())
	msg.head, msg.bytes = len(head), []byte(head+json.String())
	msg.content = [2]int{msg.head + from, msg.head + to}
	for i := range msg.slots {
		msg.slots[i].at += msg.head
		msg.slots[i].to += msg.head
	}
	return msg
}

const (
	systemMessage = `{"role":"system","content":"You are the help desk of a mill. Be brief, be kind."}`
	jsonTail      = `"}]}`
)

func jsonHead(m mode) string { return `{"model":"echo",` + members[m] + `"messages":[` }

// requestHead is the request line and the header.
func requestHead(host string, length int) string {
	return fmt.Sprintf("POST /v1/chat/completions HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer bench\r\n"+
		"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n", host, length)
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

// write writes the body's content, JSON-escaped, and tells where values stand.
// Paragraphs are spread evenly over prose.
func (b body) write(out *strings.Builder, rng *rand.Rand, found func(at, to int, maker planted.Maker)) {
	fill := b.prose
	if fill == nil {
		fill = prose
	}
	from := out.Len()
	for i, p := range b.paragraphs {
		plant(out, p, rng, found)
		for out.Len()-from < b.size*(i+1)/len(b.paragraphs) {
			out.WriteString(fill[rng.IntN(len(fill))])
		}
	}
	out.WriteString(b.after)
}

// plant writes a text with values where <KIND> stands.
func plant(out *strings.Builder, text string, rng *rand.Rand, found func(at, to int, maker planted.Maker)) {
	for text != "" {
		plain, rest, ok := strings.Cut(text, "<")
		out.WriteString(plain)
		if !ok {
			return
		}
		kind, after, _ := strings.Cut(rest, ">")
		maker := makerOf(kind)
		at := out.Len()
		out.Write(maker.Append(nil, rng))
		found(at, out.Len(), maker)
		text = after
	}
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

// escaped is the same as encoders write it that keep to ASCII.
var escaped = []string{
	`\u9762\u7c89\u7684\u9001\u8d27\u53c8\u665a\u4e86\uff0c\u4e0d\u8fc7\u8fd9\u6b21\u53ea\u665a\u4e86 3 \u4e2a\u5c0f\u65f6\u3002`,
	`Die M\u00fchle mahlt Weizen, Roggen und Dinkel; die Steine sch\u00e4rft man zweimal im Jahr.\n`,
	`\u00c7a va \u00eatre pr\u00eat apr\u00e8s 14 h 30 \ud83c\udf3e\ud83d\ude42, pas avant. `,
	`\ubc00\uac00\ub8e8 \ubc30\ub2ec\uc774 \ub610 \ub2a6\uc5c8\uc2b5\ub2c8\ub2e4. `,
}

// inJSON is the same as it stands in JSON that is itself a string of JSON.
var inJSON = func() (quoted []string) {
	again := strings.NewReplacer(`\n`, `\\n`, `\"`, `\\\"`)
	for _, p := range prose {
		quoted = append(quoted, again.Replace(p))
	}
	return quoted
}()
