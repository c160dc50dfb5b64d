package detect

import (
	"bytes"
	"slices"
	"strings"
)

// key is the rule of a provider's key: one of the prefixes, which have spaces
// between them, and a body.
func key(name, prefixes string, b body, hits, misses []string) Rule {
	return Rule{Name: name, Kind: APIKey, Score: 1, Prefixes: strings.Fields(prefixes), Body: b, Hits: hits, Misses: misses}
}

// drawn reports whether body has capitals, small letters and digits, in no
// order, as what is drawn by lot from all of them does. If it has no digit, it
// must change between the cases as often as no name in a program does.
func drawn(body []byte) bool {
	upper, small, digit := count(body[:min(len(body), glance)])
	return upper > 0 && small > 0 && (digit > 0 || changes(body) > len(body)*3/8) && varied(body)
}

// changes counts how often a letter is of another case than the one before.
func changes(body []byte) (n int) {
	for i := 1; i < len(body); i++ {
		if isLetter(body[i]) && isLetter(body[i-1]) && isUpper(body[i]) != isUpper(body[i-1]) {
			n++
		}
	}
	return n
}

// small reports whether body has small letters and digits only, and several of
// these.
func small(body []byte) bool {
	upper, small, digit := count(body)
	return upper == 0 && small > 0 && digit >= 3 && varied(body)
}

// bigParts reports whether body has capitals, digits and hyphens only.
func bigParts(body []byte) bool {
	upper, small, digit := count(body)
	return upper > 0 && small == 0 && digit > 0 && bytes.IndexByte(body, '_') < 0 && varied(body)
}

// count counts the characters of each sort.
func count(body []byte) (upper, small, digit int) {
	for _, c := range body {
		switch {
		case isDigit(c):
			digit++
		case isUpper(c):
			upper++
		case isLetter(c):
			small++
		}
	}
	return upper, small, digit
}

// hexParts reports whether body is of 40 or 64 hexadecimal digits, behind the
// name of an instance or not.
func hexParts(body []byte) bool {
	last := bytes.LastIndexByte(body, '_') + 1
	if n := len(body) - last; n != 40 && n != 64 || while(body, last, classHex, len(body)) != len(body) {
		return false
	}
	return varied(body[last:]) && (last == 0 || last == 17 && while(body, 0, classHex, 17) == 16 || string(body[:last]) == "local_")
}

// hexDash reports whether body is of 32 hexadecimal digits, with a version
// behind a hyphen or not.
func hexDash(body []byte) bool {
	return while(body, 0, classHex, 33) == 32 && (len(body) == 32 || body[32] == '-') && letterAndDigit(body)
}

// formKeys find keys whose form is more than a prefix and a body.
var formKeys = []Rule{
	{
		Name: "azure-client-secret", Kind: APIKey, Score: 1,
		Behind: "~",
		Match:  azureClientSecret,
		Hits:   []string{"«Kb28Q~dVt3nYxP0sLw~QhZ5mR7uTcJ1eGfA4iBoH»", "(«.X97Q~vMq2Lk8.tSgWc4RpYdNzB6jHu0FeI5xa-»)", "Create: '«p_38Q~hTz6WqKx.1mVbNs0RdYcUe4GfJiLo7aP9r»'"},
		Misses: []string{"a~b8Q~3wIHjX9DT0yCNfQmr9oxmYrDZo", "bP88Q~xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "0,4~q8Q~3wIHjX9DT0yCNfQmr9oxmYrDZoQVLOdNg~yk0,AQ", "x.pusher~y.ui.visible.left.sidebar.transform.translate"},
	},
	{
		Name: "azure-key", Kind: APIKey, Score: 1,
		Long:   84,
		Match:  azureKey,
		Hits:   []string{"pat = \"«2sKdV7pQxYt9HwLmRz4NbGc6FjTe1UaXo8BqWi3EvSy5DnPhCkZgJQQJ99BFACAAAAALGcqjAAASAZDO3eqU»\""},
		Misses: []string{"2sKdV7pQxYt9HwLmRz4NbGc6FjTe1UaXo8BqWi3EvSy5DnPhCkZg2sKdV7pQxYt9HwLmRz4NbGc6FjTe1UaX"},
	},
	{
		Name: "azure-sas", Kind: Secret, Score: 0.9,
		Names:  []string{"sig"},
		Match:  azureSAS,
		Hits:   []string{"https://acct.example.com/c?sv=2022-11-02&sp=r&sig=«Vx7kQ2mZr9TsLw%2B4NbYcHd8FjGe1UaPo3KqWi6EvR0%3D»", "sig=«Vx7kQ2mZr9TsLw+4NbYcHd8FjGe1UaPo3KqWi6EvR0A=»&se=2030"},
		Misses: []string{"sig = 12345678", "sig=abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrs", "sig: rsa-sha256"},
	},
	{
		Name: "aws-access-key-old", Kind: APIKey, Score: 0.95,
		Prefixes: []string{"A3T"},
		Body:     body{classUpper, 17, 17, letterAndDigit},
		Hits:     []string{"«A3TX7Q4MZK2WVN8RPB5C»"},
		Misses:   []string{"A3TX7Q4MZK2WVN8RPB5", "A3TABCDEFGHIjklmnopq", "A3T00000000000000000"},
	},
	{
		Name: "vault-token-old", Kind: APIKey, Score: 1,
		Behind: ".",
		Match:  vaultTokenOld,
		Hits:   []string{"token: «s.Kd7Vq2XyT9hWLmRz4NbGc6Fj»", "-vaultToken «s.CAESIKd7Vq2XyT9hWLmRz4NbGc6FjTe1UaXo8BqWi3EvSy5DGiYKHGh3cy5sQmlIZVNyTWJN»"},
		Misses: []string{"s.AcceptanceTimeoutSeconds", "s.xxxxxxxxxxxxxxxxxxxxxxxx", "s.thisstringisalllowercase", "s.makeKubeConfigController = args", "b.removeTransientObservers()", "as.Kd7Vq2XyT9hWLmRz4NbGc6Fj"},
	},
	{
		Name: "kagi-token", Kind: APIKey, Score: 0.2,
		Behind: ".",
		Near:   []string{"kagi"},
		Match:  kagiToken,
		Hits:   []string{"kagi «BQCBYTPK-iQ.wKd7Vq2XyT9hWLmRz4NbGc6FjTe1UaXo8BqWi3EvS-y»"},
		Misses: []string{"abcdefghijk.abcdefghijklmnopqrstuvwxyzabcdefghijklmnopq"},
	},
	{
		Name: "discord-token", Kind: APIKey, Score: 1,
		Behind: ".",
		Match:  discordToken,
		Hits:   []string{"bot «MTE4NzY1NDMyMTA5ODc2NTQz.GkLmNo.Kd7Vq2XyT9hWLmRz4NbGc6FjTe1UaXo8BqWi3E»"},
		Misses: []string{"MTE4NzY1NDMyMTA5ODc2NTQz.GkLmNo.short", "github.com.google.common.collect.ImmutableCollections.java"},
	},
	{
		Name: "webhook", Kind: APIKey, Score: 1,
		Prefixes: []string{"discord.com/api/webhooks/", "discordapp.com/api/webhooks/", "hooks.zapier.com/hooks/catch/", "thingsboard.cloud/api/v1/"},
		Match:    webhook,
		Hits:     []string{"https://«discord.com/api/webhooks/1187654321098765432/Kd7Vq2XyT9hWLmRz4NbGc6FjTe1UaXo8BqWi3EvSy5DnPhCkZg-Kd7Vq2XyT9hWLmR»", "coap://coap.«thingsboard.cloud/api/v1/354u1g321kcqc1oad3w7»/telemetry"},
		Misses:   []string{"https://discord.com/api/webhooks/{id}/{token}", "https://hooks.zapier.com/hooks/catch/", "https://thingsboard.cloud/api/v1/attributes"},
	},
	{
		Name: "teams-webhook", Kind: APIKey, Score: 1,
		Words:  []string{"incomingwebhook"},
		Match:  teamsWebhook,
		Hits:   []string{"url = 'https://«outlook.office.com/webhook/0b1e6a52-93c7-4d18-a5f4-7e2d9c80b316@51f0c2de-84a9-4b63-9e17-d06ab3c5f824/IncomingWebhook/8c1d6f0e2b7a4935a1e4d7c09b5f3a26/c7e09d14-5b83-4f6a-92d1-0a3b8e6f7c25»'"},
		Misses: []string{"an IncomingWebhook is set up", "https://outlook.office.com/webhook/IncomingWebhook/"},
	},
	{
		Name: "telegram-token", Kind: APIKey, Score: 1,
		Prefixes: []string{"AAA", "AAB", "AAC", "AAD", "AAE", "AAF", "AAG", "AAH"},
		Match:    telegramToken,
		Hits:     []string{"bot «4839574813:AAEKd7Vq2XyT9hWLmRz4NbGc6FjTe1UaX_o»"},
		Misses:   []string{"AAEKd7Vq2XyT9hWLmRz4NbGc6FjTe1UaX_o", "12:AAEKd7Vq2XyT9hWLmRz4NbGc6FjTe1UaX_o"},
	},
	{
		Name: "twilio-key", Kind: APIKey, Score: 0.9,
		Long:   34,
		Match:  twilioKey,
		Hits:   []string{"env('TWILIO_API','«SK6e84981d07bce5c9df33e1ab043a2fb2»')"},
		Misses: []string{"SKxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "SK00000000000000000000000000000000", "XK6e84981d07bce5c9df33e1ab043a2fb2"},
	},
	{
		Name: "mailchimp-key", Kind: APIKey, Score: 1,
		Long:   32,
		Match:  mailchimpKey,
		Hits:   []string{"'«bd3777708bedfee66c5335f62a6246a4-us13»'"},
		Misses: []string{"bd3777708bedfee66c5335f62a6246a4-user", "bd3777708bedfee66c5335f62a6246a4"},
	},
	{
		Name: "facebook-app-token", Kind: APIKey, Score: 1,
		Behind: "|",
		Match:  facebookAppToken,
		Hits:   []string{"facebook «1308742762612587|Kd7Vq2XyT9hWLmRz4NbGc6FjTe_»"},
		Misses: []string{"1308742762612587|short", "a|Kd7Vq2XyT9hWLmRz4NbGc6FjTe_"},
	},
	{
		Name: "airtable-token", Kind: APIKey, Score: 1,
		Behind: ".",
		Match:  airtableToken,
		Hits:   []string{"«patKd7Vq2XyT9hWLm.1f0c2de84a94b639e17d06ab3c5f8240b1e6a5293c74d18a5f47e2d9c80b316e»"},
		Misses: []string{"patKd7Vq2XyT9hWL.1f0c2de8", "pattern.12345678"},
	},
	{
		Name: "terraform-token", Kind: APIKey, Score: 1,
		Prefixes: []string{"atlasv1."},
		Match:    terraformToken,
		Hits:     []string{"token = \"«Kd7Vq2XyT9hWLm.atlasv1.Kd7Vq2XyT9hWLmRz4NbGc6FjTe1UaXo8BqWi3EvSy5DnPhCkZgKd7Vq2XyT9hWLmRz»\""},
		Misses:   []string{"xxxxxxxxxxxxxx.atlasv1.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "atlasv1.short1"},
	},
	{
		Name: "salesforce-token", Kind: APIKey, Score: 1,
		Prefixes: []string{"00D"},
		Match:    salesforceToken,
		Hits:     []string{"«00DE0X0A0M0QeLF!CJoAQKd7Vq2XyT9hWLmRz4NbGc6FjTe1UaXo8BqWi3EvSy5DnPhCkZg.Kd7Vq2XyT9hWLmRz4NbGc6FjTe1UaXo8»"},
		Misses:   []string{"00DE0X0A0M0QeLF", "00DE0X0A0M0QeLF!short1"},
	},
	{
		Name: "truenas-key", Kind: APIKey, Score: 1,
		Long:   64,
		Match:  truenasKey,
		Hits:   []string{"\"params\":[\"«8-Kd7Vq2XyT9hWLmRz4NbGc6FjTe1UaXo8BqWi3EvSy5DnPhCkZgKd7Vq2XyT9hWLm»\"]"},
		Misses: []string{"x-Kd7Vq2XyT9hWLmRz4NbGc6FjTe1UaXo8BqWi3EvSy5DnPhCkZgKd7Vq2XyT9hWLm"},
	},
	{
		Name: "okta-token", Kind: APIKey, Score: 0.2,
		Prefixes: []string{"000", "001", "002", "003", "004", "005", "006", "007", "008", "009"},
		Match:    oktaToken,
		Near:     []string{"okta"},
		Hits:     []string{"variable \"okta_token\" { x = \"«004EWTpRQT_HJtG_nL-agxacgzYHjxPcG00kJsGzWg»\" }"},
		Misses:   []string{"rookTable = 0023452Lllk2KqjLBvaxANWEgTd7bqjsxjo8aZj0wd", "okta 00000000000000000000000000000000000TUVWXYZ"},
	},
}

// azureClientSecret finds a secret of an Entra application: three characters, a
// digit, "Q~", and 31 to 34 characters more.
func azureClientSecret(text []byte, at, end int) (int, int) {
	start := at - 6
	if start < 0 || text[at-2] != 'Q' || !isDigit(text[at-3]) || azureChar(byteAt(text, start-1)) && text[start-1] != '.' {
		return 0, 0
	}
	for i := start; i < at; i++ {
		if !azureChar(text[i]) {
			return 0, 0
		}
	}
	stop := at
	for stop < len(text) && stop <= at+34 && azureChar(text[stop]) {
		stop++
	}
	for stop > at && text[stop-1] == '.' {
		stop--
	}
	if stop < at+31 || stop > at+34 || !drawn(text[at:stop]) {
		return 0, 0
	}
	return start, stop
}

func azureChar(c byte) bool { return isKey(c) || c == '~' || c == '.' }

// azureKey finds a key of Azure DevOps and of other services, which have their
// signatures at fixed places.
func azureKey(text []byte, at, end int) (int, int) {
	if end-at != 84 || string(text[at+52:at+58]) != "JQQJ99" && string(text[at+76:at+80]) != "AZDO" || !drawn(text[at:end]) {
		return 0, 0
	}
	return at, end
}

// azureSAS finds the signature of a shared access signature: 44 characters of
// base64, as they are or with %-escapes.
func azureSAS(text []byte, at, end int) (int, int) {
	stop := end
	for stop < len(text) && stop < end+80 && (classes[text[stop]]&classBase64 != 0 || text[stop] == '%') {
		stop++
	}
	b := text[end:stop]
	if len(b) < 43 || text[at] != '=' || !drawn(b) || !bytes.HasSuffix(b, []byte("=")) && !bytes.HasSuffix(b, []byte("%3D")) {
		return 0, 0
	}
	return end, stop
}

// vaultTokenOld finds a token of Vault before version 1.10: "s.", "b." or "r."
// and 24 characters, or many more.
func vaultTokenOld(text []byte, at, end int) (int, int) {
	start := at - 2
	if start < 0 || text[start] != 's' && text[start] != 'b' && text[start] != 'r' || isRun(byteAt(text, start-1)) && text[start-1] != '[' {
		return 0, 0
	}
	stop := while(text, end, classKey, 300)
	_, _, digits := count(text[at:stop])
	if n := stop - at; n != 24 && n < 60 || digits < 2 || byteAt(text, stop) == '(' || byteAt(text, stop) == '.' && isWord(byteAt(text, stop+1)) || !drawn(text[at:stop]) {
		return 0, 0
	}
	return start, stop
}

// kagiToken finds a session token of Kagi: 11 and 43 characters of base64url
// with a dot between them.
func kagiToken(text []byte, at, end int) (int, int) {
	start := back(text, at-1, classKey, 12)
	if at-1-start != 11 || byteAt(text, start-1) == '.' {
		return 0, 0
	}
	stop := while(text, at, classKey, 44)
	if stop-at != 43 || byteAt(text, stop) == '.' && isWord(byteAt(text, stop+1)) || !drawn(text[at:stop]) {
		return 0, 0
	}
	return start, stop
}

// discordToken finds the token of a bot: its number in base64, six characters,
// and 27 to 40, with dots between them. It is woken by the first dot.
func discordToken(text []byte, at, end int) (int, int) {
	if end-at != 6 || byteAt(text, end) != '.' || !isKey(byteAt(text, end+1)) {
		return 0, 0
	}
	start := back(text, at-1, classWord, 29)
	stop := while(text, end+1, classKey, 41)
	if n := at - 1 - start; n < 24 || n > 28 || stop-end < 28 || stop-end > 41 || !drawn(text[start:at-1]) || !drawn(text[end:stop]) {
		return 0, 0
	}
	return start, stop
}

// webhook finds an address that lets whoever knows it post.
func webhook(text []byte, at, end int) (int, int) {
	stop := end
	for stop < len(text) && stop < at+200 && (isKey(text[stop]) || text[stop] == '/') {
		stop++
	}
	if text[end-3] == '/' || string(text[end-3:end]) == "v1/" { // the token is one part of the path
		stop = while(text, end, classWord, 64)
	}
	for stop > end && text[stop-1] == '/' {
		stop--
	}
	if stop-end < 20 || !letterAndDigit(text[end:stop]) {
		return 0, 0
	}
	return at, stop
}

// teamsWebhook finds an address that posts to a channel of Microsoft Teams, by
// a word in the middle of it.
func teamsWebhook(text []byte, at, end int) (int, int) {
	urlChar := func(c byte) bool { return isKey(c) || c == '.' || c == '/' || c == '@' || c == '%' }
	if lower(text[at:end]) != "incomingwebhook" || byteAt(text, end) != '/' {
		return 0, 0
	}
	start, stop := at, end
	for start > 0 && start > at-160 && urlChar(text[start-1]) {
		start--
	}
	for stop < len(text) && stop < end+160 && urlChar(text[stop]) {
		stop++
	}
	for start < at && text[start] == '/' {
		start++
	}
	if at-start < 80 || stop-end < 32 {
		return 0, 0
	}
	return start, stop
}

// telegramToken finds the token of a bot: its number, a colon, and 35
// characters that begin with AA.
func telegramToken(text []byte, at, end int) (int, int) {
	start := back(text, at-1, classDigit, 11)
	stop := while(text, at, classKey, 37)
	if byteAt(text, at-1) != ':' || at-1-start < 8 || at-1-start > 10 || stop-at < 33 || stop-at > 36 || !drawn(text[at:stop]) {
		return 0, 0
	}
	return start, stop
}

// twilioKey finds the SID of a key: SK and 32 hexadecimal digits.
func twilioKey(text []byte, at, end int) (int, int) {
	if end-at != 34 || text[at] != 'S' || text[at+1] != 'K' || while(text, at+2, classHex, 33) != end || !small(text[at+2:end]) {
		return 0, 0
	}
	return at, end
}

// mailchimpKey finds 32 hexadecimal digits and the data centre, such as -us13.
func mailchimpKey(text []byte, at, end int) (int, int) {
	if end-at != 32 || !hasPrefix(text[end:], "-us") || while(text, at, classHex, 33) != end {
		return 0, 0
	}
	stop := while(text, end+3, classDigit, 3)
	if stop == end+3 || isWord(byteAt(text, stop)) || !letterAndDigit(text[at:end]) {
		return 0, 0
	}
	return at, stop
}

// facebookAppToken finds the number of an application, a bar, and its secret.
func facebookAppToken(text []byte, at, end int) (int, int) {
	start := back(text, at-1, classDigit, 18)
	stop := while(text, at, classKey, 41)
	if n := at - 1 - start; n < 14 || n > 17 || isWord(byteAt(text, start-1)) || stop-at < 26 || stop-at > 40 || !drawn(text[at:stop]) {
		return 0, 0
	}
	return start, stop
}

// airtableToken finds "pat", 14 characters, a dot, and 64 hexadecimal digits.
func airtableToken(text []byte, at, end int) (int, int) {
	start := at - 18
	if end-at != 64 || start < 0 || string(text[start:start+3]) != "pat" || while(text, at, classHex, 65) != end || while(text, start, classWord, 18) != at-1 {
		return 0, 0
	}
	return start, end
}

// terraformToken finds 14 characters, ".atlasv1.", and about 67 more.
func terraformToken(text []byte, at, end int) (int, int) {
	start := back(text, at-1, classWord, 20)
	stop := while(text, end, classKey, 120)
	if byteAt(text, at-1) != '.' || at-1-start < 14 || stop-end < 60 || !varied(text[end:stop]) {
		return 0, 0
	}
	return start, stop
}

// salesforceToken finds the number of an organisation, "!", and the session.
func salesforceToken(text []byte, at, end int) (int, int) {
	bang := while(text, end, classWord, 16)
	if n := bang - at; n < 12 || n > 18 || byteAt(text, bang) != '!' {
		return 0, 0
	}
	stop := while(text, bang+1, classDotted, 200)
	for stop > bang && text[stop-1] == '.' {
		stop--
	}
	if stop-bang < 60 || !drawn(text[bang:stop]) {
		return 0, 0
	}
	return at, stop
}

// truenasKey finds a small number, a hyphen, and 64 characters.
func truenasKey(text []byte, at, end int) (int, int) {
	start := back(text, at-1, classDigit, 4)
	quote := byteAt(text, start-1)
	if end-at != 64 || byteAt(text, at-1) != '-' || start == at-1 || quote != '"' && quote != '\'' || !drawn(text[at:end]) {
		return 0, 0
	}
	return start, end
}

// oktaToken finds "00" and 40 characters, which are nothing without a word
// that says so.
func oktaToken(text []byte, at, end int) (int, int) {
	stop := while(text, end, classKey, 41)
	if stop-at != 42 || slices.Contains(text[at:stop], '.') || !drawn(text[at:stop]) {
		return 0, 0
	}
	return at, stop
}
