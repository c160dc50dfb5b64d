package proxy

import (
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
	// cannot read them, such as /v1/audio/transcriptions. Nothing is masked there.
	PassUnread []string `yaml:"pass_unread"`
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
