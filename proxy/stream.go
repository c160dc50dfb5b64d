package proxy

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/valyala/fasthttp"
	"go.uber.org/zap"

	"maskit/proxy/wire"
)

// body is an answer that goes to the client while it comes. Each Read, or Write of
// WriteTo, is a chunk to the client; an error that is not io.EOF breaks the
// client's connection off, so that a stream that died is never taken for a whole
// one.
//
// It outlives the handler, and touches nothing of its ctx.
type body struct {
	a   *answer
	src io.Reader
	st  *wire.Stream // nil: the bytes pass as they are

	// trailer takes the receipt; it is the client's response, which is written by
	// whoever reads this body.
	trailer *fasthttp.ResponseHeader

	out []byte // restored, not yet read
	off int
	err error // what to return when out has been read
}

// A stream may be silent for minutes, and there may be thousands of them: what one
// holds meanwhile is kept small. The request and its texts are gone, the reader
// that had room for the largest head is exchanged for one of streamReaders, and
// what comes goes through buffers that an event or two fill.

// How much is read at once, in bytes: of a connection, of a stream that is restored,
// and of one that passes as it is.
const (
	streamBuffer = 2 << 10
	eventBuffer  = 1 << 10
	passBuffer   = 4 << 10
)

var streamReaders = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, streamBuffer) }}

// readSmall goes on reading with a small reader.
func (a *answer) readSmall() {
	rest, _ := a.br.Peek(a.br.Buffered())
	a.x.leg.ahead = bytes.Clone(rest)
	small := streamReaders.Get().(*bufio.Reader) //nolint:forcetypeassert // The pool holds nothing else.
	small.Reset(a.x.leg)
	a.releaseReader()
	a.br, a.small = small, true
}

// releaseReader gives br back to where it came from.
func (a *answer) releaseReader() {
	if !a.small {
		a.x.route.up.client.ReleaseReader(a.br)
		return
	}
	a.br.Reset(nil)
	streamReaders.Put(a.br)
}

// errCut says that the provider's stream ended before its end.
var errCut = errors.New("proxy: the upstream's stream was cut off")

// stream hands the answer to the client while it comes.
func (a *answer) stream() error {
	x := a.x
	if len(a.resp.Header.Peek(fasthttp.HeaderContentEncoding)) > 0 {
		a.close(false)
		return errUpstreamCoding
	}
	length := a.resp.Header.ContentLength()
	a.open()
	x.rec.Stream = true
	x.writeHead(&a.resp.Header)
	x.session.Sent()
	x.reading = wire.Reading{}
	x.ctx.Request.ReleaseBody(0)
	b := &body{a: a, src: a.src}
	if a.framing != nil && x.session.HasTokens() && (!x.unrestored || x.kept) {
		var r wire.Restorer = x.session
		if x.unrestored {
			r = asItIs{} // It is only heard, for requests that go on from it.
		}
		b.st = x.format.NewStream(a.framing, r, x.json, int(x.st.cfg.MaxBody))
		b.st.Heard = x.keep
		length = -1
	}
	if x.receipt != "" {
		length = -1 // Something is added to the body, or behind it.
		b.announce(&x.ctx.Response.Header)
	}
	x.ctx.Response.ImmediateHeaderFlush = true
	x.ctx.Response.SetBodyStream(b, max(length, -1))
	return nil
}

// asItIs is a wire.Restorer that restores nothing.
type asItIs struct{}

func (asItIs) Restore([]byte, wire.Emit) error                     { return nil }
func (asItIs) RestoreTool(string, []byte, wire.Emit) error         { return nil }
func (asItIs) RestoreLast(string, uint64, []byte, wire.Emit) error { return nil }
func (asItIs) RestorePart(_ string, _ uint64, text []byte, _ wire.Emit) (hold int, after uint64, err error) {
	return len(text), 0, nil
}

// close gives back what the answer holds of the provider's connection.
func (a *answer) close(reuse bool) (aborted bool) {
	a.resp.CloseBodyStream() //nolint:errcheck // The connection's fate is decided next.
	aborted = a.giveBack(reuse)
	fasthttp.ReleaseResponse(a.resp)
	return aborted
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	if err := b.next(p); err != nil {
		return 0, err
	}
	n := copy(p, b.out[b.off:])
	b.off += n
	b.a.x.rec.BytesOut += n
	return n, nil
}

// SupportsBodyWriteTo says, as fasthttp asks, that WriteTo does what Read does.
func (b *body) SupportsBodyWriteTo() bool { return true }

// WriteTo implements io.WriterTo: without it fasthttp holds a buffer of its own for
// as long as the stream takes.
func (b *body) WriteTo(w io.Writer) (total int64, err error) {
	size := eventBuffer
	if b.st == nil {
		size = passBuffer
	}
	in := make([]byte, size)
	for {
		switch err := b.next(in); {
		case errors.Is(err, io.EOF):
			return total, nil
		case err != nil:
			return total, err
		}
		n, err := w.Write(b.out[b.off:])
		b.off += n
		b.a.x.rec.BytesOut += n
		if total += int64(n); err != nil {
			return total, err
		}
	}
}

// next sees to it that there is something in out that was not read. It has the use
// of in.
func (b *body) next(in []byte) (err error) {
	defer func() {
		if v := recover(); v != nil {
			x := b.a.x
			x.p.log.Error("panic in a stream", zap.String("id", x.rec.ID), zap.String("type", fmt.Sprintf("%T", v)), zap.StackSkip("stack", 1))
			b.err = errInternal
			err = b.err
		}
	}()
	if b.off < len(b.out) {
		return nil
	}
	b.out, b.off = b.out[:0], 0
	for len(b.out) == 0 {
		if b.err != nil {
			return b.err
		}
		// What has come at once goes on at once, and not in a write for each piece.
		for full := true; full && b.err == nil; {
			full = b.fill(in) && b.a.br.Buffered() > 0
		}
	}
	return nil
}

// fill reads the next chunk, through in, and appends it restored to out. It says
// whether the chunk filled in, so that there may be more of it.
func (b *body) fill(in []byte) (full bool) {
	n, err := b.src.Read(in)
	if b.st == nil {
		b.out = append(b.out, in[:n]...)
	} else if n > 0 {
		var failed error
		if b.out, failed = b.st.Next(b.out, in[:n]); failed != nil {
			b.err = failed
			return false
		}
	}
	if err == nil {
		return n == len(in)
	}
	b.err = b.verdict(err)
	switch {
	case b.st == nil:
	case !errors.Is(b.err, io.EOF):
		b.out = b.st.Abort(b.out)
	default:
		if b.out, err = b.st.Close(b.out); err != nil {
			b.err = err
			return false
		}
	}
	if errors.Is(b.err, io.EOF) {
		b.sign()
	}
	return false
}

// verdict says how the stream ended: io.EOF where it is whole.
func (b *body) verdict(err error) error {
	if !errors.Is(err, io.EOF) {
		return errCut
	}
	l := b.a.x.leg
	switch length := b.a.resp.Header.ContentLength(); {
	case l == nil:
		return errCut
	case length == -1 && l.ended != nil:
		return errCut // The connection ended between two chunks.
	case length < -1 && b.st != nil && !b.st.Complete():
		return errCut // The end of the connection is the end of the body; it came too soon.
	}
	return io.EOF
}

// Close implements io.Closer. It is called when the client has got all, or has
// gone away.
func (b *body) Close() error {
	x := b.a.x
	whole := errors.Is(b.err, io.EOF)
	x.stopWatch()
	aborted := b.a.close(whole)
	switch {
	case whole:
	case aborted || b.err == nil:
		x.rec.Code = errGone.code
	case errors.Is(b.err, errInternal):
		x.rec.Code = errInternal.code
	default:
		x.rec.Code = errUpstreamBroken.code
	}
	clear(b.out[:cap(b.out)])
	x.end()
	return nil
}
