package wire

// What OpenAI keeps for later: conversations, threads, files, batches. A name
// that one call answers with is what another goes on from.

// openAIConversations are the conversations of the Responses API. Source:
// openai-node 7.57.
var openAIConversations = &Format{
	Name:     "openai.conversations",
	Upstream: "openai",
	Paths: []string{
		"/v1/conversations", "/v1/conversations/{thread}", "/v1/conversations/{thread}/items",
		"/v1/conversations/{thread}/items/*",
	},
	Skip: append(
		under(
			[]string{"items[]", "data[]"}, ".type", ".id", ".call_id", ".role", ".status", ".encrypted_content",
			".fingerprint", ".content[].type", ".summary[].type", ".content[].file_id",
		),
		"id", "object", "created_at", "type", "status", "role", "first_id", "last_id", "encrypted_content",
	),
	Quoted: []string{
		"items[].arguments", "items[].content", "items[].content[].text", "items[].output", "items[].output[].text",
	},
	Parts: []Part{
		{Path: "items[].content[].image_url", Kind: "image", Maybe: true},
		{Path: "items[].content[].file_data", Kind: "file", Maybe: true},
		{Path: "items[].content[].input_audio.data", Kind: "audio"},
		{Path: "items[].output.image_url", Kind: "image", Maybe: true},
	},
	Born:    []string{"id"},
	Follows: []string{"items[].content[].file_id"},
	Error:   openAIError,
}

// openAIThreads are assistants and what they do in threads, a legacy API whose
// events are named outside of their payloads.
var openAIThreads = &Format{
	Name:     "openai.threads",
	Upstream: "openai",
	Paths: []string{
		"/v1/threads", "/v1/threads/runs", "/v1/threads/{thread}", "/v1/threads/{thread}/messages",
		"/v1/threads/{thread}/messages/*", "/v1/threads/{thread}/runs", "/v1/threads/{thread}/runs/*",
		"/v1/threads/{thread}/runs/*/submit_tool_outputs", "/v1/threads/{thread}/runs/*/cancel",
		"/v1/threads/{thread}/runs/*/steps", "/v1/threads/{thread}/runs/*/steps/*",
		"/v1/assistants", "/v1/assistants/{turn}",
	},
	Skip: []string{
		"id", "object", "created_at", "model", "assistant_id", "thread_id", "run_id", "status", "role", "usage",
		"messages[].role", "thread.messages[].role", "tools[].type", "tools[].function.name", "tool_choice",
		"tool_outputs[].tool_call_id", "messages[].attachments[].file_id", "response_format.type",
		"delta.role", "delta.content[].type", "delta.content[].image_file.file_id",
		"delta.step_details.type", "delta.step_details.tool_calls[].id", "delta.step_details.tool_calls[].type",
		"delta.step_details.tool_calls[].function.name",
	},
	Schemas: []string{"tools[].function.parameters", "response_format.json_schema.schema"},
	Quoted:  []string{"tool_outputs[].output", "messages[].content", "thread.messages[].content"},
	Lanes: []Lane{
		{Type: "thread.message.delta", Event: "delta.content[].text.value"},
		{Type: "thread.run.step.delta", Event: "delta.step_details.tool_calls[].function.arguments", Quoted: true},
		{Type: "thread.run.step.delta", Event: "delta.step_details.tool_calls[].code_interpreter.input"},
	},
	EndTypes: []string{
		"thread.message.completed", "thread.message.incomplete", "thread.run.step.completed", "thread.run.step.failed",
		"thread.run.requires_action", "thread.run.completed", "thread.run.failed", "thread.run.incomplete", "error",
	},
	Done:    "[DONE]",
	Born:    []string{"thread_id", "id"},
	Named:   []string{"id"},
	Follows: []string{"assistant_id", "attachments[].file_id", "messages[].attachments[].file_id", "thread.messages[].attachments[].file_id"},
	Error:   openAIError,
}

// files are uploads and what they are listed as. OpenAI and Anthropic have the
// same path; the bodies are multipart, see Multipart.
var files = &Format{
	Name:  "files",
	Paths: []string{"/v1/files", "/v1/files/{turn}", "/openai/files", "/openai/files/{turn}", "/openai/v1/files", "/openai/v1/files/{turn}"},
	Skip:  []string{"id", "object", "purpose", "status", "type", "mime_type", "created_at", "expires_after"},
	Named: []string{"id"},
	Error: openAIError,
}

// fileContent is a file as it comes back: the results of a batch, line by line.
var fileContent = &Format{
	Name:  "files.content",
	Paths: []string{"/v1/files/{turn}/content", "/openai/files/{turn}/content", "/openai/v1/files/{turn}/content"},
	Lines: true,
	Error: openAIError,
}

// uploads would take a file in pieces: a value that is cut in two would be found
// in neither.
var uploads = &Format{
	Name:     "openai.uploads",
	Upstream: "openai",
	Paths:    []string{"/v1/uploads/*/parts"},
	Error:    openAIError,
	Refuse:   "maskit does not look into files that come in pieces: upload the file whole, to /v1/files",
}

// openAIBatches are files of requests. Each line is masked when the file is
// uploaded, and restored when its results are fetched.
var openAIBatches = &Format{
	Name:     "openai.batches",
	Upstream: "openai",
	Paths: []string{
		"/v1/batches", "/v1/batches/{turn}", "/v1/batches/{turn}/cancel",
		"/openai/batches", "/openai/batches/{turn}", "/openai/batches/{turn}/cancel",
		"/openai/v1/batches", "/openai/v1/batches/{turn}", "/openai/v1/batches/{turn}/cancel",
	},
	Skip:    []string{"id", "object", "endpoint", "input_file_id", "output_file_id", "error_file_id", "status", "completion_window"},
	Follows: []string{"input_file_id"},
	Named:   []string{"id", "output_file_id", "error_file_id"},
	Error:   openAIError,
}

// openAIMedia are prompts for what is no text, and what is made of it. Uploads
// are multipart: their fields are told apart by the names here.
var openAIMedia = &Format{
	Name:     "openai.media",
	Upstream: "openai",
	Paths: []string{
		"/v1/images/generations", "/v1/images/edits", "/v1/images/variations",
		"/v1/audio/speech", "/v1/audio/transcriptions", "/v1/audio/translations", "/v1/videos", "/v1/videos/*",
		"/openai/deployments/*/images/generations", "/openai/deployments/*/images/edits",
		"/openai/deployments/*/audio/speech", "/openai/deployments/*/audio/transcriptions",
		"/openai/deployments/*/audio/translations",
	},
	Skip: []string{
		"model", "voice", "response_format", "size", "quality", "style", "background", "output_format", "stream_format",
		"language", "moderation", "input_fidelity", "timestamp_granularities[]", "include[]", "chunking_strategy", "usage",
		"data[].b64_json", "type", "b64_json", "object", "id", "audio",
	},
	Lanes: []Lane{{
		Type: "transcript.text.delta", Event: "delta", Answer: "text", Repeats: []string{"text"},
	}},
	EndTypes:  []string{"transcript.text.done", "speech.audio.done", "image_generation.completed", "image_edit.completed", "error"},
	DoneTypes: []string{"transcript.text.done", "speech.audio.done", "image_generation.completed", "image_edit.completed", "error"},
	Error:     openAIError,
}

// anthropicBatches are requests in one body, and what became of them.
var anthropicBatches = &Format{
	Name:     "anthropic.batches",
	Upstream: "anthropic",
	Paths: []string{
		"/v1/messages/batches", "/v1/messages/batches/{turn}", "/v1/messages/batches/{turn}/cancel",
	},
	Skip:   []string{"id", "type", "processing_status", "results_url"},
	Embeds: []Embed{{"requests[].params", anthropicMessages}},
	Named:  []string{"id"},
	Error:  anthropicError,
}

// anthropicResults are the answers to a batch, line by line.
var anthropicResults = &Format{
	Name:     "anthropic.results",
	Upstream: "anthropic",
	Paths:    []string{"/v1/messages/batches/{turn}/results"},
	Skip: append(
		under([]string{"result.message.content[]"}, ".type", ".id", ".name", ".signature", ".thinking", ".data"),
		"result.type", "result.message.id", "result.message.type", "result.message.role",
		"result.message.model", "result.message.stop_reason", "result.message.usage",
	),
	Lines: true,
	Error: anthropicError,
}
