package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"maskit/config"
	"maskit/vault"
)

// settings are the flags, and the variables of the environment, that go before
// the file. Keys have no flag: whoever lists the processes reads the flags.
type settings struct {
	Config    string `placeholder:"FILE" env:"MASKIT_CONFIG" help:"The configuration, a YAML file."`
	Listen    string `placeholder:"ADDR" env:"MASKIT_LISTEN" help:"Where clients connect, host:port."`
	Admin     string `placeholder:"ADDR" env:"MASKIT_ADMIN" help:"Where operators connect, host:port, or off."`
	Upstream  string `placeholder:"URL" env:"MASKIT_UPSTREAM" help:"Send every provider's requests there."`
	Vault     string `placeholder:"URL" env:"MASKIT_VAULT" help:"Where the values are kept: memory:, redis://... (needs MASKIT_KEY or MASKIT_KEY_FILE). Prefer the variable if the URL holds a password."`
	LogLevel  string `placeholder:"LEVEL" env:"MASKIT_LOG_LEVEL" help:"debug, info, warn or error."`
	LogFormat string `placeholder:"FORMAT" env:"MASKIT_LOG_FORMAT" help:"console or json."`
}

// load reads the file, if there is one, and puts the settings on top.
func (s *settings) load() (*config.Config, error) {
	return config.Load(s.Config, s.override, overrideKeys)
}

func (s *settings) override(c *config.Config) error {
	set(&c.Proxy.Listen, s.Listen)
	set(&c.Admin.Listen, s.Admin)
	set(&c.Vault.URL, s.Vault)
	set(&c.Log.Level, s.LogLevel)
	set(&c.Log.Format, s.LogFormat)
	for name, u := range c.Proxy.Upstreams {
		set(&u.URL, s.Upstream)
		c.Proxy.Upstreams[name] = u
	}
	return nil
}

func set[T ~string](dst *T, value string) {
	if value != "" {
		*dst = T(value)
	}
}

// keyCredential is the name of the systemd credential that holds the keys.
const keyCredential = "maskit-key"

// overrideKeys takes the vault's keys from MASKIT_KEY, from the file that
// MASKIT_KEY_FILE names, or from systemd's credential maskit-key, whichever is
// there first. Several are separated by commas or white space.
func overrideKeys(c *config.Config) error {
	text := os.Getenv("MASKIT_KEY")
	if file := os.Getenv("MASKIT_KEY_FILE"); text == "" && file != "" {
		data, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("MASKIT_KEY_FILE: %w", err)
		}
		text = string(data)
	}
	if text == "" && os.Getenv("CREDENTIALS_DIRECTORY") != "" {
		data, err := config.Credential(keyCredential)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("the credential %s: %w", keyCredential, err)
		}
		text = string(data)
	}
	if keys := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(", \t\r\n", r) }); len(keys) > 0 {
		c.Vault.Keys = nil
		for _, key := range keys {
			c.Vault.Keys = append(c.Vault.Keys, vault.Secret(key))
		}
	}
	return nil
}
