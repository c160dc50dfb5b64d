package upstream

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"math"
)

// inputsOf reads a string or a list of them.
func inputsOf(raw json.RawMessage) ([]string, error) {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return []string{one}, nil
	}
	var many []string
	err := json.Unmarshal(raw, &many)
	return many, err
}

// readLegacy reads the body of a legacy completion.
func readLegacy(body []byte) (prompt, error) {
	var req struct {
		Model  string          `json:"model"`
		Prompt json.RawMessage `json:"prompt"`
		Stream bool            `json:"stream"`
	}
	if err := json.Unmarshal(body, &req); err != nil {
		return prompt{}, err
	}
	inputs, err := inputsOf(req.Prompt)
	if err != nil {
		return prompt{}, err
	}
	return prompt{model: req.Model, stream: req.Stream, inputs: inputs, text: inputs[len(inputs)-1]}, nil
}

func legacy(p prompt, choices []any) object {
	return object{
		"id": "cmpl-" + p.id, "object": "text_completion", "created": 1_700_000_000,
		"model": p.model, "choices": choices, "usage": usage,
	}
}

// wholeLegacy says each of the prompts again.
func wholeLegacy(p prompt, _ answer) any {
	var choices []any
	for i, text := range p.inputs {
		choices = append(choices, object{"index": i, "text": "You wrote: " + text, "logprobs": nil, "finish_reason": "stop"})
	}
	return legacy(p, choices)
}

// legacyEvents streams them in turns.
func legacyEvents(p prompt, _ answer, m manner) []event {
	var events []event
	put := func(i int, text string, finish any) {
		events = append(events, event{data: legacy(p, []any{
			object{"index": i, "text": text, "logprobs": nil, "finish_reason": finish},
		})})
	}
	var lanes []lane
	for i, text := range p.inputs {
		lanes = append(lanes, lane{cut("You wrote: "+text, m.cut), func(piece string) { put(i, piece, nil) }})
	}
	takeTurns(lanes)
	for i := range p.inputs {
		put(i, "", "stop")
	}
	return events
}

// readEmbeddings reads the body of a request for embeddings, OpenAI's or
// Ollama's.
func readEmbeddings(body []byte) (prompt, error) {
	var req struct {
		Model    string          `json:"model"`
		Input    json.RawMessage `json:"input"`
		Encoding string          `json:"encoding_format"`
	}
	if err := json.Unmarshal(body, &req); err != nil {
		return prompt{}, err
	}
	inputs, err := inputsOf(req.Input)
	return prompt{model: req.Model, inputs: inputs, base64: req.Encoding == "base64"}, err
}

// vectors make of each input its length and the sum of its bytes: equal texts
// have equal vectors, and hardly any others do.
func (p prompt) vectors() (all [][]float32) {
	for _, in := range p.inputs {
		sum := 0
		for i := range len(in) {
			sum = (sum*31 + int(in[i])) % 65521
		}
		all = append(all, []float32{float32(len(in)), float32(sum)})
	}
	return all
}

// wholeEmbeddings makes OpenAI's answer.
func wholeEmbeddings(p prompt, _ answer) any {
	var data []any
	for i, v := range p.vectors() {
		var out any = v
		if p.base64 {
			var raw []byte
			for _, f := range v {
				raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(f))
			}
			out = base64.StdEncoding.EncodeToString(raw)
		}
		data = append(data, object{"object": "embedding", "index": i, "embedding": out})
	}
	return object{"object": "list", "model": p.model, "data": data, "usage": object{"prompt_tokens": 11, "total_tokens": 11}}
}
