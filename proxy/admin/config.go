package admin

import (
	"fmt"
	"net"
)

// Off as an address means that there is no listener.
const Off = "off"

// Config is the section "admin": the listener for operators.
type Config struct {
	// Listen is the address, host:port, or "off".
	Listen string `yaml:"listen"`
}

// DefaultConfig listens on the loopback interface only.
func DefaultConfig() Config { return Config{Listen: "127.0.0.1:8081"} }

// Validate returns what is wrong with the section.
func (c Config) Validate() error {
	if c.Listen == Off {
		return nil
	}
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		return fmt.Errorf("listen: %q is not host:port, nor off", c.Listen)
	}
	return nil
}
