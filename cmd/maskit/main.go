// Command maskit is a masking reverse proxy for LLM APIs: it replaces sensitive
// values in requests by tokens, and puts the values back into the answers.
//
// Each command is in the file of its name. They hold the wiring and nothing
// else: what is to be is config's to say, what is done is done by proxy, detect
// and vault. serve.go builds all of it from the bottom up, and stops it from the
// top down.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"maskit/config"
)

type commands struct {
	Serve   serveCmd   `cmd:"" help:"Start the proxy."`
	Run     runCmd     `cmd:"" help:"Start the proxy for as long as a command runs, and point the command at it."`
	Demo    demoCmd    `cmd:"" help:"Show one chat as the app and as the model see it. Needs no key and no network."`
	Mask    maskCmd    `cmd:"" help:"Mask a text or JSON from standard input."`
	Restore restoreCmd `cmd:"" help:"Put the values back into a text or JSON from standard input."`
	Detect  detectCmd  `cmd:"" help:"Say where the values stand in texts from standard input, as JSON."`
	Scan    scanCmd    `cmd:"" help:"Find values in files and folders."`
	Eval    evalCmd    `cmd:"" help:"Measure what is found and missed in labelled texts."`
	Rules   importCmds `cmd:"" help:"Bring rules from elsewhere."`
	Config  configCmd  `cmd:"" help:"Check or print the configuration, list the rules."`
	Vault   vaultCmd   `cmd:"" help:"Erase, export and import what is kept; passcodes."`
	Keys    keysCmd    `cmd:"" help:"Make the keys of clients and operators."`
	Audit   auditCmd   `cmd:"" help:"Check the audit trail."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// streams are the standard ones, so that commands need not know the process.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// Exit codes.
const (
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	if err := noCoreDumps(); err != nil {
		fmt.Fprintln(os.Stderr, "maskit: warning: core dumps, which would hold values and keys, could not be switched off: "+err.Error())
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // A second signal ends the process at once.
	os.Exit(run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
}

// run parses the command line, runs its command and returns the exit code.
func run(ctx context.Context, args []string, std streams) int {
	var cmds commands
	parser := kong.Must(&cmds,
		kong.Name("maskit"),
		kong.Description("A masking reverse proxy for LLM APIs. The provider sees tokens; the app sees its own values."),
		kong.Writers(std.out, std.err),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(std),
	)
	if len(args) == 0 {
		args = []string{"--help"}
	}
	switch args[0] {
	case "help":
		args = append(args[1:], "--help")
	case "--version":
		args[0] = "version"
	}
	command, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(std.err, "maskit: %s\nTry: %s --help\n", err, meant(err))
		return exitUsage
	}
	if err := command.Run(); err != nil {
		if code, ok := errors.AsType[exitCode](err); ok {
			return int(code)
		}
		fmt.Fprintln(std.err, "maskit: "+message(err))
		return exitFailed
	}
	return 0
}

// meant is the command that was read before the line could not be, such as
// "maskit keys new", or maskit alone.
func meant(err error) string {
	words := []string{"maskit"}
	if wrong, ok := errors.AsType[*kong.ParseError](err); ok {
		for _, step := range wrong.Context.Path {
			if step.Command != nil {
				words = append(words, step.Command.Name)
			}
		}
	}
	return strings.Join(words, " ")
}

// message is what a person gets to read of an error.
func message(err error) string {
	if faults, ok := errors.AsType[config.Faults](err); ok {
		return fmt.Sprintf("the configuration has %s\n%s", counted(len(faults), "fault"), faults)
	}
	return err.Error()
}

// counted is "1 fault", "2 faults".
func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return strings.Join([]string{fmt.Sprint(n), what}, " ")
}
