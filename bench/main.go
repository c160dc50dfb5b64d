// Command bench measures what masking costs: maskit side by side with proxies
// that do nothing, over loopback, in interleaved rounds on one machine.
//
//	make bench                            all runs, about a quarter of an hour
//	make bench ARGS='-quick'              one short round, for CI
//	make bench ARGS='-targets bare,maskit -runs saturation -rounds 9'
//
// It measures no detection quality and no network. Absolute times belong to
// the machine; what travels is the ratio to the bare proxy of the same round.
//
// Three tables hold all: targets (targets.go), bodies (bodies.go) and runs
// (runs.go); one loop goes over them (loop.go). The echo upstream and the two
// Go proxies are this program again, as processes of their own, so that the
// kernel counts their CPU apart. Every answer of every run is compared with
// what was sent, byte for byte.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// settings are the command line's.
type settings struct {
	maskit  string
	targets string
	runs    string
	out     string
	rounds  int
	window  time.Duration // how long one sample is measured
	seed    uint64
	noise   float64 // share of foreign CPU above which a sample is repeated
	tries   int     // how often a noisy sample is taken before the least noisy counts
	quick   bool
}

func main() {
	if len(os.Args) > 2 && os.Args[1] == "serve" {
		exit(serve(os.Args[2], os.Args[3:]))
	}
	var s settings
	flag.StringVar(&s.maskit, "maskit", os.Getenv("MASKIT_BIN"), "the program under test; built from this checkout if empty")
	flag.StringVar(&s.targets, "targets", "", "only targets whose names begin so, separated by commas")
	flag.StringVar(&s.runs, "runs", "", "only runs whose names begin so, separated by commas")
	flag.StringVar(&s.out, "out", "results", "folder for the results; empty writes none")
	flag.IntVar(&s.rounds, "rounds", 5, "rounds; the figures are their medians")
	flag.DurationVar(&s.window, "window", 3*time.Second, "how long a sample is measured")
	flag.Uint64Var(&s.seed, "seed", 1, "seed of the values")
	flag.Float64Var(&s.noise, "noise", 0.05, "share of foreign CPU above which a sample is repeated")
	flag.IntVar(&s.tries, "tries", 3, "how often a noisy sample is taken before the least noisy counts")
	flag.BoolVar(&s.quick, "quick", false, "one short round, nothing written unless -out is given")
	flag.Parse()
	given := map[string]bool{}
	flag.Visit(func(f *flag.Flag) { given[f.Name] = true })
	if s.quick {
		for name, set := range map[string]func(){
			"rounds": func() { s.rounds = 1 },
			"window": func() { s.window = 400 * time.Millisecond },
			"tries":  func() { s.tries = 2 },
			"out":    func() { s.out = "" },
		} {
			if !given[name] {
				set()
			}
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	exit(bench(ctx, s))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// cores is the budget of every target: it may use all that there are, and so
// may the load and the upstream beside it.
func cores() int { return runtime.NumCPU() }

// wanted says whether a name is chosen by a list of beginnings.
func wanted(list, name string) bool {
	if list == "" {
		return true
	}
	for _, begin := range strings.Split(list, ",") {
		if strings.HasPrefix(name, begin) {
			return true
		}
	}
	return false
}
