package audit

import (
	"fmt"
	"io"
)

// sink takes the lines of a trail. It is used by one goroutine.
type sink interface {
	// write takes whole lines and returns how many bytes of them are written for
	// good: after an error the rest is given again.
	write(lines []byte) (int, error)
	close() error
}

// sinks is the table of sinks: whether the configuration wants one, and how it is
// opened. The file goes first, since it says where the chain goes on.
var sinks = []struct {
	wanted func(Config) bool
	open   func(Config, *chain, io.Writer) (sink, error)
}{
	{func(c Config) bool { return c.File != "" }, func(c Config, ch *chain, _ io.Writer) (sink, error) { return openFile(c, ch) }},
	{func(c Config) bool { return c.Stdout }, func(_ Config, _ *chain, out io.Writer) (sink, error) { return writerSink{out}, nil }},
	{func(c Config) bool { return c.Syslog != "" }, func(c Config, _ *chain, _ io.Writer) (sink, error) { return newSyslog(c.Syslog) }},
}

// writerSink is standard output.
type writerSink struct{ w io.Writer }

func (s writerSink) write(lines []byte) (int, error) {
	n, err := s.w.Write(lines)
	if err != nil {
		return n, fmt.Errorf("audit: writing to standard output: %w", err)
	}
	return n, nil
}

func (writerSink) close() error { return nil }
