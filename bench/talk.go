package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"time"

	"maskit/testdata/clients/leak"
	"maskit/testdata/clients/planted"
)

// A conversation sends all that was said so far each turn, as chat clients do.
// The bytes that are new are about the same in each; so what a turn costs at
// the end, against what it costs at the beginning, says how far the work grows
// with the history. Several conversations are held in step.

// turns and shortTurns are the length of a conversation; the short one is that
// of the quick mode.
const (
	turns      = 200
	shortTurns = 20
	around     = 5 // turns whose cost is the early and the late one
)

// talk is one conversation.
type talk struct {
	conn    net.Conn
	in      *bufio.Reader
	rng     *rand.Rand
	history bytes.Buffer // messages, each with a comma behind it
	values  []string
	buf     []byte
}

// sampleTalk measures the CPU that each turn takes of the target.
func sampleTalk(ctx context.Context, j job) (outcome, error) {
	talks := make([]*talk, j.run.conns)
	for i := range talks {
		conn, err := net.Dial("tcp", j.target.addr)
		if err != nil {
			return outcome{}, err
		}
		defer conn.Close()
		talks[i] = &talk{conn: conn, in: bufio.NewReaderSize(conn, 64<<10), rng: rand.New(rand.NewPCG(j.seed, uint64(i)))}
		talks[i].history.WriteString(systemMessage + ",")
	}
	length := turns
	if j.quick {
		length = shortTurns
	}
	var curve []point
	for turn := range length {
		before, err := cpuOf(j.target.pids)
		if err != nil {
			return outcome{}, err
		}
		if err := turnAll(talks, j.target.addr); err != nil {
			return outcome{}, fmt.Errorf("turn %d: %w", turn+1, err)
		}
		after, err := cpuOf(j.target.pids)
		if err != nil || ctx.Err() != nil {
			return outcome{}, errors.Join(err, ctx.Err())
		}
		curve = append(curve, point{float64(turn + 1), float64((after - before).Microseconds()) / float64(len(talks))})
	}
	if err := talks[0].looked(j); err != nil {
		return outcome{}, err
	}
	// The first turn is left out: in it connections are made.
	early, late := meanOf(curve[1:1+around]), meanOf(curve[len(curve)-around:])
	return outcome{values: values{"early": early, "late": late}, n: length * len(talks), curve: curve}, nil
}

// turnAll takes the next turn of all conversations at once.
func turnAll(talks []*talk, addr string) error {
	var wg sync.WaitGroup
	faults := make([]error, len(talks))
	for i, t := range talks {
		wg.Go(func() { faults[i] = t.turn(addr) })
	}
	wg.Wait()
	return errors.Join(faults...)
}

// turn says something, compares the answer, and puts both into the history.
func (t *talk) turn(addr string) error {
	words := t.say("turn")
	json := jsonHead(whole) + t.history.String() + `{"role":"user","content":"` + words + jsonTail
	t.buf = append(append(t.buf[:0], requestHead(addr, len(json))...), json...)
	from := len(t.buf) - len(jsonTail) - len(words)
	msg := &message{bytes: t.buf, head: len(t.buf) - len(json), content: [2]int{from, from + len(words)}}
	_ = t.conn.SetDeadline(time.Now().Add(20 * time.Second))
	if err := exchange(t.conn, t.in, msg, whole); err != nil {
		return err
	}
	fmt.Fprintf(&t.history, `{"role":"user","content":"%s"},{"role":"assistant","content":"%s"},`, words, t.say("reply"))
	return nil
}

// say makes a text with values that are new.
func (t *talk) say(name string) string {
	var text strings.Builder
	bodyNamed(name).write(&text, t.rng, func(at, to int, _ planted.Maker) {
		t.values = append(t.values, text.String()[at:to])
	})
	return text.String()
}

// looked takes one more turn and looks into what the upstream saw of it: none
// of the values of all turns, if the target masks.
func (t *talk) looked(j job) error {
	if !j.target.masks {
		return nil
	}
	if _, err := j.w.record(true); err != nil {
		return err
	}
	if err := t.turn(j.target.addr); err != nil {
		return err
	}
	seen, err := j.w.record(false)
	if err != nil || len(seen) != 1 {
		return errors.Join(err, fmt.Errorf("the upstream saw %d requests of 1", len(seen)))
	}
	views := leak.Look([]byte(seen[0]))
	for _, v := range t.values {
		if form := views.Find(v); form != "" && strings.Contains(string(t.buf), v) {
			return fmt.Errorf("the upstream saw a value of an earlier turn (%s)", form)
		}
	}
	return nil
}

func meanOf(ps []point) float64 {
	sum := 0.0
	for _, p := range ps {
		sum += p.Y
	}
	return sum / float64(len(ps))
}
