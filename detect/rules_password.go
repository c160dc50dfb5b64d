package detect

import (
	"bytes"
	"slices"
)

// Names whose values are secrets.
var (
	passwordNames = []string{
		"password", "passwd", "pwd", "pass", "passphrase", "passcode", "passwort", "kennwort", "senha", "contraseña", "motdepasse",
		"비밀번호", "암호", "패스워드", "密码", "密碼", "口令", "パスワード", "пароль",
	}
	secretNames = []string{
		"secret", "secretkey", "token", "apikey", "apisecret", "accesskey", "authkey", "privatekey", "accountkey", "encryptionkey",
		"signingkey", "masterkey", "servicekey", "presharedkey", "licensekey", "insertkey", "deploykey", "facebookkey", "consumerkey", "twitterid",
		"secretkeybase", "sonarlogin", "reporterid", "sourcegraph", "postmark", "pat", "crumb", "credential", "credentials", "密钥", "密鑰", "令牌", "토큰",
	}
)

// openNames end as secretNames do, but their values are no secrets. Their last
// letter comes first, as name.ends takes them.
var openNames = []string{
	"nekotfrsc", "nekotfrsx", "nekotcilbup", "nekotbewnosj", "nekottxen", "nekotegap", "nekotnoitaunitnoc", "nekotyticitnehtua",
}

// passwordRules find secrets that have no form of their own by what stands
// before them.
var passwordRules = []Rule{
	{
		Name: "url-password", Kind: Password, Score: 0.9,
		Signs: ":", Next: classSlash,
		Match: urlPassword,
		Hits: []string{
			"postgres://spot_app:«Pseg2020»@calling-mr-bones.c0qsadyxbf4k.us-east-1.redshift.amazonaws.com:5439/db",
			"redis://:«s3cr3tp4ss»@cache:6379/0", "amqp://user:«p@ss»@host.example.com/", "https://kim:«hunter2»@example.com/x?y=z",
			"mongodb://u:«Tr0ub4dor»@h1:27017,h2:27017/db",
		},
		Misses: []string{
			"postgres://user:${DB_PASSWORD}@host/db", "https://user:<password>@host", "https://user:password@host/", "http://localhost:8080/@x",
			"https://user@host/", "https://example.com/a:b@c", "redis://:@cache", "ftp://user:****@host", "https://abc:xyz@example.com/", "mysql://root:{{ pw }}@db",
		},
	},
	{
		Name: "assigned-password", Kind: Password, Score: 0.7,
		Names: passwordNames,
		Match: assignedPassword,
		Hits: []string{
			"password = \"«hunter2»\"", "PASSWORD: «hunter2»", "db_password='«correct horse»'", "pwd=«s3cr3t!»;", "DB_PASSWORD=«correcthorse»\n",
			"{\"password\": \"«p4ssw0rd!»\"}", "\"userPassword\":\"«qwertz»\"", "form.password == '«hunter2»'", "Server=h;User Id=u;Password=«myPassword1»;Database=d",
			"passphrase: «Tr0ub4dor&3»", "비밀번호: «abcd1234»", "密码：«abcd1234»", "export PGPASSWORD=«hunter2»\n", "?user=kim&password=«abc123»&x=1",
			"**Password:** «hunter2»", "PASS=«hunter22»\n", "password := \"«open-sesame»\"",
		},
		Misses: []string{
			"password: true", "password = os.environ[\"PW\"]", "password = process.env.DB_PASSWORD", "password=${PW}", "password: <your-password>", "password = \"\"",
			"password: ********", "password = getpass.getpass()", "password: str", "password: string;", "def f(user, password=None):", "password=password", "password = \"password\"",
			"password: xxxxxxxx", "password=changeme", "Password: must be at least 8 characters", "password: \"{{ .Values.password }}\"", "PWD=/home/kim/x1", "compass: n0rth",
			"password = $_POST['pw1']", "password_min_length = 12", "Enter your password:", "--- PASS: TestList2/Modules", "\"PWD\": \"/home/kim/project\"", "password: \"Please enter a password\"", "the password: it is long", "password = args.password2",
		},
	},
	{
		Name: "said-password", Kind: Password, Score: 0.6,
		Words: []string{"password", "passwort", "passcode", "passphrase", "pwd", "passwd"},
		Match: saidPassword,
		Hits: []string{
			"my password is «hunter2»", "the password for user 'kim' is '«blooberry»'", "The default Password is '«blooberry»'", "the password was «Tr0ub4dor&3».", "machine api.github.com login kim password «012345abcdef»",
		},
		Misses: []string{"the password is wrong", "password is required", "your password is too short", "the password 2024 policy"},
	},
	{
		Name: "assigned-secret", Kind: Secret, Score: 0.7,
		Names: secretNames,
		Match: assignedSecret,
		Hits: []string{
			"aws_secret_access_key = «wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»", "clientSecret:'«9363cb456dda6402cb71d65092490e75c9f11873»'", "\"api_key\": \"«6fe4476ee5a1832882e326b506d14126»\"",
			"X-API-Key: «c4ed6c21-9dd5-4a05-8e3f-c56d1151cce8»", "token=«3fea6af1349166ea»&x=1", "API key: «a8f5f167f44f4964e6c998dee827110c»", "jwt:\n  secret: \"«acb1ca5bc8d7fb2ef9f890f1be16d964»\"",
			"AccountKey=«Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq==»;", "API_TOKEN=«d8e8fca2dc0f896fd7cb4cb0031ba249»", "secret: '«development#product»'",
		},
		Misses: []string{
			"secret: true", "csrf-token=Mj2qykJO5rELyHgezQ69nzUX0i3OH67V", "nextToken: \"Mj2qykJO5rELyHgezQ69nzUX0i3OH67V\"", "os.environ[\"ANTHROPIC_API_KEY\"]", "CSRF_TOKEN_NAME = 'csrftoken'", "token: \"refresh\"", "secret: kubernetes-tls", "max_tokens: 4096", "\"total_tokens\": 12345678",
			"api_key=os.getenv(\"OPENAI_API_KEY2\")", "apiKey: process.env.API_KEY_2", "token = <your-token-123>", "api_key: \"YOUR_API_KEY_1\"", "apikey=xxxxxxxxxxxxxxxx", "token: ${TOKEN_1}",
			"token_url: https://login.example.com/oauth2", "secret = get_secret(\"name1234\")", "token := parser.next1()", "access_token: string", "_token = r'(?:[%s]+|%s)1'", "\"token\": \"synthetic-token-%d2\"", "api_key = settings.API_KEY_1",
		},
	},
	{
		Name: "authorization", Kind: Secret, Score: 0.8,
		Names: []string{"authorization"},
		Match: authorization,
		Hits: []string{
			"Authorization: Bearer «cfcabd11c7ed9a41b1a3e063c32d5114»", "curl -H 'Authorization: Basic «YnJvd3Nlcjo=»' x", "\"Authorization\": \"Token «22cb987851bc5659229114c62e60c79abd0d2c08»\"",
			"authorization: «5eb4223e-5008-46e5-be67-c7b8f2732305»", "authorization: bearer «Kd7Vq2XyT9hWLmRz4NbGc6Fj»",
		},
		Misses: []string{
			"Authorization: Bearer ${env.AUTH_TOKEN}", "Authorization: Bearer $API_KEY1", "Authorization: Bearer <token1234>", "Authorization: Bearer XXXXXXXXXXXX", "Authorization: Bearer token",
			"Authorization: Basic ...", "authorization: required", "Authorization: Token **********", "Authorization: Bearer $(gcloud auth print-access-token)", "Authorization: Bearer {token12}",
		},
	},
}

// urlPassword finds the password of a URL by the ":" of its "://".
func urlPassword(text []byte, at, end int) (int, int) {
	if !hasPrefix(text[end:], "//") || !isWord(byteAt(text, at-1)) {
		return 0, 0
	}
	start, last, colon := end+2, 0, 0
	for i := start; i < len(text) && i < start+512; i++ {
		switch c := text[i]; {
		case c == '@':
			last = i
		case c == ':' && colon == 0 && last == 0:
			colon = i
		case c == '/', c == '?', c == '#', c == '"', c == '\'', c == '`', c == '\\', isSpace(c), c == ',' && last > 0:
			i = len(text)
		}
	}
	if colon == 0 || last == 0 || placeholder(text[colon+1:last]) || last-colon < 3 || last-colon < 5 && hasPrefix(text[last:], "@example.") {
		return 0, 0
	}
	return colon + 1, last
}

// assignedPassword finds what a name such as db_password is given.
func assignedPassword(text []byte, at, end int) (int, int) {
	if text[at] == ':' && at >= 4 && string(text[at-4:at]) == "PASS" {
		return 0, 0 // a test that passed
	}
	v, ok := givenAt(text, at, end)
	if !ok || v.quote == 0 && !v.strange(text) && !v.tight(text, at) && !v.paired(text, at) || byteAt(text, back(text, at, classDotted, 40)-1) == '/' {
		return 0, 0
	}
	b := text[v.start:v.end]
	if len(b) < 4 || placeholder(b) || bytes.Count(b, []byte(" ")) > 1 || namesItself(text, at, b) || text[at] == ':' && isLetter(byteAt(text, at+2)) && text[at+1] == ':' {
		return 0, 0
	}
	return v.start, v.end
}

// namesItself reports whether b is the name before the sign at once more, as in
// lists of names: USER_PASSWORD: "userPassword".
func namesItself(text []byte, at int, b []byte) bool {
	nm := name{text: text, at: back(text, at, classBehindName, 8)}
	for i, n := len(b)-1, 0; i >= 0 && n < maxName; i-- {
		if c := b[i]; isWord(c) {
			if isUpper(c) {
				c |= 0x20
			}
			if n++; !nm.read(n) || nm.letter[n-1] != c {
				return false
			}
		}
	}
	return true
}

// assignedSecret finds what a name such as client_secret is given.
func assignedSecret(text []byte, at, end int) (int, int) {
	nm := name{text: text, at: back(text, at, classBehindName, 8)}
	if slices.ContainsFunc(openNames, nm.ends) {
		return 0, 0
	}
	v, ok := givenAt(text, at, end)
	if !ok {
		return 0, 0
	}
	if b := text[v.start:v.end]; v.quote != 0 && len(b) >= 8 && byteAt(text, at-1) == '!' && nm.ends("terces") && !placeholder(b) && bytes.IndexByte(b, ' ') < 0 {
		return v.start, v.end // secret != "open-sesame"
	}
	if b := text[v.start:v.end]; namesItself(text, at, b) || bytes.Contains(b, []byte("[0-9")) || bytes.HasPrefix(b, []byte("ABCDEFGH")) {
		return 0, 0 // a list of names, or a pattern
	}
	return secretValue(text, v)
}

// givenAt reads the value behind the sign at that ends at end. Behind ">" it
// must be the content of an element: <password>value</password>.
func givenAt(text []byte, at, end int) (value, bool) {
	v := valueAt(text, end)
	if text[at] != '>' {
		return v, true
	}
	name := back(text, at, classDotted, 40)
	v.quote = '>' // the tags are as good as quotes
	return v, byteAt(text, name-1) == '<' && hasPrefix(text[v.end:], "</")
}

// authorization finds the credentials of an Authorization header, behind the
// name of their scheme.
func authorization(text []byte, at, end int) (int, int) {
	v := valueAt(text, end)
	basic := false
	if scheme := while(text, v.start, classKey, 20); scheme > v.start && byteAt(text, scheme) == ' ' {
		basic = lower(text[v.start:scheme]) == "basic"
		quote := v.quote
		v = bareAt(text, scheme+1)
		v.quote = quote
	} else {
		v = bareAt(text, v.start)
	}
	if b := text[v.start:v.end]; basic && len(b) >= 8 && !placeholder(b) && while(b, 0, classBase64, len(b)) == len(b) {
		return v.start, v.end
	}
	return secretValue(text, v)
}

// secretValue returns v if it looks drawn by lot: at least 8 characters with
// letters and digits or with signs, and no placeholder.
func secretValue(text []byte, v value) (int, int) {
	b := text[v.start:v.end]
	if len(b) < 8 || placeholder(b) || bytes.IndexByte(b, ' ') >= 0 || bytes.Contains(b, []byte("://")) {
		return 0, 0
	}
	if dotted(b) || hasPrefix(text[v.end:], "..") || hasPrefix(b, "arn:") {
		return 0, 0 // cut short, or a name of something
	}
	if !letterAndDigit(b) && (v.quote == 0 || !varied(b) || !bytes.ContainsAny(b, "#!$%&*+^=~?")) || v.quote == 0 && !v.strange(text) {
		return 0, 0
	}
	return v.start, v.end
}

// dotted reports whether b is a name of three parts or more, such as
// oauth2.google.serviceAccount.
func dotted(b []byte) bool {
	_, _, digits := count(b)
	return digits <= 2 && bytes.Count(b, []byte(".")) >= 2 && while(b, 0, classDotted, len(b)) == len(b)
}

// saidPassword finds the value in "the password is ..." and in the lines of a
// netrc file.
func saidPassword(text []byte, at, end int) (int, int) {
	i := end
	switch rest := text[end:]; {
	case hasPrefix(rest, " is "), hasPrefix(rest, " was "), hasPrefix(rest, " ist "):
		i = end + 1 + bytes.IndexByte(rest[1:], ' ')
	case hasPrefix(rest, " for "):
		is := bytes.Index(rest[:min(len(rest), 64)], []byte(" is "))
		if is < 0 || bytes.IndexByte(rest[:is], '\n') >= 0 {
			return 0, 0
		}
		i = end + is + len(" is")
	case byteAt(text, end) == ' ' && bytes.Contains(text[max(0, at-80):at], []byte("login ")):
	case byteAt(text, end) == ' ' && (byteAt(text, end+1) == '"' || byteAt(text, end+1) == '\''):
		// password 'secret', in the language of Gradle and of others
		v := valueAt(text, end+1)
		b := text[v.start:v.end]
		if line := text[:at]; len(b) < 4 || while(line, bytes.LastIndexByte(line[max(0, at-80):], '\n')+1+max(0, at-80), classSpace, 80) != at || variable(b) || bytes.ContainsAny(b, " {}$<>") {
			return 0, 0
		}
		return v.start, v.end
	default:
		return 0, 0
	}
	v := valueAt(text, i)
	b := text[v.start:v.end]
	if len(b) < 4 || placeholder(b) || v.quote == 0 && !v.strange(text) || bytes.Count(b, []byte(" ")) > 1 {
		return 0, 0
	}
	return v.start, v.end
}
