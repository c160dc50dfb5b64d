package wire

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"slices"
	"strings"
)

// Framing is how a stream parts its events.
type Framing struct {
	// next returns where the first event of buf ends, 0 while it is not whole.
	// It goes on where it was last, so that a long event is read once.
	next func(s *splitter, buf []byte) int
	// parse finds the payload of an event.
	parse func(raw []byte) frame
	// before and after stand around a payload that maskit adds.
	before, after string
	// named says that an event has a name of its own.
	named bool
}

// The ways in which providers part events.
var (
	// SSE is text/event-stream. Source: WHATWG HTML, 9.2.6.
	SSE = &Framing{next: (*splitter).sse, parse: parseSSE, before: "data: ", after: "\n\n", named: true}
	// NDJSON is one JSON value a line.
	NDJSON = &Framing{next: (*splitter).line, parse: parseLine, after: "\n"}
	// JSONArray is one array whose elements come one by one.
	JSONArray = &Framing{next: (*splitter).element, parse: parseElement, before: ",\n"}
)

// splitter is how far an event was read that is not whole yet.
type splitter struct {
	pos, depth   int
	text, escape bool
}

// sse: lines end in LF, CRLF or CR, an event with a blank line. A CR that is the
// last byte waits for the next one, which may be its LF: streams that end lines
// in CR alone come one event late, and none was ever met.
func (s *splitter) sse(buf []byte) int {
	for {
		end := lineEnd(buf, s.pos)
		if end == len(buf) {
			s.pos = end
			return 0
		}
		next := end + 1
		if buf[end] == '\r' {
			if next == len(buf) {
				s.pos = end
				return 0
			}
			if buf[next] == '\n' {
				next++
			}
		}
		s.pos = next
		if end == 0 || buf[end-1] == '\n' || buf[end-1] == '\r' {
			return next
		}
	}
}

// lineEnd returns where, from i on, a line ends: at an LF or a CR; len(b) if it does
// not.
func lineEnd(b []byte, i int) int {
	for ; i+8 <= len(b); i += 8 {
		x := binary.LittleEndian.Uint64(b[i:])
		lf, cr := x^'\n'*eachByte, x^'\r'*eachByte
		if m := ((lf-eachByte)&^lf | (cr-eachByte)&^cr) & highBits; m != 0 {
			return i + bits.TrailingZeros64(m)/8
		}
	}
	for i < len(b) && b[i] != '\n' && b[i] != '\r' {
		i++
	}
	return i
}

func (s *splitter) line(buf []byte) int {
	i := bytes.IndexByte(buf[s.pos:], '\n')
	if i < 0 {
		s.pos = len(buf)
		return 0
	}
	return s.pos + i + 1
}

// element: an event is what stands before an object, and the object.
func (s *splitter) element(buf []byte) int {
	for ; s.pos < len(buf); s.pos++ {
		c := buf[s.pos]
		switch {
		case s.escape:
			s.escape = false
		case s.text && c == '\\':
			s.escape = true
		case c == '"':
			s.text = !s.text
		case s.text:
		case c == '{':
			s.depth++
		case c == '}':
			if s.depth--; s.depth == 0 {
				return s.pos + 1
			}
		}
	}
	return 0
}

// frame is one event as it came, raw.
type frame struct {
	raw []byte
	// data is the payload; raw[from:to] is where it stands if it is one line.
	data     []byte
	from, to int
	lines    int    // of data; 0: there is none
	name     []byte // of the event
}

func parseLine(raw []byte) frame {
	data := bytes.TrimSpace(raw)
	from := bytes.Index(raw, data)
	return frame{raw: raw, data: data, from: from, to: from + len(data), lines: min(len(data), 1)}
}

func parseElement(raw []byte) frame {
	from := bytes.IndexByte(raw, '{')
	if from < 0 {
		return frame{raw: raw}
	}
	return frame{raw: raw, data: raw[from:], from: from, to: len(raw), lines: 1}
}

var bom = []byte("\ufeff")

// parseSSE joins payloads of several lines in a buffer of their own.
func parseSSE(raw []byte) frame {
	f := frame{raw: raw}
	for i := 0; i < len(raw); {
		end := lineEnd(raw, i)
		line, at := raw[i:end], i
		if i == 0 && bytes.HasPrefix(line, bom) {
			line, at = line[len(bom):], len(bom)
		}
		switch field, value, off := cutField(line); string(field) {
		case "data":
			f.lines++
			if f.lines == 1 {
				f.data, f.from, f.to = value, at+off, end
			} else {
				if f.lines == 2 {
					f.data = slices.Clone(f.data)
				}
				f.data = append(append(f.data, '\n'), value...)
			}
		case "event":
			f.name = value
		}
		i = end + 1
		if end < len(raw) && raw[end] == '\r' && i < len(raw) && raw[i] == '\n' {
			i++
		}
	}
	return f
}

// cutField splits "field: value"; off is where value begins in line.
func cutField(line []byte) (field, value []byte, off int) {
	field, value, ok := bytes.Cut(line, []byte(":"))
	if !ok {
		return line, nil, len(line)
	}
	off = len(field) + 1
	if len(value) > 0 && value[0] == ' ' {
		value, off = value[1:], off+1
	}
	return field, value, off
}

// appendJSON appends the event with its payload, which is JSON, edited. A
// payload of several lines becomes one line, as more readers take it: between
// tokens of JSON a line end is just space.
func (f *frame) appendJSON(dst []byte, edits []edit) []byte {
	return f.append(dst, edits, "")
}

// appendPlain appends the event with its payload, which is text, edited. Where
// events have names, a line end in the text begins a further data line.
func (f *frame) appendPlain(dst []byte, edits []edit, named bool) []byte {
	if !named {
		return f.append(dst, edits, "")
	}
	for i := range edits {
		edits[i].with = strings.ReplaceAll(edits[i].with, "\n", "\ndata: ")
	}
	return f.append(dst, edits, "\ndata: ")
}

func (f *frame) append(dst []byte, edits []edit, lineEnd string) []byte {
	if f.lines == 1 {
		dst = append(dst, f.raw[:f.from]...)
		dst = appendEdited(dst, f.data, edits)
		return append(dst, f.raw[f.to:]...)
	}
	if len(f.name) > 0 {
		dst = append(append(append(dst, "event: "...), f.name...), '\n')
	}
	dst = appendEdited(append(dst, "data: "...), f.data, f.withLineEnds(edits, lineEnd))
	return append(dst, "\n\n"...)
}

// withLineEnds adds to the edits, which are in order, one for each line end of
// the payload that none of them covers.
func (f *frame) withLineEnds(edits []edit, with string) []edit {
	var all []edit
	for i, c := range f.data {
		for len(edits) > 0 && edits[0].end <= i {
			all, edits = append(all, edits[0]), edits[1:]
		}
		if c == '\n' && (len(edits) == 0 || i < edits[0].start) {
			all = append(all, edit{i, i + 1, with})
		}
	}
	all = append(all, edits...)
	slices.SortStableFunc(all, func(a, b edit) int { return a.start - b.start })
	return all
}
