package upstream

import (
	"encoding/json"
	"maps"
)

// readOllama reads the body of a chat, or of a text to go on with. A stream is
// what comes unless it is refused.
func readOllama(body []byte) (prompt, error) {
	var req struct {
		Model    string `json:"model"`
		Prompt   string `json:"prompt"`
		Messages []struct{ Role, Content string }
		Stream   *bool `json:"stream"`
		Tools    []struct {
			Function struct {
				Name       string `json:"name"`
				Parameters schema `json:"parameters"`
			} `json:"function"`
		} `json:"tools"`
		Format json.RawMessage `json:"format"` // a schema, "json", or ""
	}
	if err := json.Unmarshal(body, &req); err != nil {
		return prompt{}, err
	}
	p := prompt{
		model: req.Model, text: req.Prompt,
		stream: req.Stream == nil || *req.Stream,
	}
	if f := new(schema); json.Unmarshal(req.Format, f) == nil {
		p.format = f
	}
	for _, m := range req.Messages {
		p.text, p.answered = m.Content, m.Role == "tool"
	}
	for _, t := range req.Tools {
		p.tools = append(p.tools, tool{name: t.Function.Name, parameters: t.Function.Parameters})
	}
	return p, nil
}

// ollamaLine makes an answer, or a line of one; the last has the counts.
func ollamaLine(p prompt, done bool, members object) object {
	o := object{"model": p.model, "created_at": "2026-11-22T10:00:00.000000Z", "done": done}
	if done {
		maps.Copy(o, object{
			"done_reason": "stop", "total_duration": 3, "load_duration": 1, "prompt_eval_count": 11,
			"prompt_eval_duration": 1, "eval_count": 22, "eval_duration": 1,
		})
	}
	maps.Copy(o, members)
	return o
}

func ollamaMessage(members object) object {
	return object{"message": with(members, "role", "assistant")}
}

func (c choice) ollamaCalls() (calls []any) {
	for _, call := range c.calls {
		calls = append(calls, object{"function": object{"name": call.name, "arguments": json.RawMessage(call.arguments)}})
	}
	return calls
}

func wholeOllamaChat(p prompt, a answer) any {
	c := a.choices[0]
	msg := object{"content": c.content}
	if c.thought != "" {
		msg["thinking"] = c.thought
	}
	if len(c.calls) > 0 {
		msg["tool_calls"] = c.ollamaCalls()
	}
	return ollamaLine(p, true, ollamaMessage(msg))
}

func ollamaChatEvents(p prompt, a answer, m manner) []event {
	c := a.choices[0]
	events := ollamaTexts(p, c, m, func(name, piece string) object {
		msg := object{"content": ""}
		msg[name] = piece
		return ollamaMessage(msg)
	}, "content")
	if len(c.calls) > 0 {
		events = append(events, event{data: ollamaLine(p, false, ollamaMessage(object{"content": "", "tool_calls": c.ollamaCalls()}))})
	}
	return append(events, event{data: ollamaLine(p, true, ollamaMessage(object{"content": ""}))})
}

// ollamaTexts streams the thought, then the content under its name.
func ollamaTexts(p prompt, c choice, m manner, put func(name, piece string) object, content string) []event {
	var events []event
	for _, t := range []struct{ name, text string }{{"thinking", c.thought}, {content, c.content}} {
		for _, piece := range cut(t.text, m.cut) {
			events = append(events, event{data: ollamaLine(p, false, put(t.name, piece))})
		}
	}
	return events
}

// tokensOfTurn stand for the tokens of the conversation so far.
var tokensOfTurn = []int{1, 2, 3}

func wholeOllamaText(p prompt, a answer) any {
	c := a.choices[0]
	o := object{"response": c.content, "context": tokensOfTurn}
	if c.thought != "" {
		o["thinking"] = c.thought
	}
	return ollamaLine(p, true, o)
}

func ollamaTextEvents(p prompt, a answer, m manner) []event {
	events := ollamaTexts(p, a.choices[0], m, func(name, piece string) object {
		o := object{"response": ""}
		o[name] = piece
		return o
	}, "response")
	return append(events, event{data: ollamaLine(p, true, object{"response": "", "context": tokensOfTurn})})
}

func wholeOllamaEmbed(p prompt, _ answer) any {
	return object{"model": p.model, "embeddings": p.vectors(), "total_duration": 3, "load_duration": 1, "prompt_eval_count": 11}
}

func ollamaFailure(message string) any { return object{"error": message} }
