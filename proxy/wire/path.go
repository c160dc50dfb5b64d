package wire

import (
	"fmt"
	"strings"
)

// mark says what a string at a place of the tree is.
type mark uint8

const (
	markText mark = iota
	markSkip
	markQuoted
	markSchema
	markPart
	markLane
	markEnd
)

// node is a place in a body: the compiled paths of a row, merged into a tree.
// A walk carries the node it stands on, nil where no path leads.
type node struct {
	names  []string
	kids   []*node
	any    *node // *
	elem   *node // []
	mark   mark
	part   *Part
	lane   uint8 // position in Format.Lanes
	quoted bool  // of a lane: its text holds JSON
	json   bool  // of a lane: it does so in JSON mode
	// level counts the indexed elements down to and including this one;
	// indexed says that this node is such an element.
	level   uint8
	indexed bool
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
	return n.any, n.any != nil
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
	for _, step := range strings.Split(path, ".") {
		name, arrays := strings.TrimRight(step, "[]"), strings.Count(step, "[]")
		n = n.member(name)
		for range arrays {
			if n.elem == nil {
				n.elem = &node{level: n.level}
			}
			n = n.elem
		}
	}
	return n
}

func (n *node) member(name string) *node {
	if name == "*" {
		if n.any == nil {
			n.any = &node{level: n.level}
		}
		return n.any
	}
	for i, s := range n.names {
		if s == name {
			return n.kids[i]
		}
	}
	kid := &node{level: n.level}
	n.names, n.kids = append(n.names, name), append(n.kids, kid)
	return kid
}

// maxLevel bounds how many indexed arrays lie on the way to a lane.
const maxLevel = 3

// renumber sets the levels below n: an element whose parent array is on the
// path of a lane counts as indexed.
func (n *node) renumber(level uint8) bool {
	hasLane := n.mark == markLane || n.mark == markEnd
	n.level = level
	for _, kid := range append(n.kids[:len(n.kids):len(n.kids)], n.any) {
		if kid != nil {
			hasLane = kid.renumber(level) || hasLane
		}
	}
	if n.elem != nil && n.elem.renumber(level+1) {
		n.elem.indexed, hasLane = true, true
	}
	return hasLane
}

// compile builds the trees of a row. A row that names a place twice or nests
// its lanes too deep is a mistake in the table, and panics at start.
func compile(f *Format) *Format {
	f.request, f.answer, f.event = &node{}, &node{}, &node{}
	for _, root := range []*node{f.request, f.answer, f.event} {
		for _, p := range f.Skip {
			root.set(f, p, markSkip)
		}
	}
	for _, p := range f.Schemas {
		f.request.set(f, p, markSchema)
	}
	for _, p := range f.Quoted {
		f.request.set(f, p, markQuoted)
	}
	for i := range f.Parts {
		f.request.set(f, f.Parts[i].Path, markPart).part = &f.Parts[i]
	}
	for i, l := range f.Lanes {
		for root, p := range map[*node]string{f.answer: l.Answer, f.event: l.Event} {
			n := root.set(f, p, markLane)
			n.lane, n.quoted, n.json = uint8(i), l.Quoted, l.JSON
		}
	}
	for _, p := range f.Ends {
		f.event.at(p).mark = markEnd
	}
	f.event.renumber(0)
	return f
}

func (n *node) set(f *Format, path string, m mark) *node {
	n = n.at(path)
	if n.mark != markText || n.level > maxLevel {
		panic(fmt.Sprintf("BUG: wire format %s names %s twice or too deep", f.Name, path))
	}
	n.mark = m
	return n
}
