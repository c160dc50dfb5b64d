package access

import (
	"net/netip"
	"sync"
	"time"
)

// Limiter counts failed attempts by source or account, and says how long each
// has to wait. It waits for nobody itself: its caller refuses. It is safe for
// concurrent use, needs no goroutine, and its memory is bounded.
//
// A right key is right from wherever it comes: refuse only wrong ones by it, or
// whoever shares an address with a guesser is locked out with him.
//
// Like the vault's cache it is two maps: what fails goes into the fresh one; when
// that is full it becomes the aged one, and what was aged is forgotten.
type Limiter struct {
	mu          sync.Mutex
	fresh, aged map[string]attempts
}

// attempts are the failures of one source.
type attempts struct {
	failed int
	last   time.Time
}

const (
	// freeAttempts are mistakes that cost nothing.
	freeAttempts = 5
	// The first wait; each failure doubles it.
	firstWait = time.Second
	longWait  = time.Minute
	// forgetAfter without a failure a source begins anew.
	forgetAfter = 15 * time.Minute
	// maxSources is what one of the two maps holds: some 100 bytes each.
	maxSources = 1 << 14
)

// NewLimiter returns a limiter that has seen nobody.
func NewLimiter() *Limiter {
	return &Limiter{fresh: make(map[string]attempts), aged: make(map[string]attempts)}
}

// Wait returns how long source has to wait before it may try again, 0 if not.
func (l *Limiter) Wait(source string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.of(source).wait()
}

// Fail counts a failed attempt and returns how long source has to wait now.
// What is tried during a wait counts like any other failure.
func (l *Limiter) Fail(source string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.of(source)
	a.failed, a.last = a.failed+1, time.Now()
	if len(l.fresh) >= maxSources {
		l.fresh, l.aged = l.aged, l.fresh
		clear(l.fresh)
	}
	l.fresh[source] = a
	return a.wait()
}

// Succeed forgets the failures of source.
func (l *Limiter) Succeed(source string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.fresh, source)
	delete(l.aged, source)
}

// of is what is known of a source; the zero attempts if that is long ago.
func (l *Limiter) of(source string) attempts {
	a, ok := l.fresh[source]
	if !ok {
		a = l.aged[source]
	}
	if time.Since(a.last) >= forgetAfter {
		return attempts{}
	}
	return a
}

func (a attempts) wait() time.Duration {
	over := a.failed - freeAttempts
	if over <= 0 {
		return 0
	}
	wait := longWait
	if over < 7 { // Beyond, the shift passes longWait.
		wait = min(wait, firstWait<<(over-1))
	}
	return max(0, wait-time.Since(a.last))
}

// Source is the name of an address in a Limiter: IPv6 addresses by their /64,
// since who has one of it has all.
func Source(addr netip.Addr) string {
	addr = addr.Unmap().WithZone("")
	if addr.Is6() {
		return netip.PrefixFrom(addr, 64).Masked().String()
	}
	return addr.String()
}
