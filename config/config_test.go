package config

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"maskit/vault"
)

var update = flag.Bool("update", false, "write the expected texts anew")

// planted is what ${PLANTED} stands for in these tests. No error may hold it.
const planted = "planted-7f3a-value"

var lookups = Lookups{
	Env: func(name string) (string, bool) {
		values := map[string]string{
			"PLANTED":        planted,
			"OPENAI_API_KEY": "sk-test",
			"DAY":            "24h",
			"TRICKY":         "a\"\n  listen: 0.0.0.0:1 # ${PLANTED}",
		}
		v, ok := values[name]
		return v, ok
	},
	File: func(path string) ([]byte, error) {
		switch path {
		case "/run/secrets/maskit-key", "key":
			return []byte(strings.Repeat("ab", 32) + "\n"), nil
		}
		return nil, fs.ErrNotExist
	},
}

// Each file in testdata has one mistake, is named after it, and stands beside
// the error that it gets.
func TestMistakes(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("testdata: %d files, error %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, err = Parse(data, lookups)
			if err = inFile(name+".yaml", err); err == nil {
				t.Fatal("no error")
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".err", err.Error()+"\n")
			if strings.Contains(err.Error(), planted) {
				t.Error("the error holds the value of a variable")
			}
		})
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

func mustParse(t *testing.T, yaml string) *Config {
	t.Helper()
	cfg, err := Parse([]byte(yaml), lookups)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func TestEmptyIsDefault(t *testing.T) {
	for _, yaml := range []string{"", "\n", "# only a comment\n", "---\n", "proxy:\nvault:\n", "proxy:\n  tls:\n  upstreams:\n"} {
		if diff := cmp.Diff(Default(), mustParse(t, yaml)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", yaml, diff)
		}
	}
}

func TestProvidersAreMerged(t *testing.T) {
	cfg := mustParse(t, `
proxy:
  upstreams:
    openai: { key: "${OPENAI_API_KEY}" }
    local: { url: http://127.0.0.1:8000 }
`)
	ups := cfg.Proxy.Upstreams
	if len(ups) != len(Default().Proxy.Upstreams)+1 {
		t.Errorf("%d upstreams", len(ups))
	}
	if got := ups["openai"]; got.URL != "https://api.openai.com" || got.Key.Reveal() != "sk-test" {
		t.Errorf("openai: %+v", got)
	}
	if got := ups["local"].URL; got != "http://127.0.0.1:8000" {
		t.Errorf("local: %s", got)
	}
	if Default().Proxy.Upstreams["openai"].Key != "" {
		t.Error("the defaults were changed")
	}
}

func TestReferences(t *testing.T) {
	for _, c := range []struct{ yaml, want string }{
		{`${OPENAI_API_KEY}`, "sk-test"},
		{`"${OPENAI_API_KEY}"`, "sk-test"},
		{`'pre-${OPENAI_API_KEY}-${DAY}-post'`, "pre-sk-test-24h-post"},
		{`$${OPENAI_API_KEY}`, "${OPENAI_API_KEY}"},
		{`$OPENAI_API_KEY $ $$`, "$OPENAI_API_KEY $ $$"},
		{`${TRICKY}`, "a\"\n  listen: 0.0.0.0:1 # ${PLANTED}"},
		{`${file:key}`, strings.Repeat("ab", 32)},
		{"|-\n        ${DAY}", "24h"},
	} {
		cfg := mustParse(t, "proxy:\n  upstreams:\n    openai:\n      key: "+c.yaml+"\n")
		if got := cfg.Proxy.Upstreams["openai"].Key.Reveal(); got != c.want {
			t.Errorf("%s: got %q, want %q", c.yaml, got, c.want)
		}
	}
	if cfg := mustParse(t, "vault: { ttl: '${DAY}' }"); cfg.Vault.TTL != 24*time.Hour {
		t.Errorf("a duration from a variable: %s", cfg.Vault.TTL)
	}
}

func TestAnchors(t *testing.T) {
	cfg := mustParse(t, `
proxy:
  upstreams:
    openai: { key: &key "${OPENAI_API_KEY}" }
    anthropic: { key: *key }
`)
	if got := cfg.Proxy.Upstreams["anthropic"].Key.Reveal(); got != "sk-test" {
		t.Errorf("got %q", got)
	}
}

func TestOverridesComeOnTop(t *testing.T) {
	data := []byte("proxy: { listen: 127.0.0.1:1 }\nlog: { level: debug }\n")
	cfg, err := Parse(data, lookups, func(c *Config) error {
		c.Proxy.Listen = "127.0.0.1:2"
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Proxy.Listen != "127.0.0.1:2" || cfg.Log.Level != "debug" {
		t.Errorf("listen %s, level %s", cfg.Proxy.Listen, cfg.Log.Level)
	}
	_, err = Parse(data, lookups, func(*Config) error { return errors.New("MASKIT_KEY_FILE: cannot be read") })
	if err == nil || !strings.Contains(err.Error(), "MASKIT_KEY_FILE") {
		t.Errorf("the override's own error: %v", err)
	}
	_, err = Parse(data, lookups, func(c *Config) error { c.Log.Level = "loud"; return nil })
	if err == nil || !strings.Contains(err.Error(), "log.level") {
		t.Errorf("a value from an override is not validated: %v", err)
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "openai.key"), "sk-from-file\r\n")
	file := filepath.Join(dir, "maskit.yaml")
	write(t, file, "proxy: { upstreams: { openai: { key: '${file:openai.key}' } } }\n")
	cfg, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := cfg.Proxy.Upstreams["openai"].Key.Reveal(); got != "sk-from-file" {
		t.Errorf("got %q", got)
	}

	write(t, file, "vault: { ttl: '${file:/dev/zero}' }\n")
	_, err = Load(file)
	if faults, ok := errors.AsType[Faults](err); !ok || len(faults) != 1 || faults[0].File != file {
		t.Errorf("an endless file: %v", err)
	}
	if _, err = Load(filepath.Join(dir, "no-such-file")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	if cfg, err = Load(""); err != nil || cmp.Diff(Default(), cfg) != "" {
		t.Errorf("no file: %v", err)
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestPrintShowsNoSecret(t *testing.T) {
	cfg := Default()
	openai := cfg.Proxy.Upstreams["openai"]
	openai.Key = planted
	cfg.Proxy.Upstreams["openai"] = openai
	cfg.Vault.URL = "redis://:" + planted + "@127.0.0.1:6379"
	cfg.Vault.Keys = []vault.Secret{planted, planted + "2"}
	out, err := cfg.Print()
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(out), "<secret>"); n != 4 || strings.Contains(string(out), planted) {
		t.Errorf("%d secrets shown as such, want 4; shown in clear: %t", n, strings.Contains(string(out), planted))
	}
}

// What is printed is a configuration again, but for the secrets.
func TestPrintIsYAML(t *testing.T) {
	out, err := Default().Print()
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(out), "<secret>", `"memory:"`, 1)
	if diff := cmp.Diff(Default().Policy, mustParse(t, text).Policy); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

const example = "../deploy/maskit.example.yaml"

func TestExampleHoldsTheDefaults(t *testing.T) {
	cfg, err := Load(example)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Default(), cfg); diff != "" {
		t.Errorf("(-default +example):\n%s", diff)
	}
}

var commentedOut = regexp.MustCompile(`(?m)^( *)#([^ #\n])`)

// The keys that are commented out must be right as well, and together with the
// others must be all there are.
func TestExampleShowsEveryKey(t *testing.T) {
	data, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	data = commentedOut.ReplaceAll(data, []byte("$1$2"))
	look := lookups
	look.File = func(string) ([]byte, error) { return []byte(strings.Repeat("ab", 32)), nil }
	d := newDecoder(look)
	d.document(data, Default())
	if len(d.faults) > 0 {
		t.Fatal(d.sorted())
	}
	for _, key := range allKeys() {
		if _, ok := d.places[key.example()]; !ok {
			t.Errorf("the example does not show %s", key.path)
		}
	}
}
