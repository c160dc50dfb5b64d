package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/zap"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"maskit": main})
}

// The scripts in testdata are the manual of the command line, and its tests.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			env.Values[modelKey{}] = &echo{piece: 5}
			env.Setenv("NO_COLOR", "1")
			env.Setenv("KEY", strings.Repeat("ab", 32))
			env.Setenv("OTHERKEY", strings.Repeat("cd", 32))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"model":    startModel,
			"received": received,
			"port":     freePort,
			"http":     ask,
			"redis":    startRedis,
			"signal":   sendSignal,
			"metric":   awaitMetric,
		},
	})
}

// waitLimit is how long a server may take to start, and a condition to come true.
const waitLimit = 20 * time.Second

// until calls f until it returns nil or the time is up.
func until(ts *testscript.TestScript, f func() error) {
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	limit := time.After(waitLimit)
	for {
		err := f()
		if err == nil {
			return
		}
		select {
		case <-limit:
			ts.Fatalf("not within %s: %v", waitLimit, err)
		case <-again.C:
		}
	}
}

// modelKey is under which a script has its model.
type modelKey struct{}

// startModel starts a model on this machine and sets $MODEL to its address.
//
//	model
func startModel(ts *testscript.TestScript, _ bool, _ []string) {
	server := httptest.NewServer(ts.Value(modelKey{}).(*echo))
	ts.Defer(server.Close)
	ts.Setenv("MODEL", server.Listener.Addr().String())
}

// received looks into what the model received last.
//
//	received PATTERN
//	! received PATTERN
func received(ts *testscript.TestScript, neg bool, args []string) {
	body := ts.Value(modelKey{}).(*echo).received()
	if found := regexp.MustCompile(args[0]).Match(body); found == neg {
		ts.Fatalf("the model received %d bytes; pattern found: %t", len(body), found)
	}
}

// freePort sets variables to ports that nobody listens on.
//
//	port NAME...
func freePort(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		ts.Check(err)
		_, port, err := net.SplitHostPort(ln.Addr().String())
		ts.Check(err)
		ts.Setenv(name, port)
		ts.Check(ln.Close())
	}
}

// ask sends a request, as soon as the server listens, until the answer has the
// status; the answer becomes stdout. With a FILE it is a POST of JSON.
//
//	http STATUS URL [FILE]
func ask(ts *testscript.TestScript, _ bool, args []string) {
	status, err := strconv.Atoi(args[0])
	ts.Check(err)
	until(ts, func() error {
		method, body := http.MethodGet, io.Reader(nil)
		if len(args) == 3 {
			method, body = http.MethodPost, strings.NewReader(ts.ReadFile(args[2]))
		}
		req, err := http.NewRequestWithContext(context.Background(), method, args[1], body)
		ts.Check(err)
		req.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			return err
		}
		if resp.StatusCode != status {
			return fmt.Errorf("status %d", resp.StatusCode)
		}
		_, err = ts.Stdout().Write(text)
		return err
	})
}

// awaitMetric waits until the metrics of operators at ADDRESS have a line.
//
//	metric ADDRESS PATTERN
func awaitMetric(ts *testscript.TestScript, _ bool, args []string) {
	pattern := regexp.MustCompile("(?m)" + args[1])
	until(ts, func() error {
		resp, err := http.Get("http://" + args[0] + "/metrics")
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		if err == nil && !pattern.Match(text) {
			err = fmt.Errorf("no metric matches %s", pattern)
		}
		return err
	})
}

// startRedis starts a real redis-server and sets $REDIS to its address.
//
//	redis
func startRedis(ts *testscript.TestScript, _ bool, _ []string) {
	freePort(ts, false, []string{"REDISPORT"})
	port := ts.Getenv("REDISPORT")
	cmd := exec.Command("redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", ts.MkAbs("."))
	if err := cmd.Start(); err != nil {
		ts.Fatalf("redis-server does not start; install the package redis-server: %v", err)
	}
	ts.Defer(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	ts.Setenv("REDIS", "127.0.0.1:"+port)
	until(ts, func() error {
		conn, err := net.Dial("tcp", "127.0.0.1:"+port)
		if err != nil {
			return err
		}
		return conn.Close()
	})
}

// sendSignal sends a signal to the programs in the background.
//
//	signal HUP
func sendSignal(ts *testscript.TestScript, _ bool, args []string) {
	signals := map[string]syscall.Signal{"HUP": syscall.SIGHUP, "TERM": syscall.SIGTERM}
	for _, cmd := range ts.BackgroundCmds() {
		ts.Check(cmd.Process.Signal(signals[args[0]]))
	}
}

// The demonstration, as the README shows it: but for the tokens' codes it is
// the same each time.
func TestReadmeShowsTheDemo(t *testing.T) {
	var out strings.Builder
	if code := run(t.Context(), []string{"demo"}, streams{strings.NewReader(""), &out, io.Discard}); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	if shown := withoutCodes(string(readme)); !strings.Contains(shown, withoutCodes(out.String())) {
		t.Errorf("the README does not show this:\n%s", out.String())
	}
}

// withoutCodes makes tokens, cut or not, and the number of bytes comparable.
func withoutCodes(text string) string {
	text = regexp.MustCompile(`in the \d+ bytes`).ReplaceAllString(text, "in the N bytes")
	text = regexp.MustCompile(`\b([A-Z]+)[2-9][0-9A-Z]{7}\b`).ReplaceAllString(text, "$1")
	return regexp.MustCompile(`(?m)^     │ .*·.*$`).ReplaceAllString(text, "     │ (pieces)")
}

// around is what the README's commands meet in the test: make only has to know
// its targets, serve only its flags and configuration, docker only its file.
const around = `set -euo pipefail
make() { command make -n -C "$ROOT" "$@" >/dev/null; }
docker() { test "$1" = compose && test -f "$3"; }
maskit() { if [ "$1" = serve ]; then set -- config print "${@:2}"; fi; command maskit "$@"; }
ln -s "$ROOT/deploy" deploy
`

// The README's blocks of commands (sh) work as they stand there, but for the
// address of maskit, which here is before a model on this machine.
func TestReadmeCommands(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(readme), "\n"); n >= 150 {
		t.Errorf("the README has %d lines", n)
	}
	base := startForReadme(t)
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllSubmatch(readme, -1)
	if len(blocks) < 5 {
		t.Fatalf("the README has %d blocks of commands", len(blocks))
	}
	for i, b := range blocks {
		t.Run(strconv.Itoa(i+1), func(t *testing.T) {
			script := around + strings.ReplaceAll(string(b[1]), "http://127.0.0.1:8080", base)
			cmd := exec.CommandContext(t.Context(), "bash", "-c", script)
			cmd.Dir = t.TempDir()
			cmd.Env = append(os.Environ(), "ROOT="+root, "OPENAI_API_KEY=sk-test")
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s\n%s", err, b[1], out)
			}
		})
	}
}

// startForReadme starts maskit before a model, and returns its address.
func startForReadme(t *testing.T) string {
	t.Helper()
	model := httptest.NewServer(&echo{piece: 5})
	t.Cleanup(model.Close)
	return startServer(t, demoConfig(model.Listener.Addr()), zap.NewNop())
}
