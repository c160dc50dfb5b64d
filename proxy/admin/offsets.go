package admin

import "unicode/utf8"

// What offsets into texts count. JavaScript counts UTF-16, Python and Presidio
// code points, Go and Rust bytes of UTF-8.
const (
	codepoints = "codepoints"
	inBytes    = "bytes"
	utf16units = "utf16"
)

// units says how much of a unit a character takes; a byte that is not UTF-8
// counts as the one character U+FFFD that readers make of it.
var units = map[string]func(r rune, size int) int{
	codepoints: func(rune, int) int { return 1 },
	inBytes:    func(_ rune, size int) int { return size },
	utf16units: func(r rune, _ int) int {
		if r > 0xFFFF {
			return 2
		}
		return 1
	},
}

// ruler turns offsets in bytes of a text into another unit, or back. It goes
// forward only: offsets come in ascending order, and the text is read once.
type ruler struct {
	text  []byte
	unit  func(r rune, size int) int
	bytes int // where it stands
	count int // the same, in units
}

func newRuler(text []byte, unit string) *ruler {
	return &ruler{text: text, unit: units[unit]}
}

// of returns the offset of byte at, which is not before the last one asked for.
func (c *ruler) of(at int) int {
	for c.bytes < at {
		c.step()
	}
	return c.count
}

// byteAt returns the byte at which offset at stands; false if the text ends
// before, or if it stands within a character.
func (c *ruler) byteAt(at int) (int, bool) {
	for c.count < at && c.bytes < len(c.text) {
		c.step()
	}
	return c.bytes, c.count == at
}

func (c *ruler) step() {
	r, size := utf8.DecodeRune(c.text[c.bytes:])
	c.bytes += size
	c.count += c.unit(r, size)
}
