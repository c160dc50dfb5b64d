package proxy

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"maskit/vault"
)

// Config is the section "proxy": the listener for clients and the providers
// behind it.
type Config struct {
	// Listen is the address for clients, host:port.
	Listen string `yaml:"listen"`
	// TLS serves clients over TLS; the files are read again when they change.
	TLS TLSFiles `yaml:"tls"`
	// Upstreams are the providers by name: openai, anthropic, gemini, ollama,
	// or any other name, which is then reached under /{name}/.
	Upstreams map[string]Upstream `yaml:"upstreams"`
	// MaxBody bounds a request's and an answer's body, decoded.
	MaxBody ByteSize `yaml:"max_body"`
	// PassUnread names paths whose bodies go to the provider although maskit
	// cannot read them, being neither JSON nor a form. Nothing is masked there.
	PassUnread []string `yaml:"pass_unread"`
	// ServerTiming tells clients in the header Server-Timing how long masking and
	// the provider took.
	ServerTiming bool `yaml:"server_timing"`
	// Drain is how long running exchanges may go on after SIGTERM.
	Drain time.Duration `yaml:"drain"`
	// IdleTimeout closes a client's connection on which nothing is asked.
	IdleTimeout time.Duration `yaml:"idle_timeout"`
	// ReadTimeout bounds the reading of one whole request.
	ReadTimeout time.Duration `yaml:"read_timeout"`
}

// TLSFiles names a certificate and its key, both PEM.
type TLSFiles struct {
	Cert string `yaml:"cert"`
	Key  string `yaml:"key"`
}

// Upstream is one provider.
type Upstream struct {
	// URL is the provider's base, scheme and host and perhaps a path.
	URL string `yaml:"url"`
	// Key, if set, takes the place of the key that the client sent.
	Key vault.Secret `yaml:"key"`
	// CA names a PEM file with the roots to trust instead of the system's.
	CA string `yaml:"ca"`
	// MaxConns bounds the open connections; beyond it requests wait, then get 503.
	MaxConns int `yaml:"max_conns"`
	// ConnectTimeout bounds the dial and the TLS handshake.
	ConnectTimeout time.Duration `yaml:"connect_timeout"`
	// SilenceTimeout bounds the wait for the next byte of an answer.
	SilenceTimeout time.Duration `yaml:"silence_timeout"`
}

// DefaultConfig is the proxy of `maskit serve` without a configuration.
func DefaultConfig() Config {
	return Config{
		Listen: "127.0.0.1:8080",
		Upstreams: map[string]Upstream{
			"openai":    {URL: "https://api.openai.com"},
			"anthropic": {URL: "https://api.anthropic.com"},
			"gemini":    {URL: "https://generativelanguage.googleapis.com"},
			"ollama":    {URL: "http://127.0.0.1:11434"},
		},
		MaxBody:     32 << 20,
		Drain:       30 * time.Second,
		IdleTimeout: 2 * time.Minute,
		ReadTimeout: time.Minute,
	}
}

// Validate reports all faults of the section at once.
func (c *Config) Validate() error {
	var errs []error
	fault := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		fault("proxy.listen: %q is not host:port", c.Listen)
	}
	if (c.TLS.Cert == "") != (c.TLS.Key == "") {
		fault("proxy.tls: cert and key go together")
	}
	if len(c.Upstreams) == 0 {
		fault("proxy.upstreams: there is none")
	}
	for _, name := range slices.Sorted(maps.Keys(c.Upstreams)) {
		u := c.Upstreams[name]
		if err := u.validate(name); err != nil {
			errs = append(errs, err)
		}
	}
	if c.MaxBody <= 0 || c.MaxBody > maxMaxBody {
		fault("proxy.max_body: %s is not between 1 byte and %s", c.MaxBody, ByteSize(maxMaxBody))
	}
	for _, p := range c.PassUnread {
		if !strings.HasPrefix(p, "/") {
			fault("proxy.pass_unread: %q does not begin with a slash", p)
		}
	}
	for name, d := range map[string]time.Duration{
		"drain": c.Drain, "idle_timeout": c.IdleTimeout, "read_timeout": c.ReadTimeout,
	} {
		if d <= 0 {
			fault("proxy.%s: %s is not a positive duration", name, d)
		}
	}
	return errors.Join(errs...)
}

// maxMaxBody is the most that max_body may be: offsets in bodies stay small.
const maxMaxBody = 1 << 30

// segment is what the name of an upstream can be: the first segment of a path.
var segment = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]*$`)

func (u *Upstream) validate(name string) error {
	if !segment.MatchString(name) {
		return fmt.Errorf("proxy.upstreams: %q cannot stand in a path: a name has letters, digits and - _ . only", name)
	}
	parsed, err := url.Parse(u.URL)
	if err != nil || parsed.Host == "" || parsed.Scheme != "http" && parsed.Scheme != "https" {
		return fmt.Errorf("proxy.upstreams.%s.url: not of the form http(s)://host[:port][/path]", name)
	}
	if parsed.User != nil || parsed.RawQuery != "" {
		return fmt.Errorf("proxy.upstreams.%s.url: neither credentials nor a query may be part of it (key is for the key)", name)
	}
	if u.MaxConns < 0 || u.ConnectTimeout < 0 || u.SilenceTimeout < 0 {
		return fmt.Errorf("proxy.upstreams.%s: a limit is negative", name)
	}
	return nil
}
