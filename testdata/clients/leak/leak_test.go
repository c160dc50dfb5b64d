package leak_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"

	"maskit/testdata/clients/leak"
	"maskit/testdata/clients/planted"
)

// escapeAll writes every character as \uXXXX, as no sane encoder does.
func escapeAll(s string) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, `\u%04X`, unit)
	}
	return b.String()
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func TestFind(t *testing.T) {
	encode := map[string]func(string) string{
		"raw":               func(s string) string { return s },
		"upper case":        strings.ToUpper,
		"json":              quote,
		"json in json":      func(s string) string { return quote(`{"to":` + quote(s) + `}`) },
		"json three deep":   func(s string) string { return quote(quote(quote(s))) },
		"json, all escaped": escapeAll,
		"query":             url.QueryEscape,
		"path":              url.PathEscape,
		"json in a query":   func(s string) string { return url.QueryEscape(quote(s)) },
		"base64 at 0":       func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		"base64 at 1":       func(s string) string { return base64.StdEncoding.EncodeToString([]byte("x" + s + "yz")) },
		"base64 at 2":       func(s string) string { return base64.StdEncoding.EncodeToString([]byte("xy" + s + "z")) },
		"base64url at 1":    func(s string) string { return base64.URLEncoding.EncodeToString([]byte("x" + s)) },
		"hex":               func(s string) string { return hex.EncodeToString([]byte(s)) },
	}
	for _, v := range planted.Set(planted.New(5)) {
		for name, enc := range encode {
			if leak.Look([]byte(`{"a":"`+enc(v.Text)+`"}`)).Find(v.Text) == "" {
				t.Errorf("%s: %s not found", v.Kind, name)
			}
		}
	}
}

func TestFindNothing(t *testing.T) {
	clean := leak.Look([]byte(`{"content":"EMAIL7TX3W9KD wrote \"50 % off\" to PHONE2BCD4FGH \u00fc\ud83e\udd85 %zz \uZZ \\"}`))
	for _, v := range planted.Set(planted.New(5)) {
		if form := clean.Find(v.Text); form != "" {
			t.Errorf("%s: found as %s in a clean text", v.Kind, form)
		}
	}
}
