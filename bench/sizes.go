package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// sizes are the lengths of the texts of the curve, in bytes.
var sizes = []int{1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000}

func sizeMetric(size int) string { return fmt.Sprintf("size_%d", size) }

func sizeTitle(size int) string {
	if size >= 1_000_000 {
		return fmt.Sprintf("%d MB", size/1_000_000)
	}
	return fmt.Sprintf("%d KB", size/1000)
}

// sizeMetrics are the columns of the curve, and what tells whether the work is
// linear: the costs of its last decade.
func sizeMetrics() (ms []metric) {
	for _, size := range sizes {
		ms = append(ms, metric{name: sizeMetric(size), title: sizeTitle(size) + ", us", ratio: true})
	}
	return append(ms, metric{
		name: "decade", title: "1 MB by 100 KB", digits: 1,
		parts: [2]string{sizeMetric(1_000_000), sizeMetric(100_000)},
	})
}

// sampleSizes measures the CPU that bodies of each size take of the target.
func sampleSizes(ctx context.Context, j job) (outcome, error) {
	out := outcome{values: values{}}
	for _, size := range sizes {
		before, err := cpuOf(j.target.pids)
		if err != nil {
			return out, err
		}
		res, err := load(ctx, loadSpec{
			addr: j.target.addr, body: sized(size), conns: j.run.conns,
			window: j.window / time.Duration(len(sizes)), seed: rand.Uint64(),
		})
		if err != nil {
			return out, fmt.Errorf("%s: %w", sizeTitle(size), err)
		}
		after, err := cpuOf(j.target.pids)
		if err != nil || res.requests == 0 {
			return out, errors.Join(err, errors.New("no request"))
		}
		cost := float64((after - before).Microseconds()) / float64(res.requests)
		out.values[sizeMetric(size)] = cost
		out.curve = append(out.curve, point{float64(size), cost})
		out.n += res.requests
	}
	return out, nil
}
