package wire

import (
	"bytes"
	"slices"
)

// apart is what tells the texts in one object of an event from those in others.
type apart struct {
	from     notes  // what was noted before the object
	index    int    // of an element: the member that says which, -1 if it has none
	id       []byte // and its id, for want of an index
	identity int    // of an object in a guessed event
}

func (w *walker) tellsApart() apart { return apart{from: w.event.noted(), index: -1} }

// member takes note of a member of the object, which stands at n.
func (a *apart) member(ev *event, n *node, name, value []byte) {
	if ev.guess {
		if isIdentity(name) && value[0] != '{' && value[0] != '[' {
			a.identity ^= mixed(0, name, value)
		}
		return
	}
	if n == nil {
		return
	}
	if n.key != "" && string(name) == n.key {
		a.index = number(value)
	}
	if n.key == "index" && string(name) == "id" {
		a.id = bytes.Trim(value, `"`)
	}
	if i := slices.Index(n.index, string(name)); i >= 0 {
		ev.root[i] = number(value)
	}
}

// close tells the array around the object, which stands at n, how it is told apart.
func (a *apart) close(w *walker, n *node) {
	switch {
	case w.event.guess:
		if w.index = a.index; a.identity != 0 {
			w.index = 0
			w.event.tellApart(a.from, a.identity)
		}
	case n == nil || n.key == "":
	case a.index < 0 && len(a.id) > 0 && string(a.id) != "null":
		w.index = w.event.idIndex(n.level, a.id)
	default:
		w.index = a.index
	}
}
