package planted

import (
	"fmt"
	"strings"
)

// Lookalike has the shape of a token and stands for nothing: it is the
// client's own text and must come back as it is.
const Lookalike = "EMAIL7TX3W9KD"

// phrases put a value of a kind into words that belong to it.
var phrases = map[string]string{
	"EMAIL_ADDRESS":   "to: %s",
	"PHONE_NUMBER":    "phone: %s",
	"PHONE_NUMBER_US": "Or call me at %s after six.",
	"CREDIT_CARD":     "card: %s",
	"IBAN_CODE":       "My IBAN is %s, at a German bank.",
	"US_SSN":          "My social security number is %s.",
	"IP_ADDRESS":      "The server at %s did not answer.",
	"OPENAI_KEY":      "OPENAI_API_KEY=%s",
	"AWS_KEY":         "aws_access_key_id = %s",
	"GITHUB_TOKEN":    "git clone https://%s@github.com/acme/app",
	"PRIVATE_KEY":     "key:\n%s\n",
	"JWT":             "Authorization: Bearer %s",
	ProjectKind:       "note: about %s, you know.",
}

// Text is a user's message that holds all values, each on a line of its own.
func Text(values []Value) string {
	var b strings.Builder
	b.WriteString("Keep all this word for word — \"quoted\", \\escaped\\ and 🙂 too.\n")
	for _, v := range values {
		fmt.Fprintf(&b, phrases[v.Kind]+"\n", v.Text)
	}
	fmt.Fprintf(&b, "The label %s is mine, and 127.0.0.1 is nobody's.", Lookalike)
	return b.String()
}
