package vault

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Documents are small texts that change while maskit runs, such as the rules
// that operators make. Each has versions, counted from 1, of which the last
// keepVersions are kept; a version never changes. All replicas on one store see
// the same documents, and Watch tells them of a new version within a second.
//
// A version is an entry of its own, and to make it is what commits it: of two who
// write the same version one finds it there. The head, which says what the last
// version is, only spares the search: one that lags behind, because a writer died
// before he set it, is put right by whoever reads it.
//
//	maskit:.doc:<name>        the head
//	maskit:.doc:<name>:<n>    version n
type Documents struct {
	store documentStore
	seals *sealer // nil where entries lie open.
}

// documentStore is what Documents need of a Store.
type documentStore interface {
	Swapper
	Get(ctx context.Context, keys []string) ([][]byte, error)
	Delete(ctx context.Context, keys []string) error
}

// ErrConflict says that a document is at another version than the writer thought.
var ErrConflict = errors.New("the document has changed in the meantime")

// Meta says who made a version of a document, why and when.
type Meta struct {
	Who  string    `json:"who"`
	Why  string    `json:"why"`
	When time.Time `json:"when"`
}

// Version is what the list of versions tells of one.
type Version struct {
	Version int `json:"version"`
	Meta
	Size int `json:"size"` // In bytes.
}

const (
	keepVersions = 200
	// maxDocument is the largest document, in bytes: it is read at each change by
	// each replica.
	maxDocument = 1 << 20
	// watchEvery is how often Watch asks. Polling survives whatever happens to
	// connections, and finds what happened meanwhile; a subscription does not.
	watchEvery = 500 * time.Millisecond
)

// Documents returns the documents in the vault's store, sealed like its values
// but by the vault's key alone. The error is ErrUnsupported for a store that
// cannot swap.
func (v *Vault) Documents() (*Documents, error) {
	store, ok := v.store.(documentStore)
	if !ok {
		return nil, fmt.Errorf("vault: keeping documents in %s: %w", v.Describe(), ErrUnsupported)
	}
	return &Documents{store: store, seals: v.check}, nil
}

// OpenDocuments returns the documents in a file of their own, for one process on
// one machine whose vault is lost on exit. Others may read them. They lie there as JSON, open, in mode
// 0600; the file is made at the first Put.
func OpenDocuments(path string) (*Documents, error) {
	f := &documentFile{path: path}
	if err := f.read(); err != nil {
		return nil, fmt.Errorf("vault: reading documents: %w", err)
	}
	return &Documents{store: f}, nil
}

// Get returns the document as it is now and its version; nil and 0 if there is
// none.
func (d *Documents) Get(ctx context.Context, name string) (doc []byte, version int, err error) {
	for {
		if version, err = d.latest(ctx, name, version); err != nil || version == 0 {
			return nil, 0, d.failed("reading", name, err)
		}
		v, err := d.read(ctx, name, version)
		if err != nil {
			return nil, 0, d.failed("reading", name, err)
		}
		if v != nil { // Else it went between the two calls.
			return []byte(v.Text), version, nil
		}
	}
}

// Put makes version expected+1 of a document and returns that number. The error
// is ErrConflict unless expected is the version in force, 0 for none. Documents
// are UTF-8 and at most 1 MiB.
func (d *Documents) Put(ctx context.Context, name string, expected int, doc []byte, meta Meta) (version int, err error) {
	if len(doc) > maxDocument || !utf8.Valid(doc) {
		return 0, fmt.Errorf("vault: writing the document %s: %d bytes that are no UTF-8 or more than %d", name, len(doc), maxDocument)
	}
	now, err := d.latest(ctx, name, expected)
	if err == nil && now != expected {
		err = ErrConflict
	}
	if err != nil {
		return 0, d.failed("writing", name, err)
	}
	version = expected + 1
	err = d.write(ctx, documentKey(name, version), nil, documentVersion{meta, string(doc)})
	if err != nil {
		return 0, d.failed("writing", name, err)
	}
	// The version is made. What fails from here on is done by the next to come.
	_, _ = d.latest(ctx, name, expected)
	if old := version - keepVersions; old > 0 {
		_ = d.store.Delete(ctx, []string{documentKey(name, old)})
	}
	return version, nil
}

// Versions lists the versions that are kept, the newest first.
func (d *Documents) Versions(ctx context.Context, name string) ([]Version, error) {
	last, err := d.latest(ctx, name, 0)
	if err != nil {
		return nil, d.failed("listing", name, err)
	}
	list := []Version{} // Never nil: it is a list in JSON too.
	for n := last; n > max(0, last-keepVersions); n-- {
		v, err := d.read(ctx, name, n)
		if err != nil {
			return nil, d.failed("listing", name, err)
		}
		if v != nil {
			list = append(list, Version{n, v.Meta, len(v.Text)})
		}
	}
	return list, nil
}

// Version returns version n of a document, nil if it is not, or no longer, there.
func (d *Documents) Version(ctx context.Context, name string, n int) ([]byte, Meta, error) {
	if n < 1 {
		return nil, Meta{}, nil
	}
	v, err := d.read(ctx, name, n)
	if err != nil || v == nil {
		return nil, Meta{}, d.failed("reading", name, err)
	}
	return []byte(v.Text), v.Meta, nil
}

// Watch calls changed with the version in force, and again within a second of
// each change, by whatever replica; with 0 when there is no document, or none any
// more. It returns when ctx ends. While the store does not answer it goes on
// asking.
func (d *Documents) Watch(ctx context.Context, name string, changed func(version int)) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for seen := -1; ; {
		if now, err := d.latest(ctx, name, max(0, seen)); err == nil && now != seen {
			seen = now
			changed(now)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// documentVersion is a version as it is stored.
type documentVersion struct {
	Meta
	Text string `json:"text"`
}

// latest returns the last version, 0 if there is none. With the right guess it
// costs one round trip.
func (d *Documents) latest(ctx context.Context, name string, guess int) (int, error) {
	if !documentName(name) {
		return 0, errors.New("its name is not of a-z, 0-9, - and _")
	}
	for {
		keys := []string{documentKey(name, 0), documentKey(name, guess+1)}
		entries, err := d.get(ctx, keys)
		if err != nil {
			return 0, err
		}
		head, err := d.head(keys[0], entries[0])
		if err != nil || head == guess && entries[1] == nil {
			return head, err
		}
		if head == guess { // A version more than the head says.
			if err := d.write(ctx, keys[0], entries[0], head+1); err != nil && !errors.Is(err, ErrConflict) {
				return 0, err
			}
			head++
		}
		guess = head
	}
}

// head reads the entry of a head. One that is sealed under an older key is left
// as it is: the next version seals it anew.
func (d *Documents) head(key string, entry []byte) (n int, err error) {
	if entry == nil {
		return 0, nil
	}
	err = d.decode(key, entry, &n)
	return n, err
}

func (d *Documents) read(ctx context.Context, name string, n int) (*documentVersion, error) {
	key := documentKey(name, n)
	entries, err := d.get(ctx, []string{key})
	if err != nil || entries[0] == nil {
		return nil, err
	}
	v := new(documentVersion)
	return v, d.decode(key, entries[0], v)
}

func (d *Documents) get(ctx context.Context, keys []string) ([][]byte, error) {
	entries, err := d.store.Get(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return entries, nil
}

// write swaps an entry in; the error is ErrConflict if another than old is there.
func (d *Documents) write(ctx context.Context, key string, old []byte, content any) error {
	entry, err := json.Marshal(content)
	if err != nil {
		return err
	}
	if d.seals != nil {
		entry = d.seals.seal(nil, key, entry)
	}
	swapped, err := d.store.Swap(ctx, key, old, entry, 0)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if !swapped {
		return ErrConflict
	}
	return nil
}

func (d *Documents) decode(key string, entry []byte, content any) (err error) {
	if d.seals != nil {
		if entry, err = d.seals.open(nil, key, entry); err != nil {
			return err
		}
	}
	if json.Unmarshal(entry, content) != nil { // Its error would quote the entry.
		return fmt.Errorf("%w: an entry of %d bytes is no document", ErrKey, len(entry))
	}
	return nil
}

func (d *Documents) failed(doing, name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("vault: %s the document %q: %w", doing, name, err)
}

// documentKey is where version n of a document lies, or, for 0, its head. No
// prefix of a tenant begins with a dot.
func documentKey(name string, n int) string {
	key := "maskit:.doc:" + name
	if n > 0 {
		key += ":" + strconv.Itoa(n)
	}
	return key
}

func documentName(name string) bool {
	return name != "" && len(name) <= 64 && strings.TrimFunc(name, plainRune) == ""
}
