package proxy

import (
	"bufio"
	"bytes"
	"errors"

	"github.com/valyala/fasthttp"

	"maskit/proxy/wire"
)

// send takes the masked request to the provider and brings its answer.
func (x *exchange) send(req *fasthttp.Request) error {
	x.watch = newWatch(x.conn, x.abort)
	head := &fasthttp.ResponseHeader{}
	head.SetNoDefaultContentType(true)
	br, err := x.roundTrip(req, head)
	if err != nil {
		return err
	}
	resp := fasthttp.AcquireResponse()
	head.CopyTo(&resp.Header)
	resp.SkipBody = string(req.Header.Method()) == fasthttp.MethodHead
	a := &answer{x: x, resp: resp, br: br}
	if a.isStream() {
		return a.stream()
	}
	return a.whole()
}

// answer is what the provider gave back: its head, and the reader that stands
// at its body.
type answer struct {
	x    *exchange
	resp *fasthttp.Response
	br   *bufio.Reader
}

// isStream says whether the answer is passed on while it comes: events, and
// what cannot be restored anyway. An answer to "stream": true that does not say
// its type is looked at.
func (a *answer) isStream() bool {
	if a.resp.SkipBody || a.resp.Header.ContentLength() == 0 || hasNoBody(a.resp.StatusCode()) {
		return false
	}
	return a.isEvents() || a.isOpaque()
}

func hasNoBody(status int) bool {
	return status == fasthttp.StatusNoContent || status == fasthttp.StatusNotModified || status < 200
}

func (a *answer) isEvents() bool {
	t := a.mediaType()
	if len(t) == 0 && a.resp.Header.ContentLength() < 0 {
		// Some backends send events without saying so.
		first, err := a.br.Peek(1)
		return err == nil && (first[0] == 'd' || first[0] == 'e' || first[0] == ':')
	}
	return string(t) == "text/event-stream"
}

// isOpaque says whether the answer is no text: audio, images, archives.
func (a *answer) isOpaque() bool {
	kind, _, _ := bytes.Cut(a.mediaType(), []byte("/"))
	switch string(kind) {
	case "audio", "image", "video", "font":
		return true
	}
	return string(a.mediaType()) == "application/octet-stream"
}

func (a *answer) mediaType() []byte {
	t, _, _ := bytes.Cut(a.resp.Header.ContentType(), []byte(";"))
	return bytes.ToLower(bytes.TrimSpace(t))
}

// whole reads the answer to its end, restores it and hands it to the client.
func (a *answer) whole() error {
	x := a.x
	defer fasthttp.ReleaseResponse(a.resp)
	err := a.readBody()
	x.route.up.client.ReleaseReader(a.br)
	aborted := x.letGo(err == nil && !a.resp.ConnectionClose())
	x.stopWatch()
	switch {
	case aborted:
		return errGone
	case err != nil:
		return err
	}
	body, err := decode(a.resp.Body(), a.resp.Header.Peek(fasthttp.HeaderContentEncoding), int(x.st.cfg.MaxBody))
	if err != nil {
		return errUpstreamCoding
	}
	x.writeHead(&a.resp.Header)
	out, err := x.restore(body, a.mediaType())
	if err != nil {
		return err
	}
	x.rec.BytesOut = len(out)
	switch {
	case a.resp.SkipBody:
		x.ctx.Response.SkipBody = true
		x.ctx.Response.Header.SetContentLength(a.resp.Header.ContentLength())
	case len(out) > 0 && &out[0] == &a.resp.Body()[0]:
		// Not copied: the two responses exchange their buffers.
		a.resp.SwapBody(x.ctx.Response.SwapBody(a.resp.SwapBody(nil)))
	default:
		x.ctx.Response.SetBodyRaw(out)
	}
	x.end()
	return nil
}

// readBody reads the body into a.resp.
func (a *answer) readBody() error {
	if a.resp.SkipBody || hasNoBody(a.resp.StatusCode()) {
		return nil
	}
	err := a.resp.ReadBody(a.br, int(a.x.route.up.maxBody))
	if err == nil && a.resp.Header.ContentLength() == -1 {
		err = a.resp.Header.ReadTrailer(a.br)
	}
	switch {
	case err == nil:
		return nil
	case err == fasthttp.ErrBodyTooLarge:
		return errUpstreamLarge
	case isTimeout(err):
		return errTimeout
	}
	return errUpstreamBroken
}

// restore returns the answer's body as the client may see it.
func (x *exchange) restore(body, mediaType []byte) ([]byte, error) {
	if len(body) == 0 || !x.session.HasTokens() {
		return body, nil
	}
	if len(mediaType) == 0 || isJSON(mediaType) {
		out, err := x.format.Answer(nil, body, x.session.Restore, x.json)
		var invalid *wire.InvalidError
		if !errors.As(err, &invalid) {
			return out, err
		}
	}
	return wire.Plain(nil, body, x.session.Restore)
}

func (x *exchange) stopWatch() {
	x.watch.stop()
	x.watch = nil
}
