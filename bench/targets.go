package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
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

// target is a row of what is measured. Every target may use all cores: the Go
// programs by their default, nginx with a worker a core.
type target struct {
	name, title string
	masks       bool
	// needs names a program without which the target is left out.
	needs string
	// start starts it before the upstream. It is nil for no target at all.
	start func(w *workshop, p *running) error
}

// base is the target that ratios are to.
const base = "bare"

var targets = []target{
	{name: "direct", title: "direct to the upstream"},
	{name: "nginx", title: "nginx", needs: "nginx", start: startNginx},
	{name: base, title: "bare fasthttp proxy", start: startSelf("bare")},
	{name: "reverseproxy", title: "`httputil.ReverseProxy`", start: startSelf("reverseproxy")},
	{name: "maskit-memory", title: "maskit, memory vault", masks: true, start: startMaskit("memory:")},
	{name: "maskit-redis", title: "maskit, Redis vault", masks: true, needs: "redis-server", start: startRedisAndMaskit},
}

// running is a started target.
type running struct {
	target
	addr string
	pids []int // what its CPU is
	aux  []int // what works for it beside it: Redis
}

// workshop holds what a bench has started; close ends it, last first.
type workshop struct {
	dir    string
	self   string // this program
	maskit string
	echo   running
	ends   []func()
}

func (w *workshop) close() {
	for i := len(w.ends) - 1; i >= 0; i-- {
		w.ends[i]()
	}
}

// open makes the folder, builds maskit where it is wanted and starts the upstream.
func openWorkshop(ctx context.Context, maskit string, needMaskit bool) (*workshop, error) {
	w := &workshop{maskit: maskit}
	var err error
	if w.self, err = os.Executable(); err != nil {
		return nil, err
	}
	if w.dir, err = os.MkdirTemp("", "bench"); err != nil {
		return nil, err
	}
	w.ends = append(w.ends, func() { _ = os.RemoveAll(w.dir) })
	if w.maskit == "" && needMaskit {
		w.maskit = filepath.Join(w.dir, "maskit")
		build := exec.CommandContext(ctx, "go", "build", "-C", "..", "-trimpath", "-o", w.maskit, "./cmd/maskit")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := build.CombinedOutput(); err != nil {
			w.close()
			return nil, fmt.Errorf("building maskit: %w\n%s", err, out)
		}
	}
	if err := startSelf("echo")(w, &w.echo); err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

// launch starts a program that serves at addr and waits until it accepts.
func (w *workshop) launch(name, addr string, env []string, args ...string) (pid int, err error) {
	out, err := os.Create(filepath.Join(w.dir, name+".out"))
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
	w.ends = append(w.ends, func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(3 * time.Second):
			_ = cmd.Process.Kill()
			<-ended
		}
	})
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); {
		if conn, err := net.Dial("tcp", addr); err == nil {
			return cmd.Process.Pid, conn.Close()
		}
		select {
		case <-ended:
			text, _ := os.ReadFile(out.Name())
			return 0, fmt.Errorf("%s ended at its start:\n%s", name, text)
		case <-time.After(10 * time.Millisecond):
		}
	}
	return 0, fmt.Errorf("%s does not listen", name)
}

// startSelf starts this program as one of its servers.
func startSelf(kind string) func(*workshop, *running) error {
	return func(w *workshop, p *running) (err error) {
		if p.addr, err = freeAddr(); err != nil {
			return err
		}
		pid, err := w.launch(kind, p.addr, nil, w.self, "serve", kind, "-listen", p.addr, "-upstream", "http://"+w.echo.addr)
		p.pids = []int{pid}
		return err
	}
}

// startMaskit starts maskit with its defaults and a vault.
func startMaskit(vault string) func(*workshop, *running) error {
	return func(w *workshop, p *running) (err error) {
		if p.addr, err = freeAddr(); err != nil {
			return err
		}
		key := make([]byte, 32)
		_, _ = rand.Read(key) // never fails
		name, _, _ := strings.Cut(vault, ":")
		pid, err := w.launch("maskit-"+name, p.addr, []string{"MASKIT_KEY=" + base64.StdEncoding.EncodeToString(key)},
			w.maskit, "serve", "--listen", p.addr, "--admin", "off", "--upstream", "http://"+w.echo.addr, "--vault", vault)
		p.pids = []int{pid}
		return err
	}
}

// startRedisAndMaskit gives maskit a Redis of its own that keeps nothing on disk.
func startRedisAndMaskit(w *workshop, p *running) error {
	addr, err := freeAddr()
	if err != nil {
		return err
	}
	_, port, _ := net.SplitHostPort(addr)
	pid, err := w.launch("redis", addr, nil, "redis-server", "--port", port, "--bind", "127.0.0.1",
		"--save", "", "--appendonly", "no", "--dir", w.dir)
	if err != nil {
		return err
	}
	p.aux = []int{pid}
	return startMaskit("redis://"+addr)(w, p)
}

const nginxConf = `daemon off; %s
worker_processes %d;
pid %[3]s/nginx.pid;
error_log stderr error;
events { worker_connections 4096; }
http {
	access_log off;
	client_body_temp_path %[3]s/body; proxy_temp_path %[3]s/proxy; fastcgi_temp_path %[3]s/fastcgi;
	uwsgi_temp_path %[3]s/uwsgi; scgi_temp_path %[3]s/scgi;
	client_body_buffer_size 1m; client_max_body_size 32m;
	keepalive_requests 100000000;
	upstream echo { server %[4]s; keepalive 512; keepalive_requests 100000000; }
	server {
		listen %[5]s backlog=1024;
		location / {
			proxy_pass http://echo;
			proxy_http_version 1.1;
			proxy_set_header Connection "";
			proxy_buffering off;
		}
	}
}
`

// startNginx starts nginx with a worker a core and connections kept open on
// both sides; answers are not buffered, as streams ask for.
func startNginx(w *workshop, p *running) (err error) {
	if p.addr, err = freeAddr(); err != nil {
		return err
	}
	user := ""
	if os.Getuid() == 0 {
		user = "user root;" // its workers must reach the temporary folder
	}
	conf := filepath.Join(w.dir, "nginx.conf")
	text := fmt.Sprintf(nginxConf, user, cores(), w.dir, w.echo.addr, p.addr)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		return err
	}
	pid, err := w.launch("nginx", p.addr, nil, "nginx", "-c", conf, "-p", w.dir)
	if err != nil {
		return err
	}
	p.pids = family(pid)
	return nil
}

// freeAddr returns an address that was free a moment ago.
func freeAddr() (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return ln.Addr().String(), ln.Close()
}
