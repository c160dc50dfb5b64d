package wire

import (
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// appendRest appends an event that carries what was kept back of a lane: the
// scalars of the event it was cut from, and of its tree only the way to the
// lane. Nothing was kept back: nothing is appended.
func (l *lane) appendRest(dst []byte, f *Format) []byte {
	if len(l.tail) == 0 {
		return dst
	}
	defer func() { l.tail = l.tail[:0] }()
	if len(l.name) > 0 {
		dst = append(append(append(dst, "event: "...), l.name...), '\n')
	}
	dst = append(dst, "data: {"...)
	path := f.Lanes[l.key.lane].Event
	root, _, _ := strings.Cut(path, ".")
	root = strings.TrimSuffix(root, "[]")
	gjson.ParseBytes(l.template).ForEach(func(name, value gjson.Result) bool {
		if name.Str != root && !value.IsObject() && !value.IsArray() {
			dst = append(append(dst, name.Raw...), ':')
			dst = append(append(dst, value.Raw...), ',')
		}
		return true
	})
	dst = l.appendPath(dst, path, 0)
	return append(dst, "}\n\n"...)
}

// appendPath appends the member that the path begins with, and in it the way
// down to the text.
func (l *lane) appendPath(dst []byte, path string, level int) []byte {
	step, below, more := strings.Cut(path, ".")
	name, isArray := strings.CutSuffix(step, "[]")
	dst = append(append(append(dst, '"'), name...), `":`...)
	if !more {
		return append(append(append(dst, '"'), escape(string(l.tail))...), '"')
	}
	if !isArray {
		dst = append(dst, '{')
		return append(l.appendPath(dst, below, level), '}')
	}
	dst = append(dst, `[{"index":`...)
	dst = append(strconv.AppendInt(dst, int64(l.key.index[level]), 10), ',')
	return append(l.appendPath(dst, below, level+1), "}]"...)
}
