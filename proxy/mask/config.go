package mask

import (
	"errors"
	"fmt"

	"maskit/detect"
)

// Config is the section "policy": what is looked for, and what is done with it.
type Config struct {
	detect.Config `yaml:",inline"`
	// Parts says, by kind of part (image, audio, file), what happens to content
	// that cannot be read as text: "pass" it and count it, or "block" the request.
	Parts map[string]string `yaml:"parts"`
	// Hint adds one line to the system message that asks the model to copy
	// tokens as they are. It changes the prompt, so it is off by default.
	Hint bool `yaml:"hint"`
}

// What happens to a part that cannot be read as text.
const (
	PartPass  = "pass"
	PartBlock = "block"
)

// DefaultConfig is the standard policy.
func DefaultConfig() Config {
	return Config{
		Config: detect.DefaultConfig(),
		Parts:  map[string]string{"image": PartPass, "audio": PartPass, "file": PartPass},
	}
}

// Validate reports all faults of the section at once.
func (c *Config) Validate() error {
	errs := []error{c.Config.Validate()}
	for kind, what := range c.Parts {
		switch kind {
		case "image", "audio", "file":
		default:
			errs = append(errs, fmt.Errorf("policy.parts: no kind of part is called %q: image, audio or file", kind))
		}
		if what != PartPass && what != PartBlock {
			errs = append(errs, fmt.Errorf("policy.parts.%s: %q is neither %s nor %s", kind, what, PartPass, PartBlock))
		}
	}
	return errors.Join(errs...)
}
