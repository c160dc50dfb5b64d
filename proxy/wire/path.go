package wire

import (
	"fmt"
	"slices"
	"strings"
)

// mark says what a string at a place of the tree is.
type mark uint8

const (
	markText mark = iota
	markSkip
	markOpaque // not looked at, nor anything below
	markWhole  // a text that may hold JSON
	markSchema
	markPart
	markLane
	markEnd
	markOffset
)

// node is a place in a body: the compiled paths of a row, merged into a tree.
// A walk carries the node it stands on, nil where no path leads.
type node struct {
	names  []string
	kids   []*node
	any    *node // *
	loops  bool  // any is just the way down: the names it leads by are text
	elem   *node // []
	mark   mark
	part   *Part
	lane   uint8 // position in Format.Lanes
	quoted bool  // of a text: it holds JSON
	tool   bool  // of an object: it calls a tool
	json   bool  // of a text: it does so in JSON mode
	// cite is the text of Format.Cites that this is, or that counts in it does: shared
	// is how many arrays are around both, last that it is where something ends.
	cite, shared uint8
	last         bool
	// level counts the indexed elements down to and including this one. key is
	// the member by which this element is told apart, empty if it is not.
	level uint8
	key   string
	index []string // of a root: see Format.Index
}

// child returns the node of a member; known says that the row names it.
func (n *node) child(name []byte) (kid *node, known bool) {
	if n == nil {
		return nil, false
	}
	for i, s := range n.names {
		if string(name) == s {
			return n.kids[i], true
		}
	}
	return n.any, n.any != nil && !n.loops
}

// element returns the node of an array's elements.
func (n *node) element() *node {
	if n == nil {
		return nil
	}
	return n.elem
}

// at returns the node of the path below n, making what is missing.
func (n *node) at(path string) *node {
	for step := range strings.SplitSeq(path, ".") {
		name, arrays, _ := strings.Cut(step, "[")
		n = n.member(name)
		for arrays != "" {
			var key string
			key, arrays, _ = strings.Cut(arrays, "]")
			arrays = strings.TrimPrefix(arrays, "[")
			if n.elem == nil {
				n.elem = &node{}
			}
			n = n.elem
			switch key {
			case "":
				n.key = "index"
			case "-":
				n.key = ""
			default:
				n.key = key
			}
		}
	}
	return n
}

func (n *node) member(name string) *node {
	if name == "*" {
		if n.any == nil {
			n.any = &node{}
		}
		return n.any
	}
	for i, s := range n.names {
		if s == name {
			return n.kids[i]
		}
	}
	kid := &node{}
	n.names, n.kids = append(n.names, name), append(n.kids, kid)
	return kid
}

// maxLevel bounds how many indexes tell one text of a stream from the others.
const maxLevel = 7

// renumber sets the levels at and below n. An element is told apart only where
// a lane or an end lies below it.
func (n *node) renumber(level uint8) (below bool) {
	n.level = level
	below = n.mark == markLane || n.mark == markEnd || n.mark == markOffset || n.cite > 0
	for _, kid := range append(slices.Clip(n.kids), n.any) {
		if kid != nil {
			below = kid.renumber(level) || below
		}
	}
	if n.elem != nil {
		if n.elem.renumber(level + 1) {
			below = true
		} else {
			n.elem.key = ""
		}
	}
	return below
}

// ready returns the row with its trees, which are built when it is first used:
// most programs speak to one provider or two.
func (f *Format) ready() *Format {
	f.built.Do(f.build)
	return f
}

// build builds the trees of a row. A row that names a place twice or nests its
// lanes too deep is a mistake in the table, and panics: a test builds them all.
func (f *Format) build() {
	f.request, f.answer = &node{}, &node{}
	for _, root := range []*node{f.request, f.answer} {
		for _, p := range f.Skip {
			root.set(f, p, markSkip)
		}
		for _, p := range f.Opaque {
			root.set(f, p, markOpaque)
		}
	}
	for _, p := range f.Schemas {
		f.request.set(f, p, markSchema)
	}
	for _, p := range f.Quoted {
		f.request.set(f, p, markWhole).quoted = true
	}
	for i := range f.Parts {
		f.request.set(f, f.Parts[i].Path, markPart).part = &f.Parts[i]
	}
	for _, e := range f.Embeds {
		*f.request.at(e.Path) = *e.Format.ready().request
	}
	for i := range f.Lanes {
		if l := &f.Lanes[i]; l.Answer != "" {
			f.answer.whole(f, l.Answer, l)
		}
	}
	for _, p := range f.Tools {
		f.answer.at(p).tool = true
	}
	f.answer.cites(f)
	if len(f.Cites) > 0 {
		f.answer.renumber(0)
	}
	if f.Guess {
		f.event = guessTree()
		return
	}
	f.event = f.eventTree("")
	f.typed = make(map[string]*node)
	for _, l := range f.Lanes {
		if l.Type != "" {
			f.typed[l.Type] = f.eventTree(l.Type)
		}
	}
}

// eventTree builds the tree of the events of one type, "" being those that no
// lane names.
func (f *Format) eventTree(typ string) *node {
	root := &node{index: f.Index}
	for _, p := range f.Skip {
		root.set(f, p, markSkip)
	}
	for _, p := range f.Opaque {
		root.set(f, p, markOpaque)
	}
	for i := range f.Lanes {
		l := &f.Lanes[i]
		if l.Event != "" && l.Type == typ {
			n := root.set(f, l.Event, markLane)
			n.lane, n.quoted, n.json = uint8(i), l.Quoted, l.JSON
		}
		for _, p := range l.Repeats {
			root.whole(f, p, l)
		}
	}
	for _, p := range f.Ends {
		root.at(p).mark = markEnd
	}
	for _, p := range f.Tools {
		root.at(p).tool = true
	}
	root.cites(f)
	root.renumber(uint8(len(f.Index)))
	return root
}

// whole marks a place where the text of a lane stands as a whole.
func (n *node) whole(f *Format, path string, l *Lane) {
	n = n.set(f, path, markWhole)
	n.quoted, n.json = l.Quoted, l.JSON
}

func (n *node) set(f *Format, path string, m mark) *node {
	n = n.at(path)
	if n.mark != markText || strings.Count(path, "[")+len(f.Index) > maxLevel {
		panic(fmt.Sprintf("BUG: wire format %s names %s twice or too deep", f.Name, path))
	}
	n.mark = m
	return n
}
