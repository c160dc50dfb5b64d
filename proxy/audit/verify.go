package audit

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"slices"
)

// Fault is something that is wrong with a trail.
type Fault struct {
	File string
	Line int    // from 1, 0 where it is about no line
	Seq  uint64 // of the record, 0 where it has none that can be read
	What string
}

// Error implements error.
func (f Fault) Error() string {
	s := f.File
	if f.Line > 0 {
		s += fmt.Sprintf(":%d", f.Line)
	}
	if f.Seq > 0 {
		s += fmt.Sprintf(": record %d", f.Seq)
	}
	return s + ": " + f.What
}

// Report is what a verification found.
type Report struct {
	First, Last uint64 // numbers of the records that were read
	Records     int
	Checkpoints int // whose signature and digest are right
	Unsigned    int // records after the last checkpoint
	Faults      []Fault
	More        int // faults beyond maxFaults
}

// maxFaults is how many faults a report names.
const maxFaults = 100

// Verify reads the files of one trail, the oldest first, and names what is wrong
// with them. The trail must go on to what head says is its last record; an empty
// name is for a part of a trail.
func Verify(files []string, head string, secret []byte) (*Report, error) {
	v := &verifier{keys: newKeys(secret), digest: sha256.New(), keyed: true}
	return v.files(files, head)
}

// VerifyAll reads the whole trail that is written to path, even while it is.
func VerifyAll(path string, secret []byte) (*Report, error) {
	for {
		files := Files(path)
		r, err := Verify(files, path+".head", secret)
		if slices.Equal(files, Files(path)) { // else one was put aside meanwhile
			return r, err
		}
	}
}

// VerifySigned is Verify for those who hold only the public key: it finds what
// was changed between two checkpoints, but not which record it was, and nothing
// behind the last checkpoint.
func VerifySigned(files []string, public string) (*Report, error) {
	key, err := encoding.DecodeString(public)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil, errors.New("audit: the public key is not 32 bytes in base64url")
	}
	v := &verifier{public: key, digest: sha256.New()}
	return v.files(files, "")
}

// verifier reads lines in the order of the files.
type verifier struct {
	keys
	keyed  bool
	public ed25519.PublicKey

	report  Report
	file    string
	line    int
	last    line      // the one with the highest number so far
	missing []span    // numbers that were passed over
	digest  hash.Hash // of the lines since the last checkpoint
	since   uint64    // the first of them, 0 while there is none
	broken  bool      // among them is one that was named already
}

// span are numbers from first to last.
type span struct {
	first, last uint64
	line        int
	file        string
}

func (v *verifier) files(files []string, head string) (*Report, error) {
	if v.public == nil {
		v.public = v.sign.Public().(ed25519.PublicKey)
	}
	var said []byte
	var missing error
	if head != "" { // Read first: it is written last, and the trail may be growing.
		if said, missing = os.ReadFile(head); missing != nil && !errors.Is(missing, os.ErrNotExist) {
			return nil, fmt.Errorf("audit: %w", missing)
		}
	}
	for _, name := range files {
		if err := v.read(name); err != nil {
			return nil, err
		}
	}
	for _, m := range v.missing {
		v.add(Fault{m.file, m.line, 0, "before this line " + m.text() + " missing: removed, or moved to another trail"})
	}
	if head != "" {
		v.ends(head, said, missing != nil)
	}
	slices.SortStableFunc(v.report.Faults, func(a, b Fault) int {
		if a.File != b.File {
			return slices.Index(files, a.File) - slices.Index(files, b.File)
		}
		return a.Line - b.Line
	})
	return &v.report, nil
}

func (m span) text() string {
	if m.first == m.last {
		return fmt.Sprintf("record %d is", m.first)
	}
	return fmt.Sprintf("records %d to %d are", m.first, m.last)
}

// read takes the lines of one file.
func (v *verifier) read(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	defer f.Close()
	v.file, v.line = name, 0
	r := bufio.NewReaderSize(f, 1<<16)
	for {
		b, err := r.ReadBytes('\n')
		if len(b) > 0 {
			v.line++
			if b[len(b)-1] != '\n' {
				v.fault(0, "the last line has no end")
			}
			v.take(bytes.TrimSuffix(b, []byte("\n")))
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("audit: reading %s: %w", name, err)
		}
	}
}

// take looks at one line.
func (v *verifier) take(b []byte) {
	l, ok := parseLine(b)
	switch {
	case !ok:
		v.fault(0, "this is no record")
		return
	case v.keyed && !v.genuine(l):
		v.fault(l.seq, "it was changed, or written by somebody else")
		if l.seq != v.last.seq+1 {
			return // Where it claims to stand means nothing.
		}
	case v.last.seq > 0 && l.seq <= v.last.seq:
		v.outOfPlace(l)
		return
	case v.last.seq > 0 && l.seq > v.last.seq+1:
		v.missing = append(v.missing, span{v.last.seq + 1, l.seq - 1, v.line, v.file})
		v.broken = true
	case v.last.seq > 0 && l.prev != v.last.mac:
		// The one before was changed or written by somebody else, and named so.
		if !v.broken {
			v.fault(l.seq, "it does not follow the record before it")
		}
		v.broken = true
	}
	if v.last.seq == 0 {
		v.report.First = l.seq
	}
	v.report.Records++
	v.report.Last = l.seq
	if l.checkpoint {
		v.checkpoint(l, b)
	} else {
		if v.since == 0 {
			v.since = l.seq
		}
		v.digest.Write(b)
		v.digest.Write([]byte{'\n'})
		v.report.Unsigned++
	}
	l.body = nil
	v.last = l
}

// outOfPlace names a record whose number came already, or should have.
func (v *verifier) outOfPlace(l line) {
	for i, m := range v.missing {
		if l.seq < m.first || l.seq > m.last {
			continue
		}
		v.fault(l.seq, fmt.Sprintf("it stands behind record %d: they were swapped, or it was moved", v.last.seq))
		rest := slices.Clone(v.missing[i+1:])
		v.missing = v.missing[:i]
		if l.seq > m.first {
			v.missing = append(v.missing, span{m.first, l.seq - 1, m.line, m.file})
		}
		if l.seq < m.last {
			v.missing = append(v.missing, span{l.seq + 1, m.last, m.line, m.file})
		}
		v.missing = append(v.missing, rest...)
		v.broken = true
		return
	}
	v.fault(l.seq, "it stands here a second time: it was inserted")
	v.broken = true
}

// checkpoint checks what a checkpoint signs.
func (v *verifier) checkpoint(l line, b []byte) {
	sum := v.digest.Sum(nil)
	since := v.since
	v.digest.Reset()
	v.since, v.report.Unsigned = 0, 0
	broken := v.broken
	v.broken = false
	var r Record
	if err := json.Unmarshal(b, &r); err != nil {
		v.fault(l.seq, "this is no checkpoint")
		return
	}
	digest, err1 := encoding.DecodeString(r.Digest)
	signature, err2 := encoding.DecodeString(r.Signature)
	if err1 != nil || err2 != nil || !ed25519.Verify(v.public, signed(r.Since, r.Seq, digest), signature) {
		v.fault(l.seq, "its signature is wrong")
		return
	}
	if r.Since == since && bytes.Equal(sum, digest) {
		v.report.Checkpoints++
		return
	}
	switch {
	case broken: // The reason has been named.
	case r.Since < v.report.First: // A file ends with a checkpoint, so no file begins so.
		cut := span{first: r.Since, last: v.report.First - 1}
		v.fault(l.seq, "of what it signs "+cut.text()+" missing: the beginning was cut off")
	default:
		v.fault(l.seq, fmt.Sprintf("among the records %d to %d, which it signs, one was changed, removed or inserted", r.Since, r.Seq-1))
	}
}

// ends compares the end of the trail with what FILE.head says.
func (v *verifier) ends(head string, said []byte, missing bool) {
	seq, mac, ok := v.parseHead(said)
	switch {
	case missing:
		v.add(Fault{head, 0, 0, "it is missing: whether the end was cut off cannot be told"})
	case !ok:
		v.add(Fault{head, 0, 0, "it was changed: whether the end was cut off cannot be told"})
	case seq > v.last.seq:
		v.add(Fault{v.file, v.line, 0, "behind this line " + span{first: v.last.seq + 1, last: seq}.text() + " missing: the end was cut off"})
	case seq == v.last.seq && mac != v.last.mac:
		v.add(Fault{v.file, v.line, v.last.seq, "it is not the last record that was written"})
	}
}

func (v *verifier) fault(seq uint64, what string) {
	v.broken = true
	v.add(Fault{v.file, v.line, seq, what})
}

func (v *verifier) add(f Fault) {
	if len(v.report.Faults) == maxFaults {
		v.report.More++
		return
	}
	v.report.Faults = append(v.report.Faults, f)
}
