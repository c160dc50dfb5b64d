package config

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long a file must rest before it is read again: editors and
// Kubernetes change several names in a row.
const settle = 100 * time.Millisecond

// Watch calls changed each time the file at path may have changed, until ctx
// ends. It watches the folder, because editors replace the file, and Kubernetes
// swaps a symbolic link named ..data beside it. Calls do not overlap. An error
// means that watching could not begin or broke off.
func Watch(ctx context.Context, path string, changed func()) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("config: watching %s: %w", path, err)
	}
	defer w.Close()
	if err := w.Add(filepath.Dir(path)); err != nil {
		return fmt.Errorf("config: watching %s: %w", path, err)
	}
	var rested <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-w.Errors:
			return fmt.Errorf("config: watching %s: %w", path, err)
		case e := <-w.Events:
			if concerns(e, path) {
				rested = time.After(settle)
			}
		case <-rested:
			rested = nil
			changed()
		}
	}
}

// concerns says whether an event in the folder may have changed the file.
func concerns(e fsnotify.Event, path string) bool {
	if !e.Has(fsnotify.Create) && !e.Has(fsnotify.Write) && !e.Has(fsnotify.Rename) {
		return false
	}
	name := filepath.Base(e.Name)
	return name == filepath.Base(path) || name == "..data"
}
