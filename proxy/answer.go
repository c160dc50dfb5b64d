package proxy

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"time"

	"github.com/valyala/fasthttp"

	"maskit/proxy/wire"
)

// send takes the masked request to the provider and brings its answer.
func (x *exchange) send(req *fasthttp.Request) error {
	x.watch = newWatch(x.conn, x.abort)
	resp := fasthttp.AcquireResponse()
	br, err := x.roundTrip(req, &resp.Header)
	if err != nil {
		fasthttp.ReleaseResponse(resp)
		return err
	}
	x.rec.Head = time.Since(x.rec.Start)
	resp.Header.SetNoDefaultContentType(true)
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
	x       *exchange
	resp    *fasthttp.Response
	br      *bufio.Reader
	small   bool          // br is one of streamReaders
	src     io.Reader     // the body while it comes, without its framing
	framing *wire.Framing // of its events, nil if it has none
}

// isStream says whether the answer is passed on while it comes: events, and
// what cannot be restored anyway. Some backends send events without saying so:
// a body of no type and no length is looked at.
func (a *answer) isStream() bool {
	if a.resp.SkipBody || a.resp.Header.ContentLength() == 0 || hasNoBody(a.resp.StatusCode()) {
		return false
	}
	t := a.mediaType()
	a.framing = a.x.format.Framing(string(t))
	if len(t) == 0 && a.resp.Header.ContentLength() < 0 {
		a.open()
		peeked := bufio.NewReaderSize(a.src, 0) // Longer reads go past its buffer.
		if first, err := peeked.Peek(1); err == nil && (first[0] == 'd' || first[0] == 'e' || first[0] == ':') {
			a.framing = wire.SSE
		}
		a.src = peeked
	}
	return a.framing != nil || a.isOpaque()
}

// open makes src ready to be read.
func (a *answer) open() {
	if a.src == nil {
		a.readSmall()
		a.resp.StreamBody = true
		a.resp.ReadBody(a.br, 0) //nolint:errcheck // A stream's errors come when it is read.
		a.src = a.resp.BodyStream()
	}
}

func hasNoBody(status int) bool {
	return status == fasthttp.StatusNoContent || status == fasthttp.StatusNotModified || status < 200
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
	return lower(bytes.TrimSpace(t))
}

// whole reads the answer to its end, restores it and hands it to the client.
func (a *answer) whole() error {
	x := a.x
	defer fasthttp.ReleaseResponse(a.resp)
	err := a.readBody()
	aborted := a.giveBack(err == nil)
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
	if a.resp.StatusCode() < fasthttp.StatusMultipleChoices && isJSON(a.mediaType()) {
		x.keep(body)
	}
	x.writeHead(&a.resp.Header)
	buffer := x.ctx.Response.SwapBody(nil)
	out, err := x.restore(buffer, body, a.mediaType())
	if err != nil {
		return err
	}
	if x.receipt != "" {
		x.ctx.Response.Header.Set(headerReceipt, x.counted())
	}
	x.rec.BytesOut = len(out)
	switch {
	case a.resp.SkipBody:
		x.ctx.Response.SkipBody = true
		x.ctx.Response.Header.SetContentLength(a.resp.Header.ContentLength())
	case isSame(out, a.resp.Body()):
		// Not copied: the two responses exchange their buffers.
		x.ctx.Response.SwapBody(a.resp.SwapBody(buffer))
	default:
		x.ctx.Response.SwapBody(out)
	}
	x.end()
	return nil
}

// giveBack gives the provider's connection back, to be used again if the answer
// came whole and nothing came behind it.
func (a *answer) giveBack(whole bool) (aborted bool) {
	l := a.x.leg
	reuse := whole && a.br.Buffered() == 0 && l != nil && len(l.ahead) == 0 && !l.spoilt &&
		!a.resp.ConnectionClose() && a.resp.Header.ContentLength() >= -1
	a.releaseReader()
	return a.x.letGo(reuse)
}

// readBody reads the body into a.resp.
func (a *answer) readBody() error {
	if a.resp.SkipBody || hasNoBody(a.resp.StatusCode()) {
		return nil
	}
	limit := a.x.route.up.maxBody
	if a.src != nil {
		body, err := io.ReadAll(io.LimitReader(a.src, limit+1))
		switch {
		case int64(len(body)) > limit:
			return errUpstreamLarge
		case err != nil || a.resp.Header.ContentLength() == -1 && a.x.leg.ended != nil:
			return broken(err)
		}
		a.resp.CloseBodyStream() //nolint:errcheck // It has been read to its end.
		a.resp.SetBody(body)
		return nil
	}
	err := a.resp.ReadBody(a.br, int(limit))
	if err == nil && a.resp.Header.ContentLength() == -1 {
		err = a.resp.Header.ReadTrailer(a.br)
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fasthttp.ErrBodyTooLarge):
		return errUpstreamLarge
	case isTimeout(err):
		return errTimeout
	}
	return broken(err)
}

// restore returns the answer's body as the client may see it: itself if nothing
// is restored, else written over dst.
func (x *exchange) restore(dst, body, mediaType []byte) ([]byte, error) {
	if len(body) == 0 || !x.restores() {
		return body, nil
	}
	if len(mediaType) == 0 || isJSON(mediaType) {
		out, err := x.format.Answer(dst[:0], body, x.session, x.json)
		if _, invalid := errors.AsType[*wire.InvalidError](err); !invalid {
			return out, err
		}
	}
	return wire.Plain(dst[:0], body, x.session.Restore)
}

// restores says whether the answer may hold tokens that the client wants back.
func (x *exchange) restores() bool { return !x.unrestored && x.session.HasTokens() }

func (x *exchange) stopWatch() {
	x.watch.stop()
	x.watch = nil
}
