package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"maskit/proxy/admin"
	"maskit/proxy/audit"
)

type runCmd struct {
	settings
	Command []string `arg:"" passthrough:"" help:"The command and its arguments, behind --."`
}

// Help is shown by maskit run --help.
func (runCmd) Help() string {
	return `Starts maskit on a free port of this machine for as long as COMMAND runs, with the
variables set by which SDKs and coding agents find their provider. At the end it says on
standard error what was masked. The exit code is COMMAND's.

  maskit run -- python app.py
  maskit run -- claude`
}

// pointers are the variables that point SDKs and agents at a provider, and the
// path behind maskit's address that each of them wants.
var pointers = []struct{ name, path string }{
	{"OPENAI_BASE_URL", "/v1"},
	{"OPENAI_API_BASE", "/v1"}, // Older Python SDKs, LangChain.
	{"ANTHROPIC_BASE_URL", ""},
	{"GOOGLE_GEMINI_BASE_URL", ""},
	{"GEMINI_API_BASE_URL", ""},
	{"OLLAMA_HOST", ""},
}

// exitCode is the exit code of a command that has failed: what it had to say it
// has said itself.
type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("the command exited with %d", int(c)) }

// Run serves on a free port while the command runs.
func (c *runCmd) Run(ctx context.Context, std streams) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	if c.Listen == "" {
		cfg.Proxy.Listen = "127.0.0.1:0"
	}
	if c.Admin == "" {
		cfg.Admin.Listen = admin.Off
	}
	if c.LogLevel == "" {
		cfg.Log.Level = "warn"
	}
	var result error
	total := &tally{found: map[string]int{}}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	err = serve(ctx, cfg, newLog(cfg.Log, std.err), func(ctx context.Context, s *server) {
		defer stop()
		s.tally.Store(total)
		result = c.child(ctx, s.baseURL(), std)
	})
	total.print(std.err)
	return errors.Join(err, result)
}

// child runs the command to its end. Signals from the terminal reach it directly;
// when ctx ends it is asked to stop.
func (c *runCmd) child(ctx context.Context, base string, std streams) error {
	args := c.Command
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		return errors.New("run: there is no command; write it behind --")
	}
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = std.in, std.out, std.err
	cmd.Env = os.Environ()
	for _, p := range pointers {
		cmd.Env = append(cmd.Env, p.name+"="+base+p.path)
	}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 5 * time.Second
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exitCode(exit.ExitCode())
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, exec.ErrNotFound), errors.Is(err, fs.ErrNotExist):
		fmt.Fprintf(std.err, "maskit: run: %v\n", err)
		return exitCode(exitNoCommand)
	}
	return fmt.Errorf("run: %w", err)
}

// exitNoCommand is what shells say of a command that is not there.
const exitNoCommand = 127

// tally sums up what was done for the command.
type tally struct {
	mu                           sync.Mutex
	exchanges, refused, restored int
	found                        map[string]int
}

func (t *tally) add(x *audit.Exchange) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.exchanges++
	t.restored += x.Restored
	if x.Code != "" {
		t.refused++
	}
	for _, c := range x.Found {
		t.found[c.Kind] += c.N
	}
}

func (t *tally) print(w io.Writer) {
	t.mu.Lock()
	defer t.mu.Unlock()
	kinds := make([]string, 0, len(t.found)+1)
	for _, k := range slices.Sorted(maps.Keys(t.found)) {
		kinds = append(kinds, fmt.Sprintf("%s=%d", k, t.found[k]))
	}
	if len(kinds) == 0 {
		kinds = []string{"nothing"}
	}
	fmt.Fprintf(w, "maskit: %s, %d failed; masked %s; restored %s\n",
		counted(t.exchanges, "exchange"), t.refused, strings.Join(kinds, " "), counted(t.restored, "token"))
}
