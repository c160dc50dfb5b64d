package detect

import (
	"bytes"
	"slices"
)

// Names whose values are secrets, in lower case without what parts their
// words. Those of up to four letters must be words of their own.
var (
	passwordNames = []string{
		"password", "passwd", "pwd", "pass", "passphrase", "passcode", "passwort", "kennwort", "senha", "contraseña", "motdepasse",
		"비밀번호", "암호", "패스워드", "密码", "密碼", "口令", "パスワード", "пароль",
	}
	secretNames = []string{
		"secret", "secrets", "secretkey", "token", "apikey", "apisecret", "accesskey", "authkey", "privatekey", "accountkey", "encryptionkey",
		"signingkey", "masterkey", "servicekey", "credential", "credentials", "鍵", "密钥", "密鑰", "令牌", "토큰",
	}
	authorizationNames = []string{"authorization"}
)

// name is what stands before a ":" or "=".
type name struct {
	text     []byte // as it stands
	folded   [maxAssigned]byte
	n        int    // folded[:n] is in lower case without what parts words, reversed
	breaks   uint64 // bit i: folded[i] begins a word
	variable bool   // it begins in upper case, as names in the environment do
}

const maxAssigned = 48

// assignedTo reads the name before the sign at: the letters, digits, "_", "-"
// and "." and at most one space, behind quotes, brackets and the like.
func assignedTo(text []byte, at int) (nm name) {
	i := at
	for i > 0 && i > at-8 && bytes.IndexByte([]byte(" \t\"'`\\])*!"), text[i-1]) >= 0 {
		i--
	}
	end, space := i, false
	for i > 0 && nm.n < maxAssigned {
		c := text[i-1]
		switch {
		case isWord(c):
			if isLetter(c) && c < 'a' && !(i > 1 && isLetter(text[i-2]) && text[i-2] < 'a') {
				nm.breaks |= 1 << nm.n // an upper-case letter after another character
			}
			nm.folded[nm.n] = c
			if c < 'a' && c >= 'A' {
				nm.folded[nm.n] |= 0x20
			}
			nm.n++
			if !space {
				nm.variable = c >= 'A' && c <= 'Z'
			}
		case nm.n == 0 && c < 0x80:
			return nm
		case c == '_' || c == '-' || c == '.' || c == ' ' && !space:
			space = space || c == ' '
			nm.breaks |= 1 << (nm.n - 1)
		default:
			if c >= 0x80 {
				nm.text = text[max(0, end-24):end]
			}
			nm.end()
			return nm
		}
		i--
	}
	nm.end()
	return nm
}

// end notes that the name's first character begins a word.
func (nm *name) end() {
	if nm.n > 0 {
		nm.breaks |= 1 << (nm.n - 1)
	}
}

// ends reports whether the name ends with one of names.
func (nm name) ends(names []string) bool {
	for _, w := range names {
		if w[0] >= 0x80 || w == "contraseña" {
			if len(nm.text) > 0 && bytes.HasSuffix(nm.text, []byte(w)) {
				return true
			}
			continue
		}
		if len(w) > nm.n || len(w) <= 4 && nm.breaks>>(len(w)-1)&1 == 0 {
			continue
		}
		i := 0
		for i < len(w) && nm.folded[i] == w[len(w)-1-i] {
			i++
		}
		if i == len(w) {
			return true
		}
	}
	return false
}

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
	for end := i + 24; i < len(text) && i < end && bytes.IndexByte([]byte("=:>* \t"), text[i]) >= 0; i++ {
	}
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
		if isSpace(c) || bytes.IndexByte([]byte(",;\"'`()[]{}<>|\\"), c) >= 0 && !(c == '{' && i == start) && !(c == '<' && i == start) {
			break
		}
		if c == ':' && !(digits && i > start) || c == '=' && isWord(byteAt(text, i+1)) {
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
// and fills the rest of its line or its place in a list.
func (v value) tight(text []byte, at int) bool {
	if text[at] != '=' || v.start != at+1 || v.end-v.start < 6 || bytes.IndexByte(notFirst, text[v.start]) >= 0 {
		return false
	}
	next := byteAt(text, v.end)
	return v.end == len(text) || next == '\n' || next == '\r' || next == ';' || next == '&'
}

// placeholders are values, in lower case, that stand for one.
var placeholders = []string{
	"true", "false", "null", "nil", "none", "undefined", "void", "yes", "string", "text", "bytes", "required", "optional", "nullable",
	"password", "passwd", "pass", "pwd", "passphrase", "passwort", "contraseña", "비밀번호", "密码", "パスワード", "token", "apikey", "api_key",
	"changeme", "change_me", "change-me", "changeit", "placeholder", "redacted", "[redacted]", "masked", "hidden", "filtered", "dummy", "todo",
	"empty", "wrong", "incorrect", "invalid", "correct", "too",
}

// placeholder reports whether b stands where a secret would: a template, a
// variable, a mask, an instruction to the reader, or a word for nothing.
func placeholder(b []byte) bool {
	b = bytes.TrimSpace(b)
	if len(b) == 0 {
		return true
	}
	switch last := b[len(b)-1]; b[0] {
	case '$', '%':
		if !isDigit(byteAt(b, 1)) {
			return true
		}
	case '<':
		return true
	case '{':
		return true
	case '[':
		if last == ']' {
			return true
		}
	}
	for _, s := range []string{"${", "{{", "#{", "$(", "<%", "...", "process.env", "os.environ", "getenv"} {
		if bytes.Contains(b, []byte(s)) {
			return true
		}
	}
	masks := 0
	for _, c := range string(b) {
		switch c {
		case '*', 'x', 'X', '.', '-', '_', '#', '?', '•', '●':
			masks++
		default:
			masks -= len(b)
		}
	}
	if masks > 0 {
		return true
	}
	if len(b) > 32 {
		b = b[:32]
	}
	var buf [64]byte
	l := foldAtom(buf[:0], b)
	for _, s := range []string{"your", "replace", "insert", "enter", "put_", "put-", "redacted", "must ", "my_password", "mypassword_"} {
		if hasPrefix(l, s) {
			return true
		}
	}
	return slices.Contains(placeholders, string(l)) || bytes.HasSuffix(l, []byte("_here")) || bytes.HasSuffix(l, []byte("-here"))
}
