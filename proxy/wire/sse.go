package wire

import (
	"bytes"
	"slices"
	"strings"
)

// frame is one event of a text/event-stream as it came: raw, from its first
// line to the blank line that ends it. Source: WHATWG HTML, 9.2.6.
type frame struct {
	raw []byte
	// data is the payload; raw[from:to] is where it stands if it is one line.
	data     []byte
	from, to int
	lines    int    // of data
	name     []byte // of the event
}

// nextFrame cuts the first event off buf; ok is false while it is not whole.
// Lines end in LF, CRLF or CR. A CR that is the last byte waits for the next
// one, which may be its LF: streams that end lines in CR alone come one event
// late, and none was ever met.
func nextFrame(buf []byte) (raw, rest []byte, ok bool) {
	start := 0
	for i := 0; i < len(buf); {
		j := bytes.IndexAny(buf[i:], "\r\n")
		if j < 0 {
			return nil, buf, false
		}
		end := i + j
		next := end + 1
		if buf[end] == '\r' {
			if next == len(buf) {
				return nil, buf, false
			}
			if buf[next] == '\n' {
				next++
			}
		}
		if end == start {
			return buf[:next], buf[next:], true
		}
		i, start = next, next
	}
	return nil, buf, false
}

var bom = []byte("\ufeff")

// parseFrame finds the payload of an event. Payloads of several lines are
// joined in a buffer of their own.
func parseFrame(raw []byte) frame {
	f := frame{raw: raw}
	for i := 0; i < len(raw); {
		end := i + bytes.IndexAny(raw[i:], "\r\n")
		if end < i {
			end = len(raw)
		}
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
				f.data = append(append(f.data[:len(f.data):len(f.data)], '\n'), value...)
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

// appendPlain appends the event with its payload, which is text, edited. A line
// end in the text begins a further data line.
func (f *frame) appendPlain(dst []byte, edits []edit) []byte {
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
	var lines []edit // the line ends of the payload, as edits of it
	for i, c := range f.data {
		inEdit := func(e edit) bool { return e.start <= i && i < e.end }
		if c == '\n' && !slices.ContainsFunc(edits, inEdit) {
			lines = append(lines, edit{i, i + 1, lineEnd})
		}
	}
	lines = append(lines, edits...)
	slices.SortStableFunc(lines, func(a, b edit) int { return a.start - b.start })
	dst = appendEdited(append(dst, "data: "...), f.data, lines)
	return append(dst, "\n\n"...)
}
