package detect

// number is a sequence of groups of digits, such as 010-1234-5678, from some
// group on. It is read once and then offered to all rules that want numbers;
// read at the next group, it slides on by one.
type number struct {
	text   []byte
	groups []group
	digits []byte // of all groups, without what parts them
	ended  bool   // nothing follows the last group
	ipv4   address

	groupBuf [4 * maxGroups]group
	digitBuf [4 * maxDigits]byte
}

// group is a run of digits within a number.
type group struct {
	start, end int  // in the text
	sep        byte // what parts it from the next: ' ', '-', '.', '/', '(', ')', or 0 at the end
}

const (
	maxGroups = 12
	maxDigits = 40 // of a number; a longer group of digits is none
	minDigits = 7  // of a shape
)

// read reads the number whose first group is text[at:end]. It reports whether
// there is enough of it for any rule: 7 digits, or 4 groups, or two letters
// before it.
func (n *number) read(text []byte, at, end int) bool {
	lettered := at >= 2 && isLetter(text[at-1]) && isLetter(text[at-2]) && !isWord(byteAt(text, at-3))
	slides := len(n.groups) > 1 && n.groups[1].start == at
	if !slides && !lettered && end-at < minDigits && !separates(text, end) {
		return false // as most numbers
	}
	n.text, n.ipv4.known = text, false
	if slides {
		n.digits = n.digits[n.groups[0].end-n.groups[0].start:]
		n.groups = n.groups[1:]
	} else {
		n.groups, n.digits, n.ended = n.groupBuf[:0], n.digitBuf[:0], false
		n.group(at)
	}
	for !n.ended && len(n.groups) < maxGroups && len(n.digits) < maxDigits {
		last := &n.groups[len(n.groups)-1]
		sep, next := separator(text, last.end)
		if next == 0 {
			n.ended = true
			break
		}
		last.sep = sep
		n.group(next)
	}
	return len(n.digits) >= minDigits || len(n.groups) >= 4 || lettered
}

// group appends the group that begins at. One that is too long for a number
// ends it.
func (n *number) group(at int) {
	if len(n.groups) == cap(n.groups) {
		n.groups = append(n.groupBuf[:0], n.groups...)
	}
	if len(n.digits)+maxDigits > cap(n.digits) {
		n.digits = append(n.digitBuf[:0], n.digits...)
	}
	end := while(n.text, at, classDigit, maxDigits+1)
	if end-at > maxDigits {
		n.ended = true
		if len(n.groups) > 0 {
			n.groups[len(n.groups)-1].sep = 0
			return
		}
		end = at
	}
	n.groups = append(n.groups, group{start: at, end: end})
	n.digits = append(n.digits, n.text[at:end]...)
}

// separator returns what parts the digits that end at i from the next, and
// where those begin, or 0. It is one sign, with a space on either side at
// most, or a space, or a parenthesis with one of these.
func separator(text []byte, i int) (sep byte, next int) {
	for end := min(i+3, len(text)); i < end; i++ {
		switch c := text[i]; {
		case c == ' ' && (sep == ' ' || i > 1 && text[i-1] == ' '):
			return 0, 0
		case c == ' ':
			if sep == 0 {
				sep = c
			}
		case c == '-' || c == '.' || c == '/':
			if sep != 0 && sep != ' ' && sep != ')' {
				return 0, 0
			}
			if sep != ')' {
				sep = c
			}
		case c == '(' || c == ')':
			if sep == '(' || sep == ')' {
				return 0, 0
			}
			sep = c
		default:
			return 0, 0
		}
		if i+1 < len(text) && isDigit(text[i+1]) {
			return sep, i + 1
		}
	}
	return 0, 0
}

// separates reports whether a separator may stand at i. It says no to most that are
// none.
func separates(text []byte, i int) bool {
	return classes[byteAt(text, i)]&classSeparator != 0 && classes[byteAt(text, i+1)]&(classSeparator|classDigit) != 0
}

// first returns the digits of the first k groups.
func (n *number) first(k int) []byte {
	count := 0
	for _, g := range n.groups[:k] {
		count += g.end - g.start
	}
	return n.digits[:count]
}

// whole reports whether text[start:end] is neither part of a word nor of a
// longer number with "-" or "." in it, nor the end of a UUID.
func whole(text []byte, start, end int) bool {
	before, after := byteAt(text, start-1), byteAt(text, end)
	if isWord(before) || before == '_' || before == '+' || isWord(after) || after == '_' {
		return false
	}
	if (before == '-' || before == '.') && isDigit(byteAt(text, start-2)) && !uuidTail(text, start) {
		return false
	}
	if (after == '-' || after == '.') && isDigit(byteAt(text, end+1)) {
		return false
	}
	return !uuidTail(text, start)
}

// uuidTail reports whether text[at:] is the last group of a UUID, or one
// before it: after a hyphen come at least two groups of 4 hexadecimal digits.
func uuidTail(text []byte, at int) bool {
	for range 2 {
		if byteAt(text, at-1) != '-' || back(text, at-1, classHex, 5) != at-5 {
			return false
		}
		at -= 5
	}
	return true
}

// maxShape is the number of groups a shape can have.
const maxShape = 8

// shape is the code of a number's groups: a byte each, of the group's length
// in the lower 5 bits and of what parts it from the next in the upper 3.
type shape uint64

// add adds a group, which nothing parts from the next yet.
func (s shape) add(length int) shape { return s<<8 | shape(min(length, 31)) }

// part says what parts the last group from the next.
func (s shape) part(sep byte) shape { return s | shape(separators[sep])<<5 }

// first is the code of the first group.
func (s shape) first() byte {
	for s > 0xff {
		s >>= 8
	}
	return byte(s)
}

// digits is how many digits the groups have.
func (s shape) digits() (n int) {
	for ; s > 0; s >>= 8 {
		n += int(s & 31)
	}
	return n
}

// shapeTable holds the rules of shapes, by a hash of these.
type shapeTable [1 << shapeBits]struct {
	shape shape
	rules []*Rule
}

const shapeBits = 9 // a few times as many as there are shapes

// slot returns the place of s, which is empty if no rule has it.
func (t *shapeTable) slot(s shape) int {
	i := int(uint64(s) * 0x9e3779b97f4a7c15 >> (64 - shapeBits))
	for t[i].shape != s && t[i].shape != 0 {
		i = (i + 1) % len(t)
	}
	return i
}

func (t *shapeTable) rules(s shape) []*Rule { return t[t.slot(s)].rules }

func (t *shapeTable) add(s shape, r *Rule) {
	slot := &t[t.slot(s)]
	slot.shape, slot.rules = s, append(slot.rules, r)
}

var separators = [256]uint8{' ': 1, '-': 2, '.': 3, '/': 4, '(': 5, ')': 6}

// number offers the number whose first digits are text[at:end], or more if these
// are 8, to all rules that want numbers.
func (p *pass) number(at, end int) {
	if p.custom != nil && p.custom.digits > 0 {
		p.wakeDigits(at)
	}
	if end-at >= window-step {
		end = while(p.text, at, classDigit, maxDigits+1)
	}
	p.form(at, end)
	p.house(at, end)
	n := &p.num
	if !n.read(p.text, at, end) {
		return
	}
	s, count := shape(0), 0
	for i, g := range n.groups[:min(len(n.groups), maxShape)] {
		count += g.end - g.start
		if s = s.add(g.end - g.start); count >= minDigits {
			if rules := p.shapes.rules(s); len(rules) > 0 {
				p.shape(rules, i+1)
			}
		}
		if count > p.mostDigits {
			break
		}
		if s = s.part(g.sep); i == 0 && !p.shapeStarts[byte(s)] {
			break
		}
	}
	for lead, yes := range n.leads() {
		if !yes {
			continue
		}
		for _, r := range p.numbers[lead] {
			if start, end := r.Number(n); start < end {
				p.found(r, start, end)
			}
		}
	}
}

// numberLeads are the letters of Rule.Leads.
const numberLeads = "a+0."

// leads returns which of numberLeads the number begins with.
func (n *number) leads() [len(numberLeads)]bool {
	first := n.groups[0]
	before := byteAt(n.text, first.start-1)
	return [...]bool{
		isLetter(before),
		before == '+' || before == '(' && byteAt(n.text, first.start-2) == '+',
		len(n.digits) > 0 && n.digits[0] == '0',
		first.sep == '.',
	}
}

// shape offers the first k groups of the number to the rules of their shape.
func (p *pass) shape(rules []*Rule, k int) {
	start, end := p.num.groups[0].start, p.num.groups[k-1].end
	if p.num.groups[0].sep == ')' && byteAt(p.text, start-1) == '(' {
		start--
	}
	bare := whole(p.text, start, end)
	// Numbers in paths are ids, unless their form says more.
	path := byteAt(p.text, start-1) == '/' && isWord(byteAt(p.text, start-2))
	for _, r := range rules {
		if path && r.Score < 0.5 {
			continue
		}
		last, ok := end, bare
		if r.Tail != nil {
			if last = r.Tail(p.text, end); last > end {
				ok = whole(p.text, start, last)
			}
		}
		if ok && r.Valid(p.num.first(k)) && (r.Around == nil || r.Around(p.text, start, end)) {
			p.found(r, start, last)
		}
	}
}
