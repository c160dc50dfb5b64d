package mask

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"strings"

	"maskit/detect"
)

// remember makes a past of what was walked, for the next turn to go on from. What
// depends on more than the texts up to there is not remembered: a token that was
// exchanged, a value that only a text behind them tells of, an edit that is not just
// one value in the place of another, a text at which a recogniser did not look. What a
// first walk has made a token of, and the last one put nowhere, is not handed on.
func (s *Session) remember() {
	r := &s.resumption
	if r.region.end == 0 || r.region.end > math.MaxInt32 || r.spoilt || s.stats.Unkept {
		return
	}
	g, t := &r.region, &s.texts
	if len(g.edits) > maxPlaces || len(s.literals) > maxPlaces || t.known.parted || len(t.known.seen) >= maxKnown || len(t.known.list) >= maxKnown {
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
	if len(before.edits)+len(g.edits) > maxPlaces {
		return
	}
	mine := before.grown.CompareAndSwap(false, true)
	p := &past{
		tenant: s.tenantName, format: r.format, from: g.at, size: g.end,
		within: s.conversation, kept: r.kept, secret: before.secret, leaves: r.leaves, long: before.long + long,
		inherited: len(before.values),
		labels:    before.labels, edits: before.edits, values: before.values,
	}
	p.tally.add(&before.tally)
	p.tally.add(&g.tally)
	if !s.addEdits(p, before, mine) || !s.addTold(p, before, mine) {
		return
	}
	s.indexValues(p, before)
	s.addWords(p, before)
	s.addLikes(p, before)
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
func (s *Session) addEdits(p, before *past, mine bool) bool {
	r := &s.resumption
	logs := r.logged[r.region.logged:r.region.behind]
	for i := range s.entries {
		e := &s.entries[i]
		token := []byte(e.token)
		e.remembered = before.tokenAt(s.m.hashOf(token), token) >= 0
	}
	next, room := 0, s.withs(r.region.edits)
	for i, e := range r.region.edits {
		with := strings.Trim(e.with, `\"`) // A number has become a string.
		at := s.logOf(e, with, logs, next)
		if at < 0 {
			return false
		}
		l := &logs[at]
		next = at + 1
		e.with, room = room[:len(e.with)], room[len(e.with):]
		p.edits = grow(p.edits, mine || i > 0, e)
		if l.restored && !s.addValue(p, l, with, mine) {
			return false
		}
	}
	for i := range logs { // Something may have been found and not put anywhere.
		if l := &logs[i]; l.restored && !s.remembers(l.with) {
			return false
		}
	}
	return s.areChained(p.values[p.inherited:])
}

// remembers reports whether the past that is made has a token.
func (s *Session) remembers(token string) bool {
	n, known := s.byToken[token]
	return known && n != literal && s.entries[n].remembered
}

// spelled is a value, however it is spelled.
type spelled struct {
	kind      detect.Kind
	canonical string
}

func (e *entry) spelled() spelled { return spelled{e.kind, e.canonical} }

// areChained reports whether the tokens that values could not have are those of other
// spellings in the same texts: they have their own in every request that begins so.
func (s *Session) areChained(values []pastValue) bool {
	var spellings map[spelled]int
	for i := range values {
		v := &values[i]
		if v.attempt == 0 {
			continue
		}
		if spellings == nil {
			spellings = s.spellings()
		}
		if spellings[s.entries[s.byToken[v.token]].spelled()] <= v.attempt {
			return false
		}
	}
	return true
}

// spellings counts those of each value; 0 are those that are not all remembered.
func (s *Session) spellings() map[spelled]int {
	n := make(map[spelled]int, len(s.entries))
	for i := range s.entries {
		n[s.entries[i].spelled()]++
	}
	for i := range s.entries {
		if e := &s.entries[i]; !e.remembered {
			n[e.spelled()] = 0
		}
	}
	return n
}

// logOf returns which of logs is of an edit, and notes its place; -1 if the edit is
// not just a value that was replaced. Mostly it is the next one.
func (s *Session) logOf(e pastEdit, with string, logs []logged, next int) int {
	for i := range logs {
		n := (next + i) % len(logs)
		l := &logs[n]
		if l.with != with || l.placed {
			continue
		}
		if at, ok := s.placeOf(e, s.texts.raw[l.from:l.to]); ok {
			l.place, l.placed = at, true
			return n
		}
	}
	return -1
}

// addValue adds the value for which a token stands, if it is not there.
func (s *Session) addValue(p *past, l *logged, token string, mine bool) bool {
	n, known := s.byToken[token]
	if !known || n == literal {
		return false
	}
	e := &s.entries[n]
	if e.remembered {
		return true
	}
	e.remembered = true
	mine = mine || len(p.values) > p.inherited
	p.values = grow(p.values, mine, pastValue{l.place, l.kind, l.term, strings.Clone(token), e.attempt})
	p.secret = p.secret || s.m.secrets[l.kind]
	if label := s.m.label(l.kind); !slices.Contains(p.labels, label) {
		p.labels = append(slices.Clip(p.labels), label)
	}
	return true
}

// indexValues makes the values of the region known by what they are, and by their tokens.
func (s *Session) indexValues(p, before *past) {
	var values, tokens []uint64
	for i := p.inherited; i < len(p.values); i++ {
		v := &p.values[i]
		s.form = s.resumption.text(s.form[:0], &v.place)
		values = append(values, placed(s.hashOfValue(v.kind, s.form, v.term), i))
		tokens = append(tokens, placed(s.m.hashOf([]byte(v.token)), i))
	}
	slices.Sort(values)
	slices.Sort(tokens)
	p.byValue, p.byToken = merged(before.byValue, values), merged(before.byToken, tokens)
}

// addLikes adds what looks like a token in the texts.
func (s *Session) addLikes(p, before *past) {
	var likes []uint64
	for token := range s.literals {
		if h := s.m.hashOf([]byte(token)); !has(before.likes, h) {
			likes = append(likes, h)
		}
	}
	slices.Sort(likes)
	p.likes = merged(before.likes, slices.Compact(likes))
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
	p.told, p.needs = before.told, before.needs
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
	slices.Sort(sought)
	p.sought = merged(before.sought, slices.Compact(sought))
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
	slices.Sort(fresh)
	p.words = merged(before.words, slices.Compact(fresh))
}

// merged returns two sorted lists that have nothing in common as one.
func merged[T cmp.Ordered](a, b []T) []T {
	if len(b) == 0 {
		return a
	}
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
