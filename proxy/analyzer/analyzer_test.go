package analyzer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"maskit/detect"
)

// analyzing returns a detector whose analyzer is h.
func analyzing(t *testing.T, h http.HandlerFunc, change func(*detect.Config)) *Detector {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	cfg := detect.DefaultConfig()
	cfg.Model = false
	cfg.Analyzer.URL = srv.URL
	if change != nil {
		change(&cfg)
	}
	if err := cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	engine, err := detect.Compile(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return New(cfg, engine)
}

// says is an analyzer that always answers the same.
func says(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, answer) }
}

const text = "Zoë 😀 Jane Doe, jane@example.org"

// found lists the findings as kind:value.
func found(spans []detect.Span, text string) string {
	all := make([]string, len(spans))
	for i, sp := range spans {
		all[i] = string(sp.Kind) + ":" + text[sp.Start:sp.End]
	}
	return strings.Join(all, " ")
}

func TestFind(t *testing.T) {
	const mail = " EMAIL_ADDRESS:jane@example.org"
	allow := func(c *detect.Config) { c.Allow = []string{"Jane Doe"} }
	disable := func(c *detect.Config) {
		c.Disable = []detect.Kind{"PERSON"}
		c.Analyzer.Kinds = map[string]detect.Kind{"PER": "PERSON"}
	}
	kinds := func(c *detect.Config) { c.Analyzer.Kinds = map[string]detect.Kind{"PER": "PERSON"} }
	for name, c := range map[string]struct {
		answer string
		change func(*detect.Config)
		want   string
	}{
		"characters, not bytes": {`[{"entity_type":"PERSON","start":6,"end":14,"score":0.85}]`, nil, "PERSON:Jane Doe" + mail},
		"out of order":          {`[{"entity_type":"PERSON","start":6,"end":14,"score":1},{"entity_type":"PERSON","start":0,"end":3,"score":1}]`, nil, "PERSON:Zoë PERSON:Jane Doe" + mail},
		"its own names":         {`[{"entity_type":"PER","start":6,"end":14,"score":1}]`, kinds, "PERSON:Jane Doe" + mail},
		"a name not known":      {`[{"entity_type":"PER","start":6,"end":14,"score":1}]`, nil, mail[1:]},
		"a kind that is off":    {`[{"entity_type":"PER","start":6,"end":14,"score":1}]`, disable, mail[1:]},
		"not certain enough":    {`[{"entity_type":"PERSON","start":6,"end":14,"score":0.1}]`, nil, mail[1:]},
		"what is allowed":       {`[{"entity_type":"PERSON","start":6,"end":14,"score":1}]`, allow, mail[1:]},
		"the engine's too":      {`[{"entity_type":"EMAIL_ADDRESS","start":16,"end":32,"score":1}]`, nil, mail[1:]},
		"overlap":               {`[{"entity_type":"PERSON","start":6,"end":20,"score":1}]`, nil, "EMAIL_ADDRESS:Jane Doe, jane@example.org"},
		"nothing":               {`[]`, nil, mail[1:]},
	} {
		got, err := analyzing(t, says(c.answer), c.change).Find(t.Context(), nil, []byte(text))
		if err != nil || found(got, text) != c.want {
			t.Errorf("%s: found %q, %v", name, found(got, text), err)
		}
	}
}

// TestAsks holds what the analyzer is sent, also of bytes that are no text.
func TestAsks(t *testing.T) {
	var q question
	d := analyzing(t, func(w http.ResponseWriter, r *http.Request) {
		if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
			t.Error(err)
		}
		fmt.Fprint(w, `[{"entity_type":"PERSON","start":3,"end":6,"score":1}]`)
	}, func(c *detect.Config) { c.Analyzer.Language = "de" })
	const broken = "\xff\xfe Ann"
	spans, err := d.Find(t.Context(), nil, []byte(broken))
	if err != nil || found(spans, broken) != "PERSON:Ann" {
		t.Errorf("found %q, %v", found(spans, broken), err)
	}
	if q.Language != "de" || q.Text != "\ufffd\ufffd Ann" {
		t.Errorf("asked %+v", q)
	}
	q = question{}
	if _, err := d.Find(t.Context(), nil, []byte(" \n")); err != nil || q.Text != "" {
		t.Errorf("asked for nothing: %+v, %v", q, err)
	}
}

// hang never answers. Only a server that has read the body sees the client leave.
func hang(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

// TestFailures holds that each failure is one by either rule, and that no error
// quotes the text or the answer.
func TestFailures(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("the text was sent elsewhere")
	}))
	defer elsewhere.Close()
	for name, h := range map[string]http.HandlerFunc{
		"error": func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "Jane", http.StatusInternalServerError) },
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		},
		"hang":       hang,
		"hang up":    func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"no JSON":    says("Jane"),
		"cut":        says(`[{"entity_type":"PERSON",`),
		"no list":    says(`{"error":"Jane"}`),
		"null":       says(`null`),
		"empty":      says(``),
		"negative":   says(`[{"entity_type":"PERSON","start":-1,"end":2,"score":1}]`),
		"backwards":  says(`[{"entity_type":"PERSON","start":4,"end":2,"score":1}]`),
		"beyond":     says(`[{"entity_type":"PERSON","start":4,"end":33,"score":1}]`),
		"far beyond": says(`[{"entity_type":"PERSON","start":4,"end":1e9,"score":1}]`),
		"fraction":   says(`[{"entity_type":"PERSON","start":4.5,"end":6,"score":1}]`),
		"no places":  says(`[{"entity_type":"PERSON","score":1}]`),
		"score":      says(`[{"entity_type":"PERSON","start":0,"end":2,"score":7}]`),
		"one of two": says(`[{"entity_type":"PERSON","start":6,"end":14,"score":1},{"entity_type":"X","start":0,"end":99,"score":1}]`),
	} {
		for _, rule := range []string{detect.AnalyzerRefuse, detect.AnalyzerServe} {
			d := analyzing(t, h, func(c *detect.Config) {
				c.Analyzer.OnFailure = rule
				if name == "hang" {
					c.Analyzer.Timeout = 20 * time.Millisecond
				}
			})
			spans, err := d.Find(t.Context(), nil, []byte(text))
			if err == nil || errors.Is(err, detect.ErrPartial) != (rule == detect.AnalyzerServe) {
				t.Errorf("%s, %s: %v", name, rule, err)
			}
			if err != nil && strings.Contains(err.Error(), "Jane") {
				t.Errorf("%s: the error quotes what it got", name)
			}
			if rule == detect.AnalyzerServe && found(spans, text) != "EMAIL_ADDRESS:jane@example.org" {
				t.Errorf("%s: served with %q", name, found(spans, text))
			}
		}
	}
}

// TestConcurrency holds that no more texts are with the analyzer than may be, and
// that who finds no place in time has failed.
func TestConcurrency(t *testing.T) {
	var at, most atomic.Int32
	var once sync.Once
	full, free := make(chan struct{}), make(chan struct{})
	d := analyzing(t, func(w http.ResponseWriter, _ *http.Request) {
		n := at.Add(1)
		defer at.Add(-1)
		most.Store(max(most.Load(), n))
		if n == 2 {
			once.Do(func() { close(full) })
		}
		<-free
		fmt.Fprint(w, "[]")
	}, func(c *detect.Config) {
		c.Analyzer.Concurrency = 2
		c.Analyzer.Timeout = time.Minute
	})
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			if _, err := d.Find(t.Context(), nil, []byte(text)); err != nil {
				t.Error(err)
			}
		})
	}
	<-full
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := d.ask(ctx, []byte(text)); !errors.Is(err, errBusy) {
		t.Errorf("without a place: %v", err)
	}
	close(free)
	wg.Wait()
	if most.Load() != 2 {
		t.Errorf("%d at once", most.Load())
	}
}
