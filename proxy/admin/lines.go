package admin

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"
	"unicode/utf8"

	"maskit/proxy/mask"
)

// JSON lines: a text a line goes in, and what was found or masked a line comes
// out as soon as it is known, so that inputs of any size need the memory of one
// line. What a body would say stands in the query. A line that cannot be worked
// on ends the answer with a line {"error":{...}}: what follows it was not looked
// at.

const (
	linesMedia = "application/x-ndjson"
	maxLine    = 4 << 20 // bytes
	// linePause is how long the next line, or the reader of the next answer, may
	// keep us waiting.
	linePause = 30 * time.Second
)

// orLines makes the handler take JSON lines too.
func (h handler) orLines(serve func(*Server, *call) error) handler {
	whole := h.serve
	h.lines = true
	h.query = append(h.query,
		parameter{name: "policy", in: "query", doc: "with JSON lines: name of a policy"},
		parameter{name: "tenant", in: "query", doc: "with JSON lines: whose texts they are"},
		parameter{name: "offsets", in: "query", doc: "with JSON lines: codepoints, bytes or utf16"},
		parameter{name: "session", in: "query", doc: "with JSON lines: the conversation in which values are kept"},
	)
	h.serve = func(s *Server, c *call) error {
		if media, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type")); media == linesMedia {
			return serve(s, c)
		}
		return whole(s, c)
	}
	return h
}

type textLine struct {
	ID   json.RawMessage `json:"id,omitempty"`
	Text *string         `json:"text"`
}

type detectLine struct {
	ID json.RawMessage `json:"id,omitempty"`
	detectResult
}

type maskLine struct {
	ID json.RawMessage `json:"id,omitempty"`
	maskResult
}

func (s *Server) detectLines(c *call) error {
	v, err := s.viewOfQuery(c)
	if err != nil {
		return err
	}
	return c.eachLine(func(in *textLine) (any, error) {
		spans, err := v.find(c.r.Context(), []byte(*in.Text))
		return detectLine{in.ID, detectResult{spans}}, err
	})
}

func (s *Server) maskLines(c *call) error {
	v, err := s.viewOfQuery(c)
	if err != nil {
		return err
	}
	conversation := c.r.URL.Query().Get("session")
	return c.eachLine(func(in *textLine) (any, error) {
		results, err := v.mask(c.r.Context(), conversation, []string{*in.Text}, mask.Corrections{})
		if err != nil {
			return nil, err
		}
		return maskLine{in.ID, results[0]}, nil
	})
}

func (s *Server) viewOfQuery(c *call) (*view, error) {
	q := c.r.URL.Query()
	return s.view(c, scope{q.Get("policy"), q.Get("tenant"), q.Get("offsets")})
}

// eachLine answers each line of the body with one of its own.
func (c *call) eachLine(f func(*textLine) (any, error)) error {
	control := http.NewResponseController(c.w)
	if err := control.EnableFullDuplex(); err != nil {
		return errInternal.because(err)
	}
	in := bufio.NewReaderSize(c.r.Body, 64<<10)
	out := bufio.NewWriterSize(c.w, 64<<10)
	c.w.Header().Set("Content-Type", linesMedia)
	c.started = true
	for {
		_ = control.SetReadDeadline(time.Now().Add(linePause)) // A connection that is gone shows below.
		line, err := readLine(in)
		if err == nil && len(line) > 0 {
			err = answerLine(out, line, f)
		}
		_ = control.SetWriteDeadline(time.Now().Add(linePause))
		switch {
		case errors.Is(err, io.EOF):
			return out.Flush()
		case err != nil:
			return errors.Join(err, lastLine(out, err))
		}
		if in.Buffered() == 0 { // Whoever writes line by line waits for the answer.
			if err := errors.Join(out.Flush(), control.Flush()); err != nil {
				return errTimeout.because(err)
			}
		}
	}
}

// readLine returns the next line without its end; io.EOF when there is none.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > maxLine:
			return nil, errLarge.with("a line is longer than 4 MiB")
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(line) == 0:
			return nil, io.EOF
		case err == nil || errors.Is(err, io.EOF):
			return bytes.TrimSpace(line), nil
		default:
			return nil, errTimeout.because(err)
		}
	}
}

func answerLine(out io.Writer, line []byte, f func(*textLine) (any, error)) error {
	if !utf8.Valid(line) {
		return errInvalid.with("a line is not UTF-8")
	}
	in := new(textLine)
	if err := parse(line, in, false); err != nil {
		return err
	}
	if in.Text == nil {
		return errInvalid.at("text", "is missing in a line")
	}
	answer, err := f(in)
	if err != nil {
		return err
	}
	text, err := marshal(answer)
	if err != nil {
		return err
	}
	_, err = out.Write(text)
	return err
}

// lastLine says why there are no more.
func lastLine(out *bufio.Writer, err error) error {
	f := failureOf(err)
	text, err := marshal(f.body())
	if err != nil {
		return err
	}
	_, _ = out.Write(text)
	return out.Flush()
}
