package vault

import (
	"context"
	"errors"
	"net"
	"sync"
)

// breaker spares requests the wait for a store that hangs. Once a call has run
// out of time, one call at a time goes through; the others fail at once, until
// one is answered, be it with an error. There is no pause to choose: the very
// next call after a hiccup finds the store well and lets everybody through.
type breaker struct {
	mu      sync.Mutex
	hung    bool
	probing bool // Of a store that hung: a call is under way.
}

var errHung = errors.New("it did not answer in time, and another request is asking it now")

// do calls the store unless that hangs and is being asked. A caller that gave up
// says nothing about the store.
func (b *breaker) do(ctx context.Context, call func() error) error {
	probe, ok := b.enter()
	if !ok {
		return errHung
	}
	err := call()
	b.leave(probe, ctx.Err() == nil, err)
	return err
}

func (b *breaker) enter() (probe, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.hung && b.probing {
		return false, false
	}
	b.probing = b.hung || b.probing
	return b.hung, true
}

func (b *breaker) leave(probe, waited bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if probe {
		b.probing = false
	}
	if waited || err == nil {
		b.hung = ranOutOfTime(err)
	}
}

// ranOutOfTime reports whether an error is a deadline, of the network or of a
// context.
func ranOutOfTime(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout()
}
