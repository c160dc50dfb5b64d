package audit

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// appendJSON appends the record as [json.Marshal] writes it, byte for byte, at a
// tenth of the cost: a record is written for every exchange. A new field of
// Record needs a line here; TestEncode sees to it.
func (r *Record) appendJSON(dst []byte) []byte {
	dst = strconv.AppendUint(append(dst, `{"seq":`...), r.Seq, 10)
	dst = appendQuoted(append(dst, `,"prev":`...), r.Prev)
	dst = appendQuoted(append(dst, `,"type":`...), r.Type)
	dst = r.Time.AppendFormat(append(dst, `,"time":"`...), time.RFC3339Nano)
	m := members(append(dst, '"'))
	m.text("id", r.ID)
	m.text("tenant", r.Tenant)
	m.text("client", r.Client)
	m.text("operator", r.Operator)
	m.text("source", r.Source)
	m.text("session", r.Session)
	m.text("reason", r.Reason)
	m.text("route", r.Route)
	m.text("upstream", r.Upstream)
	m.text("policy", r.Policy)
	m.text("policy_version", r.Version)
	m.number("rules_version", int64(r.Rules))
	m.number("status", int64(r.Status))
	m.text("code", r.Code)
	m.text("decision", r.Decision)
	m.counts("found", r.Found)
	m.counts("allowed", r.Allowed)
	m.counts("unread", r.Unread)
	m.list("tokens", r.Tokens)
	m.number("restored", int64(r.Restored))
	m.number("unknown", int64(r.Unknown))
	m.number("withheld", int64(r.Withheld))
	m.flag("unkept", r.Unkept)
	m.flag("stream", r.Stream)
	m.number("bytes_in", int64(r.BytesIn))
	m.number("bytes_out", int64(r.BytesOut))
	m.number("mask_us", r.MaskUS)
	m.number("total_us", r.TotalUS)
	m.text("public_key", r.Public)
	m.number("torn", int64(r.Torn))
	m.number("lost", int64(r.Lost))
	if r.Since != 0 {
		m = strconv.AppendUint(m.name("since"), r.Since, 10)
	}
	m.text("digest", r.Digest)
	m.text("signature", r.Signature)
	return append(m, '}')
}

// members is an object whose members are appended, those that are empty left out.
type members []byte

func (m members) name(name string) members {
	return append(append(append(m, `,"`...), name...), `":`...)
}

func (m *members) text(name, v string) {
	if v != "" {
		*m = appendQuoted(m.name(name), v)
	}
}

func (m *members) number(name string, v int64) {
	if v != 0 {
		*m = strconv.AppendInt(m.name(name), v, 10)
	}
}

func (m *members) flag(name string, v bool) {
	if v {
		*m = append(m.name(name), "true"...)
	}
}

// counts appends an object, its names sorted.
func (m *members) counts(name string, v map[string]int) {
	if len(v) == 0 {
		return
	}
	var room [16]string
	kinds := room[:0]
	for kind := range v {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	dst := append(m.name(name), '{')
	for i, kind := range kinds {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendQuoted(dst, kind), ':')
		dst = strconv.AppendInt(dst, int64(v[kind]), 10)
	}
	*m = append(dst, '}')
}

func (m *members) list(name string, v []string) {
	if len(v) == 0 {
		return
	}
	dst := append(m.name(name), '[')
	for i, s := range v {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendQuoted(dst, s)
	}
	*m = append(dst, ']')
}

// appendQuoted appends a string of JSON. What is not plain ASCII is left to
// encoding/json: it is rare in a record.
func appendQuoted[B ~[]byte](dst B, s string) B {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' || c == 0x7f {
			b, err := json.Marshal(s)
			if err != nil {
				panic("BUG: audit: a string is no JSON: " + err.Error())
			}
			return append(dst, b...)
		}
	}
	return append(append(append(dst, '"'), s...), '"')
}
