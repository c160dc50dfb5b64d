package wire

import (
	"fmt"
	"slices"

	"github.com/tidwall/gjson"
	"github.com/tidwall/sjson"
)

// openAIChat is POST /v1/chat/completions, of OpenAI and of every server that
// speaks its dialect. Source: openai-go v3.96, openai-node 7.57.
var openAIChat = &Format{
	Name:     "openai.chat",
	Upstream: "openai",
	Paths: []string{
		"/v1/chat/completions", "/chat/completions", "/openai/v1/chat/completions",
		"/openai/deployments/*/chat/completions", "/v1beta/openai/chat/completions",
		"/v1/chat/completions/{turn}", "/v1/chat/completions/{turn}/messages",
	},
	Skip: []string{
		"model", "object", "id", "created", "service_tier", "system_fingerprint",
		"reasoning_effort", "verbosity", "modalities", "logit_bias", "stream_options",
		"messages[].role", "messages[].tool_call_id", "messages[].audio.id",
		"messages[].content[].type", "messages[].content[].image_url.detail",
		"messages[].content[].input_audio.format", "messages[].content[].file.file_id",
		"messages[].tool_calls[].id", "messages[].tool_calls[].type",
		"messages[].tool_calls[].function.name", "messages[].tool_calls[].custom.name",
		"messages[].function_call.name",
		"tools[].type", "tools[].function.name", "tools[].custom.name", "functions[].name",
		"tool_choice", "function_call",
		"response_format.type", "response_format.json_schema.name",
		"choices[].finish_reason", "choices[].message.role",
		"choices[].message.tool_calls[].id", "choices[].message.tool_calls[].type",
		"choices[].message.tool_calls[].function.name", "choices[].message.function_call.name",
		"choices[].message.audio.id", "choices[].message.audio.data",
		"choices[].delta.role", "choices[].delta.tool_calls[].id",
		"choices[].delta.tool_calls[].type", "choices[].delta.tool_calls[].function.name",
		"choices[].delta.audio.id", "choices[].delta.audio.data",
		"obfuscation", "usage",
	},
	// Reasoning that carries a signature must come back as the model wrote it.
	Opaque: []string{
		"messages[].reasoning_details", "messages[].thinking_blocks",
		"choices[].message.reasoning_details", "choices[].message.thinking_blocks",
		"choices[].delta.reasoning_details", "choices[].delta.thinking_blocks",
		"choices[].logprobs",
	},
	Schemas: []string{
		"tools[].function.parameters", "functions[].parameters",
		"response_format.json_schema.schema",
	},
	Quoted: []string{
		"messages[].content", "messages[].content[].text", // a tool's result mostly is JSON
		"messages[].tool_calls[].function.arguments",
		"messages[].function_call.arguments",
	},
	Parts: []Part{
		{Path: "messages[].content[].image_url.url", Kind: "image", Maybe: true},
		{Path: "messages[].content[].input_audio.data", Kind: "audio"},
		{Path: "messages[].content[].file.file_data", Kind: "file", Maybe: true},
	},
	JSONMode: []string{"response_format.type"},
	Follows:  []string{"messages[].content[].file.file_id"},
	Named:    []string{"id"},
	Store:    "store",
	Lanes: []Lane{
		{Event: "choices[].delta.content", Answer: "choices[].message.content", JSON: true},
		{Event: "choices[].delta.content[-].text", Answer: "choices[].message.content[].text"},
		{Event: "choices[].delta.thinking", Answer: "choices[].message.thinking"},
		{Event: "choices[].delta.refusal", Answer: "choices[].message.refusal"},
		{Event: "choices[].delta.reasoning_content", Answer: "choices[].message.reasoning_content"},
		{Event: "choices[].delta.reasoning", Answer: "choices[].message.reasoning"},
		{
			Event:  "choices[].delta.tool_calls[].function.arguments",
			Answer: "choices[].message.tool_calls[].function.arguments",
			Quoted: true, Tool: true,
		},
		{
			Event:  "choices[].delta.tool_calls[].custom.input",
			Answer: "choices[].message.tool_calls[].custom.input",
			Tool:   true,
		},
		{
			Event:  "choices[].delta.function_call.arguments",
			Answer: "choices[].message.function_call.arguments",
			Quoted: true, Tool: true,
		},
		{Event: "choices[].delta.audio.transcript", Answer: "choices[].message.audio.transcript"},
	},
	Tools: append(
		under([]string{"choices[].message", "choices[].delta"}, ".tool_calls[].function", ".tool_calls[].custom"),
		"choices[].message.function_call", "choices[].delta.function_call",
	),
	Cites: []Cite{
		{"choices[].message.content", "choices[].message.annotations[-].url_citation", "start_index", "end_index"},
		{"choices[].delta.content", "choices[].delta.annotations[-].url_citation", "start_index", "end_index"},
	},
	Ends:  []string{"choices[].finish_reason"},
	Done:  "[DONE]",
	Hint:  openAIHint,
	Error: openAIError,
}

// openAIHint appends the line to the first message if that is the system's, and
// else makes one of it.
func openAIHint(body []byte, line string) ([]byte, error) {
	first := gjson.GetBytes(body, "messages.0")
	role, content := first.Get("role").Str, first.Get("content")
	if (role == "system" || role == "developer") && content.Type == gjson.String {
		return sjson.SetBytes(body, "messages.0.content", content.Str+"\n\n"+line)
	}
	system, err := sjson.Set(`{"role":"system"}`, "content", line)
	if err != nil {
		return nil, fmt.Errorf("wire: writing a system message: %w", err)
	}
	messages := gjson.GetBytes(body, "messages")
	if !messages.IsArray() {
		return body, nil
	}
	at := messages.Index + 1
	if len(messages.Array()) > 0 {
		system += ","
	}
	return slices.Insert(slices.Clone(body), at, []byte(system)...), nil
}

// openAICompletions is POST /v1/completions, the legacy one.
var openAICompletions = &Format{
	Name:     "openai.completions",
	Upstream: "openai",
	Paths:    []string{"/v1/completions", "/completions", "/openai/deployments/*/completions"},
	Skip: []string{
		"model", "object", "id", "created", "system_fingerprint", "logit_bias", "stream_options",
		"choices[].finish_reason", "choices[].logprobs", "usage",
	},
	Parts: []Part{
		{Path: "prompt[]", Kind: "tokens", Numbers: true},
		{Path: "prompt[][]", Kind: "tokens", Numbers: true},
	},
	Lanes: []Lane{{Event: "choices[].text", Answer: "choices[].text"}},
	Ends:  []string{"choices[].finish_reason"},
	Done:  "[DONE]",
	Error: openAIError,
}

// openAIEmbeddings is POST /v1/embeddings.
var openAIEmbeddings = &Format{
	Name:     "openai.embeddings",
	Upstream: "openai",
	Paths:    []string{"/v1/embeddings", "/embeddings", "/openai/v1/embeddings", "/openai/deployments/*/embeddings"},
	Skip:     []string{"model", "object", "encoding_format", "data[].object", "data[].embedding", "usage"},
	Parts: []Part{
		{Path: "input[]", Kind: "tokens", Numbers: true},
		{Path: "input[][]", Kind: "tokens", Numbers: true},
	},
	Error: openAIError,
}

// openAIModerations is POST /v1/moderations.
var openAIModerations = &Format{
	Name:     "openai.moderations",
	Upstream: "openai",
	Paths:    []string{"/v1/moderations", "/moderations"},
	Skip:     []string{"model", "id", "input[].type"},
	Parts:    []Part{{Path: "input[].image_url.url", Kind: "image", Maybe: true}},
	Error:    openAIError,
}

// openAIError writes {"error":{"message","type","param","code"}}.
func openAIError(_ int, code, message string) []byte {
	var body struct {
		Error struct {
			Message string  `json:"message"`
			Type    string  `json:"type"`
			Param   *string `json:"param"`
			Code    string  `json:"code"`
		} `json:"error"`
	}
	body.Error.Message, body.Error.Type, body.Error.Code = message, "maskit_error", code
	return mustMarshal(body)
}
