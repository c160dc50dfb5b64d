package proxy

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttpproxy"

	"maskit/vault"
)

// upstream is one provider and the connections to it. fasthttp's HostClient
// keeps the connections; the round trip itself is maskit's own, since
// HostClient.Do can be neither interrupted when the client goes away nor asked
// whether a stream ended or its connection died.
type upstream struct {
	name    string
	host    string // as the Host header has it
	base    string // path before that of the request
	key     vault.Secret
	client  *fasthttp.HostClient
	silence time.Duration
	maxBody int64
}

// Defaults of an upstream that names none.
const (
	defaultMaxConns       = 16384
	defaultConnectTimeout = 10 * time.Second
	defaultSilence        = 10 * time.Minute
	// maxIdle is less than the time after which providers close an idle
	// connection, so that few requests meet one that is just closing.
	maxIdle = 30 * time.Second
	// connWait is how long a request waits for a connection when all are in use.
	connWait = time.Second
)

func newUpstream(name string, cfg Upstream, maxBody int64) (*upstream, error) {
	u, err := url.Parse(cfg.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("the URL is not of the form http(s)://host[:port][/path]")
	}
	isTLS := u.Scheme == "https"
	roots, err := loadRoots(cfg.CA)
	if err != nil {
		return nil, err
	}
	connect := orDefault(cfg.ConnectTimeout, defaultConnectTimeout)
	maxConns := cfg.MaxConns
	if maxConns == 0 {
		maxConns = defaultMaxConns
	}
	return &upstream{
		name: name, host: u.Host, base: strings.TrimSuffix(u.EscapedPath(), "/"), key: cfg.Key,
		silence: orDefault(cfg.SilenceTimeout, defaultSilence), maxBody: maxBody,
		client: &fasthttp.HostClient{
			Addr: fasthttp.AddMissingPort(u.Host, isTLS), IsTLS: isTLS,
			TLSConfig:           &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
			Dial:                dialer(connect),
			MaxConns:            maxConns,
			MaxConnWaitTimeout:  connWait,
			MaxIdleConnDuration: maxIdle,
			WriteTimeout:        connect, // Bounds the TLS handshake; writes set their own.
			ReadBufferSize:      readBuffer,
		},
	}, nil
}

func orDefault(d, def time.Duration) time.Duration {
	if d == 0 {
		return def
	}
	return d
}

// loadRoots reads the roots to trust; nil, which stands for the system's, if no
// file is named.
func loadRoots(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading the CA file: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, errors.New("the CA file holds no certificate in PEM")
	}
	return roots, nil
}

// dialer dials as HTTPS_PROXY, HTTP_PROXY and NO_PROXY say.
func dialer(timeout time.Duration) fasthttp.DialFunc {
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"} {
		if os.Getenv(name) != "" {
			return fasthttpproxy.FasthttpProxyHTTPDialerTimeout(timeout)
		}
	}
	d := &net.Dialer{Timeout: timeout}
	return func(addr string) (net.Conn, error) { return d.Dial("tcp", addr) }
}

// leg is one connection to a provider while one exchange uses it.
type leg struct {
	net.Conn
	silence time.Duration
	since   time.Time // when the deadline was set
	release func(reuse bool)
	fresh   bool   // dialled for this exchange
	any     bool   // a byte of the answer has come
	spoilt  bool   // the request was not taken whole: nothing can follow it
	ended   error  // what ended the reading
	ahead   []byte // read already, to be read once more
}

// Read reads what the provider sends and notes how the connection ends: the
// reader of a chunked body takes a connection that died between two chunks for
// the end of the body.
func (l *leg) Read(p []byte) (int, error) {
	if len(l.ahead) > 0 {
		n := copy(p, l.ahead)
		if l.ahead = l.ahead[n:]; len(l.ahead) == 0 {
			l.ahead = nil
		}
		return n, nil
	}
	if err := l.extend(); err != nil {
		return 0, err
	}
	n, err := l.Conn.Read(p)
	l.any = l.any || n > 0
	if err != nil {
		l.ended = err
	}
	return n, err
}

// extend puts the deadline off to silence from now. It need not be exact: one
// that was set a moment ago stays, since setting it costs as much as a read.
func (l *leg) extend() error {
	now := time.Now()
	if now.Sub(l.since) < l.silence/8 {
		return nil
	}
	l.since = now
	return l.SetDeadline(now.Add(l.silence))
}

// take gets a connection, a pooled one if there is one.
//
// A pooled connection from which something can be read is of no use: the provider
// has closed it, or has sent what nobody asked for, which the next request would
// take for its answer.
func (u *upstream) take() (*leg, error) {
	for {
		cc, err := u.client.AcquireConn(0, false)
		switch {
		case errors.Is(err, fasthttp.ErrNoFreeConns):
			return nil, errBusy
		case err != nil:
			return nil, errUnreachable.because(err)
		}
		fresh := cc.LastUseTime().IsZero()
		if !fresh && peek(cc.Conn(), nil) != pending {
			u.client.CloseConn(cc)
			continue
		}
		return &leg{
			Conn: cc.Conn(), silence: u.silence, fresh: fresh,
			release: func(reuse bool) {
				if reuse {
					u.client.ReleaseConn(cc)
				} else {
					u.client.CloseConn(cc)
				}
			},
		}, nil
	}
}

// roundTrip sends the request and reads the head of the answer from br, which
// then stands at its body. A pooled connection that the provider has closed just
// now is exchanged for another: no byte of an answer had come.
func (x *exchange) roundTrip(req *fasthttp.Request, head *fasthttp.ResponseHeader) (*bufio.Reader, error) {
	for {
		l, err := x.route.up.take()
		if err != nil {
			return nil, err
		}
		if !x.use(l) {
			l.release(false)
			return nil, errGone
		}
		br, err := x.route.up.ask(l, req, head)
		if err == nil {
			return br, nil
		}
		aborted := x.letGo(false)
		switch {
		case aborted:
			return nil, errGone
		case !l.fresh && !l.any && isStale(err):
			continue
		case isTimeout(err):
			return nil, errTimeout
		}
		return nil, broken(err)
	}
}

// ask writes the request and reads the head of the answer.
func (u *upstream) ask(l *leg, req *fasthttp.Request, head *fasthttp.ResponseHeader) (*bufio.Reader, error) {
	if err := l.extend(); err != nil {
		return nil, err
	}
	bw := u.client.AcquireWriter(l)
	err := req.Write(bw)
	if err == nil {
		err = bw.Flush()
	}
	u.client.ReleaseWriter(bw)
	br, unsent := u.client.AcquireReader(l), err
	l.spoilt = unsent != nil // It may have been refused before it was read whole.
	for range maxInterim {
		if err = head.Read(br); err != nil {
			break
		}
		if head.StatusCode() >= 200 {
			return br, nil
		}
		if head.StatusCode() == fasthttp.StatusSwitchingProtocols {
			break // It was not asked to.
		}
	}
	u.client.ReleaseReader(br)
	switch {
	case unsent != nil:
		err = unsent
	case err == nil:
		err = errUpstreamBroken
	}
	return nil, err
}

// maxInterim bounds how many 1xx answers may come before the real one.
const maxInterim = 16

func isStale(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// broken is errUpstreamBroken with what the log may say of its cause: what parsers
// say quotes the answer.
func broken(err error) error {
	network, ok := errors.AsType[*net.OpError](err)
	switch {
	case ok:
		return errUpstreamBroken.because(network)
	case err == nil, errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errUpstreamBroken.because(errors.New("the connection ended before the answer"))
	}
	return errUpstreamBroken.because(errors.New("what came cannot be read; is the port the right one, and does it want https?"))
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}

// use makes l the connection that abort closes; false if the exchange was
// aborted already.
func (x *exchange) use(l *leg) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.aborted {
		return false
	}
	x.leg = l
	return true
}

// letGo gives the connection back. It says whether the exchange was aborted:
// the connection is closed then.
func (x *exchange) letGo(reuse bool) (aborted bool) {
	x.mu.Lock()
	l := x.leg
	x.leg, aborted = nil, x.aborted
	x.mu.Unlock()
	if l != nil {
		l.release(reuse && !aborted)
	}
	return aborted
}

// abort ends the exchange from another goroutine: whatever it waits for from
// the provider fails at once.
func (x *exchange) abort() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.aborted = true
	if x.leg != nil {
		x.leg.Conn.Close()
	}
}
