// Package config reads maskit's one file.
//
// It declares no settings of its own but those of the log: every other package
// declares its section beside the code that reads it, and config only joins
// them. It starts nothing and reloads nothing; it says what is to be, or every
// reason why that cannot be.
//
// [Load] reads a file, [Parse] its bytes: the YAML becomes a tree (goccy/go-yaml),
// references such as ${NAME} are expanded inside the scalars of that tree (so
// that no value can break out of its place), the tree is laid over [Default]
// member by member (decode.go), overrides from the environment and the command
// line come on top, and the whole is validated. All faults come back at once, as
// [Faults]. A [Watcher] tells when the file may have changed.
package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/goccy/go-yaml"

	"maskit/proxy"
	"maskit/proxy/admin"
	"maskit/proxy/audit"
	"maskit/proxy/mask"
	"maskit/proxy/traces"
	"maskit/vault"
)

// Config is the whole configuration.
type Config struct {
	Proxy  proxy.Config `yaml:"proxy"`
	Admin  admin.Config `yaml:"admin"`
	Policy mask.Config  `yaml:"policy"`
	// Policies are further policies, by name; see policies in policy.go for how
	// one is laid over another.
	Policies     map[string]mask.Config `yaml:"policies"`
	proxy.Access `yaml:",inline"`
	Vault        vault.Config  `yaml:"vault"`
	Audit        audit.Config  `yaml:"audit"`
	Traces       traces.Config `yaml:"traces"`
	Log          Log           `yaml:"log"`
}

// Log is the section "log": maskit's own log, on standard error.
type Log struct {
	// Level is the least severe level that is written: debug, info, warn, error.
	Level string `yaml:"level"`
	// Format is console, for people, or json, for collectors.
	Format string `yaml:"format"`
}

// The formats of the log.
const (
	FormatConsole = "console"
	FormatJSON    = "json"
)

var (
	levels  = []string{"debug", "info", "warn", "error"}
	formats = []string{FormatConsole, FormatJSON}
)

// Default is the configuration of `maskit serve` without a file.
func Default() *Config {
	return &Config{
		Proxy:  proxy.DefaultConfig(),
		Admin:  admin.DefaultConfig(),
		Policy: mask.DefaultConfig(),
		Vault:  vault.DefaultConfig(),
		Audit:  audit.DefaultConfig(),
		Traces: traces.DefaultConfig(),
		Log:    Log{Level: "info", Format: FormatConsole},
	}
}

// Override changes a configuration after the file was read and before it is
// validated. That is how the environment and the command line come on top.
type Override func(*Config) error

// Load reads the file at path, or takes the defaults if path is empty. A
// ${file:...} in it is relative to the folder of the file. The error is of type
// [Faults] unless the file itself could not be read.
func Load(path string, over ...Override) (*Config, error) {
	look := Lookups{Env: os.LookupEnv, File: fileLookup(filepath.Dir(path)), Cred: Credential}
	if path == "" {
		return Parse(nil, look, over...)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("config: reading the file: %w", err)
	}
	cfg, err := Parse(data, look, over...)
	return cfg, inFile(path, err)
}

// Parse lays a YAML document over the defaults. Its error is of type [Faults]
// and holds all that is wrong, in the order of the file.
func Parse(data []byte, look Lookups, over ...Override) (*Config, error) {
	cfg := Default()
	d := newDecoder(look)
	d.document(data, cfg)
	for _, o := range over {
		if err := o(cfg); err != nil {
			d.faults = append(d.faults, Fault{Msg: err.Error()})
		}
	}
	d.validated(cfg.Validate())
	if len(d.faults) > 0 {
		return nil, d.sorted()
	}
	return cfg, nil
}

// Validate returns all that is wrong with the values, each with its path.
func (c *Config) Validate() error {
	return errors.Join(
		under("proxy", c.Proxy.Validate()),
		under("admin", c.Admin.Validate()),
		under(defaultPath, c.Policy.Validate()),
		c.validatePolicies(),
		c.Access.Validate(c.PolicyNames()),
		under("vault", c.Vault.Validate()),
		under("audit", c.Audit.Validate()),
		under("traces", c.Traces.Validate()),
		under("log", c.Log.Validate()),
		c.together(),
	)
}

// together checks what no section can see alone.
func (c *Config) together() error {
	if c.Admin.Listen == c.Proxy.Listen {
		return errors.New("admin.listen: is the address of proxy.listen too; give it a port of its own, or off")
	}
	if c.Audit.File != "" && len(c.Vault.Keys) == 0 {
		return errors.New("audit.file: the trail is signed with a key of vault.keys, and there is none; with a fresh one at each start nobody could check it")
	}
	return nil
}

// Validate returns all that is wrong with the section.
func (l Log) Validate() error {
	var errs []error
	if !slices.Contains(levels, l.Level) {
		errs = append(errs, fmt.Errorf("level: %q is none of debug, info, warn, error", l.Level))
	}
	if !slices.Contains(formats, l.Format) {
		errs = append(errs, fmt.Errorf("format: %q is neither console nor json", l.Format))
	}
	return errors.Join(errs...)
}

// Print returns the configuration in force as YAML, secrets as <secret>.
func (c *Config) Print() ([]byte, error) {
	out, err := yaml.MarshalWithOptions(c, yaml.IndentSequence(true))
	if err != nil {
		return nil, fmt.Errorf("config: printing: %w", err)
	}
	return out, nil
}
