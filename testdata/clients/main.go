// Command clients proves maskit with unmodified SDKs: it starts a recording
// echo upstream and maskit in front of it, runs the suites of the folders go
// and node against both, and then looks for every planted value in all that
// the upstream received and in all that maskit printed.
//
//	make test                  builds maskit from this checkout
//	make test ARGS='-maskit /path/to/binary -seed 7 -suite node'
//
// It ends with status 1 if a suite fails or a value is found. The seed of a
// run is printed; the same seed plants the same values.
package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"maskit/testdata/clients/leak"
	"maskit/testdata/clients/planted"
	"maskit/testdata/clients/upstream"
)

const (
	startLimit = 15 * time.Second // from maskit's start until it answers
	stopLimit  = 15 * time.Second // from SIGTERM until it has ended
)

// suites are run one after the other: they share the record. Vetting would
// read all of the SDKs a second time.
var suites = []struct{ name, dir, command string }{
	{"go", "go", "go test -vet=off -count=1 ."},
	{"node", "node", "node --test --test-reporter=spec --test-force-exit --test-concurrency=1 --test-timeout=240000"},
}

// fixture is what the suites are told, as a file; its path is in CLIENTS_FIXTURE.
type fixture struct {
	Maskit  string          `json:"maskit"`  // URL of maskit, without a path
	Direct  string          `json:"direct"`  // URL of an upstream that keeps no record
	Control string          `json:"control"` // where POST /take checks the record
	Key     string          `json:"key"`     // the provider's key
	Values  []planted.Value `json:"values"`
	Text    string          `json:"text"` // a message that holds all values
}

func main() {
	maskit := flag.String("maskit", os.Getenv("MASKIT_BIN"), "the program under test; built from this checkout if empty")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "seed of the planted values")
	only := flag.String("suite", "", "run one suite only: go or node")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	fmt.Printf("seed %d\n", *seed)
	if err := run(ctx, *maskit, *seed, *only); err != nil {
		fmt.Fprintln(os.Stderr, "clients:", err)
		stop()
		os.Exit(1)
	}
	fmt.Println("clients: no value leaked, every text came back")
}

// run is long because its steps share what they started; each is stopped by
// the defer beneath it.
func run(ctx context.Context, binary string, seed uint64, only string) error {
	dir, err := os.MkdirTemp("", "clients")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if binary == "" {
		binary = filepath.Join(dir, "maskit")
		if err := command(ctx, "../..", nil, "go", "build", "-o", binary, "./cmd/maskit").Run(); err != nil {
			return fmt.Errorf("building maskit: %w", err)
		}
	}

	r := planted.New(seed)
	f := fixture{Values: planted.Set(r), Key: "sk-provider-" + rand.Text()}
	f.Text = planted.Text(f.Values)

	record := upstream.NewRecorder()
	provider := &upstream.Server{Key: f.Key, Gone: record.Leave}
	servers := []struct {
		base    *string
		tap     func(net.Listener) net.Listener
		handler http.Handler
	}{
		{&f.Maskit, record.Listen, record.Handler(provider)},
		{&f.Direct, nil, provider},
		{&f.Control, nil, record.Control(f.Values)},
	}
	for _, s := range servers {
		addr, end, err := listen(s.handler, s.tap)
		if err != nil {
			return err
		}
		defer end()
		*s.base = "http://" + addr
	}

	m, err := startMaskit(ctx, binary, dir, f.Maskit, f.Key)
	if err != nil {
		return err
	}
	defer m.stop()
	f.Maskit = m.base

	path := filepath.Join(dir, "fixture.json")
	if err := writeJSON(path, f); err != nil {
		return err
	}
	var faults []error
	for _, s := range suites {
		if only != "" && only != s.name {
			continue
		}
		args := strings.Fields(s.command)
		if err := command(ctx, s.dir, []string{"CLIENTS_FIXTURE=" + path}, args...).Run(); err != nil {
			faults = append(faults, fmt.Errorf("suite %s: %w", s.name, err))
		}
	}

	faults = append(faults, m.stop(), checkWire(record, f.Values), checkOutput(m.output.Bytes(), f))
	return errors.Join(faults...)
}

// process is a running maskit and what it printed.
type process struct {
	base   string
	output bytes.Buffer // complete once stop has returned
	cmd    *exec.Cmd
	ended  chan error // what Wait returned, once
	once   sync.Once
	result error
}

// startMaskit starts the program on a free port and returns when it answers.
func startMaskit(ctx context.Context, binary, dir, upstreamURL, key string) (*process, error) {
	config := filepath.Join(dir, "maskit.yaml")
	if err := writeJSON(config, policy()); err != nil {
		return nil, err
	}
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	vaultKey := make([]byte, 32)
	_, _ = rand.Read(vaultKey) // never fails

	p := &process{base: "http://" + addr, ended: make(chan error, 1)}
	p.cmd = exec.Command(binary, "serve", "--listen", addr, "--admin", "off", "--upstream", upstreamURL, "--config", config)
	p.cmd.Env = append(os.Environ(), "MASKIT_KEY="+base64.StdEncoding.EncodeToString(vaultKey))
	p.cmd.Stdout, p.cmd.Stderr = &p.output, &p.output
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting maskit: %w", err)
	}
	go func() { p.ended <- p.cmd.Wait() }()

	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for !answers(ctx, p.base+"/v1/models", key) {
		select {
		case err := <-p.ended:
			return nil, fmt.Errorf("maskit ended before it answered: %v\n%s", err, p.output.Bytes())
		case <-ctx.Done():
			return nil, errors.Join(errors.New("maskit does not answer"), p.stop())
		case <-time.After(20 * time.Millisecond):
		}
	}
	return p, nil
}

// policy is maskit's configuration, as JSON, which is YAML too. One of the values
// is a credential in a URL, which would not be given back by default.
func policy() any {
	return map[string]any{"policy": map[string]any{
		"dictionaries": []any{
			map[string]any{"kind": planted.ProjectKind, "terms": planted.Terms},
		},
		"restore": map[string]any{"secrets_in_urls": true},
	}}
}

// stop asks the program to end and waits; what it returned first it returns
// again. An end that is not clean is an error.
func (p *process) stop() error {
	p.once.Do(func() {
		_ = p.cmd.Process.Signal(syscall.SIGTERM)
		select {
		case p.result = <-p.ended:
		case <-time.After(stopLimit):
			_ = p.cmd.Process.Kill()
			<-p.ended
			p.result = fmt.Errorf("it was still running %v after SIGTERM", stopLimit)
		}
		if p.result != nil {
			p.result = fmt.Errorf("ending maskit: %w", p.result)
		}
	})
	return p.result
}

func answers(ctx context.Context, url, key string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	req.Header.Set("Authorization", "Bearer "+key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

func checkWire(record *upstream.Recorder, values []planted.Value) error {
	leaks, size := record.Wire(values)
	fmt.Printf("upstream received %d bytes\n", size)
	if len(leaks) > 0 {
		return fmt.Errorf("the upstream received:\n  %s", strings.Join(leaks, "\n  "))
	}
	return nil
}

// checkOutput looks for the planted values and the provider's key in what
// maskit printed.
func checkOutput(output []byte, f fixture) error {
	fmt.Printf("maskit printed %d bytes\n", len(output))
	var faults []error
	views := leak.Look(output)
	for _, v := range append(f.Values, planted.Value{Kind: "the provider's key", Text: f.Key}) {
		if form := views.Find(v.Text); form != "" {
			faults = append(faults, fmt.Errorf("maskit printed %s (%s)", v.Kind, form))
		}
	}
	return errors.Join(faults...)
}

// listen serves on a free port; end closes the server and its connections.
func listen(h http.Handler, tap func(net.Listener) net.Listener) (addr string, end func() error, err error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	addr = ln.Addr().String()
	if tap != nil {
		ln = tap(ln)
	}
	srv := &http.Server{Handler: h}
	go func() { _ = srv.Serve(ln) }() // ends with Close, and always with an error
	return addr, srv.Close, nil
}

// freeAddr returns an address that was free a moment ago.
func freeAddr() (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer ln.Close()
	return ln.Addr().String(), nil
}

func command(ctx context.Context, dir string, env []string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, args[0], args[1:]...)
	c.Dir, c.Env = dir, append(os.Environ(), env...)
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	return c
}

func writeJSON(path string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o600)
}
