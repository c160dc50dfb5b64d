package audit

import "time"

// Operation is the record of what an operator did, or was refused. It holds who,
// what and why, tokens and counts, and never a value.
type Operation struct {
	Time     time.Time
	ID       string   // of the request
	Type     string   // what was done, such as restore, rules.change, erase.tenant, access.refused
	Operator string   // name in the configuration, or subject of the OIDC token; "" if nobody was known
	Source   string   // address that it came from
	Tenant   string   // whose values were concerned, "" for none or all
	Session  string   // conversation, "" for none or any
	Reason   string   // as the operator gave it, masked
	Tokens   []string // that were restored or erased, each once
	Found    []Count  // the same by kind
	Version  int      // of the rules, after the change
	Status   int      // as the operator saw it
	Code     string   // maskit's own error code, empty where it raised none
}
