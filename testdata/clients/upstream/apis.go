package upstream

import (
	"bytes"
	"encoding/json"
	"strings"
)

// api is one way of asking: a row of the table apis.
type api struct {
	// read reads a request's body.
	read func(body []byte) (prompt, error)
	// whole makes the body of an answer that is not streamed; nil if all are.
	whole func(p prompt, a answer) any
	// events makes the events of one that is; nil if none is.
	events func(p prompt, a answer, m manner) []event
	// failure makes the body of an error, failed the event of one in mid-stream;
	// without it that is the same object.
	failure func(message string) any
	failed  func(message string) event
	framing framing
	// pretty says that bodies are written with spaces, and <, > and & escaped.
	pretty bool
}

// apis are the rows by the path of the URL.
var apis = map[string]*api{
	"/v1/chat/completions": {
		read: readChat, whole: wholeChat, events: chatEvents, failure: openAIFailure, framing: doneEvents,
	},
	"/v1/completions": {
		read: readLegacy, whole: wholeLegacy, events: legacyEvents, failure: openAIFailure, framing: doneEvents,
	},
	"/v1/embeddings": {read: readEmbeddings, whole: wholeEmbeddings, failure: openAIFailure},
	"/v1/responses": {
		read: readResponses, whole: wholeResponse, events: responseEvents,
		failure: openAIFailure, failed: responseFailed, framing: namedEvents,
	},
	"/v1/messages": {
		read: readMessages, whole: wholeMessage, events: messageEvents,
		failure: anthropicFailure, framing: namedEvents,
	},
	"/v1/messages/count_tokens": {read: readMessages, whole: countMessages, failure: anthropicFailure},
	"/api/chat": {
		read: readOllama, whole: wholeOllamaChat, events: ollamaChatEvents, failure: ollamaFailure, framing: lines,
	},
	"/api/generate": {
		read: readOllama, whole: wholeOllamaText, events: ollamaTextEvents, failure: ollamaFailure, framing: lines,
	},
	"/api/embed": {read: readEmbeddings, whole: wholeOllamaEmbed, failure: ollamaFailure},
}

// geminiVerbs are those of Gemini, whose paths end with the model and a verb.
var geminiVerbs = map[string]*api{
	"generateContent": {read: readGemini, whole: wholeGemini, failure: geminiFailure, pretty: true},
	"streamGenerateContent": {
		read: readGemini, events: geminiEvents, failure: geminiFailure, framing: crlfEvents, pretty: true,
	},
	"countTokens":        {read: readGemini, whole: countGemini, failure: geminiFailure, pretty: true},
	"embedContent":       {read: readGeminiEmbed, whole: wholeGeminiEmbed, failure: geminiFailure, pretty: true},
	"batchEmbedContents": {read: readGeminiEmbed, whole: wholeGeminiEmbeds, failure: geminiFailure, pretty: true},
}

var noAPI = &api{failure: openAIFailure}

// route returns the row of a path, and the model if the path names one.
func route(path string) (a *api, model string) {
	model, verb, ok := strings.Cut(path[strings.LastIndexByte(path, '/')+1:], ":")
	if a := geminiVerbs[verb]; ok && a != nil {
		return a, model
	}
	if a := apis[path]; a != nil {
		return a, ""
	}
	return noAPI, ""
}

// encode writes v as JSON. In the ascii manner no byte is above 0x7e and <, >
// and & are escaped, as Python's and Go's encoders do by default; in the other
// nothing is escaped that need not be, but where the API escapes always.
func (a *api) encode(v any, m manner) []byte {
	body := encode(v, a.pretty, m.ascii)
	if !a.pretty {
		return body
	}
	var b bytes.Buffer
	if err := json.Indent(&b, body, "", "  "); err != nil {
		panic("BUG: indenting an answer: " + err.Error())
	}
	return append(b.Bytes(), '\n')
}

func encode(v any, html, ascii bool) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(html || ascii)
	if err := e.Encode(v); err != nil {
		panic("BUG: encoding an answer: " + err.Error())
	}
	out := bytes.TrimSuffix(b.Bytes(), []byte("\n"))
	if ascii {
		return toASCII(out)
	}
	return out
}
