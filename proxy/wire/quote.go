package wire

// maxNest is how deep JSON strings inside JSON strings are followed.
const maxNest = 4

// quotes follows a text, piece by piece, and knows at each point inside how many
// JSON string literals, one within the other, it stands: a value that is put in
// there must be escaped as many times. Tool-call arguments are one level deep; a
// JSON document inside one of their strings is a second.
//
// Of a text that need not be JSON, what is JSON in it is followed alone: from a
// bracket before a quotation mark to the bracket that closes it, or to what no
// JSON has there. So a model may quote a tool's result amid its prose, and a text
// that merely begins with a brace stays as it is.
//
// A string is taken for a document of its own when its first character is { or
// [. A quote that follows b backslashes delimits a string at the level at which
// those backslashes have paired off.
//
// The pieces of a stream cannot be parsed, so whole texts are followed in the
// same way: what a stream restores and what a whole answer restores agree.
type quotes struct {
	json  bool          // the text is JSON, all of it
	depth int           // brackets open in JSON amid prose, 0 in the prose
	begun int           // brackets that have opened in the prose just now
	open  int           // string literals open here
	run   int           // backslashes directly before here
	fresh bool          // nothing of the innermost string was seen yet
	doc   [maxNest]bool // doc[i]: the string open at level i+1 holds JSON
}

// advance follows one piece of the text.
func (q *quotes) advance(text []byte) {
	for i := 0; i < len(text); i++ {
		if i += q.pass(text[i:]); i == len(text) {
			return
		}
		q.step(text[i])
	}
}

// step follows one byte.
func (q *quotes) step(c byte) {
	if !q.json && !q.inProse(c) {
		return
	}
	switch c {
	case '\\':
		q.run++
		q.fresh = false
		return
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

// pass follows the bytes at the beginning of text that change nothing, and returns
// how many there are.
func (q *quotes) pass(text []byte) (n int) {
	switch {
	case q.fresh:
		return 0
	case q.json || q.open > 0:
		for n < len(text) && !turnsString[text[n]] {
			n++
		}
		if n > 0 {
			q.run = 0
		}
	case q.depth == 0 && q.begun == 0:
		for n < len(text) && text[n]|0x20 != '{' {
			n++
		}
	}
	return n
}

// turnsString marks what is not just a character of a string of JSON.
var turnsString = [256]bool{'"': true, '\\': true, '\n': true}

// inProse follows a text that need not be JSON; it says whether c stands in a
// string of JSON, or at the beginning of one.
func (q *quotes) inProse(c byte) bool {
	switch {
	case q.open > 0:
		if c != '\n' {
			return true
		}
		*q = quotes{} // No string of JSON has a line end in it.
		return false
	case q.depth > 0:
		switch c {
		case '{', '[':
			q.depth++
		case '}', ']':
			q.depth--
		case '"':
			return true
		default:
			if !between[c] {
				q.depth = 0
			}
		}
		return false
	}
	switch c {
	case '{', '[':
		q.begun++
	case '}', ']':
		q.begun = max(0, q.begun-1)
	case '"':
		q.depth, q.begun = q.begun, 0
		return q.depth > 0
	case ' ', '\t', '\r', '\n', ',', '-', '.', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
	default:
		q.begun = 0
	}
	return false
}

// between marks what stands in JSON between strings and brackets.
var between = func() (t [256]bool) {
	for _, c := range []byte(" \t\r\n,:+-.0123456789Etrufalsen") {
		t[c] = true
	}
	return t
}()

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
