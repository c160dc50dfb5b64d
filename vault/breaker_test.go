package vault

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// hangingStore runs out of time while it hangs.
type hangingStore struct {
	Store
	hangs time.Duration // 0: it answers.
	calls int
}

func (s *hangingStore) Put(ctx context.Context, entries []Entry, ttl time.Duration) ([][]byte, error) {
	if err := s.hang(ctx); err != nil {
		return nil, err
	}
	return s.Store.Put(ctx, entries, ttl)
}

func (s *hangingStore) Get(ctx context.Context, keys []string) ([][]byte, error) {
	if err := s.hang(ctx); err != nil {
		return nil, err
	}
	return s.Store.Get(ctx, keys)
}

func (s *hangingStore) hang(ctx context.Context) error {
	s.calls++
	if s.hangs == 0 {
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(s.hangs):
		return fmt.Errorf("reading: %w", os.ErrDeadlineExceeded)
	}
}

func newHanging(t *testing.T) (*Tenant, *hangingStore) {
	s := &hangingStore{Store: NewMemory(1000), hangs: 100 * time.Millisecond}
	return New(s, newRing(t), DefaultConfig()).Tenant("acme"), s
}

// keepFor keeps one value and returns how long that took.
func keepFor(t *testing.T, tenant *Tenant) (time.Duration, error) {
	begin := time.Now()
	_, err := tenant.Keep(t.Context(), "c", []Item{{"CARD2BCDFGHJ", "4111", ""}})
	return time.Since(begin), err
}

func TestOneRequestWaitsForAHungStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tenant, s := newHanging(t)
		if took, err := keepFor(t, tenant); took != s.hangs || !errors.Is(err, ErrUnavailable) {
			t.Fatalf("the first: %v, %v", took, err)
		}
		for round := range 3 { // A probe that fails is followed by another.
			probe := make(chan time.Duration)
			go func() {
				took, _ := keepFor(t, tenant)
				probe <- took
			}()
			synctest.Wait()
			for range 50 {
				if took, err := keepFor(t, tenant); took != 0 || !errors.Is(err, ErrUnavailable) || !errors.Is(err, errHung) {
					t.Fatalf("round %d, beside the probe: %v, %v", round, took, err)
				}
			}
			if took := <-probe; took != s.hangs {
				t.Fatalf("round %d, the probe: %v", round, took)
			}
		}
		if s.calls != 4 {
			t.Errorf("the store was asked %d times", s.calls)
		}
		// The first request after the store is back is served, and so are all.
		s.hangs = 0
		for i := range 3 {
			if took, err := keepFor(t, tenant); took != 0 || err != nil {
				t.Errorf("request %d after: %v, %v", i, took, err)
			}
		}
	})
}

// Who gave up while he probed leaves the way free for the next.
func TestAProbeIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tenant, s := newHanging(t)
		_, _ = keepFor(t, tenant) // How it fails is another test's.
		ctx, cancel := context.WithTimeout(t.Context(), s.hangs/10)
		defer cancel()
		if _, err := tenant.Keep(ctx, "c", []Item{{"CARD2BCDFGHJ", "4111", ""}}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the probe: %v", err)
		}
		s.hangs = 0
		if _, err := keepFor(t, tenant); err != nil {
			t.Errorf("the next: %v", err)
		}
	})
}

func TestBreaker(t *testing.T) {
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	timeout := fmt.Errorf("reading: %w", os.ErrDeadlineExceeded)
	for _, c := range []struct {
		name    string
		ctx     context.Context
		hung    bool // Before the call.
		err     error
		hangs   bool // After it.
		refuses int
	}{
		{"an answer", t.Context(), false, nil, false, 0},
		{"out of time", t.Context(), false, timeout, true, 0},
		{"a caller's own deadline", gone, false, timeout, false, 0},
		{"an error at once", t.Context(), false, errors.New("refused"), false, 0},
		{"hung, an answer", t.Context(), true, nil, false, 1},
		{"hung, an answer to one who is gone", gone, true, nil, false, 1},
		{"hung, out of time", t.Context(), true, timeout, true, 1},
		{"hung, a caller's own deadline", gone, true, timeout, true, 1},
		{"hung, an error at once", t.Context(), true, errors.New("refused"), false, 1},
	} {
		b := breaker{hung: c.hung}
		refused := 0
		err := b.do(c.ctx, func() error {
			if _, ok := b.enter(); !ok {
				refused++
			}
			return c.err
		})
		if !errors.Is(err, c.err) || refused != c.refuses || b.hung != c.hangs || b.probing {
			t.Errorf("%s: %v; refused %d, hung %v, probing %v", c.name, err, refused, b.hung, b.probing)
		}
	}
}
