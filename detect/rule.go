package detect

import "slices"

// A Rule is a row: one form of one kind of value. What wakes it is a sign, a
// word, the beginning of a key, or a number; only then is its matcher called,
// on that place alone. A rule has exactly one of Signs, Words and Names, with
// Match, or Prefixes, with Match or Body, or Behind or Long, with Match, or
// Shapes, with Valid, or Forms, or House or
// Block, or Number with Leads.
//
// Hits and Misses are the rule's documentation and its test. In a hit the
// value stands between « and », which are not part of the text.
type Rule struct {
	Name  string
	Kind  Kind
	Score float64 // certainty in [0,1] of a match by itself

	// Signs are bytes of ":;<=>?@". Of several in a row the first counts.
	Signs string
	// Next are the classes of what may stand behind a sign, if not anything.
	Next class
	// Words are whole words of ASCII letters and digits, in lower case, found
	// in any case. If a word goes on to 8 bytes and beyond, only the first 8
	// are compared: Match must look at the rest.
	Words []string
	// Names are the ends of names that are given a value with ":" or "=", such
	// as password in "db_password = ...". See names.
	Names []string
	// Prefixes begin a run of at least 16 key characters (classRun), or follow
	// one in it that is neither letter nor digit. They are at least 3 bytes long.
	Prefixes []string
	// Behind are signs within a run of key characters, or right before it, whose
	// following letters and digits are offered to Match.
	Behind string
	// Long offers to Match what is that many letters and digits in a row, or
	// more, within a run of key characters.
	Long int
	// Shapes are the lengths of the groups of digits that make the number, with
	// what parts them: "16", "3-2-4", "4 6 5"; "~" is any one of " ", "-" and
	// ".". The number is not part of a longer one, nor of a word.
	Shapes []string
	// Forms are what the number looks like with its letters, such as "AA~99~99~99~A".
	// See form.
	Forms []string
	// Glued forms are also found right behind a word, "is199003052397".
	Glued bool
	// Valid judges the digits of a shape, or the letters and digits of a form in
	// upper case, without what parts them. A form may do without.
	Valid func(id []byte) bool
	// Around, if set, judges what stands around text[start:end], which has the
	// shape and is valid.
	Around func(text []byte, start, end int) bool
	// Tail, if set, returns the end of what follows the digits of a shape and
	// belongs to them, or end.
	Tail func(text []byte, end int) int
	// House is offered each group of up to five digits behind a word and a space,
	// if beside it stands what Leads says.
	House func(text []byte, at, end int) (start, end2 int)
	// Block is offered each group of up to five digits right behind a character
	// that is not ASCII.
	Block func(text []byte, at, end int) (start, end2 int)
	// Number is offered each number that begins as Leads says, whatever its shape,
	// and returns where the value is, or nothing if start >= end.
	Number func(n *number) (start, end int)
	// Leads are how a number may begin: "a" behind a letter, "+" behind a plus or
	// "(+", "0" with a zero, "." with a group that a dot parts from the next. Of a
	// House they are one of: "s" the word ends as streets do, "1" a number with a
	// word in capitals behind it stands not far before, "z" the digits are five, ","
	// a comma, a letter or a sign of numbers follows, "x" the word is not of ASCII.
	Leads string

	// Body is what must follow the prefix.
	Body body
	// Match looks at what woke the rule, text[at:end] (for a name, the sign
	// behind it), and returns where the value is, or nothing if start >= end. It
	// must look at a bounded part of text, or at one that it never looks at again.
	Match func(text []byte, at, end int) (start, end2 int)

	// Near are words, in lower case, whose presence around a match makes it
	// more certain by nearBonus, unless it is certain by itself.
	Near []string

	Hits, Misses []string
}

const (
	nearBonus = 0.4 // what a word of Rule.Near adds to the score
	certain   = 0.8 // the score from which it is not asked for
)

// Rules is the table of the built-in rules, family by family.
var Rules = slices.Concat(
	mailRules,
	saidMailRules,
	phoneRules,
	cardRules,
	ibanRules,
	ssnRules,
	ipRules,
	keyRules,
	aiKeys,
	devKeys,
	cloudKeys,
	appKeys,
	formKeys,
	tokenRules,
	passwordRules,
	commandRules,
	configRules,
	behindRules,
	userRules,
	hashRules,
	cloudRules,
	idRules,
	moneyRules,
	cryptoRules,
	deviceRules,
	dateRules,
	webRules,
	addressRules,
	blockRules,
)
