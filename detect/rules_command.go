package detect

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// commandRules find secrets among the arguments of commands and of calls.
var commandRules = []Rule{
	{
		Name: "command-user", Kind: Password, Score: 0.9,
		Words: []string{"u", "user", "proxy"},
		Match: commandUser,
		Hits: []string{
			"curl --cacert ca.crt -u elastic:«P@ssw0rd$1» https://localhost:9200", "curl -X POST https://h.example.com/x \\\n  -u developer:«yqDVtkqPECriaLRi»", "curl -u \":«d2LkV78zLx!t»\" https://localhost",
			"curl -u \"«d2LkV78zLx!t»:\" https://localhost:9200", "curl -s --user 'api:«d2LkV78zLx!t»' \\\n  https://h", "curl --user kevin:'«pRf7vG2h1L8nQkW9»' -iX PATCH",
			"curl -X POST --user \"{acd3c08b}\":\"«{ZqL5kVrX1n8tA2}»\" --header x",
		},
		Misses: []string{
			"curl -i -u 'test:test'", "curl -sL --user \"$1:$2\" \"$3\"", "curl -u <user:password> https://h", "curl --user neo4j:[PASSWORD] http://h", "curl -u \"myusername\" http://h", "curl -u username:token", "curl -u \"${a}:${b}\"",
			"docker run -u 1000:1000 x", "curl -u \":\" https://h", "curl --user '$USERNAME:$PASSWORD' x", "curl --user \"xxx:yyy\"", "curl --user user:pass --digest", "curl --user \"{{ .user }}:{{ .password }}\"", "docker run --user node:users",
			"curl --user ${f5user}:${f5pass}", "curl --user \"$(cat a):$(cat b)\"", "git push -u origin main:main2",
		},
	},
	{
		Name: "command-password", Kind: Password, Score: 0.8,
		Words: []string{"p", "password", "pass", "passphrase"},
		Match: commandPassword,
		Hits: []string{
			"PSEXEC \\\\host7 -u Administrator -p «dev_admin» CMD /C ECHO", "Connect-VIServer -Server h -User kim -Password «VMware1!»", "tool --password '«open sesame»' --now", "docker login -u kim -p «hunter2x»",
		},
		Misses: []string{"ssh -p 2222 host", "mkdir -p some/path", "psexec -u User -p $Password -i", "tool --password \"$password\"", "--password string  the password", "psexec -p %nothing% -i 2", "tool -password <value>"},
	},
	{
		Name: "command-secret", Kind: Secret, Score: 0.8,
		Words:  []string{"token", "key", "secret"},
		Match:  commandSecret,
		Hits:   []string{"--tls-bootstrap-token «abcdef.1234567890abcdef»", "tool --api-key «9f8e7d6c5b4a39281706f5e4»"},
		Misses: []string{"--token some-file-name-2024", "--key path/to/key1234567890.pem", "sort --key 1,2", "the-token 1234567890abcdef1234 of x.", "--api-key $API_KEY_123456789"},
	},
	{
		Name: "unseal-key", Kind: Secret, Score: 0.9,
		Words:  []string{"unseal"},
		Match:  unsealKey,
		Hits:   []string{"Unseal Key 2: «0tZn+7QQCxphpHwTm7/dC3LpP5JGIbYl3PK8Sy81R+Q2»", "vault operator unseal «98m+o2ylRhVbOi+3o5ub6PbP343ocFUVORgSYeypMDjh»"},
		Misses: []string{"unseal the vault with three keys", "Unseal Key 1: (will be hidden)"},
	},
	{
		Name: "credential-call", Kind: Password, Score: 0.9,
		Words: []string{"networkcredential", "directoryentry", "httpbasicauth", "basicauth", "usernamepasswordcredentials"},
		Match: credentialCall,
		Hits: []string{
			"x = new NetworkCredential(\"kim\", \"«vzihlaquknriqlht»\");", "new DirectoryEntry(\"LDAP://EXAMPLE\",\n  \"ADM\", \"«Rrhh1234»\")", "requests.get(u, auth=HTTPBasicAuth('kim', '«open-sesame»'))",
		},
		Misses: []string{"new NetworkCredential(user, password)", "req.BasicAuth()", "NetworkCredential(\"user\", \"password\")", "new DirectoryEntry(\"LDAP://x\")"},
	},
	{
		Name: "oracle-login", Kind: Password, Score: 0.9,
		Words:  []string{"thin"},
		Match:  oracleLogin,
		Hits:   []string{"jdbc:oracle:thin:scott/«t1ger»@//db:1521/x"},
		Misses: []string{"jdbc:oracle:thin:@//db:1521/x", "thin: yes/no@all"},
	},
}

// shellWord returns the end of the word of a command line that begins at i,
// quotes included.
func shellWord(text []byte, i int) int {
	quote := byte(0)
	for start := i; i < len(text) && i < start+maxValue; i++ {
		switch c := text[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			if i > start && text[i-1] != ':' {
				return i // the end of what the command stands in
			}
			quote = c
		case isSpace(c), c >= utf8.RuneSelf, bytes.IndexByte([]byte(";`|\\)"), c) >= 0:
			return i
		}
	}
	return i
}

// unquote narrows text[start:end] to what stands within its quotes.
func unquote(text []byte, start, end int) (int, int) {
	for start < end && (text[start] == '"' || text[start] == '\'') {
		start++
	}
	for start < end && (text[end-1] == '"' || text[end-1] == '\'') {
		end--
	}
	return start, end
}

// flag returns where the value of the flag -name or --name begins, or 0 if
// text[at:end] is not the last word of one.
func flag(text []byte, at, end int) int {
	if byteAt(text, at-1) != '-' || byteAt(text, end) != ' ' && byteAt(text, end) != '=' {
		return 0
	}
	start := back(text, at, classKey, 40)
	if text[start] != '-' || isWord(byteAt(text, start-1)) {
		return 0
	}
	return while(text, end+1, classSpace, 4)
}

// commandUser finds the password in the argument user:password of curl and its
// kin.
func commandUser(text []byte, at, end int) (int, int) {
	i := flag(text, at, end)
	if i == 0 {
		return 0, 0
	}
	stop := shellWord(text, i)
	colon := bytes.IndexByte(text[i:stop], ':')
	if colon < 0 {
		return 0, 0
	}
	nameStart, nameEnd := unquote(text, i, i+colon)
	start, stop := unquote(text, i+colon+1, stop)
	name, pass := text[nameStart:nameEnd], text[start:stop]
	if len(pass) == 0 && len(name) >= 8 && letterAndDigit(name) && !placeholder(name) {
		return nameStart, nameEnd // a token in the user's place
	}
	if len(pass) < 4 || bytes.Equal(name, pass) || variable(name) && name[0] == '<' || variable(pass) || placeholder(trimBraces(pass)) || bytes.HasPrefix(pass, []byte("//")) || slices.Contains(pass, ' ') {
		return 0, 0
	}
	if _, _, digits := count(pass); digits == len(pass) || !called(text, i, "curl") && !called(text, i, "wget") && (len(pass) < 8 || !letterAndDigit(pass)) {
		return 0, 0
	}
	return start, stop
}

// trimBraces takes the braces off a value that is too odd for a variable's name.
func trimBraces(b []byte) []byte {
	if n := len(b); n >= 14 && b[0] == '{' && b[n-1] == '}' && letterAndDigit(b) {
		return b[1 : n-1]
	}
	return b
}

// variable reports whether b is an argument of a script, such as $2.
func variable(b []byte) bool {
	return len(b) > 1 && (b[0] == '$' && while(b, 1, classDigit, len(b)) == len(b) || b[0] == '<' || b[0] == '%')
}

// called reports whether the command whose argument begins at i is name, or
// goes on from one that is.
func called(text []byte, i int, name string) bool {
	before := text[max(0, i-300):i]
	at := bytes.LastIndex(before, []byte(name))
	return at >= 0 && !isWord(byteAt(before, at-1))
}

// commandPassword finds what follows -password, and -p of commands that take
// a password there.
func commandPassword(text []byte, at, end int) (int, int) {
	i := flag(text, at, end)
	if i == 0 {
		return 0, 0
	}
	start, stop := unquote(text, i, shellWord(text, i))
	b := text[start:stop]
	if len(b) < 4 || variable(b) || placeholder(b) || bytes.IndexByte(notFirst, b[0]) >= 0 {
		return 0, 0
	}
	if end-at == 1 {
		line := text[max(0, at-160):at]
		line = bytes.ToLower(line[bytes.LastIndexByte(line, '\n')+1:])
		if _, _, digits := count(b); digits == len(b) || !bytes.Contains(line, []byte("psexec")) && !bytes.Contains(line, []byte("login ")) && !bytes.Contains(line, []byte("sshpass")) {
			return 0, 0
		}
		return start, stop
	}
	if v := (value{start, stop, 0}); start == i && !v.strange(text) {
		return 0, 0
	}
	return start, stop
}

// commandSecret finds what follows --token, --api-key and the like.
func commandSecret(text []byte, at, end int) (int, int) {
	i := flag(text, at, end)
	if i == 0 || byteAt(text, end) != ' ' {
		return 0, 0
	}
	start, stop := unquote(text, i, shellWord(text, i))
	b := text[start:stop]
	if upper, small, digits := count(b); len(b) < 16 || digits < 5 || upper+small < 4 || !letterAndDigit(b) || placeholder(b) || bytes.ContainsAny(b, "/ ,(") {
		return 0, 0
	}
	return start, stop
}

// unsealKey finds a share of the key that opens a Vault.
func unsealKey(text []byte, at, end int) (int, int) {
	for i := end; i < len(text) && i < end+24 && text[i] != '\n'; i++ {
		if stop := while(text, i, classBase64, 80); stop-i >= 40 && drawn(text[i:stop]) {
			return i, stop
		}
	}
	return 0, 0
}

// callArguments are the functions that take a password, with the place of it
// among their arguments.
var callArguments = map[string]int{
	"networkcredential": 2, "directoryentry": 3, "httpbasicauth": 2, "basicauth": 2, "usernamepasswordcredentials": 2,
}

// credentialCall finds the password among the arguments of a call, where it
// is written out.
func credentialCall(text []byte, at, end int) (int, int) {
	n := callArguments[lower(text[at:end])]
	i := while(text, end, classSpace, 4)
	if n == 0 || byteAt(text, i) != '(' {
		return 0, 0
	}
	for i++; i < len(text) && i < end+300; i++ {
		switch c := text[i]; c {
		case ',':
			n--
		case ')':
			return 0, 0
		case '"', '\'':
			start := i + 1
			for i = start; i < len(text) && i < start+maxValue && text[i] != c; i++ {
				if text[i] == '\n' {
					return 0, 0
				}
			}
			if n == 1 {
				if b := text[start:i]; len(b) < 4 || placeholder(b) {
					return 0, 0
				}
				return start, i
			}
		}
	}
	return 0, 0
}

// oracleLogin finds the password in jdbc:oracle:thin:user/password@host.
func oracleLogin(text []byte, at, end int) (int, int) {
	slash := while(text, end+1, classKey, 40)
	at2 := slash
	for at2 < len(text) && at2 < slash+64 && text[at2] != '@' && !isSpace(text[at2]) {
		at2++
	}
	if byteAt(text, at-1) != ':' || byteAt(text, end) != ':' || slash == end+1 || byteAt(text, slash) != '/' || byteAt(text, at2) != '@' || at2-slash < 4 || placeholder(text[slash+1:at2]) {
		return 0, 0
	}
	return slash + 1, at2
}
