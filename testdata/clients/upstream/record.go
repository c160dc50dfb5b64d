package upstream

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"sync"
	"time"

	"maskit/testdata/clients/leak"
	"maskit/testdata/clients/planted"
)

// tokenShape is a label and a code of eight characters, the first a digit.
var tokenShape = regexp.MustCompile(`[A-Z]{2,}[2-9][2-9BCDFGHJKMNPQRTVWXZ]{7}`)

// Recorder keeps every byte that reaches a server.
type Recorder struct {
	mu     sync.Mutex
	wire   []byte   // all that was read from connections, as it came
	heads  []string // request line and header of each request
	bodies [][]byte // body of each request, free of the transfer's framing
	taken  int      // requests that Take has reported

	gone chan time.Time // when clients left silent answers
}

// NewRecorder returns a recorder that has seen nothing.
func NewRecorder() *Recorder { return &Recorder{gone: make(chan time.Time, 64)} }

// Listen records what is read from the listener's connections.
func (r *Recorder) Listen(ln net.Listener) net.Listener { return tappedListener{ln, r} }

type tappedListener struct {
	net.Listener
	r *Recorder
}

func (l tappedListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return tappedConn{c, l.r}, nil
}

type tappedConn struct {
	net.Conn
	r *Recorder
}

func (c tappedConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.r.mu.Lock()
	c.r.wire = append(c.r.wire, b[:n]...)
	c.r.mu.Unlock()
	return n, err
}

// Handler records each request before the next handler sees it. A body that
// comes in chunks may have a value cut by their framing on the wire, so heads
// and bodies are kept as well.
func (r *Recorder) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			http.Error(w, "the body ended early", http.StatusBadRequest)
			return
		}
		var head bytes.Buffer
		fmt.Fprintf(&head, "%s %s\n", req.Method, req.RequestURI)
		_ = req.Header.Write(&head)
		r.mu.Lock()
		r.heads = append(r.heads, head.String())
		r.bodies = append(r.bodies, body)
		r.mu.Unlock()
		req.Body = io.NopCloser(bytes.NewReader(body))
		next.ServeHTTP(w, req)
	})
}

// Leave notes that a client left a silent answer now.
func (r *Recorder) Leave() { r.gone <- time.Now() }

// Taken is what Take found in the requests since the last one.
type Taken struct {
	// Requests is how many there were, Tokens how many different tokens their
	// bodies held.
	Requests int `json:"requests"`
	Tokens   int `json:"tokens"`
	// Leaks says of each value that was found what it is, and in which form
	// and part of which request it stood.
	Leaks []string `json:"leaks"`
}

// Take checks the requests that came since it was last called.
func (r *Recorder) Take(values []planted.Value) Taken {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := Taken{Requests: len(r.heads) - r.taken, Leaks: []string{}}
	tokens := map[string]bool{}
	for i := r.taken; i < len(r.heads); i++ {
		t.Leaks = append(t.Leaks, find(values, fmt.Sprintf("head of request %d", i), []byte(r.heads[i]))...)
		t.Leaks = append(t.Leaks, find(values, fmt.Sprintf("body of request %d", i), r.bodies[i])...)
		for _, token := range tokenShape.FindAll(r.bodies[i], -1) {
			tokens[string(token)] = true
		}
	}
	t.Tokens, r.taken = len(tokens), len(r.heads)
	return t
}

// Wire checks all bytes that were ever read, and says how many there were.
func (r *Recorder) Wire(values []planted.Value) (leaks []string, size int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return find(values, "bytes on the wire", r.wire), len(r.wire)
}

func find(values []planted.Value, where string, data []byte) []string {
	var found []string
	views := leak.Look(data)
	for _, v := range values {
		if form := views.Find(v.Text); form != "" {
			found = append(found, fmt.Sprintf("%s: %s in the %s", v.Kind, form, where))
		}
	}
	return found
}

// Control serves suites in other processes: POST /take answers with Taken,
// POST /gone waits until a client has left a silent answer and says when, in
// milliseconds since 1970.
func (r *Recorder) Control(values []planted.Value) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /take", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(r.Take(values))
	})
	mux.HandleFunc("POST /gone", func(w http.ResponseWriter, req *http.Request) {
		select {
		case at := <-r.gone:
			fmt.Fprint(w, float64(at.UnixMicro())/1000)
		case <-time.After(patience / 2):
			http.Error(w, "no client left", http.StatusGatewayTimeout)
		case <-req.Context().Done():
		}
	})
	return mux
}
