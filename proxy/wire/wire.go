// Package wire knows where each API keeps its text: in requests, in answers,
// and in the events of a stream. It finds the texts, hands each one out
// decoded, and splices what comes back into the very bytes it read.
//
// It does not know what is sensitive, nor HTTP, nor any API's schema: bytes
// that were not edited are never written anew, so key order, spacing, number
// text and escapes stay, and a body without findings is forwarded as it came.
//
// Everything is text unless a row says otherwise. A [Format] is a row of the
// table formats: it lists what is not text (Skip, Parts), which strings hold
// JSON (Quoted), and where the pieces of a streamed text are (Lanes). An API
// without a row of its own gets [Generic], where every string is text.
//
// One strict walk (walker) reads a body once. It refuses what two readers
// could understand differently: equal member names, lone surrogates, invalid
// UTF-8, more than MaxDepth levels.
package wire

import "strings"

// Emit replaces text[start:end] by with. Calls come in ascending order and do
// not overlap.
type Emit = func(start, end int, with string)

// Text is what a caller does with one decoded text: it emits the edits it
// wants. The text is valid only during the call. An error ends the walk.
type Text = func(text []byte, emit Emit) error

// Format is one API: a row of the table.
//
// Paths into JSON are written a.b[].c: a member name, [] for every element of
// an array, * for any member. In a stream, elements are told apart by their
// member "index", never by position; those of a[flag] by the member flag, and
// those of a[-] not at all.
type Format struct {
	// Name labels the row in metrics and records.
	Name string
	// Upstream names the provider that the row belongs to.
	Upstream string
	// Paths are the URL paths the row serves, as its provider writes them.
	Paths []string

	// Skip lists what is not text, with all that is below it: identifiers,
	// enumerations the provider dispatches on, numbers of a fixed meaning.
	Skip []string
	// Schemas lists JSON schemas: their keywords and the names of their
	// properties stay, their descriptions, defaults and examples are text.
	Schemas []string
	// Quoted lists strings that hold JSON.
	Quoted []string
	// Parts lists content that is no text: base64, mostly.
	Parts []Part

	// JSONMode is a path into the request; where it holds json_object or
	// json_schema, the texts of lanes and answers marked JSON hold JSON.
	JSONMode string
	// Lanes are the texts that a stream carries in pieces, and where the same
	// texts stand in whole answers.
	Lanes []Lane
	// Index names the members of an event that tell its texts from those of
	// other events.
	Index []string
	// Ends are the paths of members that, once neither null nor false, end every
	// lane in the element around them.
	Ends []string
	// EndTypes are the types of events that end the lanes with the same Index;
	// an index that the event does not have may be any.
	EndTypes []string
	// Numbered says that events carry rising numbers, so that none may be added.
	Numbered bool
	// Done is the payload of the event that ends the stream.
	Done string

	// Hint adds a line for the model to a request; nil where there is no way.
	Hint func(body []byte, line string) ([]byte, error)
	// Error writes an error body in the API's own shape.
	Error func(code, message string) []byte

	request, answer, event *node
	typed                  map[string]*node // event, by type
}

// Part is content that cannot be read as text.
type Part struct {
	Path string
	// Kind is what the policy calls it: image, audio or file.
	Kind string
	// URL says that a text that is no data: URL is a link, and text.
	URL bool
}

// Lane is one text that a stream carries in pieces.
type Lane struct {
	// Type is the type of the events that carry it, if not any may.
	Type string
	// Event is the path of a piece in an event, Answer that of the text in a
	// whole answer, Repeats those of the text in events that repeat it as a whole.
	Event, Answer string
	Repeats       []string
	// Quoted says that the text holds JSON; JSON that it does so in JSON mode.
	Quoted, JSON bool
}

// For returns the row that serves the URL path, or Generic.
func For(path string) *Format {
	if f, ok := byPath[strings.TrimSuffix(path, "/")]; ok {
		return f
	}
	return Generic
}

// Generic is the row of APIs that have none: every string is text.
var Generic = compile(&Format{Name: "generic", Upstream: "openai", Error: openAIError, Done: "[DONE]"})

// formats is the table, in the order of the documentation.
var formats = []*Format{
	openAIChat,
}

var byPath = index(formats)

func index(rows []*Format) map[string]*Format {
	m := make(map[string]*Format)
	for _, f := range rows {
		compile(f)
		for _, p := range f.Paths {
			m[p] = f
		}
	}
	return m
}
