package vault

import (
	"bytes"
	"context"
	"time"
)

// followEvery is how often a vault asks whether another one has erased something.
const followEvery = 400 * time.Millisecond

// mark puts an epoch into a store that has none: were the store emptied between
// two looks, it would look as before otherwise. It does not ask the breaker, as
// follow does not: exchanges need not wait for it.
func (v *Vault) mark(ctx context.Context, seen []byte) error {
	s, ok := v.store.(Swapper)
	if seen != nil || !ok {
		return nil
	}
	_, err := s.Swap(ctx, epochKey, nil, newEpoch(), 0)
	return err
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
			seen = entries[0]
			v.known.clear()
			lost = v.mark(ctx, seen) != nil
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
