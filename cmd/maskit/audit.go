package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"maskit/config"
	"maskit/proxy/audit"
	"maskit/vault"
)

type auditCmd struct {
	Verify auditVerifyCmd `cmd:"" help:"Find what was changed, removed, inserted, moved or cut off in the trail."`
	Key    auditKeyCmd    `cmd:"" help:"Print the public key of the trail's checkpoints."`
}

type auditVerifyCmd struct {
	Config    string   `placeholder:"FILE" env:"MASKIT_CONFIG" help:"The configuration: it says where the trail is, and its keys are needed (or MASKIT_KEY)."`
	PublicKey string   `placeholder:"KEY" help:"Check the signatures of checkpoints only; needs no other key."`
	Files     []string `arg:"" optional:"" name:"file" help:"Files of one trail, the oldest first; unless given, all of the configured one."`
}

// Help is shown by maskit audit verify --help.
func (auditVerifyCmd) Help() string {
	return `Given the one file that maskit writes to, it reads those that were full before too.
The end is compared with FILE.head, which lies beside it.

The exit code is 0 if nothing is wrong, and 1 otherwise.`
}

// Run verifies the trail.
func (c *auditVerifyCmd) Run(std streams) error {
	cfg, err := (&settings{Config: c.Config}).load()
	if err != nil {
		return err
	}
	files, head, err := c.files(cfg.Audit)
	if err != nil {
		return err
	}
	report, err := c.verify(cfg, files, head)
	if err != nil {
		return err
	}
	return showVerified(std.out, report, len(files))
}

// files are what is to be read, and the name of what says where the end is, "" if
// the end is not among them.
func (c *auditVerifyCmd) files(cfg audit.Config) (files []string, head string, err error) {
	path := cfg.File
	switch len(c.Files) {
	case 0:
		if path == "" {
			return nil, "", errors.New("no file is given, and none is configured (audit.file)")
		}
	case 1:
		path = c.Files[0]
	default:
		return c.Files, "", nil
	}
	if _, err := os.Stat(path + ".head"); err != nil && len(c.Files) == 1 && path != cfg.File {
		return c.Files, "", nil // A full one, or a copy.
	}
	return audit.Files(path), path + ".head", nil
}

func (c *auditVerifyCmd) verify(cfg *config.Config, files []string, head string) (*audit.Report, error) {
	if c.PublicKey != "" {
		return audit.VerifySigned(files, c.PublicKey)
	}
	secret, err := trailSecret(cfg)
	if err != nil {
		return nil, err
	}
	if head != "" {
		return audit.VerifyAll(files[len(files)-1], secret)
	}
	return audit.Verify(files, "", secret)
}

// showVerified says what was found; exit code 1 says that something is wrong.
func showVerified(w io.Writer, r *audit.Report, files int) error {
	for _, f := range r.Faults {
		fmt.Fprintln(w, f.Error())
	}
	if r.More > 0 {
		fmt.Fprintf(w, "and %s more\n", counted(r.More, "fault"))
	}
	fmt.Fprintf(w, "%s in %s, records %d to %d; %s right, %s behind the last\n",
		counted(r.Records, "record"), counted(files, "file"), r.First, r.Last, counted(r.Checkpoints, "checkpoint"), counted(r.Unsigned, "record"))
	if n := len(r.Faults) + r.More; n > 0 {
		fmt.Fprintf(w, "NOT as it was written: %s\n", counted(n, "fault"))
		return exitCode(exitFailed)
	}
	fmt.Fprintln(w, "as it was written")
	return nil
}

type auditKeyCmd struct {
	Config string `placeholder:"FILE" env:"MASKIT_CONFIG" help:"The configuration with the keys (or MASKIT_KEY)."`
}

// Run prints the public key.
func (c *auditKeyCmd) Run(std streams) error {
	cfg, err := (&settings{Config: c.Config}).load()
	if err != nil {
		return err
	}
	secret, err := trailSecret(cfg)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(std.out, audit.PublicKey(secret))
	return err
}

// openTrail begins to write the trail. Without keys it is signed with a fresh
// one: a file is not written so.
func openTrail(cfg *config.Config) (*audit.Trail, *audit.Reader, error) {
	secret, err := trailSecret(cfg)
	if err != nil {
		if cfg.Audit.File != "" {
			return nil, nil, err
		}
		if secret, err = vault.ParseKey(vault.NewKey()); err != nil {
			return nil, nil, err
		}
	}
	trail, err := audit.Open(cfg.Audit, secret, os.Stdout)
	return trail, audit.NewReader(cfg.Audit, secret), err
}

// trailSecret is the key of the trail. It is derived from the last of the vault's,
// which stays when keys are rotated.
func trailSecret(cfg *config.Config) ([]byte, error) {
	ring, err := vault.NewKeyring(cfg.Vault.Keys)
	if err != nil {
		return nil, err
	}
	return ring.Derive("audit"), nil
}
