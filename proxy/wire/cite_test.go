package wire

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// cut returns text[start:end], counted in code points or in bytes.
func cut(text string, start, end int, bytes bool) string {
	if bytes {
		return text[start:end]
	}
	return string([]rune(text)[start:end])
}

const citing = "é by FOX4K7Q: FOX4K7Q says [so] FOX4K7Q."

// sources are what of citing is pointed at: with tokens, and restored.
var sources = []string{"é by", "FOX4K7Q", "FOX4K7Q says [so]", "says [so]", citing}

// spansOf returns where a source is, the last of its places.
func spansOf(source string, bytes bool) (start, end int) {
	i := strings.LastIndex(citing, source)
	if source == "FOX4K7Q says [so]" {
		i = strings.Index(citing, source)
	}
	if bytes {
		return i, i + len(source)
	}
	return utf8.RuneCountInString(citing[:i]), utf8.RuneCountInString(citing[:i+len(source)])
}

// list writes an object for each source.
func list(object string, bytes bool) string {
	var all []string
	for _, s := range sources {
		start, end := spansOf(s, bytes)
		all = append(all, fmt.Sprintf(object, start, end))
	}
	return "[" + strings.Join(all, ",") + "]"
}

// checkCited holds what each object points at against what it pointed at before.
func checkCited(t *testing.T, what, text string, objects gjson.Result, start, end string, bytes bool) {
	t.Helper()
	if n := len(objects.Array()); n != len(sources) {
		t.Fatalf("%s: %d objects", what, n)
	}
	for i, o := range objects.Array() {
		want := strings.ReplaceAll(sources[i], fox.token, fox.value)
		if got := cut(text, int(o.Get(start).Int()), int(o.Get(end).Int()), bytes); got != want {
			t.Errorf("%s: object %d points at %q, want %q", what, i, got, want)
		}
	}
}

// Case 31: what counts characters of a text points at the same words after it was
// restored, in whole answers of each API that counts.
func TestCitations(t *testing.T) {
	const openAI = `{"type":"url_citation","start_index":%d,"end_index":%d}`
	for what, c := range map[string]struct {
		path, body, text, objects, start, end string
		bytes                                 bool
	}{
		"chat": {
			"/v1/chat/completions", `{"choices":[{"index":0,"message":{"content":"FOX4K7Q"}},{"index":1,"message":{"annotations":` + list(`{"url_citation":{"start_index":%d,"end_index":%d}}`, false) + `,"content":` + q(citing) + `}}]}`,
			"choices.1.message.content", "choices.1.message.annotations.#.url_citation", "start_index", "end_index", false,
		},
		"responses": {
			"/v1/responses", `{"output":[{"id":"a","content":[{"type":"output_text","text":"FOX4K7Q"}]},{"id":"b","content":[{"type":"output_text","text":"FOX4K7Q"},{"annotations":` + list(openAI, false) + `,"text":` + q(citing) + `}]}]}`,
			"output.1.content.1.text", "output.1.content.1.annotations", "start_index", "end_index", false,
		},
		"gemini": {
			"/v1beta/models/g:generateContent", `{"candidates":[{"content":{"parts":[{"text":"FOX4K7Q","thought":true},{"text":` + q(citing) + `}]},"groundingMetadata":{"groundingSupports":` + list(`{"segment":{"startIndex":%d,"endIndex":%d}}`, true) + `}}]}`,
			"candidates.0.content.parts.1.text", "candidates.0.groundingMetadata.groundingSupports.#.segment", "startIndex", "endIndex", true,
		},
		"gemini, quoting": {
			"/v1beta/models/g:generateContent", `{"candidates":[{"citationMetadata":{"citationSources":` + list(`{"startIndex":%d,"endIndex":%d}`, true) + `},"content":{"parts":[{"text":` + q(citing) + `}]}}]}`,
			"candidates.0.content.parts.0.text", "candidates.0.citationMetadata.citationSources", "startIndex", "endIndex", true,
		},
	} {
		got, err := For(c.path).Answer(nil, []byte(c.body), fox, false)
		if err != nil || !gjson.ValidBytes(got) {
			t.Fatalf("%s: %v %s", what, err, got)
		}
		checkCited(t, what, gjson.GetBytes(got, c.text).Str, gjson.GetBytes(got, c.objects), c.start, c.end, c.bytes)
	}
}

// The same in streams, cut at every byte: the numbers come when the text has gone.
func TestCitationsInStreams(t *testing.T) {
	for n := 1; n < len(citing); n += 3 {
		var chat, responses, gemini strings.Builder
		for at := 0; at < len(citing); at += n {
			piece := q(strings.ToValidUTF8(citing[at:min(at+n, len(citing))], "é"))
			if at == 0 && n == 1 {
				piece = q("é")
			} else if at == 1 && n == 1 {
				continue
			}
			fmt.Fprintf(&chat, "data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"FOX4K7Q\"}},{\"index\":0,\"delta\":{\"content\":%s}}]}\n\n", piece)
			fmt.Fprintf(&responses, "data: {\"type\":\"response.output_text.delta\",\"sequence_number\":%d,\"output_index\":2,\"content_index\":0,\"delta\":%s}\n\n", at, piece)
			fmt.Fprintf(&gemini, "data: {\"candidates\":[{\"index\":0,\"content\":{\"parts\":[{\"text\":\"FOX4K7Q\",\"thought\":true},{\"text\":%s}]}}]}\n\n", piece)
		}
		fmt.Fprintf(&chat, "data: {\"choices\":[{\"index\":0,\"delta\":{\"annotations\":%s},\"finish_reason\":null}]}\n\n", list(`{"url_citation":{"start_index":%d,"end_index":%d}}`, false))
		for i, s := range sources {
			start, end := spansOf(s, false)
			fmt.Fprintf(&responses, "data: {\"type\":\"response.output_text.annotation.added\",\"sequence_number\":%d,\"output_index\":2,\"content_index\":0,\"annotation_index\":%d,\"annotation\":{\"start_index\":%d,\"end_index\":%d}}\n\n", 100+i, i, start, end)
		}
		fmt.Fprintf(&responses, "data: {\"type\":\"response.output_text.done\",\"sequence_number\":200,\"output_index\":2,\"content_index\":0,\"text\":%s}\n\n", q(citing))
		fmt.Fprintf(&responses, "data: {\"type\":\"response.completed\",\"sequence_number\":201,\"response\":{\"output\":[{\"content\":[{\"text\":%s,\"annotations\":%s}]}]}}\n\n", q(citing), list(`{"start_index":%d,"end_index":%d}`, false))
		fmt.Fprintf(&gemini, "data: {\"candidates\":[{\"index\":0,\"groundingMetadata\":{\"groundingSupports\":%s},\"finishReason\":\"STOP\"}]}\n\n", list(`{"segment":{"startIndex":%d,"endIndex":%d}}`, true))

		want := strings.ReplaceAll(citing, fox.token, fox.value)
		last := func(stream, with string) gjson.Result {
			i := strings.LastIndex(stream, with)
			line := stream[strings.LastIndex(stream[:i], "data: ")+len("data: "):]
			line, _, _ = strings.Cut(line, "\n")
			return gjson.Parse(line)
		}
		what := fmt.Sprintf("pieces of %d", n)
		out := pass(t, openAIChat, SSE, chat.String(), 100)
		checkCited(t, what+", chat", want, last(out, "annotations").Get("choices.0.delta.annotations.#.url_citation"), "start_index", "end_index", false)

		out = pass(t, openAIResponses, SSE, responses.String(), 100)
		checkCited(t, what+", responses", want, last(out, "response.completed").Get("response.output.0.content.0.annotations"), "start_index", "end_index", false)
		var added []string
		for line := range strings.SplitSeq(out, "\n") {
			if a := gjson.Get(strings.TrimPrefix(line, "data: "), "annotation"); a.Exists() {
				added = append(added, a.Raw)
			}
		}
		checkCited(t, what+", annotations", want, gjson.Parse("["+strings.Join(added, ",")+"]"), "start_index", "end_index", false)

		out = pass(t, geminiStream, SSE, gemini.String(), 100)
		checkCited(t, what+", gemini", want, last(out, "groundingSupports").Get("candidates.0.groundingMetadata.groundingSupports.#.segment"), "startIndex", "endIndex", true)
	}
}

// Numbers that count nothing that is known stay as they are.
func TestCitationsOfNothing(t *testing.T) {
	for _, body := range []string{
		`{"choices":[{"message":{"content":null,"annotations":[{"url_citation":{"start_index":9,"end_index":99}}]}}]}`,
		`{"choices":[{"message":{"content":"by no one","annotations":[{"url_citation":{"start_index":1.5,"end_index":"x"}}]}}]}`,
		`{"choices":[{"message":{"annotations":[{"start_index":0,"end_index":7}]}}],"start_index":3}`,
	} {
		if got, err := openAIChat.Answer(nil, []byte(body), fox, false); err != nil || string(got) != body {
			t.Errorf("%s became %s (%v)", body, got, err)
		}
	}
}
