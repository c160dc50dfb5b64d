package proxy

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

// A stream that comes at once, whatever its chunks, is restored, and its connection
// is used again: what had come with the head is read from there on.
func TestStreamComesAtOnce(t *testing.T) {
	const events = 300
	want := strings.Repeat(email+" ", events)
	for name, cut := range map[string]func(events []string) string{
		"one chunk": func(all []string) string { return httpChunk(strings.Join(all, "")) },
		"a chunk for each": func(all []string) (s string) {
			for _, e := range all {
				s += httpChunk(e)
			}
			return s
		},
		"chunks of 1,024 bytes": func(all []string) (s string) {
			for rest := strings.Join(all, ""); rest != ""; {
				n := min(1024, len(rest))
				s, rest = s+httpChunk(rest[:n]), rest[n:]
			}
			return s
		},
	} {
		t.Run(name, func(t *testing.T) {
			var connections atomic.Int32
			r := newRawRig(t, func(c net.Conn, body string) {
				connections.Add(1)
				for in := bufio.NewReader(c); ; {
					token := userTextOf(body)
					var all []string
					for range events {
						all = append(all, chunk(token+" ", "null"))
					}
					all = append(all, chunk("", `"stop"`), "data: [DONE]\n\n")
					send(c, eventsHead+"Transfer-Encoding: chunked\r\n\r\n"+cut(all)+"0\r\n\r\n")
					req, err := http.ReadRequest(in)
					if err != nil {
						return
					}
					next, err := io.ReadAll(req.Body)
					if err != nil {
						return
					}
					body = string(next)
				}
			})
			for range 3 {
				_, answer, err := r.post(chatPath, chat(email))
				if err != nil || said(t, answer) != want {
					t.Fatalf("%v, %d bytes", err, len(answer))
				}
				if x := r.wait(); x.Restored != events || x.BytesOut != len(answer) {
					t.Errorf("restored %d in %d bytes", x.Restored, x.BytesOut)
				}
			}
			if n := connections.Load(); n != 1 {
				t.Errorf("it took %d connections", n)
			}
		})
	}
}

func userTextOf(body string) string {
	req, err := http.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	if err != nil {
		return ""
	}
	return userText(req)
}

// What is no text passes as it is, of a known length or not.
func TestStreamOfSound(t *testing.T) {
	sound := make([]byte, 100_000)
	rnd := rand.New(rand.NewPCG(1, 2))
	for i := range sound {
		sound[i] = byte(rnd.Uint32())
	}
	for _, length := range []bool{true, false} {
		r := newRig(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "audio/mpeg")
			if length {
				w.Header().Set("Content-Length", fmt.Sprint(len(sound)))
			}
			for rest := sound; len(rest) > 0; {
				n := min(7000, len(rest))
				writeAll(w, string(rest[:n]))
				rest = rest[n:]
			}
		})
		resp, answer, err := r.post("/v1/audio/speech", `{"model":"m","input":"say `+email+`","voice":"v"}`)
		if err != nil || !bytes.Equal([]byte(answer), sound) || (resp.ContentLength >= 0) != length {
			t.Errorf("%v, %d bytes, length %d", err, len(answer), resp.ContentLength)
		}
		if x := r.wait(); x.BytesOut != len(sound) {
			t.Errorf("%d bytes were counted", x.BytesOut)
		}
	}
}
