package vault

import (
	"bytes"
	"context"
	"time"
)

// followEvery is how often a vault asks whether another one has erased something.
const followEvery = 400 * time.Millisecond

// mark puts an epoch into a store that has none: were the store emptied between
// two looks, it would look as before otherwise. A store that does not take it, as
// where a user of Redis may run no scripts, stays without. It does not ask the breaker,
// as follow does not: exchanges need not wait for it.
func (v *Vault) mark(ctx context.Context, seen []byte) {
	if s, ok := v.store.(Swapper); ok && seen == nil {
		s.Swap(ctx, epochKey, nil, newEpoch(), 0) //nolint:errcheck // As above.
	}
}

// follow unlearns what is stored whenever another process has erased something,
// until ctx ends. A store that does not answer is asked again: while it cannot be
// asked nothing is read from it either. One that came back may have lost what it
// held, so nothing is believed to be stored there any more.
func (v *Vault) follow(ctx context.Context) {
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	var seen []byte
	for lost := true; ; {
		entries, err := v.store.Get(ctx, []string{epochKey})
		switch {
		case err != nil:
			lost = true
		case lost || !bytes.Equal(entries[0], seen):
			seen, lost = entries[0], false
			v.known.clear()
			v.mark(ctx, seen)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
