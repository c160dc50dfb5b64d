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

// Watcher tells when a file may have changed. It watches the folder, because
// editors replace the file, and Kubernetes swaps a symbolic link named ..data
// beside it.
type Watcher struct {
	path   string
	events *fsnotify.Watcher
}

// Watch begins to watch the file at path. Who loads the file after that misses no
// change.
func Watch(path string) (*Watcher, error) {
	events, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("config: watching %s: %w", path, err)
	}
	if err := events.Add(filepath.Dir(path)); err != nil {
		_ = events.Close() // There is nothing in it.
		return nil, fmt.Errorf("config: watching %s: %w", path, err)
	}
	return &Watcher{path, events}, nil
}

// Close ends the watch.
func (w *Watcher) Close() error { return w.events.Close() }

// Run calls changed each time the file may have changed, until ctx or the watch
// ends. Calls do not overlap. An error means that changes are no longer seen.
func (w *Watcher) Run(ctx context.Context, changed func()) error {
	var rested <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return nil
		case err, ok := <-w.events.Errors:
			if !ok {
				return nil
			}
			return fmt.Errorf("config: watching %s: %w", w.path, err)
		case e := <-w.events.Events:
			if concerns(e, w.path) {
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
