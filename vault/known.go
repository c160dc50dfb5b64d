package vault

import (
	"hash/maphash"
	"time"
)

// KnownFor is how long a process believes that what it stored is still there,
// and does not store it again. It bounds how long a store that lost entries
// unseen goes unnoticed, and costs a running conversation one round trip a
// minute. A TTL below four minutes shortens it to a quarter of the TTL.
const KnownFor = time.Minute

// maxKnown bounds the cache: 2^16 items are about 8 MB.
const maxKnown = 1 << 16

// known remembers for which items the store has answered lately, and how. It
// holds no originals: a key is two hashes under seeds of this process, 128 bits
// together, so that no item is ever believed to be stored for another's sake.
type known struct {
	seeds   [2]maphash.Seed
	answers *fifo[knownKey, answer]
	ttl     time.Duration
}

type knownKey [2]uint64

// answer is what the store said of an item.
type answer bool

const (
	stored answer = false
	taken  answer = true
)

// newKnown bounds the cache well below the entries that a memory store holds,
// so that what is known there has not yet had to make room.
func newKnown(cfg Config) *known {
	return &known{
		seeds:   [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()},
		answers: newFIFO[knownKey, answer](max(1, min(maxKnown, cfg.MaxEntries/4))),
		ttl:     min(KnownFor, cfg.TTL/4),
	}
}

// key identifies an item of a tenant in a conversation.
func (k *known) key(t *Tenant, conversation string, it *Item) knownKey {
	id := struct{ tenant, conversation, token, canonical string }{
		t.name, conversation, it.Token, it.canonical(),
	}
	return knownKey{maphash.Comparable(k.seeds[0], id), maphash.Comparable(k.seeds[1], id)}
}

func (k *known) get(key knownKey) (answer, bool) { return k.answers.get(key) }

func (k *known) add(key knownKey, a answer) { k.answers.putIfAbsent(key, a, k.ttl) }

// clear forgets all: the store may have lost entries.
func (k *known) clear() { k.answers.clear() }
