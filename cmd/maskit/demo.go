package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"go.uber.org/zap"

	"maskit/config"
	"maskit/proxy"
	"maskit/proxy/admin"
)

type demoCmd struct{}

// planted are the values of the demonstration, by their names in the ticket. The
// first one is found by the model of names.
var planted = [][2]string{
	{"name", "Jane Roe"},
	{"mail", "jane.roe@acme-travel.com"},
	{"phone", "+1 415 867 5309"},
	{"card", "4111 1111 1111 1111"},
	{"iban", "DE89 3704 0044 0532 0130 00"},
	{"key", "sk-proj-Not4Real9Key2Not4Real9Key2"},
}

// The pieces in which the demonstration's model streams: short enough to cut
// every token, and slow enough to be seen.
const (
	demoPiece = 6
	demoPause = 15 * time.Millisecond
)

// Run starts maskit before a model on this machine, chats, and shows who sees
// what. It fails if the model received a value or the app a token.
func (demoCmd) Run(ctx context.Context, std streams) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	d := &demo{w: std.out, p: newPainter(std.out), model: &echo{piece: demoPiece}, planted: planted}
	if d.p {
		d.model.pause = demoPause
	}
	ln, err := listen(ctx, "127.0.0.1:0", "the model")
	if err != nil {
		return err
	}
	model := &http.Server{Handler: d.model, ReadHeaderTimeout: time.Second}
	go model.Serve(ln) //nolint:errcheck // It ends by Close, with nothing to say.
	defer model.Close()

	ctx, stop := context.WithCancel(ctx)
	shown := errors.New("the demonstration was interrupted")
	err = serve(ctx, demoConfig(ln.Addr()), zap.NewNop(), func(ctx context.Context, s *server) {
		defer stop()
		shown = d.show(ctx, s.baseURL())
	})
	return errors.Join(err, shown)
}

// demoConfig is the default configuration on a free port, with the model in the
// place of OpenAI.
func demoConfig(model net.Addr) *config.Config {
	cfg := config.Default()
	cfg.Proxy.Listen = "127.0.0.1:0"
	cfg.Proxy.Upstreams = map[string]proxy.Upstream{"openai": {URL: "http://" + model.String()}}
	cfg.Admin.Listen = admin.Off
	return cfg
}

// demo shows one chat.
type demo struct {
	w     io.Writer
	p     painter
	model *echo
	// planted are the values that this build finds.
	planted [][2]string
}

func (d *demo) show(ctx context.Context, base string) error {
	if !config.Default().Policy.Model {
		d.planted = planted[1:]
	}
	ticket := newTicket(d.planted)
	values := valuesOf(ticket)
	d.title("1", "The app sends")
	d.box(d.p.each(yellow, ticket, values))

	resp, err := d.ask(ctx, base, ticket)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	var got chat
	if err := json.Unmarshal(d.model.received(), &got); err != nil || len(got.Messages) == 0 {
		return errors.New("the model received no chat")
	}
	seen := got.Messages[0].Content
	d.title("2", "The model sees")
	d.box(d.p.each(cyan, seen, valuesOf(seen)))
	fmt.Fprintln(d.w, "     It answers in pieces, which cut the tokens in two:")
	d.box(d.cut(reply(seen)))

	d.title("3", "The app gets back, as it streams")
	text, err := d.follow(resp.Body, values)
	if err != nil {
		return err
	}
	return d.verdict(ticket, text, resp.Header.Get("X-Maskit-Masked"))
}

// newTicket returns a message that holds the values.
func newTicket(values [][2]string) string {
	var b strings.Builder
	b.WriteString("Answer this ticket.\n")
	for _, v := range values {
		fmt.Fprintf(&b, "%-7s %s\n", v[0]+":", v[1])
	}
	return b.String()
}

// ask posts the ticket as an SDK would.
func (d *demo) ask(ctx context.Context, base, ticket string) (*http.Response, error) {
	body := `{"model":"echo","stream":true,"messages":[{"role":"user","content":` + quote(ticket) + `}]}`
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/v1/chat/completions", strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("asking maskit: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		return nil, fmt.Errorf("asking maskit: %s", resp.Status)
	}
	return resp, nil
}

// follow shows the text of a streamed answer as it comes, and returns it.
func (d *demo) follow(body io.Reader, values []string) (string, error) {
	var text strings.Builder
	fmt.Fprint(d.w, d.bar())
	lines := bufio.NewScanner(body)
	for lines.Scan() {
		data, ok := bytes.CutPrefix(lines.Bytes(), []byte("data: "))
		if !ok || string(data) == "[DONE]" {
			continue
		}
		var event struct {
			Choices []struct{ Delta struct{ Content string } }
		}
		if err := json.Unmarshal(data, &event); err != nil || len(event.Choices) == 0 {
			return "", errors.New("the answer is no stream of chat completions")
		}
		piece := event.Choices[0].Delta.Content
		text.WriteString(piece)
		fmt.Fprint(d.w, strings.ReplaceAll(d.p.each(yellow, piece, values), "\n", "\n"+d.bar()))
	}
	fmt.Fprint(d.w, "\n\n")
	return text.String(), lines.Err()
}

// verdict looks for the values where they must not be, and for the answer that
// the app would have had without maskit.
func (d *demo) verdict(ticket, text, masked string) error {
	received := d.model.received()
	for _, v := range d.planted {
		if bytes.Contains(received, []byte(v[1])) {
			fmt.Fprintln(d.w, d.p.paint(alarmed, "  The model received the "+v[0]+"."))
			return errors.New("the model received a value")
		}
	}
	if text != reply(ticket) {
		return errors.New("the app got another text than without maskit")
	}
	fmt.Fprintf(d.w, "  %s None of the %d values is in the %d bytes that the model received;\n"+
		"    the app reads what it would have read without maskit.\n",
		d.p.paint(green, "✓"), len(d.planted), len(received))
	fmt.Fprintf(d.w, "    x-maskit-masked: %s\n", masked)
	fmt.Fprintf(d.w, "\n  Now yours:  make run, and in your app's shell\n"+
		"              export OPENAI_BASE_URL=http://%s/v1\n", config.Default().Proxy.Listen)
	return nil
}

func (d *demo) title(number, text string) {
	fmt.Fprintf(d.w, "  %s  %s\n", d.p.paint(strong, number), d.p.paint(strong, text))
}

func (d *demo) bar() string { return "     " + d.p.paint(faint, "│") + " " }

func (d *demo) box(text string) {
	for line := range strings.Lines(strings.TrimSpace(text)) {
		fmt.Fprint(d.w, d.bar()+line)
	}
	fmt.Fprint(d.w, "\n\n")
}

// cut shows where the model's pieces end.
func (d *demo) cut(text string) string {
	var b strings.Builder
	for i, p := range pieces(text, demoPiece) {
		if i > 0 {
			b.WriteString("·")
		}
		b.WriteString(p)
	}
	return d.p.paint(faint, b.String())
}

// valuesOf is what stands after the names in a ticket.
func valuesOf(ticket string) []string {
	var values []string
	for line := range strings.Lines(ticket) {
		if _, v, ok := strings.Cut(line, ":"); ok {
			values = append(values, strings.TrimSpace(v))
		}
	}
	return values
}
