package upstream

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
)

var errSeal = errors.New("what was sealed cannot be modified")

// readResponses reads the body of a request for a response.
func readResponses(body []byte) (prompt, error) {
	var req struct {
		Model  string          `json:"model"`
		Input  json.RawMessage `json:"input"`
		Stream bool            `json:"stream"`
		// Previous is the answer that this one goes on from.
		Previous string `json:"previous_response_id"`
		Tools    []struct {
			Type       string `json:"type"`
			Name       string `json:"name"`
			Parameters schema `json:"parameters"`
		} `json:"tools"`
		Text struct {
			Format struct {
				Type   string `json:"type"`
				Schema schema `json:"schema"`
			} `json:"format"`
		} `json:"text"`
	}
	p := prompt{}
	if err := errors.Join(json.Unmarshal(body, &req), json.Unmarshal(body, &p.echoes)); err != nil {
		return p, err
	}
	p.model, p.stream, p.previous = req.Model, req.Stream, req.Previous
	maps.DeleteFunc(p.echoes, func(name string, _ json.RawMessage) bool {
		return name != "instructions" && name != "metadata" && name != "tools" && name != "text"
	})
	for _, t := range req.Tools {
		p.tools = append(p.tools, tool{t.Name, t.Type == "custom", t.Parameters})
	}
	if req.Text.Format.Type == "json_schema" {
		p.format = &req.Text.Format.Schema
	}
	return p, p.readItems(req.Input)
}

// readItems reads the input: a text, or items of which the last counts.
func (p *prompt) readItems(input json.RawMessage) error {
	if json.Unmarshal(input, &p.text) == nil {
		return nil
	}
	var items []json.RawMessage
	if err := json.Unmarshal(input, &items); err != nil {
		return err
	}
	for _, raw := range items {
		var item struct {
			Type      string          `json:"type"`
			Summary   json.RawMessage `json:"summary"`
			Encrypted string          `json:"encrypted_content"`
		}
		if err := json.Unmarshal(raw, &item); err != nil {
			return err
		}
		if item.Type == "reasoning" && item.Encrypted != seal(textOf(item.Summary)) {
			return errSeal
		}
		p.text = textOf(fmt.Appendf(nil, "[%s]", raw))
		p.answered = item.Type == "function_call_output" || item.Type == "custom_tool_call_output"
	}
	return nil
}

// item is an item of the output: as it is at first, as it is at its end, and
// the texts that come in between.
type item struct {
	added, done object
	// opened and closed are the events around a part of it, with their names.
	opened, closed []event
	lane           string // the family of its deltas: response.<lane>.delta
	text           string
	place          object // members that tell its deltas from others
}

// items makes the output of an answer.
func (a answer) items(id string) []item {
	var all []item
	c := a.choices[0]
	if c.thought != "" {
		all = append(all, reasoningItem("rs_"+id, c.thought))
	}
	if c.content != "" {
		all = append(all, a.messageItem("msg_"+id, c.content))
	}
	for i, call := range c.calls {
		all = append(all, call.item(fmt.Sprintf("fc_%s_%d", id, i)))
	}
	return all
}

func with(o object, name string, v any) object {
	o = maps.Clone(o)
	o[name] = v
	return o
}

func reasoningItem(id, text string) item {
	added := object{"type": "reasoning", "id": id, "summary": []any{}, "encrypted_content": seal("")}
	empty, part := object{"type": "summary_text", "text": ""}, object{"type": "summary_text", "text": text}
	done := with(added, "summary", []any{part})
	done["encrypted_content"] = seal(text)
	return item{
		added: added, done: done, text: text,
		lane: "reasoning_summary_text", place: object{"item_id": id, "summary_index": 0},
		opened: []event{{"response.reasoning_summary_part.added", object{"part": empty}}},
		closed: []event{
			{"response.reasoning_summary_text.done", object{"text": text}},
			{"response.reasoning_summary_part.done", object{"part": part}},
		},
	}
}

func (a answer) messageItem(id, text string) item {
	added := object{"type": "message", "id": id, "role": "assistant", "status": "in_progress", "content": []any{}}
	empty := object{"type": "output_text", "text": "", "annotations": []any{}, "logprobs": []any{}}
	part := with(empty, "text", text)
	var closed []event
	if a.cite {
		note := object{"type": "url_citation", "title": text, "url": "https://docs.example.com/", "start_index": 0, "end_index": 9}
		part["annotations"] = []any{note}
		closed = append(closed, event{"response.output_text.annotation.added", object{"annotation_index": 0, "annotation": note}})
	}
	done := with(added, "content", []any{part})
	done["status"] = "completed"
	return item{
		added: added, done: done, text: text,
		lane: "output_text", place: object{"item_id": id, "content_index": 0},
		opened: []event{{"response.content_part.added", object{"part": empty}}},
		closed: append(
			closed,
			event{"response.output_text.done", object{"text": text, "logprobs": []any{}}},
			event{"response.content_part.done", object{"part": part}},
		),
	}
}

func (c call) item(id string) item {
	it := item{text: c.arguments, place: object{"item_id": id}}
	it.added = object{"id": id, "call_id": c.id, "name": c.name, "status": "in_progress"}
	name, kind := "arguments", "function_call"
	it.lane = "function_call_arguments"
	if c.custom {
		name, kind = "input", "custom_tool_call"
		it.lane = "custom_tool_call_input"
	}
	it.added["type"], it.added[name] = kind, ""
	it.done = with(it.added, name, c.arguments)
	it.done["status"] = "completed"
	it.closed = []event{{"response." + it.lane + ".done", object{name: c.arguments, "name": c.name}}}
	return it
}

// response makes the response object as it is at some time.
func (p prompt) response(status string, output []any) object {
	r := object{
		"id": "resp_" + p.id, "object": "response", "created_at": 1_700_000_000, "model": p.model,
		"status": status, "output": output, "error": nil, "incomplete_details": nil, "instructions": nil,
		"metadata": object{}, "parallel_tool_calls": true, "temperature": 1.0, "top_p": 1.0,
		"tool_choice": "auto", "tools": []any{}, "usage": nil,
	}
	for name, v := range p.echoes {
		r[name] = v
	}
	if status == "completed" {
		r["usage"] = object{
			"input_tokens": 11, "input_tokens_details": object{"cached_tokens": 0},
			"output_tokens": 22, "output_tokens_details": object{"reasoning_tokens": 0}, "total_tokens": 33,
		}
	}
	return r
}

func wholeResponse(p prompt, a answer) any {
	output := []any{}
	for _, it := range a.items(p.id) {
		output = append(output, it.done)
	}
	return p.response("completed", output)
}

// responseEvents opens every item, streams their texts in turns, and closes
// them; each text is repeated in up to five places.
func responseEvents(p prompt, a answer, m manner) []event {
	var events []event
	emit := func(name string, members ...object) {
		data := object{"type": name, "sequence_number": len(events)}
		for _, o := range members {
			maps.Copy(data, o)
		}
		events = append(events, event{name, data})
	}
	emit("response.created", object{"response": p.response("in_progress", []any{})})
	emit("response.in_progress", object{"response": p.response("in_progress", []any{})})
	items := a.items(p.id)
	var lanes []lane
	var output []any
	for i, it := range items {
		at := object{"output_index": i}
		emit("response.output_item.added", at, object{"item": it.added})
		for _, e := range it.opened {
			emit(e.name, at, it.place, e.data.(object))
		}
		lanes = append(lanes, lane{cut(it.text, m.cut), func(piece string) {
			emit("response."+it.lane+".delta", at, it.place, object{"delta": piece})
		}})
		output = append(output, it.done)
	}
	takeTurns(lanes)
	for i, it := range items {
		at := object{"output_index": i}
		for _, e := range it.closed {
			emit(e.name, at, it.place, e.data.(object))
		}
		emit("response.output_item.done", at, object{"item": it.done})
	}
	emit("response.completed", object{"response": p.response("completed", output)})
	return events
}

// responseFailed makes the event of an error in mid-stream.
func responseFailed(message string) event {
	return event{"error", object{
		"type": "error", "sequence_number": 1 << 20, "message": message, "code": "refused", "param": nil,
	}}
}
