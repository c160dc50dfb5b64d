package vault

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Vault keeps the values that tokens stand for. It is safe for concurrent use.
type Vault struct {
	store    Store
	ring     *Keyring
	ttl      time.Duration
	serves   bool
	known    *known
	breaker  breaker
	check    *sealer // Seals the entry by which Ping tells whether the key fits.
	warnings []string
	cost     cost // Of new passcodes.

	unfollow  context.CancelFunc // Ends what Open has started.
	following sync.WaitGroup

	mu      sync.RWMutex
	tenants map[string]*Tenant
}

// Figures of the vault as a whole.
const (
	// openWithin is how long Open tries to reach the store. A store that is
	// just starting gets its chance; a start that hangs helps nobody.
	openWithin  = time.Second
	openAttempt = 250 * time.Millisecond
	openPause   = 50 * time.Millisecond
	// maxTenants bounds the cache of tenants, whose names may come from
	// clients. Making one anew costs a few microseconds.
	maxTenants = 10_000
)

// Open checks cfg, opens the store that it names and proves, within a second,
// that the store answers, takes a write and was not filled under another key.
// Without keys a memory: vault gets a fresh one.
func Open(ctx context.Context, cfg Config) (*Vault, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	b, err := backendOf(cfg.URL)
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	if len(cfg.Keys) == 0 {
		cfg.Keys = []Secret{NewKey()} // Validate has refused this for a lasting store.
	}
	ring, err := NewKeyring(cfg.Keys)
	if err != nil {
		return nil, err
	}
	makeStore, err := b.prepare(cfg)
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	v := New(makeStore(), ring, cfg)
	if err := v.reach(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("vault: opening %s: %w", v.Describe(), err), v.Close())
	}
	if w, ok := v.store.(warner); ok {
		v.warnings = w.warn(ctx)
	}
	if b.lasting {
		follow, end := context.WithCancel(context.WithoutCancel(ctx))
		v.unfollow = end
		v.following.Go(func() { v.follow(follow) })
	}
	return v, nil
}

// warner is a store that can tell what in its set-up endangers entries.
type warner interface {
	warn(ctx context.Context) []string
}

// New returns a vault over a store of the caller's, which Close closes. It asks
// nothing of the store, and does not notice that another process has erased
// something. Of cfg it reads TTL, MaxEntries and OnFailure.
func New(store Store, ring *Keyring, cfg Config) *Vault {
	return &Vault{
		store:  store,
		ring:   ring,
		ttl:    cfg.TTL,
		serves: cfg.OnFailure == OnFailureServe,
		known:  newKnown(cfg),
		check:  newSealer(ring, ""),
		cost:   usualCost,

		unfollow: func() {},
		tenants:  make(map[string]*Tenant),
	}
}

// Close ends the vault and its store.
func (v *Vault) Close() error {
	v.unfollow()
	err := v.store.Close() // Before waiting: it ends a call that hangs.
	v.following.Wait()
	return err
}

// ServesOnFailure reports whether the configuration lets a request whose values
// could not be stored be served from its own map: its answer is restored, but
// later requests may not find the tokens. Otherwise it is refused. It decides
// about ErrUnavailable only: after an ErrKey nothing is served.
func (v *Vault) ServesOnFailure() bool { return v.serves }

// Describe says which store this is, for the start-up line: "memory (lost on
// exit)", "redis at host:port, db 0". It shows no password.
func (v *Vault) Describe() string {
	if s, ok := v.store.(fmt.Stringer); ok {
		return s.String()
	}
	return "a store of the program's own"
}

// Warnings says, in whole sentences, what Open saw in the store's set-up that
// can lose entries.
func (v *Vault) Warnings() []string { return v.warnings }

// checkKey is where the entry of Ping lies. No tenant's prefix begins so.
const checkKey = "maskit:check"

// Ping writes to the store and reads back: it fails with ErrUnavailable when
// the store does not answer or takes no writes, and with ErrKey when the store
// was filled under a key that this vault does not have. Two processes with
// different keys would otherwise both work and never restore what the other
// masked. It asks also while a store that hangs is not asked for others. One round
// trip, and two more after the active key has changed.
func (v *Vault) Ping(ctx context.Context) error {
	if err := v.probe(ctx); err != nil {
		return fmt.Errorf("vault: checking %s: %w", v.Describe(), err)
	}
	return nil
}

func (v *Vault) probe(ctx context.Context) error {
	entry := []Entry{{checkKey, v.check.seal(nil, checkKey, []byte("maskit"))}}
	prior, err := v.store.Put(ctx, entry, v.ttl)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if prior[0] == nil {
		return nil
	}
	if _, err := v.check.open(nil, checkKey, prior[0]); err != nil {
		return err
	}
	if v.check.sealedByFirst(prior[0]) {
		return nil
	}
	// The active key is new: from now on, who lacks it must be told at his start.
	if err := v.store.Delete(ctx, []string{checkKey}); err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if _, err := v.store.Put(ctx, entry, v.ttl); err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return nil
}

// reach pings until the store answers, its answer will not change, or the time
// is up.
func (v *Vault) reach(ctx context.Context) error {
	// The last attempt wants its own time, or it would only say that time was up.
	last := time.After(openWithin - openAttempt)
	pause := time.NewTicker(openPause)
	defer pause.Stop()
	for {
		err := v.probe(ctx)
		if err == nil || errors.Is(err, ErrKey) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-last:
			return err
		case <-pause.C:
		}
	}
}

// Tenant returns the tenant of that name, any name; it is made when first asked
// for and costs a look-up after.
func (v *Vault) Tenant(name string) *Tenant {
	v.mu.RLock()
	t := v.tenants[name]
	v.mu.RUnlock()
	if t != nil {
		return t
	}
	t = newTenant(v, name)
	v.mu.Lock()
	defer v.mu.Unlock()
	if first := v.tenants[name]; first != nil {
		return first
	}
	if len(v.tenants) >= maxTenants {
		clear(v.tenants) // A tenant holds nothing that cannot be had again.
	}
	v.tenants[t.name] = t
	return t
}
