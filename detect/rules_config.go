package detect

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// configRules find secrets in the structures of files: elements and attributes,
// lists of names and values, JSON web keys, cookies.
var configRules = []Rule{
	{
		Name: "value-of-name", Kind: Secret, Score: 0.75,
		Names: []string{"value", "default"},
		Match: valueOfName,
		Hits: []string{
			"<add key=\"FromEmailPassword\" value=\"«Prestigitariu$»\"/>", "- name: DB_PASSWORD\n  value: \"«hunter2x»\"", "variable \"corp_api_token\" {\n  default = \"«Kd7Vq2XyT9hWLmRz4NbG»\"\n}", "{\"name\": \"API_KEY\", \"value\": \"«Kd7Vq2XyT9hWLmRz4NbG»\"}",
		},
		Misses: []string{"<add key=\"Colour\" value=\"Prestigitariu$\"/>", "- name: DB_PASSWORD\n  value: \"${DB_PASSWORD}\"", "<input name=\"password\" value=\"\">", "name: TOKEN_URL\nvalue: https://h.example.com/x1", "- name: password\n  value: string", "<input type=\"hidden\" name=\"authenticity_token\" value=\"7SWa-Fo1hsC6oovfBsJFLGPUl2EhkSWPbJhWANwg\">"},
	},
	{
		Name: "jwk", Kind: PrivateKey, Score: 1,
		Signs:  ":",
		Match:  jwk,
		Hits:   []string{"{\"kty\":\"EC\",\"crv\":\"P-256\",\"d\":\"«Kd7Vq2XyT9hWLmRz4NbGc6FjTe1UaXo8BqWi3EvSy5D»\"}", "{\"kty\":\"oct\",\"k\":\"«Kd7Vq2XyT9hWLmRz4NbGc6FjTe1UaXo8BqWi3EvSy5D»\"}"},
		Misses: []string{"{\"kty\":\"EC\",\"x\":\"Kd7Vq2XyT9hWLmRz4NbGc6FjTe1UaXo8BqWi3EvSy5D\"}", "{\"d\":\"M10 10 L20 20\"}", "{\"k\":\"Kd7Vq2XyT9hWLmRz4NbGc6FjTe1UaXo8BqWi3EvSy5D\"}"},
	},
	{
		Name: "putty-key", Kind: PrivateKey, Score: 1,
		Words:  []string{"private"},
		Match:  puttyKey,
		Hits:   []string{"PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPrivate-Lines: 1\n«AAAAIKd7Vq2XyT9hWLmRz4NbGc6FjTe1UaXo8BqWi3EvSy5D\nPrivate-MAC: 0b1e6a5293c74d18a5f47e2d9c80b3161f0c2de84a94b639e17d06ab3c5f8240»\n"},
		Misses: []string{"Private-Lines: 14", "private lines: AAAAIKd7Vq2XyT9hWLmRz4NbGc6FjTe1UaXo8BqWi3EvSy5D"},
	},
	{
		Name: "age-key", Kind: PrivateKey, Score: 1,
		Prefixes: []string{"AGE-SECRET-KEY-1", "AGE-PLUGIN-"},
		Body:     body{classKey, 40, 120, bigParts},
		Hits:     []string{"«AGE-SECRET-KEY-1HJCRJVK7EE3A5N8CRP8YSEUGZKNW90Y5UR2RGYAS8L279LFP6LCQU5ADNR»"},
		Misses:   []string{"AGE-SECRET-KEY-1XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX", "AGE-SECRET-KEY-1"},
	},
	{
		Name: "cookie", Kind: Secret, Score: 0.8,
		Names:  []string{"cookie"},
		Match:  cookie,
		Hits:   []string{"Cookie: theme=dark; session=«Kd7Vq2XyT9hWLmRz4NbGc6Fj»; lang=en", "Set-Cookie: sid=«s%3AKd7Vq2XyT9hWLmRz4NbGc6FjTe1UaXo8»; Path=/; HttpOnly", "-H 'Cookie: a=«Kd7Vq2XyT9hWLmRz4NbGc6Fj; b=Te1UaXo8BqWi3EvSy5DnPhCk»'"},
		Misses: []string{"Cookie: theme=dark; lang=en", "cookie: {name: 'x', maxAge: 86400000}", "Set-Cookie: id=<id>; Path=/", "cookie = http.Cookie(name1)"},
	},
	{
		Name: "secret-in-context", Kind: Secret, Score: 0.6,
		Long:  32,
		Match: secretInContext,
		Hits: []string{
			"buildConfigField 'String' , 'API_KEY' , '\"«951bc382db9cfee29c68634761dd6e19»\"'", "sonar.login', '«826de5590c75919a8317fddafe58206eebe7ebbc»",
			"Please use the following password to proceed to installation:\n\n«bd9627decc6346d780b3b6ab6eb8fe1f»\n\nThis", "The token \"«Kd7Vq2XyT9hWLmRz4NbGc6FjTe1UaXo8»\" is yours",
		},
		Misses: []string{
			"password file 951bc382db9cfee29c68634761dd6e19.txt", "token hash: '951bc382db9cfee29c68634761dd6e19'", "'951bc382db9cfee29c68634761dd6e19'", "the token_sha256 is \"951bc382db9cfee29c68634761dd6e19\"", "secret commit 826de5590c75919a8317fddafe58206eebe7ebbc",
			"call getTheTokenOfTheCurrentUserSession2 now", "token TheTokenOfTheCurrentUserSession2AndSoOn",
		},
	},
	{
		Name: "new-relic-license", Kind: APIKey, Score: 1,
		Long:   40,
		Match:  newRelicLicense,
		Hits:   []string{"license_key: «033f2f2072cb3f2cb2ec39024fa9e49cd640NRAL»", "license: «eu01xxaa7460e1ea3abdfccbd36e85c10cd0NRAL»"},
		Misses: []string{"033f2f2072cb3f2cb2ec39024fa9e49cd640NRAX"},
	},
}

// userRules find login names.
var userRules = []Rule{{
	Name: "assigned-user", Kind: Username, Score: 0.7,
	Names:  []string{"username", "user", "login"},
	Match:  assignedUser,
	Hits:   []string{"DB_USER=«bowie»\n", "REACT_APP_AUTH_USERNAME=«guest7»   # a comment"},
	Misses: []string{"user = getUser()", "USER=$LOGNAME", "username: string", "DB_USER=<user>", "user: { id: 1 }", "{\"username\": \"kim.lee\"}"},
}}

// assignedUser finds what a variable of an environment such as DB_USER is given.
func assignedUser(text []byte, at, end int) (int, int) {
	v := valueAt(text, end)
	b := text[v.start:v.end]
	if len(b) < 3 || len(b) > 64 || v.quote != 0 || placeholder(b) || while(b, 0, classLocal, len(b)) != len(b) || !v.bound(text, at) {
		return 0, 0
	}
	return v.start, v.end
}

// pairNames stand between a list's name and its value: key="..." value="...".
var pairNames = []string{"key", "name", "variable", "property", "ident", "Key", "Name"}

// valueOfName finds the value of a pair whose name is a secret's:
// <add key="DbPassword" value="..."/>, - name: DB_PASSWORD, variable "token" {.
func valueOfName(text []byte, at, end int) (int, int) {
	v := valueAt(text, end)
	b := text[v.start:v.end]
	if len(b) < 4 || placeholder(b) {
		return 0, 0
	}
	from := max(0, at-120)
	before := text[from:at]
	last, after := -1, 0
	for _, n := range pairNames {
		if i := bytes.LastIndex(before, []byte(n)); i > last && !isWord(byteAt(before, i-1)) && !isWord(byteAt(before, i+len(n))) {
			last, after = i, i+len(n)
		}
	}
	if last < 0 || bytes.ContainsAny(before[last:], "}>") || bytes.Count(before[last:], []byte("\n")) > 1 {
		return 0, 0
	}
	i := after
	for i < len(before) && bytes.IndexByte([]byte(" \t\"'=:"), before[i]) >= 0 {
		i++
	}
	stop := while(before, i, classDotted, len(before))
	given := name{text: before, at: stop}
	if given.endsInOne(passwordEnds) {
		if v.quote == 0 && !v.strange(text) || bytes.Count(b, []byte(" ")) > 1 {
			return 0, 0
		}
		return v.start, v.end
	}
	if given.endsInOne(secretEnds) && !given.endsInOne(openNames) {
		return secretValue(text, v)
	}
	return 0, 0
}

// endsInOne reports whether the name ends in one of ends.
func (nm *name) endsInOne(ends []string) bool {
	return slices.ContainsFunc(ends, nm.ends)
}

// The names of secrets as name.ends takes them.
var (
	passwordEnds = reversed(passwordNames)
	secretEnds   = reversed(secretNames)
)

// reversed returns those of names that are ASCII, their last letters first.
func reversed(names []string) (all []string) {
	for _, n := range names {
		if asciiRun([]byte(n)) < len(n) {
			continue
		}
		b := make([]byte, len(n))
		for i := range n {
			b[len(n)-1-i] = n[i]
		}
		all = append(all, string(b))
	}
	return all
}

// jwk finds the private parts of a JSON web key (RFC 7518, 6): d, p, q, dp, dq,
// qi, and k of a symmetric one.
func jwk(text []byte, at, end int) (int, int) {
	if byteAt(text, at-1) != '"' {
		return 0, 0
	}
	open := at - 3
	if byteAt(text, open) != '"' {
		open--
	}
	if byteAt(text, open) != '"' {
		return 0, 0
	}
	switch string(text[open+1 : at-1]) {
	case "k":
		if !bytes.Contains(text[max(0, at-200):min(len(text), at+300)], []byte(`"oct"`)) {
			return 0, 0
		}
	case "d", "p", "q", "dp", "dq", "qi":
	default:
		return 0, 0
	}
	start := while(text, end, classSpace, 4)
	if byteAt(text, start) != '"' {
		return 0, 0
	}
	start++
	stop := while(text, start, classKey, 1024)
	if stop-start < 40 || byteAt(text, stop) != '"' || !drawn(text[start:stop]) {
		return 0, 0
	}
	return start, stop
}

// puttyKey finds the private lines of a key of PuTTY, and their checksum.
func puttyKey(text []byte, at, end int) (int, int) {
	const head, mac = "Private-Lines: ", "Private-MAC: "
	if !hasPrefix(text[at:], head) {
		return 0, 0
	}
	start := while(text, at+len(head), classDigit, 4)
	start = while(text, start, classSpace, 2)
	stop := start
	for line := start; ; {
		e := while(text, line, classBase64, 80)
		if e == line || hasPrefix(text[line:], mac) {
			break
		}
		stop = e
		if line = while(text, e, classSpace, 2); line == e {
			break
		}
	}
	if stop-start < 32 {
		return 0, 0
	}
	if next := while(text, stop, classSpace, 2); hasPrefix(text[next:], mac) {
		stop = while(text, next+len(mac), classHex, 80)
	}
	return start, stop
}

// cookie finds in a header the values that look drawn by lot: from the first
// to the last of them, or the first only in Set-Cookie, whose others are no
// values.
func cookie(text []byte, at, end int) (int, int) {
	set := hasPrefix(bytes.ToLower(text[max(0, at-10):at]), "set-cookie")
	from, to := 0, 0
	for i := end; i < len(text) && i < end+4096; {
		i = while(text, i, classSpace, 2)
		eq := while(text, i, classDotted, 80)
		if eq == i || byteAt(text, eq) != '=' {
			break
		}
		stop := eq + 1
		for stop < len(text) && stop < eq+1024 && bytes.IndexByte([]byte(";,\"'\r\n \\`"), text[stop]) < 0 {
			stop++
		}
		if b := text[eq+1 : stop]; len(b) >= 16 && letterAndDigit(b) && varied(b) && !placeholder(b) && !isSpace(byteAt(text, eq+1)) {
			if from == 0 {
				from = eq + 1
			}
			to = stop
		}
		if set || byteAt(text, stop) != ';' {
			break
		}
		i = stop + 1
	}
	return from, to
}

// secretWords make a string without a meaning a secret; digestWords, between
// them and it, make it something else.
var (
	secretWords = newPhrases("password", "token", "secret", "api_key", "apikey", "api key", "api-key", "sonar.login", "credential")
	digestWords = []string{"sha", "md5", "hash", "sum", "digest", "commit", "etag", "integrity", "uuid", "revision", "id", "version", "public", "csrf", "xsrf", "next", "page", "json", "continuation", "authenticity"}
)

// secretInContext finds a string of hexadecimal digits, or one that is drawn by
// lot, that stands alone or within quotes not far behind a word for a secret.
func secretInContext(text []byte, at, end int) (int, int) {
	b := text[at:end]
	if before, after := byteAt(text, at-1), byteAt(text, end); len(b) > 128 || !alongside(before) || !alongside(after) {
		return 0, 0
	}
	_, _, digits := count(b)
	if hex := while(b, 0, classHex, len(b)) == len(b); digits < 3 || hex && !small(b) || !hex && !drawn(b) {
		return 0, 0
	}
	var buf [80]byte
	near := foldAtom(buf[:0], text[max(0, at-len(buf)):at])
	last := secretWords.last(near)
	if last < 0 {
		return 0, 0
	}
	for i := back(near, last, classDotted, 16); i < len(near); {
		stop := while(near, i, classWord, len(near))
		for _, w := range digestWords {
			if hasPrefix(near[i:stop], w) {
				return 0, 0
			}
		}
		i = stop + 1
	}
	return at, end
}

// alongside reports whether c may stand on either side of a string that stands
// for itself.
func alongside(c byte) bool {
	return c == 0 || c == '"' || c == '\'' || c == '`' || c == ',' || c == '(' || c == ')' || c == '\\' || c >= utf8.RuneSelf || isSpace(c)
}

// newRelicLicense finds 36 hexadecimal digits, or a region and fewer, and NRAL.
func newRelicLicense(text []byte, at, end int) (int, int) {
	if end-at != 40 || string(text[end-4:end]) != "NRAL" {
		return 0, 0
	}
	return at, end
}
