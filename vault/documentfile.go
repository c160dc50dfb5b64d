package vault

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// documentFile keeps documents in a file of JSON: a member for each key. It is
// read again when it was replaced. A writer makes a new file and renames it, so
// that the old one is whole until the new one is. One process writes it.
type documentFile struct {
	path string

	mu      sync.Mutex
	entries map[string]json.RawMessage
	was     fs.FileInfo // Of the file that was read; nil if there was none.
}

// read takes in what the file holds, if that has changed.
func (f *documentFile) read() error {
	info, err := os.Stat(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		f.entries, f.was = map[string]json.RawMessage{}, nil
		return nil
	}
	if err != nil {
		return err
	}
	if f.was != nil && os.SameFile(info, f.was) && info.ModTime().Equal(f.was.ModTime()) && info.Size() == f.was.Size() {
		return nil
	}
	data, err := os.ReadFile(f.path)
	if err != nil {
		return err
	}
	entries := map[string]json.RawMessage{}
	if json.Unmarshal(data, &entries) != nil { // Its error would quote the file.
		return fmt.Errorf("%s is no file of documents", f.path)
	}
	f.entries, f.was = entries, info
	return nil
}

// Get returns what lies under keys, as a Store does.
func (f *documentFile) Get(ctx context.Context, keys []string) ([][]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := errors.Join(ctx.Err(), f.read()); err != nil {
		return nil, err
	}
	entries := make([][]byte, len(keys))
	for i, key := range keys {
		entries[i] = f.entries[key]
	}
	return entries, nil
}

// Swap implements Swapper. Entries have no end here.
func (f *documentFile) Swap(ctx context.Context, key string, old, value []byte, _ time.Duration) (bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := errors.Join(ctx.Err(), f.read()); err != nil {
		return false, err
	}
	held, there := f.entries[key]
	if there != (old != nil) || !bytes.Equal(held, old) {
		return false, nil
	}
	return true, f.change(func(entries map[string]json.RawMessage) { entries[key] = value })
}

// Delete removes keys, as a Store does.
func (f *documentFile) Delete(ctx context.Context, keys []string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := errors.Join(ctx.Err(), f.read()); err != nil {
		return err
	}
	return f.change(func(entries map[string]json.RawMessage) {
		for _, key := range keys {
			delete(entries, key)
		}
	})
}

// change writes the file with a change; if that fails nothing has changed.
func (f *documentFile) change(edit func(map[string]json.RawMessage)) error {
	entries := make(map[string]json.RawMessage, len(f.entries)+1)
	maps.Copy(entries, f.entries)
	edit(entries)
	data, err := json.Marshal(entries)
	if err != nil {
		return err
	}
	if err := replaceFile(f.path, data); err != nil {
		return err
	}
	f.was = nil // Read it back: what others see is what we have.
	return f.read()
}

// replaceFile writes a file of mode 0600 in the place of another, which is whole
// until the new one is.
func replaceFile(path string, data []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(data)
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close()) // The name is on the disk too.
}
