package admin

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"maskit/proxy/mask"
	"maskit/proxy/wire"
)

// Upstream is a model that operators can try policies with.
type Upstream struct {
	Name  string `json:"name"`
	Ready bool   `json:"ready" doc:"whether maskit can ask it: it holds a key, or needs none"`
	Model string `json:"model" doc:"what is asked if no model is named; empty where one must be"`
}

// Chats asks models. An error that it returns MUST NOT hold what was asked.
type Chats interface {
	// Upstreams lists the models, the built-in one first.
	Upstreams() []Upstream
	// Chat sends a request of OpenAI's chat completions to an upstream and
	// returns the stream of its answer, events as OpenAI writes them, which the
	// caller closes.
	Chat(ctx context.Context, upstream string, body []byte) (io.ReadCloser, error)
}

type upstreamsAnswer struct {
	Items []Upstream `json:"items"`
}

// upstreams lists what can be tried with.
func (s *Server) upstreams(*call) (*upstreamsAnswer, error) {
	return &upstreamsAnswer{s.chats.Upstreams()}, nil
}

type tryRequest struct {
	Messages []chatMessage `json:"messages"`
	scope
	Upstream string `json:"upstream,omitempty" doc:"echo, the built-in model, if it is left out"`
	Model    string `json:"model,omitempty"`
}

type chatMessage struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// The data of the events of a try, in the order in which they come.
type (
	trySent struct {
		Messages []chatMessage `json:"messages"`
	}
	tryMasked struct {
		Messages []maskedMessage `json:"messages"`
	}
	maskedMessage struct {
		Role string `json:"role"`
		maskResult
	}
	tryDelta struct {
		Text string `json:"text"`
	}
	tryDone struct {
		Restored int   `json:"restored"`
		Unknown  int   `json:"unknown"`
		Millis   int64 `json:"ms"`
	}
)

// try sends a chat through the masking and restoring of a real exchange and
// tells, event by event, what each side sees: sent, masked, then model and
// restored as the answer streams, and done or error.
func (s *Server) try(c *call) error {
	in := new(tryRequest)
	body, err := readBody(c.w, c.r, c.route.limit)
	if err != nil {
		return err
	}
	if err := parse(body, in, false); err != nil {
		return err
	}
	if len(in.Messages) == 0 {
		return errInvalid.at("messages", "there is none")
	}
	v, err := s.view(c, in.scope)
	if err != nil {
		return err
	}
	up, err := s.upstreamOf(in)
	if err != nil {
		return err
	}
	t := &trial{c: c, v: v, in: in, upstream: up.Name, begin: time.Now()}
	t.session = v.masker.Session(c.r.Context(), mask.Scope{Tenant: v.tenant})
	defer t.session.Close()
	return t.run(s.chats)
}

func (s *Server) upstreamOf(in *tryRequest) (Upstream, error) {
	if in.Upstream == "" {
		in.Upstream = s.chats.Upstreams()[0].Name
	}
	all := s.chats.Upstreams()
	i := slices.IndexFunc(all, func(u Upstream) bool { return u.Name == in.Upstream })
	switch {
	case i < 0:
		return Upstream{}, errUnprocessed.at("upstream", "no upstream is called so")
	case !all[i].Ready:
		return Upstream{}, errUnprocessed.at("upstream", "maskit has no key for it: set proxy.upstreams."+all[i].Name+".key")
	case in.Model == "" && all[i].Model == "":
		return Upstream{}, errUnprocessed.at("model", "say which one")
	case in.Model == "":
		in.Model = all[i].Model
	}
	return all[i], nil
}

// trial is one try.
type trial struct {
	c        *call
	v        *view
	in       *tryRequest
	upstream string
	session  *mask.Session
	begin    time.Time
}

func (t *trial) run(chats Chats) error {
	masked, err := t.mask()
	if err != nil {
		return err
	}
	body, err := marshal(t.request(masked))
	if err != nil {
		return err
	}
	t.open()
	t.event("sent", trySent{t.in.Messages})
	t.event("masked", tryMasked{masked})
	err = blocked(masked)
	if err == nil {
		err = t.answer(chats, body)
	}
	if err != nil {
		f := failureOf(err)
		t.event("error", f.body().Error)
		return err
	}
	stats := t.session.Stats()
	t.event("done", tryDone{stats.Restored, stats.Unknown, time.Since(t.begin).Milliseconds()})
	return nil
}

// blocked says whether the policy lets a chat with such values through.
func blocked(masked []maskedMessage) error {
	for _, m := range masked {
		for _, sp := range m.Spans {
			if sp.Action == mask.ActionBlock {
				return errBlocked
			}
		}
	}
	return nil
}

// mask masks the messages until the vault keeps their values.
func (t *trial) mask() ([]maskedMessage, error) {
	for range maxSettles {
		masked := make([]maskedMessage, len(t.in.Messages))
		for i, m := range t.in.Messages {
			r, err := t.v.maskOne(t.session, []byte(m.Content), mask.Corrections{})
			if err != nil {
				return nil, err
			}
			masked[i] = maskedMessage{m.Role, r}
		}
		if again, err := t.session.Settle(); err != nil || !again {
			return masked, err
		}
	}
	return nil, errInternal
}

// request is what the model is asked.
func (t *trial) request(masked []maskedMessage) any {
	messages := make([]chatMessage, len(masked))
	for i, m := range masked {
		messages[i] = chatMessage{m.Role, m.Masked}
	}
	return struct {
		Model    string        `json:"model"`
		Stream   bool          `json:"stream"`
		Messages []chatMessage `json:"messages"`
	}{t.in.Model, true, messages}
}

// answer tells what the model writes and what becomes of it, while it comes.
func (t *trial) answer(chats Chats, body []byte) error {
	stream, err := chats.Chat(t.c.r.Context(), t.upstream, body)
	if err != nil {
		return errUpstream.because(err)
	}
	defer stream.Close()
	restored := wire.For("/v1/chat/completions").NewStream(wire.SSE, t.session, false, textBody)
	var model, client deltas
	chunk, out := make([]byte, 4<<10), []byte(nil)
	for {
		n, err := stream.Read(chunk)
		t.tell("model", model.of(chunk[:n]))
		out, failed := restored.Next(out[:0], chunk[:n])
		t.tell("restored", client.of(out))
		switch {
		case failed != nil:
			return errUpstream.because(failed)
		case errors.Is(err, io.EOF):
			if out, err = restored.Close(out[:0]); err != nil {
				return errUpstream.because(err)
			}
			t.tell("restored", client.of(out))
			if !restored.Complete() {
				return errUpstream
			}
			return nil
		case err != nil:
			return errUpstream.because(err)
		}
	}
}

func (t *trial) tell(event string, texts []string) {
	for _, text := range texts {
		t.event(event, tryDelta{text})
	}
}

func (t *trial) open() {
	t.c.started = true
	t.c.w.Header().Set("Content-Type", "text/event-stream")
	t.c.w.WriteHeader(http.StatusOK)
}

// event writes one event. If the reader has gone, the context of the request
// ends, and with it the stream that is told of.
func (t *trial) event(name string, data any) {
	text, err := marshal(data)
	if err != nil {
		return
	}
	control := http.NewResponseController(t.c.w)
	_ = control.SetWriteDeadline(time.Now().Add(linePause))
	_, _ = io.WriteString(t.c.w, "event: "+name+"\ndata: "+string(text)+"\n")
	_ = control.Flush()
}

// deltas reads the texts out of an event stream of chat completions.
type deltas struct {
	rest string // of a line that has not come whole
}

// of returns the texts of the events that end within chunk.
func (d *deltas) of(chunk []byte) (texts []string) {
	lines := strings.Split(d.rest+string(chunk), "\n")
	d.rest = lines[len(lines)-1]
	for _, line := range lines[:len(lines)-1] {
		data, ok := strings.CutPrefix(line, "data:")
		if !ok {
			continue
		}
		var event struct {
			Choices []struct {
				Delta struct {
					Content string `json:"content"`
				} `json:"delta"`
			} `json:"choices"`
		}
		if json.Unmarshal([]byte(data), &event) == nil && len(event.Choices) > 0 && event.Choices[0].Delta.Content != "" {
			texts = append(texts, event.Choices[0].Delta.Content)
		}
	}
	return texts
}
