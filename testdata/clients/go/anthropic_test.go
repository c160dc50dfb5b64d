package clients_test

import (
	"context"
	"testing"

	"github.com/anthropics/anthropic-sdk-go"
	"github.com/anthropics/anthropic-sdk-go/option"
)

type (
	messageParams = anthropic.MessageNewParams
	messageParam  = anthropic.MessageParam
)

func claude(root string) anthropic.Client {
	return anthropic.NewClient(option.WithBaseURL(root), option.WithAPIKey(fix.Key),
		option.WithMaxRetries(0), option.WithHTTPClient(httpClient))
}

func askMessage(ctx context.Context, root string, params messageParams, stream bool) (*anthropic.Message, error) {
	c := claude(root)
	if !stream {
		return c.Messages.New(ctx, params)
	}
	events := c.Messages.NewStreaming(ctx, params)
	defer events.Close()
	var m anthropic.Message
	for events.Next() {
		if err := m.Accumulate(events.Current()); err != nil {
			return nil, err
		}
	}
	return &m, events.Err()
}

// gatherMessage notes what the app gets to see. Signed thinking is not
// restored: through maskit it must be as the provider wrote it.
func gatherMessage(m *anthropic.Message, root string) (said, error) {
	s := said{finish: []string{string(m.StopReason)}, tokens: m.Usage.InputTokens}
	for _, b := range m.Content {
		s.calls = append(s.calls, b.Type+b.ID+b.Name)
		switch b.Type {
		case "thinking":
			if root == fix.Maskit {
				if err := checkSigned(b.Thinking); err != nil {
					return s, err
				}
			}
		case "text":
			s.texts = append(s.texts, b.Text)
			for _, c := range b.Citations {
				s.refusals = append(s.refusals, c.CitedText, c.DocumentTitle)
			}
		case "tool_use":
			s.arguments = append(s.arguments, string(b.Input))
		}
	}
	return s, nil
}

func messageTools() []anthropic.ToolUnionParam {
	make := func(name string, properties map[string]any) anthropic.ToolUnionParam {
		u := anthropic.ToolUnionParamOfTool(anthropic.ToolInputSchemaParam{Properties: properties}, name)
		u.OfTool.Description = anthropic.String("Not for " + value("EMAIL_ADDRESS"))
		return u
	}
	return []anthropic.ToolUnionParam{make("look_up", contact), make("send_mail", letter)}
}

func userSays(text string) messageParam {
	return anthropic.NewUserMessage(anthropic.NewTextBlock(text))
}

// messaging makes an exchange of one request.
func messaging(name, manner string, json bool, make func() messageParams) exchange {
	return exchange{name: name, manner: manner, json: json, ask: func(ctx context.Context, root, model string, stream bool) (said, error) {
		params := make()
		params.Model, params.MaxTokens = anthropic.Model(model), 1000
		m, err := askMessage(ctx, root, params, stream)
		if err != nil {
			return said{}, err
		}
		return gatherMessage(m, root)
	}}
}

func TestMessages(t *testing.T) {
	text := func() messageParams {
		return messageParams{
			System:   []anthropic.TextBlockParam{{Text: "You repeat: " + fix.Text}},
			Messages: []messageParam{userSays(fix.Text)},
			Metadata: anthropic.MetadataParam{UserID: anthropic.String(value("EMAIL_ADDRESS"))},
		}
	}
	tools := func() messageParams {
		return messageParams{Messages: []messageParam{userSays(fix.Text)}, Tools: messageTools()}
	}
	runExchanges(t, []exchange{
		messaging("text", "", false, text),
		messaging("case 54, citing", ",cite", false, text),
		messaging("thinking", ",think", false, text),
		messaging("case 33, tools", "", false, tools),
		messaging("case 54, a document", "", false, func() messageParams {
			p := text()
			p.Messages = []messageParam{anthropic.NewUserMessage(
				anthropic.NewDocumentBlock(anthropic.PlainTextSourceParam{Data: fix.Text}), anthropic.NewTextBlock(fix.Text),
			)}
			return p
		}),
		messaging("case 35, history", "", false, func() messageParams {
			p, input := tools(), map[string]any{"text": fix.Text, "list": []string{fix.Text}}
			p.Messages = append(
				p.Messages,
				anthropic.NewAssistantMessage(anthropic.NewTextBlock(fix.Text), anthropic.NewToolUseBlock("call_1", input, "look_up")),
				anthropic.NewUserMessage(anthropic.NewToolResultBlock("call_1", toolResult(), false)),
				anthropic.NewAssistantMessage(anthropic.NewToolUseBlock("call_2", input, "look_up")),
				anthropic.NewUserMessage(anthropic.NewToolResultBlock("call_2", fix.Text, false)),
			)
			return p
		}),
		messaging("structured", "", true, func() messageParams {
			p := text()
			p.OutputConfig.Format.Schema = object(contact)
			return p
		}),
		// Case 40: the upstream refuses a signed block that is not as it was.
		{name: "case 40, thinking comes back", manner: ",think", requests: 2, ask: thinkTwice},
	})
}

func thinkTwice(ctx context.Context, root, model string, stream bool) (said, error) {
	params := messageParams{
		Model: anthropic.Model(model), MaxTokens: 1000,
		Messages: []messageParam{userSays(fix.Text)}, Tools: messageTools(),
	}
	first, err := askMessage(ctx, root, params, stream)
	if err != nil {
		return said{}, err
	}
	var results []anthropic.ContentBlockParamUnion
	for _, b := range first.Content {
		if b.Type == "tool_use" {
			results = append(results, anthropic.NewToolResultBlock(b.ID, fix.Text, false))
		}
	}
	params.Messages = append(params.Messages, first.ToParam(), anthropic.NewUserMessage(results...))
	second, err := askMessage(ctx, root, params, stream)
	if err != nil {
		return said{}, err
	}
	return gatherMessage(second, root)
}

func TestMessagesError(t *testing.T) {
	for _, c := range []struct {
		model  string
		stream bool
	}{{"echo,error=400", false}, {"echo,error=400", true}, {"echo,cut=5,error=stream", true}} {
		compareErrors(t, func(root string) error {
			_, err := askMessage(t.Context(), root, messageParams{
				Model: anthropic.Model(c.model), MaxTokens: 10, Messages: []messageParam{userSays(fix.Text)},
			}, c.stream)
			return err
		})
	}
}

func TestMessagesCounted(t *testing.T) {
	take(t)
	c := claude(fix.Maskit)
	count, err := c.Messages.CountTokens(t.Context(), anthropic.MessageCountTokensParams{
		Model: "echo", Messages: []messageParam{userSays(fix.Text)},
	})
	if err != nil || count.InputTokens == 0 {
		t.Errorf("counting fails (%t)", err != nil)
	}
	checkUpstream(t)
}
