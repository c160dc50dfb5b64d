package mask

// trail is what is remembered of a text from one of its parts to the next: the
// byte before, and whether a URL goes on here. 0 is the beginning of a text.
//
// What a URL is, is judged by what fetches one: a browser that is shown the text.
// It begins with "//", with or without a scheme, with "www.", with the "](" of a
// link or image, or as the value of an attribute src or href. It goes on to the
// next white space, since quotes, brackets and characters beyond ASCII are taken
// into it; in an attribute to its quotation mark, behind "](<" to the end of the
// line, and in JSON, where everything stands in quotation marks, to the one that
// no backslash stands before. A backslash may stand for a slash, or be an escape.
//
//	bits 0-7    the byte before
//	bits 8-11   flags
//	bits 16-23  the quotation mark that ends an attribute, 0 if none
//	bits 32-63  the last four bytes, letters in lower case, without backslashes
type trail uint64

const (
	trailBegun trail = 1 << (8 + iota)
	trailJSON
	trailURL
	trailLine // to the end of the line
	trailOdd  // an odd number of backslashes stands right before
)

func (t trail) prev() byte { return byte(t) }

func (t trail) inURL() bool { return t&trailURL != 0 }

// behind returns the trail with the byte before as it is at the end of text.
func (t trail) behind(text []byte) trail {
	if len(text) == 0 {
		return t
	}
	return t&^0xFF | trail(text[len(text)-1])
}

// begin notes, at the beginning of a text, whether it is JSON.
func (t trail) begin(tool string, text []byte) trail {
	if t&trailBegun != 0 {
		return t
	}
	for _, c := range text {
		if c > ' ' {
			if t |= trailBegun; tool != "" || c == '{' || c == '[' {
				t |= trailJSON
			}
			break
		}
	}
	return t
}

// along returns the trail behind a piece of the text.
func (t trail) along(text []byte) trail {
	for len(text) > 0 {
		if !t.inURL() {
			n := 0
			for n < len(text) && !mayEnter[text[n]] {
				n++
			}
			if t = t.past(text[:n]); n == len(text) {
				break
			}
			text = text[n:]
		}
		t, text = t.step(text[0]), text[1:]
	}
	return t
}

// mayEnter marks what ends the beginning of a URL, and the backslash: what else
// stands outside of URLs is just passed.
var mayEnter = [256]bool{'/': true, '(': true, '.': true, '"': true, '\'': true, '\\': true}

// past returns the trail behind a run of other bytes outside of URLs.
func (t trail) past(run []byte) trail {
	if len(run) == 0 {
		return t
	}
	window := uint32(t >> 32)
	for _, c := range run[max(0, len(run)-4):] {
		window = window<<8 | uint32(lower(c))
	}
	return t&(1<<32-1)&^trailOdd | trail(window)<<32
}

// over returns the trail behind a value that was put in: it may begin a URL, and
// never ends one.
func (t trail) over(value []byte) trail {
	if t.inURL() {
		return t
	}
	return t.along(value)
}

func (t trail) step(c byte) trail {
	if c == '\\' {
		return t ^ trailOdd
	}
	odd := t&trailOdd != 0
	t &^= trailOdd
	window := uint32(t >> 32)
	switch {
	case !t.inURL():
		t = t.enter(c, window)
	case t.leaves(c, odd):
		t &^= trailURL | trailLine | 0xFF<<16
	case c == '<' && window&0xFFFF == ']'<<8|'(':
		t |= trailLine
	}
	return t&(1<<32-1) | trail(window<<8|uint32(lower(c)))<<32
}

// enter begins a URL where c is the last character of what begins one.
func (t trail) enter(c byte, window uint32) trail {
	switch c {
	case '/':
		if byte(window) == '/' {
			return t | trailURL
		}
	case '(':
		if byte(window) == ']' {
			return t | trailURL
		}
	case '.':
		if window&0xFFFFFF == 'w'<<16|'w'<<8|'w' {
			return t | trailURL
		}
	case '"', '\'':
		if window == 's'<<24|'r'<<16|'c'<<8|'=' || window == 'r'<<24|'e'<<16|'f'<<8|'=' {
			return t | trailURL | trail(c)<<16
		}
	}
	return t
}

// leaves says whether the URL ends before c; escaped says that a backslash stands
// before it.
func (t trail) leaves(c byte, escaped bool) bool {
	switch quote := byte(t >> 16); {
	case t&trailJSON != 0 && c == '"' && !escaped:
		return true
	case t&trailLine != 0:
		return c == '\n' || c == '\r'
	case quote != 0:
		return c == quote
	}
	return c <= ' '
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c | 0x20
	}
	return c
}
