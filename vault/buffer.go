package vault

import (
	"encoding/binary"
	"sync"
)

// buffer is working memory for bytes that nobody keeps. Between getBuffer and
// free it belongs to one goroutine.
type buffer struct {
	b []byte
}

// maxPooled is the size beyond which a buffer is not kept: one huge value shall
// not blow up the pool for good.
const maxPooled = 64 << 10

var buffers = sync.Pool{New: func() any { return new(buffer) }}

// getBuffer returns an empty buffer; free must take it back.
func getBuffer() *buffer { return buffers.Get().(*buffer) }

// free clears all that was ever in the buffer, since it may be an original.
func (b *buffer) free() {
	clear(b.b[:cap(b.b)])
	b.b = b.b[:0]
	if cap(b.b) <= maxPooled {
		buffers.Put(b)
	}
}

// addText appends a text after its length, so that no two lists of texts make
// the same bytes.
func (b *buffer) addText(s string) {
	b.b = append(binary.AppendUvarint(b.b, uint64(len(s))), s...)
}
