package upstream

import (
	"fmt"
	"net/http"
	"unicode/utf8"
)

// event is one event of a stream, before it is encoded; some APIs name them.
type event struct {
	name string
	data any
}

// framing is how a stream parts its events.
type framing struct {
	mediaType string
	// frame writes the event that comes i-th.
	frame func(i int, name string, payload []byte) []byte
	// end is what comes after the last event.
	end string
}

// The framings. crlfEvents is Gemini's, which knows an array as well.
var (
	namedEvents = framing{mediaType: "text/event-stream", frame: func(_ int, name string, payload []byte) []byte {
		if name == "" {
			return fmt.Appendf(nil, "data: %s\n\n", payload)
		}
		return fmt.Appendf(nil, "event: %s\ndata: %s\n\n", name, payload)
	}}
	doneEvents = framing{namedEvents.mediaType, namedEvents.frame, "data: [DONE]\n\n"}
	crlfEvents = framing{mediaType: "text/event-stream", frame: func(_ int, _ string, payload []byte) []byte {
		return fmt.Appendf(nil, "data: %s\r\n\r\n", payload)
	}}
	array = framing{mediaType: "application/json", end: "\n]\n", frame: func(i int, _ string, payload []byte) []byte {
		if i == 0 {
			return fmt.Appendf(nil, "[%s", payload)
		}
		return fmt.Appendf(nil, "\n,\r\n%s", payload)
	}}
	lines = framing{mediaType: "application/x-ndjson", frame: func(_ int, _ string, payload []byte) []byte {
		return fmt.Appendf(nil, "%s\n", payload)
	}}
)

// stream writes the answer as events.
func (s *Server) stream(w http.ResponseWriter, r *http.Request, api *api, p prompt, m manner, a answer) {
	f := api.framing
	if api.pretty && r.URL.Query().Get("alt") != "sse" {
		f = array
	}
	var events [][]byte
	write := func(e event) {
		events = append(events, f.frame(len(events), e.name, encode(e.data, api.pretty, m.ascii)))
	}
	all := api.events(p, a, m)
	for _, e := range all {
		write(e)
	}
	half := len(all) / 2
	if m.err == "stream" {
		events = events[:half]
		write(api.failIn(a.complaint))
	}
	if f.end != "" && !m.noDone && m.err == "" {
		events = append(events, []byte(f.end))
	}
	w.Header().Set("Content-Type", f.mediaType)
	out := http.NewResponseController(w)
	switch {
	case m.silent == "body":
		send(w, out, events[:1], m.write)
		s.awaitLeave(r)
	case m.die == "mid":
		send(w, out, events[:half], m.write)
		breakOff(out)
	case m.die != "":
		send(w, out, events[:half], m.write)
		panic(http.ErrAbortHandler) // closes without the chunk that ends the body
	default:
		send(w, out, events, m.write)
	}
}

// failIn makes the event of an error in mid-stream.
func (api *api) failIn(message string) event {
	if api.failed != nil {
		return api.failed(message)
	}
	e := event{data: api.failure(message)}
	if api.framing.end == "" {
		e.name = "error"
	}
	return e
}

// send writes the events, each at once or, if size is set, in pieces of so
// many bytes whatever stands there.
func send(w http.ResponseWriter, out *http.ResponseController, events [][]byte, size int) {
	pieces := events
	if size > 0 {
		var all []byte
		for _, e := range events {
			all = append(all, e...)
		}
		pieces = nil
		for len(all) > 0 {
			n := min(size, len(all))
			pieces, all = append(pieces, all[:n]), all[n:]
		}
	}
	for _, p := range pieces {
		if _, err := w.Write(p); err != nil {
			return
		}
		if out.Flush() != nil {
			return
		}
	}
}

// breakOff announces a chunk of 256 bytes, sends 9 of them and hangs up.
func breakOff(out *http.ResponseController) {
	conn, _, err := out.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	_, _ = conn.Write([]byte("100\r\ndata: {\"i"))
	_ = conn.Close()
}

// lane is one text of a stream; put emits an event that carries a piece.
type lane struct {
	pieces []string
	put    func(piece string)
}

// takeTurns emits one piece of each lane in turn until none has any left.
func takeTurns(lanes []lane) {
	for turn, more := 0, true; more; turn++ {
		more = false
		for _, l := range lanes {
			if turn < len(l.pieces) {
				more = true
				l.put(l.pieces[turn])
			}
		}
	}
}

// cut divides a text into pieces of size bytes, or more where a character
// would be cut: no provider sends half of one.
func cut(text string, size int) []string {
	var pieces []string
	for len(text) > 0 {
		n := min(max(1, size), len(text))
		for n < len(text) && !utf8.RuneStart(text[n]) {
			n++
		}
		pieces, text = append(pieces, text[:n]), text[n:]
	}
	return pieces
}
