package detect

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"time"
)

// Analyzer is a recogniser outside of the program that speaks Presidio's
// /analyze, such as one that runs a transformer. What it finds is added to what
// the engine finds. The engine itself asks nobody: see proxy/analyzer.
type Analyzer struct {
	// URL is the address to which texts are sent, such as
	// http://127.0.0.1:5002/analyze; "" for none. It gets originals.
	URL string `yaml:"url"`
	// Timeout bounds the wait for one text.
	Timeout time.Duration `yaml:"timeout"`
	// Concurrency is how many texts are with it at once.
	Concurrency int `yaml:"concurrency"`
	// OnFailure says what happens to a request of which it did not see all: it is
	// refused ("refuse"), or goes on with what the engine found ("serve"), which
	// is counted.
	OnFailure string `yaml:"on_failure"`
	// Language is the language that it is told.
	Language string `yaml:"language"`
	// Kinds are kinds by its own names for them; those that the policy looks for
	// need no entry. Entities of other names are dropped.
	Kinds map[string]Kind `yaml:"kinds"`
}

// What happens to a request of which the analyzer did not see all.
const (
	AnalyzerRefuse = "refuse"
	AnalyzerServe  = "serve"
)

// DefaultAnalyzer is how an analyzer is asked that only has an address.
func DefaultAnalyzer() Analyzer {
	return Analyzer{Timeout: 2 * time.Second, Concurrency: 8, OnFailure: AnalyzerRefuse, Language: "en"}
}

// ErrPartial is wrapped by the error of a Detector that returns what it found all
// the same: a recogniser that the policy can do without did not answer. Such
// findings are not to be kept for the next time.
var ErrPartial = errors.New("a recogniser did not answer")

func (a *Analyzer) faults(known []Kind) (faults []error) {
	if a.URL == "" {
		return nil
	}
	if u, err := url.Parse(a.URL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		faults = append(faults, errors.New("url: is no http or https address"))
	}
	if a.Timeout <= 0 {
		faults = append(faults, errors.New("timeout: must be more than 0"))
	}
	if a.Concurrency <= 0 {
		faults = append(faults, errors.New("concurrency: must be more than 0"))
	}
	if a.OnFailure != AnalyzerRefuse && a.OnFailure != AnalyzerServe {
		faults = append(faults, fmt.Errorf("on_failure: %q is neither %s nor %s", a.OnFailure, AnalyzerRefuse, AnalyzerServe))
	}
	for _, name := range slices.Sorted(maps.Keys(a.Kinds)) {
		if k := a.Kinds[name]; !slices.Contains(known, k) {
			faults = append(faults, fmt.Errorf("kinds.%s: %w", name, unknownKind(k, known)))
		}
	}
	return faults
}

// Accepts returns the kinds of the policy by the analyzer's names for them. They
// are the same with the program's own model and without: an analyzer may be what
// takes its place.
func (c Config) Accepts() map[string]Kind {
	c.Model = true
	kinds := make(map[string]Kind)
	for _, k := range c.Kinds() {
		kinds[string(k)] = k
	}
	for name, k := range c.Analyzer.Kinds {
		if !slices.Contains(c.Disable, k) {
			kinds[name] = k
		}
	}
	return kinds
}

// Settle makes spans of text, of the engine's and of other recognisers, such as
// Find returns: without those that the configuration allows or that are not
// certain enough, sorted, those that overlap made one.
func (e *Engine) Settle(spans []Span, text []byte) []Span {
	spans = slices.DeleteFunc(spans, func(s Span) bool { return s.Score < e.least(s.Kind) })
	p := pass{Engine: e}
	return p.judge(settle(spans), text)
}
