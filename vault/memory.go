package vault

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// Memory is a Store in this process: bounded, the oldest entries go first, and
// all is lost on exit.
type Memory struct {
	entries *fifo[string, []byte]
	closed  atomic.Bool
}

var errMemoryClosed = errors.New("the memory store is closed")

// NewMemory returns an empty store of at most maxEntries entries.
func NewMemory(maxEntries int) *Memory {
	return &Memory{entries: newFIFO[string, []byte](maxEntries)}
}

// prepareMemory is the row of memory:.
func prepareMemory(cfg Config) (func() Store, error) {
	if rest := cfg.URL.Reveal(); rest != "memory:" && rest != "memory://" {
		return nil, errors.New("url: memory: takes no address and no options")
	}
	return func() Store { return NewMemory(cfg.MaxEntries) }, nil
}

// Put implements Store.
func (m *Memory) Put(ctx context.Context, entries []Entry, ttl time.Duration) ([][]byte, error) {
	if err := m.ready(ctx); err != nil {
		return nil, err
	}
	prior := make([][]byte, len(entries))
	for i, e := range entries {
		prior[i], _ = m.entries.putIfAbsent(e.Key, e.Value, ttl)
	}
	return prior, nil
}

// Get implements Store.
func (m *Memory) Get(ctx context.Context, keys []string) ([][]byte, error) {
	if err := m.ready(ctx); err != nil {
		return nil, err
	}
	values := make([][]byte, len(keys))
	for i, key := range keys {
		values[i], _ = m.entries.get(key)
	}
	return values, nil
}

// Delete implements Store.
func (m *Memory) Delete(ctx context.Context, keys []string) error {
	if err := m.ready(ctx); err != nil {
		return err
	}
	for _, key := range keys {
		m.entries.remove(key)
	}
	return nil
}

// Close implements Store. It drops all entries.
func (m *Memory) Close() error {
	m.closed.Store(true)
	m.entries.clear()
	return nil
}

// String says what the store is, for the start-up line.
func (m *Memory) String() string { return "memory (lost on exit)" }

func (m *Memory) ready(ctx context.Context) error {
	if m.closed.Load() {
		return errMemoryClosed
	}
	return ctx.Err()
}
