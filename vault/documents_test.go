package vault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func documentsOf(t *testing.T, v *Vault) *Documents {
	t.Helper()
	d, err := v.Documents()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// documentContract is what documents do over every store. A memory store is in
// one process, the others are shared by two vaults.
func documentContract(t *testing.T, cfg Config) {
	v := openVault(t, cfg)
	other := v
	if v.store.(fmt.Stringer).String() != (*Memory)(nil).String() {
		other = openVault(t, cfg)
	}
	documents(t, documentsOf(t, v), documentsOf(t, other))
}

func TestDocumentsInAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rules.json")
	open := func() *Documents {
		d, err := OpenDocuments(path)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("there is a file before anything was put")
	}
	only := open() // One writes; others may read.
	documents(t, only, only)
	if doc, version, err := open().Get(t.Context(), "rules"); err != nil || version != 2 || string(doc) != "two" {
		t.Errorf("after a restart: %q, version %d, %v", doc, version, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if files, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); err != nil || len(files) > 0 {
		t.Errorf("left behind: %v, %v", files, err)
	}
	if err := os.WriteFile(path, []byte(`{"maskit:.doc:rules": tail-of-a-secret`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenDocuments(path); err == nil || bytes.Contains([]byte(err.Error()), []byte("secret")) {
		t.Errorf("a broken file: %v", err)
	}
}

// documents checks what two replicas, a and b, see of the same documents.
func documents(t *testing.T, a, b *Documents) {
	ctx := t.Context()
	meta := Meta{Who: "jane", Why: "a new form of numbers", When: time.Date(2026, 11, 23, 1, 2, 3, 0, time.UTC)}
	put := func(d *Documents, expected int, text string) error {
		version, err := d.Put(ctx, "rules", expected, []byte(text), meta)
		if err == nil && version != expected+1 {
			t.Errorf("version %d after %d", version, expected)
		}
		return err
	}
	if doc, version, err := a.Get(ctx, "rules"); doc != nil || version != 0 || err != nil {
		t.Errorf("before anything was put: %q, version %d, %v", doc, version, err)
	}
	if list, err := a.Versions(ctx, "rules"); len(list) != 0 || err != nil {
		t.Errorf("before anything was put: %v, %v", list, err)
	}
	if err := put(a, 0, "one"); err != nil {
		t.Fatal(err)
	}
	for _, expected := range []int{0, 2, -1} {
		if err := put(b, expected, "three"); !errors.Is(err, ErrConflict) {
			t.Errorf("expecting version %d: %v", expected, err)
		}
	}
	if err := put(b, 1, "two"); err != nil {
		t.Fatal(err)
	}
	for _, d := range []*Documents{a, b} {
		if doc, version, err := d.Get(ctx, "rules"); string(doc) != "two" || version != 2 || err != nil {
			t.Errorf("got %q, version %d, %v", doc, version, err)
		}
		doc, got, err := d.Version(ctx, "rules", 1)
		if string(doc) != "one" || got != meta || err != nil {
			t.Errorf("version 1: %q, %v, %v", doc, got, err)
		}
		for _, n := range []int{-1, 0, 3} {
			if doc, _, err := d.Version(ctx, "rules", n); doc != nil || err != nil {
				t.Errorf("version %d: %q, %v", n, doc, err)
			}
		}
		list, err := d.Versions(ctx, "rules")
		if err != nil || fmt.Sprint(list) != fmt.Sprint([]Version{{2, meta, 3}, {1, meta, 3}}) {
			t.Errorf("versions: %v, %v", list, err)
		}
	}
	for _, name := range []string{"", "a:b", "Rules", "a b"} {
		if _, err := a.Put(ctx, name, 0, nil, meta); err == nil {
			t.Errorf("a document called %q", name)
		}
	}
	for _, doc := range [][]byte{make([]byte, maxDocument+1), {0xff}} {
		if _, err := a.Put(ctx, "rules", 2, doc, meta); err == nil {
			t.Errorf("a document of %d bytes", len(doc))
		}
	}
	watched(t, a, b)
	raced(t, a, b)
}

// watched: what one replica puts, the other is told.
func watched(t *testing.T, a, b *Documents) {
	ctx, end := context.WithCancel(t.Context())
	told := make(chan int, 10)
	var watching sync.WaitGroup
	watching.Go(func() { b.Watch(ctx, "watched", func(version int) { told <- version }) })
	defer watching.Wait()
	defer end()
	for want := range 4 {
		if got := <-told; got != want {
			t.Errorf("told of version %d, want %d", got, want)
		}
		began := time.Now()
		if _, err := a.Put(ctx, "watched", want, fmt.Append(nil, want), Meta{}); err != nil {
			t.Fatal(err)
		}
		if got := <-told; got != want+1 {
			t.Errorf("told of version %d, want %d", got, want+1)
		} else {
			told <- got
		}
		if took := time.Since(began); took > 5*watchEvery { // A busy machine's share is in it.
			t.Errorf("told after %v", took)
		}
	}
}

// raced: of many who write a version one wins, and none is lost.
func raced(t *testing.T, a, b *Documents) {
	const versions = 10
	var group sync.WaitGroup
	var mu sync.Mutex
	won := map[int]string{}
	for w := range 4 {
		d := a
		if w%2 == 0 {
			d = b
		}
		group.Go(func() {
			for expected := 0; expected < versions; {
				text := fmt.Sprint(w, "-", expected)
				version, err := d.Put(t.Context(), "raced", expected, []byte(text), Meta{})
				switch {
				case err == nil:
					mu.Lock()
					if other, twice := won[version]; twice {
						t.Errorf("version %d is by %s and %s", version, other, text)
					}
					won[version] = text
					mu.Unlock()
					expected++
				case errors.Is(err, ErrConflict):
					if _, expected, err = d.Get(t.Context(), "raced"); err != nil {
						t.Error(err)
						return
					}
				default:
					t.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	for n, text := range won {
		if doc, _, err := a.Version(t.Context(), "raced", n); string(doc) != text || err != nil {
			t.Errorf("version %d: %q, %v; won by %q", n, doc, err, text)
		}
	}
	if len(won) < versions {
		t.Errorf("%d versions", len(won))
	}
}

// A writer that died between a version and the head has made the version.
func TestDocumentHeadLagsBehind(t *testing.T) {
	v := newMemoryVault(t)
	d := documentsOf(t, v)
	ctx := t.Context()
	for n := range 3 {
		if _, err := d.Put(ctx, "rules", n, fmt.Append(nil, n+1), Meta{}); err != nil {
			t.Fatal(err)
		}
	}
	head := documentKey("rules", 0)
	for _, lag := range []func() error{
		func() error { return v.store.Delete(ctx, []string{head}) },
		func() error {
			entries, err := v.store.Get(ctx, []string{head})
			if err != nil {
				return err
			}
			return d.write(ctx, head, entries[0], 1)
		},
	} {
		if err := lag(); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Put(ctx, "rules", 1, nil, Meta{}); !errors.Is(err, ErrConflict) {
			t.Errorf("writing version 2 again: %v", err)
		}
		if doc, version, err := d.Get(ctx, "rules"); string(doc) != "3" || version != 3 || err != nil {
			t.Errorf("got %q, version %d, %v", doc, version, err)
		}
	}
}

func TestDocumentsKeepTheLastVersions(t *testing.T) {
	d := documentsOf(t, newMemoryVault(t))
	for n := range keepVersions + 5 {
		if _, err := d.Put(t.Context(), "rules", n, []byte("x"), Meta{}); err != nil {
			t.Fatal(err)
		}
	}
	list, err := d.Versions(t.Context(), "rules")
	if err != nil || len(list) != keepVersions || list[0].Version != keepVersions+5 {
		t.Errorf("%d versions, %v", len(list), err)
	}
	if doc, _, err := d.Version(t.Context(), "rules", 5); doc != nil || err != nil {
		t.Errorf("version 5 is kept, %v", err)
	}
	// A version that is gone cannot be made again.
	if _, err := d.Put(t.Context(), "rules", 4, []byte("x"), Meta{}); !errors.Is(err, ErrConflict) {
		t.Error(err)
	}
}

// Watch goes on through failures, and tells what it missed and what is gone.
func TestDocumentWatchSurvives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &failingDocuments{Memory: NewMemory(1000)}
		v := New(store, newRing(t), DefaultConfig())
		d := documentsOf(t, v)
		ctx, end := context.WithCancel(t.Context())
		defer end()
		var told []int
		go d.Watch(ctx, "rules", func(version int) { told = append(told, version) })
		synctest.Wait()
		store.fails.Store(true)
		time.Sleep(10 * time.Second)
		store.fails.Store(false)
		for n := range 2 {
			if _, err := d.Put(ctx, "rules", n, nil, Meta{}); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Second)
		keys := []string{documentKey("rules", 0), documentKey("rules", 1), documentKey("rules", 2)}
		if err := store.Delete(ctx, keys); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if fmt.Sprint(told) != "[0 2 0]" {
			t.Errorf("told of versions %v", told)
		}
		end()
		synctest.Wait()
	})
}

type failingDocuments struct {
	*Memory
	fails atomic.Bool
}

func (s *failingDocuments) Get(ctx context.Context, keys []string) ([][]byte, error) {
	if s.fails.Load() {
		return nil, errors.New("out of order")
	}
	return s.Memory.Get(ctx, keys)
}

// Documents are sealed, by the vault's key and for their place.
func TestDocumentsAreSealed(t *testing.T) {
	v := newMemoryVault(t)
	d := documentsOf(t, v)
	ctx := t.Context()
	for n, text := range []string{"the first secret", "the second secret"} {
		if _, err := d.Put(ctx, "rules", n, []byte(text), Meta{Who: "a secret name"}); err != nil {
			t.Fatal(err)
		}
	}
	keys := []string{documentKey("rules", 0), documentKey("rules", 1), documentKey("rules", 2)}
	entries, err := v.store.Get(ctx, keys)
	if err != nil || bytes.Contains(bytes.Join(entries, nil), []byte("secret")) {
		t.Errorf("readable in the store, %v", err)
	}
	stranger := documentsOf(t, New(v.store, newRing(t), DefaultConfig()))
	if _, _, err := stranger.Get(ctx, "rules"); !errors.Is(err, ErrKey) {
		t.Errorf("under another key: %v", err)
	}
	if ok, err := v.store.(Swapper).Swap(ctx, keys[2], entries[2], entries[1], 0); err != nil || !ok {
		t.Fatal(ok, err)
	}
	if _, _, err := d.Get(ctx, "rules"); !errors.Is(err, ErrKey) {
		t.Errorf("an old version in the place of the new one: %v", err)
	}
}

func TestDocumentsWantAStoreThatSwaps(t *testing.T) {
	v, _ := newCounted(t)
	if _, err := v.Documents(); !errors.Is(err, ErrUnsupported) {
		t.Error(err)
	}
}
