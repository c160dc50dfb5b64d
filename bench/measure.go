package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"time"
)

// values are the figures of one sample by metric; what a run has no figure
// for is absent.
type values map[string]float64

// point is one of a curve.
type point struct{ X, Y float64 }

// sample is what one measurement gave.
type sample struct {
	Values values  `json:"values"`
	Curve  []point `json:"curve,omitempty"`
	Note   string  `json:"note,omitempty"` // one of the errors that were counted
	// Foreign is the share of the machine's CPU that others used meanwhile;
	// Noisy says that it was too much.
	Foreign float64 `json:"foreign_cpu_share"`
	Noisy   bool    `json:"noisy,omitempty"`
	// Generator is the CPU, in microseconds, that the load itself took each.
	Generator float64 `json:"generator_cpu_us"`
}

// job is what a sample is taken of.
type job struct {
	w      *workshop
	target *running
	run    run
	body   body
	window time.Duration
	seed   uint64
	quick  bool
}

// outcome is what the work of a sample brought.
type outcome struct {
	values values
	n      int // requests or events that the CPU is shared among; 0: it says nothing
	curve  []point
	note   string
}

// measure takes one sample.
func measure(ctx context.Context, w *workshop, p *running, r run, s settings) (sample, error) {
	j := job{w: w, target: p, run: r, body: bodyOf(r), quick: s.quick}
	work := func(window time.Duration) (outcome, error) {
		j.window, j.seed = window, rand.Uint64()
		return r.work(ctx, j)
	}
	if !r.unhurried {
		if _, err := work(s.window / 10); err != nil { // warm up
			return sample{}, err
		}
	}
	ours := [][]int{p.pids, p.aux, {os.Getpid()}, w.echo.pids}
	before, err := clock(ours)
	if err != nil {
		return sample{}, err
	}
	out, err := work(s.window)
	if err != nil {
		return sample{}, err
	}
	after, err := clock(ours)
	if err != nil {
		return sample{}, err
	}
	return out.sample(p, after.since(before), s.noise), nil
}

// sample adds what the clocks showed.
func (out outcome) sample(p *running, used usage, noise float64) sample {
	vs := out.values
	each := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 / float64(max(1, out.n)) }
	if out.n > 0 && len(out.curve) == 0 {
		if len(p.pids) > 0 {
			vs["cpu"] = each(used.groups[0])
		}
		if len(p.aux) > 0 {
			vs["cpu_aux"] = each(used.groups[1])
		}
	}
	if len(p.pids) > 0 && out.n > 0 {
		vs["rss"] = float64(residentKB(p.pids)) / 1024
	}
	return sample{
		Values: vs, Curve: out.curve, Note: out.note,
		Foreign: used.foreign, Noisy: used.foreign > noise, Generator: each(used.groups[2]),
	}
}

// reading is what the CPU's clocks showed at a time.
type reading struct {
	at      time.Time
	groups  []time.Duration
	machine time.Duration
}

// usage is what was used between two readings.
type usage struct {
	groups  []time.Duration
	foreign float64 // share of the machine
}

func clock(groups [][]int) (r reading, err error) {
	r.at = time.Now()
	for _, pids := range groups {
		d, err := cpuOf(pids)
		if err != nil {
			return r, err
		}
		r.groups = append(r.groups, d)
	}
	r.machine, err = machineCPU()
	return r, err
}

func (r reading) since(before reading) usage {
	u := usage{groups: make([]time.Duration, len(r.groups))}
	foreign := r.machine - before.machine
	for i := range u.groups {
		u.groups[i] = r.groups[i] - before.groups[i]
		foreign -= u.groups[i]
	}
	capacity := r.at.Sub(before.at) * time.Duration(cores())
	u.foreign = max(0, float64(foreign)/float64(capacity))
	return u
}

// sampleLoad sends whole requests.
func sampleLoad(ctx context.Context, j job) (outcome, error) {
	spec := loadSpec{addr: j.target.addr, body: j.body, conns: j.run.conns, window: j.window, rate: j.run.rate, seed: j.seed}
	res, err := load(ctx, spec)
	if err != nil {
		return outcome{}, err
	}
	if res.requests == 0 {
		return outcome{}, errors.New("no request")
	}
	if spec.rate == 0 {
		return outcome{values: values{"rps": float64(res.requests) / res.elapsed.Seconds()}, n: res.requests}, nil
	}
	return outcome{values: values{"p50": quantile(res.latencies, 0.50), "p99": quantile(res.latencies, 0.99)}, n: res.requests}, nil
}

// memoryRequests is after how many requests a target's memory is looked at.
const memoryRequests = 10_000

// sampleMemory looks at what a target holds at rest and after some load.
func sampleMemory(ctx context.Context, j job) (outcome, error) {
	res, err := load(ctx, loadSpec{
		addr: j.target.addr, body: j.body, conns: j.run.conns, window: time.Minute, limit: memoryRequests, seed: j.seed,
	})
	if err == nil && res.requests != memoryRequests {
		err = fmt.Errorf("%d requests of %d", res.requests, memoryRequests)
	}
	return outcome{values: values{"rss_idle": float64(j.target.idle) / 1024}, n: res.requests}, err
}

// sampleStreams reads streamed answers.
func sampleStreams(ctx context.Context, j job) (outcome, error) {
	res, err := stream(ctx, streamSpec{addr: j.target.addr, body: j.body, mode: j.run.mode, conns: j.run.conns, window: j.window, seed: j.seed})
	if err != nil {
		return outcome{}, err
	}
	vs := values{
		"first": quantile(res.first, 0.50),
		"delay": quantile(res.delays, 0.50), "delay_p99": quantile(res.delays, 0.99),
	}
	if j.run.mode != burst {
		return outcome{values: vs, n: res.events}, nil
	}
	vs["streams"] = float64(res.streams) / res.elapsed.Seconds()
	return outcome{values: vs, n: res.streams}, nil
}

// quantile returns the q-th quantile in microseconds, 0 of nothing.
func quantile(ds []time.Duration, q float64) float64 {
	if len(ds) == 0 {
		return 0
	}
	slices.Sort(ds)
	return float64(ds[min(len(ds)-1, int(q*float64(len(ds))))].Nanoseconds()) / 1000
}

func median(fs []float64) float64 {
	if len(fs) == 0 {
		return 0
	}
	fs = slices.Sorted(slices.Values(fs))
	return (fs[(len(fs)-1)/2] + fs[len(fs)/2]) / 2
}
