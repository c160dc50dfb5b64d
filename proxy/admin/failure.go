package admin

import (
	"context"
	"errors"
	"net/http"
	"time"

	"maskit/proxy/mask"
	"maskit/vault"
)

// failure is why a request is refused: a status, a stable code for programs and
// a sentence for people. It holds nothing of the request: no text, no token, no
// key.
type failure struct {
	status  int
	code    string
	message string
	field   string // of the request, that is at fault
	reasons []string
	wait    time.Duration // before it is of use to try again
	cause   error         // for the log
}

// Error implements error.
func (f *failure) Error() string { return f.code + ": " + f.message }

// after returns the failure with the time before which another try is of no use.
func (f *failure) after(wait time.Duration) *failure {
	g := *f
	g.wait = wait
	return &g
}

// with returns the failure with a sentence of the case at hand.
func (f *failure) with(message string) *failure {
	g := *f
	g.message = message
	return &g
}

// at returns the failure with the field that is at fault, and what is wrong.
func (f *failure) at(field, message string) *failure {
	g := f.with(message)
	g.field = field
	return g
}

// because returns the failure with what the log should say about it.
func (f *failure) because(cause error) *failure {
	g := *f
	g.cause = cause
	return &g
}

// The table of failures.
var (
	errNoKey          = &failure{status: http.StatusUnauthorized, code: "unauthorized", message: "sign in, or send an operator's key as a bearer token"}
	errWrongKey       = &failure{status: http.StatusUnauthorized, code: "unauthorized", message: "the key, or token, is not known here, or no longer"}
	errSlow           = &failure{status: http.StatusTooManyRequests, code: "too_many_attempts", message: "too many failed attempts; wait a moment"}
	errForbidden      = &failure{status: http.StatusForbidden, code: "forbidden", message: "your roles, or your tenants, do not permit this"}
	errCSRF           = &failure{status: http.StatusForbidden, code: "csrf", message: "the header X-CSRF-Token is missing or is not that of this session"}
	errCrossOrigin    = &failure{status: http.StatusForbidden, code: "cross_origin", message: "other origins are not served"}
	errInvalid        = &failure{status: http.StatusBadRequest, code: "invalid_request", message: "the request is not acceptable"}
	errUnprocessed    = &failure{status: http.StatusUnprocessableEntity, code: "unprocessable", message: "the request cannot be carried out"}
	errMedia          = &failure{status: http.StatusUnsupportedMediaType, code: "unsupported_media_type", message: "send Content-Type: application/json"}
	errLarge          = &failure{status: http.StatusRequestEntityTooLarge, code: "body_too_large", message: "the body is larger than this route takes"}
	errTimeout        = &failure{status: http.StatusRequestTimeout, code: "request_timeout", message: "the body did not come in time"}
	errNotFound       = &failure{status: http.StatusNotFound, code: "not_found", message: "there is no such thing here"}
	errMethod         = &failure{status: http.StatusMethodNotAllowed, code: "method_not_allowed", message: "this path does not know the method"}
	errBlocked        = &failure{status: http.StatusUnprocessableEntity, code: "sensitive_data_blocked", message: "the policy refuses requests with values of such a kind"}
	errChanged        = &failure{status: http.StatusPreconditionFailed, code: "version_changed", message: "somebody else was faster: read the version that is in force and try again"}
	errNoMatch        = &failure{status: http.StatusPreconditionRequired, code: "version_required", message: "say with If-Match which version the change is made to"}
	errPasscodeNeeded = &failure{status: http.StatusForbidden, code: "passcode_required", field: "passcode", message: "the values are under a passcode"}
	errPasscodeWrong  = &failure{status: http.StatusForbidden, code: "passcode_wrong", field: "passcode", message: "the passcode is wrong"}
	errPasscodeLocked = &failure{status: http.StatusTooManyRequests, code: "passcode_locked", field: "passcode", message: "too many wrong passcodes"}
	errPasscodeSet    = &failure{status: http.StatusConflict, code: "passcode_set", field: "current", message: "there is a passcode already: say which one"}
	errNoPasscode     = &failure{status: http.StatusConflict, code: "no_passcode", field: "current", message: "no passcode is set"}
	errUnsupported    = &failure{status: http.StatusNotImplemented, code: "unsupported", message: "the vault's store cannot do this"}
	errVault          = &failure{status: http.StatusServiceUnavailable, code: "vault_unavailable", message: "the vault did not answer in time"}
	errAudit          = &failure{status: http.StatusServiceUnavailable, code: "audit_unavailable", message: "the audit trail did not take the record, so nothing was done (audit.on_failure)"}
	errIssuer         = &failure{status: http.StatusServiceUnavailable, code: "oidc_unavailable", message: "the OIDC provider did not answer, so the token could not be checked"}
	errUpstream       = &failure{status: http.StatusBadGateway, code: "upstream_failed", message: "the upstream did not give a whole answer"}
	errInternal       = &failure{status: http.StatusInternalServerError, code: "internal_error", message: "maskit failed on this request"}
)

// byCause says which row is meant by an error of the floors below.
var byCause = []struct {
	cause error
	row   *failure
}{
	{vault.ErrConflict, errChanged},
	{vault.ErrPasscode, errPasscodeWrong},
	{vault.ErrPasscodeSet, errPasscodeSet},
	{vault.ErrNoPasscode, errNoPasscode},
	{vault.ErrPasscodeForm, errInvalid.at("passcode", vault.ErrPasscodeForm.Error())},
	{vault.ErrUnsupported, errUnsupported},
	{vault.ErrRecipient, errInvalid.at("recipient", vault.ErrRecipient.Error())},
	{vault.ErrImport, errUnprocessed.at("file", vault.ErrImport.Error())},
	{context.Canceled, errTimeout},
}

// failureOf finds the row for an error of the floors below.
func failureOf(err error) *failure {
	var f *failure
	var big *http.MaxBytesError
	var rules *ErrRules
	var locked *vault.ErrLocked
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &big):
		return errLarge
	case errors.As(err, &rules):
		f = errUnprocessed.at("document", rules.Error())
		f.reasons = rules.Reasons
		return f
	case errors.As(err, &locked):
		return errPasscodeLocked.with(locked.Error()).after(time.Until(locked.Until))
	}
	for _, row := range byCause {
		if errors.Is(err, row.cause) {
			return row.row
		}
	}
	if mask.Unavailable(err) {
		return errVault.because(err)
	}
	return errInternal.because(err)
}

// body is what the caller gets to read.
func (f *failure) body() failureBody {
	return failureBody{failureText{f.code, f.message, f.field, f.reasons}}
}

// failureBody is what a refused request is answered with.
type failureBody struct {
	Error failureText `json:"error"`
}

type failureText struct {
	Code    string   `json:"code" doc:"stable, for programs"`
	Message string   `json:"message" doc:"for people"`
	Field   string   `json:"field,omitempty" doc:"the member of the request that is at fault"`
	Reasons []string `json:"reasons,omitempty" doc:"all that is wrong, where it is more than one thing"`
}
