package vault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// underTest are the stores over which the contracts run: for each a server if
// it needs one, and the URL by which a configuration names it.
var underTest = []struct {
	name  string
	start func(testing.TB) Secret
}{
	{"memory", func(testing.TB) Secret { return "memory:" }},
	{"redis", func(t testing.TB) Secret { return patient(startRedis(t).url()) }},
	{"redis with slots", func(t testing.TB) Secret { return patient(startSlots(t).url()) }},
	{"rediss", func(t testing.TB) Secret { u, _ := startTLS(t); return patient(u) }},
	{"sentinel", func(t testing.TB) Secret { u, _, _ := startSentinel(t); return patient(u) }},
	{"cluster", func(t testing.TB) Secret { u, _ := startCluster(t); return patient(u) }},
}

// patient gives a URL timeouts that do not end on a machine under load.
func patient(u Secret) Secret {
	mark := "?"
	if strings.Contains(u.Reveal(), "?") {
		mark = "&"
	}
	return u + Secret(mark) + "dial_timeout=10s&read_timeout=10s&write_timeout=10s&pool_timeout=10s"
}

// configFor returns a valid configuration with a key of its own.
func configFor(url Secret) Config {
	cfg := DefaultConfig()
	cfg.URL, cfg.Keys = url, []Secret{NewKey()}
	return cfg
}

func openVault(t testing.TB, cfg Config) *Vault {
	t.Helper()
	v, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { v.Close() })
	return v
}

func TestStores(t *testing.T) {
	for _, b := range underTest {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			cfg := configFor(b.start(t))
			t.Run("store", func(t *testing.T) { storeContract(t, openVault(t, cfg).store) })
			t.Run("swap", func(t *testing.T) { swapContract(t, openVault(t, cfg).store) })
			t.Run("list", func(t *testing.T) { listContract(t, openVault(t, cfg).store) })
			t.Run("documents", func(t *testing.T) { documentContract(t, cfg) })
			t.Run("erase", func(t *testing.T) { eraseContract(t, openVault(t, cfg)) })
			t.Run("passcodes", func(t *testing.T) { passcodeContract(t, openVault(t, cfg)) })
			t.Run("vault", func(t *testing.T) { vaultContract(t, openVault(t, cfg)) })
			t.Run("turns", func(t *testing.T) { turnContract(t, openVault(t, cfg)) })
			t.Run("closed", func(t *testing.T) { closedContract(t, openVault(t, cfg)) })
		})
	}
}

// storeContract is what every Store must do.
func storeContract(t *testing.T, s Store) {
	ctx := t.Context()
	mustPut := func(t *testing.T, ttl time.Duration, entries ...Entry) [][]byte {
		t.Helper()
		prior, err := s.Put(ctx, entries, ttl)
		if err != nil {
			t.Fatal(err)
		}
		if len(prior) != len(entries) {
			t.Fatalf("%d entries, %d answers", len(entries), len(prior))
		}
		return prior
	}
	want := func(t *testing.T, what string, got [][]byte, want ...string) {
		t.Helper()
		if len(got) != len(want) {
			t.Fatalf("%s: %d answers, want %d", what, len(got), len(want))
		}
		for i, w := range want {
			if w == "" && got[i] != nil || w != "" && string(got[i]) != w {
				t.Errorf("%s: answer %d is %q, want %q", what, i, got[i], w)
			}
		}
	}
	get := func(t *testing.T, keys ...string) [][]byte {
		t.Helper()
		values, err := s.Get(ctx, keys)
		if err != nil {
			t.Fatal(err)
		}
		return values
	}

	t.Run("put", func(t *testing.T) {
		want(t, "first", mustPut(t, time.Hour, Entry{"put:a", []byte("1")}, Entry{"put:b", []byte("2")}), "", "")
		want(t, "second", mustPut(t, time.Hour, Entry{"put:b", []byte("3")}, Entry{"put:c", []byte("4")}), "2", "")
		want(t, "all", get(t, "put:c", "put:none", "put:a", "put:b"), "4", "", "1", "2")
	})
	t.Run("the same key twice in a batch", func(t *testing.T) {
		want(t, "put", mustPut(t, time.Hour, Entry{"twice", []byte("1")}, Entry{"twice", []byte("2")}), "", "1")
	})
	t.Run("any bytes", func(t *testing.T) {
		key, value := "any {x}\r\n\x00\xff", "\x00\r\n$-1\r\n\xff"
		want(t, "put", mustPut(t, time.Hour, Entry{key, []byte(value)}), "")
		want(t, "get", get(t, key), value)
	})
	t.Run("delete", func(t *testing.T) {
		mustPut(t, time.Hour, Entry{"del:a", []byte("1")}, Entry{"del:b", []byte("2")})
		if err := s.Delete(ctx, []string{"del:a", "del:none"}); err != nil {
			t.Fatal(err)
		}
		want(t, "get", get(t, "del:a", "del:b"), "", "2")
	})
	t.Run("many", func(t *testing.T) {
		var entries []Entry
		var keys, values []string
		for i := range 1000 {
			keys = append(keys, fmt.Sprint("many:", i))
			values = append(values, fmt.Sprint(i))
			entries = append(entries, Entry{keys[i], []byte(values[i])})
		}
		mustPut(t, time.Hour, entries...)
		want(t, "get", get(t, keys...), values...)
	})
	t.Run("nothing", func(t *testing.T) {
		want(t, "put", mustPut(t, time.Hour))
		want(t, "get", get(t))
		if err := s.Delete(ctx, nil); err != nil {
			t.Fatal(err)
		}
	})
	t.Run("entries end, and a put renews them", func(t *testing.T) {
		const short = 200 * time.Millisecond
		mustPut(t, short, Entry{"ttl:once", []byte("1")}, Entry{"ttl:renewed", []byte("2")})
		mustPut(t, time.Hour, Entry{"ttl:renewed", []byte("3")})
		waitFor(t, "an entry to end", func() bool { return get(t, "ttl:once")[0] == nil })
		want(t, "get", get(t, "ttl:renewed"), "2")
		want(t, "put", mustPut(t, time.Hour, Entry{"ttl:once", []byte("4")}), "")
	})
	t.Run("a context that has ended", func(t *testing.T) {
		ended, cancel := context.WithCancel(ctx)
		cancel()
		_, err := s.Put(ended, []Entry{{"ended", []byte("1")}}, time.Hour)
		if err == nil {
			t.Error("put: no error")
		}
		if _, err := s.Get(ended, []string{"ended"}); err == nil {
			t.Error("get: no error")
		}
		if err := s.Delete(ended, []string{"ended"}); err == nil {
			t.Error("delete: no error")
		}
	})
	t.Run("one of many writers wins", func(t *testing.T) {
		const writers, keys = 8, 50
		answers := make(chan [][]byte, writers)
		entries := func(w int) (e []Entry) {
			for k := range keys {
				e = append(e, Entry{fmt.Sprint("race:", k), fmt.Append(nil, w)})
			}
			return e
		}
		for w := range writers {
			go func() {
				prior, err := s.Put(ctx, entries(w), time.Hour)
				if err != nil {
					t.Error(err)
				}
				for k := range prior {
					if prior[k] == nil {
						prior[k] = fmt.Append(nil, "won by ", w)
					}
				}
				answers <- prior
			}()
		}
		winner := make([]string, keys)
		told := make([]map[string]bool, keys)
		for range writers {
			for k, p := range <-answers {
				if told[k] == nil {
					told[k] = make(map[string]bool)
				}
				if w, ok := bytes.CutPrefix(p, []byte("won by ")); !ok {
					told[k][string(p)] = true
				} else if winner[k] != "" {
					t.Errorf("key %d was won by %s and %s", k, winner[k], w)
				} else {
					winner[k] = string(w)
				}
			}
		}
		for k := range keys {
			if len(told[k]) != 1 || !told[k][winner[k]] {
				t.Errorf("key %d: won by %q, others were told %v", k, winner[k], told[k])
			}
		}
	})
}

// closedContract: after Close nothing works and nothing panics.
func closedContract(t *testing.T, v *Vault) {
	if err := v.store.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := v.Tenant("acme").Keep(t.Context(), "", []Item{{Token: "T2", Value: "x"}})
	if !errors.Is(err, ErrUnavailable) {
		t.Errorf("keep: %v", err)
	}
	if _, err := v.Tenant("acme").Lookup(t.Context(), "c", []string{"T2"}); !errors.Is(err, ErrUnavailable) {
		t.Errorf("lookup: %v", err)
	}
	if _, err := v.Tenant("acme").EraseTokens(t.Context(), []string{"T2"}); !errors.Is(err, ErrUnavailable) {
		t.Errorf("forget: %v", err)
	}
	if err := v.Ping(t.Context()); !errors.Is(err, ErrUnavailable) {
		t.Errorf("ping: %v", err)
	}
}
