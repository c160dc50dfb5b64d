package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"unicode/utf8"

	"maskit/detect"
)

// stream scans a file of any size in bounded memory.
//
// It looks at windows that overlap. A finding is taken from the window in which
// it has at least half of the overlap on both sides, or the file's own start or
// end; so each is found once, and with the same words around it as if the file
// were looked at as a whole. A value longer than half of the overlap may be cut.
type stream struct {
	buf     []byte // a window
	overlap int    // bytes looked at twice
	spans   []detect.Span
}

const (
	streamWindow  = 4 << 20
	streamOverlap = 128 << 10
)

func newStream(window, overlap int) *stream {
	return &stream{buf: make([]byte, window), overlap: overlap}
}

// errBinary says that a file is no text.
var errBinary = errors.New("binary")

// binaryLook is how many bytes are searched for a NUL, as git does.
const binaryLook = 8000

// scan calls found with the findings of each window that has any.
func (st *stream) scan(ctx context.Context, engine *detect.Engine, in io.Reader, found func([]detect.Span, place)) error {
	p := place{line: 1, column: 1}
	from := 0 // findings from here on are new
	n := 0    // bytes in buf
	for first := true; ; first = false {
		read, err := io.ReadFull(in, st.buf[n:])
		n += read
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !last {
			return err
		}
		p.text, p.pos = st.buf[:n], 0
		if first && bytes.IndexByte(p.text[:min(n, binaryLook)], 0) >= 0 {
			return errBinary
		}
		if st.spans, err = engine.Find(ctx, st.spans[:0], p.text); err != nil {
			return err
		}
		to := n
		if !last {
			to = n - st.overlap/2
		}
		spans := st.spans[:0]
		end := from
		for _, s := range st.spans {
			if s.Start >= from && s.Start < to {
				spans = append(spans, s)
				end = s.End
			}
		}
		if len(spans) > 0 {
			found(spans, p)
		}
		if last {
			clear(st.buf[:n])
			return nil
		}
		keep := n - st.overlap
		p.moveTo(keep)
		from = max(to, end) - keep
		n = copy(st.buf, st.buf[keep:n])
	}
}

// place is a position in a part of a file.
type place struct {
	text         []byte
	pos          int // in text
	line, column int // of pos in the file, from 1; columns count characters
}

// moveTo moves on to text[i].
func (p *place) moveTo(i int) {
	passed := p.text[p.pos:i]
	if last := bytes.LastIndexByte(passed, '\n'); last >= 0 {
		p.line += bytes.Count(passed, []byte{'\n'})
		p.column = 1
		passed = passed[last+1:]
	}
	p.column += utf8.RuneCount(passed)
	p.pos = i
}

// finding moves on to a span and describes it.
func (p *place) finding(file string, s detect.Span, reveal bool) finding {
	value := p.text[s.Start:s.End]
	f := finding{File: file, Kind: s.Kind, Rule: s.Rule, Score: math.Round(s.Score*1e4) / 1e4, Length: utf8.RuneCount(value), Value: hint(value)}
	if reveal {
		f.Value = string(value)
	}
	p.moveTo(s.Start)
	f.Line, f.Column = p.line, p.column
	p.moveTo(s.End)
	f.EndLine, f.EndColumn = p.line, p.column
	return f
}

// hint is what is shown of a value: two characters at most, and never more than
// a quarter of it.
func hint(value []byte) string {
	shown := min(2, utf8.RuneCount(value)/4)
	end := 0
	for range shown {
		_, n := utf8.DecodeRune(value[end:])
		end += n
	}
	return string(value[:end]) + "…"
}
