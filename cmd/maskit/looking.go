package main

import (
	"fmt"

	"maskit/detect"
)

// looking is what the commands that only look for values share: what to look
// for.
type looking struct {
	Config  string `placeholder:"FILE" env:"MASKIT_CONFIG" help:"The configuration, a YAML file; its section policy counts."`
	Policy  string `placeholder:"NAME" default:"standard" help:"The policy to look with. There is one, standard; a configuration changes it."`
	NoModel bool   `help:"Look with rules only. There is no model yet: without this flag it is the same."`
}

// standard is the policy that there is.
const standard = "standard"

// detection returns what the flags say is to be found.
func (l *looking) detection() (detect.Config, error) {
	if l.Policy != standard {
		return detect.Config{}, fmt.Errorf("--policy: %q is not known; there is %s, and a configuration (--config) changes it", l.Policy, standard)
	}
	cfg, err := (&settings{Config: l.Config}).load()
	if err != nil {
		return detect.Config{}, err
	}
	return cfg.Policy.Config, nil
}

// engine compiles it.
func (l *looking) engine() (*detect.Engine, error) {
	cfg, err := l.detection()
	if err != nil {
		return nil, err
	}
	return detect.Compile(cfg)
}
