// Command bench measures what masking costs: maskit side by side with proxies
// that do nothing, over loopback, in interleaved rounds on one machine.
//
//	make bench                            all runs, about six minutes
//	make -C bench quick                   short rounds of some, with gates, for CI
//	make bench ARGS='-targets bare,maskit -runs saturation -rounds 9'
//
// It measures no detection quality and no network. Absolute times belong to
// the machine; what travels is the ratio to the bare proxy of the same round.
//
// Tables hold all: targets (targets.go), bodies (bodies.go), runs and their
// columns (runs.go), goals (goals.go), gates (gate.go); one loop goes over them
// (loop.go). The echo upstream and the two
// Go proxies are this program again, as processes of their own, so that the
// kernel counts their CPU apart. Every answer of every run is compared with
// what was sent, byte for byte.
package main

import (
	"context"
	"errors"
	"flag"
	"log"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// settings are the command line's.
type settings struct {
	maskit   string
	targets  string
	runs     string
	out      string
	baseline string // file of the gates; none: there are none
	update   bool
	rounds   int
	window   time.Duration // how long one sample is measured
	budget   time.Duration // after it no round is begun and no sample repeated
	seed     uint64
	noise    float64 // share of foreign CPU above which a sample is repeated
	tries    int     // how often a noisy sample is taken before the least noisy counts
	quick    bool
}

// quickly are the flags that mean something else in the quick mode.
var quickly = map[string]string{
	"rounds": "3", "window": "600ms", "budget": "40s", "tries": "1", "noise": "0.25", "out": "", "baseline": "baseline.json",
}

func main() {
	if err := command(os.Args[1:]); err != nil {
		log.SetFlags(0)
		log.Fatal("bench: ", err)
	}
}

// command does what the command line says: it is one of the servers, fills a
// page, or measures.
func command(args []string) error {
	switch {
	case len(args) > 1 && args[0] == "serve":
		return serve(args[1], args[2:])
	case len(args) == 3 && args[0] == "fill":
		return fill(args[1], args[2])
	}
	s, err := parse(flag.NewFlagSet("bench", flag.ExitOnError), args)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return bench(ctx, s)
}

// parse reads the flags.
func parse(fs *flag.FlagSet, args []string) (s settings, err error) {
	fs.StringVar(&s.maskit, "maskit", os.Getenv("MASKIT_BIN"), "the program under test; built from this checkout if empty")
	fs.StringVar(&s.targets, "targets", "", "only targets whose names begin so, separated by commas")
	fs.StringVar(&s.runs, "runs", "", "only runs whose names begin so, separated by commas")
	fs.StringVar(&s.out, "out", "results", "folder for the results; empty writes none")
	fs.StringVar(&s.baseline, "baseline", "", "file that the gates compare with; empty: no gates")
	fs.BoolVar(&s.update, "update", false, "write that file anew")
	fs.IntVar(&s.rounds, "rounds", 3, "rounds; the figures are their medians")
	fs.DurationVar(&s.window, "window", time.Second, "how long a sample is measured")
	fs.DurationVar(&s.budget, "budget", 6*time.Minute, "time after which no round is begun and no sample repeated")
	fs.Uint64Var(&s.seed, "seed", 1, "seed of the values")
	fs.Float64Var(&s.noise, "noise", 0.05, "share of foreign CPU above which a sample is repeated")
	fs.IntVar(&s.tries, "tries", 3, "how often a noisy sample is taken before the least noisy counts")
	fs.BoolVar(&s.quick, "quick", false, "short rounds of some runs, with gates, and nothing written unless -out is given")
	if err := fs.Parse(args); err != nil || !s.quick {
		return s, err
	}
	given := map[string]bool{}
	fs.Visit(func(f *flag.Flag) { given[f.Name] = true })
	for name, value := range quickly {
		if !given[name] {
			err = errors.Join(err, fs.Set(name, value))
		}
	}
	return s, err
}

// cores is the budget of every target: it may use all that there are, and so
// may the load and the upstream beside it.
func cores() int { return runtime.NumCPU() }

// wanted says whether a name is chosen by a list of beginnings.
func wanted(list, name string) bool {
	if list == "" {
		return true
	}
	for begin := range strings.SplitSeq(list, ",") {
		if strings.HasPrefix(name, begin) {
			return true
		}
	}
	return false
}
