package detect

import (
	"bytes"
	"hash/fnv"
	"strings"
)

// keyRules find providers' keys by the prefix they are given out with.
var keyRules = []Rule{
	{
		Name: "anthropic-key", Kind: APIKey, Score: 1,
		Prefixes: []string{"sk-ant-"},
		Body:     body{classKey, 24, 200, anthropicLooks},
		Hits: []string{
			"«sk-ant-api03-jSq6OMjv1syXaEUE0bvOckLeGtCKy8lvZdko3eOJgV8THf2iyzRekyZNSby5d9ScikGYuqQhsrxML3X3N3rQXwQaQAAA»",
			"key=«sk-ant-oat01-kD82mPq0sLw93nXv7bRt5yUe1iGh4jAc6zFo»",
		},
		Misses: []string{"sk-ant-api03-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "sk-ant-...", "sk-ant-your-key-here-please-replace", "sk-ant-api03-abc123xyz-456de-klMnopqrstuvwx-3456yza789bcde-1234fghijklmnopAA"},
	},
	{
		Name: "openai-key", Kind: APIKey, Score: 0.95,
		Prefixes: []string{"sk-"},
		Body:     body{classKey, 20, 250, func(body []byte) bool { return !hasPrefix(body, "ant-") && letterAndDigit(body) }},
		Hits: []string{
			"Authorization: Bearer «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»",
			"«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»",
			"키는 «sk-abcdefghij1234567890abcd»입니다",
		},
		Misses: []string{"sk-learn-is-a-library-for-machines", "task-1234567890abcdefghijkl", "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "sk-1234"},
	},
	{
		Name: "maskit-key", Kind: APIKey, Score: 1, // This program's own, of clients and operators.
		Prefixes: []string{"mkc_", "mko_"},
		Body:     body{classWord, 58, 58, varied},
		Hits:     []string{"key «mko_hxpigm26hy7pkyb3uahdbc7kcfzei2kqnbk34hx4yvbuz4c7o6xqo5ceqe» opens it"},
		Misses:   []string{"mko_hxpigm26hy7pkyb3uahdbc7kcfzei2kqn", "mkc_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
	},
	{
		Name: "aws-access-key", Kind: APIKey, Score: 0.95,
		Prefixes: []string{"AKIA", "ASIA", "ABIA", "ACCA"},
		Body:     body{classUpper32, 16, 16, awsLooks},
		Hits:     []string{"«AKIAIOSFODNN7UNSHOWN»", "aws_access_key_id = «AKIAY34FZKBOKMUTVV7A»", "{\"id\":\"«ASIA2B7CQ4K5XN6WTR3P»\"}"},
		Misses:   []string{"AKIAXXXXXXXXXXXXXXXX", "TODAYINASIAASACKOFRICEFELLOVER", "AKIAIOSFODNN7", "AKIAIOSFODNN7EXAMPLE", "xAKIAIOSFODNN7EXAMPLE"},
	},
	{
		Name: "github-token", Kind: APIKey, Score: 1,
		Prefixes: []string{"ghp_", "gho_", "ghu_", "ghs_", "ghr_"},
		Body:     body{classWord, 36, 255, varied},
		Hits: []string{
			"GITHUB_KEY=«ghp_XIxB7KMNdAr3zqWtQqhE94qglHqOzn1D1stg»",
			"http://«ghs_RguXIkihJjwHAP6eXEYxaPNvywurTr5IOAbg»@github.com/username/repo.git",
			"https://me:«gho_psT9pqNFsehnc4se0ZzzR0HBxapxZD35hNHi»@github.com/x/y",
			"令牌«ghp_XIxB7KMNdAr3zqWtQqhE94qglHqOzn1D1stg»。",
		},
		Misses: []string{"ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "ghp_short1234567890", "aghp_XIxB7KMNdAr3zqWtQqhE94qglHqOzn1D1stg"},
	},
	{
		Name: "github-fine-grained-token", Kind: APIKey, Score: 1,
		Prefixes: []string{"github_pat_"},
		Body:     body{classKey, 60, 120, varied},
		Hits:     []string{"«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»"},
		Misses:   []string{"github_pat_xxxxxxxxxxxxxxxxxxxxxx_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "github_pat_11AALKJEA04"},
	},
	{
		Name: "slack-token", Kind: APIKey, Score: 1,
		Prefixes: []string{"xoxb-", "xoxp-", "xoxa-", "xoxe-", "xoxe.xox", "xoxo-", "xoxr-", "xoxs-", "xapp-"},
		Match:    slackToken,
		Hits: []string{
			"SLACK_API_TOKEN=«xoxb-893582989554-899326518131-JRHeVv1o9Cf99fwDpuortR2D»",
			"«xoxp-513768634356-513201028496-513937500594-185e196ace562dd6443b5d29b1d817c2» \"This is a test\"",
			"«xapp-1-A0123456789-1234567890123-c4a1b2c3d4e5f60718293a4b5c6d7e8f»",
			"«xoxe.xoxp-1-Mi0yLTM0MTQwNDE0MDE3Ni0zNTkyMTE0NTQxODQ1LTM1NTc5MDk»",
			"ENV SLACK_TOKEN=\"«xapp-083452001657-ShAYwge/87H4lC3j7lZ48pAL»\"",
		},
		Misses: []string{"xoxb-your-bot-token-goes-here", "xoxb-xxxxxxxxxxxxxxxxxxxxxxxx", "xoxb-1234", "xoxe.xoxp-1-AcmeConfigurationTokenGoesHere"},
	},
	{
		Name: "slack-webhook", Kind: APIKey, Score: 1,
		Prefixes: []string{"hooks.slack.com/"},
		Match:    slackWebhook,
		Hits:     []string{"https://«hooks.slack.com/services/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»", "url: https://«hooks.slack.com/workflows/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»"},
		Misses:   []string{"hooks.slack.com/services/", "hooks.slack.com/services/T000/B000/", "https://hooks.slack.com/services/XXXXXXXXX/XXXXXXXXX/XXXXXXXXXXXXXXXXXXXXXXXX"},
	},
	{
		Name: "stripe-key", Kind: APIKey, Score: 1,
		Prefixes: []string{"sk_live_", "sk_test_", "sk_prod_", "rk_live_", "rk_test_", "rk_prod_", "whsec_"},
		Body:     body{classWord, 16, 250, varied},
		Hits:     []string{"Stripe.api_key = \"«sk_live_dhhfUUyfrAace5dBAZ10JrAD»\"", "stripe(\"«sk_test_nxOdTTuEace5Ajbh3svpG32m»\")", "«rk_live_51HxyzABCdefGHIjkl0123456789»", "«whsec_0Dq3Nn2WBXAv5k8TpaLJ9fsiUw7eYRMZ»"},
		Misses:   []string{"sk_live_xxxxxxxxxxxxxxxxxxxxxxxx", "sk_live_abc", "task_live_dhhfUUyfrAace5dBAZ10JrAD", "pk_live_dhhfUUyfrAace5dBAZ10JrAD"},
	},
	{
		Name: "google-key", Kind: APIKey, Score: 1,
		Prefixes: []string{"AIza"},
		Body:     body{classKey, 35, 35, googleLooks},
		Hits:     []string{"'«AIzaSyB4sU8lU15bR_87qNb7eUVQN72_vv8mpbU»'", "&key=«AIzaSyBnAoO3VNVUco4MXf4enYCVBg6ZnpY49N-»&x"},
		Misses:   []string{"AIzaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "AIzaSyabcdefghijklmnopqrstuvwxyz1234567", "AIzaTesb6Tscfcni8vIpWZqNCXFDFslJtVSvFDqabcd123", "AIZASYCO2CXRMC9ELSKLHLHRMBSWDEVEDZTLO2O"},
	},
	{
		Name: "google-oauth-secret", Kind: APIKey, Score: 1,
		Prefixes: []string{"GOCSPX-"},
		Body:     body{classKey, 24, 40, varied},
		Hits:     []string{"CLIENTSECRET = \"«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»\""},
		Misses:   []string{"GOCSPX-xxxxxxxxxxxxxxxxxxxxxxxxxxxx", "GOCSPX-abc"},
	},
	{
		Name: "google-access-token", Kind: APIKey, Score: 1,
		Prefixes: []string{"ya29."},
		Match:    googleAccessToken,
		Hits:     []string{"'«ya29.Ci_UA7aEsvT6-oVI8f96kvB6i8oO13WgdZUviLaCVtpEPYZqhQcQycR-u2X9xtmYGA»'"},
		Misses:   []string{"ya29.short", "ya29.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
	},
}

// body is what follows the prefix of a key: least to most bytes of a class, and
// then none of that class nor a letter or digit.
type body struct {
	class       class
	least, most int
	looks       func(body []byte) bool // tells keys from placeholders
}

// end returns the end of the body that begins at start, or 0 if there is none.
// stretch is where letters, digits, "-" and "_" end.
func (b *body) end(text []byte, start, stretch int) int {
	end := stretch
	if b.class != classKey {
		end = while(text, start, b.class, b.most+1)
	}
	for b.class == classDotted && end > start && text[end-1] == '.' {
		end-- // the end of a sentence
	}
	if n := end - start; n < b.least || n > b.most || isWord(byteAt(text, end)) || !b.looks(text[start:end]) {
		return 0
	}
	return end
}

// glance is how many bytes of a body are enough to judge it.
const glance = 64

// sketch is what a glance at a body tells.
type sketch struct {
	different       int // characters
	rising, resting int // characters that are one above the one before, or the same
	length          int // of what was looked at
	letter, digit   bool
}

func glanceAt(body []byte) (s sketch) {
	var seen [4]uint64
	body = body[:min(len(body), glance)]
	s.length = len(body)
	for i, c := range body {
		if seen[c>>6]>>(c&63)&1 == 0 {
			seen[c>>6] |= 1 << (c & 63)
			s.different++
		}
		if i > 0 {
			switch c {
			case body[i-1] + 1:
				s.rising++
			case body[i-1]:
				s.resting++
			}
		}
		s.letter = s.letter || isLetter(c)
		s.digit = s.digit || isDigit(c)
	}
	return s
}

// varied reports whether body looks drawn by lot: of at least 5 different
// characters, and neither the alphabet nor for the most part one character.
func varied(body []byte) bool {
	s := glanceAt(body)
	return s.different >= 5 && s.rising <= s.length*3/4 && s.resting <= s.length/2
}

// anthropicLooks knows the two oldest sorts of key, of which none is short and
// each ends in AA. Of others only the beginning is known.
func anthropicLooks(body []byte) bool {
	if hasPrefix(body, "api03-") || hasPrefix(body, "admin01-") {
		return len(body) > 90 && bytes.HasSuffix(body, []byte("AA")) && letterAndDigit(body)
	}
	return letterAndDigit(body)
}

// googleLooks is varied but for the keys that Google's own samples print.
func googleLooks(body []byte) bool {
	h := fnv.New64a()
	h.Write(body)
	return varied(body) && !printedKeys[h.Sum64()]
}

// printedKeys are the hashes of keys in the samples of Google's SDKs.
var printedKeys = map[uint64]bool{
	0xcf98c636fbb524cd: true, 0xb50299514d4122a8: true, 0xd255566a119c02fe: true, 0xc8ca5897fb9950db: true,
	0xc8720e1c289b7263: true, 0x260277796c662b22: true, 0x4375af8cd29f9c7d: true, 0xd79056677d8f8625: true,
	0xfe80bdc6b410f57d: true, 0xd5e386d4bd36d1d8: true, 0x2e7db3af3eea1f09: true, 0x3525927329a39927: true,
	0x90e96160e25dd580: true, 0x96a4ce9690ad5a5a: true, 0x04fc8f94ff41ae6c: true,
}

// awsLooks is varied but for the keys of Amazon's own documentation.
func awsLooks(body []byte) bool { return varied(body) && string(body[9:]) != "EXAMPLE" }

// letterAndDigit reports whether body has both, and at least 6 different
// characters, and is not for the most part one character.
func letterAndDigit(body []byte) bool {
	s := glanceAt(body)
	return s.letter && s.digit && s.different >= 6 && s.resting <= s.length/2
}

// slackToken finds what follows a prefix of Slack: a number, and then parts
// with hyphens between them.
func slackToken(text []byte, at, end int) (int, int) {
	if number := while(text, end, classWord, 2); !anyDigit(text[end:min(len(text), number+2)]) {
		return 0, 0
	}
	stop := end
	for stop < len(text) && stop < at+300 && (isKey(text[stop]) || text[stop] == '/' || text[stop] == '.' && isWord(byteAt(text, stop+1))) {
		stop++
	}
	for stop > end && !isWord(text[stop-1]) {
		stop--
	}
	if stop-at < 24 || !letterAndDigit(text[end:stop]) || strings.HasSuffix(lower(text[stop-4:stop]), "here") {
		return 0, 0
	}
	return at, stop
}

// slackWebhook finds the path of a web hook, which is its secret.
func slackWebhook(text []byte, at, end int) (int, int) {
	stop := end
	for stop < len(text) && stop < at+200 && (isKey(text[stop]) || text[stop] == '/') {
		stop++
	}
	if stop-end < 40 || !letterAndDigit(text[stop-20:stop]) {
		return 0, 0
	}
	return at, stop
}

// googleAccessToken finds an OAuth token of Google, which may hold dots.
func googleAccessToken(text []byte, at, end int) (int, int) {
	stop := while(text, end, classKey, 1024)
	if stop-end < 24 || !letterAndDigit(text[end:stop]) {
		return 0, 0
	}
	return at, stop
}
