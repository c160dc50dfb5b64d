package proxy

import (
	"bytes"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"maskit/proxy/mask"
	"maskit/proxy/wire"
)

// maskit's own headers.
const (
	headerID       = "X-Maskit-Request-Id"
	headerMasked   = "X-Maskit-Masked"
	headerUnread   = "X-Maskit-Unread"
	headerObserved = "X-Maskit-Observed"
	headerSession  = "X-Maskit-Session"
	headerMode     = "X-Maskit-Mode"
	headerRestore  = "X-Maskit-Restore"
	headerPolicy   = "X-Maskit-Policy"
	headerReceipt  = "X-Maskit-Receipt"
	headerTenant   = "X-Maskit-Tenant"
	headerKey      = "X-Maskit-Key"
	ownPrefix      = "X-Maskit-"
)

// dropped are the headers that end at this hop, in either direction (RFC 9110,
// 7.6.1), and those that describe a body which is written anew.
var dropped = map[string]bool{
	"Connection": true, "Proxy-Connection": true, "Keep-Alive": true,
	"Proxy-Authenticate": true, "Proxy-Authorization": true, "Te": true,
	"Trailer": true, "Transfer-Encoding": true, "Upgrade": true,
	"Content-Length": true, "Content-Encoding": true, "Content-Md5": true,
	"Digest": true, "Content-Digest": true, "Repr-Digest": true,
}

// droppedRequest are further headers that do not go to the provider.
var droppedRequest = map[string]bool{
	"Baggage": true, // What applications pack into it is nobody else's to read.
	"Host":    true, "Accept-Encoding": true, "Expect": true, "Http2-Settings": true,
}

// droppedResponse are further headers that do not go to the client: a tag of
// the masked body is none of the restored one.
var droppedResponse = map[string]bool{"Etag": true, "Date": true, "Alt-Svc": true}

// keyHeaders are where providers look for their key, by kind of upstream.
// Others take a bearer token.
var keyHeaders = map[string]string{
	"anthropic": "X-Api-Key",
	"gemini":    "X-Goog-Api-Key",
	"azure":     "Api-Key",
}

// credentials are all headers that may carry a client's key.
var credentials = []string{fasthttp.HeaderAuthorization, "X-Api-Key", "X-Goog-Api-Key", "Api-Key"}

// plainHeaders are those that everybody sends: they are not looked into.
var plainHeaders = map[string]bool{
	"Accept": true, "Accept-Language": true, "Content-Type": true, "User-Agent": true, "Cookie": true,
	"Authorization": true, "X-Api-Key": true, "X-Goog-Api-Key": true, "Api-Key": true,
	"Anthropic-Version": true, "Anthropic-Beta": true, "Openai-Organization": true, "Openai-Project": true,
}

// isPlainHeader says whether a header is not looked into: one that everybody
// sends, or the credential of a gateway that stands behind.
func isPlainHeader(name string) bool {
	if plainHeaders[name] {
		return true
	}
	separates := func(c rune) bool { return c == '-' || c == '_' }
	for word := range strings.FieldsFuncSeq(strings.ToLower(name), separates) {
		switch {
		case strings.HasPrefix(word, "authoriz"), strings.HasPrefix(word, "authentic"):
			return true
		case strings.HasSuffix(word, "auth"), strings.HasSuffix(word, "key"), strings.HasSuffix(word, "token"), strings.HasSuffix(word, "secret"):
			return true
		}
	}
	return false
}

// plainParams are the parameters of a query that are not looked into: those that
// say which API it is, and where Gemini takes its key.
var plainParams = map[string]bool{"key": true, "alt": true, "api-version": true}

// writeRequest writes the head of the request to the provider: the client's own
// with the headers that go further than this hop. The query and the headers that
// not everybody sends are masked.
func (x *exchange) writeRequest(req *fasthttp.Request) error {
	in, out := &x.ctx.Request.Header, &req.Header
	out.SetMethodBytes(in.Method())
	target, err := x.maskPath(x.route.path)
	if err != nil {
		return err
	}
	target = x.route.up.base + target
	if _, query, ok := strings.Cut(string(in.RequestURI()), "?"); ok {
		if query, err = x.maskQuery(query); err != nil {
			return err
		}
		target += "?" + query
	}
	out.SetRequestURI(target)
	out.SetHost(x.route.up.host)
	out.SetNoDefaultContentType(true)
	named := in.Peek(fasthttp.HeaderConnection)
	for k, v := range in.All() {
		name := string(k)
		if dropped[name] || droppedRequest[name] || name == headerTrace && x.p.traces || strings.HasPrefix(name, ownPrefix) || isNamed(named, k) ||
			holdsClientKey(v) {
			continue
		}
		if !isPlainHeader(name) {
			if v, err = wire.Plain(nil, v, x.session.MaskMeta); err != nil {
				return err
			}
		}
		out.AddBytesKV(k, v)
	}
	if x.p.traces {
		x.writeTrace(out)
	}
	out.Set(fasthttp.HeaderAcceptEncoding, "identity")
	x.setKey(out)
	return nil
}

// maskQuery returns the query as the provider may see it: what holds nothing
// stays as it was written.
func (x *exchange) maskQuery(query string) (string, error) {
	params := strings.Split(query, "&")
	kept := params[:0]
	for _, p := range params {
		name, value, hasValue := strings.Cut(p, "=")
		if text, err := url.QueryUnescape(p); err == nil && holdsClientKey([]byte(text)) {
			continue // It ends here.
		}
		if name == "key" && x.route.up.name == "gemini" && x.upstreamKey() != "" {
			continue // The configured one takes its place.
		}
		if !plainParams[name] || name == "key" && x.route.up.name != "gemini" {
			var err error
			if name, err = x.maskEscaped(name, url.QueryUnescape, url.QueryEscape); err != nil {
				return "", err
			}
			if value, err = x.maskEscaped(value, url.QueryUnescape, url.QueryEscape); err != nil {
				return "", err
			}
		}
		if p = name; hasValue {
			p += "=" + value
		}
		kept = append(kept, p)
	}
	return strings.Join(kept, "&"), nil
}

// maskPath returns the path as the provider may see it, segment by segment.
func (x *exchange) maskPath(path string) (string, error) {
	if wire.IsFixed(path) {
		return path, nil
	}
	segments := strings.Split(path, "/")
	for i, s := range segments {
		var err error
		if segments[i], err = x.maskEscaped(s, url.PathUnescape, url.PathEscape); err != nil {
			return "", err
		}
	}
	return strings.Join(segments, "/"), nil
}

// maskEscaped masks what is written in percent-encoding; what holds nothing
// stays as it was written.
func (x *exchange) maskEscaped(s string, unescape func(string) (string, error), escape func(string) string) (string, error) {
	text, err := unescape(s)
	if err != nil {
		return "", errBadRequest.with("the target is malformed")
	}
	masked, err := wire.Plain(nil, []byte(text), x.session.MaskMeta)
	if err != nil || string(masked) == text {
		return s, err
	}
	return escape(string(masked)), nil
}

// isNamed says whether a Connection header names the header as one that ends at
// this hop.
func isNamed(connection, name []byte) bool {
	for len(connection) > 0 {
		var token []byte
		token, connection, _ = bytes.Cut(connection, []byte(","))
		if bytes.EqualFold(bytes.TrimSpace(token), name) {
			return true
		}
	}
	return false
}

// writeHead writes the head of the answer to the client.
func (x *exchange) writeHead(in *fasthttp.ResponseHeader) {
	out := &x.ctx.Response.Header
	if x.st.cfg.ServerTiming {
		out.Add("Server-Timing", fmt.Sprintf("mask;dur=%.3f, upstream;dur=%.3f", ms(x.rec.Mask), ms(x.rec.Head-x.rec.Mask)))
	}
	x.ctx.Response.SetStatusCode(in.StatusCode())
	named := in.Peek(fasthttp.HeaderConnection)
	for k, v := range in.All() {
		name := string(k)
		if dropped[name] || droppedResponse[name] || strings.HasPrefix(name, ownPrefix) || isNamed(named, k) {
			continue
		}
		out.AddBytesKV(k, x.restoreHeader(name, v))
	}
	x.rec.Status = in.StatusCode()
	out.Set(headerID, x.rec.ID)
	if s := receipt(x.session.Masked()); s != "" {
		name := headerMasked
		if x.session.Mode() == mask.ModeObserve {
			name = headerObserved
		}
		out.Set(name, s)
	}
	if s := receipt(x.session.Unread()); s != "" {
		out.Set(headerUnread, s)
	}
}

// ms is a time in milliseconds.
func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
