package admin

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds of bodies, in bytes.
const (
	smallBody = 64 << 10
	textBody  = 16 << 20
)

// readBody returns a request's body, which is JSON of at most limit bytes.
func readBody(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return nil, errMedia
	}
	if r.Header.Get("Content-Encoding") != "" {
		return nil, errMedia.with("send the body without a Content-Encoding")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	var big *http.MaxBytesError
	switch {
	case errors.As(err, &big):
		return nil, errLarge
	case err != nil:
		return nil, errTimeout.because(err)
	case !utf8.Valid(body):
		return nil, errInvalid.with("the body is not UTF-8")
	}
	return body, nil
}

// parse reads JSON into out, a struct, and refuses members that it does not
// have, unless lax. What encoding/json says of a fault may quote the body, so
// the sentences are our own.
func parse(body []byte, out any, lax bool) error {
	d := json.NewDecoder(bytes.NewReader(body))
	if !lax {
		d.DisallowUnknownFields()
	}
	err := d.Decode(out)
	var mismatch *json.UnmarshalTypeError
	switch {
	case err == nil:
	case errors.As(err, &mismatch):
		return errInvalid.at(mismatch.Field, "is not of the type that this route takes: "+typeName(mismatch.Type))
	case strings.HasPrefix(err.Error(), "json: unknown field"):
		return errInvalid.with("the body has a member that this route does not know; it knows " + strings.Join(members(reflect.TypeOf(out).Elem()), ", "))
	default:
		return errInvalid.with("the body is not acceptable JSON")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errInvalid.with("something follows the JSON value of the body")
	}
	return nil
}

// typeName is what JSON calls a type.
func typeName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64, reflect.Float64:
		return "a number"
	case reflect.Slice:
		return "an array"
	}
	return "an object"
}

// reads says whether the route knows all that the query names: a tenant that is
// misspelt would be taken for the default one. What is Presidio's own is passed over.
func (r *route) reads(query string) error {
	if query == "" || !strings.HasPrefix(r.path, "/api/") {
		return nil
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return errInvalid.with("the query cannot be read")
	}
	var known []string
	for _, p := range r.query {
		if p.in == "query" {
			known = append(known, p.name)
		}
	}
	for name := range values {
		if !slices.Contains(known, name) {
			return errInvalid.with("the query has a parameter that this route does not know; it knows " + cmp.Or(strings.Join(known, ", "), "none"))
		}
	}
	return nil
}

// members lists the names of a struct's members in JSON, those of embedded
// structs included.
func members(t reflect.Type) (names []string) {
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-":
		case f.Anonymous && name == "":
			names = append(names, members(f.Type)...)
		default:
			names = append(names, name)
		}
	}
	return names
}

// writeJSON answers with v.
func writeJSON(w http.ResponseWriter, status int, v any) error {
	body, err := marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // If the client has gone, so be it.
	return nil
}

// marshal is v as a line of JSON, with no sign escaped that JSON does not want to be.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, errInternal.because(err)
	}
	return b.Bytes(), nil
}
