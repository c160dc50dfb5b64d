package audit

import (
	"errors"
	"fmt"
	"net/url"
)

// Config is the section "audit": where the trail goes. Without any sink there is
// none.
type Config struct {
	// File gets the trail as lines of JSON. The folder must exist. Files that are
	// full are kept beside it as FILE.1, FILE.2 and so on.
	File string `yaml:"file"`
	// Stdout writes the trail to standard output too.
	Stdout bool `yaml:"stdout"`
	// Syslog gets it as RFC 5424: unix:///dev/log, udp://host:514 or tcp://host:601.
	Syslog string `yaml:"syslog"`
	// MaxMiB is the size in MiB at which a file is full.
	MaxMiB int `yaml:"max_mib"`
	// Sync waits after each batch until the file is on the disk.
	Sync bool `yaml:"sync"`
	// Tokens lists the tokens of each exchange.
	Tokens bool `yaml:"tokens"`
	// OnFailure says what happens to requests while the trail cannot be written:
	// "refuse" them, or "serve" them and say later how many records are missing.
	OnFailure string `yaml:"on_failure"`
}

// What happens to requests while the trail cannot be written.
const (
	Refuse = "refuse"
	Serve  = "serve"
)

// DefaultConfig has no sink.
func DefaultConfig() Config { return Config{MaxMiB: 100, OnFailure: Refuse} }

// On says whether there is a trail at all.
func (c Config) On() bool { return c.File != "" || c.Stdout || c.Syslog != "" }

// Validate reports all faults of the section at once.
func (c Config) Validate() error {
	var errs []error
	if c.MaxMiB < 1 {
		errs = append(errs, fmt.Errorf("max_mib: %d is not 1 or more", c.MaxMiB))
	}
	if c.OnFailure != Refuse && c.OnFailure != Serve {
		errs = append(errs, fmt.Errorf("on_failure: %q is neither %s nor %s", c.OnFailure, Refuse, Serve))
	}
	if c.Syslog != "" {
		if _, _, err := syslogAddress(c.Syslog); err != nil {
			errs = append(errs, fmt.Errorf("syslog: %w", err))
		}
	}
	return errors.Join(errs...)
}

// syslogAddress takes the URL of a collector apart, as net.Dial wants it.
func syslogAddress(text string) (network, address string, err error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
	case u.Scheme == "unix" && u.Path != "" && u.Host == "":
		return "unix", u.Path, nil
	case (u.Scheme == "udp" || u.Scheme == "tcp") && u.Port() != "" && u.Path == "":
		return u.Scheme, u.Host, nil
	}
	return "", "", errors.New("not of the form unix:///dev/log, udp://host:514 or tcp://host:601")
}
