package upstream

import "encoding/json"

// object is a JSON object on its way out.
type object = map[string]any

// readChat reads the body of a chat completion.
func readChat(body []byte) (prompt, error) {
	var req struct {
		Model    string `json:"model"`
		Messages []struct {
			Role    string          `json:"role"`
			Content json.RawMessage `json:"content"`
		} `json:"messages"`
		Stream bool `json:"stream"`
		N      int  `json:"n"`
		Tools  []struct {
			Function struct {
				Name       string `json:"name"`
				Parameters schema `json:"parameters"`
			} `json:"function"`
		} `json:"tools"`
		ResponseFormat struct {
			Type       string `json:"type"`
			JSONSchema struct {
				Schema schema `json:"schema"`
			} `json:"json_schema"`
		} `json:"response_format"`
		StreamOptions struct {
			IncludeUsage bool `json:"include_usage"`
		} `json:"stream_options"`
	}
	if err := json.Unmarshal(body, &req); err != nil {
		return prompt{}, err
	}
	p := prompt{model: req.Model, stream: req.Stream, n: req.N, usage: req.StreamOptions.IncludeUsage}
	if n := len(req.Messages); n > 0 {
		last := req.Messages[n-1]
		p.text, p.answered = textOf(last.Content), last.Role == "tool"
	}
	for _, t := range req.Tools {
		p.tools = append(p.tools, tool{name: t.Function.Name, parameters: t.Function.Parameters})
	}
	if req.ResponseFormat.Type == "json_schema" {
		p.format = &req.ResponseFormat.JSONSchema.Schema
	}
	return p, nil
}

var usage = object{"prompt_tokens": 11, "completion_tokens": 22, "total_tokens": 33}

// finish is why a chat completion ends.
func (a answer) finish() string {
	if a.calls() {
		return "tool_calls"
	}
	return "stop"
}

// wholeChat makes a chat completion.
func wholeChat(p prompt, a answer) any {
	var choices []any
	for i, c := range a.choices {
		msg := object{"role": "assistant", "content": c.content, "refusal": nil}
		if c.thought != "" {
			msg["reasoning_content"] = c.thought
		}
		if len(c.calls) > 0 {
			msg["content"] = nil
			msg["tool_calls"] = c.wholeCalls()
		}
		choices = append(choices, object{"index": i, "message": msg, "logprobs": nil, "finish_reason": a.finish()})
	}
	return object{
		"id": "chatcmpl-" + p.id, "object": "chat.completion", "created": 1_700_000_000,
		"model": p.model, "choices": choices, "usage": usage,
	}
}

func (c choice) wholeCalls() []any {
	var calls []any
	for _, call := range c.calls {
		calls = append(calls, object{
			"id": call.id, "type": "function",
			"function": object{"name": call.name, "arguments": call.arguments},
		})
	}
	return calls
}

// chatEvents cuts the answer: an opening event a text, then one piece of each
// text in turn until none has any left, then what ends a stream.
func chatEvents(p prompt, a answer, m manner) []event {
	var events []event
	emit := func(choices []any, extra object) {
		chunk := object{
			"id": "chatcmpl-" + p.id, "object": "chat.completion.chunk", "created": 1_700_000_000,
			"model": p.model, "choices": choices,
		}
		if p.usage {
			chunk["usage"] = nil
		}
		for name, v := range extra {
			chunk[name] = v
		}
		events = append(events, event{data: chunk})
	}
	delta := func(choice int, d object, finish any) {
		emit([]any{object{"index": choice, "delta": d, "logprobs": nil, "finish_reason": finish}}, nil)
	}

	takeTurns(chatLanes(a, m.cut, delta))
	for i := range a.choices {
		delta(i, object{}, a.finish())
	}
	if p.usage {
		emit([]any{}, object{"usage": usage})
	}
	return events
}

// chatLanes opens every text of the answer with its first event and cuts it.
func chatLanes(a answer, size int, delta func(choice int, d object, finish any)) []lane {
	var lanes []lane
	add := func(choice int, text string, d func(piece string) object) {
		if text != "" {
			lanes = append(lanes, lane{cut(text, size), func(p string) { delta(choice, d(p), nil) }})
		}
	}
	for i, c := range a.choices {
		delta(i, object{"role": "assistant", "content": ""}, nil)
		add(i, c.thought, func(p string) object { return object{"reasoning_content": p} })
		add(i, c.content, func(p string) object { return object{"content": p} })
		for j, call := range c.calls {
			delta(i, object{"tool_calls": []any{object{
				"index": j, "id": call.id, "type": "function",
				"function": object{"name": call.name, "arguments": ""},
			}}}, nil)
			add(i, call.arguments, func(p string) object {
				return object{"tool_calls": []any{object{"index": j, "function": object{"arguments": p}}}}
			})
		}
	}
	return lanes
}

// openAIFailure makes the body of an error.
func openAIFailure(message string) any {
	return object{"error": object{
		"message": message, "type": "invalid_request_error", "param": "messages", "code": "refused",
	}}
}
