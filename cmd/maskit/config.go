package main

import (
	"fmt"
)

type configCmd struct {
	Check checkCmd `cmd:"" help:"Report all that is wrong with a file, with line and column."`
	Print printCmd `cmd:"" help:"Print the configuration in force: defaults, file, environment and flags, secrets as <secret>."`
	Rules rulesCmd `cmd:"" help:"Print the rules by which values are found."`

	Policies policiesCmd `cmd:"" help:"Print the policies: packs, and those of the configuration."`
}

type checkCmd struct {
	File string `arg:"" help:"The file to check."`
}

// Run checks the file as serve would read it, the environment included.
func (c *checkCmd) Run(std streams) error {
	s := settings{Config: c.File}
	cfg, err := s.load()
	if err != nil {
		return err
	}
	for _, w := range cfg.Warnings() {
		fmt.Fprintln(std.err, "maskit: warning: "+w)
	}
	_, err = fmt.Fprintf(std.out, "%s is right\n", c.File)
	return err
}

type printCmd struct {
	settings
}

// Run prints the configuration.
func (c *printCmd) Run(std streams) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	text, err := cfg.Print()
	if err != nil {
		return err
	}
	_, err = std.out.Write(text)
	return err
}
