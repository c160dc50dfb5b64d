package mask

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"hash/maphash"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"maskit/detect"
	"maskit/vault"
)

// A client sends its whole conversation with each turn. past is what a session knew
// when it had masked the elements of the array that holds it: what was put where,
// for which values, and what must be known of the texts to tell whether something
// new changes them. A session that meets the same bytes again goes on from there
// (see resume.go): of a conversation that grows only the newest turn is walked.
//
// It holds places, kinds, tokens and hashes, never a value or a text: values are cut
// again out of the client's own bytes. It does not change once it is made.
type past struct {
	tenant, format string
	from, size     int    // the elements are body[from:size]
	sums           []byte // of body[:size], see pasts.appendSum

	edits     []pastEdit
	values    []pastValue // each once, in the order in which they were met
	inherited int         // how many of them the one before had
	byValue   []uint64    // where they are, by hashes of their kinds and spellings, see placed
	byToken   []uint64    // and by those of their tokens
	labels    []string    // of those
	kept      vault.Kept  // that they are stored, in the conversation
	within    string      // the conversation
	secret    bool        // one of them is a secret
	tally     tally
	likes     []uint64 // hashes of what looks like a token in the texts, sorted
	long      int      // texts that the cache has

	// What was looked for in the texts, and found to stand there or not; and what
	// the texts tell of, to be looked for in new ones. Of what texts behind them have
	// told nobody may tell when the next ones come: that is not handed on.
	words      []uint32 // of the texts, sorted
	sought     []uint64 // hashes of variants that the body up to here tells of, sorted
	soughtOnce []uint64 // and of those that what was behind told of
	told       []telling
	needs      []uint32 // the words of all that, see telling

	line   *line
	leaves bool        // see resumption
	grown  atomic.Bool // another one goes on in the room behind its lists
}

// grow returns a list with more behind it. One past may go on in the room behind the
// list of the one before, which nobody reads; others copy it.
func grow[T any](list []T, inPlace bool, more ...T) []T {
	if !inPlace {
		list = slices.Clip(list)
	}
	return append(list, more...)
}

// pastEdit says that with was put in the place of body[start:end].
type pastEdit struct {
	start, end uint32
	with       string
}

// place is where a value stands in a body: literally, or as in a string literal.
type place struct {
	start, end uint32
	escaped    bool
}

// pastValue is an entry of a session.
type pastValue struct {
	place
	kind    detect.Kind
	term    string
	token   string
	attempt int
}

// telling is a finding that is to be looked for in all texts.
type telling struct {
	place
	kind detect.Kind
	hash uint64 // of kind and value
	end  uint32 // in needs: behind the words of each of its variants, a 0 behind each
}

const (
	minPast     = 2 << 10 // bytes of a body; shorter ones are walked as quickly
	minElements = 4       // of an array: fewer are no conversation yet
	pastBlock   = 32 << 10
	sumSize     = 16
	pastWeight  = 16 << 20 // bytes that a policy's pasts take at most
	minHint     = 1 << 10
	hintWindow  = 256
	maxLines    = 4 // that are tried for one hint
	lately      = 3 // pasts of a line
	maxTries    = 8 // bodies that differ in their last block

	placeBits = 15
	maxPlaces = 1 << placeBits // edits of a past, and values
)

// placed is a hash whose lowest bits tell the place in a list of what has it.
func placed(hash uint64, place int) uint64 { return hash&^(maxPlaces-1) | uint64(place) }

// lookIn returns the place, in a sorted list of such, of what has a hash and is what is
// meant; -1 if there is none.
func lookIn(list []uint64, hash uint64, is func(place int) bool) int {
	i, _ := slices.BinarySearch(list, placed(hash, 0))
	for ; i < len(list) && (list[i]^hash)>>placeBits == 0; i++ {
		if place := int(list[i] % maxPlaces); is(place) {
			return place
		}
	}
	return -1
}

// tokenAt returns the place among the values of that with a token, which has that
// hash; -1 if there is none.
func (p *past) tokenAt(hash uint64, token []byte) int {
	return lookIn(p.byToken, hash, func(i int) bool { return p.values[i].token == string(token) })
}

// pasts are those of a policy, by hints: hashes of the bytes before each power of two
// of a body's size. The later ones are in the part of a conversation that is its own.
// What a hint leads to is compared as a whole: by GMAC under a random key of this
// process, whose tags nobody sees, so that nobody can make two bodies that are taken
// for one.
//
// There are two generations, as in a cache.
type pasts struct {
	seed  maphash.Seed
	mac   cipher.AEAD
	nonce []byte

	mu         sync.Mutex
	young, old map[uint64][]*line
	weight     int // of the young ones
	age        int // counts generations
	born       time.Time
}

// line is one conversation: what was known of it lately, the newest first. Clients
// change the last elements that they sent, such as marks for the provider's cache.
type line struct {
	pasts  [lately]*past
	weight int
	age    int
}

// other returns the newest that is not p.
func (l *line) other(p *past) *past {
	if l.pasts[0] == p {
		return l.pasts[1]
	}
	return l.pasts[0]
}

func newPasts() *pasts {
	key := make([]byte, 32)
	rand.Read(key) // Never fails: it ends the process instead.
	block, err := aes.NewCipher(key)
	if err != nil {
		panic("BUG: " + err.Error())
	}
	mac, err := cipher.NewGCM(block)
	if err != nil {
		panic("BUG: " + err.Error())
	}
	return &pasts{seed: maphash.MakeSeed(), mac: mac, nonce: make([]byte, mac.NonceSize())}
}

// appendSum appends the hash of a block of a body. One nonce does for all, since no tag
// is ever shown: two blocks have one hash with a chance of 2^-117 whoever chose them.
func (ps *pasts) appendSum(dst, block []byte) []byte { return ps.mac.Seal(dst, ps.nonce, nil, block) }

// sumsOf returns the hashes of body, of which the blocks before those known have not
// changed.
func (ps *pasts) sumsOf(body, known []byte) []byte {
	sums := append(make([]byte, 0, (len(body)/pastBlock+1)*sumSize), known...)
	for at := len(sums) / sumSize * pastBlock; at < len(body); at += pastBlock {
		sums = ps.appendSum(sums, body[at:min(len(body), at+pastBlock)])
	}
	return sums
}

// likeness compares a body with pasts.
type likeness struct {
	ps    *pasts
	body  []byte
	sums  []byte // of its first blocks, as far as they were needed
	tries int    // that are left
}

// is reports whether the body begins as the past did.
func (l *likeness) is(p *past) bool {
	for at := 0; at < p.size; at += pastBlock {
		i := at / pastBlock * sumSize
		sum, end := l.sums, at+pastBlock
		switch {
		case end > p.size: // Others end elsewhere in this block.
			if l.tries--; l.tries < 0 {
				return false
			}
			sum = l.ps.appendSum(l.sums[:i:i], l.body[at:p.size])
		case len(sum) < i+sumSize:
			l.sums = l.ps.appendSum(l.sums, l.body[at:end])
			sum = l.sums
		}
		if string(sum[i:i+sumSize]) != string(p.sums[i:i+sumSize]) {
			return false
		}
	}
	return true
}

// find returns what is known of the longest beginning of body in which the first
// element of an array stands at from; nil if nothing is. changed says that the body
// seems to be one of which more was known, and is so no longer.
func (ps *pasts) find(tenant, format string, body []byte, from int) (found *past, changed bool) {
	var few [32]uint64
	var room [maxLines * lately]*past
	like := likeness{ps: ps, body: body, tries: maxTries}
	for _, hint := range slices.Backward(ps.hints(few[:0], tenant, format, body)) {
		for _, p := range ps.candidates(room[:0], hint) {
			if p.size >= len(body) || p.from != from || p.tenant != tenant || p.format != format {
				continue
			}
			if like.is(p) {
				return p, changed
			}
			changed = true
		}
	}
	return nil, changed
}

// hints appends the hints of a body, that of the latest bytes last.
func (ps *pasts) hints(hints []uint64, tenant, format string, body []byte) []uint64 {
	var h maphash.Hash
	h.SetSeed(ps.seed)
	for at := minHint; at <= len(body); at *= 2 {
		h.Reset()
		h.WriteString(tenant)
		h.WriteByte(0)
		h.WriteString(format)
		h.WriteByte(0)
		h.Write(body[at-hintWindow : at])
		hints = append(hints, h.Sum64())
	}
	return hints
}

// candidates appends what a hint leads to, the newest first.
func (ps *pasts) candidates(all []*past, hint uint64) []*past {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	ps.expire()
	lines, young := ps.young[hint]
	if !young {
		if lines = ps.old[hint]; lines != nil {
			ps.young[hint] = lines
		}
	}
	for _, l := range lines {
		if l.age != ps.age {
			l.age = ps.age
			ps.weight += l.weight
		}
		for _, p := range l.pasts {
			if p != nil {
				all = append(all, p)
			}
		}
	}
	return all
}

// put remembers p, which goes on from before if that is not nil: as the first one, on
// its line, or as another branch.
func (ps *pasts) put(p, before *past, branch bool, body []byte) {
	var few [32]uint64
	hints := ps.hints(few[:0], p.tenant, p.format, body[:p.size])
	ps.mu.Lock()
	defer ps.mu.Unlock()
	ps.expire()
	if p.weight(false) > pastWeight/16 {
		return
	}
	l := &line{}
	if before != nil && !branch {
		l = before.line
	}
	if l.age != ps.age || l.weight == 0 {
		l.age = ps.age
		ps.weight += l.weight
	}
	p.line = l
	l.pasts = [lately]*past{p, before, l.other(before)}
	was := l.weight
	l.weight = 0
	for _, o := range l.pasts {
		if o != nil {
			l.weight += o.weight(o != p)
		}
	}
	if ps.weight += l.weight - was; ps.weight > pastWeight/2 {
		ps.turn(time.Now())
		l.age, ps.weight = ps.age, l.weight
	}
	for _, hint := range hints {
		lines := ps.young[hint]
		if len(lines) > 0 && lines[0] == l {
			continue
		}
		first := []*line{l}
		for _, o := range lines {
			if o != l && len(first) < maxLines {
				first = append(first, o)
			}
		}
		ps.young[hint] = first
	}
}

// drop forgets what did not go with what came after.
func (ps *pasts) drop(p *past) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	p.line.pasts = [lately]*past{}
}

// expire drops what was not asked for for long.
func (ps *pasts) expire() {
	now := time.Now()
	age := now.Sub(ps.born)
	if age >= cacheTTL {
		ps.young = nil
	}
	if age >= cacheTTL/2 {
		ps.turn(now)
	}
}

// turn begins a new generation.
func (ps *pasts) turn(now time.Time) {
	ps.young, ps.old, ps.weight, ps.born = make(map[uint64][]*line), ps.young, 0, now
	ps.age++
}

// weight is about how many bytes p takes, without the lists that it shares with the
// one that goes on from it if shared.
func (p *past) weight(shared bool) int {
	const fixed, hint = 512, 64
	n := fixed + len(p.sums) + 4*len(p.words) + 8*(len(p.sought)+len(p.soughtOnce)+len(p.likes)+len(p.byValue)+len(p.byToken))
	if shared {
		return n
	}
	n += 8*hint + 24*len(p.edits) + 80*len(p.values) + 56*len(p.told) + 4*len(p.needs)
	for i := range p.values {
		n += len(p.values[i].token)
	}
	return n
}

// appendNeed appends the words by which a variant is found (see values.add), and a 0
// behind them.
func appendNeed(need []uint32, variant string) []uint32 {
	text := []byte(variant)
	at := 0
	for at < len(text) && !startsAtom(text[at:]) {
		at++
	}
	for at >= 0 && at < len(text) {
		stop, h := atom(text, at, hashSeed)
		need = append(need, wordOf(h))
		at, _ = gap(text, stop, 0)
	}
	return append(need, 0)
}

// wordOf is what is kept of the hash of a word: never 0.
func wordOf(h uint64) uint32 { return max(1, uint32(h>>32)) }

// mayStand reports whether has is true of all words that some variant needs.
func mayStand(need []uint32, has func(word uint32) bool) bool {
	words, all := 0, true
	for _, w := range need {
		switch {
		case w != 0:
			words, all = words+1, all && has(w)
		case words > 0 && all:
			return true
		default:
			words, all = 0, true
		}
	}
	return false
}
