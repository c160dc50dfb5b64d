package mask

import (
	"bytes"
	"hash/maphash"
	"slices"

	"maskit/detect"
	"maskit/vault"
)

// A session that resumes does what a walk of the whole body would do, at a cost that
// hardly grows with it. Where old and new could change one another, it starts over
// without what it has resumed:
//
//   - a value that the new texts tell of may stand in the old ones: its words are all
//     there;
//   - a new token is one of the old ones, or stands in an old text, or the other way
//     round;
//   - the vault has an old token for another value by now.
//
// A value that the old texts tell of is looked for in the new ones if its words are
// all there. What the old texts tell of was looked for in them already.
type resumption struct {
	past  *past
	arena []byte   // the values of the past, one behind the other
	ends  []uint32 // where each ends in it

	alone  bool // nothing is resumed in this exchange
	clash  bool // the past does not go with what is new
	spoilt bool // what is new is not to be remembered, since it depends on more than the texts

	format string
	body   []byte
	cut    cut
	logged []logged
	told   []tellingOf
	mark   mark
	passed [leave + 1]mark // the last elements that were walked
	walked int             // how many there were
	leaves bool            // the last ones are not to be remembered: the client changes them
	region region
	kept   vault.Kept // the values of this exchange
}

// cut appends to dst the text that raw stands for, a part of a body: as it is, or as a
// part of a string literal. It is nil if raw is no such part.
type cut = func(dst, raw []byte, escaped bool) []byte

// logged is what was put in the place of raw[from:to] of the texts.
type logged struct {
	from, to int
	kind     detect.Kind
	term     string
	with     string
	restored bool
	place    place // in the body, once it is known
	placed   bool
}

// tellingOf is a finding that others are looked for by, which stands in
// raw[from:to] of the texts.
type tellingOf struct {
	telling
	need     []uint32 // the words of its variants
	variants []uint64 // see past.sought
	text     int      // in looked
	from, to int
}

// mark is where a session was at a point of the body.
type mark struct {
	at             int // the point
	array          int // where the array begins
	looked, logged int
	tally          tally
}

// set sets a mark where the session is.
func (m *mark) set(s *Session, array, at int) {
	m.at, m.array, m.looked, m.logged = at, array, s.texts.next, len(s.resumption.logged)
	m.tally.copyOf(&s.tally)
}

// region is the array that was walked, or what is new of it and to be remembered.
type region struct {
	at, from, end  int // in the body: the array, what is new
	first, last    int // in looked
	logged, behind int // in logged
	edits          []pastEdit
	tally          tally
}

// Resume implements wire.Past.
func (s *Session) Resume(format string, body []byte, at int, cut cut, emit func(start, end int, with string)) (end int) {
	r := &s.resumption
	if s.mode != ModeMask || s.m.fakes != nil || len(body) < minPast {
		return 0
	}
	r.format, r.body, r.cut = format, body, cut
	if r.past == nil && !r.alone {
		var changed bool
		if r.past, changed = s.m.pasts.find(s.tenantName, format, body, at); r.past != nil {
			s.begins(r.past)
		}
		r.leaves = r.leaves || changed || r.past != nil && r.past.leaves
	}
	if p := r.past; p != nil && p.from == at && s.texts.passPast() {
		for i := range p.edits {
			e := &p.edits[i]
			emit(int(e.start), int(e.end), e.with)
		}
		s.tally.add(&p.tally)
		end = p.size
	}
	s.stats.Resumed = max(s.stats.Resumed, end)
	r.mark.set(s, at, max(at, end))
	r.walked = 0
	return end
}

// begins takes over what is known of a past.
func (s *Session) begins(p *past) {
	r, t := &s.resumption, &s.texts
	for i := range p.values {
		r.arena = r.text(r.arena, &p.values[i].place)
		r.ends = append(r.ends, uint32(len(r.arena)))
	}
	for _, l := range p.labels {
		if !slices.Contains(s.labels, l) {
			s.labels = append(s.labels, l)
		}
	}
	t.looked = append(t.looked, looked{start: len(t.raw), end: len(t.raw), first: len(t.spans), last: len(t.spans), past: true})
	hits.Add(uint64(p.long))
}

// text appends the text that stands at a place of the body.
func (r *resumption) text(dst []byte, p *place) []byte {
	return r.cut(dst, r.body[p.start:p.end], p.escaped)
}

// passPast goes over the past, where it stands among the texts.
func (t *texts) passPast() bool {
	for i := t.next; i < min(t.next+2, len(t.looked)); i++ {
		if t.looked[i].past {
			t.next = i + 1
			return true
		}
	}
	return false
}

// Passed implements wire.Past.
func (s *Session) Passed(end int) {
	if r := &s.resumption; r.body != nil {
		r.passed[r.walked%len(r.passed)].set(s, r.mark.array, end)
		r.walked++
	}
}

// leave is how many elements at the end are left to be walked again, where a client
// changes what it sent: marks for the provider's cache move on with each turn.
const leave = 3

// Walked implements wire.Past.
func (s *Session) Walked(at int, edits func(func(start, end int, with string))) {
	r := &s.resumption
	begin, n := &r.mark, r.walked-1
	if r.leaves {
		n -= leave
	}
	if r.body == nil || begin.array != at || n < 0 || r.past == nil && r.walked < minElements || r.past != nil && r.past.from != at {
		return
	}
	stop := &r.passed[n%len(r.passed)]
	if stop.at-at <= r.region.end-r.region.at {
		return
	}
	g := region{
		at: at, from: begin.at, end: stop.at, first: begin.looked, last: stop.looked, logged: begin.logged, behind: stop.logged,
		edits: r.region.edits[:0], tally: stop.tally.since(&begin.tally),
	}
	edits(func(start, end int, with string) {
		if start >= g.from && end <= g.end {
			g.edits = append(g.edits, pastEdit{uint32(start), uint32(end), with})
		}
	})
	r.region = g
}

// pastValue returns the place among the past's values of one with that hash, -1 if
// there is none.
func (s *Session) pastValue(hash uint64, kind detect.Kind, value []byte, term string) int {
	p := s.resumption.past
	if p == nil {
		return -1
	}
	return lookIn(p.byValue, hash, func(i int) bool {
		v := &p.values[i]
		return v.kind == kind && v.term == term && (term != "" || bytes.Equal(s.pastText(i), value))
	})
}

// pastText returns a value of the past.
func (s *Session) pastText(i int) []byte {
	r := &s.resumption
	from := uint32(0)
	if i > 0 {
		from = r.ends[i-1]
	}
	return r.arena[from:r.ends[i]]
}

// adopt makes a value of the past one of the session's own. It returns its entry.
func (s *Session) adopt(i int) int {
	v := &s.resumption.past.values[i]
	e := s.newEntry(v.kind, s.pastText(i), v.term)
	e.attempt, e.token = v.attempt, v.token
	n := s.enter(s.hashOfValue(v.kind, s.pastText(i), v.term), e)
	s.byToken[e.token] = n
	return n
}

// adoptAll does so with all values.
func (s *Session) adoptAll() {
	if p := s.resumption.past; p != nil {
		for i := range p.values {
			if _, ok := s.byToken[p.values[i].token]; !ok {
				s.adopt(i)
			}
		}
	}
}

// entryAt returns the entry of a token, or literal.
func (s *Session) entryAt(token []byte) (i int, ok bool) {
	if i, ok = s.byToken[string(token)]; ok || s.resumption.past == nil {
		return i, ok
	}
	if i = s.resumption.past.tokenAt(s.m.hashOf(token), token); i < 0 {
		return 0, false
	}
	return s.adopt(i), true
}

// hasValues reports whether what was resumed holds values.
func (r *resumption) hasValues() bool { return r.past != nil && len(r.past.values) > 0 }

// hashOf returns the hash of a token, or of a kind and a value.
func (m *Masker) hashOf(b []byte) uint64 { return maphash.Bytes(m.seed, b) }

// hashOfValue returns that of a kind and a value, or the term that it is a name of.
func (s *Session) hashOfValue(kind detect.Kind, value []byte, term string) uint64 {
	s.key = append(append(s.key[:0], kind...), 0)
	if term != "" {
		s.key = append(s.key, term...)
	} else {
		s.key = append(s.key, value...)
	}
	return s.m.hashOf(s.key)
}

// clashes reports whether a text that is new holds a token of the past, or what else
// was noted before is a reason to start over.
func (s *Session) clashes() bool {
	r := &s.resumption
	if r.past == nil || r.clash {
		return r.past != nil
	}
	if k := &s.texts.known; r.past.isFull(len(k.seen), len(k.list)) {
		return true // Not all of them can be known, and the first ones count.
	}
	for token := range s.literals {
		if t := []byte(token); r.past.tokenAt(s.m.hashOf(t), t) >= 0 {
			return true
		}
	}
	return false
}

// noteMinted notes that a token was made which may be that of another value of the past.
func (s *Session) noteMinted(token []byte) {
	if p := s.resumption.past; p != nil {
		h := s.m.hashOf(token)
		s.resumption.clash = s.resumption.clash || p.tokenAt(h, token) >= 0 || has(p.likes, h)
	}
}

// log notes what was put into the text at hand.
func (s *Session) log(sp *detect.Span, with string, restored bool) {
	if r := &s.resumption; r.body != nil && s.texts.on {
		from := s.texts.from
		r.logged = append(r.logged, logged{from: from + sp.Start, to: from + sp.End, kind: sp.Kind, term: sp.Term, with: with, restored: restored})
	}
}

// noteTold notes what raw[from:to] tells of, which is known by its variants now, and
// whether it may stand in the past.
func (s *Session) noteTold(text int, kind detect.Kind, from, to int) {
	r, t := &s.resumption, &s.texts
	if r.body == nil {
		return
	}
	s.key = append(append(append(s.key[:0], kind...), 0), t.raw[from:to]...)
	n := tellingOf{telling: telling{kind: kind, hash: s.m.hashOf(s.key)}, text: text, from: from, to: to}
	for _, v := range t.variants {
		hash, at := s.variantHash(kind, v), len(n.need)
		n.variants, n.need = append(n.variants, hash), appendNeed(n.need, v.Text)
		if p := r.past; p != nil && !p.soughtFor(hash) {
			r.clash = r.clash || mayStand(n.need[at:], p.hasWord)
		}
	}
	r.told = append(r.told, n)
}

// variantHash is what is kept of a value that was looked for.
func (s *Session) variantHash(kind detect.Kind, v detect.Variant) uint64 {
	s.key = append(append(s.key[:0], kind...), 0)
	if v.AnyCase {
		s.key = append(s.key, 1)
	}
	return s.m.hashOf(append(s.key, v.Text...))
}

// learnPast makes known what the past tells of and may stand in a text that is new.
func (s *Session) learnPast() {
	t, p := &s.texts, s.resumption.past
	from := uint32(0)
	for i := range p.told {
		of := &p.told[i]
		need := p.needs[from:of.end]
		if from = of.end; !mayStand(need, t.hasWord) {
			continue
		}
		s.form = s.resumption.text(s.form[:0], &of.place)
		if t.known.fresh(of.kind, s.form) {
			t.variants = s.m.related.Variants(t.variants[:0], of.kind, s.form)
			for _, v := range t.variants {
				t.known.add(v, of.kind, t.learned)
			}
		}
	}
}

// hasWord reports whether a word may stand in the texts.
func (t *texts) hasWord(w uint32) bool { return t.words.has(uint64(w) << 32) }

// startOver forgets what was masked; the caller masks the request once more, from its
// beginning on.
func (s *Session) startOver() {
	s.m.pasts.drop(s.resumption.past)
	s.stats.Resumed = 0
	s.resumption.forget()
	s.resumption.alone = true
	clear(s.entries)
	clear(s.byValue)
	clear(s.byToken)
	clear(s.literals)
	s.entries, s.labels, s.refused = s.entries[:0], s.labels[:0], ""
	s.texts.forget()
	s.begin()
}

// again forgets what was put into the texts, which are masked once more.
func (r *resumption) again() {
	clear(r.logged)
	r.logged, r.region, r.alone = r.logged[:0], region{edits: r.region.edits[:0]}, r.past == nil
}

// forget forgets the values, and keeps the room.
func (r *resumption) forget() {
	clear(r.arena)
	clear(r.logged)
	clear(r.region.edits[:cap(r.region.edits)]) // There were more before.
	clear(r.told)
	*r = resumption{
		arena: r.arena[:0], ends: r.ends[:0], logged: r.logged[:0], told: r.told[:0],
		region: region{edits: r.region.edits[:0]}, mark: r.mark, passed: r.passed,
	}
	r.mark.array = 0
	if cap(r.arena) > maxTexts/8 {
		r.arena = nil
	}
}
