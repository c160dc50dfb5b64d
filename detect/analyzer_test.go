package detect

import (
	"strings"
	"testing"
)

// TestAnalyzerFaults holds that each fault is named with its place, all at once,
// and that without an address nothing matters.
func TestAnalyzerFaults(t *testing.T) {
	bad := Analyzer{URL: "ftp://x", OnFailure: "retry", Kinds: map[string]Kind{"PER": "PERSONN"}}
	cfg := DefaultConfig()
	cfg.Analyzer = bad
	err := cfg.Validate()
	for _, want := range []string{"analyzer.url", "analyzer.timeout", "analyzer.concurrency", "analyzer.on_failure", "analyzer.kinds.PER"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s is not among the faults: %v", want, err)
		}
	}
	cfg.Analyzer.URL = ""
	if err := cfg.Validate(); err != nil {
		t.Error(err)
	}
	cfg.Analyzer = DefaultAnalyzer()
	cfg.Analyzer.URL = "http://127.0.0.1:5002/analyze"
	if err := cfg.Validate(); err != nil {
		t.Error(err)
	}
}
