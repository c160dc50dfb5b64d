package wire

// geminiParts is where Gemini keeps the parts of a content, in both spellings
// that its server takes.
var geminiParts = []string{
	"contents[].parts[]", "systemInstruction.parts[]", "system_instruction.parts[]",
	"candidates[].content.parts[thought]",
}

var geminiSkip = append(
	under(
		geminiParts, ".thoughtSignature", ".thought_signature", ".inlineData.mimeType", ".inline_data.mime_type",
		".fileData.mimeType", ".functionCall.name", ".functionCall.id", ".functionResponse.name", ".functionResponse.id",
	),
	"model", "contents[].role", "systemInstruction.role", "cachedContent", "safetySettings", "toolConfig",
	"generationConfig.responseMimeType", "tools[].functionDeclarations[].name",
	"candidates[].finishReason", "candidates[].safetyRatings", "candidates[].content.role", "candidates[].logprobsResult",
	"candidates[].content.parts[thought].inlineData.data",
	"usageMetadata", "modelVersion", "responseId", "embedding", "embeddings",
)

// geminiGenerate is POST /v1beta/models/{model}:generateContent.
// Source: @google/genai 3.1.
var geminiGenerate = gemini("gemini.generate", false, "generateContent", "countTokens")

// geminiStream is :streamGenerateContent, which comes as events or, without
// alt=sse, as one array.
var geminiStream = gemini("gemini.stream", true, "streamGenerateContent")

// geminiCaches are contents that are sent once and gone on from later.
var geminiCaches = func() *Format {
	f := gemini("gemini.caches", false)
	f.Paths = []string{"/v1beta/cachedContents", "/v1beta/cachedContents/*"}
	f.Named = []string{"name"}
	return f
}()

// geminiOther are Gemini's other calls, of which every string is text.
var geminiOther = &Format{
	Name:     "gemini.other",
	Upstream: "gemini",
	Paths: []string{
		"/v1beta/models/*:embedContent", "/v1beta/models/*:batchEmbedContents",
		"/v1/models/*:embedContent", "/v1/models/*:batchEmbedContents", // @google/genai 3 begins so
		"/v1beta/models", "/v1beta/models/*",
		"/v1beta/files", "/v1beta/files/*", "/v1beta/models/*:batchGenerateContent",
	},
	Skip:   []string{"model", "embedding", "embeddings"},
	Embeds: []Embed{{"batch.inputConfig.requests.requests[].request", geminiGenerate}, {"batch.input_config.requests.requests[].request", geminiGenerate}},
	Error:  geminiError,
}

func gemini(name string, array bool, verbs ...string) *Format {
	f := &Format{
		Name:     name,
		Upstream: "gemini",
		Skip:     geminiSkip,
		Schemas: []string{
			"tools[].functionDeclarations[].parameters", "tools[].functionDeclarations[].parametersJsonSchema",
			"tools[].functionDeclarations[].response", "tools[].functionDeclarations[].responseJsonSchema",
			"generationConfig.responseSchema", "generationConfig.responseJsonSchema",
		},
		Quoted: []string{
			"contents[].parts[].text",
			"contents[].parts[].functionResponse.response.*", "contents[].parts[].function_response.response.*",
		},
		Parts: []Part{
			{Path: "contents[].parts[].inlineData.data", Kind: "file"},
			{Path: "contents[].parts[].inline_data.data", Kind: "file"},
			{Path: "systemInstruction.parts[].inlineData.data", Kind: "file"},
		},
		JSONMode: []string{"generationConfig.responseMimeType", "generation_config.response_mime_type"},
		Lanes: []Lane{{
			Event: "candidates[].content.parts[thought].text", Answer: "candidates[].content.parts[thought].text", JSON: true,
		}},
		Cites: []Cite{
			{"candidates[].content.parts[thought].text", "candidates[].groundingMetadata.groundingSupports[-].segment", "startIndex", "endIndex"},
			{"candidates[].content.parts[thought].text", "candidates[].citationMetadata.citations[-]", "startIndex", "endIndex"},
			{"candidates[].content.parts[thought].text", "candidates[].citationMetadata.citationSources[-]", "startIndex", "endIndex"},
		},
		CiteBytes: true,
		Tools:     []string{"candidates[].content.parts[thought].functionCall"},
		Ends:      []string{"candidates[].finishReason", "error"},
		Follows:   []string{"cachedContent", "cached_content"},
		Array:     array,
		Error:     geminiError,
	}
	for _, version := range []string{"/v1beta", "/v1", "/v1alpha"} {
		for _, verb := range verbs {
			f.Paths = append(f.Paths, version+"/models/*:"+verb, version+"/tunedModels/*:"+verb,
				version+"/projects/*/locations/*/publishers/*/models/*:"+verb)
		}
	}
	return f
}

// geminiError writes {"error":{"code","message","status","details"}}.
func geminiError(status int, code, message string) []byte {
	type detail struct {
		Type   string `json:"@type"`
		Reason string `json:"reason"`
	}
	var body struct {
		Error struct {
			Code    int      `json:"code"`
			Message string   `json:"message"`
			Status  string   `json:"status"`
			Details []detail `json:"details"`
		} `json:"error"`
	}
	body.Error.Code, body.Error.Message, body.Error.Status = status, message, "MASKIT_ERROR"
	body.Error.Details = []detail{{"type.googleapis.com/google.rpc.ErrorInfo", code}}
	return mustMarshal(body)
}
