package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http/httputil"
	"strconv"
	"strings"
	"sync"
	"time"
)

// streamSpec is what to stream.
type streamSpec struct {
	addr   string
	body   body
	mode   mode
	conns  int // streams at a time
	window time.Duration
	seed   uint64
}

// streamResult is what came back.
type streamResult struct {
	streams int
	events  int
	elapsed time.Duration
	first   []time.Duration // from a request to its first event with text
	delays  []time.Duration // from an event's writing upstream to its arrival
	begun   func()          // called at the first event with text, if it is set
}

// stream holds streams for the window, each connection one after the other,
// and lets those under way end. It fails with the first text that is not the
// echo of its request.
func stream(ctx context.Context, spec streamSpec) (streamResult, error) {
	var (
		mu    sync.Mutex
		wg    sync.WaitGroup
		total streamResult
		fault error
	)
	start := time.Now()
	for i := range spec.conns {
		wg.Go(func() {
			if spec.mode == paced {
				// Begun all at once they would go on in step, and each event
				// would wait for those of all others.
				time.Sleep(spec.window / 4 * time.Duration(i) / time.Duration(spec.conns))
			}
			r, err := streamOn(ctx, spec, uint64(i), start.Add(spec.window))
			mu.Lock()
			defer mu.Unlock()
			total.streams += r.streams
			total.events += r.events
			total.first = append(total.first, r.first...)
			total.delays = append(total.delays, r.delays...)
			fault = errors.Join(fault, err)
		})
	}
	wg.Wait()
	total.elapsed = time.Since(start)
	return total, fault
}

// streamOn holds one stream after the other on one connection.
func streamOn(ctx context.Context, spec streamSpec, lane uint64, end time.Time) (streamResult, error) {
	var r streamResult
	conn, err := net.Dial("tcp", spec.addr)
	if err != nil {
		return r, err
	}
	defer conn.Close()
	in := bufio.NewReaderSize(conn, 64<<10)
	msg := newMessage(spec.body, spec.mode, spec.addr, rand.New(rand.NewPCG(spec.seed, lane)))
	for time.Now().Before(end) && ctx.Err() == nil {
		msg.next()
		_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
		sent := time.Now()
		if _, err := conn.Write(msg.bytes); err != nil {
			return r, fmt.Errorf("sending a request: %w", err)
		}
		if err := r.read(in, msg, sent); err != nil {
			return r, err
		}
		r.streams++
	}
	return r, ctx.Err()
}

// read takes one answer off the connection.
func (r *streamResult) read(in *bufio.Reader, msg *message, sent time.Time) error {
	if err := readHead(in); err != nil {
		return err
	}
	var text []byte
	lines := bufio.NewReaderSize(httputil.NewChunkedReader(in), in.Size())
	ended := false
	for {
		line, err := lines.ReadSlice('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("reading a stream: %w", err)
		}
		data, ok := bytes.CutPrefix(line, []byte("data: "))
		if !ok {
			continue
		}
		now := time.Now()
		if bytes.HasPrefix(data, []byte("[DONE]")) {
			ended = true
			continue
		}
		r.events++
		piece := lastContent(data)
		if len(piece) > 0 && len(text) == 0 {
			r.first = append(r.first, now.Sub(sent))
			if r.begun != nil {
				r.begun()
			}
		}
		text = append(text, piece...)
		if at, ok := written(data); ok {
			r.delays = append(r.delays, now.Sub(at))
		}
	}
	// The chunked reader leaves the line that ends the trailer.
	if _, err := in.ReadSlice('\n'); err != nil {
		return fmt.Errorf("reading a stream's end: %w", err)
	}
	if !ended || !bytes.Equal(text, msg.words()) {
		return fmt.Errorf("a stream of %d bytes of text, not %d, or other ones, or without an end", len(text), len(msg.words()))
	}
	return nil
}

// readHead skips the head of an answer that must be a stream in chunks.
func readHead(in *bufio.Reader) error {
	ok, chunked := false, false
	for i := 0; ; i++ {
		line, err := in.ReadString('\n')
		if err != nil {
			return fmt.Errorf("reading a head: %w", err)
		}
		line = strings.ToLower(strings.TrimSpace(line))
		switch {
		case i == 0:
			ok = strings.HasPrefix(line, "http/1.1 200")
		case line == "transfer-encoding: chunked":
			chunked = true
		case line == "":
			if !ok || !chunked {
				return errors.New("the answer is no stream")
			}
			return nil
		}
	}
}

// written returns the time at which the upstream wrote an event.
func written(data []byte) (time.Time, bool) {
	_, rest, ok := bytes.Cut(data, []byte(`"t":`))
	digits, _, _ := bytes.Cut(rest, []byte(","))
	ns, err := strconv.ParseInt(string(digits), 10, 64)
	return time.Unix(0, ns), ok && err == nil
}
