package wire

// maxNest is how deep JSON strings inside JSON strings are followed.
const maxNest = 4

// quotes follows a text that is JSON, piece by piece, and knows at each point
// inside how many string literals, one within the other, it stands: a value
// that is put in there must be escaped as many times. Tool-call arguments are
// one level deep; a JSON document inside one of their strings is a second.
//
// A string is taken for a document of its own when its first character is { or
// [. A quote that follows b backslashes delimits a string at the level at which
// those backslashes have paired off.
//
// The pieces of a stream cannot be parsed, so whole texts are followed in the
// same way: what a stream restores and what a whole answer restores agree.
type quotes struct {
	open  int           // string literals open here
	run   int           // backslashes directly before here
	fresh bool          // nothing of the innermost string was seen yet
	doc   [maxNest]bool // doc[i]: the string open at level i+1 holds JSON
}

// advance follows one piece of the text.
func (q *quotes) advance(text []byte) {
	for _, c := range text {
		switch c {
		case '\\':
			q.run++
			q.fresh = false
			continue
		case '"':
			q.quote()
		case ' ':
		default:
			if q.fresh {
				q.doc[q.open-1] = c == '{' || c == '['
				q.fresh = false
			}
		}
		q.run = 0
	}
}

// quote takes note of a quotation mark.
func (q *quotes) quote() {
	level, b := 1, q.run
	for b&1 == 1 {
		level, b = level+1, b/2
	}
	switch {
	case level <= q.open:
		q.open = level - 1
		q.fresh = false
	case level == q.open+1 && level <= maxNest && (q.open == 0 || q.doc[q.open-1]):
		q.open = level
		q.doc[level-1] = false
		q.fresh = true
	}
}

// escape returns the value as it must stand here.
func (q *quotes) escape(value string) string {
	for range q.open {
		value = escape(value)
	}
	return value
}
