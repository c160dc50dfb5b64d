package detect

import (
	"errors"
	"fmt"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// What a pattern of one's own costs is counted, not timed: on a busy machine, or
// another one, the count is the same. Package regexp follows every way in which a
// pattern may go on at a character (a Pike VM, https://swtch.com/~rsc/regexp/regexp2.html),
// so the number of ways that are open is what a text costs. cost walks a text of
// many forms as it does, and counts them.

// MaxCost is how many ways of one pattern may be open at a character, on average.
// Usual patterns have 1 to 10; those that repeat what repeats have hundreds.
const MaxCost = 40

// costSample is the text, about 16 KiB: words, numbers, code, lists.
var costSample = strings.Repeat("Dear Ms Weaver, the order 4711-AB12 of 2026-03-14 (EUR 1,299.00) goes to 12 Elm Street; "+
	"call 555 0100 or write a note. func main() { x := m[\"key\"] + 17 } aaaaaaaaaaaaaaaa 0000000000000000\n", 90)

// Slow returns which of the configuration's own patterns are too slow to be
// tried on every text, each with its path, or nil. The configuration is valid.
func (c Config) Slow() error {
	var faults []error
	judge := func(path, pattern string) {
		if Cost(pattern) > MaxCost {
			faults = append(faults, fmt.Errorf("%s: is too slow: on average more than %d ways to go on are open at each character; repeat less, and nothing that repeats itself", path, MaxCost))
		}
	}
	for i, r := range c.Rules {
		judge(fmt.Sprintf("rules[%d].pattern", i), r.Pattern)
	}
	for i, d := range c.Deny {
		for j, p := range d.Patterns {
			judge(fmt.Sprintf("deny[%d].patterns[%d]", i, j), p)
		}
	}
	return errors.Join(faults...)
}

// Only returns the configuration with all kinds off that it has no rules, lists or
// dictionaries of its own for.
func Only(c Config) Config {
	own := Config{Rules: c.Rules, Deny: c.Deny, Exact: c.Exact, Dictionaries: c.Dictionaries}.known()[len(Kinds):]
	c.Disable = slices.Clone(c.Disable)
	for _, k := range Kinds {
		if !slices.Contains(own, k.Kind) {
			c.Disable = append(c.Disable, k.Kind)
		}
	}
	return c
}

// Cost returns how many ways a pattern keeps open at a character of a usual text,
// on average; just over MaxCost where there are more, and 0 for what is no pattern
// of RE2, of which Validate says what is wrong.
func Cost(pattern string) float64 {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return 0
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		return 0
	}
	w := &ways{prog: prog, seen: make([]uint32, len(prog.Inst))}
	limit, before := MaxCost*len(costSample), rune(-1)
	for at, r := range costSample {
		after, _ := utf8.DecodeRuneInString(costSample[at+utf8.RuneLen(r):])
		w.step(before, r, after)
		if w.count > limit {
			break
		}
		before = r
	}
	return float64(w.count) / float64(len(costSample))
}

// ways are the instructions of a pattern at which it may go on.
type ways struct {
	prog  *syntax.Prog
	open  []uint32 // that read a character
	next  []uint32
	seen  []uint32 // the step at which an instruction was opened
	now   uint32
	count int
}

// step reads a character, between two others (-1: none).
func (w *ways) step(before, r, after rune) {
	if w.now == 0 {
		w.begin(before, r)
	}
	w.now++
	w.next = w.next[:0]
	for _, pc := range w.open {
		if in := &w.prog.Inst[pc]; in.MatchRune(r) {
			w.add(in.Out, syntax.EmptyOpContext(r, after))
		}
	}
	w.add(uint32(w.prog.Start), syntax.EmptyOpContext(r, after)) // A match may begin anywhere.
	w.open, w.next = w.next, w.open
	w.count += len(w.open)
}

func (w *ways) begin(before, r rune) {
	w.now = 1
	w.add(uint32(w.prog.Start), syntax.EmptyOpContext(before, r))
	w.open, w.next = w.next, w.open
}

// add opens what can be reached from pc without a character.
func (w *ways) add(pc uint32, where syntax.EmptyOp) {
	if w.seen[pc] == w.now {
		return
	}
	w.seen[pc] = w.now
	switch in := &w.prog.Inst[pc]; in.Op {
	case syntax.InstAlt, syntax.InstAltMatch:
		w.add(in.Out, where)
		w.add(in.Arg, where)
	case syntax.InstCapture, syntax.InstNop:
		w.add(in.Out, where)
	case syntax.InstEmptyWidth:
		if syntax.EmptyOp(in.Arg)&^where == 0 {
			w.add(in.Out, where)
		}
	case syntax.InstMatch, syntax.InstFail:
	default:
		w.next = append(w.next, pc)
	}
}
