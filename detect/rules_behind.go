package detect

import (
	"bytes"
	"slices"
)

// behindRules find secrets that no sign gives to a name, and those of names that
// say little: a flag's argument, a call, a cell of a table, "the token is ...".
var behindRules = []Rule{
	{
		Name: "secret-behind-name", Kind: Secret, Score: 0.65,
		Long:  16,
		Match: secretBehindName,
		Hits: []string{
			"--token «Kd7Vq2XyT9hWLmRz4NbG» --verbose", "ENV ACME_TOKEN «Kd7Vq2XyT9hWLmRz4NbG»", "System.setProperty(\"ACME_TOKEN\", \"«Kd7Vq2XyT9hWLmRz4NbG»\")", "client.setApiKey(\"«951bc382db9cfee29c68634761dd6e19»\")",
			"var acmeToken string = \"«Kd7Vq2XyT9hWLmRz4NbG»\"", "let acme_token: &str = \"«Kd7Vq2XyT9hWLmRz4NbG»\";", "\"acmeToken\",\"«Kd7Vq2XyT9hWLmRz4NbG»\"", "| API key | «Kd7Vq2XyT9hWLmRz4NbG» |", "my api key is «951bc382db9cfee29c68634761dd6e19», thanks",
			"-SecretKey «wJalrXUtn3EMI7K7MDENGbPxRf2CY»", "token «Kd7Vq2XyT9hWLmRz4NbG==», they say",
		},
		Misses: []string{
			"f(token, userSessionIdentifier2)", "--token-file Kd7Vq2XyT9hWLmRz4NbG", "the token getTheTokenOfTheUser2 is", "token, 951bc382db9cfee29c68634761dd6e19.txt", "csrf_token Kd7Vq2XyT9hWLmRz4NbG", "secret commit 826de5590c75919a8317fddafe58206eebe7ebbc", "setToken(\"${Kd7Vq2XyT9hWLmRz4NbG}\")", "(Ed25519PrivateKey, Ed25519PublicKey)",
		},
	},
	{
		Name: "assigned-key", Kind: Secret, Score: 0.6,
		Names: []string{"key"},
		Match: assignedKey,
		Hits: []string{
			"acmeKey = \"«Kd7Vq2XyT9hWLmRz4NbG»\"", "ACME_KEY=«951bc382db9cfee29c68634761dd6e19»\n", "{\"rest_key\": \"«Kd7Vq2XyT9hWLmRz4NbG»\"}", "<MapsKey>«Kd7Vq2XyT9hWLmRz4NbG»</MapsKey>",
		},
		Misses: []string{
			"key = \"Kd7Vq2XyT9hWLmRz4NbG\"", "public_key = \"Kd7Vq2XyT9hWLmRz4NbG\"", "cacheKey: \"951bc382db9cfee29c68634761dd6e19\"", "primary key: 951bc382db9cfee29c68634761dd6e19", "acmeKey = getTheKeyOfTheUser2()", "acme_key = \"123e4567-e89b-12d3-a456-426614174000\"", "acmeKey = \"AcmeSettingsKey2Value\"",
		},
	},
}

// glue may stand between a name and its value.
const glue = " \t\"'`\\(,|&=:>?@"

// types are words of a declaration or a sentence that may stand there too.
var types = []string{"string", "String", "str", "is", "was"}

// secretBehindName finds a value that looks drawn by lot, stands for itself, and
// has a secret's name right before it, whatever stands between them.
func secretBehindName(text []byte, at, end int) (int, int) {
	start, stop := back(text, at, classToken, 40), while(text, end, classToken, maxValue)
	b := text[start:stop]
	if len(b) > 200 || !alongside(byteAt(text, start-1)) && byteAt(text, start-1) != '|' || !alongside(byteAt(text, stop)) && bytes.IndexByte([]byte(".;|]}"), byteAt(text, stop)) < 0 || byteAt(text, stop) == '.' && isWord(byteAt(text, stop+1)) {
		return 0, 0
	}
	quote := byteAt(text, start-1)
	quoted := (quote == '"' || quote == '\'' || quote == '`') && byteAt(text, stop) == quote
	if !random(b, quoted) {
		return 0, 0
	}
	i, called := start, false
	for range 3 {
		for from := max(0, i-16); i > from && bytes.IndexByte([]byte(glue), text[i-1]) >= 0; i-- {
			called = called || text[i-1] == '('
		}
		word := back(text, i, classWord, 12)
		if !isOneOf(text[word:i], types) {
			break
		}
		i = word
	}
	if i == start || called && !quoted {
		return 0, 0
	}
	nm := name{text: text, at: i}
	if !nm.endsInOne(secretEnds) && !nm.endsInOne(passwordEnds) || nm.endsInOne(openNames) {
		return 0, 0
	}
	return start, stop
}

func isOneOf(b []byte, words []string) bool { return slices.Contains(words, string(b)) }

// random reports whether b looks drawn by lot: from hexadecimal digits, from
// small letters and digits, or from all letters and digits. Outside of quotes it
// must have several digits, which names in programs have not.
func random(b []byte, quoted bool) bool {
	upper, low, digits := count(b)
	switch {
	case digits == 0 || upper+low == 0 || !varied(b) || digits < 3 && !quoted:
		return false
	case upper > 0 && low > 0:
		return drawn(b) && (digits > 1 || changes(b) > len(b)*3/8) && (quoted || breaks3(b))
	}
	return digits >= 3 && breaks3(b)
}

// breaks3 reports whether letters and digits take turns in b at least three
// times, as they do not in what ends in a number.
func breaks3(b []byte) bool {
	n := 0
	for i := 1; i < len(b); i++ {
		if isDigit(b[i]) != isDigit(b[i-1]) {
			n++
		}
	}
	return n >= 3
}

// openKeys are keys that open nothing: names of rows, and what is public. Their
// last letter comes first, as name.ends takes them.
var openKeys = reversed([]string{
	"publickey", "pubkey", "primarykey", "foreignkey", "partitionkey", "sortkey", "cachekey", "rowkey", "shardkey", "routingkey", "idempotencykey", "lookupkey",
	"mapkey", "indexkey", "objectkey", "groupkey", "dedupkey", "storagekey", "filekey", "hostkey", "gpgkey", "pgpkey", "sshkey", "issuekey", "hashkey", "thekey",
	"translationkey", "messagekey", "pagekey", "itemkey", "rangekey", "blobkey", "statekey", "trustkey", "verifykey", "verificationkey", "siphashkey", "nodekey", "peerkey",
})

// assignedKey finds what a name such as acmeKey is given: twenty characters that
// look drawn by lot, and no UUID. A key alone may be any.
func assignedKey(text []byte, at, end int) (int, int) {
	nm := name{text: text, at: back(text, at, classBehindName, 8)}
	if !nm.ends("yek") || !nm.read(4) || nm.space || nm.endsInOne(openKeys) {
		return 0, 0
	}
	v, ok := givenAt(text, at, end)
	if b := text[v.start:v.end]; !ok || len(b) < 20 || len(b) > 128 || uuid(b) || while(b, 0, classToken, len(b)) != len(b) || !random(b, v.quote != 0) {
		return 0, 0
	}
	return secretValue(text, v)
}

// uuid reports whether b has the form of one.
func uuid(b []byte) bool {
	if len(b) != 36 {
		return false
	}
	for i, c := range b {
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (c == '-') || !dash && !isHex(c) {
			return false
		}
	}
	return true
}
