package main

import (
	"io"
	"os"
	"strings"
)

// painter colours text if somebody is there to see it.
type painter bool

// newPainter says yes for terminals, unless NO_COLOR is set (no-color.org).
func newPainter(w io.Writer) painter {
	return painter(terminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb")
}

// terminal reports whether somebody sees what is written to w.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// The colours, as ECMA-48 numbers them.
const (
	strong  = "1"
	faint   = "2"
	yellow  = "1;33" // values
	cyan    = "1;36" // tokens
	green   = "1;32" // what is well
	alarmed = "1;31"
)

func (p painter) paint(colour, text string) string {
	if !p || text == "" {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

// each paints every one of words in text.
func (p painter) each(colour, text string, words []string) string {
	pairs := make([]string, 0, 2*len(words))
	for _, w := range words {
		pairs = append(pairs, w, p.paint(colour, w))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
