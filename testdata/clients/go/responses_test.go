package clients_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/responses"
	"github.com/openai/openai-go/v3/shared"
)

type (
	responseParams = responses.ResponseNewParams
)

func textInput(text string) responses.ResponseNewParamsInputUnion {
	return responses.ResponseNewParamsInputUnion{OfString: openai.String(text)}
}

func itemInput(items ...responses.ResponseInputItemUnionParam) responses.ResponseNewParamsInputUnion {
	return responses.ResponseNewParamsInputUnion{OfInputItemList: items}
}

func responseTools() []responses.ToolUnionParam {
	return []responses.ToolUnionParam{
		responses.ToolParamOfFunction("look_up", object(contact), false),
		responses.ToolParamOfFunction("send_mail", object(letter), false),
		responses.ToolParamOfCustom("shell"),
	}
}

// askResponse has one exchange over the Responses API. Of a stream, all that
// repeats a text must repeat it.
func askResponse(ctx context.Context, root string, params responseParams, stream bool) (*responses.Response, error) {
	c := openai.NewClient(option.WithBaseURL(root+"/v1"), option.WithAPIKey(fix.Key),
		option.WithMaxRetries(0), option.WithHTTPClient(httpClient))
	if !stream {
		return c.Responses.New(ctx, params)
	}
	events := c.Responses.NewStreaming(ctx, params)
	defer events.Close()
	pieces := map[string]string{}
	var last *responses.Response
	for number := int64(-1); events.Next(); {
		e := events.Current()
		if e.SequenceNumber <= number {
			return nil, errors.New("sequence_number does not rise")
		}
		number = e.SequenceNumber
		key := fmt.Sprint(e.OutputIndex)
		switch e.Type {
		case "response.output_text.delta", "response.function_call_arguments.delta",
			"response.custom_tool_call_input.delta", "response.reasoning_summary_text.delta":
			pieces[key] += e.Delta
		case "response.output_text.done", "response.reasoning_summary_text.done":
			if err := same(e.Text, pieces[key]); err != nil {
				return nil, fmt.Errorf("pieces of a text: %w", err)
			}
		case "response.function_call_arguments.done":
			if err := same(e.Arguments, pieces[key]); err != nil {
				return nil, fmt.Errorf("pieces of arguments: %w", err)
			}
		case "response.completed":
			last = &e.Response
		}
	}
	if events.Err() == nil && last == nil {
		return nil, errors.New("the stream does not complete")
	}
	return last, events.Err()
}

func gatherResponse(r *responses.Response) said {
	s := said{tokens: r.Usage.TotalTokens, finish: []string{string(r.Status)}, refusals: []string{r.Instructions.OfString, r.Metadata["customer"]}}
	for _, item := range r.Output {
		s.calls = append(s.calls, fmt.Sprint(item.Type, item.CallID, item.Name))
		switch item.Type {
		case "function_call":
			s.arguments = append(s.arguments, item.Arguments.OfString)
		case "custom_tool_call":
			s.refusals = append(s.refusals, item.Input)
		}
		for _, part := range item.Summary {
			s.refusals = append(s.refusals, part.Text)
		}
		for _, part := range item.Content {
			s.texts = append(s.texts, part.Text)
			for _, a := range part.Annotations {
				s.refusals = append(s.refusals, a.Title)
			}
		}
	}
	return s
}

// responding makes an exchange of one request.
func responding(name, manner string, json bool, make func() responseParams) exchange {
	return exchange{name: name, manner: manner, json: json, ask: func(ctx context.Context, root, model string, stream bool) (said, error) {
		params := make()
		params.Model = model
		r, err := askResponse(ctx, root, params, stream)
		if err != nil {
			return said{}, err
		}
		return gatherResponse(r), nil
	}}
}

// Case 30: whatever repeats a text, and the response at the end, agree.
func TestResponses(t *testing.T) {
	text := func() responseParams {
		return responseParams{
			Input:        textInput(fix.Text),
			Instructions: openai.String("You repeat: " + fix.Text),
			Metadata:     shared.Metadata{"customer": value("EMAIL_ADDRESS")},
		}
	}
	tools := func() responseParams { return responseParams{Input: textInput(fix.Text), Tools: responseTools()} }
	runExchanges(t, []exchange{
		responding("text", "", false, text),
		responding("thinking", ",think", false, text),
		responding("citing", ",cite", false, text),
		responding("tools", "", false, tools),
		responding("history", "", false, func() responseParams {
			call := jsonOf(map[string]any{"text": fix.Text, "list": []string{fix.Text}})
			output := func(id, text string) responses.ResponseInputItemUnionParam {
				item := responses.ResponseInputItemParamOfFunctionCallOutput(text)
				item.OfFunctionCallOutput.CallID = openai.String(id)
				return item
			}
			return responseParams{Tools: responseTools(), Input: itemInput(
				responses.ResponseInputItemParamOfMessage(fix.Text, responses.EasyInputMessageRoleUser),
				responses.ResponseInputItemParamOfFunctionCall(call, "call_1", "look_up"),
				output("call_1", toolResult()),
				responses.ResponseInputItemParamOfFunctionCall(call, "call_2", "look_up"),
				output("call_2", fix.Text),
			)}
		}),
		responding("structured", "", true, func() responseParams {
			return responseParams{Input: textInput(fix.Text), Text: responses.ResponseTextConfigParam{
				Format: responses.ResponseFormatTextConfigParamOfJSONSchema("contact", object(contact)),
			}}
		}),
	})
}

func TestResponsesError(t *testing.T) {
	for _, stream := range []bool{false, true} {
		compareErrors(t, func(root string) error {
			_, err := askResponse(t.Context(), root, responseParams{Model: "echo,error=400", Input: textInput(fix.Text)}, stream)
			return err
		})
	}
}
