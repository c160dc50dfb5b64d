package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"maskit/vault"
)

// mapFile is a vault.Store in one file, for mask and restore: the vault has
// sealed what it holds. It is read when opened and written when closed, by one
// process at a time, and its entries do not expire.
type mapFile struct {
	path string

	mu      sync.Mutex
	entries map[string][]byte
	changed bool
}

// openMap reads the map at path; a file that is not there is an empty map.
func openMap(path string) (*mapFile, error) {
	m := &mapFile{path: path, entries: map[string][]byte{}}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return nil, fmt.Errorf("--map: %w", err)
	}
	if err := json.Unmarshal(data, &m.entries); err != nil {
		return nil, fmt.Errorf("--map: %s is no map of maskit", path)
	}
	return m, nil
}

// Put implements vault.Store.
func (m *mapFile) Put(_ context.Context, entries []vault.Entry, _ time.Duration) ([][]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	prior := make([][]byte, len(entries))
	for i, e := range entries {
		if prior[i] = m.entries[e.Key]; prior[i] == nil {
			m.entries[e.Key] = e.Value
			m.changed = true
		}
	}
	return prior, nil
}

// Get implements vault.Store.
func (m *mapFile) Get(_ context.Context, keys []string) ([][]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	values := make([][]byte, len(keys))
	for i, key := range keys {
		values[i] = m.entries[key]
	}
	return values, nil
}

// Delete implements vault.Store.
func (m *mapFile) Delete(_ context.Context, keys []string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, key := range keys {
		delete(m.entries, key)
		m.changed = true
	}
	return nil
}

// String describes the store in errors.
func (m *mapFile) String() string { return "the map " + m.path }

// Close writes the file if there is something new. The old one is whole until
// the new one is.
func (m *mapFile) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.changed {
		return nil
	}
	data, err := json.Marshal(m.entries)
	if err != nil {
		return fmt.Errorf("--map: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(m.path), ".maskit-map-*") // It has mode 0600.
	if err != nil {
		return fmt.Errorf("--map: %w", err)
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), m.path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("--map: writing: %w", err), os.Remove(f.Name()))
	}
	m.changed = false
	return nil
}
