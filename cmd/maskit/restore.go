package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"maskit/proxy/wire"
)

type restoreCmd struct {
	filter
	gateway
}

// Help is shown by maskit restore --help.
func (restoreCmd) Help() string {
	return `It needs what mask was given: the same key, and the same map or Redis and session.
A token that is not known stays as it is.

With --url a maskit that runs is asked, as an operator who may restore:

  export MASKIT_OPERATOR_KEY=mko_...
  maskit restore --url http://127.0.0.1:8081 --reason "ticket 4711" < answer.txt

It restores within the tenant, whatever the conversation; with --session within that
one only. What a conversation keeps under a passcode needs its --session.`
}

// Run restores standard input to standard output.
func (c *restoreCmd) Run(ctx context.Context, std streams) (err error) {
	text, err := read(std.in)
	if err != nil {
		return err
	}
	if c.URL != "" {
		return c.ask(ctx, string(text), std)
	}
	m, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.vault.Close()) }()
	if c.forgets(m) {
		return errors.New("there is nothing to restore from: give --map FILE or --vault redis://..., as for mask")
	}
	restored, err := m.restore(text, c.JSON)
	if err != nil {
		return err
	}
	if _, err := std.out.Write(restored); err != nil {
		return err
	}
	s := m.session.Stats()
	tellRestored(std.err, s.Restored, s.Unknown)
	return nil
}

// ask has a gateway restore the text.
func (c *restoreCmd) ask(ctx context.Context, text string, std streams) error {
	if c.JSON || c.Map != "" || c.Vault != "" {
		return errors.New("restore: --url goes without --json, --map and --vault")
	}
	session := c.Session
	if session == ownSession {
		session = ""
	}
	answer, err := c.gateway.restore(ctx, text, session)
	if err != nil {
		return err
	}
	if _, err := std.out.Write([]byte(answer.Text)); err != nil {
		return err
	}
	tellRestored(std.err, answer.Restored, answer.Unknown)
	return nil
}

func tellRestored(w io.Writer, restored, unknown int) {
	fmt.Fprintf(w, "maskit: restored %s, %d unknown\n", counted(restored, "token"), unknown)
	if unknown > 0 {
		fmt.Fprintln(w, "  unknown: not made here, erased, expired, or kept under the passcode of a conversation (--session)")
	}
}

func (m *masking) restore(text []byte, json bool) ([]byte, error) {
	if json {
		return wire.Generic.Answer(nil, text, m.session, false)
	}
	return wire.Plain(nil, text, m.session.Restore)
}
