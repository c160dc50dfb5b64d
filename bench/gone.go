package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	trials = 10
	// unnoticed is how long is waited for a target to leave the upstream; what
	// takes as long has not noticed that its client is gone.
	unnoticed = 2 * time.Second
)

// sampleGone measures how long after its client a target leaves the upstream,
// which has begun no answer, or is silent in the middle of one. The upstream is
// this process, so that one clock times both.
func sampleGone(ctx context.Context, j job) (outcome, error) {
	w, err := newWitness()
	if err != nil {
		return outcome{}, err
	}
	defer w.ln.Close()
	vs := values{}
	for _, phase := range []struct {
		name string
		mode mode
	}{{"gone_head", whole}, {"gone_stream", burst}} {
		times, err := j.leave(ctx, w, phase.mode)
		if err != nil {
			return outcome{}, err
		}
		vs[phase.name] = quantile(times, 0.5) / 1000
		vs[phase.name+"_max"] = float64(slices.Max(times).Microseconds()) / 1000
	}
	return outcome{values: vs}, nil
}

// leave starts the target before the witness and leaves it a few times. Of a
// target that does not notice, one is enough.
func (j job) leave(ctx context.Context, w *witness, m mode) (times []time.Duration, err error) {
	mark := len(j.w.ends)
	defer j.w.closeTo(mark)
	p := startTarget(j.w, j.target.target, w.ln.Addr().String())
	if p.fault != "" {
		return nil, errors.New(p.fault)
	}
	msg := newMessage(j.body, m, p.addr, rand.New(rand.NewPCG(j.seed, uint64(m))))
	for range trials {
		took, err := w.trial(p.addr, msg, m)
		if err != nil {
			return nil, err
		}
		times = append(times, took)
		if took >= unnoticed || ctx.Err() != nil {
			break
		}
	}
	return times, ctx.Err()
}

// witness is an upstream that answers nothing, or the beginning of a stream,
// and sees when it is left.
type witness struct {
	ln      net.Listener
	arrived chan net.Conn // a request has been read, and answered as far as it is
	left    chan time.Time
}

func newWitness() (*witness, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	w := &witness{ln: ln, arrived: make(chan net.Conn, 1), left: make(chan time.Time, 1)}
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return // the sample is over
			}
			go w.serve(conn)
		}
	}()
	return w, nil
}

// serve takes requests off a connection, and the time of its end. One on which
// nothing was asked, such as that of a target that looks whether it is there,
// ends unseen.
func (w *witness) serve(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	for asked := false; ; asked = true {
		req, err := http.ReadRequest(in)
		if err != nil {
			if asked {
				w.left <- time.Now()
			}
			return
		}
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return
		}
		if strings.Contains(string(body), string(streamMark)) {
			event := eventHead + "0" + eventDelta + "The order of flour was late again. " + eventTail
			_, _ = fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n", len(event), event)
		}
		w.arrived <- conn
	}
}

// trial asks, leaves, and returns how long it took until the upstream was left.
func (w *witness) trial(addr string, msg *message, m mode) (time.Duration, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	msg.next()
	if _, err := conn.Write(msg.bytes); err != nil {
		return 0, fmt.Errorf("sending a request: %w", err)
	}
	var upstream net.Conn
	select {
	case upstream = <-w.arrived:
	case <-time.After(10 * time.Second):
		return 0, errors.New("the upstream got no request for 10 s")
	}
	if m != whole {
		if _, err := io.ReadAtLeast(conn, make([]byte, 4096), 32); err != nil {
			return 0, fmt.Errorf("reading the beginning of a stream: %w", err)
		}
	}
	time.Sleep(5 * time.Millisecond) // until nothing is under way any more
	began := time.Now()
	conn.Close()
	select {
	case at := <-w.left:
		return at.Sub(began), nil
	case <-time.After(unnoticed):
		upstream.Close()
		<-w.left
		return unnoticed, nil
	}
}
