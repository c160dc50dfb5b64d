package upstream

import (
	"fmt"
	"net/http"
	"unicode/utf8"
)

// stream writes the answer as server-sent events.
func (s *Server) stream(w http.ResponseWriter, r *http.Request, req request, m manner, a answer) {
	events := a.events(req, m)
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	half := events[:len(events)/2]
	switch {
	case m.silent == "body":
		send(w, out, events[:1], m.write)
		s.awaitLeave(r)
	case m.err == "stream":
		send(w, out, append(half[:len(half):len(half)], event(failure(a.complaint), m.ascii)), m.write)
	case m.die == "mid":
		send(w, out, half, m.write)
		breakOff(out)
	case m.die != "":
		send(w, out, half, m.write)
		panic(http.ErrAbortHandler) // closes without the chunk that ends the body
	default:
		send(w, out, events, m.write)
	}
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

// lane is one text of a stream; put makes the delta that carries a piece.
type lane struct {
	choice int
	pieces []string
	put    func(piece string) map[string]any
}

// events cuts the answer: an opening event a text, then one piece of each text
// in turn until none has any left, then what ends a stream.
func (a answer) events(req request, m manner) [][]byte {
	var events [][]byte
	emit := func(choices []any, extra map[string]any) {
		chunk := map[string]any{
			"id": "chatcmpl-echo", "object": "chat.completion.chunk", "created": 1_700_000_000,
			"model": req.Model, "choices": choices,
		}
		if req.StreamOptions.IncludeUsage {
			chunk["usage"] = nil
		}
		for name, v := range extra {
			chunk[name] = v
		}
		events = append(events, event(chunk, m.ascii))
	}
	delta := func(choice int, d map[string]any, finish any) {
		emit([]any{map[string]any{"index": choice, "delta": d, "logprobs": nil, "finish_reason": finish}}, nil)
	}

	lanes := a.lanes(m.cut, delta)
	for turn, more := 0, true; more; turn++ {
		more = false
		for _, l := range lanes {
			if turn < len(l.pieces) {
				more = true
				delta(l.choice, l.put(l.pieces[turn]), nil)
			}
		}
	}
	for i := range a.choices {
		delta(i, map[string]any{}, a.finish)
	}
	if req.StreamOptions.IncludeUsage {
		emit([]any{}, map[string]any{"usage": usage})
	}
	if !m.noDone {
		events = append(events, []byte("data: [DONE]\n\n"))
	}
	return events
}

// lanes opens every text of the answer with its first event and cuts it.
func (a answer) lanes(size int, delta func(choice int, d map[string]any, finish any)) []lane {
	var lanes []lane
	for i, c := range a.choices {
		delta(i, map[string]any{"role": "assistant", "content": ""}, nil)
		if c.content != "" {
			lanes = append(lanes, lane{i, cut(c.content, size), func(p string) map[string]any {
				return map[string]any{"content": p}
			}})
		}
		for j, call := range c.calls {
			delta(i, map[string]any{"tool_calls": []any{map[string]any{
				"index": j, "id": call.id, "type": "function",
				"function": map[string]any{"name": call.name, "arguments": ""},
			}}}, nil)
			lanes = append(lanes, lane{i, cut(call.arguments, size), func(p string) map[string]any {
				return map[string]any{"tool_calls": []any{map[string]any{
					"index": j, "function": map[string]any{"arguments": p},
				}}}
			}})
		}
	}
	return lanes
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

func event(v any, ascii bool) []byte { return fmt.Appendf(nil, "data: %s\n\n", encode(v, ascii)) }
