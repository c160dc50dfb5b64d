package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/goccy/go-yaml"

	"maskit/proxy/access"
)

type keysCmd struct {
	New  newKeyCmd  `cmd:"" help:"Make a key and the lines of the configuration that know it."`
	Hash hashKeyCmd `cmd:"" help:"Print the hash of a key from standard input."`
}

type newKeyCmd struct {
	Client   string        `placeholder:"NAME" xor:"sort" required:"" help:"A key for an app."`
	Operator string        `placeholder:"NAME" xor:"sort" required:"" help:"A key for a person or program that administers maskit."`
	Role     []access.Role `placeholder:"ROLE" help:"What the operator may do: viewer, editor, restorer or admin; viewer unless set."`
	Tenant   []string      `placeholder:"NAME" help:"The tenant of the client, or those the operator is bound to."`
	Out      string        `placeholder:"FILE" help:"Write the key into a new file, which only you can read."`
}

// Help is shown by maskit keys new --help.
func (newKeyCmd) Help() string {
	return `The key is shown this once: maskit keeps its hash only, in the configuration.

The key goes to standard output and the lines for the configuration to standard
error; with --out the key goes into a file and the lines to standard output.`
}

// A row of clients or operators, as far as a key decides it.
type keyRow struct {
	Name   string        `yaml:"name"`
	SHA256 string        `yaml:"key_sha256"`
	Tenant string        `yaml:"tenant,omitempty"`
	Roles  []access.Role `yaml:"roles,omitempty,flow"`
	Bound  []string      `yaml:"tenants,omitempty,flow"`
}

// Run makes the key.
func (c *newKeyCmd) Run(std streams) error {
	prefix, row, err := c.row()
	if err != nil {
		return err
	}
	key := access.NewKey(prefix)
	row.SHA256 = access.Hash(key)
	lines, err := keyLines(prefix, row)
	if err != nil {
		return err
	}
	if c.Out != "" {
		if err := writeNew(c.Out, key+"\n"); err != nil {
			return fmt.Errorf("--out: %w", err)
		}
		_, err := std.out.Write(lines)
		return err
	}
	if _, err := fmt.Fprintln(std.out, key); err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.err, "# Shown this once. For the configuration:\n%s", lines)
	return err
}

// row is what the flags say of the holder.
func (c *newKeyCmd) row() (access.Prefix, keyRow, error) {
	if c.Client != "" {
		if len(c.Role) > 0 || len(c.Tenant) > 1 {
			return "", keyRow{}, errors.New("--client: a client has no role and one tenant")
		}
		return access.Client, keyRow{Name: c.Client, Tenant: strings.Join(c.Tenant, "")}, nil
	}
	if c.Role == nil {
		c.Role = []access.Role{access.Viewer}
	}
	for _, role := range c.Role {
		if err := role.Validate(); err != nil {
			return "", keyRow{}, fmt.Errorf("--role: %w", err)
		}
	}
	return access.Operator, keyRow{Name: c.Operator, Roles: c.Role, Bound: c.Tenant}, nil
}

// keyLines are the lines of the configuration, where they belong.
func keyLines(p access.Prefix, row keyRow) ([]byte, error) {
	var section any = map[string][]keyRow{"clients": {row}}
	if p == access.Operator {
		section = map[string]any{"admin": map[string][]keyRow{"operators": {row}}}
	}
	return yaml.MarshalWithOptions(section, yaml.IndentSequence(true))
}

// writeNew writes a file that is not there yet, for its owner only.
func writeNew(name, text string) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

type hashKeyCmd struct{}

// Run prints the hash of the key on standard input, of one that is a key.
func (hashKeyCmd) Run(std streams) error {
	text, err := io.ReadAll(io.LimitReader(std.in, 1<<10))
	if err != nil {
		return fmt.Errorf("reading standard input: %w", err)
	}
	key := strings.TrimSpace(string(text))
	if err := access.Check(key); err != nil {
		return err
	}
	_, err = fmt.Fprintln(std.out, access.Hash(key))
	return err
}
