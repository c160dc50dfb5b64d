package wire

import (
	"bytes"
	"fmt"
	"sync"
	"unicode/utf8"
)

// MaxDepth is how many arrays and objects may lie within one another.
const MaxDepth = 128

// InvalidError says why a body is not one that every reader understands alike.
// It holds no byte of the body.
type InvalidError struct {
	// Form says that it is a multipart body and not JSON.
	Form   bool
	Reason string
	Offset int // in bytes of the body
}

// Error implements error.
func (e *InvalidError) Error() string {
	what := "JSON"
	if e.Form {
		what = "multipart"
	}
	return fmt.Sprintf("the body is not acceptable %s: %s at byte %d", what, e.Reason, e.Offset)
}

// edit replaces src[start:end] by with, which is escaped already.
type edit struct {
	start, end int
	with       string
}

// walker reads one JSON text once, strictly, and hands out its texts.
type walker struct {
	src   []byte
	pos   int
	depth int

	strict  bool // refuse equal names and lone surrogates
	masking bool // a request is masked, not an answer restored
	names   bool // names of members are text too
	json    bool // lanes and answers marked so hold JSON

	text  Text   // nil: check only
	whole Whole  // of an answer: restores what tools are called with
	tool  string // that is called with the texts at hand, "" if none is
	part  func(kind string) error
	event *event   // where the places of lanes and ends are noted, nil outside a stream
	path  int      // of the member at hand, in a guessed event
	top   *Reading // where the members of a request's own object are noted, nil elsewhere
	index int      // "index" of the indexed element that was closed last, -1 if it had none

	edits   []edit
	brace   int      // where the object begins whose member is at hand, len(src) of an element
	name    []byte   // of the member at hand
	context []byte   // a number behind its name
	members [][]byte // names of the objects that are open, innermost last
	scratch []byte   // the decoded text at hand
	used    int      // the most of scratch that was in use

	// The text at hand, for emit.
	base int
	cur  cursor
	// The JSON text at hand, for emitQuoted.
	q     quotes
	qtext []byte
	qpos  int     // as far as q has come
	put   []place // what was replaced from there on
	// noting takes the edits of the text at hand, if offsets may count in it; bytes
	// says how.
	noting *[]edit
	bytes  bool

	emitFn, emitQuotedFn Emit // bound once: a method value allocates
}

var walkers = sync.Pool{New: func() any {
	w := &walker{}
	w.emitFn, w.emitQuotedFn = w.emit, w.emitQuoted
	return w
}}

// newWalker takes a walker over src from the pool.
func newWalker(src []byte) *walker {
	w := walkers.Get().(*walker) //nolint:forcetypeassert // The pool holds nothing else.
	w.src = src
	return w
}

// maxScratch is the size in bytes from which on room for texts is not used again.
const maxScratch = 256 << 10

// free gives the walker back, without what it saw of the body.
func (w *walker) free() {
	clear(w.edits[:cap(w.edits)])
	clear(w.members[:cap(w.members)])
	clear(w.scratch[:w.used])
	clear(w.context[:cap(w.context)])
	scratch := w.scratch[:0]
	if cap(scratch) > maxScratch {
		scratch = nil
	}
	*w = walker{
		edits: w.edits[:0], members: w.members[:0], scratch: scratch, context: w.context[:0], put: w.put[:0],
		emitFn: w.emitFn, emitQuotedFn: w.emitQuotedFn,
	}
	walkers.Put(w)
}

// walk reads the whole of src, which stands at n.
func (w *walker) walk(n *node) error {
	if w.strict && !utf8.Valid(w.src) {
		return &InvalidError{Reason: "invalid UTF-8", Offset: validPrefix(w.src)}
	}
	if err := w.value(n, markText); err != nil {
		return err
	}
	if w.space(); w.pos < len(w.src) {
		return w.fail("something follows the value")
	}
	return nil
}

func validPrefix(b []byte) int {
	i := 0
	for i < len(b) {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		i += n
	}
	return i
}

func (w *walker) fail(reason string) error {
	return &InvalidError{Reason: reason, Offset: w.pos}
}

// peek returns the next byte, 0 at the end: no JSON value begins with it.
func (w *walker) peek() byte {
	if w.pos < len(w.src) {
		return w.src[w.pos]
	}
	return 0
}

func (w *walker) space() {
	for w.pos < len(w.src) {
		switch w.src[w.pos] {
		case ' ', '\t', '\n', '\r':
			w.pos++
		default:
			return
		}
	}
}

// value reads one value at n. in is what it inherits: text, skip or schema.
func (w *walker) value(n *node, in mark) error {
	w.space()
	if n != nil {
		switch n.mark {
		case markSkip, markSchema, markOpaque:
			in = n.mark
		case markEnd:
			if c := w.peek(); c != 'n' && c != 'f' && !bytes.HasPrefix(w.src[w.pos:], []byte(`""`)) {
				w.event.ends = append(w.event.ends, end{level: n.level})
			}
		}
	}
	switch c := w.peek(); c {
	case '{':
		if in == markSkip && w.masking {
			in = markText // What is no text is a scalar, or a list of them.
		}
		if n != nil && n.tool && w.whole != nil {
			return w.toolCall(n, in)
		}
		return w.object(n, in)
	case '[':
		return w.array(n, in)
	case '"':
		start, end, escaped, err := w.literal()
		if err != nil {
			return err
		}
		return w.leaf(n, in, start, end, escaped)
	case 't':
		return w.word("true")
	case 'f':
		return w.word("false")
	case 'n':
		return w.word("null")
	default:
		if c != '-' && (c < '0' || c > '9') {
			return w.fail("a value is missing")
		}
		if n != nil && n.mark == markPart && n.part.Numbers && w.text != nil {
			if err := w.part(n.part.Kind); err != nil {
				return err
			}
		}
		from := w.pos
		if n != nil && n.mark == markOffset {
			err := w.numeral()
			w.offsetAt(n, from, w.pos)
			return err
		}
		if err := w.numeral(); err != nil || in != markText || w.pos-from < minNumber || n != nil && n.mark == markPart {
			return err
		}
		return w.numberAt(from, w.pos)
	}
}

// defaultIndex is the index of an element that does not have the member: its
// position if that is what the index says, else 0.
func (n *node) defaultIndex(position int) int {
	if n.key == "index" {
		return position
	}
	return 0
}

// guesses says whether the walk is over an event of an API that has no row.
func (w *walker) guesses() bool { return w.event != nil && w.event.guess }

func (w *walker) array(n *node, in mark) error {
	if w.depth++; w.depth > MaxDepth {
		return w.fail("nested too deep")
	}
	w.pos++
	elem, outer := n.element(), w.brace
	w.brace = len(w.src) // The elements have no members beside them.
	defer func() { w.brace = outer }()
	if w.space(); w.peek() == ']' {
		w.pos++
		w.depth--
		return nil
	}
	name, begin := w.name, w.pos
	known := w.resume()
	for i := 0; ; i++ {
		from := w.event.noted()
		w.index, w.name = -1, name
		if !known {
			if err := w.value(elem, in); err != nil {
				return err
			}
			w.passed()
		}
		known = false
		if w.event != nil && elem != nil && elem.key != "" {
			switch {
			case w.index >= 0:
			case elem.key == "index" && w.event.last[elem.level] > 0:
				w.index = w.event.last[elem.level] // It goes on with the last one.
			default:
				w.index = elem.defaultIndex(i)
			}
			w.event.settle(from, elem.level, w.index)
		}
		if w.guesses() && w.index < 0 {
			w.event.tellApart(from, mixed(i, []byte("position")))
		}
		w.space()
		switch w.peek() {
		case ',':
			w.pos++
		case ']':
			w.walked(begin)
			w.pos++
			w.depth--
			return nil
		default:
			return w.fail("an array is not closed")
		}
	}
}

func (w *walker) object(n *node, in mark) error {
	if w.depth++; w.depth > MaxDepth {
		return w.fail("nested too deep")
	}
	w.pos++
	open, outer, path := len(w.members), w.brace, w.path
	w.brace = w.pos - 1
	apart := w.tellsApart()
	var seen map[string]bool
	if w.space(); w.peek() == '}' {
		w.pos++
		w.depth--
		w.brace = outer
		return nil
	}
	for {
		w.space()
		if w.peek() != '"' {
			return w.fail("the name of a member is missing")
		}
		start, end, escaped, err := w.literal()
		if err != nil {
			return err
		}
		name := w.src[start:end]
		if escaped {
			name = unescape(nil, name)
		}
		if w.strict {
			if seen, err = w.once(open, seen, name); err != nil {
				return err
			}
		}
		kid, known := n.child(name)
		if w.names && !known && in == markText {
			if err := w.textAt(start, end, escaped); err != nil {
				return err
			}
		}
		if w.space(); w.peek() != ':' {
			return w.fail("a colon is missing")
		}
		w.pos++
		w.space()
		from := w.pos
		w.name = name
		if w.guesses() {
			w.path = mixed(path, name)
		}
		if err := w.value(kid, w.inherit(in, name)); err != nil {
			return err
		}
		w.path = path
		if w.top != nil && w.depth == 1 {
			w.top.members = append(w.top.members, member{name, from, w.pos})
		}
		if w.event != nil {
			apart.member(w.event, n, name, w.src[from:w.pos])
		}
		w.space()
		switch w.peek() {
		case ',':
			w.pos++
		case '}':
			w.pos++
			w.depth--
			clear(w.members[open:])
			w.members, w.brace = w.members[:open], outer
			if w.event != nil {
				apart.close(w, n)
			}
			return nil
		default:
			return w.fail("an object is not closed")
		}
	}
}

// inherit returns what the value of the member name inherits. Keywords of a
// schema are no text; one that opens an object is the name of a property. What
// is below an example is data.
func (w *walker) inherit(in mark, name []byte) mark {
	if in != markSchema {
		return in
	}
	switch string(name) {
	case "default", "example", "examples", "enum", "const":
		return markText
	case "type", "required", "format", "$ref", "$schema", "$id":
		if w.peek() != '{' {
			return markSkip
		}
	}
	return in
}

// manyMembers is from where on names are looked up in a map.
const manyMembers = 16

// once refuses a name that the object, whose names begin at open, has already.
func (w *walker) once(open int, seen map[string]bool, name []byte) (map[string]bool, error) {
	names := w.members[open:]
	if seen == nil && len(names) == manyMembers {
		seen = make(map[string]bool, 4*manyMembers)
		for _, s := range names {
			seen[string(s)] = true
		}
	}
	if seen != nil {
		if seen[string(name)] {
			return nil, w.fail("a member stands twice")
		}
		seen[string(name)] = true
		return seen, nil
	}
	for _, s := range names {
		if string(s) == string(name) {
			return nil, w.fail("a member stands twice")
		}
	}
	w.members = append(w.members, name)
	return nil, nil
}
