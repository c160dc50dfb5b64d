package wire

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Cite is an object in an answer that counts characters of a text in the same
// answer. The provider has counted those of the text with tokens: once that is
// restored, the numbers are moved so that they still point at the same words. What
// points into a value then points at all of it.
type Cite struct {
	// Text is the path of the text, as a lane's in an event. At is that of the
	// object, and Start and End are the names of its members.
	Text, At, Start, End string
}

// citeID is the number of a text in the row's Cites, from 1 on.
func (f *Format) citeID(text string) uint8 {
	for i := range f.Cites {
		if f.Cites[i].Text == text {
			return uint8(i + 1)
		}
	}
	return 0
}

// cites marks the texts and the numbers of the row's Cites in a tree.
func (n *node) cites(f *Format) {
	for i := range f.Cites {
		c := &f.Cites[i]
		n.at(c.Text).cite = f.citeID(c.Text)
		for _, name := range []string{c.Start, c.End} {
			at := n.at(c.At + "." + name)
			at.mark, at.cite, at.shared, at.last = markOffset, f.citeID(c.Text), c.shared(), name == c.End
		}
	}
}

// shared counts the arrays that the way to the text and that to the numbers have
// in common.
func (c *Cite) shared() (n uint8) {
	text, at := strings.Split(c.Text, "."), strings.Split(c.At, ".")
	for i := 0; i < len(text) && i < len(at) && text[i] == at[i]; i++ {
		n += uint8(strings.Count(text[i], "["))
	}
	return n
}

// mayCite says whether an answer or an event may count characters.
func (f *Format) mayCite(body []byte) bool {
	if len(f.Cites) == 0 {
		return false
	}
	return hasName(body, f.Cites[0].Start) || hasName(body, f.Cites[0].End)
}

// cited is a text that may be counted in: how long it is, with tokens, and where
// what came in their place stands. It counts code points, or bytes.
type cited struct {
	key   laneKey
	id    uint8
	bytes bool
	size  int
	moved []moved
}

// moved is [from:to] of a text with tokens, which has become size long.
type moved struct{ from, to, size int }

func (c *cited) count(text []byte) int {
	if c.bytes {
		return len(text)
	}
	return utf8.RuneCount(text)
}

// add notes a further piece of the text and what was put into it.
func (c *cited) add(text []byte, edits []edit) {
	from := 0
	for _, e := range edits {
		at := c.size + c.count(text[from:e.start])
		to := at + c.count(text[e.start:e.end])
		c.moved = append(c.moved, moved{at, to, c.count([]byte(e.with))})
		c.size, from = to, e.end
	}
	c.size += c.count(text[from:])
}

// move returns where an offset in the text with tokens is in the restored one; last
// says that it ends what is pointed at.
func (c *cited) move(offset int, last bool) int {
	shift := 0
	for _, m := range c.moved {
		switch {
		case offset <= m.from:
			return offset + shift
		case offset < m.to && last:
			return m.from + shift + m.size
		case offset < m.to:
			return m.from + shift
		}
		shift += m.size - (m.to - m.from)
	}
	return offset + shift
}

// offset is a number in an event or an answer that counts in a text.
type offset struct {
	key        laneKey
	n          *node
	start, end int
}

// citedLeaf restores a text and notes what was put into it.
func (w *walker) citedLeaf(n *node, start, end int, escaped bool) error {
	c := cited{id: n.cite, bytes: w.bytes}
	var edits []edit
	w.noting = &edits
	err := w.document(start, end, escaped, n.quoted || n.json && w.json)
	w.noting = nil
	c.add(w.qtext, edits)
	w.event.texts = append(w.event.texts, c)
	return err
}

// offsetAt notes the number src[start:end].
func (w *walker) offsetAt(n *node, start, end int) {
	if w.event != nil {
		w.event.offsets = append(w.event.offsets, offset{n: n, start: start, end: end})
	}
}

// moveOffsets edits the numbers that were noted: each counts in the texts of the
// same event, one after the other, or in the lane of a stream.
func (w *walker) moveOffsets(root int, lanes []*lane) {
	for i := range w.event.offsets {
		o := &w.event.offsets[i]
		at, err := strconv.Atoi(string(w.src[o.start:o.end]))
		if err != nil {
			continue // A fraction counts nothing.
		}
		var all cited
		for j := range w.event.texts {
			if c := &w.event.texts[j]; c.id == o.n.cite && o.counts(&c.key, root) {
				for _, m := range c.moved {
					all.moved = append(all.moved, moved{m.from + all.size, m.to + all.size, m.size})
				}
				all.size += c.size
			}
		}
		for _, l := range lanes {
			if l.cited.id == o.n.cite && o.counts(&l.key, root) {
				all = l.cited
			}
		}
		if to := all.move(at, o.n.last); to != at {
			w.edits = append(w.edits, edit{o.start, o.end, strconv.Itoa(to)})
		}
	}
	sortEdits(w.edits)
}

// counts says whether the number counts in the text with that key: the indexes
// that they share agree, and what tells the text apart beside those is 0. root is
// how many of them are the event's own.
func (o *offset) counts(k *laneKey, root int) bool {
	for i := range maxLevel {
		want := o.key.index[i]
		if i >= root+int(o.n.shared) {
			want = 0
		}
		if k.index[i] != want {
			return false
		}
	}
	return true
}
