package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"maskit/config"
	"maskit/proxy/mask"
	"maskit/vault"
)

// filter is what mask and restore share: a text from standard input goes through
// one session, and the values are kept where a later restore finds them.
type filter struct {
	Config  string `placeholder:"FILE" env:"MASKIT_CONFIG" help:"The configuration, a YAML file."`
	Vault   string `placeholder:"URL" env:"MASKIT_VAULT" help:"Where the values are kept, redis://... (needs MASKIT_KEY)."`
	Map     string `placeholder:"FILE" help:"Where the values are kept, sealed, if not in a vault (needs MASKIT_KEY)."`
	Policy  string `placeholder:"NAME" default:"default" help:"The policy: default is the section policy of the configuration; maskit config policies lists all."`
	Session string `placeholder:"NAME" default:"cli" help:"The conversation that the values belong to, as clients name it in x-maskit-session."`
	JSON    bool   `help:"Read JSON: only its strings are changed, and stay valid."`
}

// ownSession is the default of --session.
const ownSession = "cli"

// masking is a filter made ready.
type masking struct {
	cfg     *config.Config
	vault   *vault.Vault
	session *mask.Session
}

// open makes the policy and the vault ready. The caller closes the vault.
func (f *filter) open(ctx context.Context) (*masking, error) {
	cfg, err := (&settings{Config: f.Config, Vault: f.Vault}).load()
	if err != nil {
		return nil, err
	}
	v, err := f.openVault(ctx, cfg.Vault)
	if err != nil {
		return nil, err
	}
	policies, err := buildPolicies(cfg, v)
	if err != nil {
		return nil, errors.Join(err, v.Close())
	}
	m, err := policies.Get(f.Policy)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("--policy: %w", err), v.Close())
	}
	return &masking{cfg, v, m.Session(ctx, mask.Scope{Conversation: f.Session})}, nil
}

// openVault opens the map, if one is named, or the configured vault.
func (f *filter) openVault(ctx context.Context, cfg vault.Config) (*vault.Vault, error) {
	if f.Map == "" {
		return vault.Open(ctx, cfg)
	}
	if len(cfg.Keys) == 0 {
		return nil, errors.New("--map: the map is sealed with a key: export MASKIT_KEY=$(openssl rand -base64 32), and keep it for restore")
	}
	ring, err := vault.NewKeyring(cfg.Keys)
	if err != nil {
		return nil, err
	}
	store, err := openMap(f.Map)
	if err != nil {
		return nil, err
	}
	v := vault.New(store, ring, cfg)
	if err := v.Ping(ctx); err != nil {
		if errors.Is(err, vault.ErrKey) {
			return nil, fmt.Errorf("--map: %s was sealed with another MASKIT_KEY", f.Map)
		}
		return nil, err
	}
	return v, nil
}

// forgets says whether the values are gone when the command has ended.
func (f *filter) forgets(m *masking) bool {
	return f.Map == "" && strings.HasPrefix(m.cfg.Vault.URL.Reveal(), "memory:")
}

// read takes all of standard input: a value may stand anywhere in it.
func read(in io.Reader) ([]byte, error) {
	text, err := io.ReadAll(in)
	if err != nil {
		return nil, fmt.Errorf("reading standard input: %w", err)
	}
	return text, nil
}
