package proxy

import (
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"

	"github.com/valyala/fasthttp"

	"maskit/proxy/audit"
)

// headerTrace tells of the trace that a request is part of:
// https://www.w3.org/TR/trace-context/.
const headerTrace = "Traceparent"

// traceSize is the length of "00-" trace "-" span "-" flags.
const traceSize = 2 + 1 + 32 + 1 + 16 + 1 + 2

// parseTrace reads a traceparent. One that is wrong is none.
func parseTrace(b []byte) (t audit.Trace, ok bool) {
	if len(b) < traceSize || b[2] != '-' || b[35] != '-' || b[52] != '-' || len(b) > traceSize && b[traceSize] != '-' {
		return t, false
	}
	var version, flags [1]byte
	for _, part := range []struct{ dst, src []byte }{{version[:], b[:2]}, {t.ID[:], b[3:35]}, {t.Parent[:], b[36:52]}, {flags[:], b[53:55]}} {
		if _, err := hex.Decode(part.dst, part.src); err != nil {
			return audit.Trace{}, false
		}
	}
	t.Sampled = flags[0]&1 == 1
	return t, version[0] != 0xff && (version[0] != 0 || len(b) == traceSize) && t.ID != [16]byte{} && t.Parent != [8]byte{}
}

// beginTrace makes the exchange a part of the client's trace, or of a new one.
func (x *exchange) beginTrace(sample float64) {
	t, ok := parseTrace(x.ctx.Request.Header.Peek(headerTrace))
	if !ok {
		t = audit.Trace{Sampled: rand.Float64() < sample}
		binary.BigEndian.PutUint64(t.ID[:8], rand.Uint64())
		binary.BigEndian.PutUint64(t.ID[8:], rand.Uint64()|1) // All zeros are none.
	}
	binary.BigEndian.PutUint64(t.Span[:], rand.Uint64()|4)
	binary.BigEndian.PutUint64(t.Upstream[:], rand.Uint64()|1)
	x.rec.Trace = t
}

// writeTrace tells the provider of the trace, as a part of our span.
func (x *exchange) writeTrace(out *fasthttp.RequestHeader) {
	t := &x.rec.Trace
	b := append(make([]byte, 0, traceSize), "00-"...)
	b = append(hex.AppendEncode(b, t.ID[:]), '-')
	b = append(hex.AppendEncode(b, t.Upstream[:]), "-00"...)
	if t.Sampled {
		b[len(b)-1] = '1'
	}
	out.SetBytesV(headerTrace, b)
}
