package vault

import (
	"errors"
	"fmt"
	"time"
)

// Config is the section "vault" of the configuration.
type Config struct {
	// URL names the store: memory:, redis://, rediss://, and redis+sentinel://
	// or redis+cluster:// (with TLS rediss+sentinel://, rediss+cluster://).
	URL Secret `yaml:"url"`
	// Keys seal the values: 32 bytes each, in base64 or hex, the active one
	// first. Those after it still open what they once sealed; the last one
	// derives the tokens, so that a rotation does not change them. See
	// NewKeyring for how to rotate several replicas one by one.
	Keys []Secret `yaml:"keys"`
	// TTL is how long a token can be restored after its value was last met in
	// a request.
	TTL time.Duration `yaml:"ttl"`
	// MaxEntries bounds what memory: holds; the oldest entries go first. A
	// value is one entry, and one more in each conversation that names itself;
	// 200,000 entries of e-mail addresses and names take about 21 MB.
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

// Bounds that Validate holds.
const (
	minTTL     = time.Second
	minEntries = 100
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

// Validate reports all faults, each with its path inside the section. It asks
// no network.
func (c Config) Validate() error {
	var errs []error
	b, err := backendOf(c.URL)
	if err != nil {
		errs = append(errs, err)
	} else if _, err := b.prepare(c); err != nil {
		errs = append(errs, err)
	}
	if b.lasting && len(c.Keys) == 0 {
		errs = append(errs, errors.New("keys: a store that outlives the process needs a key; "+howToMakeKey))
	}
	for i, key := range c.Keys {
		if _, err := ParseKey(key); err != nil {
			errs = append(errs, fmt.Errorf("keys[%d]: %w", i, err))
		}
	}
	if c.TTL < minTTL {
		errs = append(errs, fmt.Errorf("ttl: %v is below %v", c.TTL, minTTL))
	}
	if c.MaxEntries < minEntries {
		errs = append(errs, fmt.Errorf("max_entries: %d is below %d", c.MaxEntries, minEntries))
	}
	if c.OnFailure != OnFailureRefuse && c.OnFailure != OnFailureServe {
		errs = append(errs, fmt.Errorf("on_failure: %q is neither %s nor %s", c.OnFailure, OnFailureRefuse, OnFailureServe))
	}
	return errors.Join(errs...)
}
