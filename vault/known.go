package vault

import (
	"math"
	"math/bits"
	"sync"
	"time"
)

// KnownFor is how long a process believes that what it stored is still there,
// and does not store it again. It bounds how long a store that lost entries
// unseen goes unnoticed, and costs a running conversation one round trip a
// minute. A TTL below four minutes shortens it to a quarter of the TTL.
const KnownFor = time.Minute

// maxKnown bounds the cache: 2^16 items are 1 MB.
const maxKnown = 1 << 16

// known remembers which items the store has taken lately. It holds no originals
// but digests of tenant, conversation, token and value.
//
// It is a table of sets, each one line of the processor's cache. An item goes in
// the place of the oldest of its set. So nearly all of the last max/2 items are
// there, at a line each to find them; one that had to go too early is stored again.
type known struct {
	digester digester
	begin    time.Time // Ends are counted from here: steps of the clock do no harm.
	ttl      time.Duration
	max      int

	mu   sync.RWMutex
	sets []knownSet // A power of two of them.
	n    uint32     // How many items were learned.
	era  int        // How often all was forgotten.
}

type knownSet [4]belief

// belief is what is known of the item with that digest.
type belief struct {
	tag uint64 // Half of the digest; the other half chooses the set.
	n   uint32 // Which one of the items learned it is.
	end uint32 // When to stop believing, in knownTick since the begin.
}

// Kept says how long this process will believe that items are stored. The zero Kept
// is over.
type Kept struct {
	n, end uint32 // As in a belief: those of the oldest.
	era    int
}

// And returns what is believed of the items of both.
func (k Kept) And(other Kept) Kept {
	if k.era != other.era {
		return Kept{}
	}
	return k.with(belief{n: other.n, end: other.end})
}

func (k Kept) with(b belief) Kept {
	if int32(b.n-k.n) < 0 {
		k.n = b.n
	}
	k.end = min(k.end, b.end)
	return k
}

// knownTick makes ends wrap after eight years.
const knownTick = time.Second / 16

// ask is an item of a batch, by its index, whether it is known to be stored, and
// if not, whether the store said that its token is taken.
type ask struct {
	key   digest
	item  int
	known bool
	taken bool
}

// newKnown bounds the cache well below the entries that a memory store holds,
// so that what is known there has not yet had to make room.
func newKnown(cfg Config) *known {
	most := max(2, min(maxKnown, cfg.MaxEntries/4))
	return &known{
		digester: newDigester(),
		begin:    time.Now(),
		ttl:      min(KnownFor, cfg.TTL/4),
		max:      most,
		sets:     make([]knownSet, 1<<bits.Len(uint(most-1)/uint(len(knownSet{})))),
	}
}

// now is the time since the begin.
func (k *known) now() time.Duration { return time.Since(k.begin) }

// recall appends to dst what is known of each item in a conversation of a tenant.
// What is learned of the others goes to learn with kept, which is what is believed
// of those that are known.
func (k *known) recall(dst []ask, tenant, conversation string, items []Item) (asks []ask, kept Kept) {
	b := getBuffer()
	defer b.free()
	b.addText(tenant)
	b.addText(conversation)
	scope := len(b.b)
	for i := range items {
		b.b = b.b[:scope]
		b.addText(items[i].Token)
		b.addText(items[i].canonical())
		dst = append(dst, ask{key: k.digester.of(b.b), item: i})
	}
	now := uint32(k.now() / knownTick)
	k.mu.RLock()
	defer k.mu.RUnlock()
	kept = Kept{k.n, math.MaxUint32, k.era + 1}
	for i := range dst {
		var b belief
		if b, dst[i].known = k.belief(dst[i].key, now); dst[i].known {
			kept = kept.with(b)
		}
	}
	return dst, kept
}

// belief returns what is known of an item at a time.
func (k *known) belief(key digest, now uint32) (b belief, ok bool) {
	for _, b := range k.set(key) {
		if b.tag == key[1] && b.end > now && k.age(b) <= k.max {
			return b, true
		}
	}
	return belief{}, false
}

// holds reports whether that is still believed.
func (k *known) holds(kept Kept) bool {
	now := uint32(k.now() / knownTick)
	k.mu.RLock()
	defer k.mu.RUnlock()
	return kept.era == k.era+1 && kept.end > now && k.age(belief{n: kept.n}) <= k.max
}

func (k *known) set(key digest) *knownSet { return &k.sets[key[0]%uint64(len(k.sets))] }

// age is how many items were learned since, that one included.
func (k *known) age(b belief) int { return int(k.n - b.n) }

// learn remembers those asks that the store has taken; not if all was forgotten
// since they were recalled, for the answers may be from before. It returns what is
// believed of all of them, and of those that were known.
func (k *known) learn(asks []ask, kept Kept) Kept {
	end := uint32((k.now() + k.ttl) / knownTick)
	k.mu.Lock()
	defer k.mu.Unlock()
	if kept.era != k.era+1 {
		return Kept{}
	}
	for i := range asks {
		if asks[i].taken {
			continue
		}
		set, oldest := k.set(asks[i].key), 0
		for j, b := range set {
			if b.tag == asks[i].key[1] {
				oldest = j
				break
			}
			if k.age(b) > k.age(set[oldest]) {
				oldest = j
			}
		}
		set[oldest] = belief{asks[i].key[1], k.n, end}
		kept = kept.with(set[oldest])
		k.n++
	}
	return kept
}

// clear forgets all: the store may have lost entries, or somebody has erased some.
func (k *known) clear() {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.sets)
	k.era++
}
