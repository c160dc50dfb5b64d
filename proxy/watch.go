package proxy

import (
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"syscall"
	"time"
)

// watch notices that a client has gone away while maskit waits for the
// provider: fasthttp does not, since it reads nothing meanwhile. It waits in the
// poller until the client's socket becomes readable and looks at the first
// bytes without taking them.
type watch struct {
	conn  net.Conn
	timer *time.Timer
	over  sync.WaitGroup
	gone  func()
}

// watchAfter is how long an exchange runs before its client is watched: most
// refusals and many local answers are over sooner, and cost no goroutine.
const watchAfter = 10 * time.Millisecond

// newWatch calls gone, once, if the client on conn goes away before stop.
func newWatch(conn net.Conn, gone func()) *watch {
	if conn == nil {
		return nil
	}
	w := &watch{conn: conn, gone: gone}
	w.over.Add(1)
	w.timer = time.AfterFunc(watchAfter, w.run)
	return w
}

// stop ends the watch and returns when it has ended: the connection may be read
// again then.
func (w *watch) stop() {
	if w == nil || w.timer.Stop() {
		return
	}
	w.conn.SetReadDeadline(time.Unix(1, 0)) //nolint:errcheck // A closed connection ends the watch too.
	w.over.Wait()
	w.conn.SetReadDeadline(time.Time{}) //nolint:errcheck // As above.
}

func (w *watch) run() {
	defer w.over.Done()
	var head [5]byte
	_, secure := w.conn.(*tls.Conn)
	switch n := wait(w.conn, head[:]); {
	case n == ended, n > 0 && secure && isClosing(head[:n]):
		w.gone()
	}
}

// What peek and wait say besides how much can be read.
const (
	ended   = 0  // the other side has closed, or is gone
	pending = -1 // nothing has come
)

// peek says what could be read from a connection now, into p, without taking it.
func peek(conn net.Conn, p []byte) int { return look(conn, p, true) }

// wait is a peek that waits for something to be read. It says pending when the
// connection's read deadline has passed.
func wait(conn net.Conn, p []byte) int { return look(conn, p, false) }

func look(conn net.Conn, p []byte, now bool) int {
	if len(p) == 0 {
		p = make([]byte, 1)
	}
	if t, ok := conn.(*tls.Conn); ok {
		conn = t.NetConn()
	}
	sc, ok := conn.(syscall.Conn)
	if !ok {
		return pending
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return ended
	}
	n := pending
	err = raw.Read(func(fd uintptr) bool {
		got, _, err := syscall.Recvfrom(int(fd), p, syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		switch {
		case errors.Is(err, syscall.EAGAIN), errors.Is(err, syscall.EINTR):
			return now
		case err != nil:
			n = ended
		default:
			n = got
		}
		return true
	})
	if err != nil && now {
		return ended
	}
	return n
}

// isClosing says whether a TLS record is the alert with which a client closes:
// an alert as such, or (TLS 1.3) one encrypted in 19 bytes, which no request is.
func isClosing(record []byte) bool {
	const alert, applicationData = 21, 23
	return len(record) == 5 && (record[0] == alert ||
		record[0] == applicationData && record[3] == 0 && record[4] == 19)
}
