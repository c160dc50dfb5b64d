package admin

// Config is the section "admin": the listener for operators.
type Config struct {
	// Listen is the address, host:port, or "off".
	Listen string `yaml:"listen"`
}

// DefaultConfig listens on the loopback interface only.
func DefaultConfig() Config { return Config{Listen: "127.0.0.1:8081"} }
