package wire

import "slices"

// laneKey tells one text of a stream from the others: its row in Format.Lanes
// and the indexes around it, those of the event's root first.
type laneKey struct {
	lane  uint8
	index [maxLevel]int
}

// lane is one text in pieces and what of it was kept back.
type lane struct {
	key    laneKey
	tail   []byte
	memory uint64 // the restorer's, of what came before the tail
	after  uint64 // and of what the piece at hand adds
	tool   string // that is called with the text, "" if none is
	q      quotes
	cited  cited
	ended  bool
	// template is the payload of the event that the tail was cut from; of a guessed
	// lane, what stands before the text in it, and behind what stands behind it.
	template, behind []byte
	around           []byte // the last event of the lane, without its text: see hold.go
	seen             int    // of a guessed lane: when its last piece came
	name             []byte // and the name of that event
}

// event is what a walk notes of one event.
type event struct {
	hits    []hit
	ends    []end
	tools   []toolName
	texts   []cited
	offsets []offset
	root    [maxLevel]int // the values of Format.Index, -1 where the event has none

	guess bool     // texts are told apart by path and identity
	ids   []string // of elements that have no index, in the order of their first
	last  [maxLevel + 1]int
}

// byID is the index of the first element that is told apart by its id, since it
// has none.
const byID = 1 << 20

// idIndex returns the index of the element with that id.
func (ev *event) idIndex(level uint8, id []byte) int {
	i := slices.Index(ev.ids, string(id))
	if i < 0 {
		i = len(ev.ids)
		ev.ids = append(ev.ids, string(id))
	}
	ev.last[level] = byID + i
	return byID + i
}

// hit is a piece of a lane: payload[start:end], inside a string literal.
type hit struct {
	key             laneKey
	start, end      int
	escaped, quoted bool
}

// end says that all lanes end whose first level indexes are these; -1 is any.
type end struct {
	level uint8
	index [maxLevel]int
}

func (e *end) covers(k *laneKey) bool {
	for i := range e.level {
		if e.index[i] >= 0 && e.index[i] != k.index[i] {
			return false
		}
	}
	return true
}

// begin forgets the last event.
func (ev *event) begin() {
	ev.hits, ev.ends, ev.tools = ev.hits[:0], ev.ends[:0], ev.tools[:0]
	ev.texts, ev.offsets = ev.texts[:0], ev.offsets[:0]
	for i := range ev.root {
		ev.root[i] = -1
	}
}

// notes counts what was noted: hits, ends, tools, texts, offsets.
type notes [5]int

// noted says how much was noted so far; a nil event notes nothing.
func (ev *event) noted() (n notes) {
	if ev != nil {
		n = notes{len(ev.hits), len(ev.ends), len(ev.tools), len(ev.texts), len(ev.offsets)}
	}
	return n
}

// settle gives all that was noted since from its index at that level.
func (ev *event) settle(from notes, level uint8, index int) {
	for i := from[0]; i < len(ev.hits); i++ {
		ev.hits[i].key.index[level-1] = index
	}
	for i := from[1]; i < len(ev.ends); i++ {
		ev.ends[i].index[level-1] = index
	}
	for i := from[2]; i < len(ev.tools); i++ {
		ev.tools[i].index[level-1] = index
	}
	for i := from[3]; i < len(ev.texts); i++ {
		ev.texts[i].key.index[level-1] = index
	}
	for i := from[4]; i < len(ev.offsets); i++ {
		ev.offsets[i].key.index[level-1] = index
	}
}

// settleRoot gives all that was noted the indexes of the event's root.
func (ev *event) settleRoot(n int) {
	for i := range n {
		ev.settle(notes{}, uint8(i+1), ev.root[i])
	}
}

// ended says whether the event ends the lane.
func (ev *event) ended(k *laneKey) bool {
	for i := range ev.ends {
		if ev.ends[i].covers(k) {
			return true
		}
	}
	return false
}
