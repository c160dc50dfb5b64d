package config

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

// setting is one key that a file may hold.
type setting struct {
	path string       // such as proxy.upstreams.NAME.url or vault.keys[]
	typ  reflect.Type // of its value
}

// example is the path under which the example file shows the key.
func (s setting) example() string {
	path := strings.NewReplacer(
		"upstreams.NAME", "upstreams.openai", "parts.NAME", "parts.image", "thresholds.NAME", "thresholds.PHONE_NUMBER",
		"actions.NAME", "actions.CREDIT_CARD", "analyzer.kinds.NAME", "analyzer.kinds.PER", "kinds.NAME", "kinds.PRIVATE_KEY", "tools.NAME.NAME", "tools.send_*.API_KEY",
		"policies.NAME", "policies.support", "upstream_keys.NAME", "upstream_keys.openai", "roles.NAME", "roles.platform-team",
		"headers.NAME", "headers.x-collector-key",
	).Replace(s.path)
	return strings.ReplaceAll(path, "[]", "[0]")
}

// allKeys lists the keys of every section, in order.
func allKeys() []setting {
	var keys []setting
	var walk func(t reflect.Type, path string)
	walk = func(t reflect.Type, path string) {
		if t == policyType && path != defaultPath { // It has the same keys.
			keys = append(keys, setting{path + ".from", reflect.TypeFor[string]()}, setting{path + ".doc", reflect.TypeFor[string]()})
			return
		}
		switch t.Kind() {
		case reflect.Struct:
			for _, f := range fieldsOf(t) {
				walk(t.FieldByIndex(f.index).Type, join(path, f.key))
			}
		case reflect.Map:
			walk(t.Elem(), path+".NAME")
		case reflect.Slice:
			if t.Elem().Kind() == reflect.Struct {
				walk(t.Elem(), path+"[]")
				return
			}
			keys = append(keys, setting{path, t})
		default:
			keys = append(keys, setting{path, t})
		}
	}
	walk(reflect.TypeFor[Config](), "")
	return keys
}

const (
	document  = "../docs/CONFIGURATION.md"
	tableHead = "| key | type | default | meaning |\n|---|---|---|---|\n"
)

// The table in docs/CONFIGURATION.md is made from the example file: its comment
// above a key is the key's meaning.
func TestDocument(t *testing.T) {
	doc, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	table := regexp.MustCompile(`(?s)<!-- keys -->\n.*<!-- /keys -->\n`)
	if !table.Match(doc) {
		t.Fatal(document + " has no place for the table")
	}
	want := "<!-- keys -->\n" + tableHead + rows(t) + "<!-- /keys -->\n"
	golden(t, document, table.ReplaceAllLiteralString(string(doc), want))
}

func rows(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(commentedOut.ReplaceAll(data, []byte("$1$2"))), "\n")
	d := newDecoder(Lookups{Env: lookups.Env, File: func(string) ([]byte, error) { return nil, nil }})
	d.document([]byte(strings.Join(lines, "\n")), Default())
	var b strings.Builder
	for _, key := range allKeys() {
		at, ok := d.places[key.example()]
		if !ok {
			t.Fatalf("the example does not show %s", key.path)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", key.path, typeName(key.typ), defaultOf(key.path), meaning(lines[:at.line-1]))
	}
	return b.String()
}

// meaning is the comment that ends the lines, or the nearest one above them if
// the key shares it with those before it.
func meaning(lines []string) string {
	end := len(lines)
	for end > 0 && !strings.HasPrefix(strings.TrimSpace(lines[end-1]), "#") {
		end--
	}
	begin := end
	for begin > 0 && strings.HasPrefix(strings.TrimSpace(lines[begin-1]), "#") {
		begin--
	}
	var words []string
	for _, l := range lines[begin:end] {
		words = append(words, strings.Fields(strings.TrimLeft(l, " #"))...)
	}
	return strings.ReplaceAll(strings.Join(words, " "), "|", `\|`)
}

func typeName(t reflect.Type) string {
	switch t.String() {
	case "time.Duration":
		return "duration"
	case "proxy.ByteSize":
		return "size"
	case "vault.Secret":
		return "secret"
	}
	switch t.Kind() {
	case reflect.Slice:
		return "list of " + typeName(t.Elem())
	case reflect.String:
		return "text"
	case reflect.Int, reflect.Float64:
		return "number"
	}
	return t.Kind().String()
}

// defaultOf is the default at path, empty where there is none to show.
func defaultOf(path string) string {
	v := reflect.ValueOf(*Default())
	for key := range strings.SplitSeq(path, ".") {
		if key == "NAME" || strings.HasSuffix(key, "[]") {
			return ""
		}
		if v.Kind() == reflect.Map {
			return ""
		}
		f, _ := fieldsOf(v.Type()).find(key)
		v = v.FieldByIndex(f.index)
	}
	if path == "vault.url" {
		return "`memory:`"
	}
	if v.Kind() == reflect.Slice || v.Kind() == reflect.String && v.Len() == 0 {
		return ""
	}
	text := fmt.Sprint(v)
	if v.Type() == reflect.TypeFor[time.Duration]() { // 720h0m0s reads as 720h.
		text = strings.Replace(strings.Replace(text, "m0s", "m", 1), "h0m", "h", 1)
	}
	return "`" + text + "`"
}
