package main

import (
	"context"
	"slices"
)

// run is a row of what is done to targets.
type run struct {
	name, title string
	body        string
	mode        mode
	conns       int      // connections, streams or conversations at a time
	rate        float64  // requests a second on a schedule; 0: as fast as it goes
	on          []string // the targets
	quick       []string // the targets of the quick mode, none if it is no part of it
	gated       bool     // the quick mode takes it in every round, others in the first only
	rounds      int      // at most so many rounds, in the full mode; 0: all
	fresh       bool     // a target of its own is started for each sample
	unhurried   bool     // takes as long as it takes: it has no warm-up and is not repeated
	work        func(context.Context, job) (outcome, error)
}

// Targets of runs, besides all of them.
var (
	others  = []string{"direct", "nginx", base, "reverseproxy", product, "maskit-redis"}
	shapes  = []string{base, "maskit-idle", product, "maskit-model"}
	curves  = []string{"nginx", base, product}
	proxies = []string{"nginx", base, "reverseproxy", product}
	short   = []string{"direct", base, product}
)

var runs = []run{
	{name: "saturation-dense", title: "Saturation, 64 connections", body: "dense", conns: 64, on: all(), quick: with(short, "maskit-redis"), gated: true, work: sampleLoad},
	{name: "saturation-nothing", title: "Saturation, 64 connections", body: "nothing", conns: 64, on: with(others, "maskit-idle", "maskit-model"), quick: short, work: sampleLoad},
	{name: "saturation-sparse", title: "Saturation, 16 connections", body: "sparse", conns: 16, on: []string{"direct", "nginx", base, product, "maskit-model", "maskit-redis"}, work: sampleLoad},
	{name: "saturation-huge", title: "Saturation, 4 connections", body: "huge", conns: 4, on: proxies, work: sampleLoad},
	{name: "saturation-tools", title: "Saturation, 64 connections", body: "tools", conns: 64, on: shapes, quick: short[1:], work: sampleLoad},
	{name: "saturation-escaped", title: "Saturation, 64 connections", body: "escaped", conns: 64, on: shapes, quick: short[1:], work: sampleLoad},
	{name: "pinned-dense", title: "Pinned, 1,000 requests/s", body: "dense", conns: 64, rate: 1000, on: others, quick: short, work: sampleLoad},
	{name: "sse-paced", title: "Streams, 64 at a time, an event each 10 ms", body: "dense", mode: paced, conns: 64, on: others, quick: short, work: sampleStreams},
	{name: "sse-burst", title: "Streams, 16 at a time, as fast as they go", body: "dense", mode: burst, conns: 16, on: others, quick: short, work: sampleStreams},
	{name: "held-200", title: "200 streams held open", body: "held", mode: held, conns: 200, quick: short[1:], fresh: true, unhurried: true, work: sampleHeld},
	{name: "held-2000", title: "2,000 streams held open", body: "held", mode: held, conns: 2000, on: proxies, rounds: 1, fresh: true, unhurried: true, work: sampleHeld},
	{name: "held-5000", title: "5,000 streams held open", body: "held", mode: held, conns: 5000, on: proxies, rounds: 1, fresh: true, unhurried: true, work: sampleHeld},
	{name: "talk", title: "8 conversations of 200 turns (in the quick mode 20)", body: "turn", conns: 8, on: curves, quick: short[1:], unhurried: true, work: sampleTalk},
	{name: "sizes", title: "CPU of a request against the size of its text, 2 values each 100 KB, 4 connections", body: "sparse", conns: 4, on: curves, quick: short[2:], gated: true, work: sampleSizes},
	{name: "gone", title: "Clients that leave, until the upstream is left", body: "dense", on: with(proxies, "maskit-redis"), quick: short[2:], gated: true, rounds: 1, unhurried: true, work: sampleGone},
	{name: "memory", title: "Memory, at rest and after 10,000 requests, 64 connections", body: "dense", conns: 64, on: with(proxies, "maskit-model", "maskit-redis"), rounds: 1, fresh: true, unhurried: true, work: sampleMemory},
}

func with(names []string, more ...string) []string { return slices.Concat(names, more) }

// targetsOf are the targets of a run.
func (r run) targetsOf(quick bool) []string {
	if quick {
		return r.quick
	}
	return r.on
}

// inRound says whether the run is taken in a round, counted from 0.
func (r run) inRound(round int, quick bool) bool {
	if quick {
		return r.gated || round == 0
	}
	return r.rounds == 0 || round < r.rounds
}

// metric is a column.
type metric struct {
	name, title string
	digits      int
	// ratio says that the figure is also given as a ratio to the bare proxy.
	ratio bool
	// less names two figures of the same round: this one is the first, less the
	// second, which is that of the target over.
	less, over string
	// parts are two figures of a sample: this one is the first by the second.
	parts [2]string
	// hidden ones stand in the JSON only.
	hidden bool
}

var metrics = slices.Concat([]metric{
	{name: "rps", title: "requests/s", ratio: true},
	{name: "streams", title: "streams/s", ratio: true},
	{name: "cpu", title: "CPU us each", digits: 1, ratio: true},
	{name: "cpu_aux", title: "Redis CPU us each", digits: 1},
	{name: "p50", title: "p50 us"},
	{name: "added_p50", title: "added p50 us", ratio: true, less: "p50", over: "direct"},
	{name: "p99", title: "p99 us"},
	{name: "added_p99", title: "added p99 us", ratio: true, less: "p99", over: "direct"},
	{name: "first", title: "first event p50 us"},
	{name: "added_first", title: "added us", ratio: true, less: "first", over: "direct"},
	{name: "delay", title: "event delay p50 us"},
	{name: "added_delay", title: "added us", ratio: true, less: "delay", over: "direct"},
	{name: "delay_p99", title: "event delay p99 us"},
	{name: "held", title: "streams"},
	{name: "errors", title: "errors"},
	{name: "held_kib", title: "KiB each", digits: 1},
	{name: "held_open", title: "s until all had begun", digits: 2},
	{name: "early", title: "turns 2-6, CPU us each"},
	{name: "late", title: "last 5 turns, CPU us each"},
	{name: "growth", title: "last by first", digits: 2, parts: [2]string{"late", "early"}},
	{name: "early_net", less: "early", over: base, hidden: true},
	{name: "late_net", less: "late", over: base, hidden: true},
	{name: "growth_net", title: "the same of what is added to bare", digits: 2, parts: [2]string{"late_net", "early_net"}},
}, sizeMetrics(), []metric{
	{name: "gone_head", title: "before the head, p50 ms", digits: 1},
	{name: "gone_head_max", title: "max", digits: 1},
	{name: "gone_stream", title: "in a silent stream, p50 ms", digits: 1},
	{name: "gone_stream_max", title: "max", digits: 1},
	{name: "engine", title: "MB/s"},
	{name: "rss_idle", title: "RSS MB at rest", digits: 1},
	{name: "rss", title: "RSS MB", digits: 1},
})
