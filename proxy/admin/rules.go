package admin

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"

	"maskit/detect"
	"maskit/proxy/access"
	"maskit/proxy/audit"
	"maskit/proxy/mask"
	"maskit/vault"
)

// RulesName is what the document is called in the vault's store.
const RulesName = "rules"

// Rulebook is the program's side of rules that are made at run time.
type Rulebook interface {
	// Definitions returns the policies of the configuration as they are without
	// the document.
	Definitions() []mask.Definition
	// Draft makes the policies ready with a document, which Check has found
	// right. Nothing that runs changes.
	Draft(*RulesDocument) (Live, error)
	// RulesInForce says which version this replica works with, and if that is not
	// the newest, what was wrong with that one here.
	RulesInForce() (version int, fault string)
}

type rulesAnswer struct {
	Version   int           `json:"version" doc:"for If-Match; 0: there are none yet"`
	InForce   int           `json:"in_force" doc:"the version that this replica works with; others follow within a second"`
	Fault     string        `json:"fault,omitempty" doc:"why this replica does not work with the newest version"`
	Document  RulesDocument `json:"document"`
	Conflicts []string      `json:"conflicts" doc:"where the document decides otherwise than the configuration; the document has the last word"`
	Warnings  []string      `json:"warnings" doc:"what is right, but hardly meant"`
	// Costs are those of the document's own patterns.
	Costs   map[string]float64 `json:"costs,omitempty" doc:"what the patterns of the document's rules cost, by name, with ?builtin=1: how many ways to go on are open at a character; 40 at most, up to 10 is usual"`
	BuiltIn []builtInRule      `json:"builtin,omitempty" doc:"the rules that ship with maskit, with ?builtin=1"`
}

type builtInRule struct {
	Name   string  `json:"name"`
	Kind   string  `json:"kind"`
	Score  float64 `json:"score"`
	On     bool    `json:"on" doc:"under the default policy"`
	Hits   int     `json:"hits" doc:"examples that it is tested to find"`
	Misses int     `json:"misses" doc:"examples that it is tested not to find"`
}

// rules shows the document.
func (s *Server) rules(c *call) (*rulesAnswer, error) {
	if err := c.everywhere(); err != nil {
		return nil, err
	}
	doc, version, err := s.newestRules(c.r.Context())
	if err != nil {
		return nil, err
	}
	return s.showRules(c, doc, version)
}

// everywhere refuses who is bound to tenants: the document has rules of all.
func (c *call) everywhere() error {
	if !c.who.May(c.route.permit, access.AllTenants) {
		return errForbidden
	}
	return nil
}

func (s *Server) showRules(c *call, doc *RulesDocument, version int) (*rulesAnswer, error) {
	defs := s.book.Definitions()
	a := &rulesAnswer{Version: version, Document: *doc, Conflicts: doc.Conflicts(defs), Warnings: doc.warnings()}
	a.InForce, a.Fault = s.book.RulesInForce()
	if c.r.URL.Query().Get("builtin") == "1" {
		a.Costs = doc.costs()
		on := s.live.Masker("", mask.DefaultTenant).Kinds()
		for i := range detect.Rules {
			r := &detect.Rules[i]
			a.BuiltIn = append(a.BuiltIn, builtInRule{r.Name, string(r.Kind), r.Score, slices.Contains(on, r.Kind), len(r.Hits), len(r.Misses)})
		}
	}
	c.w.Header().Set("ETag", strconv.Quote(strconv.Itoa(version)))
	return a, nil
}

// warnings says what is right but hardly meant.
func (d *RulesDocument) warnings() []string {
	all := []string{}
	for _, p := range d.parts() {
		for _, w := range p.config().Warnings() {
			all = append(all, p.path+w)
		}
	}
	return all
}

// costs says what the patterns of rules cost, by the rules' names.
func (d *RulesDocument) costs() map[string]float64 {
	all := map[string]float64{}
	for _, p := range d.parts() {
		for _, r := range p.Rules {
			if r.Pattern != "" {
				all[r.Name] = math.Round(10*detect.Cost(r.Pattern)) / 10
			}
		}
	}
	return all
}

// newestRules reads the newest document.
func (s *Server) newestRules(ctx context.Context) (*RulesDocument, int, error) {
	text, version, err := s.documents.Get(ctx, RulesName)
	if err != nil {
		return nil, 0, err
	}
	doc, err := ParseRules(text)
	return doc, version, err
}

type putRulesRequest struct {
	Document RulesDocument `json:"document"`
	Reason   string        `json:"reason" doc:"why; it stays with the version"`
}

// putRules replaces the document.
func (s *Server) putRules(c *call, in *putRulesRequest) (*rulesAnswer, error) {
	expected, err := strconv.Atoi(strings.Trim(c.r.Header.Get("If-Match"), `"`))
	if err != nil || expected < 0 {
		return nil, errNoMatch
	}
	return s.changeRules(c, "rules.change", &in.Document, expected, in.Reason)
}

// changeRules makes a document the next version, if it is right and the trail
// takes the record.
func (s *Server) changeRules(c *call, typ string, doc *RulesDocument, expected int, reason string) (*rulesAnswer, error) {
	if err := c.everywhere(); err != nil {
		return nil, err
	}
	if err := doc.Check(s.book.Definitions()); err != nil {
		return nil, err
	}
	if _, err := s.book.Draft(doc); err != nil {
		return nil, errUnprocessed.at("document", err.Error())
	}
	text, err := json.Marshal(doc)
	if err != nil {
		return nil, errInternal.because(err)
	}
	if len(text) > maxRulesDocument {
		return nil, errLarge.with("the document is larger than 1 MiB; name files of terms in the configuration")
	}
	op := s.operation(c, typ)
	op.Version = expected + 1
	err = s.recorded(c, op, reason, func() error {
		_, err := s.documents.Put(c.r.Context(), RulesName, expected, text, vault.Meta{Who: c.who.Name, Why: op.Reason, When: op.Time})
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.showRules(c, doc, expected+1)
}

// recordFailure puts into the trail that what it has a record of did not happen.
func (s *Server) recordFailure(c *call, op *audit.Operation, err error) error {
	f := failureOf(err)
	failed := *op
	failed.Status, failed.Code = f.status, f.code
	if lost := s.record(c.r.Context(), &failed); lost != nil {
		return errAudit.because(errors.Join(err, lost))
	}
	return f
}

type rollbackRequest struct {
	Version int    `json:"version" doc:"the version whose document is to be in force again"`
	Reason  string `json:"reason"`
}

// rollBackRules makes an earlier document the next version.
func (s *Server) rollBackRules(c *call, in *rollbackRequest) (*rulesAnswer, error) {
	_, now, err := s.newestRules(c.r.Context())
	if err != nil {
		return nil, err
	}
	text, _, err := s.documents.Version(c.r.Context(), RulesName, in.Version)
	if err != nil {
		return nil, err
	}
	if text == nil {
		return nil, errNotFound.at("version", "is not, or no longer, kept")
	}
	doc, err := ParseRules(text)
	if err != nil {
		return nil, err
	}
	return s.changeRules(c, "rules.rollback", doc, now, in.Reason)
}

type versionsAnswer struct {
	Items []vault.Version `json:"items" doc:"the newest first"`
	Next  string          `json:"next" doc:"cursor of the next page; empty at the end"`
}

// listRuleVersions lists who changed the rules, when and why.
func (s *Server) listRuleVersions(c *call) (*versionsAnswer, error) {
	if err := c.everywhere(); err != nil {
		return nil, err
	}
	limit, cursor, err := c.page()
	if err != nil {
		return nil, err
	}
	all, err := s.documents.Versions(c.r.Context(), RulesName)
	if err != nil {
		return nil, err
	}
	if cursor > 0 {
		all = slices.DeleteFunc(all, func(v vault.Version) bool { return v.Version >= cursor })
	}
	a := &versionsAnswer{Items: all}
	if len(all) > limit {
		a.Items = all[:limit]
		a.Next = strconv.Itoa(all[limit-1].Version)
	}
	return a, nil
}

// Pages of lists.
const (
	pageSize    = 50
	maxPageSize = 500
)

// page reads ?limit= and ?cursor=; a cursor is a number that the list began with.
func (c *call) page() (limit, cursor int, err error) {
	limit = pageSize
	q := c.r.URL.Query()
	if text := q.Get("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil || limit < 1 || limit > maxPageSize {
			return 0, 0, errInvalid.at("limit", "is not a number from 1 to 500")
		}
	}
	if text := q.Get("cursor"); text != "" {
		if cursor, err = strconv.Atoi(text); err != nil || cursor < 1 {
			return 0, 0, errInvalid.at("cursor", "is not one that this list gave")
		}
	}
	return limit, cursor, nil
}

// paged are the parameters of lists.
var paged = []parameter{
	{name: "limit", in: "query", doc: "how many items a page has, 50 if it is left out"},
	{name: "cursor", in: "query", doc: "next of the page before"},
}

type versionAnswer struct {
	Version int `json:"version"`
	vault.Meta
	Document RulesDocument `json:"document"`
}

// showRuleVersion shows one version.
func (s *Server) showRuleVersion(c *call) (*versionAnswer, error) {
	if err := c.everywhere(); err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(c.r.PathValue("version"))
	if err != nil {
		return nil, errNotFound
	}
	text, meta, err := s.documents.Version(c.r.Context(), RulesName, n)
	if err != nil {
		return nil, err
	}
	if text == nil {
		return nil, errNotFound
	}
	doc, err := ParseRules(text)
	if err != nil {
		return nil, err
	}
	return &versionAnswer{n, meta, *doc}, nil
}

type testRulesRequest struct {
	Document *RulesDocument `json:"document,omitempty" doc:"the draft; the document in force if it is left out"`
	input
	scope
}

type testRulesAnswer struct {
	Results   []testRulesResult `json:"results" doc:"one for each text"`
	Conflicts []string          `json:"conflicts"`
	Warnings  []string          `json:"warnings"`
}

type testRulesResult struct {
	Spans   []spanAnswer `json:"spans" doc:"what is found with the draft in force"`
	Added   []spanAnswer `json:"added" doc:"of these, what is not found now"`
	Removed []spanAnswer `json:"removed" doc:"what is found now and was no longer"`
}

// testRules shows what a draft would find, and how that differs from now.
func (s *Server) testRules(c *call, in *testRulesRequest) (*testRulesAnswer, error) {
	all, err := in.all()
	if err != nil {
		return nil, err
	}
	now, err := s.view(c, in.scope)
	if err != nil {
		return nil, err
	}
	draft, doc := *now, in.Document
	if doc != nil {
		if err := doc.Check(s.book.Definitions()); err != nil {
			return nil, err
		}
		live, err := s.book.Draft(doc)
		if err != nil {
			return nil, errUnprocessed.at("document", err.Error())
		}
		draft.masker = live.Masker(in.Policy, now.tenant)
	} else {
		doc = &RulesDocument{}
	}
	a := &testRulesAnswer{
		Results: make([]testRulesResult, len(all)), Conflicts: doc.Conflicts(s.book.Definitions()), Warnings: doc.warnings(),
	}
	for i, text := range all {
		then, err := draft.find(c.r.Context(), []byte(text))
		if err != nil {
			return nil, err
		}
		before, err := now.find(c.r.Context(), []byte(text))
		if err != nil {
			return nil, err
		}
		a.Results[i] = testRulesResult{then, missing(then, before), missing(before, then)}
	}
	return a, nil
}

// missing returns the spans that are in one list and not in the other.
func missing(in, other []spanAnswer) []spanAnswer {
	out := []spanAnswer{}
	for _, sp := range in {
		if !slices.ContainsFunc(other, func(o spanAnswer) bool { return o.Start == sp.Start && o.End == sp.End && o.Kind == sp.Kind }) {
			out = append(out, sp)
		}
	}
	return out
}
