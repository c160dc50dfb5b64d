package main

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// When a bar is shown: a shorter scan is over before one has read it.
const (
	progressFrom  = 64 << 20 // bytes to read in all
	progressEvery = 200 * time.Millisecond
	progressWidth = 30
)

// progress shows on a terminal how much of a large input has been read. What it
// returns ends that, and must be called.
func (s *scan) progress(files []input) (done func()) {
	total := int64(0)
	for _, f := range files {
		total += f.size
	}
	if total < progressFrom || !terminal(s.std.err) {
		return func() {}
	}
	start, end := time.Now(), make(chan struct{})
	var shown sync.WaitGroup
	shown.Go(func() {
		tick := time.NewTicker(progressEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				fmt.Fprint(s.std.err, "\r"+bar(s.bytes.Load(), total, time.Since(start)))
			case <-end:
				fmt.Fprint(s.std.err, "\r\x1b[K") // and gone
				return
			}
		}
	})
	return func() {
		close(end)
		shown.Wait()
	}
}

// bar is one line: what is done of the whole, and how fast.
func bar(n, total int64, taken time.Duration) string {
	n = min(n, total) // files may grow
	filled := int(n * progressWidth / total)
	return fmt.Sprintf("  %s%s %3d %%  %s of %s, %.0f MB/s ",
		strings.Repeat("█", filled), strings.Repeat("░", progressWidth-filled),
		100*n/total, megabytes(n), megabytes(total), float64(n)/1e6/max(taken.Seconds(), 1e-3))
}
