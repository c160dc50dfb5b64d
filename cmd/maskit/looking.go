package main

import (
	"fmt"

	"maskit/detect"
)

// looking is what the commands that only look for values share: what to look
// for.
type looking struct {
	Config  string `placeholder:"FILE" env:"MASKIT_CONFIG" help:"The configuration, a YAML file; its section policy counts."`
	Policy  string `placeholder:"NAME" default:"default" help:"The policy to look with: default is the section policy of the configuration; maskit config policies lists all."`
	NoModel bool   `help:"Look with rules only, and not for names."`
}

// detection returns what the flags say is to be found.
func (l *looking) detection() (detect.Config, error) {
	cfg, err := (&settings{Config: l.Config}).load()
	if err != nil {
		return detect.Config{}, err
	}
	p, err := cfg.PolicyOf(l.Policy)
	if err != nil {
		return detect.Config{}, fmt.Errorf("--policy: %w", err)
	}
	p.Model = p.Model && !l.NoModel
	return p.Config, nil
}

// engine compiles it.
func (l *looking) engine() (*detect.Engine, error) {
	cfg, err := l.detection()
	if err != nil {
		return nil, err
	}
	return detect.Compile(cfg)
}
