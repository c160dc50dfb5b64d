package wire

// items is where the Responses API keeps its items: in a request, in an answer,
// and in the events that repeat them.
var items = []string{"input[]", "output[]", "item", "response.output[]"}

// openAIResponses is POST /v1/responses. The events of a stream repeat a text
// in up to five places, and are numbered. Source: openai-node 7.57.
var openAIResponses = &Format{
	Name:     "openai.responses",
	Upstream: "openai",
	Paths: []string{
		"/v1/responses", "/responses", "/v1/responses/compact", "/v1/responses/input_tokens",
		"/v1/responses/{turn}", "/v1/responses/{turn}/cancel", "/v1/responses/{turn}/input_items",
		"/openai/v1/responses", "/openai/v1/responses/compact", "/openai/v1/responses/{turn}",
		"/openai/responses", "/openai/responses/{turn}",
	},
	Skip: append(
		under(
			items, ".type", ".id", ".call_id", ".role", ".status", ".encrypted_content", ".fingerprint",
			".content[].type", ".content[].file_id", ".summary[].type",
		),
		"model", "id", "object", "created_at", "status", "previous_response_id", "conversation", "include",
		"reasoning", "service_tier", "truncation", "tool_choice", "text.verbosity", "text.format.type", "text.format.name",
		"tools[].type", "tools[].name", "tools[].server_url", "tools[].server_label",
		"type", "item_id", "sequence_number", "obfuscation", "part.type", "usage",
		"response.id", "response.object", "response.model", "response.status", "response.previous_response_id",
		"response.conversation", "response.reasoning", "response.tool_choice", "response.usage", "response.service_tier",
		"partial_image_b64",
	),
	Opaque:  []string{"tools[].headers", "tools[].authorization", "logprobs"},
	Schemas: []string{"tools[].parameters", "tools[].output_schema", "text.format.schema"},
	Quoted: []string{
		"input[].arguments", "input[].content", "input[].content[].text",
		"input[].output", "input[].output[].text", // a tool's result mostly is JSON
	},
	Parts: []Part{
		{Path: "input[].content[].image_url", Kind: "image", Maybe: true},
		{Path: "input[].content[].file_data", Kind: "file", Maybe: true},
		{Path: "input[].content[].input_audio.data", Kind: "audio"},
		{Path: "input[].output.image_url", Kind: "image", Maybe: true},
		{Path: "input[].output[].image_url", Kind: "image", Maybe: true},
		{Path: "input[].output[].file_data", Kind: "file", Maybe: true},
		{Path: "input[].result", Kind: "image", Maybe: true},
	},
	JSONMode: []string{"text.format.type"},
	Thread:   []string{"conversation.id", "conversation"},
	Follows:  []string{"previous_response_id", "input[].content[].file_id", "input[].output[].file_id", "tools[].container.file_ids[]"},
	Named:    []string{"id", "response.id"},
	Store:    "store", Stored: true,
	Index: []string{"output_index", "content_index", "summary_index", "command_index"},
	Lanes: []Lane{
		{
			Type: "response.output_text.delta", Event: "delta", Answer: "output[].content[].text", JSON: true,
			Repeats: []string{"text", "part.text", "item.content[].text", "response.output[].content[].text"},
		},
		{Type: "response.refusal.delta", Event: "delta"},
		{Type: "response.reasoning_text.delta", Event: "delta"},
		{Type: "response.reasoning_summary_text.delta", Event: "delta"},
		{
			Type: "response.function_call_arguments.delta", Event: "delta", Answer: "output[].arguments", Quoted: true, Tool: true,
			Repeats: []string{"arguments", "item.arguments", "response.output[].arguments"},
		},
		{Type: "response.mcp_call_arguments.delta", Event: "delta", Quoted: true, Tool: true},
		{Type: "response.custom_tool_call_input.delta", Event: "delta", Tool: true},
		{Type: "response.code_interpreter_call_code.delta", Event: "delta"},
		{Type: "response.shell_call_command.delta", Event: "delta"},
		{Type: "response.shell_call_output_content.delta", Event: "delta.stdout"},
		{Type: "response.shell_call_output_content.delta", Event: "delta.stderr"},
		{Type: "response.audio.transcript.delta", Event: "delta"},
	},
	Tools: []string{"output[]", "item", "response.output[]"},
	EndTypes: []string{
		"response.output_text.done", "response.refusal.done", "response.reasoning_text.done",
		"response.reasoning_summary_text.done", "response.function_call_arguments.done",
		"response.mcp_call_arguments.done", "response.custom_tool_call_input.done",
		"response.code_interpreter_call_code.done", "response.shell_call_command.done",
		"response.shell_call_output_content.done", "response.audio.transcript.done",
		"response.content_part.done", "response.output_item.done",
		"response.completed", "response.incomplete", "response.failed", "error",
	},
	DoneTypes: []string{"response.completed", "response.incomplete", "response.failed", "error"},
	Numbered:  true,
	Cites: []Cite{
		{"output[].content[].text", "output[].content[].annotations[-]", "start_index", "end_index"},
		{"part.text", "part.annotations[-]", "start_index", "end_index"},
		{"item.content[].text", "item.content[].annotations[-]", "start_index", "end_index"},
		{"response.output[].content[].text", "response.output[].content[].annotations[-]", "start_index", "end_index"},
		{"delta", "annotation", "start_index", "end_index"},
	},
	Error: openAIError,
}
