package vault

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Entry is what a Store holds: a value, never empty, under a key. Both are
// opaque to it.
type Entry struct {
	Key   string
	Value []byte
}

// Store keeps opaque entries for a time. All methods may be called by several
// goroutines at once. They end with an error when the context does, and within
// 300 ms while the store hangs. No error text holds a key, a
// value or a password. An empty batch does nothing.
type Store interface {
	// Put stores each entry whose key is absent, in order, and renews the TTL
	// of those that are present. prior[i] is nil where entries[i] is stored
	// now, else what its key already held. It MUST be atomic for each entry
	// and one round trip for all, thousands excepted. After an error any of the entries may be
	// stored or not. The store may keep the values: nobody changes them after.
	Put(ctx context.Context, entries []Entry, ttl time.Duration) (prior [][]byte, err error)
	// Get returns the values of keys, nil where a key is absent. Nobody
	// changes them.
	Get(ctx context.Context, keys []string) ([][]byte, error)
	// Delete removes the keys that are present.
	Delete(ctx context.Context, keys []string) error
	// Close ends the store; every later call fails.
	Close() error
}

// Swapper is a Store that changes an entry, for the few entries that change:
// documents, passcodes, a tenant's data key. Such a key is not given to Put unless
// it was swapped in with a TTL.
type Swapper interface {
	// Swap stores value under key if key holds old at that moment, and reports
	// whether it did. A nil old stands for an absent key, and a nil value
	// deletes. With a ttl of 0 the entry has no end and never makes room for
	// another. After an error it may have happened or not.
	Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) (swapped bool, err error)
}

// Lister is a Store that tells which keys it holds. It looks through all of them:
// it is for what operators do, not for exchanges.
type Lister interface {
	// List calls each with the keys that begin with prefix, some at a time, and
	// ends with its error. A key that comes or goes meanwhile may be told or
	// not; a key may be told twice.
	List(ctx context.Context, prefix string, each func(keys []string) error) error
}

// What a caller decides by. All are wrapped with what we were doing.
var (
	// ErrUnavailable says that the store did not answer in time or refused.
	ErrUnavailable = errors.New("the store is unavailable")
	// ErrKey says that the store holds an entry which no key of the ring opens.
	ErrKey = errors.New("an entry cannot be opened")
	// ErrUnsupported says that the store is no Swapper or no Lister.
	ErrUnsupported = errors.New("this store cannot do that")
)

// backend is a row of the table of stores.
type backend struct {
	schemes []string
	// lasting stores outlive the process: they need a configured key.
	lasting bool
	// prepare reads the configuration and returns what makes the store. It
	// asks no network, so that a configuration can be checked anywhere. Its
	// error names the field and nothing of the URL.
	prepare func(Config) (func() Store, error)
}

var backends = []backend{
	{schemes: []string{"memory"}, prepare: prepareMemory},
	{schemes: []string{"redis", "rediss"}, lasting: true, prepare: prepareRedis},
	{schemes: []string{"redis+sentinel", "rediss+sentinel"}, lasting: true, prepare: prepareSentinel},
	{schemes: []string{"redis+cluster", "rediss+cluster"}, lasting: true, prepare: prepareCluster},
}

// backendOf returns the row for the scheme of a URL.
func backendOf(url Secret) (backend, error) {
	scheme, _, _ := strings.Cut(url.Reveal(), ":")
	var known []string
	for _, b := range backends {
		if slices.Contains(b.schemes, scheme) {
			return b, nil
		}
		known = append(known, b.schemes...)
	}
	// The scheme is not quoted: what has none may be a password.
	return backend{}, fmt.Errorf("url: its scheme is none of %s", strings.Join(known, ", "))
}
