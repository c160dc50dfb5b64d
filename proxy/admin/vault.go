package admin

import (
	"context"
	"net/http"
	"strings"

	"maskit/proxy/audit"
	"maskit/vault"
)

// Erasing, passcodes: what operators do to the values that the vault keeps. The
// trail has the record before it is done, and another one if it was not.

// tenantAndReason are the parameters of erasing.
var tenantAndReason = []parameter{
	{name: "tenant", in: "query", doc: "whose values they are; the operator's own tenant if it is left out"},
	reasonHeader,
}

var reasonHeader = parameter{name: headerReason, in: "header", doc: "why; it goes into the audit trail", required: true}

const headerReason = "X-Reason"

type erasedAnswer struct {
	Values int `json:"values" doc:"how many were deleted"`
}

// eraseToken deletes the value of a token, for all conversations.
func (s *Server) eraseToken(c *call) (*erasedAnswer, error) {
	token := c.r.PathValue("token")
	tenant, err := c.tenant(c.r.URL.Query().Get("tenant"))
	if err != nil {
		return nil, err
	}
	if found := s.live.Masker("", tenant).Tokens([]byte(token)); len(found) != 1 || found[0].Name != token {
		return nil, errInvalid.at("token", "is not a token as it was sent")
	}
	op := s.operation(c, "erase.token")
	op.Tokens = []string{token}
	return s.erase(c, op, tenant, func(ctx context.Context, t *vault.Tenant) (int, error) {
		return t.EraseTokens(ctx, []string{token})
	})
}

// eraseConversation deletes what a conversation holds.
func (s *Server) eraseConversation(c *call) (*erasedAnswer, error) {
	id := c.r.PathValue("id")
	tenant, err := c.tenant(c.r.URL.Query().Get("tenant"))
	if err != nil {
		return nil, err
	}
	op := s.operation(c, "erase.conversation")
	op.Session = id
	return s.erase(c, op, tenant, func(ctx context.Context, t *vault.Tenant) (int, error) {
		return t.EraseConversation(ctx, id)
	})
}

// eraseTenant deletes all that a tenant kept, and the key under which it was.
func (s *Server) eraseTenant(c *call) (*erasedAnswer, error) {
	tenant, err := c.tenant(c.r.PathValue("tenant"))
	if err != nil {
		return nil, err
	}
	op := s.operation(c, "erase.tenant")
	return s.erase(c, op, tenant, func(ctx context.Context, t *vault.Tenant) (int, error) { return t.Erase(ctx) })
}

func (s *Server) erase(c *call, op *audit.Operation, tenant string, do func(context.Context, *vault.Tenant) (int, error)) (*erasedAnswer, error) {
	op.Tenant = tenant
	a := &erasedAnswer{}
	err := s.recorded(c, op, c.r.Header.Get(headerReason), func() (err error) {
		a.Values, err = do(c.r.Context(), s.vault.Tenant(tenant))
		return err
	})
	return a, err
}

// noReason is said where an operator gives none.
const noReason = "is missing: say what for, such as a ticket's number; the audit trail keeps it"

// recorded does what the record says, once the trail has it; if that fails, the
// trail is told so.
func (s *Server) recorded(c *call, op *audit.Operation, reason string, do func() error) error {
	if strings.TrimSpace(reason) == "" {
		if c.r.Method == http.MethodDelete {
			return errInvalid.at(headerReason, noReason)
		}
		return errInvalid.at("reason", noReason)
	}
	var err error
	if op.Reason, err = s.masked(c, reason); err != nil {
		return err
	}
	if err := s.record(c.r.Context(), op); err != nil {
		return errAudit.because(err)
	}
	if err := do(); err != nil {
		return s.recordFailure(c, op, err)
	}
	return nil
}

type passcodeRequest struct {
	Tenant   string `json:"tenant,omitempty" doc:"the operator's own tenant if it is left out"`
	Session  string `json:"session,omitempty" doc:"the conversation; all of the tenant if it is left out"`
	Passcode string `json:"passcode" doc:"8 to 1024 bytes; if it is forgotten, what is under it is lost"`
	Current  string `json:"current,omitempty" doc:"the passcode that is replaced"`
	Reason   string `json:"reason" doc:"why; it goes into the audit trail"`
}

// setPasscode puts what a conversation or a tenant keeps under a passcode, or
// another one in its place. From then on nobody restores without it.
func (s *Server) setPasscode(c *call, in *passcodeRequest) (*nothing, error) {
	tenant, err := c.tenant(in.Tenant)
	if err != nil {
		return nil, err
	}
	op := s.operation(c, "passcode.set")
	op.Tenant, op.Session = tenant, in.Session
	t, code := s.vault.Tenant(tenant), vault.Secret(in.Passcode)
	return &nothing{}, s.recorded(c, op, in.Reason, func() error {
		if in.Current != "" {
			return t.ChangePasscode(c.r.Context(), in.Session, vault.Secret(in.Current), code)
		}
		return t.SetPasscode(c.r.Context(), in.Session, code)
	})
}
