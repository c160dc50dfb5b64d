package vault

import (
	"sync"
	"time"
)

// KnownFor is how long a process believes that what it stored is still there,
// and does not store it again. It bounds how long a store that lost entries
// unseen goes unnoticed, and costs a running conversation one round trip a
// minute. A TTL below four minutes shortens it to a quarter of the TTL.
const KnownFor = time.Minute

// maxKnown bounds the cache: 2^16 items are at most 4 MB.
const maxKnown = 1 << 16

// known remembers for which items the store has answered lately, and how. It
// holds no originals but digests of tenant, conversation, token and value.
//
// It is two maps: what is learned goes into the fresh one; when that is full it
// becomes the aged one, and what was aged is forgotten. So the last max/2 items
// are always there, never more than max, and no list has to be kept in order.
type known struct {
	digester digester
	begin    time.Time // Ends are counted from here: steps of the clock do no harm.
	ttl      time.Duration
	max      int

	mu          sync.RWMutex
	fresh, aged map[digest]belief
	era         int // How often all was forgotten.
}

// belief is an answer and when to stop believing it.
type belief struct {
	end    time.Duration
	answer answer
}

// answer is what the store said of an item.
type answer bool

const (
	stored answer = false
	taken  answer = true
)

// ask is an item of a batch, by its index, with the answer if that is known.
type ask struct {
	key    digest
	item   int
	known  bool
	answer answer
}

// newKnown bounds the cache well below the entries that a memory store holds,
// so that what is known there has not yet had to make room.
func newKnown(cfg Config) *known {
	return &known{
		digester: newDigester(),
		begin:    time.Now(),
		ttl:      min(KnownFor, cfg.TTL/4),
		max:      max(2, min(maxKnown, cfg.MaxEntries/4)),
		fresh:    make(map[digest]belief),
		aged:     make(map[digest]belief),
	}
}

// now is the time since the begin.
func (k *known) now() time.Duration { return time.Since(k.begin) }

// recall appends to dst what is known of each item in a conversation of a tenant.
// What is learned of them goes to learn with the era.
func (k *known) recall(dst []ask, tenant, conversation string, items []Item) (asks []ask, era int) {
	b := getBuffer()
	defer b.free()
	b.addText(tenant)
	b.addText(conversation)
	scope := len(b.b)
	for i := range items {
		b.b = b.b[:scope]
		b.addText(items[i].Token)
		b.addText(items[i].canonical())
		dst = append(dst, ask{key: k.digester.ofBytes(b.b), item: i})
	}
	now := k.now()
	k.mu.RLock()
	defer k.mu.RUnlock()
	for i := range dst {
		a := &dst[i]
		held, ok := k.fresh[a.key]
		if !ok {
			held = k.aged[a.key] // The zero belief has ended.
		}
		a.known, a.answer = held.end > now, held.answer
	}
	return dst, k.era
}

// learn remembers the answers to asks that were not known; not if all was
// forgotten since they were recalled, for the answers may be from before.
func (k *known) learn(asks []ask, era int) {
	end := k.now() + k.ttl
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.era != era {
		return
	}
	for i := range asks {
		if len(k.fresh) >= k.max/2 {
			k.fresh, k.aged = k.aged, k.fresh
			clear(k.fresh)
		}
		k.fresh[asks[i].key] = belief{end, asks[i].answer}
	}
}

// clear forgets all: the store may have lost entries, or somebody has erased some.
func (k *known) clear() {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.fresh)
	clear(k.aged)
	k.era++
}
