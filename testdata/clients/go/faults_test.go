package clients_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openai/openai-go/v3"

	"maskit/testdata/clients/planted"
)

// leaveLimit is how long after a client has left its upstream request may
// live. maskit promises 100 ms; the rest is for a busy machine.
const leaveLimit = 250 * time.Millisecond

func plain(model, text string) openai.ChatCompletionNewParams {
	return openai.ChatCompletionNewParams{
		Model:    model,
		Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage(text)},
	}
}

// The provider's refusal quotes the prompt; the app must read its own words.
func TestErrorQuotesThePrompt(t *testing.T) {
	for _, m := range []struct {
		model  string
		stream bool
	}{{"echo,error=400", false}, {"echo,error=400,ascii", false}, {"echo,error=400", true}} {
		t.Run(fmt.Sprintf("%s/stream=%t", m.model, m.stream), func(t *testing.T) {
			var want, got *openai.Error
			if !errors.As(ask(t.Context(), direct, plain(m.model, fix.Text), m.stream).err, &want) {
				t.Fatal("directly the SDK sees no API error")
			}
			take(t)
			s := ask(t.Context(), masked, plain(m.model, fix.Text), m.stream)
			if !errors.As(s.err, &got) {
				t.Fatalf("the SDK sees no API error, but %T", s.err)
			}
			if got.StatusCode != want.StatusCode || got.Code != want.Code || got.Type != want.Type || got.Param != want.Param {
				t.Errorf("status, code, type or param differ: %d %s %s %s", got.StatusCode, got.Code, got.Type, got.Param)
			}
			if err := same(want.Message, got.Message); err != nil {
				t.Errorf("message: %v", err)
			}
			checkUpstream(t)
		})
	}
}

// An error in mid-stream quotes the prompt too.
func TestErrorInStream(t *testing.T) {
	want := ask(t.Context(), direct, plain("echo,cut=5,error=stream", fix.Text), true)
	take(t)
	got := ask(t.Context(), masked, plain("echo,cut=5,error=stream", fix.Text), true)
	if want.err == nil || got.err == nil {
		t.Fatalf("directly the SDK fails (%t), through maskit (%t)", want.err != nil, got.err != nil)
	}
	if err := same(want.err.Error(), got.err.Error()); err != nil {
		t.Errorf("message: %v", err)
	}
	checkUpstream(t)
}

// A stream that the upstream did not end must not look ended. What was said
// until then arrives; at most a token's beginning may stand at its end.
func TestUpstreamDies(t *testing.T) {
	const tokenLength = 32
	whole := ask(t.Context(), direct, plain("echo", fix.Text), false).texts[0]
	for _, model := range []string{"echo,cut=5,die=boundary", "echo,cut=5,die=mid"} {
		t.Run(model, func(t *testing.T) {
			want := ask(t.Context(), direct, plain(model, fix.Text), true)
			if want.err == nil {
				t.Fatal("directly the SDK sees a clean end")
			}
			take(t)
			got := ask(t.Context(), masked, plain(model, fix.Text), true)
			if got.err == nil {
				t.Error("the SDK sees a clean end")
			}
			checkUpstream(t)
			if len(got.texts) != 1 {
				t.Fatalf("%d choices, not 1", len(got.texts))
			}
			text := got.texts[0]
			if sure := text[:max(0, len(text)-tokenLength)]; !strings.HasPrefix(whole, sure) {
				t.Errorf("what arrived is not how the text begins; tokens left: %v", tokensIn(text))
			}
			if left := tokensIn(text); len(left) > 0 || !strings.Contains(text, value("EMAIL_ADDRESS")) {
				t.Errorf("%d bytes arrived without the first value, or with tokens: %v", len(text), left)
			}
		})
	}
	t.Run("whole", func(t *testing.T) {
		if s := ask(t.Context(), masked, plain("echo,die=mid", fix.Text), false); s.err == nil {
			t.Error("the SDK sees half an answer and no error")
		}
		take(t)
	})
}

// A client that leaves takes the upstream request with it, also while the
// upstream is silent.
func TestClientLeaves(t *testing.T) {
	for _, c := range []struct {
		model  string
		events int // to be read before leaving
	}{{"echo,silent=body", 1}, {"echo,silent=head", 0}} {
		t.Run(c.model, func(t *testing.T) {
			take(t)
			ctx, leave := context.WithCancel(t.Context())
			defer leave()
			done := make(chan struct{})
			opened := make(chan struct{})
			go func() {
				defer close(done)
				stream := masked.Chat.Completions.NewStreaming(ctx, plain(c.model, fix.Text))
				defer stream.Close()
				for range c.events {
					stream.Next()
				}
				if c.events > 0 {
					close(opened)
				}
				stream.Next() // until the client leaves
			}()
			if c.events > 0 {
				<-opened
			} else {
				awaitRequest(t)
			}
			left := time.Now()
			leave()
			<-done
			var at float64
			if _, err := fmt.Sscan(control(t, "/gone"), &at); err != nil {
				t.Fatalf("reading when the client left: %v", err)
			}
			if after := time.UnixMicro(int64(at * 1000)).Sub(left); after > leaveLimit {
				t.Errorf("the upstream request lived on for %v", after)
			}
			take(t)
		})
	}
}

// awaitRequest returns when the upstream has received a request.
func awaitRequest(t *testing.T) {
	t.Helper()
	deadline := time.After(5 * time.Second)
	for take(t).Requests == 0 {
		select {
		case <-deadline:
			t.Fatal("the upstream received nothing")
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// Many at once: each gets its own values back, and nobody else's.
func TestConcurrentClients(t *testing.T) {
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			text := planted.Text(planted.Set(planted.New(uint64(i))))
			for _, model := range []string{"echo,cut=3", "echo,cut=10", "echo"} {
				params := plain(model, text)
				params.N = openai.Int(2)
				s := ask(t.Context(), masked, params, strings.Contains(model, "cut"))
				if s.err != nil || len(s.texts) != 2 {
					t.Errorf("client %d, %s: failed (%t) with %d choices", i, model, s.err != nil, len(s.texts))
					return
				}
				for j, prefix := range []string{"You wrote: ", "You wrote: Again: "} {
					if err := same(prefix+text, s.texts[j]); err != nil {
						t.Errorf("client %d, %s, choice %d: %v", i, model, j, err)
					}
				}
			}
		})
	}
	wg.Wait()
	take(t)
}

// Two spellings of one address are one person to the model perhaps, but each
// comes back as the app wrote it.
func TestSpellingsComeBack(t *testing.T) {
	email := value("EMAIL_ADDRESS")
	text := "Is " + email + " the same as " + strings.ToUpper(email) + "? Not for us."
	for _, stream := range []bool{false, true} {
		take(t)
		got := ask(t.Context(), masked, plain("echo,cut=4", text), stream)
		if got.err != nil {
			t.Fatal("the SDK fails")
		}
		if err := same("You wrote: "+text, got.texts[0]); err != nil {
			t.Errorf("stream=%t: %v", stream, err)
		}
		for _, l := range take(t).Leaks {
			t.Errorf("stream=%t: leaked: %s", stream, l)
		}
	}
}
