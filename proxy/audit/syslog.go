package audit

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"
)

// syslogWait is how long the collector may take to be reached and to take a
// message.
const syslogWait = 2 * time.Second

// syslog sends each line as one message, RFC 5424, in the facility "log audit".
// Over TCP a message begins with its length, RFC 6587; over unix and UDP it is a
// datagram. What a datagram's receiver drops nobody is told.
type syslog struct {
	network, address string
	header           string // what follows the time
	conn             net.Conn
	buf              []byte
}

// newSyslog connects with the first line.
func newSyslog(text string) (*syslog, error) {
	network, address, err := syslogAddress(text)
	if err != nil {
		return nil, fmt.Errorf("audit.syslog: %w", err)
	}
	if network == "unix" {
		network = "unixgram"
	}
	host, err := os.Hostname()
	if err != nil || host == "" {
		host = "-"
	}
	return &syslog{network: network, address: address, header: " " + host + " maskit " + strconv.Itoa(os.Getpid()) + " audit - "}, nil
}

func (s *syslog) write(lines []byte) (done int, err error) {
	for len(lines) > 0 {
		line, rest, _ := bytes.Cut(lines, []byte("\n"))
		if err := s.send(line); err != nil {
			return done, err
		}
		done += len(lines) - len(rest)
		lines = rest
	}
	return done, nil
}

// priority is facility 13, log audit, and severity 6, informational.
const priority = "<110>1 "

func (s *syslog) send(line []byte) (err error) {
	if s.conn == nil {
		if s.conn, err = net.DialTimeout(s.network, s.address, syslogWait); err != nil {
			s.conn = nil
			return fmt.Errorf("audit: reaching syslog: %w", err)
		}
	}
	s.buf = append(s.buf[:0], priority...)
	s.buf = time.Now().UTC().AppendFormat(s.buf, "2006-01-02T15:04:05.000000Z")
	s.buf = append(append(s.buf, s.header...), line...)
	if s.network == "tcp" {
		s.buf = append(strconv.AppendInt(nil, int64(len(s.buf)), 10), append([]byte{' '}, s.buf...)...)
	}
	if err = s.conn.SetWriteDeadline(time.Now().Add(syslogWait)); err == nil {
		_, err = s.conn.Write(s.buf)
	}
	if err != nil {
		s.drop()
		return fmt.Errorf("audit: writing to syslog: %w", err)
	}
	return nil
}

// drop ends the connection; the next line begins another.
func (s *syslog) drop() {
	_ = s.conn.Close() // It failed already.
	s.conn = nil
}

func (s *syslog) close() error {
	if s.conn == nil {
		return nil
	}
	return s.conn.Close()
}
