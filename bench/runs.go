package main

import (
	"context"
	"math/rand/v2"
	"os"
	"slices"
	"time"
)

// run is a row of what is done to every target.
type run struct {
	name, title string
	body        string
	mode        mode
	conns       int     // connections at a time
	rate        float64 // requests a second on a schedule; 0: as fast as it goes
	quick       bool    // part of the quick bench
}

var runs = []run{
	{name: "saturation-dense", title: "Saturation, 64 connections", body: "dense", conns: 64, quick: true},
	{name: "saturation-nothing", title: "Saturation, 64 connections", body: "nothing", conns: 64, quick: true},
	{name: "saturation-sparse", title: "Saturation, 16 connections", body: "sparse", conns: 16},
	{name: "pinned-dense", title: "Pinned, 1,000 requests/s", body: "dense", conns: 64, rate: 1000, quick: true},
	{name: "sse-paced", title: "Streams, 64 at a time, an event each 10 ms", body: "dense", mode: paced, conns: 64, quick: true},
	{name: "sse-burst", title: "Streams, 16 at a time, as fast as they go", body: "dense", mode: burst, conns: 16, quick: true},
}

// values are the figures of one sample by metric; what a run has no figure
// for is absent.
type values map[string]float64

// metric is a column.
type metric struct {
	name, title string
	digits      int
	// ratio says that the figure is also given as a ratio to the bare proxy.
	ratio bool
	// added names the metric of which this one is what the target adds to the
	// direct way in the same round.
	added string
}

var metrics = []metric{
	{name: "rps", title: "requests/s", ratio: true},
	{name: "streams", title: "streams/s", ratio: true},
	{name: "cpu", title: "CPU s per 10,000", digits: 2, ratio: true},
	{name: "cpu_aux", title: "Redis CPU s per 10,000", digits: 2},
	{name: "p50", title: "p50 us"},
	{name: "added_p50", title: "added p50 us", ratio: true, added: "p50"},
	{name: "p99", title: "p99 us"},
	{name: "added_p99", title: "added p99 us", ratio: true, added: "p99"},
	{name: "first", title: "first event p50 us"},
	{name: "added_first", title: "added us", ratio: true, added: "first"},
	{name: "delay", title: "event delay p50 us"},
	{name: "added_delay", title: "added us", ratio: true, added: "delay"},
	{name: "delay_p99", title: "event delay p99 us"},
	{name: "rss", title: "RSS MB", digits: 1},
}

// sample is what one measurement gave.
type sample struct {
	Values values `json:"values"`
	// Foreign is the share of the machine's CPU that others used meanwhile;
	// Noisy says that it was too much.
	Foreign float64 `json:"foreign_cpu_share"`
	Noisy   bool    `json:"noisy,omitempty"`
	// Generator is the CPU, in seconds, that the load itself took per 10,000.
	Generator float64 `json:"generator_cpu_s_per_10000"`
}

// measure takes one sample.
func measure(ctx context.Context, w *workshop, p *running, r run, s settings) (sample, error) {
	b := bodyOf(r)
	ours := [][]int{p.pids, p.aux, {os.Getpid()}, w.echo.pids}
	work := func(window time.Duration) (values, int, error) {
		if r.mode == whole {
			return sampleLoad(ctx, loadSpec{p.addr, b, r.conns, window, r.rate, rand.Uint64()})
		}
		return sampleStreams(ctx, streamSpec{p.addr, b, r.mode, r.conns, window, rand.Uint64()})
	}
	if _, _, err := work(s.window / 10); err != nil { // warm up
		return sample{}, err
	}
	before, err := clock(ours)
	if err != nil {
		return sample{}, err
	}
	vs, n, err := work(s.window)
	if err != nil {
		return sample{}, err
	}
	after, err := clock(ours)
	if err != nil {
		return sample{}, err
	}

	used := make([]time.Duration, len(ours))
	var all time.Duration
	for i := range ours {
		used[i] = after.used[i] - before.used[i]
		all += used[i]
	}
	per10k := func(d time.Duration) float64 { return d.Seconds() / float64(n) * 10_000 }
	if len(p.pids) > 0 {
		vs["cpu"] = per10k(used[0])
		vs["rss"] = float64(residentKB(p.pids)) / 1024
	}
	if len(p.aux) > 0 {
		vs["cpu_aux"] = per10k(used[1])
	}
	capacity := after.at.Sub(before.at) * time.Duration(cores())
	foreign := max(0, float64(after.machine-before.machine-all)/float64(capacity))
	return sample{Values: vs, Foreign: foreign, Noisy: foreign > s.noise, Generator: per10k(used[2])}, nil
}

// reading is what the CPU's clocks showed at a time.
type reading struct {
	at      time.Time
	used    []time.Duration
	machine time.Duration
}

func clock(groups [][]int) (r reading, err error) {
	r.at = time.Now()
	for _, pids := range groups {
		d, err := cpuOf(pids)
		if err != nil {
			return r, err
		}
		r.used = append(r.used, d)
	}
	r.machine, err = machineCPU()
	return r, err
}

func sampleLoad(ctx context.Context, spec loadSpec) (values, int, error) {
	res, err := load(ctx, spec)
	if err != nil {
		return nil, 0, err
	}
	if spec.rate == 0 {
		return values{"rps": float64(res.requests) / res.elapsed.Seconds()}, res.requests, nil
	}
	return values{"p50": quantile(res.latencies, 0.50), "p99": quantile(res.latencies, 0.99)}, res.requests, nil
}

func sampleStreams(ctx context.Context, spec streamSpec) (values, int, error) {
	res, err := stream(ctx, spec)
	if err != nil {
		return nil, 0, err
	}
	vs := values{
		"first": quantile(res.first, 0.50),
		"delay": quantile(res.delays, 0.50), "delay_p99": quantile(res.delays, 0.99),
	}
	if spec.mode == burst {
		vs["streams"] = float64(res.streams) / res.elapsed.Seconds()
		return vs, res.streams, nil
	}
	return vs, res.events, nil
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
