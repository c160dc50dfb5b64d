package proxy

import (
	"errors"
	"time"

	"github.com/valyala/fasthttp"

	"maskit/proxy/mask"
	"maskit/proxy/wire"
)

// failure is why maskit itself answers, and not the provider: an HTTP status, a
// stable code for programs and a sentence for people. It holds nothing of the
// request or of the answer.
type failure struct {
	status  int
	code    string
	message string
	final   bool          // the same request would fail again, whatever its status says
	wait    time.Duration // until when trying again is of no use, 0 if not known
	cause   error         // for the log: never of a text that a client or a provider wrote
}

func (f *failure) Error() string { return f.code + ": " + f.message }

// with returns the failure with a sentence of the case at hand.
func (f *failure) with(message string) *failure {
	return &failure{status: f.status, code: f.code, message: message}
}

// because returns the failure with what the log should say about it.
func (f *failure) because(cause error) *failure {
	g := *f
	g.cause = cause
	return &g
}

// after says how long to wait before trying again.
func (f *failure) after(wait time.Duration) *failure {
	g := *f
	g.wait = wait
	return &g
}

func newFailure(status int, code, message string) *failure {
	return &failure{status: status, code: code, message: message}
}

// once says that trying again is of no use.
func (f *failure) once() *failure {
	f.final = true
	return f
}

// The table of failures. SDKs try again on 408, 409, 429 and from 500 on: what
// would fail again has another status, or says x-should-retry: false.
var (
	errBadRequest     = newFailure(fasthttp.StatusBadRequest, "invalid_request", "the request is not acceptable HTTP")
	errMethod         = newFailure(fasthttp.StatusMethodNotAllowed, "method_not_allowed", "this method is not forwarded")
	errUpgrade        = newFailure(fasthttp.StatusUpgradeRequired, "upgrade_refused", "maskit does not tunnel WebSocket or other upgrades, since it could not look into them; use plain HTTPS requests")
	errInvalidJSON    = newFailure(fasthttp.StatusBadRequest, "invalid_json", "the body is not acceptable JSON")
	errInvalidForm    = newFailure(fasthttp.StatusBadRequest, "invalid_multipart", "the body is not acceptable multipart")
	errSlowRequest    = newFailure(fasthttp.StatusRequestTimeout, "request_timeout", "the request did not come whole in time (proxy.read_timeout)")
	errTooLarge       = newFailure(fasthttp.StatusRequestEntityTooLarge, "body_too_large", "the body is larger than proxy.max_body allows")
	errHeaderTooLarge = newFailure(fasthttp.StatusRequestHeaderFieldsTooLarge, "headers_too_large", "the request's headers are too large")
	errEncoding       = newFailure(fasthttp.StatusUnsupportedMediaType, "unsupported_encoding", "the body's Content-Encoding cannot be read: send identity, gzip, br, zstd or deflate")
	errUnread         = newFailure(fasthttp.StatusUnsupportedMediaType, "unsupported_content", "the body is neither JSON nor multipart and cannot be looked at; name the path under proxy.pass_unread to let it through unmasked")
	errPart           = newFailure(fasthttp.StatusUnprocessableEntity, "unsupported_content", "the policy blocks a part that cannot be read as text")
	errBlocked        = newFailure(fasthttp.StatusUnprocessableEntity, "sensitive_data_blocked", "the request holds sensitive values, and the policy blocks it")
	errControl        = newFailure(fasthttp.StatusBadRequest, "control_refused", "a header x-maskit-... has a value that is not known")
	errNoKey          = newFailure(fasthttp.StatusUnauthorized, "client_key_required", "this proxy asks for a client's key, in x-maskit-key or in the place of the provider's (require_client_key)")
	errWrongKey       = newFailure(fasthttp.StatusUnauthorized, "client_key_unknown", "the client's key is not known here")
	errManyKeys       = newFailure(fasthttp.StatusTooManyRequests, "client_key_unknown", "the client's key is not known here, and too many such were shown from this address").once()
	errPolicy         = newFailure(fasthttp.StatusServiceUnavailable, "policy_unavailable", "the policy could not be made ready, so nothing was forwarded")
	errUnknown        = newFailure(fasthttp.StatusNotFound, "unknown_upstream", "no upstream is configured for this path (proxy.upstreams)")
	errDetector       = newFailure(fasthttp.StatusServiceUnavailable, "detector_unavailable", "the text could not be looked at, so it was not forwarded")
	errVault          = newFailure(fasthttp.StatusServiceUnavailable, "vault_unavailable", "the vault did not take the masked values in time, so nothing was forwarded (vault.on_failure)")
	errAudit          = newFailure(fasthttp.StatusServiceUnavailable, "audit_unavailable", "the audit trail cannot be written, so nothing was forwarded (audit.on_failure)")
	errBusy           = newFailure(fasthttp.StatusServiceUnavailable, "upstream_busy", "all connections to the upstream are in use (proxy.upstreams.*.max_conns)")
	errUnreachable    = newFailure(fasthttp.StatusBadGateway, "upstream_unreachable", "the upstream cannot be reached")
	errUpstreamBroken = newFailure(fasthttp.StatusBadGateway, "upstream_failed", "the upstream did not give a whole answer")
	errUpstreamCoding = newFailure(fasthttp.StatusBadGateway, "upstream_encoding", "the upstream's answer has an encoding that cannot be read").once()
	errUpstreamLarge  = newFailure(fasthttp.StatusBadGateway, "upstream_too_large", "the upstream's answer is larger than proxy.max_body allows").once()
	errTimeout        = newFailure(fasthttp.StatusGatewayTimeout, "upstream_timeout", "the upstream did not answer in time (proxy.upstreams.*.silence_timeout)")
	errGone           = newFailure(499, "client_gone", "the client went away")
	errInternal       = newFailure(fasthttp.StatusInternalServerError, "internal_error", "maskit failed on this request; nothing was forwarded unmasked")
)

// failureOf finds the row for an error of the floors below.
func failureOf(err error) *failure {
	var f *failure
	var invalid *wire.InvalidError
	var part *mask.ErrPart
	var mode *mask.ErrMode
	var kind *mask.ErrKind
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &invalid) && invalid.Form:
		return errInvalidForm.with(invalid.Error())
	case errors.As(err, &invalid):
		return errInvalidJSON.with(invalid.Error())
	case errors.As(err, &part):
		return errPart.with(part.Error())
	case errors.As(err, &mode):
		return errControl.with(mode.Error())
	case errors.As(err, &kind):
		return errBlocked.with(kind.Error())
	case mask.Unavailable(err):
		return errVault.because(err)
	}
	return errDetector.because(err)
}
