package main

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

// engineRun is the run of the rules alone, which is a benchmark of package
// detect; text is what its rows are.
const engineRun = "engine"

// engine measures the rules alone, without a proxy, on one core.
func (b *session) engine(ctx context.Context) {
	b.engineResult = result{Run: engineRun, Target: product}
	for range 3 {
		lines, err := goBench(ctx, "./detect", "BenchmarkTexts/prose", "200ms")
		if err != nil {
			b.engineResult.Fault = err.Error()
			return
		}
		b.engineResult.Rounds = append(b.engineResult.Rounds, sample{Values: values{"engine": lines["MB/s"]}})
	}
}

// goBench runs one of this repository's Go benchmarks on one core, and returns
// its figures by unit, such as allocs/op.
func goBench(ctx context.Context, pkg, name, time string) (map[string]float64, error) {
	cmd := exec.CommandContext(ctx, "go", "test", "-C", "..", "-run", "^$", "-bench", "^"+strings.ReplaceAll(name, "/", "$/^")+"$",
		"-benchtime", time, "-benchmem", "-cpu", "1", pkg)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%s in %s: %w\n%s", name, pkg, err, out)
	}
	figures := benchLine(string(out))
	if len(figures) == 0 {
		return nil, fmt.Errorf("%s in %s gave no figures", name, pkg)
	}
	return figures, nil
}

// benchLine reads the line of a benchmark: its name, how often, and pairs of a
// figure and a unit.
func benchLine(out string) map[string]float64 {
	figures := map[string]float64{}
	for line := range strings.Lines(out) {
		if !strings.HasPrefix(line, "Benchmark") {
			continue
		}
		fields := strings.Fields(line)
		for i := 2; i+1 < len(fields); i += 2 {
			if v, err := strconv.ParseFloat(fields[i], 64); err == nil {
				figures[fields[i+1]] = v
			}
		}
	}
	return figures
}
