package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// opening is how many streams are begun at a time: as many as a queue of
// connections holds anywhere.
const opening = 64

// sampleHeld opens streams, r.conns of them, until each has brought its first
// event; while all are held it looks at the target's memory, then lets them go
// on and compares every text. A stream that fails is counted, not a fault.
func sampleHeld(ctx context.Context, j job) (outcome, error) {
	if err := roomFor(2*j.run.conns + 256); err != nil {
		return outcome{}, err
	}
	h := holding{job: j, slots: make(chan struct{}, opening)}
	began := time.Now()
	for i := range j.run.conns {
		select {
		case h.slots <- struct{}{}:
		case <-ctx.Done():
			return outcome{}, errors.Join(ctx.Err(), release(j.w))
		}
		h.begun.Add(1)
		h.ended.Go(func() { h.hold(uint64(i)) })
	}
	h.begun.Wait()
	took := time.Since(began)
	kib := residentKB(j.target.pids)
	if err := release(j.w); err != nil {
		return outcome{}, err
	}
	h.ended.Wait()
	if h.failed == j.run.conns {
		return outcome{}, fmt.Errorf("all streams failed: %w", h.fault)
	}
	vs := values{
		"held": float64(j.run.conns), "errors": float64(h.failed), "held_open": took.Seconds(),
	}
	if len(j.target.pids) > 0 {
		vs["held_kib"] = float64(kib-j.target.idle) / float64(j.run.conns)
	}
	return outcome{values: vs, n: j.run.conns, note: errorText(h.fault)}, nil
}

// holding is the state of one sample.
type holding struct {
	job
	slots chan struct{}
	begun sync.WaitGroup // until a first event or a failure
	ended sync.WaitGroup

	mu     sync.Mutex
	failed int
	fault  error // one of them
}

// hold is one stream from its beginning to its end.
func (h *holding) hold(lane uint64) {
	begun := sync.OnceFunc(func() {
		<-h.slots
		h.begun.Done()
	})
	defer begun()
	if err := h.stream(lane, begun); err != nil {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.failed++
		h.fault = err
	}
}

func (h *holding) stream(lane uint64, begun func()) error {
	conn, err := net.Dial("tcp", h.target.addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	msg := newMessage(h.body, held, h.target.addr, rand.New(rand.NewPCG(h.seed, lane)))
	sent := time.Now()
	if _, err := conn.Write(msg.bytes); err != nil {
		return fmt.Errorf("sending a request: %w", err)
	}
	r := streamResult{begun: begun}
	return r.read(bufio.NewReaderSize(conn, 4<<10), msg, sent)
}

// release lets the upstream go on with all that it holds.
func release(w *workshop) error {
	resp, err := http.Get("http://" + w.echo.addr + "/release")
	if err != nil {
		return fmt.Errorf("releasing the streams: %w", err)
	}
	return resp.Body.Close()
}

// roomFor fails where a process may not have so many files open: a target has
// two for each stream.
func roomFor(files int) error {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("the limit of open files: %w", err)
	}
	if limit.Max < uint64(files) {
		return fmt.Errorf("needs %d open files, and ulimit -Hn is %d", files, limit.Max)
	}
	return nil
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
