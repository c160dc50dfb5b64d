package vault

import (
	"fmt"
	"io"
)

// Secret is a configured value that must never be shown: however it is
// printed, logged or marshalled it reads "<secret>" (or "" when empty). Reveal
// is the one way to its text. Keep it in exported fields: package fmt cannot
// call the methods of unexported ones and would print those as they are.
type Secret string

// shown is what stands for a secret wherever one would be printed.
const shown = "<secret>"

// Reveal returns the text of the secret.
func (s Secret) Reveal() string { return string(s) }

// String implements fmt.Stringer.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return shown
}

// Format implements fmt.Formatter: there is no verb that shows more than String,
// the wrong ones included.
func (s Secret) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, s.String()) // A State takes all.
}

// MarshalText implements encoding.TextMarshaler for JSON, YAML and loggers.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
