package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// The gates say no to a change that makes masking dearer. None of them is an
// absolute time: they are ratios of CPU times of one run, counts, and whether a
// client that leaves is noticed at all.

// baseline is the committed file that some gates compare with; a figure of 0 is
// not known yet.
type baseline struct {
	CPUToBare float64 `json:"cpu_to_bare"`        // CPU of a dense request, by that of the bare proxy
	Allocs    float64 `json:"allocs_per_request"` // of BenchmarkMask/dense in package proxy
}

const (
	worse   = 1.25 // how much worse than the baseline fails
	atLeast = 2    // rounds that were quiet enough, without which a ratio of times is not judged
	linear  = 14   // what 1 MB may cost, in costs of 100 KB
)

// gate compares with the baseline, or writes it, and returns what failed. What
// cannot be judged on this machine now is said, and does not fail.
func (b *session) gate(ctx context.Context) (faults []string) {
	var was, now baseline
	text, err := os.ReadFile(b.baseline)
	if err == nil {
		err = json.Unmarshal(text, &was)
	}
	if err != nil && (!errors.Is(err, fs.ErrNotExist) || !b.update) {
		return []string{"gates: " + err.Error()}
	}
	now.CPUToBare = b.quiet("saturation-dense", "cpu", base)
	if now.Allocs, err = allocs(ctx); err != nil {
		faults = append(faults, "gates: "+err.Error())
	}
	if b.update {
		return append(faults, b.rewrite(now)...)
	}
	return append(faults, b.judge(was, now)...)
}

// judge holds what was measured against the baseline and the limits.
func (b *session) judge(was, now baseline) (faults []string) {
	for _, g := range []struct {
		title     string
		is, limit float64 // 0: there is none
	}{
		{"CPU to bare, 2 KB, 11 values", now.CPUToBare, worse * was.CPUToBare},
		{"allocations a request", now.Allocs, worse * was.Allocs},
		{"CPU of 1 MB by that of 100 KB", b.quiet("sizes", "decade", ""), linear},
		{"ms until it is noticed that a client left, before the head", b.best("gone", "gone_head_max"), noticed},
		{"ms until it is noticed that a client left, in a stream", b.best("gone", "gone_stream_max"), noticed},
	} {
		switch {
		case g.is == 0:
			fmt.Fprintf(os.Stderr, "gate skipped: %s: fewer than %d rounds in which others used at most %.0f %% of the CPU\n", g.title, atLeast, 100*b.noise)
		case g.limit == 0:
			fmt.Fprintf(os.Stderr, "gate skipped: %s: %.3g, and the baseline has no figure (make -C bench baseline)\n", g.title, g.is)
		case g.is > g.limit:
			faults = append(faults, fmt.Sprintf("gate: %s: %.3g, more than %.4g", g.title, g.is, g.limit))
		default:
			fmt.Fprintf(os.Stderr, "gate passed: %s: %.3g, at most %.4g\n", g.title, g.is, g.limit)
		}
	}
	return faults
}

// noticed is, in milliseconds, less than what is counted as not noticed.
const noticed = 1999

// quiet returns the median of a figure of maskit over the rounds that were quiet
// enough, as a ratio to that of another target if one is named; 0 if there are
// too few of them.
func (b *session) quiet(run, metric, to string) float64 {
	of, other := b.result(run, product), b.result(run, to)
	if of == nil || to != "" && other == nil {
		return 0
	}
	var figures []float64
	for i, s := range of.Rounds {
		v, ok := s.Values[metric]
		switch {
		case !ok || s.Noisy:
		case to == "":
			figures = append(figures, v)
		case i < len(other.Rounds) && !other.Rounds[i].Noisy && other.Rounds[i].Values[metric] > 0:
			figures = append(figures, v/other.Rounds[i].Values[metric])
		}
	}
	if len(figures) < atLeast {
		return 0
	}
	return median(figures)
}

// best returns the least of a figure of maskit over all rounds, 0 if there is
// none: what a target never does has no good round.
func (b *session) best(run, metric string) (best float64) {
	r := b.result(run, product)
	if r == nil {
		return 0
	}
	for i, s := range r.Rounds {
		if v := s.Values[metric]; i == 0 || v < best {
			best = v
		}
	}
	return best
}

// result returns what a target did in a run, derived figures included; nil if
// it is not there.
func (b *session) result(run, target string) (found *result) {
	summarise(b.results[run]) // which derives them
	for _, r := range b.results[run] {
		if r.Target == target {
			found = r
		}
	}
	return found
}

// allocs are the allocations of masking and restoring one dense request.
func allocs(ctx context.Context) (float64, error) {
	figures, err := goBench(ctx, "./proxy", "BenchmarkMask/dense", "2000x")
	return figures["allocs/op"], err
}

// rewrite makes a new baseline; what could not be measured is left at 0.
func (b *session) rewrite(now baseline) []string {
	text, _ := json.MarshalIndent(now, "", "  ") // numbers always marshal
	if err := os.WriteFile(b.baseline, append(text, '\n'), 0o644); err != nil {
		return []string{err.Error()}
	}
	fmt.Fprintf(os.Stderr, "written to %s: cpu to bare %.3g, allocations %.0f\n", b.baseline, now.CPUToBare, now.Allocs)
	return nil
}
