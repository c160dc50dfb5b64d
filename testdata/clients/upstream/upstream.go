// Package upstream is a provider of OpenAI chat completions that has no model:
// it answers with what it was told, so that every token that it got comes back
// through every place in which a model may write one.
//
// It is no conformance test of the API and checks little of what it is sent.
//
// The model's name says how to answer (see parseManner), since a proxy must
// leave it alone: "echo,cut=3" streams three bytes at a time. reply.go makes
// what is said, stream.go cuts it into events, record.go keeps what arrived.
package upstream

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// patience bounds the wait of a silent answer for its client to leave.
const patience = 10 * time.Second

// Server answers chat completions.
type Server struct {
	// Key is what clients must send as their bearer.
	Key string
	// Gone, if set, is told that a client left a silent answer.
	Gone func()
}

// request is the part of a chat completion's body that shapes the answer.
type request struct {
	Model    string    `json:"model"`
	Messages []message `json:"messages"`
	Stream   bool      `json:"stream"`
	N        int       `json:"n"`
	Tools    []struct {
		Function struct {
			Name       string `json:"name"`
			Parameters schema `json:"parameters"`
		} `json:"function"`
	} `json:"tools"`
	ResponseFormat struct {
		Type       string `json:"type"`
		JSONSchema struct {
			Schema schema `json:"schema"`
		} `json:"json_schema"`
	} `json:"response_format"`
	StreamOptions struct {
		IncludeUsage bool `json:"include_usage"`
	} `json:"stream_options"`
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
		default:
			err = fmt.Errorf("no such setting")
		}
		if err != nil {
			return m, fmt.Errorf("model setting %q: %w", name, err)
		}
	}
	return m, nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Header.Get("Authorization") != "Bearer "+s.Key:
		refuse(w, http.StatusUnauthorized, "the key is not the one that the client was given", manner{})
	case r.Header.Get("Content-Encoding") != "":
		// What is not read here could not be checked either.
		refuse(w, http.StatusUnsupportedMediaType, "the body is encoded", manner{})
	case r.Method == http.MethodGet && r.URL.Path == "/v1/models":
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"object":"list","data":[{"id":"echo","object":"model","created":1,"owned_by":"tests"}]}`)
	case r.Method == http.MethodPost && r.URL.Path == "/v1/chat/completions":
		s.complete(w, r)
	default:
		refuse(w, http.StatusNotFound, "no such route", manner{})
	}
}

func (s *Server) complete(w http.ResponseWriter, r *http.Request) {
	var req request
	if err := json.NewDecoder(r.Body).Decode(&req); err != nil {
		refuse(w, http.StatusBadRequest, "the body is not a chat completion: "+err.Error(), manner{})
		return
	}
	m, err := parseManner(req.Model)
	if err != nil {
		refuse(w, http.StatusBadRequest, err.Error(), m)
		return
	}
	a := answerTo(req, m)
	switch {
	case m.err == "400":
		refuse(w, http.StatusBadRequest, a.complaint, m)
	case m.silent == "head":
		s.awaitLeave(r)
	case req.Stream:
		s.stream(w, r, req, m, a)
	default:
		whole(w, req, m, a)
	}
}

// whole writes an answer that is not streamed; of a dying one, half.
func whole(w http.ResponseWriter, req request, m manner, a answer) {
	body := encode(a.completion(req), m.ascii)
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

func refuse(w http.ResponseWriter, status int, message string, m manner) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(encode(failure(message), m.ascii))
}

func failure(message string) any {
	return map[string]any{"error": map[string]any{
		"message": message, "type": "invalid_request_error", "param": "messages", "code": "refused",
	}}
}

// encode writes v as JSON. In the ascii manner no byte is above 0x7e and <, >
// and & are escaped, as Python's and Go's encoders do by default; in the other
// nothing is escaped that need not be.
func encode(v any, ascii bool) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(ascii)
	if err := e.Encode(v); err != nil {
		panic("BUG: encoding an answer: " + err.Error())
	}
	out := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	if ascii {
		return toASCII(out)
	}
	return out
}
