package vault

// Secret is a configured value that must never be shown: however it is
// printed, logged or marshalled it reads "<secret>" (or "" when empty). Reveal
// is the one way to its text.
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

// GoString implements fmt.GoStringer, so that %#v shows nothing either.
func (s Secret) GoString() string { return s.String() }

// MarshalText implements encoding.TextMarshaler for JSON, YAML and loggers.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
