package upstream

import (
	"encoding/json"
)

// readMessages reads the body of a request for a message. What of its history
// was sealed must be as it was.
func readMessages(body []byte) (prompt, error) {
	var req struct {
		Model    string `json:"model"`
		Stream   bool   `json:"stream"`
		Messages []struct {
			Content json.RawMessage `json:"content"`
		} `json:"messages"`
		Tools []struct {
			Name   string `json:"name"`
			Schema schema `json:"input_schema"`
		} `json:"tools"`
		Output struct {
			Format *struct {
				Schema schema `json:"schema"`
			} `json:"format"`
		} `json:"output_config"`
	}
	if err := json.Unmarshal(body, &req); err != nil {
		return prompt{}, err
	}
	p := prompt{model: req.Model, stream: req.Stream}
	for _, t := range req.Tools {
		p.tools = append(p.tools, tool{name: t.Name, parameters: t.Schema})
	}
	if f := req.Output.Format; f != nil {
		p.format = &f.Schema
	}
	for _, m := range req.Messages {
		if err := p.readBlocks(m.Content); err != nil {
			return p, err
		}
	}
	return p, nil
}

// redacted is what the echo redacts of its thinking: nothing, but sealed.
const redacted = "redacted"

func (p *prompt) readBlocks(content json.RawMessage) error {
	p.text, p.answered = textOf(content), false
	var blocks []struct{ Type, Thinking, Signature, Data string }
	if json.Unmarshal(content, &blocks) != nil {
		return nil // a string
	}
	for _, b := range blocks {
		switch b.Type {
		case "thinking":
			if b.Signature != seal(b.Thinking) {
				return errSeal
			}
		case "redacted_thinking":
			if b.Data != seal(redacted) {
				return errSeal
			}
		case "tool_result":
			p.answered = true
		}
	}
	return nil
}

// block is a content block: as it starts, the deltas that fill it, and as it
// stands in a whole message.
type block struct {
	start  object
	deltas func(m manner) []object
	whole  object
}

// blocks makes the content of a message.
func (a answer) blocks() []block {
	var all []block
	c := a.choices[0]
	if c.thought != "" {
		hidden := object{"type": "redacted_thinking", "data": seal(redacted)}
		all = append(
			all, thinkingBlock(c.thought),
			block{start: hidden, whole: hidden, deltas: func(manner) []object { return nil }},
		)
	}
	if c.content != "" {
		all = append(all, a.textBlock(c.content))
	}
	for _, call := range c.calls {
		all = append(all, call.block())
	}
	return all
}

// deltasOf cuts a text into deltas of one type.
func deltasOf(kind, name, text string, m manner) (all []object) {
	for _, piece := range cut(text, m.cut) {
		all = append(all, object{"type": kind, name: piece})
	}
	return all
}

func thinkingBlock(text string) block {
	whole := object{"type": "thinking", "thinking": text, "signature": seal(text)}
	return block{
		start: object{"type": "thinking", "thinking": "", "signature": ""}, whole: whole,
		deltas: func(m manner) []object {
			return append(
				deltasOf("thinking_delta", "thinking", text, m),
				object{"type": "signature_delta", "signature": seal(text)},
			)
		},
	}
}

func (a answer) textBlock(text string) block {
	whole := object{"type": "text", "text": text}
	var notes []object
	if a.cite {
		notes = []object{{
			"type": "char_location", "cited_text": text, "document_index": 0, "document_title": "About: " + text,
			"start_char_index": 0, "end_char_index": 9, "file_id": nil,
		}}
		whole["citations"] = notes
	}
	return block{
		start: object{"type": "text", "text": ""}, whole: whole,
		deltas: func(m manner) []object {
			all := deltasOf("text_delta", "text", text, m)
			for _, n := range notes {
				all = append(all, object{"type": "citations_delta", "citation": n})
			}
			return all
		},
	}
}

func (c call) block() block {
	start := object{"type": "tool_use", "id": c.id, "name": c.name, "input": object{}}
	return block{
		start: start, whole: with(start, "input", json.RawMessage(c.arguments)),
		deltas: func(m manner) []object {
			first := object{"type": "input_json_delta", "partial_json": ""}
			return append([]object{first}, deltasOf("input_json_delta", "partial_json", c.arguments, m)...)
		},
	}
}

// message makes a message of blocks, as it is before its end.
func (p prompt) message(content []any) object {
	return object{
		"id": "msg_" + p.id, "type": "message", "role": "assistant", "model": p.model, "content": content,
		"stop_reason": nil, "stop_sequence": nil, "usage": object{"input_tokens": 11, "output_tokens": 1},
	}
}

func (a answer) stopReason() string {
	if a.calls() {
		return "tool_use"
	}
	return "end_turn"
}

func wholeMessage(p prompt, a answer) any {
	content := []any{}
	for _, b := range a.blocks() {
		content = append(content, b.whole)
	}
	return with(p.message(content), "stop_reason", a.stopReason())
}

// messageEvents streams block after block, as the API does.
func messageEvents(p prompt, a answer, m manner) []event {
	var events []event
	emit := func(name string, data object) {
		events = append(events, event{name, with(data, "type", name)})
	}
	emit("message_start", object{"message": p.message([]any{})})
	emit("ping", object{})
	for i, b := range a.blocks() {
		emit("content_block_start", object{"index": i, "content_block": b.start})
		for _, d := range b.deltas(m) {
			emit("content_block_delta", object{"index": i, "delta": d})
		}
		emit("content_block_stop", object{"index": i})
		emit("ping", object{})
	}
	emit("message_delta", object{
		"delta": object{"stop_reason": a.stopReason(), "stop_sequence": nil}, "usage": object{"output_tokens": 22},
	})
	emit("message_stop", object{})
	return events
}

func countMessages(p prompt, _ answer) any { return object{"input_tokens": len(p.text)} }

func anthropicFailure(message string) any {
	return object{
		"type": "error", "request_id": "req_echo",
		"error": object{"type": "invalid_request_error", "message": message},
	}
}
