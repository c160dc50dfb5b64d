package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
)

// result is what a target did in a run: a sample a round. A target that fails
// the check has a fault and no figures.
type result struct {
	Run    string   `json:"run"`
	Target string   `json:"target"`
	Fault  string   `json:"fault,omitempty"`
	Rounds []sample `json:"rounds,omitempty"`
}

// bench is the one loop: rounds over runs over targets. Within a round all
// targets meet the same machine; each round begins with another target.
func bench(ctx context.Context, s settings) error {
	chosen := slices.DeleteFunc(slices.Clone(runs), func(r run) bool {
		return !wanted(s.runs, r.name) || s.quick && s.runs == "" && !r.quick
	})
	lines, missing := chooseTargets(s.targets)
	if len(chosen) == 0 || len(lines) == 0 {
		return errors.New("no such run or target")
	}
	w, err := openWorkshop(ctx, s.maskit, slices.ContainsFunc(lines, func(t target) bool { return t.masks }))
	if err != nil {
		return err
	}
	defer w.close()
	started, err := startAll(w, lines)
	if err != nil {
		return err
	}

	results := newResults(chosen, started)
	for round := range s.rounds {
		for i, r := range chosen {
			for j := range started {
				k := (j + round) % len(started)
				if err := sampleInto(ctx, w, started[k], r, s, results[i][k]); err != nil {
					return err
				}
				progress(round, r, results[i][k])
			}
		}
	}
	return report(s, chosen, started, missing, results, w)
}

func chooseTargets(list string) (chosen []target, missing []string) {
	for _, t := range targets {
		if !wanted(list, t.name) {
			continue
		}
		if t.needs != "" {
			if _, err := exec.LookPath(t.needs); err != nil {
				missing = append(missing, t.name)
				continue
			}
		}
		chosen = append(chosen, t)
	}
	return chosen, missing
}

func startAll(w *workshop, lines []target) ([]*running, error) {
	var started []*running
	for _, t := range lines {
		p := &running{target: t, addr: w.echo.addr}
		if t.start != nil {
			if err := t.start(w, p); err != nil {
				return nil, err
			}
		}
		started = append(started, p)
	}
	return started, nil
}

func newResults(chosen []run, started []*running) [][]*result {
	table := make([][]*result, len(chosen))
	for i, r := range chosen {
		for _, p := range started {
			table[i] = append(table[i], &result{Run: r.name, Target: p.name})
		}
	}
	return table
}

// sampleInto checks a target and adds a sample to its result; the quietest of
// a few where the machine is noisy. Only an interrupt is an error: a target's
// fault is its result.
func sampleInto(ctx context.Context, w *workshop, p *running, r run, s settings, res *result) error {
	if res.Fault != "" {
		return nil
	}
	if err := check(w, p, bodyOf(r), r.mode, s.seed); err != nil {
		res.Fault = "check: " + err.Error()
		return ctx.Err()
	}
	best := sample{Foreign: 2} // more than any
	for range s.tries {
		m, err := measure(ctx, w, p, r, s)
		if err != nil {
			res.Fault = err.Error()
			return ctx.Err()
		}
		if m.Foreign < best.Foreign {
			best = m
		}
		if !best.Noisy {
			break
		}
	}
	res.Rounds = append(res.Rounds, best)
	return nil
}

func progress(round int, r run, res *result) {
	if res.Fault != "" {
		fmt.Fprintf(os.Stderr, "round %d  %-20s %-14s FAILED: %s\n", round+1, r.name, res.Target, res.Fault)
		return
	}
	last := res.Rounds[len(res.Rounds)-1]
	fmt.Fprintf(os.Stderr, "round %d  %-20s %-14s", round+1, r.name, res.Target)
	for _, m := range metrics {
		if v, ok := last.Values[m.name]; ok {
			fmt.Fprintf(os.Stderr, "  %s %.*f", m.name, m.digits, v)
		}
	}
	fmt.Fprintf(os.Stderr, "  (generator %.2f, foreign %.1f %%)\n", last.Generator, 100*last.Foreign)
}
