package proxy

import (
	"bytes"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/valyala/fasthttp"

	"maskit/proxy/mask"
	"maskit/proxy/wire"
)

// How a request may ask for a receipt of its stream, whose head is gone before
// anything is restored. Whole answers have it in their head.
const (
	receiptTrailer = "trailer" // an HTTP trailer
	receiptComment = "comment" // the last line of an event stream
)

// askReceipt reads the request's wish.
func (x *exchange) askReceipt() error {
	switch wish := string(x.ctx.Request.Header.Peek(headerReceipt)); wish {
	case "", receiptTrailer, receiptComment:
		x.receipt = wish
		return nil
	}
	return errControl.with("x-maskit-receipt is neither trailer nor comment")
}

// counted is what the exchange did so far, in numbers.
func (x *exchange) counted() string {
	total := func(counts []mask.Count) (n int) {
		for _, c := range counts {
			n += c.N
		}
		return n
	}
	st := x.session.Stats()
	return fmt.Sprintf("masked=%d; restored=%d; unknown=%d; withheld=%d; unread=%d",
		total(x.session.Masked()), st.Restored, st.Unknown, st.Withheld, total(x.session.Unread()))
}

// receipt writes counts as EMAIL_ADDRESS=2,PHONE_NUMBER=1.
func receipt(counts []mask.Count) string {
	var b strings.Builder
	b.Grow(24 * len(counts))
	for i, c := range counts {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(c.Kind)
		b.WriteByte('=')
		b.WriteString(strconv.Itoa(c.N))
	}
	return b.String()
}

// fixedHeaders are those of an answer that hold no text: the protocol fixes them,
// or they are the client's business with the provider.
var fixedHeaders = map[string]bool{
	"Content-Type": true, "Set-Cookie": true, "Server": true, "Cache-Control": true, "Vary": true, "Date": true,
}

// addressHeaders hold URLs, in which a value stands in percent-encoding.
var addressHeaders = map[string]bool{"Location": true, "Content-Location": true, "Link": true}

// restoreHeader returns a header of the answer as the client may see it. What
// would break the head stays as it is.
func (x *exchange) restoreHeader(name string, v []byte) []byte {
	if fixedHeaders[name] || !x.restores() {
		return v
	}
	restore := x.session.Restore
	if addressHeaders[name] {
		restore = func(text []byte, emit wire.Emit) error {
			return x.session.Restore(text, func(start, end int, with string) {
				emit(start, end, strings.ReplaceAll(url.QueryEscape(with), "+", "%20"))
			})
		}
	}
	out, err := wire.Plain(nil, v, restore)
	if err != nil || bytes.ContainsFunc(out, func(r rune) bool { return r < ' ' || r == 0x7F }) {
		return v
	}
	return out
}

// sign adds the receipt to the end of a stream.
func (b *body) sign() {
	switch x := b.a.x; {
	case b.trailer != nil:
		b.trailer.Set(headerReceipt, x.counted())
	case x.receipt == receiptComment && b.a.framing == wire.SSE:
		b.out = append(append(append(b.out, ": maskit "...), x.counted()...), "\n\n"...)
	}
}

// announce says in the head of a stream that a receipt comes behind it.
func (b *body) announce(h *fasthttp.ResponseHeader) {
	if b.a.x.receipt != receiptTrailer {
		return
	}
	if err := h.AddTrailer(headerReceipt); err == nil {
		b.trailer = h
	}
}
