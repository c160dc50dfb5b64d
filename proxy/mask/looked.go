package mask

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"maskit/detect"
)

// texts are the texts of a request, one behind the other, until it is settled. A
// request may be masked more than once: each text is looked at the first time,
// and then known by its place.
type texts struct {
	on     bool   // the text at hand is one of them
	raw    []byte // each with a NUL behind it, which no surrogate has
	looked []looked
	spans  []detect.Span // those of all texts
	spare  []detect.Span // room for as many
	next   int           // in looked: the text that comes next
	from   int           // where the text at hand begins in raw
	edits  []swap        // what was put into the texts, sorted; of a policy with surrogates only

	known    values
	learned  int  // texts that have told what they tell of
	carried  bool // what is known has been looked for
	variants []detect.Variant
	words    filter // of the texts, beside a past
}

// looked is a text that was looked at: raw[start:end], with spans[first:last].
type looked struct {
	start, end  int
	first, last int
	partial     bool // a recogniser that can be done without did not look
	mute        bool // what was found tells nothing of other texts
	past        bool // it is not a text, but all those that the session resumed
	more        bool // values that other texts tell of stand in it
}

type swap struct {
	start, end int // in raw
	with       string
}

// look returns what is found in a text, for the caller to change. anew says that
// it was not looked at before.
func (s *Session) look(text []byte) (spans []detect.Span, anew bool, err error) {
	t := &s.texts
	t.on = true
	if t.next < len(t.looked) {
		// A text in which something is found by now need not be looked at in another
		// way as well: the caller may leave one out.
		for i := t.next; i < min(t.next+2, len(t.looked)); i++ {
			if l := t.looked[i]; !l.past && bytes.Equal(t.raw[l.start:l.end], text) {
				t.next = i + 1
				t.from = l.start
				s.notePartial(l.partial)
				s.spans = append(s.spans[:0], t.spans[l.first:l.last]...)
				return s.spans, false, nil
			}
		}
		t.looked = t.looked[:t.next] // The caller masks something else this time.
		t.carried, t.learned = false, min(t.learned, t.next)
		s.resumption.spoilt, s.resumption.clash = true, true
	}
	partial, err := s.search(text)
	if err != nil {
		return nil, true, err
	}
	s.notePartial(partial)
	s.noteLiterals(text)
	t.from = len(t.raw)
	l := looked{start: t.from, end: t.from + len(text), first: len(t.spans), partial: partial}
	t.raw = append(append(t.raw, text...), 0)
	t.spans = append(t.spans, s.spans...)
	l.last = len(t.spans)
	t.looked = append(t.looked, l)
	t.next = len(t.looked)
	return s.spans, true, nil
}

// notePartial counts a text at which not all recognisers have looked.
func (s *Session) notePartial(partial bool) {
	if partial {
		s.parts = count(s.parts, partText)
	}
}

// partText is a text at which a recogniser has not looked that the policy can do
// without.
const partText = "text"

// search sets s.spans to what is found in a text.
func (s *Session) search(text []byte) (partial bool, err error) {
	var key cacheKey
	cached := len(text) >= s.m.minCached
	if cached {
		var known bool
		if s.sum == nil {
			s.sum = sha256.New()
		}
		key = s.m.cache.keyOf(s.sum, s.tenantName, text)
		if s.spans, known = s.m.cache.get(s.spans[:0], key); known {
			hits.Add(1)
			return false, nil
		}
		misses.Add(1)
	}
	s.spans, err = s.m.detector.Find(s.ctx, s.spans[:0], text)
	switch {
	case errors.Is(err, detect.ErrPartial):
		return true, nil
	case err != nil:
		return false, fmt.Errorf("mask: detecting: %w", err)
	case cached:
		s.m.cache.put(key, s.spans)
	}
	return false, nil
}

// learn notes what was found in the texts that have not told of it yet, to be looked
// for in all of them. What the past tells of is noted where it stands among them, so
// far as it can stand in a text.
func (s *Session) learn() {
	t := &s.texts
	if s.m.related == nil {
		return
	}
	if s.resumption.past != nil && t.learned < len(t.looked) {
		t.words = filter{}
		for i := range t.looked {
			eachWord(t.raw[t.looked[i].start:t.looked[i].end], t.words.add)
		}
	}
	for ; t.learned < len(t.looked); t.learned++ {
		l := &t.looked[t.learned]
		switch {
		case l.past:
			s.learnPast()
		case !l.mute:
			s.learnOf(l)
		}
	}
}

// learnOf notes what was found in one text.
func (s *Session) learnOf(l *looked) {
	t := &s.texts
	text := t.raw[l.start:l.end]
	for i := l.first; i < l.last; i++ {
		sp := &t.spans[i]
		value := text[sp.Start:sp.End]
		if sp.Score >= sureRule || sp.Rule == detect.ModelRule && sp.Score < unsure || !t.known.fresh(sp.Kind, value) {
			continue
		}
		t.variants = s.m.related.Variants(t.variants[:0], sp.Kind, value)
		for _, v := range t.variants {
			t.known.add(v, sp.Kind, t.learned)
		}
		s.noteTold(t.learned, sp.Kind, l.start+sp.Start, l.start+sp.End)
	}
}

// carry adds to what was found in each text the known values that stand in it
// and were not found there. It reports whether there are any. What it adds makes
// nothing else known, so once is enough.
func (s *Session) carry() bool {
	t := &s.texts
	if t.carried || len(t.known.list) == 0 {
		return false
	}
	t.carried, t.known.parted = true, false
	found := 0 // t.spans may hold those of texts that others have taken the place of
	all := t.spare[:0]
	for i := range t.looked {
		l := &t.looked[i]
		text, first := t.raw[l.start:l.end], len(all)
		s.spans = t.known.find(s.spans[:0], text)
		found += l.last - l.first
		all = t.known.merge(all, t.spans[l.first:l.last], s.spans, text)
		l.more = len(all)-first > l.last-l.first
		l.first, l.last = first, len(all)
	}
	t.spans, t.spare = all, t.spans
	return len(all) > found
}

// merge appends to dst what was found in text, and what of more stands beside it,
// in order: of a name in which a rule has found something the other words.
func (k *values) merge(dst, found, more []detect.Span, text []byte) []detect.Span {
	from := 0
	for _, sp := range more {
		for len(found) > 0 && found[0].End <= sp.Start {
			dst, found = append(dst, found[0]), found[1:]
		}
		if from <= sp.Start && (len(found) == 0 || found[0].Start >= sp.End) {
			dst = append(dst, sp)
			continue
		}
		from = max(from, sp.Start)
		for len(found) > 0 && found[0].Start < sp.End {
			dst = k.between(dst, text, from, found[0].Start)
			from = found[0].End
			dst, found = append(dst, found[0]), found[1:]
		}
		dst = k.between(dst, text, from, sp.End)
	}
	return append(dst, found...)
}

// between appends what stands in text[from:to].
func (k *values) between(dst []detect.Span, text []byte, from, to int) []detect.Span {
	if from >= to {
		return dst
	}
	k.parted = true
	first := len(dst)
	dst = k.find(dst, text[from:to])
	for i := range dst[first:] {
		dst[first+i].Start += from
		dst[first+i].End += from
	}
	return dst
}

// sawSwap notes what was put into the text at hand.
func (s *Session) sawSwap(sp *detect.Span, with string) {
	if s.texts.on && s.m.fakes != nil {
		s.texts.edits = append(s.texts.edits, swap{s.texts.from + sp.Start, s.texts.from + sp.End, with})
	}
}

// again forgets what was put into the texts, which are masked once more.
func (t *texts) again() {
	clear(t.edits)
	t.edits, t.next = t.edits[:0], 0
}

// forget forgets the texts, and what was found in them.
func (t *texts) forget() {
	clear(t.raw)
	clear(t.edits)
	clear(t.variants[:cap(t.variants)]) // There were more before.
	t.known.forget()
	*t = texts{
		raw: t.raw[:0], edits: t.edits[:0], looked: t.looked[:0],
		spans: t.spans[:0], spare: t.spare[:0], variants: t.variants[:0], known: t.known,
	}
	if cap(t.raw) > maxTexts {
		*t = texts{}
	}
}

// Sent says that the request has left. Its texts are forgotten, so that an answer
// that comes for minutes does not hold them.
func (s *Session) Sent() {
	s.resumption.body, s.resumption.cut = nil, nil
	s.texts.forget()
	if cap(s.texts.raw) > maxHeld {
		s.texts = texts{}
	}
}

// maxHeld is the size in bytes from which on room for texts is not kept while the
// answer comes.
const maxHeld = 4 << 10

// maxTexts is the size in bytes from which on room for texts is not used again.
const maxTexts = 1 << 20

// asSent returns the texts as they would leave, and where in them something was
// put.
func (s *Session) asSent() (sent []byte, places []int) {
	from := 0
	for _, e := range s.texts.edits {
		sent = append(sent, s.texts.raw[from:e.start]...)
		places = append(places, len(sent))
		sent = append(sent, e.with...)
		from = e.end
	}
	return slices.Concat(sent, s.texts.raw[from:]), places
}
