package audit

import "time"

// Exchange is the record of one exchange, from the first byte to the last.
type Exchange struct {
	ID       string    // x-maskit-request-id
	Start    time.Time // when the request had been read
	Route    string    // name of the wire format's row, from a bounded set
	Upstream string    // name of the upstream in the configuration
	Client   string    // name of the client in the configuration, empty if it showed no key
	Tenant   string    // whose tokens they are
	Policy   string    // name of the policy, from the configuration
	Version  string    // a short hash of what that policy is
	Stream   bool      // the answer came as a stream
	Status   int       // as the client saw it
	Code     string    // maskit's own error code, empty where it raised none
	Found    []Count   // what was masked, by kind, sorted by kind
	Tokens   []string  // that stand for them, where the trail lists them
	Rules    []Count   // the same by the rule that found it
	Allowed  []Count   // what was found and stayed as the policy says, by kind
	Restored int       // tokens put back into the answer
	Unknown  int       // things in the answer that look like tokens but stand for nothing
	Withheld int       // tokens that the policy did not put back where they stood
	Unread   []Count   // parts that went through unread, by kind of part
	Unkept   bool      // the vault did not take the values, and the exchange went on without
	BytesIn  int       // request body, decoded
	BytesOut int       // answer body, as sent to the client
	Trace    Trace
	Head     time.Duration // from the request read to the head of the provider's answer, 0 without one
	Mask     time.Duration // from the request read to the request ready to leave
	Total    time.Duration // from the request read to the last byte given back
}

// Trace says of which trace an exchange is a part. The zero value is of none.
type Trace struct {
	ID       [16]byte
	Parent   [8]byte // the client's span, zero if it told of none
	Span     [8]byte // the exchange
	Upstream [8]byte // the provider's part of it
	Sampled  bool    // spans are wanted
}

// Count says how many there were of a kind.
type Count struct {
	Kind string
	N    int
}
