package wire

import (
	"hash/fnv"
	"math"
	"slices"
)

// A stream of an API that has no row is guessed at: members of certain names, at
// any depth, are pieces of texts. Two pieces belong to one text if they stand at
// the same path, in objects that have the same index and the same id. What is
// kept back of a text goes out before the first event that has no piece at all,
// or that says it is the end.
//
// # Known tradeoffs
//
// A text under another name, or whose events each have an id of their own, is
// restored event by event: a token that is cut in two there stays a token. So does
// one in the first piece of a text, if a second text begins before it goes on.

// guessed are the names of members that hold pieces of texts.
var guessed = []string{
	"text", "content", "delta", "output", "output_text", "response", "completion", "token", "answer", "arguments",
	"partial_json", "reasoning", "reasoning_content", "thinking", "transcript", "generated_text", "message", "value",
	"input", "refusal", "chunk",
}

// guessedEnds are those of members that end the texts around them.
var guessedEnds = []string{"finish_reason", "finishReason", "stop_reason", "done"}

// guessTree builds the tree of events that nothing is known of: it leads into
// itself.
func guessTree() *node {
	root, piece, stop := &node{loops: true}, &node{loops: true, mark: markLane}, &node{mark: markEnd, level: 2}
	for _, name := range guessed {
		root.names, root.kids = append(root.names, name), append(root.kids, piece)
	}
	for _, name := range guessedEnds {
		root.names, root.kids = append(root.names, name), append(root.kids, stop)
	}
	piece.names, piece.kids = root.names, root.kids
	root.any, piece.any, root.elem, piece.elem = root, root, root, root
	return root
}

// isIdentity says whether a member tells the text in its object from others.
func isIdentity(name []byte) bool {
	switch string(name) {
	case "id", "index", "item_id", "output_index", "content_index", "choice_index":
		return true
	}
	return false
}

// mixed returns a number of a path or an identity, made of the one around it.
func mixed(n int, parts ...[]byte) int {
	h := fnv.New64a()
	h.Write([]byte{byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24), byte(n >> 32), byte(n >> 40), byte(n >> 48)})
	for _, p := range parts {
		h.Write(p)
		h.Write([]byte{0})
	}
	return int(h.Sum64() & math.MaxInt64)
}

// tellApart gives all that was noted since from the identity of the object
// around it.
func (ev *event) tellApart(from notes, identity int) {
	for i := from[0]; i < len(ev.hits); i++ {
		ev.hits[i].key.index[1] ^= identity
	}
	for i := from[1]; i < len(ev.ends); i++ {
		ev.ends[i].index[0] = -1 // at any path
		ev.ends[i].index[1] ^= identity
	}
}

// Bounds of what is guessed at one time.
const (
	maxGuessed = 64 // texts
	maxStale   = 8  // events without a further piece of a text of which something is kept
)

// settleGuess ends what an event of a guessed stream ends without saying so, and
// forgets the texts that have not gone on for long.
func (s *Stream) settleGuess(dst []byte) []byte {
	s.events++
	// A text that begins where another one stands may go on with it after all,
	// under an id of its own: what came before must come out before.
	var begun []int
	for i := range s.ev.hits {
		key := &s.ev.hits[i].key
		if l := s.laneWith(key); l != nil {
			l.seen = s.events
		} else {
			begun = append(begun, key.index[0])
		}
	}
	for _, l := range s.lanes {
		if len(s.ev.hits) == 0 || s.events-l.seen > maxStale || slices.Contains(begun, l.key.index[0]) {
			dst = s.rest(dst, l)
		}
	}
	if len(s.lanes) > maxGuessed {
		s.lanes = slices.DeleteFunc(s.lanes, func(l *lane) bool {
			old := len(l.tail) == 0 && s.events-l.seen > maxStale
			if old {
				delete(s.byKey, l.key)
			}
			return old
		})
	}
	return dst
}

// imitate makes of an event one that carries nothing but the text of the lane:
// what stands before it goes into l.template, what stands behind it into l.behind.
// others are the edits of what is no piece.
func (s *Stream) imitate(l *lane, h *hit, data []byte, others []edit) {
	edits := slices.Clone(others)
	for i := range s.ev.hits {
		if o := &s.ev.hits[i]; o != h {
			edits = append(edits, edit{o.start, o.end, ""})
		}
	}
	sortEdits(edits)
	at, _ := slices.BinarySearchFunc(edits, h.start, func(e edit, start int) int { return e.start - start })
	l.template = appendEdited(l.template[:0], data[:h.start], edits[:at])
	l.behind = appendEdited(l.behind[:0], data[h.end:], shifted(edits[at:], h.end))
}
