package mask

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"maskit/detect"
)

// Config is a policy: what is looked for, and what is done with it. It is the
// section "policy", and each member of "policies".
type Config struct {
	// From names the policy or pack that this one changes; the standard one if
	// it is empty. The configuration has laid this one over it already.
	From string `yaml:"from"`
	// Doc says in a line what the policy is for.
	Doc           string `yaml:"doc"`
	detect.Config `yaml:",inline"`
	// Actions says, by kind, what is done with a finding: see [Actions]. A kind
	// that is not named gets a token.
	Actions map[detect.Kind]string `yaml:"actions"`
	// Restore says what goes back into answers, and where.
	Restore Restore `yaml:"restore"`
	// Parts says, by kind of part (image, audio, file, tokens), what happens to content
	// that cannot be read as text: "pass" it and count it, or "block" the request.
	// A number in which something is found is no part, but can be treated as one:
	// "mask" makes a string of it, "block" refuses it.
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
	PartMask  = "mask" // of numbers: a token in their place, which is a string
)

// partNumber is a number in which something was found.
const partNumber = "number"

// DefaultConfig is the standard policy.
func DefaultConfig() Config {
	return Config{
		Config: detect.DefaultConfig(),
		Mode:   ModeMask,
		Parts:  map[string]string{"image": PartPass, "audio": PartPass, "file": PartPass, "tokens": PartBlock, partNumber: PartMask},
	}
}

// Validate reports all faults of the policy at once, each with its path in it.
func (c *Config) Validate() error {
	errs := []error{c.Config.Validate()}
	fault := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	for _, kind := range slices.Sorted(maps.Keys(c.Parts)) {
		switch kind {
		case "image", "audio", "file", "tokens", partNumber:
		default:
			fault("parts: no kind of part is called %q: image, audio, file, tokens or number", kind)
		}
		other := PartPass
		if kind == partNumber {
			other = PartMask
		}
		if what := c.Parts[kind]; what != other && what != PartBlock {
			fault("parts.%s: %q is neither %s nor %s", kind, what, other, PartBlock)
		}
	}
	if !slices.Contains(modes, c.Mode) {
		fault("mode: no mode is called %q: mask, observe or block", c.Mode)
	}
	for i, m := range c.ClientModes {
		if !slices.Contains(modes, m) {
			fault("client_modes[%d]: no mode is called %q: mask, observe or block", i, m)
		}
	}
	return errors.Join(append(append(errs, c.actionFaults()...), c.restoreFaults()...)...)
}
