package proxy

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
)

// chunk is an event of a chat completion.
func chunk(text, finish string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf("data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":%s},\"finish_reason\":%s}]}\n\n", b, finish)
}

// stream answers with what the user said, in pieces of n bytes.
func stream(n int) http.HandlerFunc {
	return func(w http.ResponseWriter, req *http.Request) {
		said := userText(req)
		w.Header().Set("Content-Type", "text/event-stream")
		for at := 0; at < len(said); at += n {
			writeAll(w, chunk(said[at:min(at+n, len(said))], "null"))
		}
		writeAll(w, chunk("", `"stop"`)+"data: [DONE]\n\n")
	}
}

// writeAll writes and flushes.
func writeAll(w http.ResponseWriter, s string) {
	if _, err := io.WriteString(w, s); err != nil {
		return // the proxy has closed: some tests want that
	}
	w.(http.Flusher).Flush()
}

// said reads the text of a stream.
func said(t *testing.T, events string) string {
	t.Helper()
	var b strings.Builder
	for line := range strings.SplitSeq(events, "\n") {
		data, ok := strings.CutPrefix(line, "data: ")
		if !ok || data == "[DONE]" {
			continue
		}
		var v struct {
			Choices []struct{ Delta struct{ Content string } }
		}
		if err := json.Unmarshal([]byte(data), &v); err != nil {
			t.Fatalf("an event is no JSON: %v", err)
		}
		for _, c := range v.Choices {
			b.WriteString(c.Delta.Content)
		}
	}
	return b.String()
}

func TestStream(t *testing.T) {
	for n := 1; n < 20; n++ {
		r := newRig(t, stream(n))
		resp, answer, err := r.post(chatPath, chat("ask "+email+" and go. "+email))
		if err != nil {
			t.Fatal(err)
		}
		if got := said(t, answer); got != "ask "+email+" and go. "+email {
			t.Fatalf("pieces of %d: %q", n, got)
		}
		if resp.Header.Get("Content-Type") != "text/event-stream" || !strings.HasSuffix(answer, "data: [DONE]\n\n") {
			t.Errorf("type %q, end %q", resp.Header.Get("Content-Type"), answer[len(answer)-20:])
		}
		if x := r.wait(); !x.Stream || x.Code != "" || x.BytesOut != len(answer) || x.Restored != 2 {
			t.Errorf("record: %+v", x)
		}
	}
}

// raw is a provider that speaks bytes: for each connection it reads a request
// and answers as speak does.
func raw(t *testing.T, speak func(c net.Conn, body string)) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				req, err := http.ReadRequest(bufio.NewReader(c))
				if err != nil {
					return
				}
				body, err := io.ReadAll(req.Body)
				if err == nil {
					speak(c, string(body))
				}
			}()
		}
	}()
	return "http://" + ln.Addr().String()
}

func newRawRig(t *testing.T, speak func(c net.Conn, body string), options ...rigOption) *rig {
	t.Helper()
	r := &rig{t: t, ended: make(chan struct{}, 1000)}
	r.start(raw(t, speak), newVault(t, nil), options...)
	return r
}

const eventsHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"

func httpChunk(s string) string { return fmt.Sprintf("%x\r\n%s\r\n", len(s), s) }

// send writes and ignores that the other side has gone: some tests want that.
func send(c net.Conn, s string) { io.WriteString(c, s) } //nolint:errcheck // As said.

// A stream that dies is never taken for a whole one, wherever it dies, and what
// had come of it is passed on.
func TestStreamDies(t *testing.T) {
	one := chunk("so far", "null")
	for name, c := range map[string]struct {
		speak string
		fails bool
	}{
		"between chunks":         {eventsHead + "Transfer-Encoding: chunked\r\n\r\n" + httpChunk(one), true},
		"inside a chunk":         {eventsHead + "Transfer-Encoding: chunked\r\n\r\n" + "fff\r\n" + one, true},
		"inside an event":        {eventsHead + "Transfer-Encoding: chunked\r\n\r\n" + httpChunk(one+"data: {\"ch"), true},
		"before its length":      {eventsHead + "Content-Length: 5000\r\n\r\n" + one, true},
		"without length, early":  {eventsHead + "Connection: close\r\n\r\n" + one, true},
		"without length, whole":  {eventsHead + "Connection: close\r\n\r\n" + one + chunk("", `"stop"`), false},
		"without length, [DONE]": {eventsHead + "Connection: close\r\n\r\n" + one + "data: [DONE]\n\n", false},
		"whole":                  {eventsHead + "Transfer-Encoding: chunked\r\n\r\n" + httpChunk(one) + "0\r\n\r\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRawRig(t, func(conn net.Conn, _ string) { send(conn, c.speak) })
			_, answer, err := r.post(chatPath, chat(email))
			if (err != nil) != c.fails {
				t.Errorf("reading it gave %v", err)
			}
			if !strings.Contains(answer, "so far") {
				t.Error("what had come was not passed on")
			}
			if x := r.wait(); (x.Code != "") != c.fails {
				t.Errorf("record: %+v", x)
			}
		})
	}
}

func TestWholeAnswerDies(t *testing.T) {
	for name, c := range map[string]struct{ answer, cause string }{
		"no answer":      {"", "the connection ended"},
		"half a head":    {"HTTP/1.1 200 OK\r\nContent-" + email, "the connection ended"},
		"half a body":    {"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"a\":", "the connection ended"},
		"between chunks": {"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + httpChunk("{}"), "the connection ended"},
		"no chunk":       {"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + email, "cannot be read"},
		"no HTTP":        {"SSH-2.0-" + email + "\r\n", "cannot be read"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRawRig(t, func(conn net.Conn, _ string) { send(conn, c.answer) })
			resp, answer, err := r.post(chatPath, chat(email))
			if err != nil || resp.StatusCode != http.StatusBadGateway || code(t, answer) != "upstream_failed" {
				t.Errorf("got %v %v %s", resp, err, answer)
			}
			r.wait()
			warned := r.logs.FilterLevelExact(zap.WarnLevel).All()
			if len(warned) != 1 || !strings.Contains(fmt.Sprint(warned[0].ContextMap()["error"]), c.cause) {
				t.Errorf("the log does not say why: %v", warned)
			}
		})
	}
}

func TestNobodyListens(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	ln.Close()
	r := &rig{t: t, ended: make(chan struct{}, 10)}
	r.start("http://"+addr, newVault(t, nil))
	resp, answer, err := r.post(chatPath, chat(email))
	if err != nil || resp.StatusCode != http.StatusBadGateway || code(t, answer) != "upstream_unreachable" || !strings.Contains(answer, "the upstream openai cannot be reached") {
		t.Errorf("got %v %s", err, answer)
	}
}

// goneWithin is how soon a provider must notice that a client has left.
const goneWithin = 100 * time.Millisecond

// leave sends a chat, waits until the provider was asked, reads up to the mark,
// and goes.
func (r *rig) leave(asked <-chan struct{}, mark string) time.Time {
	r.t.Helper()
	c, err := net.Dial("tcp", r.addr)
	if err != nil {
		r.t.Fatal(err)
	}
	body := chat(email)
	send(c, fmt.Sprintf("POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", chatPath, len(body), body))
	<-asked
	var got strings.Builder
	buf := make([]byte, 1000)
	for !strings.Contains(got.String(), mark) {
		n, err := c.Read(buf)
		if err != nil {
			r.t.Fatal(err)
		}
		got.Write(buf[:n])
	}
	c.Close()
	return time.Now()
}

// A client that goes away ends the request to the provider: before the head of
// the answer, and while a stream is silent. The quickest of several counts: on a
// machine that is busy otherwise any may be late.
func TestClientGoes(t *testing.T) {
	for name, c := range map[string]struct{ first, mark string }{
		"before the head":    {"", ""},
		"in a silent stream": {eventsHead + "Transfer-Encoding: chunked\r\n\r\n" + httpChunk(chunk("so far", "null")), "so far"},
	} {
		t.Run(name, func(t *testing.T) {
			best := time.Hour
			for range 5 {
				best = min(best, goneAfter(t, c.first, c.mark))
			}
			if t.Logf("noticed within %s", best); best > goneWithin {
				t.Errorf("the provider noticed after %s", best)
			}
		})
	}
}

// goneAfter has a client go away when it has read the mark, and returns how long
// it took the provider, which had sent first, to notice.
func goneAfter(t *testing.T, first, mark string) time.Duration {
	t.Helper()
	asked, closed := make(chan struct{}), make(chan time.Time, 1)
	r := newRawRig(t, func(conn net.Conn, _ string) {
		send(conn, first)
		close(asked)
		if _, err := conn.Read(make([]byte, 1)); err == nil {
			t.Error("the proxy sends more")
		}
		closed <- time.Now()
	})
	left := r.leave(asked, mark)
	select {
	case at := <-closed:
		if x := r.wait(); x.Code != "client_gone" {
			t.Errorf("record: %+v", x)
		}
		return at.Sub(left)
	case <-time.After(5 * time.Second):
		t.Fatal("the provider never noticed")
		return 0
	}
}

// A client that stays and asks again on its connection is not disturbed by the
// watch of its first exchange.
func TestWatchLeavesTheConnectionAlone(t *testing.T) {
	r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
		<-time.After(2 * watchAfter) // long enough for the watch to begin
		echo(w, req)
	})
	for range 10 {
		if _, answer, err := r.post(chatPath, chat(text)); err != nil || content(t, answer) != text {
			t.Fatal(err)
		}
	}
}

// Connections that the provider closes while they are idle cost no request.
func TestStaleConnection(t *testing.T) {
	r := newRawRig(t, func(c net.Conn, _ string) {
		send(c, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
	})
	for range 20 {
		resp, answer, err := r.post(chatPath, chat(email))
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("got %v %s", err, answer)
		}
	}
}

func TestEventsWithoutAType(t *testing.T) {
	r := newRawRig(t, func(c net.Conn, body string) {
		var v struct{ Messages []struct{ Content string } }
		if err := json.Unmarshal([]byte(body), &v); err != nil {
			t.Error(err)
			return
		}
		send(c, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"+
			httpChunk(chunk(v.Messages[0].Content[:4], "null"))+httpChunk(chunk(v.Messages[0].Content[4:], `"stop"`))+"0\r\n\r\n")
	})
	_, answer, err := r.post(chatPath, chat(email))
	if err != nil || said(t, answer) != email {
		t.Errorf("%v %s", err, answer)
	}
}

// Running streams may end after Shutdown was called; new requests may not begin.
func TestShutdownDrains(t *testing.T) {
	begun, goOn := make(chan struct{}), make(chan struct{})
	r := newRig(t, func(w http.ResponseWriter, req *http.Request) {
		said := userText(req)
		w.Header().Set("Content-Type", "text/event-stream")
		writeAll(w, chunk("first ", "null"))
		close(begun)
		<-goOn
		writeAll(w, chunk(said, `"stop"`))
	})
	answered := make(chan string, 1)
	go func() {
		_, answer, err := r.post(chatPath, chat(email))
		if err != nil {
			t.Error(err)
		}
		answered <- answer
	}()
	<-begun
	down := make(chan error, 1)
	go func() { down <- r.proxy.Shutdown(t.Context()) }()
	close(goOn)
	if got := said(t, <-answered); got != "first "+email {
		t.Errorf("got %q", got)
	}
	if err := <-down; err != nil {
		t.Error(err)
	}
}
