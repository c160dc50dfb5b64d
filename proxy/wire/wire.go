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

import "sync"

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
	// Upstream names the provider that the row belongs to; "" is whose key the
	// request carries, since several have the path.
	Upstream string
	// Paths are the URL paths the row serves, as its provider writes them. A
	// segment * is any, a segment *:verb any that ends so. One that is {turn} or
	// {thread} is any and names what the request goes on from, see [Thread].
	Paths []string

	// Skip lists what is not text: identifiers, enumerations the provider
	// dispatches on. In a request an object there is looked into all the same.
	Skip []string
	// Opaque lists what is passed on byte for byte, with all that is below it:
	// what is signed or encrypted, and credentials for third parties.
	Opaque []string
	// Schemas lists JSON schemas: their keywords and the names of their
	// properties stay, their descriptions, defaults and examples are text.
	Schemas []string
	// Quoted lists strings that hold JSON.
	Quoted []string
	// Parts lists content that is no text: base64, mostly.
	Parts []Part

	// JSONMode are paths into the request; where one asks for JSON, the texts of
	// lanes marked JSON hold it, see [Format.AsksJSON].
	JSONMode []string
	// Thread are paths into the request that name the API's own conversation,
	// Born those into an answer that name one that has begun with it.
	Thread, Born []string
	// Follows are paths into the request that name turns it goes on from: answers,
	// files, batches. Named are those into an answer, whole or of its events, that
	// name turns which begin with it.
	Follows, Named []string
	// Store is the member of a request that says whether its answer can be gone
	// on from later, Stored what is so without it. "" is always.
	Store  string
	Stored bool
	// Cites lists what counts characters of a text; CiteBytes says that it counts
	// bytes of UTF-8, and not code points.
	Cites     []Cite
	CiteBytes bool
	// Lines says that answers are lines, whatever their type: results, files.
	Lines bool
	// Embeds lists places in a request that hold a request of another row.
	Embeds []Embed
	// Refuse says why nothing goes to these paths, for people; "" lets it through.
	Refuse string
	// Lanes are the texts that a stream carries in pieces, and where the same
	// texts stand in whole answers.
	Lanes []Lane
	// Guess says that the texts of a stream are not known, see guess.go.
	Guess bool
	// Tools are objects of an answer or an event that call a tool: their member
	// "name" names it, and their texts are what it is called with.
	Tools []string
	// Index names the members of an event that tell its texts from those of
	// other events.
	Index []string
	// Ends are the paths of members that, once neither null nor false, end every
	// lane in the element around them.
	Ends []string
	// EndTypes are the types of events that end the lanes with the same Index;
	// an index that the event does not have may be any.
	EndTypes []string
	// DoneTypes are the types of the events that end the stream.
	DoneTypes []string
	// Array says that a stream that is no event stream is one JSON array.
	Array bool
	// Numbered says that events carry rising numbers, so that none may be added.
	Numbered bool
	// Done is the payload of the event that ends the stream.
	Done string

	// Hint adds a line for the model to a request; nil where there is no way.
	Hint func(body []byte, line string) ([]byte, error)
	// Error writes an error body in the API's own shape.
	Error func(status int, code, message string) []byte

	built                  sync.Once // the trees, see ready
	request, answer, event *node
	typed                  map[string]*node // event, by type
}

// Part is content that cannot be read as text.
type Part struct {
	Path string
	// Kind is what the policy calls it: image, audio, file or tokens.
	Kind string
	// Maybe says that the place may hold text as well, such as a link: only a
	// data: URL or a run of base64 is a part then.
	Maybe bool
	// Numbers says that the part is made of numbers: tokens of a model.
	Numbers bool
}

// Embed is a place where a request of another row stands.
type Embed struct {
	Path   string
	Format *Format
}

// Lane is one text that a stream carries in pieces.
type Lane struct {
	// Type is the type of the events that carry it, if not any may.
	Type string
	// Event is the path of a piece in an event, Answer that of the text in a
	// whole answer, Repeats those of the text in events that repeat it as a whole.
	Event, Answer string
	Repeats       []string
	// Tool says that it is what a tool is called with.
	Tool bool
	// Quoted says that the text holds JSON; JSON that it does so in JSON mode.
	Quoted, JSON bool
}

// Generic is the row of APIs that have none: every string is text.
var Generic = &Format{Name: "generic", Upstream: "openai", Error: openAIError, Done: "[DONE]", Guess: true}

// formats is the table, in the order of the documentation.
var formats = []*Format{
	openAIChat, openAIResponses, openAICompletions, openAIEmbeddings, openAIModerations,
	openAIConversations, openAIThreads, openAIMedia, files, fileContent, uploads, openAIBatches,
	anthropicMessages, anthropicBatches, anthropicResults,
	geminiGenerate, geminiStream, geminiCaches, geminiOther,
	ollamaChat, ollamaGenerate, ollamaOther,
}

// Framing returns how an answer of that media type parts its events; nil if it
// is no stream.
func (f *Format) Framing(mediaType string) *Framing {
	if f.Lines && mediaType != "application/json" {
		return NDJSON
	}
	switch mediaType {
	case "text/event-stream":
		return SSE
	case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines":
		return NDJSON
	case "application/json":
		if f.Array {
			return JSONArray
		}
	}
	return nil
}

// under puts each path below each prefix.
func under(prefixes []string, paths ...string) (all []string) {
	for _, prefix := range prefixes {
		for _, p := range paths {
			all = append(all, prefix+p)
		}
	}
	return all
}
