package ner

// Class is what an entity is.
type Class uint8

// The classes.
const (
	Person Class = iota
	Location
	Organization
	Address
	NumClasses = 4
)

// tag is the part of an entity that a token is: the class and one of begin,
// inside, last, unit (BILOU). The tag outside is none of them.
type tag uint8

const (
	begin tag = iota
	inside
	last
	unit

	numTags       = 4 * NumClasses
	outside   tag = numTags
	numStates     = numTags + 1
)

func tagOf(c Class, part tag) tag { return tag(c)*4 + part }

func (t tag) class() Class { return Class(t / 4) }
func (t tag) part() tag    { return t % 4 }

// open reports whether an entity goes on behind the tag.
func (t tag) open() bool { return t != outside && t.part() <= inside }

// follows reports whether the tag may stand behind another.
func (t tag) follows(before tag) bool {
	if before.open() {
		return t != outside && t.class() == before.class() && (t.part() == inside || t.part() == last)
	}
	return t == outside || t.part() == begin || t.part() == unit
}
