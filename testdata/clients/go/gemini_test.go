package clients_test

import (
	"context"
	"fmt"
	"reflect"
	"testing"

	"google.golang.org/genai"
)

func gemini(ctx context.Context, root string) (*genai.Client, error) {
	return genai.NewClient(ctx, &genai.ClientConfig{
		APIKey: fix.Key, Backend: genai.BackendGeminiAPI, HTTPClient: httpClient,
		HTTPOptions: genai.HTTPOptions{BaseURL: root},
	})
}

// askGemini returns the parts of each candidate.
func askGemini(ctx context.Context, root, model string, contents []*genai.Content, config *genai.GenerateContentConfig, stream bool) ([]*genai.GenerateContentResponse, error) {
	c, err := gemini(ctx, root)
	if err != nil {
		return nil, err
	}
	if !stream {
		r, err := c.Models.GenerateContent(ctx, model, contents, config)
		return []*genai.GenerateContentResponse{r}, err
	}
	var all []*genai.GenerateContentResponse
	for r, err := range c.Models.GenerateContentStream(ctx, model, contents, config) {
		if err != nil {
			return all, err
		}
		all = append(all, r)
	}
	return all, nil
}

// gatherGemini puts the pieces of each candidate together.
func gatherGemini(all []*genai.GenerateContentResponse) said {
	var s said
	var text, thought [2]string
	for _, r := range all {
		s.tokens = int64(r.UsageMetadata.TotalTokenCount)
		for _, c := range r.Candidates {
			if c.FinishReason != "" {
				s.finish = append(s.finish, string(c.FinishReason))
			}
			if c.Content == nil {
				continue
			}
			for _, p := range c.Content.Parts {
				switch {
				case p.FunctionCall != nil:
					s.calls = append(s.calls, fmt.Sprint(c.Index, p.FunctionCall.ID, p.FunctionCall.Name))
					s.arguments = append(s.arguments, jsonOf(p.FunctionCall.Args))
				case p.Thought:
					thought[c.Index] += p.Text
				default:
					text[c.Index] += p.Text
				}
			}
		}
	}
	s.refusals = thought[:]
	for _, t := range text {
		if t != "" {
			s.texts = append(s.texts, t)
		}
	}
	return s
}

func geminiTools() []*genai.Tool {
	return []*genai.Tool{{FunctionDeclarations: []*genai.FunctionDeclaration{
		{Name: "look_up", Description: "Not for " + value("EMAIL_ADDRESS"), ParametersJsonSchema: object(contact)},
		{Name: "send_mail", Description: "Sends it.", ParametersJsonSchema: object(letter)},
	}}}
}

// generating makes an exchange of one request.
func generating(name, manner string, json bool, contents func() []*genai.Content, config func() *genai.GenerateContentConfig) exchange {
	return exchange{name: name, manner: manner, json: json, ask: func(ctx context.Context, root, model string, stream bool) (said, error) {
		all, err := askGemini(ctx, root, model, contents(), config(), stream)
		if err != nil {
			return said{}, err
		}
		return gatherGemini(all), nil
	}}
}

func TestGemini(t *testing.T) {
	type config = genai.GenerateContentConfig
	text := func() []*genai.Content { return genai.Text(fix.Text) }
	system := func() *config {
		return &config{SystemInstruction: genai.NewContentFromText("You repeat: "+fix.Text, genai.RoleUser)}
	}
	tools := func() *config { return &config{Tools: geminiTools()} }
	answer := func(output string) *genai.Content {
		return genai.NewContentFromFunctionResponse("look_up", map[string]any{"output": output}, genai.RoleUser)
	}
	call := genai.NewContentFromFunctionCall("look_up", map[string]any{"text": fix.Text, "list": []any{fix.Text}}, genai.RoleModel)
	runExchanges(t, []exchange{
		generating("text", "", false, text, system),
		generating("thinking", ",think", false, text, system),
		generating("case 22, two candidates", "", false, text, func() *config { return &config{CandidateCount: 2} }),
		generating("case 33, tools", "", false, text, tools),
		generating("case 35, history", "", false, func() []*genai.Content {
			return append(text(), call, answer(toolResult()), call, answer(fix.Text))
		}, tools),
		generating("structured", "", true, text, func() *config {
			return &config{ResponseMIMEType: "application/json", ResponseJsonSchema: object(contact)}
		}),
		{name: "sealed calls come back", requests: 2, manner: ",think", ask: callTwice},
	})
}

// callTwice hands back what the model called; the upstream refuses a call that
// is not as it has sealed it.
func callTwice(ctx context.Context, root, model string, stream bool) (said, error) {
	config := &genai.GenerateContentConfig{Tools: geminiTools()}
	contents := genai.Text(fix.Text)
	all, err := askGemini(ctx, root, model, contents, config, stream)
	if err != nil {
		return said{}, err
	}
	called, answered := &genai.Content{Role: genai.RoleModel}, &genai.Content{Role: genai.RoleUser}
	for _, r := range all {
		for _, p := range r.Candidates[0].Content.Parts {
			if f := p.FunctionCall; f != nil {
				called.Parts = append(called.Parts, p)
				answered.Parts = append(answered.Parts, genai.NewPartFromFunctionResponse(f.Name, map[string]any{"output": fix.Text}))
			}
		}
	}
	all, err = askGemini(ctx, root, model, append(contents, called, answered), config, stream)
	if err != nil {
		return said{}, err
	}
	return gatherGemini(all), nil
}

func TestGeminiError(t *testing.T) {
	for _, c := range []struct {
		model  string
		stream bool
	}{{"echo,error=400", false}, {"echo,error=400", true}, {"echo,cut=5,error=stream", true}} {
		compareErrors(t, func(root string) error {
			_, err := askGemini(t.Context(), root, c.model, genai.Text(fix.Text), nil, c.stream)
			return err
		})
	}
}

// Equal texts have equal vectors, whichever requests they come in.
func TestGeminiEmbeddings(t *testing.T) {
	take(t)
	c, err := gemini(t.Context(), fix.Maskit)
	if err != nil {
		t.Fatal(err)
	}
	embed := func(texts ...string) (vectors [][]float32) {
		var contents []*genai.Content
		for _, text := range texts {
			contents = append(contents, genai.Text(text)...)
		}
		r, err := c.Models.EmbedContent(t.Context(), "echo", contents, nil)
		if err != nil || len(r.Embeddings) != len(texts) {
			t.Fatalf("embedding fails (%t)", err != nil)
		}
		checkUpstream(t)
		for _, e := range r.Embeddings {
			vectors = append(vectors, e.Values)
		}
		return vectors
	}
	one, two := embed(fix.Text), embed("Another.", fix.Text)
	if !reflect.DeepEqual(one[0], two[1]) || reflect.DeepEqual(two[0], two[1]) {
		t.Error("equal texts have other vectors, or all have the same")
	}
}
