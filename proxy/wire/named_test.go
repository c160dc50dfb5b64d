package wire

import (
	"strconv"
	"strings"
	"testing"
)

// What a setting is called is looked for near the beginning of its object: in a
// string, where equal names are read, each value would else be a search of all.
func TestSettingsAreLinear(t *testing.T) {
	if g := growth(func(n int) {
		body := []byte(`{"x":` + strconv.Quote(`{`+strings.Repeat(`"value":"abcdef",`, n)+`"y":1}`) + `}`)
		text := func([]byte, Emit) error { return nil }
		if _, err := Generic.Request(nil, body, text, passPart); err != nil {
			t.Error(err)
		}
	}, 1000); g > 30 {
		t.Errorf("eight times the text takes %.1f times as long", g)
	}
}
