package vault

import (
	"context"
	"fmt"
	"time"
)

// The calls to the store, through the breaker. Their errors are ErrUnavailable.

func (v *Vault) put(ctx context.Context, entries []Entry) (prior [][]byte, err error) {
	err = v.breaker.do(ctx, func() (err error) {
		prior, err = v.store.Put(ctx, entries, v.ttl)
		return err
	})
	if err == nil {
		return prior, nil
	}
	// A store in trouble may have lost what it once took. A caller that gave up
	// says nothing about the store.
	if ctx.Err() == nil {
		v.known.clear()
	}
	return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
}

func (v *Vault) get(ctx context.Context, keys []string) (entries [][]byte, err error) {
	err = v.breaker.do(ctx, func() (err error) {
		entries, err = v.store.Get(ctx, keys)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return entries, nil
}

func (v *Vault) remove(ctx context.Context, keys []string) error {
	err := v.breaker.do(ctx, func() error { return v.store.Delete(ctx, keys) })
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return nil
}

func (v *Vault) swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) (swapped bool, err error) {
	s, ok := v.store.(Swapper)
	if !ok {
		return false, fmt.Errorf("%s: %w", v.Describe(), ErrUnsupported)
	}
	err = v.breaker.do(ctx, func() (err error) {
		swapped, err = s.Swap(ctx, key, old, value, ttl)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return swapped, nil
}

// list is not through the breaker: it may take its time.
func (v *Vault) list(ctx context.Context, prefix string, each func(keys []string) error) error {
	l, ok := v.store.(Lister)
	if !ok {
		return fmt.Errorf("%s: %w", v.Describe(), ErrUnsupported)
	}
	if err := l.List(ctx, prefix, each); err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return nil
}
