package admin

import (
	"encoding/json"
	"fmt"
	"math"
	"mime"
	"slices"
	"strings"
	"testing"
)

// described is the document, read.
var described = func() map[string]any {
	text, err := document(routes(), "test")
	if err != nil {
		panic(err)
	}
	var d map[string]any
	if err := json.Unmarshal(text, &d); err != nil {
		panic(err)
	}
	return d
}()

// in walks down objects by names.
func in(v any, names ...string) any {
	for _, name := range names {
		object, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = object[name]
	}
	return v
}

// Every answer that a test of this package gets is one that the document says:
// this is called for each.
func conforms(t *testing.T, method, path string, r reply) {
	t.Helper()
	if !strings.HasPrefix(path, "/api/") && !slices.Contains([]string{"/analyze", "/anonymize", "/recognizers", "/supportedentities"}, path) {
		return
	}
	path, _, _ = strings.Cut(path, "?")
	operation := in(described, "paths", pathOf(path), strings.ToLower(method))
	if operation == nil {
		return // There is none, which is what the answer says.
	}
	response := in(operation, "responses", "200")
	media, _, err := mime.ParseMediaType(r.header.Get("Content-Type"))
	if r.status != 200 {
		response = in(operation, "responses", "default")
	}
	content := in(response, "content", media)
	if err != nil || content == nil {
		t.Errorf("%s %s: an answer %d of the type %q is not in the document", method, path, r.status, media)
		return
	}
	schema := in(content, "schema")
	if media != "application/json" || schema == nil || r.status != 200 && !strings.HasPrefix(path, "/api/") {
		return // Presidio's failures have their own shape.
	}
	var answer any
	if err := json.Unmarshal([]byte(r.body), &answer); err != nil {
		t.Errorf("%s %s: %v", method, path, err)
		return
	}
	if fault := fits(schema, answer, ""); fault != "" {
		t.Errorf("%s %s: %s", method, path, fault)
	}
}

// pathOf finds the path of the table that a path of a request is one of.
func pathOf(path string) string {
	parts := strings.Split(path, "/")
	best := path
	for _, r := range routes() {
		pattern := strings.Split(r.path, "/")
		same := len(pattern) == len(parts)
		for i := 0; same && i < len(parts); i++ {
			same = pattern[i] == parts[i] || strings.HasPrefix(pattern[i], "{")
		}
		if r.path == path {
			return path
		}
		if same {
			best = r.path
		}
	}
	return best
}

// fits says where a value is not of its schema, "" if it is. It knows the words of
// JSON Schema that the document uses, and refuses others.
func fits(schema, v any, at string) string {
	s, ok := schema.(map[string]any)
	if !ok {
		return at + ": there is no schema"
	}
	if ref, ok := s["$ref"].(string); ok {
		return fits(in(described, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...), v, at)
	}
	if several, ok := s["oneOf"].([]any); ok {
		n := 0
		for _, one := range several {
			if fits(one, v, at) == "" {
				n++
			}
		}
		if n != 1 {
			return fmt.Sprintf("%s: fits %d of several schemas", at, n)
		}
		return ""
	}
	for word := range s {
		if !slices.Contains([]string{"type", "properties", "required", "items", "additionalProperties", "enum", "description", "format"}, word) {
			return at + ": the test does not know the word " + word
		}
	}
	if fault := isOf(s["type"], v); fault != "" {
		return at + ": " + fault
	}
	if values, ok := s["enum"].([]any); ok && !slices.Contains(values, v) {
		return at + ": is none of its enumeration"
	}
	switch v := v.(type) {
	case []any:
		for i, e := range v {
			if fault := fits(s["items"], e, fmt.Sprintf("%s[%d]", at, i)); fault != "" {
				return fault
			}
		}
	case map[string]any:
		return membersFit(s, v, at)
	}
	return ""
}

func membersFit(s, v map[string]any, at string) string {
	if required, ok := s["required"].([]any); ok {
		for _, name := range required {
			if _, there := v[name.(string)]; !there {
				return fmt.Sprintf("%s: %s is missing", at, name)
			}
		}
	}
	for name, value := range v {
		schema := in(s, "properties", name)
		if schema == nil {
			schema = s["additionalProperties"]
		}
		if schema == nil && len(s) > 0 {
			return fmt.Sprintf("%s: %s is not in the document", at, name)
		}
		if fault := fits(schema, value, at+"."+name); fault != "" {
			return fault
		}
	}
	return ""
}

// isOf says whether a value is of a type, or of one of several.
func isOf(want, v any) string {
	if want == nil {
		return ""
	}
	names, many := want.([]any)
	if !many {
		names = []any{want}
	}
	got := "null"
	switch v := v.(type) {
	case string:
		got = "string"
	case bool:
		got = "boolean"
	case float64:
		got = "number"
		if v == math.Trunc(v) && slices.Contains(names, "integer") {
			got = "integer"
		}
	case []any:
		got = "array"
	case map[string]any:
		got = "object"
	}
	if !slices.Contains(names, any(got)) {
		return fmt.Sprintf("is %s, not %v", got, names)
	}
	return ""
}

// The document has each route of the table, ids that are not used twice, and no
// reference that leads nowhere.
func TestDocument(t *testing.T) {
	ids := map[string]bool{}
	for _, r := range routes() {
		op := in(described, "paths", r.path, strings.ToLower(r.method))
		id, _ := in(op, "operationId").(string)
		if id == "" || ids[id] || in(op, "summary") == "" {
			t.Errorf("%s %s: id %q", r.method, r.path, id)
		}
		ids[id] = true
		if r.in != nil && in(op, "requestBody", "content", "application/json", "schema") == nil {
			t.Errorf("%s: the body is not described", id)
		}
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok && in(described, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...) == nil {
				t.Errorf("%s leads nowhere", ref)
			}
			for _, e := range v {
				walk(e)
			}
		}
	}
	walk(described)
	f := newFixture(t)
	if r := f.do(t, "", "GET", "/openapi.json", ""); r.status != 200 || !strings.HasPrefix(r.body, `{"`) || !strings.Contains(r.body, `"openapi":"3.1.0"`) {
		t.Errorf("%d", r.status)
	}
}
