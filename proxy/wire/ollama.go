package wire

// ollamaChat is POST /api/chat. Source: ollama-js 0.6.
var ollamaChat = &Format{
	Name:     "ollama.chat",
	Upstream: "ollama",
	Paths:    []string{"/api/chat"},
	Skip: []string{
		"model", "created_at", "done_reason", "keep_alive", "messages[].role",
		"messages[].tool_calls[].function.name", "tools[].type", "tools[].function.name",
		"message.role", "message.tool_calls[].function.name",
	},
	Schemas:  []string{"tools[].function.parameters", "format"},
	Quoted:   []string{"messages[].content"},
	Parts:    []Part{{Path: "messages[].images[]", Kind: "image"}},
	JSONMode: []string{"format"},
	Lanes: []Lane{
		{Event: "message.content", Answer: "message.content", JSON: true},
		{Event: "message.thinking", Answer: "message.thinking"},
	},
	Tools: []string{"message.tool_calls[].function"},
	Ends:  []string{"done", "error"},
	Error: ollamaError,
}

// ollamaGenerate is POST /api/generate. Its context is tokens of earlier turns,
// which were masked then.
var ollamaGenerate = &Format{
	Name:     "ollama.generate",
	Upstream: "ollama",
	Paths:    []string{"/api/generate"},
	Skip:     []string{"model", "created_at", "done_reason", "keep_alive"},
	Schemas:  []string{"format"},
	Parts:    []Part{{Path: "images[]", Kind: "image"}},
	Follows:  []string{"context"},
	Named:    []string{"context"},
	JSONMode: []string{"format"},
	Lanes: []Lane{
		{Event: "response", Answer: "response", JSON: true},
		{Event: "thinking", Answer: "thinking"},
	},
	Ends:  []string{"done", "error"},
	Error: ollamaError,
}

// ollamaOther are Ollama's other calls.
var ollamaOther = &Format{
	Name:     "ollama.other",
	Upstream: "ollama",
	Paths: []string{
		"/api/embed", "/api/embeddings", "/api/create", "/api/show", "/api/tags", "/api/ps", "/api/version",
		"/api/pull", "/api/push", "/api/copy", "/api/delete", "/api/web_search", "/api/web_fetch",
	},
	Skip:  []string{"model", "embedding", "embeddings"},
	Error: ollamaError,
}

// ollamaError writes {"error":"..."}.
func ollamaError(_ int, code, message string) []byte {
	return mustMarshal(map[string]string{"error": "maskit: " + message, "code": code})
}
