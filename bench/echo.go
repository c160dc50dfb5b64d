package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"strconv"
	"sync"
	"time"

	"github.com/valyala/fasthttp"
)

// The echo upstream says the last message's content again, as it stands in the
// body, and reads as little of the body as that needs: it must be cheap, for
// it shares the machine with what is measured.

const (
	pieceSize = 24                    // bytes of text in an event
	pace      = 10 * time.Millisecond // between the events of a paced stream
)

// What stands before and after the content in an answer.
const (
	wholeHead = `{"id":"chatcmpl-echo","object":"chat.completion","created":1700000000,"model":"echo","choices":[{"index":0,"message":{"role":"assistant","content":"`
	wholeTail = `"},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":22,"total_tokens":33}}`

	eventHead  = `data: {"id":"chatcmpl-echo","object":"chat.completion.chunk","created":1700000000,"model":"echo","t":`
	eventDelta = `,"choices":[{"index":0,"delta":{"content":"`
	eventTail  = `"},"finish_reason":null}]}` + "\n\n"
	eventsEnd  = `,"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}` + "\n\ndata: [DONE]\n\n"
)

var (
	contentMark = []byte(`"content":"`)
	streamMark  = []byte(`"stream":true`)
	pacedMark   = []byte(`"user":"paced"`)
	heldMark    = []byte(`"user":"held"`)
)

// recorder keeps bodies while it is told to, for the correctness check.
type recorder struct {
	mu     sync.Mutex
	on     bool
	bodies []string
}

func (r *recorder) add(body []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.on {
		r.bodies = append(r.bodies, string(body))
	}
}

// turn switches recording and returns what was recorded.
func (r *recorder) turn(on bool) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	bodies := r.bodies
	r.on, r.bodies = on, []string{}
	return bodies
}

// gate holds streams until it is opened; those that come later are held again.
type gate struct {
	mu   sync.Mutex
	open chan struct{}
}

func (g *gate) wait() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open == nil {
		g.open = make(chan struct{})
	}
	return g.open
}

func (g *gate) release() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open != nil {
		close(g.open)
		g.open = nil
	}
}

func serveEcho(listen string) error {
	var seen recorder
	var holding gate
	srv := &fasthttp.Server{
		MaxRequestBodySize: 32 << 20, ReadBufferSize: 16 << 10, NoDefaultServerHeader: true, NoDefaultDate: true,
		Handler: func(ctx *fasthttp.RequestCtx) {
			switch string(ctx.Path()) {
			case "/record":
				b, _ := json.Marshal(seen.turn(ctx.QueryArgs().GetBool("on"))) // strings always marshal
				ctx.SetBody(b)
				return
			case "/release":
				holding.release()
				return
			case "/v1/chat/completions":
			default:
				ctx.SetStatusCode(fasthttp.StatusNotFound)
				return
			}
			body := ctx.PostBody()
			seen.add(body)
			content := lastContent(body)
			if !bytes.Contains(body, streamMark) {
				ctx.SetContentType("application/json")
				ctx.SetBodyString(wholeHead)
				ctx.Response.AppendBody(content)
				ctx.Response.AppendBodyString(wholeTail)
				return
			}
			ctx.SetContentType("text/event-stream")
			ctx.Response.ImmediateHeaderFlush = true
			text := bytes.Clone(content)
			var between func()
			switch {
			case bytes.Contains(body, pacedMark):
				between = func() { time.Sleep(pace) }
			case bytes.Contains(body, heldMark):
				hold := holding.wait()
				between = func() { <-hold }
			}
			ctx.SetBodyStreamWriter(func(w *bufio.Writer) { writeEvents(w, text, between) })
		},
	}
	return srv.ListenAndServe(listen)
}

// lastContent returns the last string content, escaped as it is.
func lastContent(body []byte) []byte {
	at := bytes.LastIndex(body, contentMark)
	if at < 0 {
		return nil
	}
	rest := body[at+len(contentMark):]
	for i := 0; i < len(rest); i++ {
		switch rest[i] {
		case '\\':
			i++
		case '"':
			return rest[:i]
		}
	}
	return nil
}

// writeEvents streams a text. Each event says when it was written, as "t" in
// nanoseconds since 1970, so that its way can be timed. What is to be done
// between two events is done behind a flush; with nil they go as they fill the
// buffer.
func writeEvents(w *bufio.Writer, text []byte, between func()) {
	stamp := func() {
		_, _ = w.WriteString(eventHead)
		_, _ = w.Write(strconv.AppendInt(w.AvailableBuffer(), time.Now().UnixNano(), 10))
	}
	for len(text) > 0 {
		n := min(pieceSize, len(text))
		for n < len(text) && text[n-1] == '\\' { // never between \ and n
			n++
		}
		stamp()
		_, _ = w.WriteString(eventDelta)
		_, _ = w.Write(text[:n])
		_, _ = w.WriteString(eventTail)
		text = text[n:]
		if between == nil {
			continue
		}
		if w.Flush() != nil {
			return
		}
		between()
	}
	stamp()
	_, _ = w.WriteString(eventsEnd)
}
