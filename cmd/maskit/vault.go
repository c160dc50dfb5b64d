package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"maskit/proxy/mask"
	"maskit/vault"
)

type vaultCmd struct {
	Erase    eraseCmd    `cmd:"" help:"Delete tokens, a conversation or a tenant for good, on all replicas."`
	Export   exportCmd   `cmd:"" help:"Write what a conversation holds into a file that only its recipient opens."`
	Import   importKept  `cmd:"" help:"Take such a file in, so that its tokens are restored here."`
	Passcode passcodeCmd `cmd:"" help:"Put a conversation or a tenant under a passcode, read from standard input."`
}

// kept is where the commands find what is kept.
type kept struct {
	Config string `placeholder:"FILE" env:"MASKIT_CONFIG" help:"The configuration, a YAML file."`
	Vault  string `placeholder:"URL" env:"MASKIT_VAULT" help:"Where the values are kept, redis://... (needs MASKIT_KEY)."`
	Tenant string `placeholder:"NAME" help:"The tenant; the default one unless set."`
}

// with opens the vault for one use of a tenant.
func (k *kept) with(ctx context.Context, use func(*vault.Tenant) error) (err error) {
	cfg, err := (&settings{Config: k.Config, Vault: k.Vault}).load()
	if err != nil {
		return err
	}
	if strings.HasPrefix(cfg.Vault.URL.Reveal(), "memory:") {
		return errors.New("the vault is in the memory of another process: give --vault redis://..., or ask its operators' API")
	}
	v, err := vault.Open(ctx, cfg.Vault)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, v.Close()) }()
	name := k.Tenant
	if name == "" {
		name = mask.DefaultTenant
	}
	return use(v.Tenant(name))
}

type eraseCmd struct {
	kept
	Token   []string `placeholder:"TOKEN" xor:"what" required:"" help:"A token: what it stands for is gone from all conversations."`
	Session string   `placeholder:"NAME" xor:"what" required:"" help:"A conversation, its passcode, and the values that no other one holds."`
	All     bool     `xor:"what" required:"" help:"All that the tenant has, passcodes included. Its data key is destroyed."`
}

// Run erases, and says how much.
func (c *eraseCmd) Run(ctx context.Context, std streams) error {
	return c.with(ctx, func(t *vault.Tenant) (err error) {
		var n int
		switch {
		case c.All:
			n, err = t.Erase(ctx)
		case c.Session != "":
			n, err = t.EraseConversation(ctx, c.Session)
		default:
			n, err = t.EraseTokens(ctx, c.Token)
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(std.err, "maskit: erased %s\n", counted(n, "value"))
		return err
	})
}

type exportCmd struct {
	kept
	sealing
	Session      string `required:"" placeholder:"NAME" help:"The conversation."`
	To           string `placeholder:"AGE1..." help:"The recipient's public key, of age."`
	Out          string `placeholder:"FILE" help:"A new file; standard output unless set."`
	PasscodeFile string `placeholder:"FILE" help:"The passcode of the conversation, unless it is in MASKIT_PASSCODE."`
}

// Help is shown by maskit vault export --help.
func (exportCmd) Help() string {
	return `The file is in the format of age (age-encryption.org): give --to, or a passphrase in
MASKIT_PASSPHRASE or --passphrase-file.`
}

// sealing is how a file is sealed without a key.
type sealing struct {
	PassphraseFile string `placeholder:"FILE" help:"The passphrase of the file, unless it is in MASKIT_PASSPHRASE."`
}

// Run exports the conversation.
func (c *exportCmd) Run(ctx context.Context, std streams) error {
	passphrase, err := secretFrom(c.PassphraseFile, "MASKIT_PASSPHRASE")
	if err != nil {
		return err
	}
	to, err := vault.ExportTo(c.To, passphrase)
	if err != nil {
		return err
	}
	passcode, err := secretFrom(c.PasscodeFile, "MASKIT_PASSCODE")
	if err != nil {
		return err
	}
	return c.with(ctx, func(t *vault.Tenant) error {
		var opener *vault.Opener
		if passcode != "" {
			if opener, err = t.Unlock(ctx, c.Session, passcode); err != nil {
				return err
			}
		}
		var file strings.Builder
		n, err := t.Export(ctx, &file, c.Session, opener, to...)
		if err != nil {
			return err
		}
		if c.Out == "" {
			_, err = io.WriteString(std.out, file.String())
		} else {
			err = writeNew(c.Out, file.String())
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(std.err, "maskit: exported %s\n", counted(n, "value"))
		return err
	})
}

type importKept struct {
	kept
	sealing
	File     string `arg:"" help:"The file."`
	Session  string `placeholder:"NAME" help:"Another name for the conversation."`
	Identity string `placeholder:"FILE" help:"The recipient's key file, of age."`
}

// Run imports the file.
func (c *importKept) Run(ctx context.Context, std streams) error {
	passphrase, err := secretFrom(c.PassphraseFile, "MASKIT_PASSPHRASE")
	if err != nil {
		return err
	}
	var identity []byte
	if c.Identity != "" {
		if identity, err = os.ReadFile(c.Identity); err != nil {
			return fmt.Errorf("--identity: %w", err)
		}
	}
	with, err := vault.ImportWith(vault.Secret(identity), passphrase)
	if err != nil {
		return err
	}
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	return c.with(ctx, func(t *vault.Tenant) error {
		done, err := t.Import(ctx, file, c.Session, with...)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(std.err, "maskit: imported %s into %q", counted(done.Values, "value"), done.Conversation)
		if done.Taken > 0 && err == nil {
			_, err = fmt.Fprintf(std.err, "; %s not, since their tokens stand for other values here", counted(done.Taken, "value"))
		}
		fmt.Fprintln(std.err)
		return err
	})
}

type passcodeCmd struct {
	kept
	Session string `placeholder:"NAME" help:"The conversation; all of the tenant unless set."`
	Change  bool   `help:"Change the passcode that is set: standard input has the old one and the new one, a line each."`
}

// Help is shown by maskit vault passcode --help.
func (passcodeCmd) Help() string {
	return `Masking goes on as ever. Nobody restores what is kept without the passcode, not even
with Redis and MASKIT_KEY: if it is forgotten, the values are lost. It has 8 bytes at
least; make it long enough not to be guessed by whoever has both.`
}

// Run sets the passcode.
func (c *passcodeCmd) Run(ctx context.Context, std streams) error {
	lines := bufio.NewScanner(io.LimitReader(std.in, 1<<14))
	next := func() vault.Secret {
		lines.Scan()
		return vault.Secret(lines.Text())
	}
	return c.with(ctx, func(t *vault.Tenant) error {
		if c.Change {
			old := next()
			return t.ChangePasscode(ctx, c.Session, old, next())
		}
		return t.SetPasscode(ctx, c.Session, next())
	})
}

// secretFrom reads a secret from the file, if one is named, or the variable.
func secretFrom(file, variable string) (vault.Secret, error) {
	if file == "" {
		return vault.Secret(os.Getenv(variable)), nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	return vault.Secret(strings.TrimRight(string(text), "\r\n")), nil
}
