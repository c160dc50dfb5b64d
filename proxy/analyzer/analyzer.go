// Package analyzer asks a recogniser outside of the program, over HTTP, by
// Presidio's /analyze.
//
// It does not decide what to do where none answers: its errors say so, and the
// policy does. A [Detector] is the engine and the analyzer together: a text goes
// to both, and what they find is settled into spans that do not overlap.
//
// # Known tradeoffs
//
// The analyzer gets originals: it belongs where maskit runs. A text is one
// request to it, texts of a request one after the other; what was found in a text
// is remembered by the session's cache, so that of a conversation only new turns
// are sent. Headers are not.
package analyzer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"maskit/detect"
)

// Detector finds what its engine finds, and what the analyzer finds besides. It
// is safe for concurrent use.
type Detector struct {
	*detect.Engine
	cfg    detect.Analyzer
	kinds  map[string]detect.Kind // by the analyzer's names
	places chan struct{}          // one for each text that may be with it
	client *http.Client
}

// Rule is what findings of the analyzer are called.
const Rule = "analyzer"

// maxAnswer bounds an answer, in bytes.
const maxAnswer = 16 << 20

// New returns a detector for a valid configuration that has an analyzer.
func New(cfg detect.Config, engine *detect.Engine) *Detector {
	a := cfg.Analyzer
	return &Detector{
		Engine: engine, cfg: a, kinds: cfg.Accepts(), places: make(chan struct{}, a.Concurrency),
		client: &http.Client{
			Transport: &http.Transport{MaxIdleConnsPerHost: a.Concurrency, MaxConnsPerHost: a.Concurrency},
			// A text goes where the configuration says, and nowhere else.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// Local returns the engine alone.
func (d *Detector) Local() detect.Detector { return d.Engine }

// Find implements detect.Detector. Where the analyzer does not look at the text,
// the error says why, and is a detect.ErrPartial if the policy serves without it.
func (d *Detector) Find(ctx context.Context, dst []detect.Span, text []byte) ([]detect.Span, error) {
	first := len(dst)
	dst, err := d.Engine.Find(ctx, dst, text)
	if err != nil || len(bytes.TrimSpace(text)) == 0 {
		return dst, err
	}
	entities, err := d.ask(ctx, text)
	if err == nil {
		dst, err = d.add(dst, entities, text)
	}
	switch {
	case err == nil:
		return dst[:first+len(d.Settle(dst[first:], text))], nil
	case d.cfg.OnFailure == detect.AnalyzerServe:
		return dst, fmt.Errorf("%w: %w", detect.ErrPartial, err)
	}
	return dst, err
}

// question and entity are Presidio's. Offsets count characters.
type question struct {
	Text     string `json:"text"`
	Language string `json:"language"`
}

type entity struct {
	Type  string  `json:"entity_type"`
	Start *int    `json:"start"`
	End   *int    `json:"end"`
	Score float64 `json:"score"`
}

// Errors name what went wrong and nothing of the text.
var (
	errBusy   = errors.New("analyzer: all places are taken (policy.analyzer.concurrency)")
	errSilent = errors.New("analyzer: it did not answer (policy.analyzer.url, .timeout)")
	errAnswer = errors.New("analyzer: its answer is no list of findings")
	errPlaces = errors.New("analyzer: its answer has places that are not in the text")
)

// ask sends a text. Waiting for a place is part of the timeout.
func (d *Detector) ask(ctx context.Context, text []byte) ([]entity, error) {
	ctx, cancel := context.WithTimeout(ctx, d.cfg.Timeout)
	defer cancel()
	select {
	case d.places <- struct{}{}:
		defer func() { <-d.places }()
	case <-ctx.Done():
		return nil, errBusy
	}
	body, err := json.Marshal(question{string(text), d.cfg.Language})
	if err != nil {
		return nil, errAnswer
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.cfg.URL, bytes.NewReader(body))
	if err != nil {
		return nil, errSilent
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := d.client.Do(req)
	if err != nil {
		return nil, errSilent // The client's error quotes what it got.
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("analyzer: it answered %d", resp.StatusCode)
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return nil, errSilent
	}
	var entities []entity
	if len(answer) > maxAnswer || json.Unmarshal(answer, &entities) != nil || entities == nil {
		return nil, errAnswer
	}
	return entities, nil
}

// add appends the analyzer's findings, of kinds that the policy knows. An answer
// of which a part makes no sense is not believed at all.
func (d *Detector) add(dst []detect.Span, entities []entity, text []byte) ([]detect.Span, error) {
	if len(entities) == 0 {
		return dst, nil
	}
	offsets := make([]int, 0, len(text)+1) // in bytes, by character
	for i := range string(text) {
		offsets = append(offsets, i)
	}
	offsets = append(offsets, len(text))
	first := len(dst)
	for _, e := range entities {
		if e.Start == nil || e.End == nil || *e.Start < 0 || *e.Start >= *e.End || *e.End >= len(offsets) || !(e.Score >= 0 && e.Score <= 1) {
			return dst[:first], errPlaces
		}
		if kind, ok := d.kinds[e.Type]; ok {
			dst = append(dst, detect.Span{Start: offsets[*e.Start], End: offsets[*e.End], Kind: kind, Rule: Rule, Score: e.Score})
		}
	}
	return dst, nil
}
