package admin

import (
	"strconv"
	"time"

	"maskit/proxy/access"
	"maskit/proxy/audit"
)

// errNoTrail says that there is nothing to read.
var errNoTrail = errNotFound.with("the audit trail goes to no file (audit.file)")

type auditAnswer struct {
	Items []audit.Record `json:"items" doc:"the newest first"`
	Next  string         `json:"next" doc:"cursor of the next page; empty at the end"`
}

var auditQuery = append([]parameter{
	{name: "from", in: "query", doc: "the earliest time, RFC 3339"},
	{name: "to", in: "query", doc: "the time before which, RFC 3339"},
	{name: "tenant", in: "query", doc: "only what concerns this tenant"},
	{name: "type", in: "query", doc: "exchange, restore, rules.change, access.refused, ...; rules is all that begins with it and a dot"},
}, paged...)

// readAudit gives a page of the trail.
func (s *Server) readAudit(c *call) (*auditAnswer, error) {
	if s.trail == nil {
		return nil, errNoTrail
	}
	limit, cursor, err := c.page()
	if err != nil {
		return nil, err
	}
	values := c.r.URL.Query()
	q := audit.Query{Tenant: values.Get("tenant"), Tenants: c.who.Tenants, Type: values.Get("type"), Before: uint64(cursor), Limit: limit}
	for name, t := range map[string]*time.Time{"from": &q.From, "to": &q.To} {
		if text := values.Get(name); text != "" {
			if *t, err = time.Parse(time.RFC3339, text); err != nil {
				return nil, errInvalid.at(name, "is no time such as 2006-01-02T15:04:05Z")
			}
		}
	}
	if q.Tenant != "" && !c.who.May(access.View, q.Tenant) {
		return nil, errForbidden
	}
	records, next, err := s.trail.Read(q)
	if err != nil {
		return nil, err
	}
	a := &auditAnswer{Items: append([]audit.Record{}, records...)}
	if next > 0 {
		a.Next = strconv.FormatUint(next, 10)
	}
	return a, nil
}

type verifyAnswer struct {
	OK          bool          `json:"ok" doc:"nothing is wrong"`
	First       uint64        `json:"first" doc:"number of the first record"`
	Last        uint64        `json:"last" doc:"number of the last record"`
	Records     int           `json:"records"`
	Checkpoints int           `json:"checkpoints" doc:"whose signature is right"`
	Unsigned    int           `json:"unsigned" doc:"records behind the last checkpoint"`
	Faults      []verifyFault `json:"faults"`
	More        int           `json:"more" doc:"faults that are not listed"`
}

type verifyFault struct {
	File   string `json:"file"`
	Line   int    `json:"line" doc:"0 if it is about no line"`
	Record uint64 `json:"record" doc:"0 if its number cannot be read"`
	What   string `json:"what"`
}

// verifyAudit reads the whole trail; one caller at a time does.
func (s *Server) verifyAudit(c *call) (*verifyAnswer, error) {
	if s.trail == nil {
		return nil, errNoTrail
	}
	if err := c.everywhere(); err != nil {
		return nil, err
	}
	s.verifying.Lock()
	defer s.verifying.Unlock()
	r, err := s.trail.Verify()
	if err != nil {
		return nil, err
	}
	a := &verifyAnswer{
		OK: len(r.Faults) == 0, First: r.First, Last: r.Last, Records: r.Records, Checkpoints: r.Checkpoints,
		Unsigned: r.Unsigned, Faults: make([]verifyFault, len(r.Faults)), More: r.More,
	}
	for i, f := range r.Faults {
		a.Faults[i] = verifyFault{f.File, f.Line, f.Seq, f.What}
	}
	return a, nil
}
