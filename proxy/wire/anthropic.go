package wire

import "encoding/json"

// anthropicBlocks is where the Messages API keeps its content blocks.
var anthropicBlocks = []string{"messages[].content[]", "content[]", "content_block", "message.content[]"}

// anthropicMessages is POST /v1/messages. What the provider has signed, and the
// text that the signature covers, goes through as it is in both directions: the
// model wrote it of tokens, and must get those very bytes again.
// Source: @anthropic-ai/sdk 1.12.
var anthropicMessages = &Format{
	Name:     "anthropic.messages",
	Upstream: "anthropic",
	Paths:    []string{"/v1/messages", "/messages", "/v1/messages/count_tokens"},
	Skip: append(
		under(
			anthropicBlocks, ".type", ".id", ".tool_use_id", ".name", ".signature", ".thinking", ".data", ".cache_control",
			".source.type", ".source.media_type", ".source.file_id", ".file_id", ".encrypted_content", ".encrypted_index",
			".content[].type", ".content[].encrypted_content", ".content[].source.type", ".content[].source.media_type",
			".citations[].type", ".citations[].encrypted_index",
		),
		"model", "messages[].role", "system[].type", "system[].cache_control", "tool_choice", "thinking", "service_tier",
		"container", "cache_control", "tools[].type", "tools[].name", "tools[].cache_control",
		"output_config.format.type", "id", "type", "role", "stop_reason", "usage",
		"message.id", "message.type", "message.role", "message.model", "message.stop_reason", "message.usage",
		"delta.type", "delta.signature", "delta.thinking", "delta.stop_reason", "delta.encrypted_content",
		"delta.citation.encrypted_index",
	),
	Opaque:  []string{"mcp_servers"},
	Schemas: []string{"tools[].input_schema", "output_config.format.schema"},
	Quoted: []string{
		"messages[].content", "messages[].content[].text",
		"messages[].content[].content", "messages[].content[].content[].text", // a tool's result
	},
	Parts: []Part{
		{Path: "messages[].content[].source.data", Kind: "file", Maybe: true},
		{Path: "messages[].content[].source.content[].source.data", Kind: "image", Maybe: true},
		{Path: "messages[].content[].content[].source.data", Kind: "image", Maybe: true},
	},
	JSONMode: []string{"output_config.format.type"},
	Follows:  []string{"messages[].content[].source.file_id", "messages[].content[].file_id"},
	Index:    []string{"index"},
	Lanes: []Lane{
		{Type: "content_block_delta", Event: "delta.text", Answer: "content[].text", JSON: true},
		{Type: "content_block_delta", Event: "delta.partial_json", Quoted: true, Tool: true},
	},
	Tools:     []string{"content[]", "content_block"},
	EndTypes:  []string{"content_block_stop", "message_delta", "message_stop", "error"},
	DoneTypes: []string{"message_stop", "error"},
	Error:     anthropicError,
}

// anthropicError writes {"type":"error","error":{"type","message"}}.
func anthropicError(_ int, code, message string) []byte {
	var body struct {
		Type  string `json:"type"`
		Error struct {
			Type    string `json:"type"`
			Message string `json:"message"`
			Code    string `json:"code"`
		} `json:"error"`
	}
	body.Type, body.Error.Type, body.Error.Message, body.Error.Code = "error", "maskit_error", message, code
	return mustMarshal(body)
}

func mustMarshal(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("BUG: an error body does not marshal: " + err.Error())
	}
	return b
}
