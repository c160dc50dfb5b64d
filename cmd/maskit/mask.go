package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"maskit/proxy/wire"
)

type maskCmd struct {
	filter
}

// Help is shown by maskit mask --help.
func (maskCmd) Help() string {
	return `To restore later, keep the values in a file or in Redis, under the same key:

  export MASKIT_KEY=$(openssl rand -base64 32)
  maskit mask --map letter.map < letter.txt > masked.txt
  maskit restore --map letter.map < answer.txt

Without either, the values are forgotten at the end. With MASKIT_KEY the same value
gets the same token each time; without it a fresh key is made for each run.`
}

// settles bounds how often a request is masked again because a token was taken,
// which hardly ever happens once.
const settles = 8

// Run masks standard input to standard output.
func (c *maskCmd) Run(ctx context.Context, std streams) (err error) {
	text, err := read(std.in)
	if err != nil {
		return err
	}
	m, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.vault.Close()) }()
	masked, err := m.mask(text, c.JSON)
	if err != nil {
		return err
	}
	if _, err := std.out.Write(masked); err != nil {
		return err
	}
	fmt.Fprintln(std.err, "maskit: masked "+m.summary())
	if c.forgets(m) && len(m.session.Tokens()) > 0 {
		fmt.Fprintln(std.err, "maskit: these tokens cannot be restored; see maskit mask --help")
	}
	return nil
}

// mask returns the text with tokens, once they are kept.
func (m *masking) mask(text []byte, json bool) (masked []byte, err error) {
	for range settles {
		if json {
			masked, err = wire.Generic.Request(nil, text, m.session.Mask, m.session.Part)
		} else {
			masked, err = wire.Plain(nil, text, m.session.Mask)
		}
		if err != nil {
			return nil, err
		}
		again, err := m.session.Settle()
		if err != nil {
			return nil, err
		}
		if !again {
			return masked, nil
		}
	}
	return nil, errors.New("no free tokens were found")
}

// summary says what was masked: kinds and counts.
func (m *masking) summary() string {
	masked := m.session.Masked()
	if len(masked) == 0 {
		return "nothing"
	}
	kinds := make([]string, len(masked))
	for i, c := range masked {
		kinds[i] = fmt.Sprintf("%s=%d", c.Kind, c.N)
	}
	return strings.Join(kinds, ",")
}
