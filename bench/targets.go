package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// target is a row of what is measured. Every target may use all cores: the Go
// programs by their default, nginx with a worker a core.
type target struct {
	name, title string
	masks       bool
	// needs names a program without which the target is left out.
	needs string
	// start starts it before p.upstream. It is nil for no target at all.
	start func(w *workshop, p *running) error
}

func (t target) isMaskit() bool { return strings.HasPrefix(t.name, "maskit") }

// base is the target that ratios are to, and product is maskit as the goals
// mean it: all default rules and the audit trail on, the model of names off.
const (
	base    = "bare"
	product = "maskit-memory"
)

var targets = []target{
	{name: "direct", title: "direct to the upstream"},
	{name: "nginx", title: "nginx", needs: "nginx", start: startNginx},
	{name: base, title: "bare fasthttp proxy", start: startSelf("bare")},
	{name: "reverseproxy", title: "`httputil.ReverseProxy`", start: startSelf("reverseproxy")},
	{name: "maskit-idle", title: "maskit that looks for nothing", start: startMaskit(setup{audit: true, idle: true})},
	{name: product, title: "maskit, memory vault", masks: true, start: startMaskit(setup{audit: true})},
	{name: "maskit-noaudit", title: "the same without the audit trail", masks: true, start: startMaskit(setup{})},
	{name: "maskit-terms", title: "the same, 100 terms more", masks: true, start: startMaskit(setup{audit: true, own: ownTerms})},
	{name: "maskit-rules", title: "the same, 10 rules more", masks: true, start: startMaskit(setup{audit: true, own: ownRules})},
	{name: "maskit-model", title: "the same, with the model of names", masks: true, start: startMaskit(setup{audit: true, model: true})},
	{name: "maskit-redis", title: "maskit, Redis vault", masks: true, needs: "redis-server", start: startMaskit(setup{audit: true, redis: true})},
}

// all are the names of the targets, in their order.
func all() (names []string) {
	for _, t := range targets {
		names = append(names, t.name)
	}
	return names
}

// setup is how maskit is configured.
type setup struct {
	audit bool   // audit.file
	model bool   // policy.model
	idle  bool   // all kinds disabled
	redis bool   // the vault is a Redis of its own
	own   string // more of section policy
}

// config is the file that says so.
func (s setup) config(w *workshop, dir string) ([]byte, error) {
	policy := map[string]any{"model": s.model}
	if s.idle {
		policy["disable"] = w.kinds
	}
	cfg := map[string]any{"admin": map[string]any{"listen": "off"}, "policy": policy}
	if s.audit {
		cfg["audit"] = map[string]any{"file": filepath.Join(dir, "trail", "audit.jsonl")}
	}
	if s.own != "" {
		var more map[string]any
		if err := json.Unmarshal([]byte(s.own), &more); err != nil {
			return nil, err
		}
		maps.Copy(policy, more)
	}
	return json.Marshal(cfg) // JSON is YAML
}

// Terms and rules of one's own that find nothing in the bodies: what they cost
// is the looking.
var (
	ownTerms = `{"dictionaries":[{"kind":"PROJECT","terms":` + jsonList(100, func(i int) any {
		return fmt.Sprintf("Project %c%c%d heron", 'A'+i%26, 'K'+i/26, i)
	}) + `}]}`
	ownRules = `{"rules":` + jsonList(10, func(i int) any {
		return map[string]any{"name": fmt.Sprintf("own-%d", i), "kind": "EMPLOYEE_NUMBER", "pattern": fmt.Sprintf(`\bEM%c-\d{5}\b`, 'A'+i)}
	}) + `}`
)

func jsonList(n int, row func(i int) any) string {
	rows := make([]any, 0, n)
	for i := range n {
		rows = append(rows, row(i))
	}
	b, _ := json.Marshal(rows) // strings and maps of them always marshal
	return string(b)
}

// kindsOn reads the kinds that are on by default out of what maskit says of its
// rules, in JSON.
func kindsOn(ctx context.Context, maskit string) ([]string, error) {
	out, err := exec.CommandContext(ctx, maskit, "config", "rules", "--format", "json").Output()
	if err != nil {
		return nil, fmt.Errorf("asking maskit for its rules: %w", err)
	}
	var rules []struct {
		Kind string
		On   bool
	}
	if err := json.Unmarshal(out, &rules); err != nil {
		return nil, fmt.Errorf("reading maskit's rules: %w", err)
	}
	seen := map[string]bool{}
	var kinds []string
	for _, r := range rules {
		if r.On && !seen[r.Kind] {
			seen[r.Kind] = true
			kinds = append(kinds, r.Kind)
		}
	}
	if len(kinds) == 0 {
		return nil, errors.New("maskit names no kinds that are on")
	}
	return kinds, nil
}

// startSelf starts this program as one of its servers.
func startSelf(kind string) func(*workshop, *running) error {
	return func(w *workshop, p *running) (err error) {
		if p.addr, err = freeAddr(); err != nil {
			return err
		}
		pid, err := w.launch(kind, p.addr, nil, w.self, "serve", kind, "-listen", p.addr, "-upstream", "http://"+p.upstream)
		p.pids = []int{pid}
		return err
	}
}

// startMaskit starts maskit as it is set up, and its Redis before it.
func startMaskit(s setup) func(*workshop, *running) error {
	return func(w *workshop, p *running) error {
		dir, err := w.folder(p.name)
		if err != nil {
			return err
		}
		cfg, err := s.config(w, dir)
		if err != nil {
			return err
		}
		// Not beside the file that maskit watches: each record would wake it.
		if err := os.Mkdir(filepath.Join(dir, "trail"), 0o700); err != nil {
			return err
		}
		file := filepath.Join(dir, "maskit.yaml")
		if err := os.WriteFile(file, cfg, 0o600); err != nil {
			return err
		}
		vault := "memory:"
		if s.redis {
			if vault, err = startRedis(w, p, dir); err != nil {
				return err
			}
		}
		if p.addr, err = freeAddr(); err != nil {
			return err
		}
		key := make([]byte, 32)
		_, _ = rand.Read(key) // never fails
		pid, err := w.launch(p.name, p.addr, []string{"MASKIT_KEY=" + base64.StdEncoding.EncodeToString(key)},
			w.maskit, "serve", "--config", file, "--listen", p.addr, "--upstream", "http://"+p.upstream, "--vault", vault)
		p.pids = []int{pid}
		return err
	}
}

// startRedis starts a Redis that keeps nothing on disk, and returns its URL.
func startRedis(w *workshop, p *running, dir string) (string, error) {
	addr, err := freeAddr()
	if err != nil {
		return "", err
	}
	_, port, _ := net.SplitHostPort(addr)
	pid, err := w.launch("redis", addr, nil, "redis-server", "--port", port, "--bind", "127.0.0.1",
		"--save", "", "--appendonly", "no", "--dir", dir)
	p.aux = []int{pid}
	return "redis://" + addr, err
}

const nginxConf = `daemon off; %[1]s
worker_processes %[2]d;
worker_rlimit_nofile 16384;
pid %[3]s/nginx.pid;
error_log stderr error;
events { worker_connections 12288; }
http {
	access_log off;
	client_body_temp_path %[3]s/body; proxy_temp_path %[3]s/proxy; fastcgi_temp_path %[3]s/fastcgi;
	uwsgi_temp_path %[3]s/uwsgi; scgi_temp_path %[3]s/scgi;
	client_body_buffer_size 2m; client_max_body_size 32m;
	keepalive_requests 100000000;
	upstream echo { server %[4]s; keepalive 512; keepalive_requests 100000000; }
	server {
		listen %[5]s backlog=4096;
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
func startNginx(w *workshop, p *running) error {
	dir, err := w.folder(p.name)
	if err != nil {
		return err
	}
	if p.addr, err = freeAddr(); err != nil {
		return err
	}
	user := ""
	if os.Getuid() == 0 {
		user = "user root;" // its workers must reach the temporary folder
	}
	conf := filepath.Join(dir, "nginx.conf")
	text := fmt.Sprintf(nginxConf, user, cores(), dir, p.upstream, p.addr)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		return err
	}
	pid, err := w.launch("nginx", p.addr, nil, "nginx", "-c", conf, "-p", dir)
	p.pids = []int{pid}
	return err
}

// titleOf returns a target's title.
func titleOf(name string) string {
	for _, t := range targets {
		if t.name == name {
			return t.title
		}
	}
	return name
}
