package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"maskit/detect"
)

type scanCmd struct {
	looking
	Paths  []string `arg:"" optional:"" name:"path" help:"Files, folders, or - for standard input; the current folder if there is none."`
	Format string   `enum:"text,json,jsonl,sarif,csv" default:"text" help:"text, json, jsonl, sarif or csv."`
	FailOn []string `placeholder:"KIND" help:"End with exit code 1 if one of these kinds is found, or any."`
	Reveal bool     `help:"Show the values. Without it there are the first two characters and the length."`
	All    bool     `help:"Scan what .gitignore names as well."`
	Jobs   int      `placeholder:"N" help:"How many files are scanned at once; as many as there are processors if not set."`
}

// Help is shown by maskit scan --help.
func (scanCmd) Help() string {
	return `Binary files (with a NUL in their first 8000 bytes) are passed over and counted, .git
and what .gitignore names are passed over; a file that is named itself is always
scanned. Large files are read in pieces: memory does not grow with them.

  maskit scan                                  the current folder
  maskit scan --fail-on any src                for CI: exit code 1 on findings
  maskit scan --format sarif > maskit.sarif    for code scanning
  journalctl -o cat | maskit scan -            a stream`
}

// anyKind is what --fail-on takes beside the kinds.
const anyKind = "any"

// Run scans.
func (c *scanCmd) Run(ctx context.Context, std streams) error {
	cfg, err := c.detection()
	if err != nil {
		return err
	}
	if err := c.checkFailOn(cfg.Kinds()); err != nil {
		return err
	}
	engine, err := detect.Compile(cfg)
	if err != nil {
		return err
	}
	if len(c.Paths) == 0 {
		c.Paths = []string{"."}
	}
	files, err := inputs(c.Paths, c.All)
	if err != nil {
		return err
	}
	s := &scan{scanCmd: c, engine: engine, std: std}
	s.report = newReport(c.Format, std.out, c.Reveal)
	done := s.progress(files)
	err = s.run(ctx, files)
	done()
	err = errors.Join(err, s.report.end())
	fmt.Fprintln(std.err, "maskit: "+s.summary())
	if err == nil && s.failing > 0 {
		err = fmt.Errorf("%s of --fail-on %s", counted(s.failing, "finding"), strings.Join(c.FailOn, ","))
	}
	return err
}

func (c *scanCmd) checkFailOn(known []detect.Kind) error {
	for _, k := range c.FailOn {
		if k == anyKind || slices.Contains(known, detect.Kind(k)) {
			continue
		}
		near := ""
		if meant := detect.Nearest(detect.Kind(k), known); meant != "" {
			near = fmt.Sprintf("did you mean %s? ", meant)
		}
		return fmt.Errorf("--fail-on: %q is neither any nor a kind that is looked for; %smaskit config rules lists them", k, near)
	}
	return nil
}

// scan is one run of the command.
type scan struct {
	*scanCmd
	engine *detect.Engine
	std    streams
	report report

	files, with, binary, failing, findings int
	bytes                                  atomic.Int64
}

// job is a file in work. Its findings come in pieces, so that a file with many
// waits for the report instead of filling the memory.
type job struct {
	input
	findings chan []finding
	binary   bool  // set before findings is closed
	err      error // the same
}

// run scans the files, several at once, and reports them in their order.
func (s *scan) run(ctx context.Context, files []input) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	jobs := s.Jobs
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	work, order := make(chan *job), make(chan *job, 4*jobs)
	var workers sync.WaitGroup
	for range jobs {
		workers.Go(func() {
			st := newStream(streamWindow, streamOverlap)
			for j := range work {
				j.binary, j.err = s.file(ctx, st, j)
				close(j.findings)
			}
		})
	}
	workers.Go(func() {
		defer close(work)
		defer close(order)
		for _, f := range files {
			j := &job{input: f, findings: make(chan []finding, 4)}
			select {
			case order <- j:
			case <-ctx.Done():
				return
			}
			work <- j
		}
	})
	var errs []error
	for j := range order {
		if err := s.collect(j); err != nil {
			errs = append(errs, err)
		}
	}
	workers.Wait()
	return errors.Join(append(errs, ctx.Err())...)
}

// collect reports the findings of a file as they come.
func (s *scan) collect(j *job) (err error) {
	n := 0
	for some := range j.findings {
		for _, f := range some {
			n++
			if slices.Contains(s.FailOn, anyKind) || slices.Contains(s.FailOn, string(f.Kind)) {
				s.failing++
			}
			if err == nil {
				err = s.report.add(f)
			}
		}
	}
	s.files++
	s.findings += n
	if n > 0 {
		s.with++
	}
	if j.binary {
		s.binary++
	}
	return errors.Join(err, j.err)
}

// file scans one file. What could not be read is an error: it was not looked at.
func (s *scan) file(ctx context.Context, st *stream, j *job) (binary bool, err error) {
	in, name := s.std.in, "<stdin>"
	if j.path != "" {
		f, err := os.Open(j.path)
		if err != nil {
			return false, err
		}
		defer f.Close()
		in, name = f, j.path
	}
	err = st.scan(ctx, s.engine, counter{in, &s.bytes}, func(spans []detect.Span, p place) {
		some := make([]finding, len(spans))
		for i, x := range spans {
			some[i] = p.finding(name, x, s.Reveal)
		}
		j.findings <- some
	})
	if errors.Is(err, errBinary) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("scanning %s: %w", name, err)
	}
	return false, nil
}

// counter counts the bytes that are read.
type counter struct {
	io.Reader
	n *atomic.Int64
}

func (c counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// summary is the last word.
func (s *scan) summary() string {
	text := fmt.Sprintf("%s in %d of %s, %s", counted(s.findings, "finding"), s.with, counted(s.files, "file"), megabytes(s.bytes.Load()))
	if s.binary > 0 {
		text += fmt.Sprintf("; %d binary, passed over", s.binary)
	}
	return text
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
