package proxy

import (
	"bytes"
	"context"
	"mime"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/valyala/fasthttp"
	"go.uber.org/zap"

	"maskit/proxy/audit"
	"maskit/proxy/mask"
	"maskit/proxy/wire"
)

// exchange is one request on its way: there and back. Its parts are met in the
// order of run; after run, only what a stream needs is touched, and nothing of
// ctx.
type exchange struct {
	p      *Proxy
	st     *state
	ctx    *fasthttp.RequestCtx
	conn   net.Conn // the client's
	rec    audit.Exchange
	route  route
	format *wire.Format

	client  *Client // nil: the request showed no key
	tenant  string
	masker  *mask.Masker
	session *mask.Session
	reading wire.Reading // of the request's body, if that is JSON
	json    bool         // the request asks for an answer that is JSON
	// unrestored says that the client wants the answer with its tokens.
	unrestored bool
	receipt    string // how the client wants it, "" not at all
	// kept says that later requests may go on from the answer.
	kept bool

	// The connection to the provider while it is in use, for abort.
	mu      sync.Mutex
	leg     *leg
	aborted bool

	watch *watch
	ended bool
}

// run takes the request to the provider and brings the head of the answer. An
// error is answered by refuse; nothing has gone to the client then.
func (x *exchange) run() error {
	if err := x.screen(); err != nil {
		return err
	}
	body, err := x.body()
	if err != nil {
		return err
	}
	if err := x.begin(body); err != nil {
		return err
	}
	req := fasthttp.AcquireRequest()
	defer fasthttp.ReleaseRequest(req)
	if err := x.mask(req, body); err != nil {
		return err
	}
	x.rec.Mask = time.Since(x.rec.Start)
	if err := x.p.ready(); err != nil {
		return errAudit.because(err)
	}
	// ---- nothing has left before this line ----
	return x.send(req)
}

// screen refuses what one of two readers of the request could understand
// differently, and what cannot be looked at; then it finds the route.
func (x *exchange) screen() error {
	h := &x.ctx.Request.Header
	if f := malformed(h); f != nil {
		return f
	}
	path, _, _ := strings.Cut(string(h.RequestURI()), "?")
	if !isPlainPath(path) {
		return errBadRequest.with("the path has empty, dot or encoded segments, which servers read differently")
	}
	r, err := x.st.findRoute(path, h)
	x.format, x.route = r.format, r
	x.rec.Route = r.format.Name
	if err := x.identify(); err != nil {
		return err
	}
	if err != nil {
		return err
	}
	x.rec.Upstream = r.up.name
	if r.format.Refuse != "" {
		return errUnread.with(r.format.Refuse)
	}
	if bytes.Contains(lower(h.Peek("Upgrade")), []byte("websocket")) {
		return errUpgrade // Others, such as h2c, are offers that may be left alone.
	}
	return nil
}

// malformed finds what fasthttp lets through and another server may read
// differently: the beginnings of request smuggling.
func malformed(h *fasthttp.RequestHeader) *failure {
	switch p := string(h.Protocol()); {
	case p != "HTTP/1.1" && p != "HTTP/1.0":
		return errBadRequest.with("the protocol is neither HTTP/1.1 nor HTTP/1.0")
	case len(h.RequestURI()) == 0 || h.RequestURI()[0] != '/':
		return errBadRequest.with("the request target is not a path")
	}
	switch string(h.Method()) {
	case fasthttp.MethodConnect, fasthttp.MethodTrace:
		return errMethod
	}
	return malformedLines(h.RawHeaders())
}

// malformedLines looks at the headers as they came: fasthttp hides what it has
// overruled.
func malformedLines(raw []byte) *failure {
	framings := 0
	for len(raw) > 0 {
		var line []byte
		line, raw, _ = bytes.Cut(raw, []byte("\n"))
		if len(line) > 0 && (line[0] == ' ' || line[0] == '\t') {
			return errBadRequest.with("a header is folded over two lines")
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		switch {
		case bytes.EqualFold(name, []byte(fasthttp.HeaderContentLength)):
			framings++
		case bytes.EqualFold(name, []byte(fasthttp.HeaderTransferEncoding)):
			framings++
			if !bytes.EqualFold(bytes.TrimSpace(value), []byte("chunked")) {
				return errBadRequest.with("the Transfer-Encoding is not chunked")
			}
		}
	}
	if framings > 1 {
		return errBadRequest.with("the length of the body is given twice")
	}
	return nil
}

// body returns the request's body, decoded.
func (x *exchange) body() ([]byte, error) {
	encoding := bytes.Join(x.ctx.Request.Header.PeekAll(fasthttp.HeaderContentEncoding), []byte(","))
	body, err := decode(x.ctx.Request.Body(), encoding, int(x.st.cfg.MaxBody))
	if err != nil {
		return nil, err
	}
	x.rec.BytesIn = len(body)
	return body, nil
}

// begin begins the session, as the request's own controls want it.
func (x *exchange) begin(body []byte) error {
	h := &x.ctx.Request.Header
	if err := x.chooseTenant(); err != nil {
		return err
	}
	if err := x.choosePolicy(body); err != nil {
		return err
	}
	x.session = x.masker.Session(context.Background(), mask.Scope{
		Tenant:       x.tenant,
		Conversation: string(h.Peek(headerSession)),
	})
	if mode := h.Peek(headerMode); len(mode) > 0 {
		if err := x.session.SetMode(string(mode)); err != nil {
			return err
		}
	}
	switch string(h.Peek(headerRestore)) {
	case "", "true":
	case "false":
		x.unrestored = true
	default:
		return errControl.with("x-maskit-restore is neither true nor false")
	}
	return x.askReceipt()
}

// mask writes into req the request as the provider may see it.
func (x *exchange) mask(req *fasthttp.Request, body []byte) error {
	read := x.reader()
	if len(body) > 0 && read == nil && !x.st.passesUnread(x.route.path) {
		if body[0] == '{' || body[0] == '[' {
			return errUnread.with("the body looks like JSON, and its Content-Type says that it is none: send Content-Type: application/json")
		}
		return errUnread
	}
	for range maxSettles {
		req.Reset()
		buffer := req.SwapBody(nil)
		masked, err := x.maskBody(buffer, body, read)
		if err != nil {
			return err
		}
		if isSame(masked, body) {
			req.SwapBody(buffer)
			req.SetBodyRaw(body)
		} else {
			req.SwapBody(masked)
		}
		if err := x.writeRequest(req); err != nil {
			return err
		}
		if err := x.goOn(); err != nil {
			return err
		}
		if found := x.session.Masked(); x.session.Mode() == mask.ModeBlock && len(found) > 0 {
			return errBlocked.with(errBlocked.message + ": " + receipt(found))
		}
		if again, err := x.session.Settle(); err != nil || !again {
			return err
		}
	}
	return errInternal
}

// isSame says whether b is a itself, and no copy.
func isSame(a, b []byte) bool { return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0]) }

// reader returns what reads a body of the request's type and masks it; nil if
// nothing does.
func (x *exchange) reader() func(dst, body []byte) ([]byte, error) {
	typ := x.ctx.Request.Header.ContentType()
	if isJSON(typ) {
		return func(dst, body []byte) ([]byte, error) {
			x.reading.Text, x.reading.Part, x.reading.Past = x.session.Mask, x.session.Part, x.session
			return x.format.Read(dst, body, &x.reading)
		}
	}
	// Not MultipartFormBoundary: it takes what is malformed as well.
	if t, params, err := mime.ParseMediaType(string(typ)); err == nil && t == "multipart/form-data" {
		return func(dst, body []byte) ([]byte, error) {
			return x.format.Multipart(dst, body, params["boundary"], x.session.Mask, x.session.Part)
		}
	}
	return nil
}

// maskBody returns the body as the provider may see it: itself if nothing is to
// be masked, else written over dst.
func (x *exchange) maskBody(dst, body []byte, read func(dst, body []byte) ([]byte, error)) ([]byte, error) {
	switch {
	case len(body) == 0:
		return nil, nil
	case read == nil:
		return body, x.session.Part("body")
	}
	masked, err := read(dst[:0], body)
	if err != nil || !isJSON(x.ctx.Request.Header.ContentType()) {
		return masked, err
	}
	x.json = x.format.AsksJSON(&x.reading)
	return x.hint(masked)
}

// maxSettles bounds how often a request is masked anew since a token was taken.
// Each round exchanges at least one token for one of 6e10 others.
const maxSettles = 8

// hint adds the line that the policy may ask for.
func (x *exchange) hint(body []byte) ([]byte, error) {
	if !x.masker.Hints() || x.format.Hint == nil || !x.session.HasTokens() {
		return body, nil
	}
	return x.format.Hint(body, hintLine)
}

// hintLine is what a policy with a hint tells the model.
const hintLine = "Words such as EMAIL7TX3W9KD stand for values that you cannot see: copy them exactly as they are."

// lower returns b in lower case: itself, if it is that.
func lower(b []byte) []byte {
	for _, c := range b {
		if 'A' <= c && c <= 'Z' || c >= utf8.RuneSelf {
			return bytes.ToLower(b)
		}
	}
	return b
}

// isJSON says whether a body of that type is to be read as JSON. One without a
// type is: if it is none, it is refused.
func isJSON(contentType []byte) bool {
	if string(contentType) == "application/json" {
		return true // Which it nearly always is.
	}
	t, params, _ := bytes.Cut(lower(contentType), []byte(";"))
	t = bytes.TrimSpace(t)
	if _, charset, ok := bytes.Cut(params, []byte("charset=")); ok {
		charset, _, _ = bytes.Cut(charset, []byte(";"))
		if c := string(bytes.Trim(charset, "\" ")); c != "utf-8" && c != "utf8" && c != "us-ascii" {
			return false // JSON in another one is read by few, and not by us.
		}
	}
	return len(t) == 0 || bytes.HasSuffix(t, []byte("/json")) || bytes.HasSuffix(t, []byte("+json"))
}

// refuse answers in the provider's place.
func (x *exchange) refuse(f *failure) {
	x.stopWatch()
	x.rec.Status, x.rec.Code = f.status, f.code
	if f.cause != nil {
		x.p.log.Warn(f.message, zap.String("id", x.rec.ID), zap.String("upstream", x.rec.Upstream), zap.Error(f.cause))
	}
	resp := &x.ctx.Response
	resp.Reset()
	resp.SetStatusCode(f.status)
	resp.Header.SetContentType("application/json")
	resp.Header.Set(headerID, x.rec.ID)
	if f.final {
		resp.Header.Set("X-Should-Retry", "false")
	}
	if f.wait > 0 {
		resp.Header.Set(fasthttp.HeaderRetryAfter, strconv.Itoa(int((f.wait+time.Second-1)/time.Second)))
	}
	message := f.message
	if x.rec.Upstream != "" {
		message = strings.Replace(message, "the upstream", "the upstream "+x.rec.Upstream, 1)
	}
	resp.SetBodyRaw(wire.ErrorFor(x.format, x.rec.Upstream)(f.status, f.code, message))
	x.rec.BytesOut = len(resp.Body())
	if f == errGone {
		x.ctx.SetConnectionClose()
	}
	x.end()
}

// end closes the books; it runs once, when nothing of the exchange runs any more.
func (x *exchange) end() {
	if x.ended {
		return
	}
	x.ended = true
	x.p.leave(x)
	if x.session != nil {
		x.rec.Allowed = counts(x.session.Allowed())
		x.rec.Found, x.rec.Unread = counts(x.session.Masked()), counts(x.session.Unread())
		x.rec.Rules = counts(x.session.Rules())
		if x.p.tokens {
			x.rec.Tokens = x.session.Tokens()
		}
		st := x.session.Stats()
		x.rec.Restored, x.rec.Unknown, x.rec.Withheld, x.rec.Unkept = st.Restored, st.Unknown, st.Withheld, st.Unkept
		x.session.Close()
		x.session = nil
	}
	x.rec.Total = time.Since(x.rec.Start)
	rec := x.rec
	x.p.done(&rec)
}

func counts(in []mask.Count) []audit.Count {
	out := make([]audit.Count, len(in))
	for i, c := range in {
		out[i] = audit.Count(c)
	}
	return out
}
