package clients_test

import (
	"context"
	"testing"

	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/anthropic"
	"github.com/tmc/langchaingo/llms/ollama"
	"github.com/tmc/langchaingo/llms/openai"
)

// langchains make langchaingo's models of the providers.
var langchains = []struct {
	name string
	open func(root, model string) (llms.Model, error)
	// tools says that it calls tools; its Ollama sends none.
	tools bool
}{
	{"openai", func(root, model string) (llms.Model, error) {
		return openai.New(openai.WithBaseURL(root+"/v1"), openai.WithToken(fix.Key), openai.WithModel(model), openai.WithHTTPClient(httpClient))
	}, true},
	{"anthropic", func(root, model string) (llms.Model, error) {
		return anthropic.New(anthropic.WithBaseURL(root+"/v1"), anthropic.WithToken(fix.Key), anthropic.WithModel(model), anthropic.WithHTTPClient(httpClient))
	}, true},
	{"ollama", func(root, model string) (llms.Model, error) {
		return ollama.New(ollama.WithServerURL(root), ollama.WithModel(model), ollama.WithHTTPClient(keyed))
	}, false},
}

// chain asks, and notes what the app gets to see; of a stream, what came in
// pieces as well.
func chain(ctx context.Context, m llms.Model, messages []llms.MessageContent, stream bool, options ...llms.CallOption) (said, error) {
	var pieces string
	if stream {
		options = append(options, llms.WithStreamingFunc(func(_ context.Context, piece []byte) error {
			pieces += string(piece)
			return nil
		}))
	}
	r, err := m.GenerateContent(ctx, messages, append(options, llms.WithMaxTokens(1000))...)
	if err != nil {
		return said{}, err
	}
	var s said
	for _, c := range r.Choices {
		s.texts = append(s.texts, c.Content)
		for _, call := range c.ToolCalls {
			s.calls = append(s.calls, call.ID+call.FunctionCall.Name)
			s.arguments = append(s.arguments, call.FunctionCall.Arguments)
		}
	}
	// Pieces of calls are in a form of langchaingo's own.
	if stream && len(s.calls) == 0 {
		s.refusals = []string{pieces}
	}
	return s, nil
}

// chainTools is one tool: two that come in turns langchaingo confuses, since it
// does not look at their indexes.
func chainTools() llms.CallOption {
	return llms.WithTools([]llms.Tool{{Type: "function", Function: &llms.FunctionDefinition{
		Name: "look_up", Description: "Not for " + value("EMAIL_ADDRESS"), Parameters: object(contact),
	}}})
}

func TestLangchain(t *testing.T) {
	user := []llms.MessageContent{
		llms.TextParts(llms.ChatMessageTypeSystem, "You repeat: "+fix.Text),
		llms.TextParts(llms.ChatMessageTypeHuman, fix.Text),
	}
	call := llms.ToolCall{ID: "call_1", Type: "function", FunctionCall: &llms.FunctionCall{
		Name: "look_up", Arguments: jsonOf(map[string]any{"text": fix.Text}),
	}}
	history := append(
		user[:2:2],
		llms.MessageContent{Role: llms.ChatMessageTypeAI, Parts: []llms.ContentPart{call}},
		llms.MessageContent{Role: llms.ChatMessageTypeTool, Parts: []llms.ContentPart{
			llms.ToolCallResponse{ToolCallID: "call_1", Name: "look_up", Content: fix.Text},
		}},
	)
	for _, l := range langchains {
		ask := func(messages []llms.MessageContent, options ...llms.CallOption) func(context.Context, string, string, bool) (said, error) {
			return func(ctx context.Context, root, model string, stream bool) (said, error) {
				m, err := l.open(root, model)
				if err != nil {
					return said{}, err
				}
				return chain(ctx, m, messages, stream, options...)
			}
		}
		exchanges := []exchange{{name: "text", ask: ask(user)}}
		if l.tools {
			exchanges = append(
				exchanges,
				exchange{name: "case 33, tools", ask: ask(user, chainTools())},
				exchange{name: "case 35, history", ask: ask(history, chainTools())},
			)
		}
		t.Run(l.name, func(t *testing.T) { runExchanges(t, exchanges) })
	}
}
