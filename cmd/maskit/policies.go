package main

import (
	"maskit/config"
	"maskit/detect"
	"maskit/proxy/analyzer"
	"maskit/proxy/mask"
	"maskit/vault"
)

// overlay changes the policies of a configuration before they are made ready,
// such as rules that were made at run time do.
type overlay func([]mask.Definition) ([]mask.Definition, error)

// buildPolicies makes all policies ready: those of the configuration with the
// overlays on top, and the packs.
func buildPolicies(cfg *config.Config, v *vault.Vault, over ...overlay) (*mask.Policies, error) {
	defs := cfg.Definitions()
	for _, o := range over {
		var err error
		if defs, err = o(defs); err != nil {
			return nil, err
		}
	}
	return mask.NewPolicies(defs, compileDetector, v)
}

// compileDetector makes the detector of a policy.
func compileDetector(c detect.Config) (detect.Detector, error) {
	engine, err := detect.Compile(c)
	if err != nil || c.Analyzer.URL == "" {
		return engine, err
	}
	return analyzer.New(c, engine), nil
}
