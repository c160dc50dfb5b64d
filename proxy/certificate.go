package proxy

import (
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"sync"
	"time"
)

// certificates serves a certificate from its files, and reads them again when
// they have changed. A pair that does not fit leaves the last good one in force.
type certificates struct {
	files TLSFiles

	mu      sync.Mutex
	current *tls.Certificate
	stamp   [2]time.Time // of the files as they were read
	looked  time.Time
}

// lookEvery is how often the files are looked at, at most.
const lookEvery = time.Second

func newCertificates(files TLSFiles) (*certificates, error) {
	c := &certificates{files: files}
	if err := c.load(c.stamps()); err != nil {
		return nil, err
	}
	return c, nil
}

// TLSListener serves TLS on ln with a certificate that is read again when its
// files change.
func TLSListener(ln net.Listener, files TLSFiles) (net.Listener, error) {
	c, err := newCertificates(files)
	if err != nil {
		return nil, err
	}
	return c.listener(ln), nil
}

func (c *certificates) listener(ln net.Listener) net.Listener {
	return tls.NewListener(ln, &tls.Config{
		MinVersion: tls.VersionTLS12,
		NextProtos: []string{"http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			return c.get(), nil
		},
	})
}

func (c *certificates) get() *tls.Certificate {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := time.Now(); now.Sub(c.looked) >= lookEvery {
		c.looked = now
		if stamp := c.stamps(); stamp != c.stamp {
			c.load(stamp) //nolint:errcheck // The last good pair stays; the next look tries again.
		}
	}
	return c.current
}

func (c *certificates) load(stamp [2]time.Time) error {
	pair, err := tls.LoadX509KeyPair(c.files.Cert, c.files.Key)
	if err != nil {
		return fmt.Errorf("proxy: reading the certificate: %w", err)
	}
	c.current, c.stamp = &pair, stamp
	return nil
}

func (c *certificates) stamps() (s [2]time.Time) {
	for i, name := range []string{c.files.Cert, c.files.Key} {
		if info, err := os.Stat(name); err == nil {
			s[i] = info.ModTime()
		}
	}
	return s
}
