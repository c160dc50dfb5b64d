package wire

import (
	"bytes"
	"net/url"
	"strings"
)

// Multipart does with a body of type multipart/form-data what Request does with
// JSON: every field is text unless the row skips its name, every file that can be
// read as text is read, others are told to part. Names of files are text too. The
// body keeps its boundary, its order and its bytes but for what was edited.
//
// It is read strictly, since its readers differ: lines end in CRLF, nothing stands
// before the first part or after the last, no part is encoded. The errors of that
// are of type *InvalidError.
//
// Source: RFC 2046, 5.1, and RFC 7578.
func (f *Format) Multipart(dst, body []byte, boundary string, text Text, part func(kind string) error) ([]byte, error) {
	m := &form{f: f, body: body, text: text, part: part}
	if len(boundary) == 0 || len(boundary) > 70 {
		return nil, m.fail("the boundary is missing or too long")
	}
	if err := m.read([]byte("--" + boundary)); err != nil {
		return nil, err
	}
	return splice(dst, body, m.edits), nil
}

// form is a multipart body while it is read.
type form struct {
	f     *Format
	body  []byte
	pos   int
	text  Text
	part  func(kind string) error
	edits []edit
}

func (m *form) fail(reason string) error {
	return &InvalidError{Form: true, Reason: reason, Offset: m.pos}
}

var crlf = []byte("\r\n")

// read reads all parts.
func (m *form) read(delimiter []byte) error {
	if !bytes.HasPrefix(m.body, delimiter) {
		return m.fail("it does not begin with its boundary")
	}
	m.pos = len(delimiter)
	for {
		rest := m.body[m.pos:]
		if bytes.HasPrefix(rest, []byte("--")) {
			if len(bytes.TrimSpace(rest[2:])) > 0 {
				return m.fail("something follows the last part")
			}
			return nil
		}
		if !bytes.HasPrefix(rest, crlf) {
			return m.fail("a boundary is followed by something else")
		}
		m.pos += len(crlf)
		// The delimiter's own line end belongs to it, and a part without content
		// has none but that.
		end := bytes.Index(m.body[m.pos-len(crlf):], append([]byte("\r\n"), delimiter...))
		if end < 0 {
			return m.fail("a part is not closed")
		}
		end += m.pos - len(crlf)
		if end < m.pos {
			return m.fail("a part is empty")
		}
		if err := m.one(end); err != nil {
			return err
		}
		m.pos = end + len(crlf) + len(delimiter)
	}
}

// field is what the head of a part says.
type field struct {
	name, file, mediaType string
	isFile                bool
}

// one reads the part that ends there.
func (m *form) one(end int) error {
	head := bytes.Index(m.body[m.pos:end], []byte("\r\n\r\n"))
	if head < 0 {
		return m.fail("a part has no head")
	}
	content := m.pos + head + 4
	var fd field
	if err := m.head(m.pos+head, &fd); err != nil {
		return err
	}
	data := m.body[content:end]
	name, _, _ := strings.Cut(fd.name, "[")
	n, _ := m.f.ready().request.child([]byte(name))
	switch {
	case n != nil && n.mark == markSkip && !fd.isFile:
		return nil
	case isText(data) && (kindOf(fd.mediaType, "") == "file" || isTextType(fd.mediaType)):
		edits, err := fileTexts(data, m.text, m.part)
		m.edits = append(m.edits, shifted(edits, -content)...)
		return err
	}
	return m.part(kindOf(fd.mediaType, fd.file))
}

// head reads the lines of a part's head, up to end.
func (m *form) head(end int, fd *field) error {
	seen := make(map[string]bool)
	for m.pos < end {
		line := m.body[m.pos:end]
		if i := bytes.Index(line, crlf); i >= 0 {
			line = line[:i]
		}
		name, value, ok := bytes.Cut(line, []byte(":"))
		key := strings.ToLower(string(name))
		if !ok || len(name) == 0 || bytes.ContainsAny(name, " \t") || bytes.ContainsAny(line, "\r\n\x00") || seen[key] {
			return m.fail("the head of a part is malformed")
		}
		seen[key] = true
		at := m.pos + len(name) + 1
		var err error
		switch key {
		case "content-disposition":
			err = m.disposition(at, value, fd)
		case "content-type":
			fd.mediaType = string(bytes.TrimSpace(value))
		case "content-transfer-encoding":
			switch strings.ToLower(string(bytes.TrimSpace(value))) {
			case "binary", "8bit", "7bit":
			default:
				err = m.fail("a part is encoded")
			}
		case "content-length":
			err = m.fail("a part gives its own length")
		default:
			m.edits, err = plainTexts(m.edits, value, at, m.text, m.part)
		}
		if err != nil {
			return err
		}
		m.pos += len(line) + len(crlf)
	}
	if !seen["content-disposition"] {
		return m.fail("a part has no name")
	}
	return nil
}

// disposition reads form-data; name="..."; filename="...", which stands at at.
func (m *form) disposition(at int, value []byte, fd *field) error {
	kind, params, _ := bytes.Cut(value, []byte(";"))
	if !strings.EqualFold(string(bytes.TrimSpace(kind)), "form-data") {
		return m.fail("a part is no form data")
	}
	seen := make(map[string]bool)
	for from := at + len(value) - len(params); ; {
		key, start, end, next := cutParam(m.body, from, at+len(value))
		switch {
		case key == "" && next < 0:
			if !seen["name"] {
				return m.fail("a part has no name")
			}
			return nil
		case key == "" || seen[key]:
			return m.fail("the name of a part is malformed")
		}
		seen[key] = true
		var err error
		text := m.body[start:end]
		switch key {
		case "name":
			fd.name = string(text)
			if _, known := m.f.ready().request.child(text); !known {
				m.edits, err = plainTexts(m.edits, text, start, m.text, m.part)
			}
		case "filename":
			fd.file, fd.isFile = string(text), true
			err = m.fileName(text, start, end, "", func(s string) string { return s })
		case "filename*":
			fd.isFile = true
			charset, escaped, _ := strings.Cut(string(text), "''")
			name, bad := url.PathUnescape(escaped)
			if bad != nil || !strings.EqualFold(charset, "utf-8") {
				return m.fail("the name of a file is malformed")
			}
			err = m.fileName([]byte(name), start, end, charset+"''", url.PathEscape)
		default:
			return m.fail("the name of a part is malformed")
		}
		if err != nil {
			return err
		}
		from = next
	}
}

// cutParam reads the parameter that stands at from: body[start:end] is its
// value, inside of its quotes. No key is an error, or the end if next is negative.
func cutParam(body []byte, from, limit int) (key string, start, end, next int) {
	for from < limit && (body[from] == ' ' || body[from] == ';') {
		from++
	}
	if from == limit {
		return "", 0, 0, -1
	}
	eq := bytes.IndexByte(body[from:limit], '=')
	if eq < 0 {
		return "", 0, 0, 0
	}
	key, start = strings.ToLower(string(body[from:from+eq])), from+eq+1
	if start == limit || body[start] != '"' {
		end = limit
		if i := bytes.IndexAny(body[start:limit], "; \""); i >= 0 {
			end = start + i
		}
		return key, start, end, end
	}
	for start, end = start+1, start+1; end < limit && body[end] != '"'; end++ {
		if body[end] == '\\' {
			end++
		}
	}
	if end >= limit {
		return "", 0, 0, 0
	}
	return key, start, end, end + 1
}

// fileName hands out the name of a file, without its ending first: providers go
// by that, and it shall not become part of a value.
func (m *form) fileName(name []byte, start, end int, before string, escape func(string) string) error {
	stem := len(name)
	if dot := bytes.LastIndexByte(name, '.'); dot > 0 && len(name)-dot <= len(".markdown") {
		stem = dot
	}
	edits, err := plainTexts(nil, name[:stem], 0, m.text, m.part)
	if err == nil && len(edits) == 0 {
		edits, err = plainTexts(nil, name, 0, m.text, m.part)
	}
	if err == nil && len(edits) > 0 {
		m.edits = append(m.edits, edit{start, end, before + escape(string(appendEdited(nil, name, edits)))})
	}
	return err
}
