package vault

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestDefaultConfigIsValid(t *testing.T) {
	if err := DefaultConfig().Validate(); err != nil {
		t.Error(err)
	}
}

func TestValidateReportsAllFaults(t *testing.T) {
	err := Config{URL: "redis://u:hunter2@host/x", Keys: []Secret{NewKey(), "hunter3"}, TTL: 1, MaxEntries: 1, OnFailure: "hope"}.Validate()
	if err == nil {
		t.Fatal("no error")
	}
	lines := strings.Split(err.Error(), "\n")
	for i, path := range []string{"url: ", "keys[1]: ", "ttl: ", "max_entries: ", "on_failure: "} {
		if i >= len(lines) || !strings.HasPrefix(lines[i], path) {
			t.Errorf("no fault of %s in %q", path, lines)
		}
	}
	if strings.Contains(err.Error(), "hunter") {
		t.Error("a fault shows a secret")
	}
}

func TestValidateURL(t *testing.T) {
	notPEM := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(notPEM, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	cert, _ := selfSigned(t)
	const unreadable = "cannot be read; the form is redis://"
	for _, c := range []struct{ url, fault string }{
		{"memory:", ""},
		{"memory://", ""},
		{"redis://host", ""},
		{"redis://:p%40ss@host:1/2?pool_size=5&read_timeout=1s", ""},
		{"rediss://host?ca_file=" + cert, ""},
		{"redis+sentinel://host?master_name=m", ""},
		{"rediss+sentinel://host?master_name=m&addr=other:26379", ""},
		{"redis+cluster://host:7000?addr=other:7001", ""},
		{"rediss+cluster://host", ""},

		{"", "scheme is none of memory, redis, rediss, redis+sentinel"},
		{"hunter2", "scheme is none of"},
		{"postgres://host/hunter2", "scheme is none of"},
		{"memory:hunter2", "takes no address"},
		{"redis:hunter2", unreadable},
		{"redis://:hun/ter2@host", unreadable},
		{"redis://:12?hunter2@host", unreadable},
		{"redis://:12#hunter2@host", unreadable},
		{"redis://:hunter2%zz@host", unreadable},
		{"redis://host/hunter2", unreadable},
		{"redis://host?hunter2=1", unreadable},
		{"redis://host?read_timeout=hunter2", unreadable},
		{"redis+sentinel://host/hunter2?master_name=m", unreadable},
		{"redis+sentinel://host", "master_name"},
		{"redis+cluster://host?addr=hunter2", unreadable},
		{"redis://host?ca_file=" + cert, "rediss instead of redis"},
		{"rediss://host?ca_file=" + notPEM, "no certificate"},
		{"rediss://host?ca_file=" + notPEM + ".none", "no such file"},
	} {
		cfg := DefaultConfig()
		cfg.URL, cfg.Keys = Secret(c.url), []Secret{NewKey()}
		err := cfg.Validate()
		if (err == nil) != (c.fault == "") || err != nil && !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%s: %v", c.url, err)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the fault shows the password", c.url)
		}
	}
}

// A lasting store without a key could not restore a thing after a restart.
func TestLastingStoresNeedAKey(t *testing.T) {
	for _, b := range backends {
		for _, scheme := range b.schemes {
			cfg := DefaultConfig()
			cfg.URL = Secret(scheme + "://127.0.0.1:1?master_name=m")
			if scheme == "memory" {
				cfg.URL = "memory:"
			}
			_, err := Open(t.Context(), cfg)
			if told := err != nil && strings.Contains(err.Error(), "openssl rand -base64 32") && strings.Contains(err.Error(), "MASKIT_KEY"); told != b.lasting {
				t.Errorf("%s: %v", scheme, err)
			}
			if err != nil && errors.Is(err, ErrUnavailable) {
				t.Errorf("%s: the store was asked before the key", scheme)
			}
		}
	}
}

func TestDescribe(t *testing.T) {
	for u, want := range map[string]string{
		"memory:":                           "memory (lost on exit)",
		"redis://bob:hunter2@localhost/3":   "redis at localhost:6379, db 3",
		"rediss://:hunter2@[::1]:7000?db=4": "redis (TLS) at [::1]:7000, db 4",
		"redis+sentinel://bob:hunter2@a/2?master_name=m&addr=b:2&password=hunter3": "redis master m by sentinel at a:6379 b:2, db 2",
		"rediss+cluster://bob:hunter2@a:7000?addr=b:7001":                          "redis (TLS) cluster at a:7000 b:7001",
	} {
		cfg := configFor(Secret(u))
		b, err := backendOf(cfg.URL)
		if err != nil {
			t.Fatal(err)
		}
		makeStore, err := b.prepare(cfg)
		if err != nil {
			t.Fatal(err)
		}
		v := New(makeStore(), newRing(t), cfg)
		if got := v.Describe(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	}
	embedded := New(&countingStore{Store: NewMemory(1)}, newRing(t), DefaultConfig())
	if got := embedded.Describe(); got != "a store of the program's own" {
		t.Errorf("embedded: %q", got)
	}
}

// A vault in memory makes a key of its own; another one has another.
func TestMemoryMakesAKey(t *testing.T) {
	token := func() string {
		return string(openVault(t, DefaultConfig()).Tenant("a").AppendToken(nil, "T", "T", []byte("x"), 0))
	}
	if one, other := token(), token(); one == other {
		t.Error("two vaults made the same key")
	}
}

func TestSecretIsNeverShown(t *testing.T) {
	cfg := DefaultConfig()
	cfg.URL, cfg.Keys, cfg.TTL = "redis://:hunter2@host", []Secret{"hunter3"}, time.Hour
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		if text := fmt.Sprintf(format, cfg); strings.Contains(text, "hunter") || strings.Count(text, "<secret>") != 2 {
			t.Errorf("%s shows a secret", format)
		}
	}
	for _, format := range []string{"%v", "%s", "%q", "%x", "%X", "%d", "%10s", "%#v", "%+q"} {
		if text := fmt.Sprintf(format, Secret("hunter2")); text != "<secret>" {
			t.Errorf("%s shows a secret", format)
		}
	}
	if text, _ := cfg.URL.MarshalText(); string(text) != "<secret>" {
		t.Error("MarshalText shows a secret")
	}
	if Secret("").String() != "" {
		t.Error("an empty secret looks like one")
	}
}
