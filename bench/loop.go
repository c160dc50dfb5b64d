package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"time"
)

// result is what a target did in a run: a sample a round. A target that fails
// the check has a fault and no figures.
type result struct {
	Run    string   `json:"run"`
	Target string   `json:"target"`
	Fault  string   `json:"fault,omitempty"`
	Rounds []sample `json:"rounds,omitempty"`
}

// session is a bench under way.
type session struct {
	settings
	w       *workshop
	runs    []run
	targets []*running
	missing []string
	results map[string][]*result // by run, in the order of its targets
	start   time.Time
	env     environment
	// engineResult is that of the rules alone, after the last round.
	engineResult result
}

// bench is the one loop: rounds over runs over targets. Within a round all
// targets meet the same machine; each round begins with another target. What
// there is by then is written after each round, and when it is interrupted.
func bench(ctx context.Context, s settings) error {
	b, err := prepare(ctx, s)
	if err != nil {
		return err
	}
	defer b.w.close()
	for round := range s.rounds {
		if round > 0 && b.late() {
			fmt.Fprintf(os.Stderr, "the budget of %v is used up: %d rounds of %d\n", s.budget, round, s.rounds)
			break
		}
		err := b.round(ctx, round)
		b.env.Rounds = round + 1
		if err != nil {
			b.env.Interrupted = err.Error()
			break
		}
		if b.out == "" {
			continue
		}
		if err := b.save(); err != nil {
			return err
		}
	}
	return b.report(context.WithoutCancel(ctx))
}

// prepare chooses and starts what is wanted.
func prepare(ctx context.Context, s settings) (*session, error) {
	b := &session{settings: s, start: time.Now(), results: map[string][]*result{}}
	for _, r := range runs {
		if wanted(s.runs, r.name) && len(r.targetsOf(s.quick)) > 0 {
			b.runs = append(b.runs, r)
		}
	}
	chosen, missing := chooseTargets(s.targets)
	if len(b.runs) == 0 || len(chosen) == 0 {
		return nil, errors.New("no such run or target")
	}
	var err error
	if b.w, err = openWorkshop(ctx, s.maskit, slices.ContainsFunc(chosen, target.isMaskit)); err != nil {
		return nil, err
	}
	b.missing = missing
	for _, t := range chosen {
		if b.uses(t.name) {
			b.targets = append(b.targets, startTarget(b.w, t, b.w.echo.addr))
		}
	}
	for _, r := range b.runs {
		for _, p := range b.of(r) {
			b.results[r.name] = append(b.results[r.name], &result{Run: r.name, Target: p.name, Fault: p.fault})
		}
	}
	b.env = environmentOf(b)
	return b, nil
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

// uses says whether any run is taken on the target.
func (b *session) uses(name string) bool {
	return slices.ContainsFunc(b.runs, func(r run) bool { return slices.Contains(r.targetsOf(b.quick), name) })
}

// of are the targets of a run that were started.
func (b *session) of(r run) (ps []*running) {
	for _, p := range b.targets {
		if slices.Contains(r.targetsOf(b.quick), p.name) {
			ps = append(ps, p)
		}
	}
	return ps
}

// late says that there is no time for more than what must be.
func (b *session) late() bool { return time.Since(b.start) > b.budget }

// round takes one round. Only an interrupt is an error: a target's fault is its
// result.
func (b *session) round(ctx context.Context, round int) error {
	for _, r := range b.runs {
		if !r.inRound(round, b.quick) {
			continue
		}
		ps, results := b.of(r), b.results[r.name]
		for j := range ps {
			k := (j + round) % len(ps)
			b.take(ctx, ps[k], r, results[k])
			if ctx.Err() != nil {
				return errors.New("interrupted")
			}
			b.progress(round, r, results[k])
		}
	}
	return nil
}

// take checks a target and adds a sample to its result; the quietest of a few
// where the machine is noisy.
func (b *session) take(ctx context.Context, p *running, r run, res *result) {
	if res.Fault != "" {
		return
	}
	best := sample{Foreign: 1e9} // more than any
	for try := range b.tries {
		m, err := b.one(ctx, p, r, try == 0)
		if err != nil {
			res.Fault = err.Error()
			return
		}
		if m.Foreign < best.Foreign {
			best = m
		}
		if !best.Noisy || r.unhurried || b.late() {
			break
		}
	}
	res.Rounds = append(res.Rounds, best)
}

// one takes one sample, of an instance of its own if the run says so.
func (b *session) one(ctx context.Context, p *running, r run, first bool) (sample, error) {
	if r.fresh && p.start != nil {
		mark := len(b.w.ends)
		defer b.w.closeTo(mark)
		if p = startTarget(b.w, p.target, b.w.echo.addr); p.fault != "" {
			return sample{}, errors.New(p.fault)
		}
		first = true
	}
	if first {
		if err := check(b.w, p, bodyOf(r), r.mode, b.seed); err != nil {
			return sample{}, fmt.Errorf("check: %w", err)
		}
	}
	return measure(ctx, b.w, p, r, b.settings)
}

func (b *session) progress(round int, r run, res *result) {
	fmt.Fprintf(os.Stderr, "%4.0fs  round %d  %-19s %-15s", time.Since(b.start).Seconds(), round+1, r.name, res.Target)
	if res.Fault != "" {
		fmt.Fprintf(os.Stderr, " FAILED: %s\n", res.Fault)
		return
	}
	last := res.Rounds[len(res.Rounds)-1]
	for _, m := range metrics {
		if v, ok := last.Values[m.name]; ok {
			fmt.Fprintf(os.Stderr, "  %s %.*f", m.name, m.digits, v)
		}
	}
	fmt.Fprintf(os.Stderr, "  (generator %.1f us, foreign %.0f %%)\n", last.Generator, 100*last.Foreign)
}
