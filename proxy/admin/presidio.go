package admin

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"sync"

	"maskit/detect"
)

// The API of presidio-analyzer, as microsoft.github.io/presidio/api-docs has it:
// what speaks to Presidio may speak to maskit in its place. Offsets count code
// points, members that are not known are passed over, and errors are Presidio's
// {"error": "..."}. Any language is accepted: the rules look at all of them.

type analyzeRequest struct {
	Text       oneOrMany    `json:"text"`
	Language   string       `json:"language,omitempty"`
	Entities   []string     `json:"entities,omitempty" doc:"kinds to look for; all, if it is left out"`
	ID         string       `json:"correlation_id,omitempty"`
	Threshold  float64      `json:"score_threshold,omitempty"`
	Explain    bool         `json:"return_decision_process,omitempty"`
	AdHoc      []recognizer `json:"ad_hoc_recognizers,omitempty"`
	Context    []string     `json:"context,omitempty" doc:"words that count as if they stood near every value"`
	AllowList  []string     `json:"allow_list,omitempty" doc:"values that are no findings"`
	AllowMatch string       `json:"allow_list_match,omitempty" enum:"exact,regex"`
}

// oneOrMany is a text, or a list of texts.
type oneOrMany struct {
	texts []string
	many  bool
}

// UnmarshalJSON implements json.Unmarshaler.
func (o *oneOrMany) UnmarshalJSON(text []byte) error {
	if o.many = bytes.HasPrefix(bytes.TrimSpace(text), []byte("[")); o.many {
		return json.Unmarshal(text, &o.texts)
	}
	o.texts = make([]string, 1)
	return json.Unmarshal(text, &o.texts[0])
}

// recognizer is one that comes with the request.
type recognizer struct {
	Name     string    `json:"name,omitempty"`
	Language string    `json:"supported_language,omitempty"`
	Entity   string    `json:"supported_entity"`
	Patterns []pattern `json:"patterns,omitempty"`
	Context  []string  `json:"context,omitempty"`
	DenyList []string  `json:"deny_list,omitempty"`
	// DenyScore is the certainty of what the list names; 1 unless set.
	DenyScore float64 `json:"deny_list_score,omitempty"`
}

type pattern struct {
	Name  string  `json:"name,omitempty"`
	Regex string  `json:"regex" doc:"a regular expression of RE2"`
	Score float64 `json:"score,omitempty"`
}

type recognized struct {
	Entity      string       `json:"entity_type"`
	Start       int          `json:"start"`
	End         int          `json:"end"`
	Score       float64      `json:"score"`
	Explanation *explanation `json:"analysis_explanation"`
}

type explanation struct {
	Recognizer  string  `json:"recognizer"`
	PatternName string  `json:"pattern_name"`
	Original    float64 `json:"original_score"`
	Score       float64 `json:"score"`
	Explanation string  `json:"textual_explanation"`
	Improvement float64 `json:"score_context_improvement"`
}

// presidio makes a handler of one that fails as Presidio fails.
func presidio(h handler) handler {
	serve := h.serve
	h = h.loose().atHome()
	h.serve = func(s *Server, c *call) error {
		err := serve(s, c)
		if err == nil {
			return nil
		}
		f := failureOf(err)
		if f.cause != nil {
			s.log.Warn("admin: " + f.message)
		}
		message := f.message
		if f.field != "" {
			message = f.field + ": " + message
		}
		return writeJSON(c.w, f.status, map[string]string{"error": message})
	}
	return h
}

// analyze says where values stand: a list of findings, or one a text if there
// was a list of texts.
func (s *Server) analyze(c *call, in *analyzeRequest) (*analyzeAnswer, error) {
	if in.Text.texts == nil {
		return nil, errInvalid.with("No text provided")
	}
	a, err := s.analyzer(c, in)
	if err != nil {
		return nil, err
	}
	all := make([][]recognized, len(in.Text.texts))
	for i, text := range in.Text.texts {
		if all[i], err = a.analyze(c.r.Context(), []byte(text)); err != nil {
			return nil, err
		}
	}
	return &analyzeAnswer{all, in.Text.many}, nil
}

// analyzeAnswer is a list of findings, or of such lists.
type analyzeAnswer struct {
	all  [][]recognized
	many bool
}

// MarshalJSON implements json.Marshaler.
func (a *analyzeAnswer) MarshalJSON() ([]byte, error) {
	if a.many {
		return json.Marshal(a.all)
	}
	return json.Marshal(a.all[0])
}

// analyzer is a request made ready.
type analyzer struct {
	in     *analyzeRequest
	own    detect.Detector // the policy's
	adhoc  detect.Detector // nil if there is none
	allow  []*regexp.Regexp
	nearby map[string]bool // rules that the request's context makes more certain
}

func (s *Server) analyzer(c *call, in *analyzeRequest) (*analyzer, error) {
	v, err := s.view(c, scope{})
	if err != nil {
		return nil, err
	}
	a := &analyzer{in: in, own: v.masker, nearby: map[string]bool{}}
	if len(in.AdHoc) > 0 {
		if a.adhoc, err = s.adhoc.get(in.AdHoc); err != nil {
			return nil, errInvalid.at("ad_hoc_recognizers", err.Error())
		}
	}
	if in.AllowMatch == "regex" {
		for _, p := range in.AllowList {
			re, err := regexp.Compile(`\A(?:` + p + `)\z`)
			if err != nil {
				return nil, errInvalid.at("allow_list", "one is no regular expression of RE2")
			}
			a.allow = append(a.allow, re)
		}
	}
	for i := range detect.Rules {
		r := &detect.Rules[i]
		a.nearby[r.Name] = slices.ContainsFunc(in.Context, func(w string) bool { return slices.Contains(r.Near, w) })
	}
	return a, nil
}

func (a *analyzer) analyze(ctx context.Context, text []byte) ([]recognized, error) {
	found, err := a.own.Find(ctx, nil, text)
	if err != nil {
		return nil, err
	}
	if a.adhoc != nil {
		if found, err = a.adhoc.Find(ctx, found, text); err != nil {
			return nil, err
		}
		slices.SortStableFunc(found, func(x, y detect.Span) int { return x.Start - y.Start })
	}
	out := []recognized{}
	start, end := newRuler(text, codepoints), newRuler(text, codepoints)
	for _, sp := range found {
		r := recognized{Entity: string(sp.Kind), Start: start.of(sp.Start), Score: a.score(sp)}
		if end.bytes > sp.End { // Of two that overlap the first may end behind the second.
			end = newRuler(text, codepoints)
		}
		r.End = end.of(sp.End)
		if a.in.Explain {
			r.Explanation = &explanation{sp.Rule, sp.Rule, rounded(sp.Score), r.Score, "found by the rule " + sp.Rule, rounded(r.Score - sp.Score)}
		}
		if a.wants(sp.Kind, r.Score, text[sp.Start:sp.End]) {
			out = append(out, r)
		}
	}
	return out, nil
}

// nearBonus is what a word of context adds, as detect does for words in the text.
const nearBonus = 0.4

func (a *analyzer) score(sp detect.Span) float64 {
	if a.nearby[sp.Rule] && sp.Score < 1-nearBonus {
		return rounded(sp.Score + nearBonus)
	}
	return rounded(sp.Score)
}

func (a *analyzer) wants(kind detect.Kind, score float64, value []byte) bool {
	switch {
	case score < a.in.Threshold:
		return false
	case len(a.in.Entities) > 0 && !slices.Contains(a.in.Entities, string(kind)):
		return false
	case a.in.AllowMatch == "regex":
		return !slices.ContainsFunc(a.allow, func(re *regexp.Regexp) bool { return re.Match(value) })
	}
	return !slices.Contains(a.in.AllowList, string(value))
}

// adhocs keeps the detectors of recognizers that came with requests: clients send
// the same ones with each.
type adhocs struct {
	mu  sync.Mutex
	all map[[sha256.Size]byte]detect.Detector
}

// maxAdhocs is how many are kept.
const maxAdhocs = 64

func (a *adhocs) get(rs []recognizer) (detect.Detector, error) {
	text, err := json.Marshal(rs)
	if err != nil {
		return nil, errors.New("cannot be read")
	}
	key := sha256.Sum256(text)
	a.mu.Lock()
	det := a.all[key]
	a.mu.Unlock()
	if det != nil {
		return det, nil
	}
	det, err = compileAdhoc(rs)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.all == nil || len(a.all) >= maxAdhocs {
		a.all = map[[sha256.Size]byte]detect.Detector{}
	}
	a.all[key] = det
	return det, nil
}

// compileAdhoc makes a detector of recognizers alone. Its errors name no values.
func compileAdhoc(rs []recognizer) (detect.Detector, error) {
	cfg := detect.Config{}
	for i, r := range rs {
		name := r.Name
		if name == "" {
			name = "ad hoc"
		}
		for j, p := range r.Patterns {
			cfg.Rules = append(cfg.Rules, detect.CustomRule{
				Name: fmt.Sprintf("%s %d.%d", name, i, j), Kind: detect.Kind(r.Entity), Pattern: p.Regex, Score: p.Score, Context: r.Context,
			})
		}
		if len(r.DenyList) > 0 {
			cfg.Rules = append(cfg.Rules, detect.CustomRule{Name: fmt.Sprintf("%s %d", name, i), Kind: detect.Kind(r.Entity), Keywords: r.DenyList, Score: r.DenyScore})
		}
	}
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if err := cfg.Slow(); err != nil {
		return nil, err
	}
	return detect.Compile(detect.Only(cfg))
}

// supportedEntities lists the kinds that the default policy finds.
func (s *Server) supportedEntities(c *call) (*[]string, error) {
	v, err := s.view(c, scope{})
	if err != nil {
		return nil, err
	}
	kinds := texts(v.masker.Kinds())
	return &kinds, nil
}

// recognizers lists the rules by name.
func (s *Server) recognizers(*call) (*[]string, error) {
	names := []string{}
	for i := range detect.Rules {
		names = append(names, detect.Rules[i].Name)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	return &names, nil
}

// health says that the service is there.
func (s *Server) health(c *call) error {
	answer(c.w, http.StatusOK, "maskit is up")
	return nil
}
