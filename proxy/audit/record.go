package audit

import "time"

// The types of records that the trail writes about itself. Those of exchanges
// are called exchange, those of operations as [Operation.Type] says.
const (
	typeBegin      = "begin"      // a process took the trail up
	typeCheckpoint = "checkpoint" // a signature over what was written since the last one
	typeGap        = "gap"        // records were lost, since the trail could not be written
	typeExchange   = "exchange"
	notDone        = ".not_done" // ends the type of an operation that did not happen after all
)

// Record is one line of a trail. Seq and Prev come first and in this order:
// readers that check only the chain look no further.
type Record struct {
	Seq  uint64    `json:"seq"`  // from 1, without gaps
	Prev string    `json:"prev"` // MAC of the record before, empty in the first
	Type string    `json:"type"`
	Time time.Time `json:"time"`

	ID       string         `json:"id,omitempty"` // of the request
	Tenant   string         `json:"tenant,omitempty"`
	Client   string         `json:"client,omitempty"`
	Operator string         `json:"operator,omitempty"`
	Source   string         `json:"source,omitempty"`  // address of the operator
	Session  string         `json:"session,omitempty"` // keyed hash of the conversation's name
	Reason   string         `json:"reason,omitempty"`
	Route    string         `json:"route,omitempty"`
	Upstream string         `json:"upstream,omitempty"`
	Policy   string         `json:"policy,omitempty"`
	Version  string         `json:"policy_version,omitempty"`
	Rules    int            `json:"rules_version,omitempty"`
	Status   int            `json:"status,omitempty"`
	Code     string         `json:"code,omitempty"`
	Decision string         `json:"decision,omitempty"` // of an exchange: masked, passed or refused
	Found    map[string]int `json:"found,omitempty"`    // by kind
	Allowed  map[string]int `json:"allowed,omitempty"`
	Unread   map[string]int `json:"unread,omitempty"` // by kind of part
	Tokens   []string       `json:"tokens,omitempty"`
	Restored int            `json:"restored,omitempty"`
	Unknown  int            `json:"unknown,omitempty"`
	Withheld int            `json:"withheld,omitempty"`
	Unkept   bool           `json:"unkept,omitempty"`
	Stream   bool           `json:"stream,omitempty"`
	BytesIn  int            `json:"bytes_in,omitempty"`
	BytesOut int            `json:"bytes_out,omitempty"`
	MaskUS   int64          `json:"mask_us,omitempty"`  // microseconds
	TotalUS  int64          `json:"total_us,omitempty"` // microseconds

	// Of the trail itself.
	Public    string `json:"public_key,omitempty"` // begin: what checks the signatures, base64url
	Torn      int    `json:"torn,omitempty"`       // begin: bytes of a last line without an end, set aside
	Lost      int    `json:"lost,omitempty"`       // gap: how many
	Since     uint64 `json:"since,omitempty"`      // checkpoint: the first record that it covers
	Digest    string `json:"digest,omitempty"`     // checkpoint: SHA-256 of the lines that it covers, base64url
	Signature string `json:"signature,omitempty"`  // checkpoint: ed25519 over since, seq and digest, base64url
}

// record is the line of an exchange.
func (x *Exchange) record() *Record {
	r := &Record{
		Type: typeExchange, Time: x.Start.UTC(), ID: x.ID, Tenant: x.Tenant, Client: x.Client, Route: x.Route, Upstream: x.Upstream,
		Policy: x.Policy, Version: x.Version, Status: x.Status, Code: x.Code, Decision: "passed",
		Found: byKind(x.Found), Allowed: byKind(x.Allowed), Unread: byKind(x.Unread), Tokens: x.Tokens,
		Restored: x.Restored, Unknown: x.Unknown, Withheld: x.Withheld, Unkept: x.Unkept, Stream: x.Stream,
		BytesIn: x.BytesIn, BytesOut: x.BytesOut, MaskUS: x.Mask.Microseconds(), TotalUS: x.Total.Microseconds(),
	}
	switch {
	case x.Code != "":
		r.Decision = "refused"
	case len(x.Found) > 0:
		r.Decision = "masked"
	}
	return r
}

// record is the line of an operation.
func (o *Operation) record() *Record {
	return &Record{
		Type: o.Type, Time: o.Time.UTC(), ID: o.ID, Tenant: o.Tenant, Operator: o.Operator, Source: o.Source, Session: o.Session,
		Reason: o.Reason, Tokens: o.Tokens, Found: byKind(o.Found), Rules: o.Version, Status: o.Status, Code: o.Code,
	}
}

func byKind(counts []Count) map[string]int {
	if len(counts) == 0 {
		return nil
	}
	m := make(map[string]int, len(counts))
	for _, c := range counts {
		m[c.Kind] += c.N
	}
	return m
}
