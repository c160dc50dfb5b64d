package proxy

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
	"go.uber.org/zap"

	"maskit/proxy/access"
	"maskit/proxy/audit"
	"maskit/proxy/mask"
	"maskit/proxy/wire"
)

// Options are what a proxy is given besides its configuration.
type Options struct {
	// Log takes what happens; it never gets a value. Nil logs nothing.
	Log *zap.Logger
	// Done is called once at the end of each exchange, from its goroutine. The
	// record is the callee's to keep.
	Done func(*audit.Exchange)
	// Ready says whether there can be a record of an exchange. What it refuses
	// does not leave. Nil refuses nothing.
	Ready func() error
	// Tokens lists the tokens of each exchange in its record.
	Tokens bool
	// Traces makes each exchange a part of a trace, which goes on to the provider.
	Traces bool
	// Sample is the share of traces that begin here for which spans are wanted.
	Sample float64
}

// Proxy is the listener for clients. It is safe for concurrent use.
type Proxy struct {
	server *fasthttp.Server
	state  atomic.Pointer[state]
	log    *zap.Logger
	done   func(*audit.Exchange)
	ready  func() error
	tokens bool
	traces bool
	sample float64
	certs  *certificates
	// wrongKeys counts who shows clients' keys that nobody has.
	wrongKeys *access.Limiter

	mu       sync.Mutex
	active   map[*exchange]struct{}
	listener net.Listener
	down     bool // Shutdown was called
}

// state is all that a reload replaces. An exchange keeps the one it began with.
type state struct {
	cfg       Config
	access    Access
	clients   *clients
	policies  *mask.Policies
	upstreams map[string]*upstream
}

// New makes a proxy ready to Serve.
func New(cfg Config, acc Access, policies *mask.Policies, opts Options) (*Proxy, error) {
	p := &Proxy{log: opts.Log, done: opts.Done, ready: opts.Ready, tokens: opts.Tokens, traces: opts.Traces, sample: opts.Sample, wrongKeys: access.NewLimiter(), active: make(map[*exchange]struct{})}
	if p.log == nil {
		p.log = zap.NewNop()
	}
	if p.done == nil {
		p.done = func(*audit.Exchange) {}
	}
	if p.ready == nil {
		p.ready = func() error { return nil }
	}
	if err := p.Reload(cfg, acc, policies); err != nil {
		return nil, err
	}
	if cfg.TLS.Cert != "" {
		var err error
		if p.certs, err = newCertificates(cfg.TLS); err != nil {
			return nil, err
		}
	}
	p.server = &fasthttp.Server{
		Handler:               p.handle,
		ErrorHandler:          p.refuseUnparsed,
		MaxRequestBodySize:    int(cfg.MaxBody),
		ReadBufferSize:        readBuffer,
		ReadTimeout:           cfg.ReadTimeout,
		IdleTimeout:           cfg.IdleTimeout,
		CloseOnShutdown:       true,
		NoDefaultServerHeader: true,
		NoDefaultContentType:  true,
		// A body is what was sent, not what fasthttp would make of its parts.
		DisablePreParseMultipartForm: true,
		Logger:                       silent{}, // Its texts quote requests, with their keys.
	}
	return p, nil
}

// readBuffer bounds the head of a request, in bytes.
const readBuffer = 16 << 10

// silent is a fasthttp.Logger that drops what it is given.
type silent struct{}

func (silent) Printf(string, ...any) {}

// Reload swaps in another configuration and policies; running exchanges keep
// theirs. The listener's own settings (listen, tls, max_body, timeouts) stay
// until the next start. On an error nothing changes.
func (p *Proxy) Reload(cfg Config, acc Access, policies *mask.Policies) error {
	if err := errors.Join(cfg.Validate(), acc.Validate(policies.Names())); err != nil {
		return err
	}
	if err := acc.prepare(policies); err != nil {
		return err
	}
	known, err := newClients(acc.Clients)
	if err != nil {
		return err
	}
	st := &state{
		cfg: cfg, access: acc, clients: known, policies: policies,
		upstreams: make(map[string]*upstream, len(cfg.Upstreams)),
	}
	for name, u := range cfg.Upstreams {
		up, err := newUpstream(name, u, int64(cfg.MaxBody))
		if err != nil {
			return fmt.Errorf("proxy: upstream %s: %w", name, err)
		}
		st.upstreams[name] = up
	}
	if old := p.state.Swap(st); old != nil {
		for _, up := range old.upstreams {
			up.client.CloseIdleConnections()
		}
	}
	return nil
}

// SetPolicies swaps in other policies and leaves the rest, connections to the
// providers included; running exchanges keep theirs. It and Reload are called one
// at a time. On an error nothing changes.
func (p *Proxy) SetPolicies(policies *mask.Policies) error {
	st := *p.state.Load()
	if err := errors.Join(st.access.Validate(policies.Names()), st.access.prepare(policies)); err != nil {
		return err
	}
	st.policies = policies
	p.state.Store(&st)
	return nil
}

// Serve answers clients on ln, which it closes, until Shutdown; at once if that
// was called already.
func (p *Proxy) Serve(ln net.Listener) error {
	ln = &onceListener{Listener: ln}
	p.mu.Lock()
	p.listener = ln
	down := p.down
	p.mu.Unlock()
	if down {
		return ln.Close()
	}
	if p.certs != nil {
		ln = p.certs.listener(ln)
	}
	err := p.server.Serve(ln)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil && !p.down {
		return fmt.Errorf("proxy: serving %s: %w", ln.Addr(), err)
	}
	return nil
}

// onceListener may be closed twice: by Shutdown, and by fasthttp if it knows the
// listener by then. fasthttp would take the second close for a failure.
type onceListener struct {
	net.Listener
	once sync.Once
	err  error
}

// Close implements net.Listener.
func (l *onceListener) Close() error {
	l.once.Do(func() { l.err = l.Listener.Close() })
	return l.err
}

// Shutdown takes no more requests and waits for running exchanges. When ctx
// ends, it ends them too, so that their clients see a failure.
func (p *Proxy) Shutdown(ctx context.Context) error {
	p.mu.Lock()
	p.down = true
	if p.listener != nil {
		p.listener.Close()
	}
	p.mu.Unlock()
	err := p.server.ShutdownWithContext(ctx)
	if !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled) {
		return err
	}
	p.mu.Lock()
	n := len(p.active)
	for x := range p.active {
		x.abort()
	}
	p.mu.Unlock()
	return fmt.Errorf("proxy: %d exchanges were still running at the end of proxy.drain and were cut off", n)
}

// handle is one request.
func (p *Proxy) handle(ctx *fasthttp.RequestCtx) {
	x := &exchange{p: p, st: p.state.Load(), ctx: ctx, conn: ctx.Conn()}
	x.rec.Start, x.rec.ID = time.Now(), newID()
	x.format = wire.Generic
	defer func() {
		if v := recover(); v != nil {
			p.log.Error("panic in an exchange", zap.String("id", x.rec.ID), zap.String("type", fmt.Sprintf("%T", v)), zap.StackSkip("stack", 1))
			x.abort()
			x.letGo(false)
			x.refuse(errInternal)
		}
	}()
	if p.traces {
		x.beginTrace(p.sample)
	}
	p.enter(x)
	if err := x.run(); err != nil {
		x.refuse(failureOf(err))
	}
}

// refuseUnparsed answers what fasthttp could not read as a request.
func (p *Proxy) refuseUnparsed(ctx *fasthttp.RequestCtx, err error) {
	f := errBadRequest
	var small *fasthttp.ErrSmallBuffer
	switch {
	case errors.Is(err, fasthttp.ErrBodyTooLarge):
		f = errTooLarge
	case errors.As(err, &small):
		f = errHeaderTooLarge
	case isTimeout(err):
		f = errSlowRequest
	}
	x := &exchange{p: p, st: p.state.Load(), ctx: ctx, format: wire.Generic}
	x.rec.Start, x.rec.ID = time.Now(), newID()
	x.refuse(f)
	ctx.SetConnectionClose()
}

func (p *Proxy) enter(x *exchange) {
	p.mu.Lock()
	p.active[x] = struct{}{}
	p.mu.Unlock()
}

func (p *Proxy) leave(x *exchange) {
	p.mu.Lock()
	delete(p.active, x)
	p.mu.Unlock()
}

// newID returns 16 random hexadecimal digits.
func newID() string {
	var b [8]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}
