package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// echo is a model that needs no network: it speaks OpenAI's chat completions,
// whole and streamed, and answers a ticket with the ticket's own words. It keeps
// what it received, so that anybody can look.
type echo struct {
	piece   int           // characters of text a streamed event carries
	pause   time.Duration // between two of them
	repeats bool          // answers with the words of the last message, whatever they are

	mu   sync.Mutex
	body []byte // of the last request, as it came
}

// chat is what echo reads of a request.
type chat struct {
	Stream   bool `json:"stream"`
	Messages []struct {
		Content string `json:"content"`
	} `json:"messages"`
}

// received returns the body of the last request.
func (e *echo) received() []byte {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.body
}

// ServeHTTP answers POST /v1/chat/completions.
func (e *echo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/v1/chat/completions" || r.Method != http.MethodPost {
		http.Error(w, "this model only chats", http.StatusNotFound)
		return
	}
	body, err := read(r.Body)
	if err != nil {
		http.Error(w, "the request broke off", http.StatusBadRequest)
		return
	}
	e.mu.Lock()
	e.body = body
	e.mu.Unlock()
	var c chat
	if err := json.Unmarshal(body, &c); err != nil || len(c.Messages) == 0 {
		http.Error(w, "no messages", http.StatusBadRequest)
		return
	}
	text := c.Messages[len(c.Messages)-1].Content
	if !e.repeats {
		text = reply(text)
	}
	if c.Stream {
		e.stream(w, text)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"echo","choices":[{"index":0,"message":{"role":"assistant","content":%s},"finish_reason":"stop"}]}`, quote(text))
}

// stream writes the text in pieces, which cut words, and tokens, in two.
func (e *echo) stream(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/event-stream")
	flusher := http.NewResponseController(w)
	event := func(delta, finish string) {
		fmt.Fprintf(w, `data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"echo","choices":[{"index":0,"delta":%s,"finish_reason":%s}]}`+"\n\n", delta, finish)
		_ = flusher.Flush() // If the client has gone, so be it.
	}
	for _, p := range pieces(text, e.piece) {
		event(`{"content":`+quote(p)+`}`, "null")
		time.Sleep(e.pause)
	}
	event(`{}`, `"stop"`)
	fmt.Fprint(w, "data: [DONE]\n\n")
}

// pieces cuts a text every n characters.
func pieces(text string, n int) []string {
	var out []string
	for piece := range slices.Chunk([]rune(text), n) {
		out = append(out, string(piece))
	}
	return out
}

func quote(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic("BUG: a string has no JSON")
	}
	return string(b)
}

// answer has a place for each field of a ticket.
const answer = `Hello {name}! I will write to {mail}
and call {phone} if nobody answers.
The refund goes to the card {card},
or else to {iban}.
And {key} does not belong in a ticket!`

// reply fills the answer with the words that stand after "mail:" and so on.
func reply(ticket string) string {
	text := answer
	for line := range strings.Lines(ticket) {
		if name, value, ok := strings.Cut(line, ":"); ok {
			text = strings.ReplaceAll(text, "{"+name+"}", strings.TrimSpace(value))
		}
	}
	return strings.ReplaceAll(text, "Hello {name}!", "Hello!")
}
