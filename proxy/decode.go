package proxy

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"io"
	"slices"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// decoders are the content encodings that can be read, in the words of RFC 9110
// and RFC 8878.
var decoders = map[string]func(io.Reader) (io.ReadCloser, error){
	"gzip":    openGzip,
	"x-gzip":  openGzip,
	"br":      func(r io.Reader) (io.ReadCloser, error) { return io.NopCloser(brotli.NewReader(r)), nil },
	"zstd":    openZstd,
	"deflate": openDeflate,
}

func openGzip(r io.Reader) (io.ReadCloser, error) { return gzip.NewReader(r) }

func openZstd(r io.Reader) (io.ReadCloser, error) {
	d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(8<<20))
	if err != nil {
		return nil, err
	}
	return d.IOReadCloser(), nil
}

// openDeflate reads zlib, which is what the word means, and the bare deflate
// that some clients send under it.
func openDeflate(r io.Reader) (io.ReadCloser, error) {
	head := make([]byte, 2)
	n, err := io.ReadFull(r, head)
	r = io.MultiReader(bytes.NewReader(head[:n]), r)
	if err == nil && head[0]&0x0F == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
		return zlib.NewReader(r)
	}
	return flate.NewReader(r), nil
}

// zstdMagic begins every zstd frame. Some clients send one and do not say so.
var zstdMagic = []byte{0x28, 0xb5, 0x2f, 0xfd}

// decode returns the body without its Content-Encoding, at most limit bytes of
// it. The errors are errEncoding and errTooLarge.
func decode(body, encoding []byte, limit int) ([]byte, error) {
	encoding = lower(bytes.TrimSpace(encoding))
	if (len(encoding) == 0 || string(encoding) == "identity") && bytes.HasPrefix(body, zstdMagic) {
		encoding = []byte("zstd")
	}
	if len(encoding) == 0 || string(encoding) == "identity" || len(body) == 0 {
		if len(body) > limit {
			return nil, errTooLarge
		}
		return body, nil
	}
	// Encodings are listed in the order in which they were applied.
	names := bytes.Split(encoding, []byte(","))
	for _, name := range slices.Backward(names) {
		open, ok := decoders[string(bytes.TrimSpace(name))]
		if !ok || len(names) > 2 {
			return nil, errEncoding
		}
		var err error
		if body, err = inflate(open, body, limit); err != nil {
			return nil, err
		}
	}
	return body, nil
}

func inflate(open func(io.Reader) (io.ReadCloser, error), body []byte, limit int) (_ []byte, err error) {
	r, err := open(bytes.NewReader(body))
	if err != nil {
		return nil, errEncoding.with("the body is not what its Content-Encoding says")
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	out, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	switch {
	case len(out) > limit:
		return nil, errTooLarge
	case err != nil:
		return nil, errEncoding.with("the body is not what its Content-Encoding says")
	}
	return out, nil
}
