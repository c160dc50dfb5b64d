package proxy

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"maskit/vault"
)

// startRedis starts a redis-server of the test's own and returns its address
// and process.
func startRedis(t *testing.T, args ...string) (addr string, process *os.Process) {
	t.Helper()
	bin, err := exec.LookPath("redis-server")
	if err != nil {
		t.Fatal("redis-server is not installed: it comes with the package redis-server")
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr = ln.Addr().String()
	ln.Close()
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(bin, append([]string{"--bind", "127.0.0.1", "--port", port, "--save", "", "--dir", t.TempDir()}, args...)...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		err := errors.Join(cmd.Process.Signal(syscall.SIGCONT), cmd.Process.Kill())
		if err != nil && !errors.Is(err, os.ErrProcessDone) {
			t.Error(err)
		}
		cmd.Wait() //nolint:errcheck // It was killed.
	})
	deadline := time.Now().Add(10 * time.Second)
	for {
		c, err := net.Dial("tcp", addr)
		if err == nil {
			c.Close()
			return addr, cmd.Process
		}
		if time.Now().After(deadline) {
			t.Fatal("redis-server does not start")
		}
	}
}

func redisVault(t *testing.T, addr, onFailure string) *vault.Vault {
	t.Helper()
	cfg := vault.DefaultConfig()
	cfg.URL = vault.Secret("redis://" + addr)
	cfg.Keys = []vault.Secret{testKey}
	cfg.OnFailure = onFailure
	v, err := vault.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	})
	return v
}

// failWithin bounds the answer to a request while the vault is in trouble.
const failWithin = 300 * time.Millisecond

// A Redis that hangs, is full or has died: the request is refused or, where the
// configuration says so, served from its own map; in time, never unmasked, and
// never with a token for a value of its own.
func TestRedisInTrouble(t *testing.T) {
	troubles := map[string]func(t *testing.T, addr string, p *os.Process){
		"hung": func(t *testing.T, _ string, p *os.Process) {
			if err := p.Signal(syscall.SIGSTOP); err != nil {
				t.Fatal(err)
			}
		},
		"killed": func(t *testing.T, _ string, p *os.Process) {
			if err := p.Kill(); err != nil {
				t.Fatal(err)
			}
		},
		"out of memory": func(t *testing.T, addr string, _ *os.Process) {
			c, err := net.Dial("tcp", addr)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			send(c, "CONFIG SET maxmemory 1\r\n")
			if _, err := c.Read(make([]byte, 100)); err != nil {
				t.Fatal(err)
			}
		},
	}
	for name, trouble := range troubles {
		for _, onFailure := range []string{vault.OnFailureRefuse, vault.OnFailureServe} {
			t.Run(name+", "+onFailure, func(t *testing.T) {
				addr, process := startRedis(t)
				var calls atomic.Int32
				upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
					calls.Add(1)
					said := userText(req)
					for _, value := range planted {
						if strings.Contains(said, value) {
							t.Error("the provider saw a planted value")
						}
					}
					req.Body = http.NoBody
					w.Header().Set("Content-Type", "application/json")
					writeJSON(w, map[string]any{"choices": []any{map[string]any{"message": map[string]string{"content": said}}}})
				}))
				defer upstream.Close()
				r := &rig{t: t, ended: make(chan struct{}, 100)}
				r.start(upstream.URL, redisVault(t, addr, onFailure))
				if _, answer, err := r.post(chatPath, chat(text)); err != nil || content(t, answer) != text {
					t.Fatalf("before the trouble: %v %s", err, answer)
				}
				trouble(t, addr, process)
				best := time.Hour
				for i := range 5 {
					fresh := fmt.Sprintf("write to someone%d@example.net", i)
					before, begin := calls.Load(), time.Now()
					resp, answer, err := r.post(chatPath, chat(fresh))
					took := time.Since(begin)
					if err != nil {
						t.Fatal(err)
					}
					best = min(best, took)
					if onFailure == vault.OnFailureServe {
						if resp.StatusCode != http.StatusOK || content(t, answer) != fresh {
							t.Errorf("got %d %s", resp.StatusCode, answer)
						}
						continue
					}
					if resp.StatusCode != http.StatusServiceUnavailable || code(t, answer) != "vault_unavailable" || calls.Load() != before {
						t.Errorf("got %d %s after %d calls", resp.StatusCode, answer, calls.Load()-before)
					}
				}
				// The quickest counts: on a machine that is busy otherwise any may be late.
				if t.Logf("answered within %s", best); best > failWithin {
					t.Errorf("the quickest answer took %s", best)
				}
				// What this process knows to be stored needs no vault.
				if _, answer, err := r.post(chatPath, chat("nothing to find")); err != nil || content(t, answer) != "nothing to find" {
					t.Errorf("a request without findings: %v %s", err, answer)
				}
			})
		}
	}
}

// Two processes that share the key, and the Redis: a conversation that goes on
// through the other is sent as it was, and a token of an earlier turn is
// restored there, in the same conversation only.
func TestTwoProcesses(t *testing.T) {
	addr, _ := startRedis(t)
	var bodies []string
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		var v struct{ Messages json.RawMessage }
		if err := json.NewDecoder(req.Body).Decode(&v); err != nil {
			t.Error(err)
		}
		bodies = append(bodies, string(v.Messages))
		var messages []struct{ Content string }
		if err := json.Unmarshal(v.Messages, &messages); err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "application/json")
		writeJSON(w, map[string]any{"choices": []any{map[string]any{"message": map[string]string{"content": messages[0].Content}}}})
	}))
	defer upstream.Close()
	var rigs [2]*rig
	for i := range rigs {
		rigs[i] = &rig{t: t, ended: make(chan struct{}, 100)}
		rigs[i].start(upstream.URL, redisVault(t, addr, vault.OnFailureRefuse))
	}
	history := `[{"role":"user","content":` + quote(text) + `}`
	for turn := range 6 {
		if _, answer, err := rigs[turn%2].post(chatPath, `{"model":"m","messages":`+history+`]}`); err != nil || content(t, answer) != text {
			t.Fatalf("turn %d: %v %s", turn, err, answer)
		}
		if turn > 0 && !strings.HasPrefix(bodies[turn], strings.TrimSuffix(bodies[turn-1], "]")) {
			t.Fatalf("turn %d was sent as\n%s\nafter\n%s", turn, bodies[turn], bodies[turn-1])
		}
		history += `,{"role":"assistant","content":` + quote(fmt.Sprintf("ask %s and new%d@example.org", email, turn)) + `}`
	}

	_, _, err := rigs[0].post(chatPath, chat(email), "x-maskit-session", "c1")
	if err != nil {
		t.Fatal(err)
	}
	var masked []struct{ Content string }
	if err := json.Unmarshal([]byte(bodies[len(bodies)-1]), &masked); err != nil {
		t.Fatal(err)
	}
	token := masked[0].Content
	for conversation, want := range map[string]string{"c1": email, "c2": token, "": token} {
		_, answer, err := rigs[1].post(chatPath, chat("again: "+token), "x-maskit-session", conversation)
		if err != nil || content(t, answer) != "again: "+want {
			t.Errorf("conversation %q: %v %s", conversation, err, answer)
		}
	}
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}
