package config

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
)

// seesChange fails unless a watch over path sees what change does.
func seesChange(t *testing.T, path string, change func()) {
	t.Helper()
	w, err := Watch(path)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	change()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	seen := false
	err = w.Run(ctx, func() {
		seen = true
		cancel()
	})
	if err != nil || !seen {
		t.Errorf("seen: %t, error: %v", seen, err)
	}
}

func TestWatchWrite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "maskit.yaml")
	write(t, file, "log:\n")
	seesChange(t, file, func() { write(t, file, "vault:\n") })
}

func TestWatchRename(t *testing.T) {
	dir := t.TempDir()
	file, fresh := filepath.Join(dir, "maskit.yaml"), filepath.Join(dir, ".maskit.yaml.tmp")
	write(t, file, "log:\n")
	seesChange(t, file, func() {
		write(t, fresh, "vault:\n")
		if err := os.Rename(fresh, file); err != nil {
			t.Fatal(err)
		}
	})
}

// Kubernetes mounts maskit.yaml -> ..data/maskit.yaml and ..data -> ..2026_1/,
// and swaps ..data for a link to a new folder.
func TestWatchKubernetes(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	swap := func(version string) {
		if err := os.MkdirAll(at(version), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(at(version), "maskit.yaml"), "log:\n")
		if err := os.Symlink(version, at("..data_tmp")); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(at("..data_tmp"), at("..data")); err != nil {
			t.Fatal(err)
		}
	}
	swap("..2026_1")
	if err := os.Symlink("..data/maskit.yaml", at("maskit.yaml")); err != nil {
		t.Fatal(err)
	}
	seesChange(t, at("maskit.yaml"), func() { swap("..2026_2") })
}

func TestWatchConcerns(t *testing.T) {
	const path = "/etc/maskit/maskit.yaml"
	for _, c := range []struct {
		name string
		op   fsnotify.Op
		want bool
	}{
		{"/etc/maskit/maskit.yaml", fsnotify.Write, true},
		{"/etc/maskit/maskit.yaml", fsnotify.Create, true},
		{"/etc/maskit/..data", fsnotify.Create, true},
		{"/etc/maskit/maskit.yaml", fsnotify.Chmod, false},
		{"/etc/maskit/maskit.yaml", fsnotify.Remove, false},
		{"/etc/maskit/other.yaml", fsnotify.Write, false},
		{"/etc/maskit/maskit.yaml.swp", fsnotify.Create, false},
	} {
		if got := concerns(fsnotify.Event{Name: c.name, Op: c.op}, path); got != c.want {
			t.Errorf("%s %s: got %t", c.op, c.name, got)
		}
	}
}

func TestWatchNoFolder(t *testing.T) {
	if _, err := Watch(filepath.Join(t.TempDir(), "missing", "maskit.yaml")); err == nil {
		t.Error("no error")
	}
}
