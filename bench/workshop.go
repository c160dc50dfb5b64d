package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// workshop holds what a bench has started; close ends it, last first.
type workshop struct {
	dir    string
	self   string // this program
	maskit string
	kinds  []string // all that maskit looks for, for the target that looks for nothing
	echo   running
	ends   []func()
}

func (w *workshop) close() { w.closeTo(0) }

// closeTo ends all that was started since there were n ends.
func (w *workshop) closeTo(n int) {
	for i := len(w.ends) - 1; i >= n; i-- {
		w.ends[i]()
	}
	w.ends = w.ends[:n]
}

// openWorkshop makes the folder, builds maskit where it is wanted and starts the
// upstream.
func openWorkshop(ctx context.Context, maskit string, needMaskit bool) (_ *workshop, err error) {
	w := &workshop{maskit: maskit}
	defer func() {
		if err != nil {
			w.close()
		}
	}()
	if w.self, err = os.Executable(); err != nil {
		return nil, err
	}
	if w.dir, err = os.MkdirTemp("", "bench"); err != nil {
		return nil, err
	}
	w.ends = append(w.ends, func() { _ = os.RemoveAll(w.dir) })
	if needMaskit {
		if err := w.prepareMaskit(ctx); err != nil {
			return nil, err
		}
	}
	return w, startSelf("echo")(w, &w.echo)
}

// prepareMaskit builds maskit, unless it was given, and asks it what it looks for.
func (w *workshop) prepareMaskit(ctx context.Context) error {
	if w.maskit == "" {
		w.maskit = filepath.Join(w.dir, "maskit")
		build := exec.CommandContext(ctx, "go", "build", "-C", "..", "-trimpath", "-o", w.maskit, "./cmd/maskit")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("building maskit: %w\n%s", err, out)
		}
	}
	var err error
	w.kinds, err = kindsOn(ctx, w.maskit)
	return err
}

// folder makes a folder for one instance of a target.
func (w *workshop) folder(name string) (string, error) { return os.MkdirTemp(w.dir, name) }

// running is a started target.
type running struct {
	target
	addr     string
	upstream string // address; that of the echo unless set
	pids     []int  // what its CPU is
	aux      []int  // what works for it beside it: Redis
	fault    string // why it did not start
	idle     int    // KiB that it held before it was asked anything
}

// settle is how long a target that was just started may go on starting.
const settle = 300 * time.Millisecond

// startTarget starts an instance of a target before an upstream.
func startTarget(w *workshop, t target, upstream string) *running {
	p := &running{target: t, addr: upstream, upstream: upstream}
	if t.start == nil {
		return p
	}
	if err := t.start(w, p); err != nil {
		p.fault = "start: " + err.Error()
		return p
	}
	time.Sleep(settle)
	p.pids = family(p.pids[0]) // nginx accepts before it has its workers
	p.idle = residentKB(p.pids)
	return p
}

// launch starts a program that serves at addr and waits until it accepts.
func (w *workshop) launch(name, addr string, env []string, args ...string) (pid int, err error) {
	out, err := os.CreateTemp(w.dir, name+"-*.out")
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = out, out
	// The kernel ends it if this program is killed.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := cmd.Start(); err != nil {
		return 0, errors.Join(fmt.Errorf("starting %s: %w", name, err), out.Close())
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		_ = out.Close()
		close(ended)
	}()
	w.ends = append(w.ends, func() { stop(cmd.Process, ended) })
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); {
		if conn, err := net.Dial("tcp", addr); err == nil {
			return cmd.Process.Pid, conn.Close()
		}
		select {
		case <-ended:
			text, _ := os.ReadFile(out.Name())
			return 0, fmt.Errorf("%s ended at its start: %s", name, strings.TrimSpace(string(text)))
		case <-time.After(10 * time.Millisecond):
		}
	}
	return 0, fmt.Errorf("%s does not accept connections at %s", name, addr)
}

// stop ends a process: nothing of it is wanted any more.
func stop(p *os.Process, ended <-chan struct{}) {
	_ = p.Signal(syscall.SIGTERM)
	select {
	case <-ended:
	case <-time.After(2 * time.Second):
		_ = p.Kill()
		<-ended
	}
}

// freeAddr returns an address that was free a moment ago.
func freeAddr() (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return ln.Addr().String(), ln.Close()
}
