package mask

import (
	"errors"
	"fmt"
	"slices"

	"maskit/detect"
)

// Config is the section "policy": what is looked for, and what is done with it.
type Config struct {
	detect.Config `yaml:",inline"`
	// Parts says, by kind of part (image, audio, file, tokens), what happens to content
	// that cannot be read as text: "pass" it and count it, or "block" the request.
	Parts map[string]string `yaml:"parts"`
	// Mode says what happens to a request in which something is found: "mask" it,
	// "block" it, or "observe": forward it unchanged and report what would have
	// been masked.
	Mode string `yaml:"mode"`
	// ClientModes are the modes that a request may choose for itself by the
	// header x-maskit-mode. The stricter "block" it may always choose.
	ClientModes []string `yaml:"client_modes"`
	// Hint adds one line to the system message that asks the model to copy
	// tokens as they are. It changes the prompt, so it is off by default.
	Hint bool `yaml:"hint"`
}

// What happens to a request in which something is found.
const (
	ModeMask    = "mask"
	ModeObserve = "observe"
	ModeBlock   = "block"
)

var modes = []string{ModeMask, ModeObserve, ModeBlock}

// What happens to a part that cannot be read as text.
const (
	PartPass  = "pass"
	PartBlock = "block"
)

// DefaultConfig is the standard policy.
func DefaultConfig() Config {
	return Config{
		Config: detect.DefaultConfig(),
		Mode:   ModeMask,
		Parts:  map[string]string{"image": PartPass, "audio": PartPass, "file": PartPass, "tokens": PartBlock},
	}
}

// Validate reports all faults of the section at once.
func (c *Config) Validate() error {
	errs := []error{c.Config.Validate()}
	for kind, what := range c.Parts {
		switch kind {
		case "image", "audio", "file", "tokens":
		default:
			errs = append(errs, fmt.Errorf("policy.parts: no kind of part is called %q: image, audio, file or tokens", kind))
		}
		if what != PartPass && what != PartBlock {
			errs = append(errs, fmt.Errorf("policy.parts.%s: %q is neither %s nor %s", kind, what, PartPass, PartBlock))
		}
	}
	for _, m := range append([]string{c.Mode}, c.ClientModes...) {
		if !slices.Contains(modes, m) {
			errs = append(errs, fmt.Errorf("policy: no mode is called %q: mask, observe or block", m))
		}
	}
	return errors.Join(errs...)
}
