package detect

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
)

// value is what a name is given: text[start:end], within quotes or bare.
type value struct {
	start, end int
	quote      byte // 0 if bare
}

// maxValue is the length in bytes that a value may have.
const maxValue = 256

// valueAt reads the value behind a ":" or "=" that ends at i. It is empty if
// there is none.
func valueAt(text []byte, i int) value {
	sign := byteAt(text, i-1)
	i = while(text, i, classBehindSign, 24)
	if c := byteAt(text, i+1); isLetter(byteAt(text, i)) && (c == '"' || c == '\'') {
		i++ // as in r"..."
	} else if c := byteAt(text, i); c == '@' && byteAt(text, i+1) == '"' {
		i++
	}
	escaped := byteAt(text, i) == '\\' && (byteAt(text, i+1) == '"' || byteAt(text, i+1) == '\'')
	if escaped {
		i++
	}
	q := byteAt(text, i)
	if q != '"' && q != '\'' && q != '`' {
		v := bareAt(text, i)
		if amp := bytes.IndexByte(text[v.start:v.end], '&'); sign == '=' && amp >= 0 {
			if next := while(text, v.start+amp+1, classKey, 64); next > v.start+amp+1 && (byteAt(text, next) == '=' || next == v.end) {
				v.end = v.start + amp
			}
		}
		return v
	}
	start := i + 1
	for i = start; i < len(text) && i <= start+maxValue && text[i] != '\n'; i++ {
		switch {
		case text[i] == '\\' && byteAt(text, i+1) == q && escaped, text[i] == q:
			return value{start, i, q}
		case text[i] == '\\':
			i++
		}
	}
	return value{start, start, q}
}

// bareAt reads a value without quotes at i.
func bareAt(text []byte, i int) value {
	start, digits := i, true
	for ; i < len(text) && i < start+maxValue; i++ {
		c := text[i]
		if classes[c]&classBareEnd != 0 && (i > start || c != '{' && c != '<') {
			break
		}
		if c == ':' && !(digits && i > start) || c == '=' && isWord(byteAt(text, i+1)) {
			break
		}
		if c == '&' && (hasPrefix(text[i+1:], "quot") || hasPrefix(text[i+1:], "lt;") || hasPrefix(text[i+1:], "gt;")) {
			break
		}
		digits = digits && isDigit(c)
		if c >= 0x80 && c != 0xc2 && c != 0xc3 {
			break // what follows without a space in other scripts
		}
	}
	for i > start && (text[i-1] == '.' || text[i-1] == '*' && i-start > 1 && text[i-2] == '*') {
		i--
	}
	return value{start, i, 0}
}

// notFirst begin paths, flags and expressions, and no bare secret.
var notFirst = []byte("/~.&@-!")

// strange reports whether a bare value looks like no word and no expression of
// a program: it has a digit or a sign, and is not a name, a path or a call.
func (v value) strange(text []byte) bool {
	b := text[v.start:v.end]
	if len(b) == 0 || bytes.IndexByte([]byte("([{<\\"), byteAt(text, v.end)) >= 0 {
		return false
	}
	if bytes.IndexByte(notFirst, b[0]) >= 0 || bytes.Contains(b, []byte("://")) {
		return false
	}
	odd, dots := false, 0
	for i, c := range b {
		switch {
		case c == '.':
			if i > 0 && isLetter(byteAt(b, i+1)) {
				dots++
			}
		case isDigit(c) || !isLetter(c) && c != '_' && c != '-':
			odd = true
		}
	}
	if dots > 0 && while(b, 0, classLocal, len(b)) == len(b) && isLetter(b[0]) && bytes.IndexByte(b, '-') < 0 {
		return false // settings.password2
	}
	return odd
}

// tight reports whether a bare value stands behind the "=" at without a space,
// fills the rest of its line or its place in a list, and is given to a name in
// upper case, as in NAME=value of an environment and Name=value of a
// connection string.
func (v value) tight(text []byte, at int) bool {
	return v.end-v.start >= 6 && v.bound(text, at)
}

// bound is tight for a value of any length.
func (v value) bound(text []byte, at int) bool {
	name := back(text, at, classSpace, 4)
	name = back(text, name, classKey, maxValue)
	if c := byteAt(text, name); c < 'A' || c > 'Z' || text[at] != '=' || v.start != at+1 || v.end == v.start || bytes.IndexByte(notFirst, text[v.start]) >= 0 {
		return false
	}
	next := byteAt(text, v.end)
	if next == ' ' && byteAt(text, while(text, v.end, classSpace, 16)) == '#' {
		return true // a comment
	}
	return v.end == len(text) || next == '\n' || next == '\r' || next == ';' || next == '&'
}

// paired reports whether a bare value stands in a place where programs do not
// write expressions: among the parts of a connection string, in the line after
// the one of the user, or as a word of a language whose variables have a "$".
func (v value) paired(text []byte, at int) bool {
	b := text[v.start:v.end]
	if len(b) < 6 || bytes.IndexByte(notFirst, b[0]) >= 0 || bytes.ContainsAny(b, "([{<.") || byteAt(text, v.end) == '(' {
		return false
	}
	next := byteAt(text, v.end)
	end := v.end == len(text) || next == '\n' || next == '\r' || next == ';'
	if !end && next != ' ' && next != '&' && next != '"' && next != '\'' {
		return false
	}
	name := back(text, back(text, at, classSpace, 4), classKey, 64)
	if byteAt(text, name-1) == '$' && next == ';' {
		return true
	}
	if v.start == at+1 && text[at] == '=' {
		var buf [120]byte
		near := foldAtom(buf[:0], text[max(0, name-len(buf)):name])
		near = near[bytes.LastIndexByte(near, '\n')+1:]
		for _, s := range []string{"host=", "server=", "dbname=", "database=", "uid=", "user id=", "user=", "data source="} {
			if bytes.Contains(near, []byte(s)) {
				return true
			}
		}
	}
	if line := back(text, name, classSpace, 16); !end || line > 0 && bytes.IndexByte(text[line:name], '\n') < 0 {
		return false
	}
	for range 4 { // over comments to the line before
		name = bytes.LastIndexByte(text[:name], '\n')
		if name < 0 {
			return false
		}
		line := bytes.TrimSpace(text[max(0, name-100, bytes.LastIndexByte(text[:name], '\n')+1):name])
		if len(line) > 0 && line[0] != '#' && !hasPrefix(line, "//") {
			return hasPrefix(bytes.ToLower(line), "user") && bytes.IndexByte(line, '=') > 0 && !bytes.ContainsAny(line, "(.;")
		}
	}
	return false
}

// What stands for a value that is not there: in templates of programs and
// shells, and in instructions to the reader, in lower case.
var (
	templates         = newPhrases("${", "{{", "#{", "$(", "<%", "%s", "%d", "%v", "...", "process.env", "os.environ", "getenv")
	instructions      = newPhrases("your_", "your-", "_here", "-here", "put_your", "example", "passwords#", "/password", "-password", "arn:aws", "&lt;", "*/")
	instructionStarts = newPhrases("your", "replace", "insert", "enter", "put_", "put-", "redacted", "must ", "my_password", "mypassword_")
)

// maxPlaceholder is how many bytes of a value are compared with these.
const maxPlaceholder = 32

// placeholders are values, in lower case, that stand for one, by their length.
var placeholders = func(list ...string) (t [2*maxPlaceholder + 1][]string) {
	for _, s := range list {
		t[len(s)] = append(t[len(s)], s)
	}
	return t
}(
	"true", "false", "null", "nil", "none", "undefined", "void", "yes", "string", "text", "bytes", "required", "optional", "nullable",
	"password", "passwd", "pass", "pwd", "passphrase", "passwort", "contraseña", "비밀번호", "密码", "パスワード", "token", "apikey", "api_key",
	"changeme", "change_me", "change-me", "changeit", "placeholder", "redacted", "[redacted]", "masked", "hidden", "filtered", "dummy", "todo",
	"empty", "wrong", "incorrect", "invalid", "correct", "too",
)

// placeholder reports whether b stands where a secret would: a template, a
// variable, a mask, an instruction to the reader, or a word for nothing.
func placeholder(b []byte) bool {
	b = bytes.Trim(b, " \t\r\n'\":")
	if len(b) == 0 {
		return true
	}
	switch last := b[len(b)-1]; b[0] {
	case '$', '%':
		if !isDigit(byteAt(b, 1)) {
			return true
		}
	case '.':
		if byteAt(b, 1) == '$' {
			return true
		}
	case '<', '{', '+', ',', ';', '(', ')', '\\':
		return true
	case '/': // a path
		if bytes.IndexByte(b[1:], '/') >= 0 {
			return true
		}
	case '[':
		if last == ']' {
			return true
		}
	}
	if templates.in(b) {
		return true
	}
	if masked(b) {
		return true
	}
	if len(b) > maxPlaceholder {
		b = b[:maxPlaceholder]
	}
	var buf [2 * maxPlaceholder]byte
	l := foldAtom(buf[:0], b)
	return instructions.in(l) || instructionStarts.begin(l) || slices.Contains(placeholders[len(l)], string(l)) ||
		bytes.HasSuffix(l, []byte("_here")) || bytes.HasSuffix(l, []byte("-here"))
}

// masked reports whether b is made of signs that stand for characters not shown.
func masked(b []byte) bool {
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if !strings.ContainsRune("*xX.-_#?•●", r) {
			return false
		}
		b = b[n:]
	}
	return true
}

// phrases are texts that are looked for together, by their first bytes.
type phrases [256][]string

func newPhrases(list ...string) *phrases {
	p := new(phrases)
	for _, s := range list {
		p[s[0]] = append(p[s[0]], s)
	}
	return p
}

// in reports whether one of them stands in b.
func (p *phrases) in(b []byte) bool {
	for i := range b {
		if p.begin(b[i:]) {
			return true
		}
	}
	return false
}

// last returns where the last of them that stand in b begins, or -1.
func (p *phrases) last(b []byte) int {
	for i := range slices.Backward(b) {
		if p.begin(b[i:]) {
			return i
		}
	}
	return -1
}

// begin reports whether b, which is not empty, begins with one of them.
func (p *phrases) begin(b []byte) bool {
	for _, s := range p[b[0]] {
		if hasPrefix(b, s) {
			return true
		}
	}
	return false
}
