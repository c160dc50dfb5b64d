package vault

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// The tests run on redis-servers of their own, on free ports of the loopback,
// in directories that go with the test.

// redisServer is one running process.
type redisServer struct {
	t      testing.TB
	addr   string
	cmd    *exec.Cmd
	exited chan struct{} // Closed when the process has ended.
	client *redis.Client // For the test's own commands; patient.
}

// startRedis starts a server with extra arguments and waits until it answers.
// A port that somebody else took in between is given up for another.
func startRedis(t testing.TB, args ...string) *redisServer {
	t.Helper()
	for range 5 {
		if s := tryRedis(t, args...); s != nil {
			return s
		}
	}
	t.Fatal("redis-server did not start")
	return nil
}

func tryRedis(t testing.TB, args ...string) *redisServer {
	t.Helper()
	port := freePort(t)
	args = append([]string{"--port", port, "--bind", "127.0.0.1", "--save", ""}, args...)
	s := spawnRedis(t, "127.0.0.1:"+port, args)
	if !s.answers() {
		return nil
	}
	return s
}

// spawnRedis runs redis-server with args; the process ends with the test.
func spawnRedis(t testing.TB, addr string, args []string) *redisServer {
	t.Helper()
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		t.Fatal("redis-server is not installed: it is in the package redis-server (apt-get) or redis (brew, dnf), and `make test` installs it; these tests are never skipped")
	}
	dir := t.TempDir()
	s := &redisServer{t: t, addr: addr, exited: make(chan struct{})}
	s.cmd = exec.Command(binary, args...)
	s.cmd.Dir = dir
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(s.exited)
		_ = s.cmd.Wait() // Tests kill it; how it ended does not matter.
	}()
	s.client = redis.NewClient(&redis.Options{Addr: addr, MaxRetries: -1, DialerRetries: 1})
	t.Cleanup(func() {
		_ = s.client.Close()
		s.kill()
	})
	return s
}

// answers waits until the server answers, whatever it says; false if it ended.
func (s *redisServer) answers() bool {
	s.t.Helper()
	alive := true
	waitFor(s.t, "redis-server to answer", func() bool {
		select {
		case <-s.exited:
			alive = false
			return true
		default:
		}
		conn, err := net.Dial("tcp", s.addr)
		if err != nil {
			return false
		}
		return conn.Close() == nil
	})
	return alive
}

// kill ends the process at once, also while it is hung.
func (s *redisServer) kill() {
	_ = s.cmd.Process.Kill() // It fails only for a process that has ended.
	<-s.exited
}

// hang stops the process: its port still accepts, nothing answers.
func (s *redisServer) hang() { s.signal(syscall.SIGSTOP) }

// resume lets a hung process go on.
func (s *redisServer) resume() { s.signal(syscall.SIGCONT) }

func (s *redisServer) signal(sig os.Signal) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.t.Fatal(err)
	}
}

// do runs one command of the test's own.
func (s *redisServer) do(args ...any) any {
	s.t.Helper()
	v, err := s.client.Do(context.Background(), args...).Result()
	if err != nil {
		s.t.Fatalf("%v: %v", args[0], err)
	}
	return v
}

// url is the server's as Config takes it.
func (s *redisServer) url() Secret { return Secret("redis://" + s.addr + "/0") }

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

// waitFor polls cond for at most 20 s.
func waitFor(t testing.TB, what string, cond func() bool) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !cond() {
		select {
		case <-deadline:
			t.Fatalf("waited in vain for %s", what)
		case <-tick.C:
		}
	}
}

// startSentinel starts a master and a sentinel that watches it.
func startSentinel(t testing.TB) (url Secret, master, sentinel *redisServer) {
	t.Helper()
	master = startRedis(t)
	host, port, _ := net.SplitHostPort(master.addr)
	for range 5 {
		mine := freePort(t)
		file := filepath.Join(t.TempDir(), "sentinel.conf")
		conf := fmt.Sprintf("bind 127.0.0.1\nport %s\nsentinel monitor mymaster %s %s 1\n"+
			"sentinel down-after-milliseconds mymaster 300\nsentinel failover-timeout mymaster 2000\n", mine, host, port)
		if err := os.WriteFile(file, []byte(conf), 0o600); err != nil {
			t.Fatal(err)
		}
		s := spawnRedis(t, "127.0.0.1:"+mine, []string{file, "--sentinel"})
		if s.answers() {
			s.do("SENTINEL", "DEBUG", "INFO-PERIOD", 100) // Replicas are seen at once, not in 10 s.
			return Secret("redis+sentinel://" + s.addr + "/3?master_name=mymaster"), master, s
		}
	}
	t.Fatal("the sentinel did not start")
	return "", nil, nil
}

// startCluster starts three masters that share the slots.
func startCluster(t testing.TB) (url Secret, nodes []*redisServer) {
	t.Helper()
	for range 3 {
		nodes = append(nodes, startRedis(t, "--cluster-enabled", "yes", "--cluster-port", freePort(t)))
	}
	for i, n := range nodes {
		n.do("CLUSTER", "SET-CONFIG-EPOCH", i+1)
		n.do("CLUSTER", "ADDSLOTSRANGE", i*16384/3, (i+1)*16384/3-1)
		host, port, _ := net.SplitHostPort(nodes[0].addr)
		bus := nodes[0].do("CONFIG", "GET", "cluster-port").(map[any]any)["cluster-port"]
		if i > 0 {
			n.do("CLUSTER", "MEET", host, port, bus)
		}
	}
	for _, n := range nodes {
		waitFor(t, "the cluster to form", func() bool {
			info := n.do("CLUSTER", "INFO").(string)
			return infoField(info, "cluster_state") == "ok" && infoField(info, "cluster_known_nodes") == "3"
		})
	}
	return Secret("redis+cluster://" + nodes[0].addr + "?addr=" + nodes[1].addr), nodes
}

// startSlots starts a server that has all slots of a cluster, as one behind a
// proxy seems to: it takes any key, and no script over keys of several slots.
func startSlots(t testing.TB) *redisServer {
	t.Helper()
	s := startRedis(t, "--cluster-enabled", "yes", "--cluster-port", freePort(t))
	s.do("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
	waitFor(t, "the cluster to form", func() bool {
		return infoField(s.do("CLUSTER", "INFO").(string), "cluster_state") == "ok"
	})
	return s
}

// startTLS starts a server that speaks TLS only, with a certificate of its own.
func startTLS(t testing.TB) (withCA Secret, server *redisServer) {
	t.Helper()
	cert, key := selfSigned(t)
	for range 5 {
		port := freePort(t)
		s := spawnRedis(t, "127.0.0.1:"+port, []string{
			"--port", "0", "--tls-port", port, "--bind", "127.0.0.1", "--save", "",
			"--tls-cert-file", cert, "--tls-key-file", key, "--tls-auth-clients", "no",
		})
		if s.answers() {
			return Secret("rediss://" + s.addr + "/0?ca_file=" + url.QueryEscape(cert)), s
		}
	}
	t.Fatal("redis-server did not start with TLS; was it built without?")
	return "", nil
}

// selfSigned writes a certificate for the loopback and its key.
func selfSigned(t testing.TB) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "maskit test"},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(time.Hour),
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, kind string, der []byte) string {
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	return write("cert.pem", "CERTIFICATE", cert), write("key.pem", "PRIVATE KEY", der)
}

// dump returns all keys and values of a server.
func (s *redisServer) dump() []byte {
	s.t.Helper()
	var all bytes.Buffer
	for _, key := range s.do("KEYS", "*").([]any) {
		fmt.Fprintf(&all, "%s\n%s\n", key, s.do("GET", key))
	}
	return all.Bytes()
}

// withUser gives the URL of a server a user and a password.
func withUser(u Secret, user, password string) Secret {
	return Secret(strings.Replace(u.Reveal(), "://", "://"+user+":"+password+"@", 1))
}
