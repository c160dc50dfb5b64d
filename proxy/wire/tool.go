package wire

import "github.com/tidwall/gjson"

// toolName notes which tool the lanes are for whose first level indexes are
// these; -1 is any.
type toolName struct {
	end
	name string
}

// nameless stands for the name of a tool that none has been given for.
const nameless = "?"

// hand hands out a text: of what a tool is called with, or any other.
func (w *walker) hand(text []byte, emit Emit) error {
	if w.tool != "" {
		return w.whole.RestoreTool(w.tool, text, emit)
	}
	return w.text(text, emit)
}

// toolCall reads the object at n, which is one of Format.Tools: its texts are what
// the tool is called with that its member "name" names. The name may stand behind
// them, so it is looked for first.
func (w *walker) toolCall(n *node, in mark) error {
	name := gjson.GetBytes(w.src[w.pos:], "name").Str
	if name != "" && w.event != nil {
		w.event.tools = append(w.event.tools, toolName{end{level: n.level}, name})
	}
	before := w.tool
	w.tool = name
	err := w.object(n, in)
	w.tool = before
	return err
}

// nameTools tells the lanes which tools they are for. The name comes once, before
// the first piece or with it.
func (s *Stream) nameTools() error {
	for _, t := range s.ev.tools {
		known := false
		for i := range s.tools {
			if known = s.tools[i].end == t.end; known {
				s.tools[i].name = t.name
				break
			}
		}
		if !known {
			if len(s.tools) == maxLanes {
				return errTooManyLanes
			}
			s.tools = append(s.tools, t)
		}
		for _, l := range s.lanes {
			if s.f.Lanes[l.key.lane].Tool && t.covers(&l.key) {
				l.tool = t.name
			}
		}
	}
	return nil
}

// toolOfEvent returns the tool that an event is about as a whole, "" if about none:
// one that says the end of a call repeats what was said in pieces, not the name.
func (s *Stream) toolOfEvent(data []byte) string {
	if len(s.tools) == 0 || len(s.f.Index) == 0 {
		return ""
	}
	var k laneKey
	for i, name := range s.f.Index {
		k.index[i] = -1
		if v := gjson.GetBytes(data, name); v.Exists() {
			k.index[i] = number([]byte(v.Raw))
		}
	}
	for i := range s.tools {
		if s.tools[i].covers(&k) {
			return s.tools[i].name
		}
	}
	return ""
}

// toolOf returns the tool that a new lane is for, "" if for none.
func (s *Stream) toolOf(k *laneKey) string {
	if s.f.Guess || !s.f.Lanes[k.lane].Tool {
		return ""
	}
	for i := range s.tools {
		if s.tools[i].covers(k) {
			return s.tools[i].name
		}
	}
	return nameless
}
