package detect

import "strings"

// Classes of ASCII characters. A byte that is not ASCII is in none of them.

type class uint32

const (
	classWord       class = 1 << iota // letters and digits
	classDigit                        // 0-9
	classHex                          // 0-9 a-f A-F
	classKey                          // letters, digits, "-", "_"
	classRun                          // what keys and paths are made of: letters, digits, "-./[\\]^_{|}~"
	classSpace                        // white space
	classLocal                        // what the part of an address before the "@" is made of
	classBase64                       // letters, digits, "+", "/", "="
	classUpper32                      // A-Z 2-7
	classBehindName                   // what may stand between a name and its ":" or "="
	classBehindSign                   // what may stand between these and the value
	classBareEnd                      // what ends a value without quotes
	classPEMGap                       // what may stand between the lines of a PEM block
	classDotted                       // letters, digits, "-", "_", "."
	classUpper                        // A-Z 0-9
	classSlash                        // "/"
	classColon                        // ":"
	classToken                        // letters, digits, "-", "_", "+", "/", "="
	classSeparator                    // what may stand between groups of digits
)

var classes = func() (t [256]class) {
	mark := func(c class, chars string) {
		for i := range len(chars) {
			t[chars[i]] |= c
		}
	}
	const digits, hex = "0123456789", "0123456789abcdefABCDEF"
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	mark(classWord, digits+letters)
	mark(classDigit, digits)
	mark(classHex, hex)
	mark(classKey, digits+letters+"-_")
	mark(classRun, digits+letters+"-./[\\]^_{|}~\x7f") // as in pass.windows
	mark(classSpace, " \t\r\n\v\f")
	mark(classLocal, digits+letters+"._%+-")
	mark(classUpper32, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
	mark(classBehindName, " \t\"'`\\])*!|?")
	mark(classBehindSign, " \t=:>*")
	mark(classBareEnd, " \t\r\n\v\f,;\"'`()[]{}<>|\\")
	mark(classPEMGap, " \t\r\n\v\f\"',|>#*;")
	mark(classBase64, digits+letters+"+/=")
	mark(classUpper, digits+"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	mark(classDotted, digits+letters+"-_.")
	mark(classSlash, "/")
	mark(classColon, ":")
	mark(classToken, digits+letters+"-_+/=")
	mark(classSeparator, " -./()")
	return t
}()

func isWord(c byte) bool  { return classes[c]&classWord != 0 }
func isDigit(c byte) bool { return classes[c]&classDigit != 0 }
func isHex(c byte) bool   { return classes[c]&classHex != 0 }
func isKey(c byte) bool   { return classes[c]&classKey != 0 }
func isRun(c byte) bool   { return classes[c]&classRun != 0 }
func isSpace(c byte) bool { return classes[c]&classSpace != 0 }
func isLetter(c byte) bool {
	return classes[c]&(classWord|classDigit) == classWord
}

// byteAt returns text[i], or 0 outside of it.
func byteAt(text []byte, i int) byte {
	if i < 0 || i >= len(text) {
		return 0
	}
	return text[i]
}

// while returns the end of the characters of c from i, at most limit of them.
func while(text []byte, i int, c class, limit int) int {
	for end := min(len(text), i+limit); i < end && classes[text[i]]&c != 0; {
		i++
	}
	return i
}

// back returns the start of the characters of class that end at i, at most
// limit of them.
func back(text []byte, i int, c class, limit int) int {
	for start := max(0, i-limit); i > start && classes[text[i-1]]&c != 0; {
		i--
	}
	return i
}

// lower returns a short text of ASCII in lower case.
func lower(text []byte) string { return strings.ToLower(string(text)) }

// bytePairs is a set of two bytes in a row.
type bytePairs [256][4]uint64

func (p *bytePairs) add(a, b byte)      { p[b][a/64] |= 1 << (a % 64) }
func (p *bytePairs) has(a, b byte) bool { return p[b][a/64]>>(a%64)&1 != 0 }
