package config

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// decoder lays a YAML tree over a configuration that already holds its
// defaults.
//
// It is not yaml.Unmarshal in strict mode because that one stops at the first
// fault, replaces the values of a map (so that giving one provider's key would
// drop its default URL), and quotes the source, secrets included, in its errors.
type decoder struct {
	look    Lookups
	anchors map[string]ast.Node
	places  map[string]place // where the file speaks of a path
	hidden  []string         // pairs for strings.NewReplacer: expanded value, its reference
	later   []policyNode
	faults  Faults
}

type place struct{ line, column int }

func newDecoder(look Lookups) *decoder {
	return &decoder{look: look, anchors: map[string]ast.Node{}, places: map[string]place{}}
}

// document decodes data, which may be empty, into cfg.
func (d *decoder) document(data []byte, cfg *Config) {
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		d.syntax(err)
		return
	}
	for i, doc := range file.Docs {
		switch {
		case doc.Body == nil:
		case i > 0:
			d.fault(doc.Body, "", "a second YAML document; maskit reads one")
		default:
			d.value(doc.Body, "", reflect.ValueOf(cfg).Elem())
		}
	}
	d.policies(cfg)
}

// syntax reports what the YAML parser said, without its excerpt of the source.
func (d *decoder) syntax(err error) {
	f := Fault{Msg: "not valid YAML"}
	if e, ok := errors.AsType[yaml.Error](err); ok {
		f.Msg += ": " + e.GetMessage()
		if t := e.GetToken(); t != nil && t.Position != nil {
			f.Line, f.Column = t.Position.Line, t.Position.Column
		}
	}
	d.faults = append(d.faults, f)
}

func (d *decoder) fault(at ast.Node, path, format string, args ...any) {
	p := placeOf(at)
	d.faults = append(d.faults, Fault{Line: p.line, Column: p.column, Path: path, Msg: fmt.Sprintf(format, args...)})
}

func placeOf(n ast.Node) place {
	// A mapping's own token is its first colon; a person looks at its first key.
	switch m := n.(type) {
	case *ast.MappingNode:
		if !m.IsFlowStyle && len(m.Values) > 0 {
			return placeOf(m.Values[0].Key)
		}
	case *ast.MappingValueNode:
		return placeOf(m.Key)
	}
	t := n.GetToken()
	if t == nil || t.Position == nil {
		return place{}
	}
	return place{t.Position.Line, t.Position.Column}
}

// value decodes one node. A section, map or list that is named but left empty
// says nothing, so the defaults stay.
func (d *decoder) value(n ast.Node, path string, dst reflect.Value) {
	if n = d.resolve(n, path); n == nil {
		return
	}
	if _, seen := d.places[path]; !seen && path != "" {
		d.places[path] = placeOf(n)
	}
	if _, ok := reflect.TypeAssert[encoding.TextUnmarshaler](dst.Addr()); ok {
		d.scalar(n, path, dst)
		return
	}
	if dst.Type() == policyType {
		d.later = append(d.later, policyNode{path, n})
		return
	}
	_, null := n.(*ast.NullNode)
	switch dst.Kind() {
	case reflect.Struct:
		if !null {
			d.structure(n, path, dst)
		}
	case reflect.Map:
		if !null {
			d.mapping(n, path, dst)
		}
	case reflect.Slice:
		if !null {
			d.list(n, path, dst)
		}
	default:
		d.scalar(n, path, dst)
	}
}

// resolve follows anchors, aliases and tags to the node that holds the value.
// It is nil if there is none, which has then been reported.
func (d *decoder) resolve(n ast.Node, path string) ast.Node {
	for range 16 { // An alias inside its own anchor leads round in a circle.
		switch t := n.(type) {
		case nil:
			return nil
		case *ast.AnchorNode:
			d.anchors[t.Name.GetToken().Value] = t.Value
			n = t.Value
		case *ast.AliasNode:
			target, ok := d.anchors[t.Value.GetToken().Value]
			if !ok {
				d.fault(t, path, "the alias has no anchor before it")
				return nil
			}
			n = target
		case *ast.TagNode:
			n = t.Value
		default:
			return n
		}
	}
	d.fault(n, path, "the alias leads back to itself")
	return nil
}

// structure decodes a mapping whose keys are the fields of a struct.
func (d *decoder) structure(n ast.Node, path string, dst reflect.Value) {
	known := fieldsOf(dst.Type())
	for _, m := range d.members(n, path) {
		f, ok := known.find(m.key)
		if !ok {
			d.fault(m.node.Key, join(path, m.key), "unknown key; %s", known.suggest(m.key))
			continue
		}
		d.value(m.node.Value, join(path, m.key), dst.FieldByIndex(f.index))
	}
}

// mapping decodes a mapping with keys of the user's choice, each over the value
// that the defaults have for it.
func (d *decoder) mapping(n ast.Node, path string, dst reflect.Value) {
	merged := reflect.MakeMap(dst.Type())
	for iter := dst.MapRange(); iter.Next(); {
		merged.SetMapIndex(iter.Key(), iter.Value())
	}
	for _, m := range d.members(n, path) {
		key := reflect.ValueOf(m.key).Convert(dst.Type().Key())
		value := reflect.New(dst.Type().Elem()).Elem()
		if old := merged.MapIndex(key); old.IsValid() {
			value.Set(old)
		}
		d.value(m.node.Value, join(path, m.key), value)
		merged.SetMapIndex(key, value)
	}
	if merged.Len() > 0 { // An empty one says nothing either.
		dst.Set(merged)
	}
}

// list decodes a sequence. It replaces the default: one cannot say "less" by
// adding.
func (d *decoder) list(n ast.Node, path string, dst reflect.Value) {
	seq, ok := n.(*ast.SequenceNode)
	if !ok {
		d.fault(n, path, "expected a list, found %s", nameOf(n))
		return
	}
	if len(seq.Values) == 0 {
		dst.SetZero()
		return
	}
	items := reflect.MakeSlice(dst.Type(), len(seq.Values), len(seq.Values))
	for i, v := range seq.Values {
		d.value(v, fmt.Sprintf("%s[%d]", path, i), items.Index(i))
	}
	dst.Set(items)
}

type member struct {
	key  string
	node *ast.MappingValueNode
}

// members are the keys of a mapping in order, without those that repeat.
func (d *decoder) members(n ast.Node, path string) []member {
	var values []*ast.MappingValueNode
	switch m := n.(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	default:
		d.fault(n, path, "expected keys and values, found %s", nameOf(n))
		return nil
	}
	seen := map[string]place{}
	var out []member
	for _, v := range values {
		if _, ok := v.Key.(*ast.MergeKeyNode); ok {
			d.fault(v.Key, path, `"<<" is not supported; write the keys out`)
			continue
		}
		key := v.Key.GetToken().Value
		if first, ok := seen[key]; ok {
			d.fault(v.Key, join(path, key), "given twice, first in line %d", first.line)
			continue
		}
		seen[key] = placeOf(v.Key)
		out = append(out, member{key, v})
	}
	return out
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// scalar expands the references in one scalar and converts it.
func (d *decoder) scalar(n ast.Node, path string, dst reflect.Value) {
	raw, ok := textOf(n)
	if !ok {
		d.fault(n, path, "expected %s, found %s", wanted(dst), nameOf(n))
		return
	}
	text, expanded, err := d.look.expand(raw)
	if err != nil {
		for _, e := range flatten(err) {
			d.fault(n, path, "%s", e)
		}
		return
	}
	if expanded && len(text) > 3 { // Replacing shorter texts would only garble messages.
		d.hidden = append(d.hidden, text, raw)
	}
	switch err := assign(text, dst); {
	case err != nil && expanded:
		d.fault(n, path, "what %s stands for is not %s", raw, wanted(dst))
	case err != nil:
		d.fault(n, path, "%s", err)
	}
}

// textOf is the text of a scalar node as it was written, without quotes.
func textOf(n ast.Node) (string, bool) {
	switch t := n.(type) {
	case *ast.StringNode:
		return t.Value, true
	case *ast.LiteralNode:
		return t.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return t.GetToken().Value, true
	}
	return "", false
}

// assign converts text to the type of dst.
func assign(text string, dst reflect.Value) error {
	if u, ok := reflect.TypeAssert[encoding.TextUnmarshaler](dst.Addr()); ok {
		return u.UnmarshalText([]byte(text))
	}
	var err error
	switch p := dst.Addr().Interface().(type) {
	case *time.Duration:
		*p, err = time.ParseDuration(text)
	case *bool:
		*p, err = strconv.ParseBool(text)
	case *int:
		*p, err = strconv.Atoi(strings.ReplaceAll(text, "_", ""))
	case *float64:
		*p, err = strconv.ParseFloat(text, 64)
	default:
		if dst.Kind() != reflect.String {
			panic("BUG: config: no way to read a " + dst.Type().String())
		}
		dst.SetString(text)
	}
	if err != nil {
		return fmt.Errorf("%q is not %s", text, wanted(dst))
	}
	return nil
}

// wanted says what a scalar of dst's type looks like.
func wanted(dst reflect.Value) string {
	switch dst.Addr().Interface().(type) {
	case encoding.TextUnmarshaler:
		return "a " + dst.Type().Name()
	case *time.Duration:
		return "a duration such as 30s, 5m or 720h"
	case *bool:
		return "true or false"
	case *int:
		return "a whole number"
	case *float64:
		return "a number"
	}
	return "text"
}

// nameOf says what a node is.
func nameOf(n ast.Node) string {
	switch n.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return "keys and values"
	case *ast.SequenceNode:
		return "a list"
	case *ast.NullNode:
		return "nothing"
	}
	return "a single value"
}
