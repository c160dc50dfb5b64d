// Package upstream is a provider that has no model: it speaks the APIs of
// OpenAI, Anthropic, Gemini and Ollama and answers with what it was told, so
// that every token that it got comes back through every place in which a model
// may write one.
//
// It is no conformance test of the APIs and checks little of what it is sent:
// only that what it has sealed (see seal) comes back as it was.
//
// The model's name says how to answer (see parseManner), since a proxy must
// leave it alone: "echo,cut=3" streams three bytes at a time. An API is a row
// of the table in apis.go and a file of its own, which reads a request into a
// prompt and writes an answer; reply.go makes what is said, stream.go sends
// it, record.go keeps what arrived.
package upstream

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// patience bounds the wait of a silent answer for its client to leave.
const patience = 10 * time.Second

// Server answers the requests of clients.
type Server struct {
	// Key is what clients must send as their key.
	Key string
	// Gone, if set, is told that a client left a silent answer.
	Gone func()

	state   state
	answers atomic.Int64 // answers have ids of their own: agents tell them apart by these
}

// manner is how to answer.
type manner struct {
	cut    int    // cut=N: bytes of text in each streamed piece
	write  int    // write=N: bytes in each write to the client, over events; 0: one event
	die    string // die=boundary|mid: the connection ends after half of the answer
	err    string // error=400: refused with the prompt quoted; error=stream: the same in mid-stream
	silent string // silent=head|body: nothing comes before, or after, the first event
	noDone bool   // nodone: the stream ends without [DONE]
	ascii  bool   // ascii: JSON is written with \uXXXX, inside strings that hold JSON too
	think  bool   // think: the answer begins with reasoning, sealed where the API seals it
	cite   bool   // cite: the answer cites what it was told
}

// parseManner reads a model's name: "echo", then settings after commas.
func parseManner(model string) (manner, error) {
	m := manner{cut: 8}
	for _, setting := range strings.Split(model, ",")[1:] {
		name, value, _ := strings.Cut(setting, "=")
		var err error
		switch name {
		case "cut":
			m.cut, err = strconv.Atoi(value)
		case "write":
			m.write, err = strconv.Atoi(value)
		case "die":
			m.die = value
		case "error":
			m.err = value
		case "silent":
			m.silent = value
		case "nodone":
			m.noDone = true
		case "ascii":
			m.ascii = true
		case "think":
			m.think = true
		case "cite":
			m.cite = true
		default:
			err = fmt.Errorf("no such setting")
		}
		if err != nil {
			return m, fmt.Errorf("model setting %q: %w", name, err)
		}
	}
	return m, nil
}

// keyOf returns the client's key, wherever its API puts it.
func keyOf(h http.Header) string {
	for _, name := range []string{"X-Api-Key", "X-Goog-Api-Key"} {
		if key := h.Get(name); key != "" {
			return key
		}
	}
	return strings.TrimPrefix(h.Get("Authorization"), "Bearer ")
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	api, model := route(r.URL.Path)
	switch {
	case keyOf(r.Header) != s.Key:
		api.refuse(w, http.StatusUnauthorized, "the key is not the one that the client was given", manner{})
	case r.Header.Get("Content-Encoding") != "":
		// What is not read here could not be checked either.
		api.refuse(w, http.StatusUnsupportedMediaType, "the body is encoded", manner{})
	case r.Method == http.MethodGet && r.URL.Path == "/v1/models":
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"object":"list","data":[{"id":"echo","object":"model","created":1,"owned_by":"tests"}]}`)
	case api.read == nil && s.serve(w, r):
	case r.Method == http.MethodPost && api.read != nil:
		s.answer(w, r, api, model)
	default:
		api.refuse(w, http.StatusNotFound, "no such route", manner{})
	}
}

// answer does as the manner says; model is what the path names, if it does.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, api *api, model string) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		api.refuse(w, http.StatusBadRequest, "the body ended early", manner{})
		return
	}
	p, err := api.read(body)
	if err != nil {
		api.refuse(w, http.StatusBadRequest, "the body is none of this API: "+err.Error(), manner{})
		return
	}
	p.id = strconv.FormatInt(s.answers.Add(1), 10)
	if model != "" {
		p.model = model
	}
	m, err := parseManner(p.model)
	if err != nil {
		api.refuse(w, http.StatusBadRequest, err.Error(), m)
		return
	}
	if r.URL.Path == "/v1/responses" {
		s.state.goOn(&p)
	}
	a := answerTo(p, m)
	switch {
	case m.err == "400":
		api.refuse(w, http.StatusBadRequest, a.complaint, m)
	case m.silent == "head":
		s.awaitLeave(r)
	case p.stream || api.whole == nil:
		s.stream(w, r, api, p, m, a)
	default:
		api.answerWhole(w, p, m, a)
	}
}

// answerWhole writes an answer that is not streamed; of a dying one, half.
func (api *api) answerWhole(w http.ResponseWriter, p prompt, m manner, a answer) {
	body := api.encode(api.whole(p, a), m)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if m.die != "" {
		body = body[:len(body)/2]
	}
	_, _ = w.Write(body)
}

// awaitLeave says nothing until the client leaves.
func (s *Server) awaitLeave(r *http.Request) {
	select {
	case <-r.Context().Done():
		if s.Gone != nil {
			s.Gone()
		}
	case <-time.After(patience):
	}
}

func (api *api) refuse(w http.ResponseWriter, status int, message string, m manner) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(api.encode(api.failure(message), m))
}
