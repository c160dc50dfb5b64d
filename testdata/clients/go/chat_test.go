package clients_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/shared"
)

// direct and masked ask the upstream straight, and through maskit.
var direct, masked openai.Client

func openAI(root string) openai.Client {
	return openai.NewClient(option.WithBaseURL(root+"/v1"), option.WithAPIKey(fix.Key), option.WithMaxRetries(0))
}

// conversation is a request in which values stand in one more place.
type conversation struct {
	name string
	// json says that the answer's content is JSON.
	json bool
	make func(text string) openai.ChatCompletionNewParams
}

var conversations = []conversation{
	{name: "text", make: func(text string) openai.ChatCompletionNewParams {
		return openai.ChatCompletionNewParams{
			Messages: []openai.ChatCompletionMessageParamUnion{
				openai.SystemMessage("You repeat what is said. For example: " + text),
				openai.UserMessage(text),
			},
			User:     openai.String(value("EMAIL_ADDRESS")),
			Metadata: shared.Metadata{"customer": value("PROJECT")},
		}
	}},
	{name: "parts", make: func(text string) openai.ChatCompletionNewParams {
		return openai.ChatCompletionNewParams{Messages: []openai.ChatCompletionMessageParamUnion{
			openai.UserMessage([]openai.ChatCompletionContentPartUnionParam{
				openai.TextContentPart("First this."), openai.TextContentPart(text),
			}),
		}}
	}},
	{name: "history", make: func(text string) openai.ChatCompletionNewParams {
		arguments, err := json.Marshal(map[string]any{"text": text, "list": []string{text}})
		if err != nil {
			panic(err)
		}
		var asked openai.ChatCompletionAssistantMessageParam
		asked.ToolCalls = []openai.ChatCompletionMessageToolCallUnionParam{{
			OfFunction: &openai.ChatCompletionMessageFunctionToolCallParam{
				ID: "call_0_0",
				Function: openai.ChatCompletionMessageFunctionToolCallFunctionParam{
					Name: "look_up", Arguments: string(arguments),
				},
			},
		}}
		return openai.ChatCompletionNewParams{
			Tools: []openai.ChatCompletionToolUnionParam{lookUp},
			Messages: []openai.ChatCompletionMessageParamUnion{
				openai.UserMessage(text),
				{OfAssistant: &asked},
				openai.ToolMessage(text, "call_0_0"),
			},
		}
	}},
	{name: "tool", make: func(text string) openai.ChatCompletionNewParams {
		return openai.ChatCompletionNewParams{
			Tools:    []openai.ChatCompletionToolUnionParam{lookUp},
			Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage(text)},
		}
	}},
	{name: "two tools, n of 2", make: func(text string) openai.ChatCompletionNewParams {
		return openai.ChatCompletionNewParams{
			N: openai.Int(2),
			Tools: []openai.ChatCompletionToolUnionParam{lookUp, openai.ChatCompletionFunctionTool(shared.FunctionDefinitionParam{
				Name: "send_mail",
				Parameters: object(map[string]any{
					"to":   typed("string"),
					"body": object(map[string]any{"lines": map[string]any{"type": "array", "items": typed("string")}}),
				}),
			})},
			Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage(text)},
		}
	}},
	{name: "structured", json: true, make: func(text string) openai.ChatCompletionNewParams {
		return openai.ChatCompletionNewParams{
			ResponseFormat: openai.ChatCompletionNewParamsResponseFormatUnion{
				OfJSONSchema: &shared.ResponseFormatJSONSchemaParam{JSONSchema: shared.ResponseFormatJSONSchemaJSONSchemaParam{
					Name:        "contact",
					Description: openai.String("Not " + value("EMAIL_ADDRESS")),
					Schema:      object(map[string]any{"to": typed("string"), "card": typed("string"), "all": typed("string")}),
				}},
			},
			Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage(text)},
		}
	}},
	{name: "n of 2", make: func(text string) openai.ChatCompletionNewParams {
		return openai.ChatCompletionNewParams{
			N:        openai.Int(2),
			Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage(text)},
		}
	}},
}

var lookUp = openai.ChatCompletionFunctionTool(shared.FunctionDefinitionParam{
	Name:        "look_up",
	Description: openai.String("Looks a person up."),
	Parameters: object(map[string]any{
		"to": typed("string"), "phone": typed("string"), "note": typed("string"), "everything": typed("string"),
	}),
})

func typed(kind string) map[string]any { return map[string]any{"type": kind} }

func object(properties map[string]any) map[string]any {
	return map[string]any{"type": "object", "properties": properties}
}

func TestConversations(t *testing.T) {
	for _, c := range conversations {
		for _, m := range manners {
			t.Run(c.name+"/"+m.model, func(t *testing.T) {
				params := c.make(fix.Text)
				params.Model = m.model
				if m.stream {
					params.StreamOptions.IncludeUsage = openai.Bool(true)
				}
				want := ask(t.Context(), direct, params, m.stream)
				take(t)
				got := ask(t.Context(), masked, params, m.stream)
				compare(t, want, got, c.json)
				checkReceipt(t, got.header)
				checkUpstream(t)
			})
		}
	}
}

// ask has one exchange and gathers what the SDK makes of it.
func ask(ctx context.Context, c openai.Client, params openai.ChatCompletionNewParams, stream bool) said {
	var resp *http.Response
	var s said
	if stream {
		var acc openai.ChatCompletionAccumulator
		events := c.Chat.Completions.NewStreaming(ctx, params, option.WithResponseInto(&resp))
		defer events.Close()
		for events.Next() {
			if !acc.AddChunk(events.Current()) {
				s.err = errors.New("the accumulator refuses a chunk")
				return s
			}
		}
		s = gather(acc.ChatCompletion)
		s.err = events.Err()
	} else {
		answer, err := c.Chat.Completions.New(ctx, params, option.WithResponseInto(&resp))
		if err == nil {
			s = gather(*answer)
		}
		s.err = err
	}
	if resp != nil {
		s.header = resp.Header
	}
	return s
}

func gather(answer openai.ChatCompletion) said {
	s := said{tokens: answer.Usage.TotalTokens}
	for _, c := range answer.Choices {
		s.texts = append(s.texts, c.Message.Content)
		s.refusals = append(s.refusals, c.Message.Refusal)
		s.finish = append(s.finish, c.FinishReason)
		for _, call := range c.Message.ToolCalls {
			s.calls = append(s.calls, fmt.Sprint(c.Index, call.ID, call.Function.Name))
			s.arguments = append(s.arguments, call.Function.Arguments)
		}
	}
	return s
}
