package wire

import "testing"

// A path is fixed only if no word of it is the client's: others are looked into.
func TestIsFixed(t *testing.T) {
	for path, want := range map[string]bool{
		"/v1/chat/completions":             true,
		"/v1/chat/completions/":            true,
		"/v1/messages":                     true,
		"/v1/responses/resp_1":             false,
		"/v1beta/models/m:generateContent": false,
		"/v1/chat/completions/more":        false,
		"/v1/unknown":                      false,
		"/":                                false,
		"":                                 false,
	} {
		if got := IsFixed(path); got != want {
			t.Errorf("%q: %t", path, got)
		}
	}
}
