package mask

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"strings"
)

// remember makes a past of what was walked, for the next turn to go on from. What
// depends on more than the texts up to there is not remembered: a token that was
// exchanged, a value that only a text behind them tells of, an edit that is not just
// one value in the place of another, a text at which a recogniser did not look.
func (s *Session) remember() {
	r := &s.resumption
	if r.region.end == 0 || r.region.end > math.MaxInt32 || r.spoilt || s.stats.Unkept {
		return
	}
	g, t := &r.region, &s.texts
	if t.known.parted || len(t.known.seen) >= maxKnown || len(t.known.list) >= maxKnown {
		return
	}
	long, ok := s.dependsOnItself()
	if !ok {
		return
	}
	before := r.past
	if before == nil {
		before = &past{from: g.at}
	}
	mine := before.grown.CompareAndSwap(false, true)
	p := &past{
		tenant: s.tenantName, format: r.format, from: g.at, size: g.end,
		within: s.conversation, kept: r.kept, secret: before.secret, leaves: r.leaves, long: before.long + long,
		inherited: len(before.values),
		labels:    before.labels, edits: before.edits, values: before.values, hashes: before.hashes, tokens: before.tokens,
	}
	p.tally.add(&before.tally)
	p.tally.add(&g.tally)
	if !s.addEdits(p, mine) || !s.addTold(p, before, mine) {
		return
	}
	s.addWords(p, before)
	p.likes = before.likes
	for token := range s.literals {
		if h := s.m.hashOf([]byte(token)); !slices.Contains(p.likes, h) {
			p.likes = append(slices.Clip(p.likes), h)
		}
	}
	p.sums = s.m.pasts.sumsOf(r.body[:g.end], before.sums[:before.size/pastBlock*sumSize])
	s.m.pasts.put(p, r.past, !mine, r.body)
}

// dependsOnItself reports whether what stands in the region depends on no text behind
// it, and on all before it, and how many of its texts are long enough for the cache.
func (s *Session) dependsOnItself() (long int, ok bool) {
	g, t := &s.resumption.region, &s.texts
	if slices.ContainsFunc(t.looked[:g.last], func(l looked) bool { return l.partial }) {
		return 0, false
	}
	for _, l := range t.looked[g.first:g.last] {
		if l.more && !t.toldBefore(&l, g.last) {
			return 0, false
		}
		if l.end-l.start >= s.m.minCached {
			long++
		}
	}
	return long, true
}

// toldBefore reports whether texts before that one have told of all that was found in
// l only since some text tells of it.
func (t *texts) toldBefore(l *looked, text int) bool {
	for _, sp := range t.spans[l.first:l.last] {
		if sp.Rule != knownRule {
			continue
		}
		if from, ok := t.known.toldBy(sp.Kind, t.raw[l.start+sp.Start:l.start+sp.End]); !ok || from >= text {
			return false
		}
	}
	return true
}

// addEdits adds what was put into the region, and the values that it stands for.
func (s *Session) addEdits(p *past, mine bool) bool {
	r := &s.resumption
	logs := r.logged[r.region.logged:r.region.behind]
	next, room := 0, s.withs(r.region.edits)
	for i, e := range r.region.edits {
		with := strings.Trim(e.with, `\"`) // A number has become a string.
		l := s.logOf(e, with, logs, next)
		if l == nil {
			return false
		}
		next++
		e.with, room = room[:len(e.with)], room[len(e.with):]
		p.edits = grow(p.edits, mine || i > 0, e)
		if l.restored && !s.addValue(p, l, with, mine) {
			return false
		}
	}
	for i := range logs { // Something may have been found and not put anywhere.
		if l := &logs[i]; l.restored && !s.hasToken(p, l.with) {
			return false
		}
	}
	for i := range p.values[p.inherited:] {
		if !s.isChained(p, &p.values[p.inherited+i]) {
			return false
		}
	}
	return true
}

func (s *Session) hasToken(p *past, token string) bool {
	return slices.Contains(p.tokens, s.m.hashOf([]byte(token)))
}

// isChained reports whether the tokens that a value could not have are those of other
// spellings in the same texts: it has its own in every request that begins so.
func (s *Session) isChained(p *past, v *pastValue) bool {
	if v.attempt == 0 {
		return true
	}
	n := s.byToken[v.token]
	others := 0
	for i := range s.entries {
		if e := &s.entries[i]; e.kind == v.kind && e.canonical == s.entries[n].canonical {
			if others++; !s.hasToken(p, e.token) {
				return false
			}
		}
	}
	return others > v.attempt
}

// logOf returns what was logged of an edit, and notes its place; nil if the edit is
// not just a value that was replaced. Mostly it is the next one.
func (s *Session) logOf(e pastEdit, with string, logs []logged, next int) *logged {
	for i := range logs {
		l := &logs[(next+i)%len(logs)]
		if l.with != with || l.placed {
			continue
		}
		if at, ok := s.placeOf(e, s.texts.raw[l.from:l.to]); ok {
			l.place, l.placed = at, true
			return l
		}
	}
	return nil
}

// addValue adds the value for which a token stands, if it is not there.
func (s *Session) addValue(p *past, l *logged, token string, mine bool) bool {
	hash := s.m.hashOf([]byte(token))
	if slices.Contains(p.tokens, hash) {
		return true
	}
	n, known := s.byToken[token]
	if !known || n == literal {
		return false
	}
	s.key = append(append(s.key[:0], l.kind...), 0)
	if l.term != "" {
		s.key = append(s.key, l.term...)
	} else {
		s.key = append(s.key, s.texts.raw[l.from:l.to]...)
	}
	token = strings.Clone(token)
	mine = mine || len(p.values) > p.inherited
	p.values = grow(p.values, mine, pastValue{l.place, l.kind, l.term, token, s.entries[n].attempt})
	p.hashes, p.tokens = grow(p.hashes, mine, s.m.hashOf(s.key)), grow(p.tokens, mine, hash)
	p.secret = p.secret || s.m.secrets[l.kind]
	if label := s.m.label(l.kind); !slices.Contains(p.labels, label) {
		p.labels = append(slices.Clip(p.labels), label)
	}
	return true
}

// withs returns what was put into the region in one string of its own: a session's
// are cut from its values.
func (s *Session) withs(edits []pastEdit) string {
	var all strings.Builder
	n := 0
	for i := range edits {
		n += len(edits[i].with)
	}
	all.Grow(n)
	for i := range edits {
		all.WriteString(edits[i].with)
	}
	return all.String()
}

// placeOf returns where in the body a value stands that an edit has replaced; ok is
// false if it is not just the value that was replaced.
func (s *Session) placeOf(e pastEdit, value []byte) (at place, ok bool) {
	r := &s.resumption
	at = place{start: e.start, end: e.end}
	raw := r.body[e.start:e.end]
	if at.escaped = !bytes.Equal(raw, value); at.escaped {
		s.form = r.cut(s.form[:0], raw, true)
		return at, bytes.Equal(s.form, value)
	}
	return at, true
}

// addTold adds what the texts of the region tell of.
func (s *Session) addTold(p, before *past, mine bool) bool {
	g, r := &s.resumption.region, &s.resumption
	p.told, p.needs, p.sought = before.told, before.needs, before.sought
	var sought []uint64
	for i := range r.told {
		n := &r.told[i]
		for _, hash := range n.variants {
			if n.text >= g.last { // Who tells of it may be gone in the next turn.
				p.soughtOnce = append(p.soughtOnce, hash)
			} else if !has(before.sought, hash) {
				sought = append(sought, hash)
			}
		}
		if n.text < g.first || n.text >= g.last || slices.ContainsFunc(before.told, func(o telling) bool { return o.hash == n.hash }) {
			continue
		}
		logs := r.logged[g.logged:g.behind]
		value := s.texts.raw[n.from:n.to]
		at := slices.IndexFunc(logs, func(l logged) bool { return l.placed && bytes.Equal(s.texts.raw[l.from:l.to], value) })
		if at < 0 {
			return false // It stays as it is, so it is not known where it stands.
		}
		more := mine || len(p.told) > len(before.told)
		p.needs = grow(p.needs, more, n.need...)
		n.place, n.end = logs[at].place, uint32(len(p.needs))
		p.told = grow(p.told, more, n.telling)
	}
	slices.Sort(p.soughtOnce)
	if len(sought) > 0 {
		slices.Sort(sought)
		p.sought = merged(p.sought, slices.Compact(sought))
	}
	return true
}

// addWords adds the words of the region's texts.
func (s *Session) addWords(p, before *past) {
	g, t := &s.resumption.region, &s.texts
	var fresh []uint32
	for _, l := range t.looked[g.first:g.last] {
		eachWord(t.raw[l.start:l.end], func(h uint64) {
			if w := wordOf(h); !before.hasWord(w) {
				fresh = append(fresh, w)
			}
		})
	}
	if p.words = before.words; len(fresh) == 0 {
		return
	}
	slices.Sort(fresh)
	p.words = merged(before.words, slices.Compact(fresh))
}

// merged returns two sorted lists that have nothing in common as one.
func merged[T cmp.Ordered](a, b []T) []T {
	all := make([]T, 0, len(a)+len(b))
	for _, w := range b {
		n, _ := slices.BinarySearch(a, w)
		all = append(append(all, a[:n]...), w)
		a = a[n:]
	}
	return append(all, a...)
}

// has reports whether x is in a sorted list.
func has[T cmp.Ordered](list []T, x T) bool {
	_, ok := slices.BinarySearch(list, x)
	return ok
}

// hasWord reports whether a word stands in the texts.
func (p *past) hasWord(w uint32) bool { return has(p.words, w) }

// soughtFor reports whether a variant was looked for in the texts.
func (p *past) soughtFor(hash uint64) bool { return has(p.sought, hash) || has(p.soughtOnce, hash) }

// isFull reports whether so many more values and variants are more than can be known.
func (p *past) isFull(seen, listed int) bool {
	return len(p.sought)+seen >= maxKnown || len(p.sought)+listed >= maxKnown
}
