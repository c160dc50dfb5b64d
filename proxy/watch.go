package proxy

import (
	"crypto/tls"
	"net"
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
	over  chan struct{}
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
	w := &watch{conn: conn, over: make(chan struct{}), gone: gone}
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
	<-w.over
	w.conn.SetReadDeadline(time.Time{}) //nolint:errcheck // As above.
}

func (w *watch) run() {
	defer close(w.over)
	conn, secure := w.conn, false
	if t, ok := conn.(*tls.Conn); ok {
		conn, secure = t.NetConn(), true
	}
	sc, ok := conn.(syscall.Conn)
	if !ok {
		return
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return
	}
	var head [5]byte
	n := -1
	err = raw.Read(func(fd uintptr) bool {
		got, _, err := syscall.Recvfrom(int(fd), head[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		if err == syscall.EAGAIN || err == syscall.EINTR {
			return false
		}
		if err != nil {
			got = 0
		}
		n = got
		return true
	})
	if err == nil && (n == 0 || secure && isClosing(head[:n])) {
		w.gone()
	}
}

// isClosing says whether a TLS record is the alert with which a client closes:
// an alert as such, or (TLS 1.3) one encrypted in 19 bytes, which no request is.
func isClosing(record []byte) bool {
	const alert, applicationData = 21, 23
	return len(record) == 5 && (record[0] == alert ||
		record[0] == applicationData && record[3] == 0 && record[4] == 19)
}
