package upstream

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// geminiContent is a content of Gemini.
type geminiContent struct {
	Parts []struct {
		Text     string `json:"text"`
		Thought  bool   `json:"thought"`
		Sealed   string `json:"thoughtSignature"`
		Response *struct {
			Response map[string]any `json:"response"`
		} `json:"functionResponse"`
		Call *struct {
			Args json.RawMessage `json:"args"`
		} `json:"functionCall"`
	} `json:"parts"`
}

// read takes the content for the last one. What was sealed must be as it was.
func (c geminiContent) read(p *prompt) error {
	var texts []string
	p.answered = false
	for _, part := range c.Parts {
		sealed := part.Text
		switch {
		case part.Response != nil:
			p.answered = true
			for _, name := range slices.Sorted(maps.Keys(part.Response.Response)) {
				if s, ok := part.Response.Response[name].(string); ok {
					texts = append(texts, s)
				}
			}
		case part.Call != nil:
			sealed = sortedJSON(part.Call.Args)
		case part.Text != "" && !part.Thought:
			texts = append(texts, part.Text)
		}
		if part.Sealed != "" && part.Sealed != seal(sealed) {
			return errSeal
		}
	}
	p.text = strings.Join(texts, "\n")
	return nil
}

// sortedJSON writes a JSON text so that all of the same meaning are the same.
func sortedJSON(raw json.RawMessage) string {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return ""
	}
	return string(encode(v, false, false))
}

// readGemini reads the body of a request for content, or for its tokens.
func readGemini(body []byte) (prompt, error) {
	var req struct {
		Contents []geminiContent `json:"contents"`
		Tools    []struct {
			Functions []struct {
				Name       string  `json:"name"`
				Parameters schema  `json:"parameters"`
				JSONSchema *schema `json:"parametersJsonSchema"`
			} `json:"functionDeclarations"`
		} `json:"tools"`
		Config struct {
			N          int     `json:"candidateCount"`
			MIMEType   string  `json:"responseMimeType"`
			Schema     *schema `json:"responseSchema"`
			JSONSchema *schema `json:"responseJsonSchema"`
		} `json:"generationConfig"`
	}
	if err := json.Unmarshal(body, &req); err != nil {
		return prompt{}, err
	}
	p := prompt{n: req.Config.N}
	for _, t := range req.Tools {
		for _, f := range t.Functions {
			if f.JSONSchema != nil {
				f.Parameters = *f.JSONSchema
			}
			p.tools = append(p.tools, tool{name: f.Name, parameters: f.Parameters})
		}
	}
	if req.Config.MIMEType == "application/json" {
		p.format = req.Config.Schema
		if p.format == nil {
			p.format = req.Config.JSONSchema
		}
	}
	for _, c := range req.Contents {
		if err := c.read(&p); err != nil {
			return p, err
		}
	}
	return p, nil
}

// candidates makes an answer, or a piece of one.
func (p prompt) candidates(i int, parts []any, finish string) object {
	c := object{"index": i, "content": object{"role": "model", "parts": parts}}
	if finish != "" {
		c["finishReason"] = finish
	}
	return object{
		"candidates": []any{c}, "modelVersion": p.model, "responseId": p.id,
		"usageMetadata": object{"promptTokenCount": 11, "candidatesTokenCount": 22, "totalTokenCount": 33},
	}
}

// callParts are the calls of a choice; they come whole, and sealed.
func (c choice) callParts() (parts []any) {
	for _, call := range c.calls {
		args := json.RawMessage(call.arguments)
		parts = append(parts, object{
			"functionCall":     object{"id": call.id, "name": call.name, "args": args},
			"thoughtSignature": seal(sortedJSON(args)),
		})
	}
	return parts
}

func wholeGemini(p prompt, a answer) any {
	var all object
	var candidates []any
	for i, c := range a.choices {
		var parts []any
		if c.thought != "" {
			parts = append(parts, object{"text": c.thought, "thought": true, "thoughtSignature": seal(c.thought)})
		}
		if c.content != "" {
			parts = append(parts, object{"text": c.content})
		}
		all = p.candidates(i, append(parts, c.callParts()...), "STOP")
		candidates = append(candidates, all["candidates"].([]any)...)
	}
	all["candidates"] = candidates
	return all
}

// geminiEvents makes of each piece an answer of its own.
func geminiEvents(p prompt, a answer, m manner) []event {
	var events []event
	emit := func(i int, finish string, parts ...any) {
		events = append(events, event{data: p.candidates(i, parts, finish)})
	}
	var lanes []lane
	for i, c := range a.choices {
		lanes = append(lanes, lane{cut(c.thought, m.cut), func(piece string) {
			emit(i, "", object{"text": piece, "thought": true})
		}})
	}
	takeTurns(lanes)
	lanes = lanes[:0]
	for i, c := range a.choices {
		lanes = append(lanes, lane{cut(c.content, m.cut), func(piece string) {
			emit(i, "", object{"text": piece})
		}})
	}
	takeTurns(lanes)
	for i, c := range a.choices {
		for _, part := range c.callParts() {
			emit(i, "", part)
		}
		emit(i, "STOP", object{"text": ""})
	}
	return events
}

func countGemini(p prompt, _ answer) any { return object{"totalTokens": len(p.text)} }

// readGeminiEmbed reads one content, or a batch of them.
func readGeminiEmbed(body []byte) (prompt, error) {
	type one struct {
		Content geminiContent `json:"content"`
	}
	var req struct {
		one
		Requests []one `json:"requests"`
	}
	if err := json.Unmarshal(body, &req); err != nil {
		return prompt{}, err
	}
	var p prompt
	if len(req.Requests) == 0 {
		req.Requests = []one{req.one}
	}
	for _, r := range req.Requests {
		if err := r.Content.read(&p); err != nil {
			return p, err
		}
		p.inputs = append(p.inputs, p.text)
	}
	return p, nil
}

func wholeGeminiEmbed(p prompt, _ answer) any {
	return object{"embedding": object{"values": p.vectors()[0]}}
}

func wholeGeminiEmbeds(p prompt, _ answer) any {
	var all []any
	for _, v := range p.vectors() {
		all = append(all, object{"values": v})
	}
	return object{"embeddings": all}
}

func geminiFailure(message string) any {
	return object{"error": object{"code": 400, "message": message, "status": "INVALID_ARGUMENT"}}
}
