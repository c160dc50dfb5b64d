package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"time"

	"maskit/testdata/clients/leak"
)

// checkRequests is how many requests the correctness check sends.
const checkRequests = 10

// check proves, before a target is measured, that it does its work: every
// answer is the echo of its request; the upstream of a target that masks saw
// no value; and what holds no value reaches the upstream byte for byte.
func check(w *workshop, p *running, b body, m mode, seed uint64) error {
	if m != whole {
		m = burst // the same way, without the waiting
	}
	if _, err := w.record(true); err != nil {
		return err
	}
	msg := newMessage(b, m, p.addr, rand.New(rand.NewPCG(seed, 0)))
	var sent [][]byte
	conn, err := net.Dial("tcp", p.addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	in := bufio.NewReaderSize(conn, 64<<10)
	for range checkRequests {
		msg.next()
		sent = append(sent, bytes.Clone(msg.bytes))
		if err := exchange(conn, in, msg, m); err != nil {
			return err
		}
	}
	seen, err := w.record(false)
	if err != nil {
		return err
	}
	if len(seen) != checkRequests {
		return fmt.Errorf("the upstream saw %d requests of %d", len(seen), checkRequests)
	}
	for i, got := range seen {
		msg.bytes = sent[i]
		if err := checkSeen(p, msg, got); err != nil {
			return fmt.Errorf("request %d: %w", i, err)
		}
	}
	return nil
}

// checkSeen compares what the upstream saw with what was sent.
func checkSeen(p *running, msg *message, seen string) error {
	values := msg.values()
	if !p.masks || len(values) == 0 {
		if seen != string(msg.body()) {
			return errors.New("what the upstream saw is not what was sent, and nothing was to be masked")
		}
		return nil
	}
	views := leak.Look([]byte(seen))
	for _, v := range values {
		if form := views.Find(v.Text); form != "" {
			return fmt.Errorf("the upstream saw a value of kind %s (%s)", v.Kind, form)
		}
	}
	return nil
}

// exchange sends one request and compares the answer.
func exchange(conn net.Conn, in *bufio.Reader, msg *message, m mode) error {
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := conn.Write(msg.bytes); err != nil {
		return fmt.Errorf("sending a request: %w", err)
	}
	if m != whole {
		var r streamResult
		return r.read(in, msg, time.Now())
	}
	var all []byte
	part := make([]byte, 64<<10)
	for {
		n, err := in.Read(part)
		if err != nil {
			return fmt.Errorf("reading an answer: %w", err)
		}
		all = append(all, part[:n]...)
		text, done, err := answerBody(all)
		if err != nil {
			return err
		}
		if done {
			return checkWhole(msg, text)
		}
	}
}

// record switches the upstream's record and returns the bodies in it.
func (w *workshop) record(on bool) ([]string, error) {
	resp, err := http.Get(fmt.Sprintf("http://%s/record?on=%t", w.echo.addr, on))
	if err != nil {
		return nil, fmt.Errorf("asking the upstream for its record: %w", err)
	}
	defer resp.Body.Close()
	var bodies []string
	if err := json.NewDecoder(resp.Body).Decode(&bodies); err != nil {
		return nil, fmt.Errorf("reading the upstream's record: %w", err)
	}
	return bodies, nil
}
