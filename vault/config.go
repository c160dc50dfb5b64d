package vault

import "time"

// Config is the section "vault" of the configuration.
type Config struct {
	// URL names the store: memory:, redis://, rediss://, redis+sentinel://
	// or redis+cluster://.
	URL Secret `yaml:"url"`
	// Keys seal the values: 32 bytes each, in base64 or hex, the active one
	// first. Those after it still open what they once sealed; the last one
	// derives the tokens, so that a rotation does not change them.
	Keys []Secret `yaml:"keys"`
	// TTL is how long a token can be restored after it was last used.
	TTL time.Duration `yaml:"ttl"`
	// MaxEntries bounds what memory: holds; the oldest entries go first.
	MaxEntries int `yaml:"max_entries"`
	// OnFailure says what happens to a request when the store does not answer
	// in time: "refuse" it, or "serve" it from the request's own map.
	OnFailure string `yaml:"on_failure"`
}

// What a request meets while the store does not answer.
const (
	OnFailureRefuse = "refuse"
	OnFailureServe  = "serve"
)

// DefaultConfig is the vault of `maskit serve` without a configuration.
func DefaultConfig() Config {
	return Config{
		URL:        "memory:",
		TTL:        30 * 24 * time.Hour,
		MaxEntries: 200_000,
		OnFailure:  OnFailureRefuse,
	}
}
