package config

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
)

// watched runs Watch over path and returns a channel with a value for each call
// of changed. What it is given to read is not its business, so neither ours.
func watched(t *testing.T, path string) <-chan struct{} {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	calls, ended := make(chan struct{}, 100), make(chan error, 1)
	go func() { ended <- Watch(ctx, path, func() { calls <- struct{}{} }) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return calls
}

// until changes the file again and again until Watch has seen it: there is no
// telling from outside when it has begun to watch.
func until(t *testing.T, calls <-chan struct{}, change func()) {
	t.Helper()
	again := time.NewTicker(3 * settle)
	defer again.Stop()
	for limit := time.After(20 * time.Second); ; {
		change()
		select {
		case <-calls:
			return
		case <-again.C:
		case <-limit:
			t.Fatal("the change was not seen within 20 s")
		}
	}
}

func TestWatchWrite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "maskit.yaml")
	write(t, file, "log:\n")
	until(t, watched(t, file), func() { write(t, file, "vault:\n") })
}

func TestWatchRename(t *testing.T) {
	dir := t.TempDir()
	file, fresh := filepath.Join(dir, "maskit.yaml"), filepath.Join(dir, ".maskit.yaml.tmp")
	write(t, file, "log:\n")
	until(t, watched(t, file), func() {
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
		_ = os.Remove(at("..data_tmp"))
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
	until(t, watched(t, at("maskit.yaml")), func() { swap("..2026_2") })
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
	if err := Watch(t.Context(), filepath.Join(t.TempDir(), "missing", "maskit.yaml"), func() {}); err == nil {
		t.Error("no error")
	}
}
