package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"runtime"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// The load generator is one thread over epoll. wrk is as cheap, but it sends
// what was made beforehand: here every request has new values, every answer is
// compared, and a rate can be kept without coordinated omission.

// loadSpec is what to send.
type loadSpec struct {
	addr   string
	body   body
	conns  int           // connections held open
	window time.Duration // how long to send
	limit  int           // how many requests at most; 0: as many as fit
	rate   float64       // requests a second on a fixed schedule; 0: as fast as answers come
	seed   uint64
}

// loadResult is what came back.
type loadResult struct {
	requests  int
	elapsed   time.Duration
	latencies []time.Duration // from when a request was due to its last byte; with a rate only
}

// client is one connection and the request on it.
type client struct {
	fd   int
	msg  *message
	due  time.Time
	sent int
	in   []byte
}

// generator is one run of the load; one goroutine has it.
type generator struct {
	loadSpec
	epoll, timer int
	clients      map[int]*client
	idle         []*client
	result       loadResult
	started      int
	start, end   time.Time
	next         time.Time // when the next request is due
}

// load sends requests for the window and waits for the answers under way. It
// fails with the first answer that is not the echo of its request.
func load(ctx context.Context, spec loadSpec) (loadResult, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	g := &generator{loadSpec: spec, clients: map[int]*client{}, timer: -1}
	var err error
	if g.epoll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return g.result, fmt.Errorf("epoll: %w", err)
	}
	defer g.close()
	if err := g.connect(); err != nil {
		return g.result, err
	}
	if err := g.run(ctx); err != nil {
		return g.result, err
	}
	g.result.elapsed = time.Since(g.start)
	return g.result, nil
}

func (g *generator) close() {
	for fd := range g.clients {
		_ = unix.Close(fd)
	}
	if g.timer >= 0 {
		_ = unix.Close(g.timer)
	}
	_ = unix.Close(g.epoll)
}

// connect opens all connections, and the timer if there is a schedule.
func (g *generator) connect() error {
	to, err := netip.ParseAddrPort(g.addr)
	if err != nil {
		return fmt.Errorf("address: %w", err)
	}
	sa := &unix.SockaddrInet4{Port: int(to.Port()), Addr: to.Addr().As4()}
	for i := range g.conns {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			return fmt.Errorf("socket: %w", err)
		}
		c := &client{fd: fd, msg: newMessage(g.body, whole, g.addr, rand.New(rand.NewPCG(g.seed, uint64(i)))), in: make([]byte, 0, 64<<10)}
		g.clients[fd] = c
		g.idle = append(g.idle, c)
		if err := errors.Join(
			unix.Connect(fd, sa),
			unix.SetNonblock(fd, true),
			unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1),
			g.watch(unix.EPOLL_CTL_ADD, fd, unix.EPOLLIN),
		); err != nil {
			return fmt.Errorf("connection: %w", err)
		}
	}
	if g.rate == 0 {
		return nil
	}
	if g.timer, err = unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC); err != nil {
		return fmt.Errorf("timer: %w", err)
	}
	return g.watch(unix.EPOLL_CTL_ADD, g.timer, unix.EPOLLIN)
}

func (g *generator) watch(op, fd int, events uint32) error {
	return unix.EpollCtl(g.epoll, op, fd, &unix.EpollEvent{Events: events, Fd: int32(fd)})
}

// run is the event loop. It ends when the window is over and nothing is under
// way any more.
func (g *generator) run(ctx context.Context) error {
	const patience = 10_000 // ms without any event
	events := make([]unix.EpollEvent, 256)
	g.start = time.Now()
	g.end, g.next = g.start.Add(g.window), g.start
	if err := g.sendDue(); err != nil {
		return err
	}
	for len(g.idle) < len(g.clients) || time.Now().Before(g.end) {
		n, err := unix.EpollWait(g.epoll, events, patience)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return fmt.Errorf("epoll: %w", err)
		}
		if n == 0 {
			return errors.New("no answer for 10 s")
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		for _, e := range events[:n] {
			if int(e.Fd) == g.timer {
				var expirations [8]byte
				_, _ = unix.Read(g.timer, expirations[:]) // only to quiet it
				continue
			}
			if err := g.serve(g.clients[int(e.Fd)], e.Events); err != nil {
				return err
			}
		}
		if err := g.sendDue(); err != nil {
			return err
		}
	}
	return nil
}

// sendDue starts the requests whose time has come, as far as connections are
// free; one that must wait for a connection is late from when it was due. Then
// it sets the timer for the next.
func (g *generator) sendDue() error {
	for len(g.idle) > 0 {
		now := time.Now()
		due := now
		if g.rate > 0 {
			due = g.next
		}
		if g.limit > 0 && g.started == g.limit {
			g.end = now
		}
		if due.After(g.end) || due.After(now) || !now.Before(g.end) && g.rate == 0 {
			break
		}
		g.next = g.next.Add(g.interval())
		c := g.idle[len(g.idle)-1]
		g.idle = g.idle[:len(g.idle)-1]
		g.started++
		c.msg.next()
		c.due, c.sent, c.in = due, 0, c.in[:0]
		if err := g.write(c); err != nil {
			return err
		}
	}
	if g.rate == 0 {
		return nil
	}
	wait := max(time.Until(g.next), 1)
	return unix.TimerfdSettime(g.timer, 0, &unix.ItimerSpec{Value: unix.NsecToTimespec(int64(wait))}, nil)
}

func (g *generator) interval() time.Duration {
	if g.rate == 0 {
		return 0
	}
	return time.Duration(float64(time.Second) / g.rate)
}

// serve goes on with a connection that can be written or read.
func (g *generator) serve(c *client, events uint32) error {
	if c.sent < len(c.msg.bytes) && events&unix.EPOLLOUT != 0 {
		return g.write(c)
	}
	if len(c.in) == cap(c.in) {
		c.in = append(c.in, make([]byte, cap(c.in))...)[:len(c.in)]
	}
	n, err := unix.Read(c.fd, c.in[len(c.in):cap(c.in)])
	switch {
	case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
		return nil
	case err != nil:
		return fmt.Errorf("reading an answer: %w", err)
	case n == 0:
		return fmt.Errorf("the connection was closed after %d bytes of an answer", len(c.in))
	}
	c.in = c.in[:len(c.in)+n]
	text, done, err := answerBody(c.in)
	if err != nil || !done {
		return err
	}
	if err := checkWhole(c.msg, text); err != nil {
		return err
	}
	g.result.requests++
	if g.rate > 0 {
		g.result.latencies = append(g.result.latencies, time.Since(c.due))
	}
	g.idle = append(g.idle, c)
	return nil
}

// write sends what is left of the request; where the socket is full, it goes
// on when epoll says so.
func (g *generator) write(c *client) error {
	for c.sent < len(c.msg.bytes) {
		n, err := unix.Write(c.fd, c.msg.bytes[c.sent:])
		if errors.Is(err, unix.EAGAIN) {
			return g.watch(unix.EPOLL_CTL_MOD, c.fd, unix.EPOLLIN|unix.EPOLLOUT)
		}
		if err != nil {
			return fmt.Errorf("sending a request: %w", err)
		}
		if c.sent += n; c.sent == len(c.msg.bytes) && n < len(c.msg.bytes) {
			return g.watch(unix.EPOLL_CTL_MOD, c.fd, unix.EPOLLIN)
		}
	}
	return nil
}

var (
	statusOK     = []byte("HTTP/1.1 200")
	headEnd      = []byte("\r\n\r\n")
	lengthHeader = []byte("\r\nContent-Length: ")
	chunkedEnd   = []byte("\r\n0\r\n\r\n")
)

// answerBody returns the body of an answer once it has all come. A body in
// chunks is returned with their framing.
func answerBody(in []byte) (text []byte, done bool, err error) {
	head, text, found := bytes.Cut(in, headEnd)
	if !found {
		return nil, false, nil
	}
	if !bytes.HasPrefix(head, statusOK) {
		return nil, false, fmt.Errorf("an answer of status %.3q", head[min(9, len(head)):])
	}
	_, field, found := bytes.Cut(head, lengthHeader)
	if !found {
		return text, bytes.HasSuffix(text, chunkedEnd), nil
	}
	digits, _, _ := bytes.Cut(field, headEnd[:2])
	length, err := strconv.Atoi(string(digits))
	if err != nil || len(text) > length {
		return nil, false, errors.New("an answer with a wrong Content-Length")
	}
	return text, len(text) == length, nil
}

// checkWhole compares an answer with what was sent: byte for byte, or, where a
// value came back in another spelling of JSON, as text.
func checkWhole(m *message, text []byte) error {
	if bytes.Contains(text, m.words()) {
		return nil
	}
	var answer struct {
		Choices []struct{ Message struct{ Content string } }
	}
	var words string
	_ = json.Unmarshal(text, &answer) // what is no JSON holds nothing
	err := json.Unmarshal(slices.Concat([]byte{'"'}, m.words(), []byte{'"'}), &words)
	if err == nil && len(answer.Choices) == 1 && answer.Choices[0].Message.Content == words {
		return nil
	}
	return fmt.Errorf("an answer of %d bytes does not hold the %d bytes that were sent", len(text), len(m.words()))
}
