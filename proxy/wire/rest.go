package wire

import (
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

// rest appends what was kept back of a lane: as the end of the event that it was
// taken from if that is still here, else as an event of its own.
func (s *Stream) rest(dst []byte, l *lane) []byte {
	if len(l.tail) == 0 {
		return dst
	}
	if s.putBack(l) {
		dst = s.release(dst)
	} else {
		dst = s.pass(dst, l.appendRest(nil, s.f, s.framing))
	}
	l.tail = l.tail[:0]
	return dst
}

// appendRest appends an event that carries what was kept back of a lane: the
// scalars of the event it was cut from, and of its tree only the way to the
// lane.
func (l *lane) appendRest(dst []byte, f *Format, framing *Framing) []byte {
	if framing.named && len(l.name) > 0 {
		dst = append(append(append(dst, "event: "...), l.name...), '\n')
	}
	dst = append(dst, framing.before...)
	if f.Guess {
		dst = append(append(dst, l.template...), escape(string(l.tail))...)
		return append(append(dst, l.behind...), framing.after...)
	}
	dst = append(dst, '{')
	path := f.Lanes[l.key.lane].Event
	root, _, _ := strings.Cut(path, ".")
	root, _, _ = strings.Cut(root, "[")
	gjson.ParseBytes(l.template).ForEach(func(name, value gjson.Result) bool {
		if name.Str != root && !value.IsObject() && !value.IsArray() {
			dst = append(append(dst, name.Raw...), ':')
			dst = append(append(dst, value.Raw...), ',')
		}
		return true
	})
	dst = l.appendPath(dst, path, "", len(f.Index))
	return append(append(dst, '}'), framing.after...)
}

// appendPath appends the member that the path begins with, and in it the way
// down to the text. at is the same way for gjson: of the objects on it, the
// member "type" goes along.
func (l *lane) appendPath(dst []byte, path, at string, level int) []byte {
	step, below, more := strings.Cut(path, ".")
	name, key, isArray := strings.Cut(step, "[")
	dst = append(append(append(dst, '"'), name...), `":`...)
	at += name
	if !more {
		return append(append(append(dst, '"'), escape(string(l.tail))...), '"')
	}
	if !isArray {
		dst = l.appendType(append(dst, '{'), at)
		return append(l.appendPath(dst, below, at+".", level), '}')
	}
	dst = append(dst, "[{"...)
	at += ".0"
	switch key = strings.TrimSuffix(key, "]"); key {
	case "":
		dst = append(dst, `"index":`...)
		dst = append(strconv.AppendInt(dst, int64(l.key.index[level]), 10), ',')
	case "-":
	default: // a flag
		if l.key.index[level] > 0 {
			dst = append(append(append(dst, '"'), key...), `":true,`...)
		}
	}
	dst = l.appendType(dst, at)
	return append(l.appendPath(dst, below, at+".", level+1), "}]"...)
}

func (l *lane) appendType(dst []byte, at string) []byte {
	if t := gjson.GetBytes(l.template, at+".type"); t.Type == gjson.String {
		dst = append(append(append(dst, `"type":`...), t.Raw...), ',')
	}
	return dst
}
