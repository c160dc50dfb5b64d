package admin

import (
	"net/http"
	"reflect"

	"maskit/proxy/access"
)

// route is a row of the table of routes: a method and a path, the permission
// that it wants, what answers it, and what its document says.
type route struct {
	method, path string
	// permit is the permission that an operator needs; anyone is for all who
	// have signed in, and nobody for what needs no key.
	permit access.Permission
	handler
	id  string // operationId
	doc string
}

const (
	anyone access.Permission = "anyone"
	nobody access.Permission = "nobody"
)

// handler answers a route.
type handler struct {
	serve func(*Server, *call) error
	in    reflect.Type // of the body, nil without one
	out   reflect.Type // of the answer, nil if it is no JSON
	media string       // of the answer, if it is no JSON
	limit int64        // of the body, in bytes
	query []parameter
	lines bool // also takes and gives JSON lines
	lax   bool // members that are not known are passed over
	local bool // open to this machine while there are no operators
}

// parameter is one of the query or of the headers.
type parameter struct {
	name, doc string
	in        string // query or header
	required  bool
}

// takes makes a handler of a function that is given the body.
func takes[In, Out any](f func(*Server, *call, *In) (*Out, error)) handler {
	return handler{
		limit: smallBody, in: reflect.TypeFor[In](), out: reflect.TypeFor[Out](),
		serve: func(s *Server, c *call) error {
			body, err := readBody(c.w, c.r, c.route.limit)
			if err != nil {
				return err
			}
			in := new(In)
			if err := parse(body, in, c.route.lax); err != nil {
				return err
			}
			out, err := f(s, c, in)
			if err != nil {
				return err
			}
			return writeJSON(c.w, http.StatusOK, out)
		},
	}
}

// gives makes a handler of a function that needs no body.
func gives[Out any](f func(*Server, *call) (*Out, error)) handler {
	return handler{out: reflect.TypeFor[Out](), serve: func(s *Server, c *call) error {
		out, err := f(s, c)
		if err != nil {
			return err
		}
		return writeJSON(c.w, http.StatusOK, out)
	}}
}

// nothing is an answer that says no more than that it went well.
type nothing struct{}

// large says that the body may be as large as texts are.
func (h handler) large() handler { h.limit = textBody; return h }

// document says that the body holds a document.
func (h handler) document() handler { h.limit = 2 * maxRulesDocument; return h }

// file says that the body holds a file.
func (h handler) file() handler { h.limit = fileBody; return h }

// loose says that members that are not known are passed over.
func (h handler) loose() handler { h.lax = true; return h }

// atHome says that this machine needs no key while there are no operators.
func (h handler) atHome() handler { h.local = true; return h }

// with names parameters.
func (h handler) with(p ...parameter) handler { h.query = append(h.query, p...); return h }

// routes is the table, in the order of the document.
func routes() []route {
	return []route{
		{"POST", "/api/v1/session", nobody, takes((*Server).beginSession), "signIn", "Sign a browser in: sets the console's cookie."},
		{"GET", "/api/v1/session", anyone, gives((*Server).showSession), "showSession", "Who is signed in, and what that permits."},
		{"DELETE", "/api/v1/session", anyone, gives((*Server).endSession), "signOut", "Sign the browser out."},

		{"POST", "/api/v1/detect", access.View, takes((*Server).detect).large().orLines((*Server).detectLines), "detect", "Where the values stand in texts. Nothing is masked or kept."},
		{"POST", "/api/v1/mask", access.View, takes((*Server).mask).large().orLines((*Server).maskLines), "mask", "Texts with tokens in the place of values, which the vault keeps."},
		{"POST", "/api/v1/restore", access.Restore, takes((*Server).restore).large(), "restore", "A text with tokens, with the values in their place. Goes into the audit trail."},

		{"POST", "/api/v1/try", access.View, handler{serve: (*Server).try, in: reflect.TypeFor[tryRequest](), limit: textBody, media: "text/event-stream"}, "try", "A chat through masking and restoring, told event by event: sent, masked, model, restored, done, error."},
		{"GET", "/api/v1/upstreams", access.View, gives((*Server).upstreams), "listUpstreams", "The models that a chat can be tried with."},

		{"GET", "/api/v1/kinds", access.View, gives((*Server).kinds), "listKinds", "The kinds of values that are known."},
		{"GET", "/api/v1/policies", access.View, gives((*Server).policies), "listPolicies", "The policies in force."},
		{"GET", "/api/v1/policies/{name}", access.View, gives((*Server).policy), "showPolicy", "One policy."},

		{"GET", "/api/v1/rules", access.View, gives((*Server).rules).with(parameter{name: "builtin", in: "query", doc: "1: also the rules that ship with maskit"}), "showRules", "The rules that were made at run time."},
		{"PUT", "/api/v1/rules", access.Edit, takes((*Server).putRules).document().with(parameter{name: "If-Match", in: "header", doc: "the version that is replaced, 0 if there is none", required: true}), "replaceRules", "Replace the rules that were made at run time. Every replica follows within a second."},
		{"POST", "/api/v1/rules/test", access.Edit, takes((*Server).testRules).large(), "testRules", "What a draft would find in texts, and how that differs from now."},
		{"GET", "/api/v1/rules/versions", access.View, gives((*Server).listRuleVersions).with(paged...), "listRuleVersions", "Who changed the rules, when and why."},
		{"GET", "/api/v1/rules/versions/{version}", access.View, gives((*Server).showRuleVersion), "showRuleVersion", "The rules as they were."},
		{"POST", "/api/v1/rules/rollback", access.Edit, takes((*Server).rollBackRules), "rollBackRules", "Put an earlier version in force again, as a new one."},

		{"DELETE", "/api/v1/vault/tokens/{token}", access.Erase, gives((*Server).eraseToken).with(tenantAndReason...), "eraseToken", "Delete the value of a token, for all conversations."},
		{"DELETE", "/api/v1/vault/conversations/{id}", access.Erase, gives((*Server).eraseConversation).with(tenantAndReason...), "eraseConversation", "Delete what a conversation holds, and its passcode."},
		{"DELETE", "/api/v1/vault/tenants/{tenant}", access.Erase, gives((*Server).eraseTenant).with(reasonHeader), "eraseTenant", "Delete all that a tenant kept, and the key under which it was."},
		{"PUT", "/api/v1/vault/passcode", access.Erase, takes((*Server).setPasscode), "setPasscode", "Put what a conversation or a tenant keeps under a passcode, without which nobody restores."},

		{"POST", "/api/v1/vault/export", access.Export, handler{serve: (*Server).exportConversation, in: reflect.TypeFor[exportRequest](), limit: smallBody, media: ageMedia}, "exportConversation", "What a conversation holds, as a file in the format of age."},
		{"POST", "/api/v1/vault/import", access.Export, takes((*Server).importConversation).file(), "importConversation", "Keep what a file of an export holds."},

		{"GET", "/api/v1/audit", access.View, gives((*Server).readAudit).with(auditQuery...), "readAudit", "The audit trail, the newest records first."},
		{"GET", "/api/v1/audit/verify", access.View, gives((*Server).verifyAudit), "verifyAudit", "Whether the audit trail is as it was written, and what is not."},
		{"GET", "/api/v1/stats", access.View, gives((*Server).showStats).with(parameter{name: "minutes", in: "query", doc: "how far back, 60 unless given, 1440 at most"}), "showStats", "What happened in the last minutes or hours, as series."},

		{"POST", "/analyze", access.View, presidio(takes((*Server).analyze).large()), "presidioAnalyze", "As presidio-analyzer: findings in a text, or in each of a list."},
		{"POST", "/anonymize", access.View, presidio(takes((*Server).anonymize).large()), "presidioAnonymize", "As presidio-anonymizer: replace, redact, mask, hash or encrypt findings."},
		{"GET", "/supportedentities", access.View, presidio(gives((*Server).supportedEntities)), "presidioEntities", "The kinds that the default policy finds."},
		{"GET", "/recognizers", access.View, presidio(gives((*Server).recognizers)), "presidioRecognizers", "The rules by name."},
		{"GET", "/health", access.View, handler{serve: (*Server).health, media: "text/plain"}.atHome(), "presidioHealth", "Whether the service is there."},

		{"GET", "/openapi.json", nobody, handler{serve: (*Server).document, media: "application/json"}, "openapi", "This document."},
	}
}
