package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"
)

// Query says which records are wanted. What is zero wants all.
type Query struct {
	From, To time.Time // From inclusive, To exclusive
	Tenant   string
	Tenants  []string // the only ones whose records may be seen, and no others
	Type     string   // or what types begin with, up to a dot
	Before   uint64   // only records with lower numbers
	Limit    int
}

// fits says whether a record is wanted.
func (q *Query) fits(r *Record) bool {
	return (q.From.IsZero() || !r.Time.Before(q.From)) && (q.To.IsZero() || r.Time.Before(q.To)) &&
		(q.Tenant == "" || r.Tenant == q.Tenant) && (len(q.Tenants) == 0 || slices.Contains(q.Tenants, r.Tenant)) &&
		(q.Type == "" || r.Type == q.Type || strings.HasPrefix(r.Type, q.Type+"."))
}

// maxRead is how many bytes one Read goes through, so that rare records cost no
// more than others: there is a next page then, even if this one is empty.
const maxRead = 64 << 20

// Reader reads the trail of a configuration.
type Reader struct {
	path   string
	secret []byte
}

// NewReader returns nil if the trail goes to no file. The secret is that of Open.
func NewReader(cfg Config, secret []byte) *Reader {
	if cfg.File == "" {
		return nil
	}
	return &Reader{cfg.File, secret}
}

// Read is [Read] of the file.
func (r *Reader) Read(q Query) (records []Record, next uint64, err error) { return Read(r.path, q) }

// Verify is [VerifyAll] of the file.
func (r *Reader) Verify() (*Report, error) { return VerifyAll(r.path, r.secret) }

// Read returns records of the trail that is written to path, the newest first,
// and where to go on (0 at the end). It checks nothing: Verify does.
func Read(path string, q Query) (records []Record, next uint64, err error) {
	files := Files(path)
	left := int64(maxRead)
	for _, name := range slices.Backward(files) {
		var done bool
		records, next, done, err = readFile(name, &q, records, &left)
		if err != nil {
			return nil, 0, fmt.Errorf("audit: reading the trail: %w", err)
		}
		if done {
			return records, next, nil
		}
	}
	return records, 0, nil
}

// readFile appends what fits. It is done when there are enough records, or enough
// has been read: next is then where to go on.
func readFile(name string, q *Query, records []Record, left *int64) (_ []Record, next uint64, done bool, err error) {
	f, err := os.Open(name)
	if errors.Is(err, os.ErrNotExist) {
		return records, 0, false, nil // It was deleted meanwhile.
	}
	if err != nil {
		return nil, 0, false, err
	}
	defer f.Close()
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, 0, false, err
	}
	if q.Before > 0 {
		if end, err = offsetOf(f, end, q.Before); err != nil {
			return nil, 0, false, err
		}
	}
	err = backward(f, end, func(line []byte) bool {
		var r Record
		if json.Unmarshal(line, &r) != nil {
			return true // Verify names it.
		}
		*left -= int64(len(line))
		if q.fits(&r) {
			records = append(records, r)
		}
		next, done = r.Seq, len(records) >= q.Limit || *left <= 0
		return !done
	})
	return records, next, done && next > 1, err
}

// offsetOf is where the first line with that number or a higher one begins: the
// lines are in the order of their numbers.
func offsetOf(f io.ReaderAt, size int64, seq uint64) (int64, error) {
	low, high := int64(0), size // The line begins in (low, high], or at 0.
	for low < high {
		mid := low + (high-low)/2
		begin, line, err := lineAfter(f, mid, size)
		if err != nil {
			return 0, err
		}
		l, ok := parseLine(line)
		if begin >= high || ok && l.seq >= seq {
			high = mid
		} else {
			low = mid + 1
		}
	}
	begin, _, err := lineAfter(f, low, size)
	return begin, err
}

// lineAfter returns the first line that begins at from or behind it.
func lineAfter(f io.ReaderAt, from, size int64) (begin int64, line []byte, err error) {
	begin = from
	if from > 0 { // Unless the byte before it ends a line, one begins further on.
		_, rest, err := readLine(f, from-1, size)
		if err != nil {
			return 0, nil, err
		}
		begin = rest
	}
	line, _, err = readLine(f, begin, size)
	return begin, line, err
}

// readLine returns what stands from there to the next line break, and where the
// line behind it begins.
func readLine(f io.ReaderAt, from, size int64) (line []byte, next int64, err error) {
	buf := make([]byte, 2048)
	for at := from; at < size; {
		n, err := f.ReadAt(buf[:min(int64(len(buf)), size-at)], at)
		if err != nil && err != io.EOF {
			return nil, 0, err
		}
		if i := bytes.IndexByte(buf[:n], '\n'); i >= 0 {
			return append(line, buf[:i]...), at + int64(i) + 1, nil
		}
		line = append(line, buf[:n]...)
		at += int64(n)
		if n == 0 {
			break
		}
	}
	return line, size, nil
}

// backward calls f for the whole lines before end, the last first, until it says
// no. The lines are valid during the call.
func backward(r io.ReaderAt, end int64, f func(line []byte) bool) error {
	const block = 64 << 10
	var rest []byte // the end of a line whose beginning comes with the next block
	for end > 0 {
		n := min(block, end)
		buf := make([]byte, n, int(n)+len(rest))
		if _, err := r.ReadAt(buf, end-n); err != nil && err != io.EOF {
			return err
		}
		end -= n
		buf = append(buf, rest...)
		for {
			i := bytes.LastIndexByte(bytes.TrimSuffix(buf, []byte("\n")), '\n')
			if i < 0 {
				break
			}
			if line := bytes.TrimSuffix(buf[i+1:], []byte("\n")); len(line) > 0 && !f(line) {
				return nil
			}
			buf = buf[:i+1]
		}
		rest = buf
	}
	if line := bytes.TrimSuffix(rest, []byte("\n")); len(line) > 0 {
		f(line)
	}
	return nil
}
