package audit

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// errLocked says that another process writes the trail.
var errLocked = errors.New("another process writes to it; each needs a file of its own")

// file is the sink of the configured file. While it is open, FILE.lock belongs to
// this process: the file itself changes with each rotation.
type file struct {
	path string
	max  int64
	sync bool

	lock, f, head *os.File
	size          int64 // bytes of whole lines
	keys          keys
	torn          int // bytes that were set aside at the start
}

// openFile opens the file, takes it for this process, and brings the chain to
// where it ends.
func openFile(cfg Config, c *chain) (_ *file, err error) {
	s := &file{path: cfg.File, max: int64(cfg.MaxMiB) << 20, sync: cfg.Sync, keys: c.keys}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("audit.file: %w", err), s.close())
		}
	}()
	if s.lock, err = os.OpenFile(s.path+".lock", os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return nil, err
	}
	if err := lock(s.lock); err != nil {
		return nil, err
	}
	if s.head, err = os.OpenFile(s.path+".head", os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return nil, err
	}
	if err := s.open(); err != nil {
		return nil, err
	}
	return s, s.catchUp(c)
}

func (s *file) open() (err error) {
	s.f, err = os.OpenFile(s.path, os.O_CREATE|os.O_RDWR, 0o600)
	s.size = 0
	return err
}

// catchUp brings the chain to the end of the file, or to what FILE.head says is
// the end, if records are missing: Verify will name them then. A last line
// without an end, as a crash leaves it, is set aside in FILE.torn.
func (s *file) catchUp(c *chain) error {
	from := s.f
	if info, err := s.f.Stat(); err != nil {
		return err
	} else if old := Files(s.path); info.Size() == 0 && len(old) > 1 { // It stopped between two files.
		last, err := os.Open(old[len(old)-2])
		if err != nil {
			return err
		}
		defer last.Close()
		from = last
	}
	r := bufio.NewReaderSize(from, 1<<16)
	for {
		b, err := r.ReadBytes('\n')
		if err == io.EOF {
			if from != s.f {
				break
			}
			if err := s.setAside(b); err != nil {
				return err
			}
			break
		}
		if err != nil {
			return err
		}
		if from == s.f {
			s.size += int64(len(b))
		}
		if l, ok := parseLine(b[:len(b)-1]); ok {
			c.follow(l, b[:len(b)-1])
		}
	}
	b, err := io.ReadAll(s.head)
	if err != nil {
		return err
	}
	if seq, mac, ok := c.parseHead(b); ok && seq > c.seq {
		c.seq, c.prev = seq, mac
		c.anchor()
	}
	_, err = s.f.Seek(s.size, io.SeekStart)
	return err
}

// setAside takes a torn last line out of the file.
func (s *file) setAside(b []byte) error {
	if len(b) == 0 {
		return nil
	}
	s.torn = len(b)
	aside, err := os.OpenFile(s.path+".torn", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = aside.Write(append(b, '\n'))
	return errors.Join(err, aside.Close(), s.f.Truncate(s.size))
}

func (s *file) write(lines []byte) (int, error) {
	if _, err := s.f.Write(lines); err != nil {
		// What was written of a line would be torn; what was not will come again.
		_ = s.f.Truncate(s.size)
		_, _ = s.f.Seek(s.size, io.SeekStart)
		return 0, fmt.Errorf("audit.file: %w", err)
	}
	s.size += int64(len(lines))
	if s.sync {
		if err := s.f.Sync(); err != nil {
			return len(lines), fmt.Errorf("audit.file: %w", err)
		}
	}
	return len(lines), nil
}

// mark says in FILE.head which record is the last one that was written.
func (s *file) mark(text string) error {
	b := append([]byte(text), make([]byte, max(0, 160-len(text)))...)
	for i := len(text); i < len(b); i++ {
		b[i] = ' ' // An older, longer text leaves nothing behind.
	}
	if _, err := s.head.WriteAt(b, 0); err != nil {
		return fmt.Errorf("audit.file: %w", err)
	}
	return nil
}

// full says that the next records belong into a new file.
func (s *file) full() bool { return s.size >= s.max }

// rotate keeps the file under the next free number and begins a new one.
func (s *file) rotate() error {
	next := 1
	if old := rotated(s.path); len(old) > 0 {
		next = old[len(old)-1] + 1
	}
	if err := os.Rename(s.path, s.path+"."+strconv.Itoa(next)); err != nil {
		return fmt.Errorf("audit.file: %w", err)
	}
	old := s.f
	if err := s.open(); err != nil {
		s.f = old // Further records go on into the old file, under its new name.
		return fmt.Errorf("audit.file: %w", err)
	}
	return old.Close()
}

func (s *file) close() error {
	var errs []error
	for _, f := range []*os.File{s.f, s.head, s.lock} {
		if f != nil {
			errs = append(errs, f.Close())
		}
	}
	return errors.Join(errs...)
}

// rotated are the numbers of the full files beside path, ascending.
func rotated(path string) []int {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return nil
	}
	var numbers []int
	for _, e := range entries {
		suffix, ok := strings.CutPrefix(e.Name(), filepath.Base(path)+".")
		if n, err := strconv.Atoi(suffix); ok && err == nil && n > 0 {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return numbers
}

// Files are the files of the trail that is written to path, the oldest first.
func Files(path string) []string {
	var files []string
	for _, n := range rotated(path) {
		files = append(files, path+"."+strconv.Itoa(n))
	}
	return append(files, path)
}
