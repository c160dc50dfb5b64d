package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"unicode/utf8"

	"maskit/detect"
)

type detectCmd struct {
	looking
	JSONL   bool   `help:"Read a JSON object a line, {\"id\", \"text\"}, instead of one text."`
	Offsets string `enum:"codepoints,bytes" default:"codepoints" help:"What start and end count: codepoints, as Python does, or bytes of UTF-8."`
}

// Help is shown by maskit detect --help.
func (detectCmd) Help() string {
	return `For each text from standard input there is a line on standard output:

  {"id":"1","spans":[{"start":9,"end":21,"kind":"EMAIL_ADDRESS","score":1,"rule":"email"}]}

No value is shown. Lines come out in the order in which they went in, as soon as
there is nothing more to read.`
}

// found is a line of the output.
type found struct {
	ID    json.RawMessage `json:"id,omitempty"`
	Spans []foundSpan     `json:"spans"`
}

type foundSpan struct {
	Start int         `json:"start"`
	End   int         `json:"end"`
	Kind  detect.Kind `json:"kind"`
	Score float64     `json:"score"`
	Rule  string      `json:"rule"`
}

// Run looks at standard input.
func (c *detectCmd) Run(ctx context.Context, std streams) error {
	engine, err := c.engine()
	if err != nil {
		return err
	}
	out := bufio.NewWriter(std.out)
	if c.JSONL {
		err = c.lines(ctx, engine, bufio.NewReaderSize(std.in, 1<<20), out)
	} else {
		var text []byte
		if text, err = read(std.in); err == nil {
			err = c.text(ctx, engine, out, nil, text)
		}
	}
	return errors.Join(err, out.Flush())
}

// lines looks at a text a line.
func (c *detectCmd) lines(ctx context.Context, engine *detect.Engine, in *bufio.Reader, out *bufio.Writer) error {
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if err != nil && err != io.EOF {
			return fmt.Errorf("reading standard input: %w", err)
		}
		if len(bytes.TrimSpace(line)) > 0 {
			var x struct {
				ID   json.RawMessage `json:"id"`
				Text *string         `json:"text"`
			}
			if json.Unmarshal(line, &x) != nil || x.Text == nil { // The error may quote the text.
				return fmt.Errorf(`line %d is no JSON object with a "text"`, n)
			}
			if err := c.text(ctx, engine, out, x.ID, []byte(*x.Text)); err != nil {
				return fmt.Errorf("line %d: %w", n, err)
			}
		}
		if err == io.EOF {
			return nil
		}
		if in.Buffered() == 0 { // Whoever writes line by line waits for the answer.
			if err := out.Flush(); err != nil {
				return err
			}
		}
	}
}

// text writes what is found in one text.
func (c *detectCmd) text(ctx context.Context, engine *detect.Engine, out io.Writer, id json.RawMessage, text []byte) error {
	spans, err := engine.Find(ctx, nil, text)
	if err != nil {
		return err
	}
	if c.Offsets == "codepoints" {
		toCodepoints(spans, text)
	}
	f := found{ID: id, Spans: make([]foundSpan, len(spans))}
	for i, s := range spans {
		f.Spans[i] = foundSpan{s.Start, s.End, s.Kind, math.Round(s.Score*1e4) / 1e4, s.Rule}
	}
	line, err := json.Marshal(f)
	if err != nil {
		return fmt.Errorf("writing the findings: %w", err)
	}
	_, err = out.Write(append(line, '\n'))
	return err
}

// toCodepoints makes offsets in bytes, in order, offsets in characters.
func toCodepoints(spans []detect.Span, text []byte) {
	at, chars := 0, 0
	count := func(to int) int {
		chars += utf8.RuneCount(text[at:to])
		at = to
		return chars
	}
	for i := range spans {
		spans[i].Start, spans[i].End = count(spans[i].Start), count(spans[i].End)
	}
}
