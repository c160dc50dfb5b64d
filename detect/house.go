package detect

import "unicode/utf8"

const (
	maxHouse  = 5   // digits of the number of a house
	maxStreet = 160 // bytes between two numbers of an address, see betweenNumbers
)

// houseLeads are the letters of Rule.Leads of rules with a House.
const houseLeads = "s1z,x"

// house offers the digits text[at:end], if they are few and stand behind a word,
// to the rules that want house numbers. Most numbers are none, and one look at
// what is beside them says so.
func (p *pass) house(at, end int) {
	text := p.text
	before := p.beforeName
	if nameBehind(text, end) {
		p.beforeName = end
	}
	if at < 3 || end-at > maxHouse {
		return
	}
	last := text[at-1]
	if last >= utf8.RuneSelf && at > 3 {
		p.block(at, end)
		return
	}
	if last != ' ' || !(isLetter(text[at-2]) || text[at-2] == '.' || text[at-2] >= utf8.RuneSelf) {
		return
	}
	c := byteAt(text, end)
	if c == '.' && isDigit(byteAt(text, end+1)) {
		return
	}
	for lead, yes := range [...]bool{
		streetLast.has(text[at-3], text[at-2]),
		before > 0 && at-before < maxStreet,
		end-at == 5,
		c == ',' || c == '-' || c == '/' || isLetter(c),
		text[at-2] >= utf8.RuneSelf || text[at-3] >= utf8.RuneSelf,
	} {
		if !yes {
			continue
		}
		for _, r := range p.houses[lead] {
			if start, end := r.House(text, at, end); start < end {
				p.found(r, start, end)
			}
		}
	}
}

// nameBehind reports whether a word in capitals stands behind the number that ends
// at i, as numberBefore and capitalAt have it.
func nameBehind(text []byte, i int) bool {
	if isLetter(byteAt(text, i)) {
		i++
	}
	if byteAt(text, i) != ' ' {
		return false
	}
	c := byteAt(text, i+1)
	return isUpper(c) || c >= utf8.RuneSelf
}

// block offers the digits text[at:end] to the rules that want them behind
// characters such as those of Chinese.
func (p *pass) block(at, end int) {
	for _, r := range p.blocks {
		if start, end := r.Block(p.text, at, end); start < end {
			p.found(r, start, end)
		}
	}
}
