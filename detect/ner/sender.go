package ner

import (
	"bytes"
	"slices"
)

// A name before an address of mail, as in headers, is somebody's whatever the
// words are: "Spahnn, Les" <les@example.org>, Les Spahnn [mailto:les@example.org].

// senderScore is how certain such a name is.
const senderScore = 0.95

// senders puts the names before addresses of mail in the place of what the
// model found of them in dst[first:].
func (t *text) senders(dst []Entity, first int) []Entity {
	for i := 1; i+3 < len(t.tokens); i++ {
		c := &t.tokens[i]
		if c.shape != shapeSign || c.end-c.start != 1 || t.data[c.start] != '<' && t.data[c.start] != '[' {
			continue
		}
		local, host := t.mailbox(i + 1)
		if local == nil {
			continue
		}
		from, to := t.sender(i)
		if from == to || !t.theirs(from, to, local, host) {
			continue
		}
		e := Entity{Start: int(t.tokens[from].start), End: int(t.tokens[to-1].end), Class: Person, Score: senderScore}
		dst = append(dst[:first], slices.DeleteFunc(dst[first:], func(x Entity) bool { return x.Start < e.End && e.Start < x.End })...)
		at, _ := slices.BinarySearchFunc(dst[first:], e, func(a, b Entity) int { return a.Start - b.Start })
		dst = slices.Insert(dst, first+at, e)
		for j := from; j < to; j++ {
			t.tags[j] = tagOf(Person, inside)
		}
	}
	return dst
}

// mailbox returns what stands before and behind the "@" of the address of mail
// at token i, if there is one.
func (t *text) mailbox(i int) (local, host []byte) {
	if t.tokens[i].shape == shapeName && t.at(i+1).gap == gapNone && t.signAt(i+1, ":") {
		i += 2 // mailto:
	}
	for j := i; j < len(t.tokens) && j < i+16 && (j == i || t.tokens[j].gap == gapNone); j++ {
		if t.signAt(j, "@") && j > i {
			return t.data[t.tokens[i].start:t.tokens[j].start], t.data[t.tokens[j].end:min(len(t.data), int(t.tokens[j].end)+40)]
		}
	}
	return nil, nil
}

// sender returns the tokens of the words before the sign at i: all that stands in
// quotes, or back to the beginning of the line or a sign that parts names.
func (t *text) sender(i int) (from, to int) {
	to = i
	quoted := byte(0)
	if q := &t.tokens[i-1]; q.shape == shapeSign && (t.data[q.start] == '"' || t.data[q.start] == '\'') {
		quoted = t.data[q.start]
		to--
	}
	from = to
	for words := 0; from > 0 && t.tokens[from].line == t.tokens[i].line && words <= 4; from-- {
		c := &t.tokens[from-1]
		switch {
		case c.line != t.tokens[i].line:
			return from, to
		case c.shape == shapeTitle || c.shape == shapeUpper || c.shape == shapeLetter || c.shape == shapeMixed:
			words++
		case c.shape == shapeSign && quoted != 0 && t.data[c.start] == quoted:
			return from, to
		case c.shape == shapeSign && from < to && (t.data[c.start] == '.' || t.data[c.start] == '-' || quoted != 0 && t.data[c.start] == ','):
		case quoted != 0:
			return to, to
		default:
			return from, to
		}
	}
	return from, to
}

// theirs reports whether the words [from:to] are a person's: one of them is part
// of the address, or on a list of names, and none is part of its host.
func (t *text) theirs(from, to int, local, host []byte) bool {
	some := false
	for i := from; i < to; i++ {
		c := &t.tokens[i]
		if c.end-c.start < 3 {
			continue
		}
		word := t.data[c.start:c.end]
		if containsFold(host, word) {
			return false
		}
		some = some || containsFold(local, word) || c.info&(ListFirst|ListLast|ListHuman) != 0 && c.info&wellKnown == 0
	}
	return some
}

// containsFold reports whether s has word in it, whatever the letter case.
func containsFold(s, word []byte) bool {
	for i := 0; i+len(word) <= len(s); i++ {
		if bytes.EqualFold(s[i:i+len(word)], word) {
			return true
		}
	}
	return false
}
