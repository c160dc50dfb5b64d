package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var secret = bytes.Repeat([]byte("k"), 32)

// begin opens a trail into a file of its own.
func begin(t *testing.T, change func(*Config)) (*Trail, Config) {
	t.Helper()
	cfg := DefaultConfig()
	cfg.File = filepath.Join(t.TempDir(), "audit.jsonl")
	if change != nil {
		change(&cfg)
	}
	return again(t, cfg), cfg
}

func again(t *testing.T, cfg Config) *Trail {
	t.Helper()
	tr, err := Open(cfg, secret, nil)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func end(t *testing.T, tr *Trail) {
	t.Helper()
	if err := tr.Close(); err != nil {
		t.Fatal(err)
	}
}

// note writes n exchanges.
func note(tr *Trail, n int) {
	for i := range n {
		tr.Note(&Exchange{ID: fmt.Sprint("r", i), Tenant: "acme", Route: "openai/chat", Status: 200, Found: []Count{{"EMAIL_ADDRESS", 2}}})
	}
}

// faults verifies the trail of cfg.
func faults(t *testing.T, cfg Config) []Fault {
	t.Helper()
	r, err := Verify(Files(cfg.File), cfg.File+".head", secret)
	if err != nil {
		t.Fatal(err)
	}
	return r.Faults
}

func whole(t *testing.T, cfg Config) *Report {
	t.Helper()
	r, err := Verify(Files(cfg.File), cfg.File+".head", secret)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Faults {
		t.Error(f)
	}
	signed, err := VerifySigned(Files(cfg.File), PublicKey(secret))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range signed.Faults {
		t.Error("by the public key:", f)
	}
	return r
}

func TestTrailGoesOn(t *testing.T) {
	tr, cfg := begin(t, nil)
	note(tr, 10)
	if err := tr.Write(t.Context(), &Operation{Type: "restore", Operator: "ann", Reason: "ticket 7", Tokens: []string{"EMAIL7TX3W9KD"}, Status: 200}); err != nil {
		t.Fatal(err)
	}
	end(t, tr)
	tr = again(t, cfg)
	note(tr, 5)
	end(t, tr)
	// begin, 10, restore, checkpoint, begin, 5, checkpoint
	if r := whole(t, cfg); r.First != 1 || r.Last != 20 || r.Records != 20 || r.Checkpoints != 2 || r.Unsigned != 0 {
		t.Errorf("got %+v", r)
	}
}

func TestTrailRotates(t *testing.T) {
	tr, cfg := begin(t, nil)
	for _, o := range tr.outlets {
		o.sink.(*file).max = 4000
	}
	const n = 60
	for i := range n {
		if err := tr.Write(t.Context(), &Operation{Type: "restore", Operator: "ann", Version: i}); err != nil {
			t.Fatal(err)
		}
	}
	end(t, tr)
	files := Files(cfg.File)
	if len(files) < 4 {
		t.Fatalf("there are %d files", len(files))
	}
	first := whole(t, cfg)
	tr = again(t, cfg)
	end(t, tr)
	if r := whole(t, cfg); r.Last != first.Last+2 || r.Checkpoints != r.Records-n-2 {
		t.Errorf("before %+v, after %+v", first, r)
	}
	if err := os.Remove(files[1]); err != nil {
		t.Fatal(err)
	}
	if found := faults(t, cfg); len(found) != 1 || !strings.Contains(found[0].What, "missing") {
		t.Errorf("without the second file: %v", found)
	}
	r, err := Verify(Files(cfg.File)[1:], "", secret)
	if err != nil || len(r.Faults) != 0 {
		t.Errorf("a part of the trail: %v, %v", r, err)
	}
}

// TestTrailRestartsBetweenFiles begins when the last file was full and its
// successor holds nothing yet.
func TestTrailRestartsBetweenFiles(t *testing.T) {
	tr, cfg := begin(t, nil)
	note(tr, 3)
	end(t, tr)
	if err := os.Rename(cfg.File, cfg.File+".1"); err != nil {
		t.Fatal(err)
	}
	tr = again(t, cfg)
	end(t, tr)
	whole(t, cfg)
}

func TestTrailSetsTornLineAside(t *testing.T) {
	tr, cfg := begin(t, nil)
	note(tr, 3)
	end(t, tr)
	f, err := os.OpenFile(cfg.File, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString(`{"seq":6,"prev":"`)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	tr = again(t, cfg)
	note(tr, 1)
	end(t, tr)
	whole(t, cfg)
	b, err := os.ReadFile(cfg.File)
	if err != nil || !strings.Contains(string(b), `"torn":17`) {
		t.Errorf("the torn line is not told of: %v", err)
	}
	if b, err := os.ReadFile(cfg.File + ".torn"); err != nil || string(b) != "{\"seq\":6,\"prev\":\"\n" {
		t.Errorf("aside is %q, %v", b, err)
	}
}

func TestTrailIsOneProcess(t *testing.T) {
	tr, cfg := begin(t, nil)
	defer end(t, tr)
	if _, err := Open(cfg, secret, nil); !errors.Is(err, errLocked) {
		t.Errorf("a second one: %v", err)
	}
}

// flaky is a sink that fails while it is told to.
type flaky struct {
	mu  sync.Mutex
	bad bool
	got bytes.Buffer
}

func (f *flaky) set(bad bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.bad = bad
}

// Write takes a part before it fails, as a full disk does.
func (f *flaky) Write(b []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.bad {
		n, _ := f.got.Write(b[:len(b)/2])
		return n, errors.New("no space left on device")
	}
	return f.got.Write(b)
}

func failing(t *testing.T, onFailure string) (*Trail, *flaky) {
	t.Helper()
	out := new(flaky)
	cfg := DefaultConfig()
	cfg.Stdout, cfg.OnFailure = true, onFailure
	tr, err := Open(cfg, secret, out)
	if err != nil {
		t.Fatal(err)
	}
	return tr, out
}

func verifyBytes(t *testing.T, b []byte) (*Report, []byte) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "out")
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := Verify([]string{name}, "", secret)
	if err != nil {
		t.Fatal(err)
	}
	return r, b
}

func TestTrailRefusesWhileItFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr, out := failing(t, Refuse)
		synctest.Wait()
		out.set(true)
		op := &Operation{Type: "restore", Operator: "ann"}
		if err := tr.Write(t.Context(), op); !errors.Is(err, ErrUnwritable) {
			t.Errorf("a restoration: %v", err)
		}
		if err := tr.Ready(); !errors.Is(err, ErrUnwritable) {
			t.Errorf("ready: %v", err)
		}
		note(tr, 3)
		time.Sleep(2 * retryAfter) // of the bubble
		out.set(false)
		time.Sleep(2 * retryAfter)
		synctest.Wait()
		if err := tr.Ready(); err != nil {
			t.Errorf("ready again: %v", err)
		}
		if err := tr.Write(t.Context(), op); err != nil {
			t.Error(err)
		}
		end(t, tr)
		r, b := verifyBytes(t, out.got.Bytes())
		if len(r.Faults) != 0 || r.Records != 8 || !bytes.Contains(b, []byte("restore.not_done")) {
			t.Errorf("%+v", r)
		}
	})
}

func TestTrailServesWhileItFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr, out := failing(t, Serve)
		synctest.Wait()
		out.set(true)
		if err := tr.Write(t.Context(), &Operation{Type: "restore"}); err != nil {
			t.Errorf("a restoration: %v", err)
		}
		if err := tr.Ready(); err != nil {
			t.Errorf("ready: %v", err)
		}
		many := maxBacklog / 250
		note(tr, many)
		out.set(false)
		time.Sleep(2 * retryAfter)
		synctest.Wait()
		note(tr, 1)
		end(t, tr)
		r, b := verifyBytes(t, out.got.Bytes())
		if len(r.Faults) != 0 || !bytes.Contains(b, []byte(`"type":"gap"`)) || r.Records >= many {
			t.Errorf("%+v", r)
		}
	})
}

func TestTrailSignsWithTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr, out := failing(t, Refuse)
		note(tr, 1)
		time.Sleep(2*checkpointAfter + time.Second)
		synctest.Wait()
		if r, _ := verifyBytes(t, bytes.Clone(out.got.Bytes())); r.Checkpoints != 1 || r.Unsigned != 0 {
			t.Errorf("%+v", r)
		}
		end(t, tr)
	})
}

func TestWriteEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr, _ := failing(t, Refuse)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := tr.Write(ctx, &Operation{Type: "restore"}); err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		end(t, tr)
		if err := tr.Write(t.Context(), &Operation{Type: "restore"}); !errors.Is(err, ErrUnwritable) {
			t.Errorf("after its end: %v", err)
		}
	})
}

func TestManyWriters(t *testing.T) {
	tr, cfg := begin(t, nil)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				note(tr, 5)
				if err := tr.Write(t.Context(), &Operation{Type: "restore"}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	end(t, tr)
	if r := whole(t, cfg); r.Checkpoints < 3 || r.Records != 8*50*6+1+r.Checkpoints {
		t.Errorf("%+v", r)
	}
}

func BenchmarkNote(b *testing.B) {
	cfg := DefaultConfig()
	cfg.File = filepath.Join(b.TempDir(), "audit.jsonl")
	tr, err := Open(cfg, secret, nil)
	if err != nil {
		b.Fatal(err)
	}
	x := &Exchange{
		ID: "0123456789abcdef", Start: time.Now(), Route: "openai/chat", Upstream: "openai", Tenant: "acme", Client: "app", Policy: "standard", Version: "abcdef",
		Status: 200, Found: []Count{{"EMAIL_ADDRESS", 2}, {"PERSON", 3}}, Restored: 5, BytesIn: 2000, BytesOut: 800,
	}
	b.ReportAllocs()
	for b.Loop() {
		tr.Note(x)
	}
	if err := tr.Close(); err != nil {
		b.Fatal(err)
	}
}
