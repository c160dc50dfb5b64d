package admin

import (
	"net/http"
	"reflect"
	"strings"
	"time"
)

// The document is made of the table of routes and of the Go types that they take
// and give: there is no second place that could say something else. Comments of
// members are in the tag doc, the values of an enumeration in the tag enum.

const documentPath = "/openapi.json"

type object = map[string]any

// document returns the OpenAPI 3.1 document of the routes.
func document(table []route, version string) ([]byte, error) {
	d := &documenter{schemas: object{}}
	paths := object{}
	for i := range table {
		r := &table[i]
		item, ok := paths[r.path].(object)
		if !ok {
			item = object{}
			paths[r.path] = item
		}
		item[strings.ToLower(r.method)] = d.operation(r)
	}
	return marshal(object{
		"openapi": "3.1.0",
		"info": object{
			"title":       "maskit, the operators' API",
			"version":     version,
			"description": "Offsets count code points unless a request says otherwise. Errors never hold a text that was sent.",
			"license":     object{"name": "MIT", "identifier": "MIT"},
		},
		"servers": []object{{"url": "/"}},
		"paths":   paths,
		"components": object{
			"schemas": d.schemas,
			"securitySchemes": object{
				"key":    object{"type": "http", "scheme": "bearer", "description": "An operator's key (mko_...) or a token of the OIDC provider."},
				"cookie": object{"type": "apiKey", "in": "cookie", "name": cookieName, "description": "The console's session; needs X-CSRF-Token for all but GET."},
			},
		},
	})
}

// documenter collects the schemas that are named.
type documenter struct {
	schemas object
}

func (d *documenter) operation(r *route) object {
	op := object{
		"operationId": r.id,
		"summary":     strings.TrimSuffix(r.doc, "."),
		"responses": object{
			"200":     object{"description": "done", "content": d.answer(r)},
			"default": object{"description": "refused", "content": jsonOf(d.schema(reflect.TypeFor[failureBody]()))},
		},
		"security": []object{{"key": []string{}}, {"cookie": []string{}}},
	}
	switch {
	case r.permit == nobody:
		op["security"] = []object{}
	case r.permit != anyone:
		op["description"] = "Needs the permission " + string(r.permit) + "."
	}
	if r.in != nil {
		content := jsonOf(d.schema(r.in))
		if r.lines {
			content[linesMedia] = object{"schema": d.schema(reflect.TypeFor[textLine]())}
		}
		op["requestBody"] = object{"required": true, "content": content}
	}
	if all := parameters(r); len(all) > 0 {
		op["parameters"] = all
	}
	return op
}

func (d *documenter) answer(r *route) object {
	if r.media != "" {
		return object{r.media: object{}}
	}
	content := jsonOf(d.schema(r.out))
	if r.lines {
		content[linesMedia] = object{}
	}
	return content
}

func jsonOf(schema object) object { return object{"application/json": object{"schema": schema}} }

// parameters are those of the path, and those that the row names.
func parameters(r *route) (all []object) {
	for part := range strings.SplitSeq(r.path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			all = append(all, object{"name": strings.TrimSuffix(name, "}"), "in": "path", "required": true, "schema": object{"type": "string"}})
		}
	}
	for _, p := range r.query {
		all = append(all, object{"name": p.name, "in": p.in, "description": p.doc, "required": p.required, "schema": object{"type": "string"}})
	}
	return all
}

// schema is the schema of a type, or a reference to it if it has a name.
func (d *documenter) schema(t reflect.Type) object {
	switch t.Kind() {
	case reflect.Pointer:
		return d.schema(t.Elem())
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return object{"type": "integer"}
	case reflect.Float64:
		return object{"type": "number"}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": d.schema(t.Elem())}
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 { // json.RawMessage is any value
			return object{}
		}
		return object{"type": "array", "items": d.schema(t.Elem())}
	case reflect.Struct:
		return d.named(t)
	case reflect.Interface:
		return object{}
	}
	panic("BUG: a type of the API has no schema: " + t.String())
}

// named puts a struct's schema among those that others refer to.
func (d *documenter) named(t reflect.Type) object {
	switch t {
	case reflect.TypeFor[time.Time]():
		return object{"type": "string", "format": "date-time"}
	case reflect.TypeFor[oneOrMany]():
		return object{"type": []string{"string", "array"}, "items": object{"type": "string"}}
	case reflect.TypeFor[analyzeAnswer]():
		one := d.schema(reflect.TypeFor[recognized]())
		return object{"type": "array", "items": object{"oneOf": []object{one, {"type": "array", "items": one}}}}
	}
	name := strings.ToUpper(t.Name()[:1]) + t.Name()[1:]
	ref := object{"$ref": "#/components/schemas/" + name}
	if _, done := d.schemas[name]; done {
		return ref
	}
	properties, required := object{}, []string{}
	d.schemas[name] = object{} // It may hold itself.
	d.properties(t, properties, &required)
	schema := object{"type": "object", "properties": properties}
	if len(required) > 0 {
		schema["required"] = required
	}
	d.schemas[name] = schema
	return ref
}

func (d *documenter) properties(t reflect.Type, into object, required *[]string) {
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			d.properties(f.Type, into, required)
			continue
		}
		optional := strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
		schema := d.schema(f.Type)
		if f.Type.Kind() == reflect.Pointer && !optional {
			schema = object{"oneOf": []object{schema, {"type": "null"}}}
		}
		if doc := f.Tag.Get("doc"); doc != "" {
			schema["description"] = doc // Beside a $ref too: 3.1 allows it.
		}
		if values := f.Tag.Get("enum"); values != "" {
			schema["enum"] = strings.Split(values, ",")
		}
		into[name] = schema
		if !optional {
			*required = append(*required, name)
		}
	}
}

// document answers with the document.
func (s *Server) document(c *call) error {
	c.w.Header().Set("Content-Type", "application/json")
	c.w.WriteHeader(http.StatusOK)
	_, _ = c.w.Write(s.openapi)
	return nil
}
