package admin

import (
	"context"
	"math"

	"maskit/detect"
	"maskit/proxy/mask"
)

// scope says under which policy and for which tenant texts are looked at, and
// what offsets count.
type scope struct {
	Policy  string `json:"policy,omitempty" doc:"name of a policy; the default one if it is left out"`
	Tenant  string `json:"tenant,omitempty" doc:"whose texts they are; the operator's own tenant if it is left out"`
	Offsets string `json:"offsets,omitempty" enum:"codepoints,bytes,utf16" doc:"what offsets count; codepoints if it is left out"`
}

// view is a scope made ready.
type view struct {
	masker *mask.Masker
	tenant string
	unit   string
}

func (s *Server) view(c *call, sc scope) (*view, error) {
	v := &view{unit: sc.Offsets}
	if v.unit == "" {
		v.unit = codepoints
	}
	if units[v.unit] == nil {
		return nil, errInvalid.at("offsets", "is none of codepoints, bytes, utf16")
	}
	var err error
	if v.tenant, err = c.tenant(sc.Tenant); err != nil {
		return nil, err
	}
	if v.masker = s.live.Masker(sc.Policy, v.tenant); v.masker == nil {
		return nil, errUnprocessed.at("policy", "no policy is called so")
	}
	return v, nil
}

// input is one text, or several.
type input struct {
	Text  *string  `json:"text,omitempty" doc:"one text"`
	Texts []string `json:"texts,omitempty" doc:"several texts"`
}

func (in *input) all() ([]string, error) {
	switch {
	case (in.Text == nil) == (in.Texts == nil):
		return nil, errInvalid.at("text", "give either text or texts")
	case in.Text != nil:
		return []string{*in.Text}, nil
	case len(in.Texts) > maxTexts:
		return nil, errInvalid.at("texts", "are too many; send JSON lines (application/x-ndjson)")
	}
	return in.Texts, nil
}

// maxTexts bounds the texts of one request.
const maxTexts = 10_000

type detectRequest struct {
	input
	scope
}

type detectAnswer struct {
	Results []detectResult `json:"results" doc:"one for each text"`
}

type detectResult struct {
	Spans []spanAnswer `json:"spans" doc:"sorted by start, without overlap"`
}

type spanAnswer struct {
	Start int     `json:"start"`
	End   int     `json:"end" doc:"behind the last one"`
	Kind  string  `json:"kind"`
	Score float64 `json:"score" doc:"certainty from 0 to 1"`
	Rule  string  `json:"rule" doc:"what found it"`
}

// detect says where values stand.
func (s *Server) detect(c *call, in *detectRequest) (*detectAnswer, error) {
	all, err := in.all()
	if err != nil {
		return nil, err
	}
	v, err := s.view(c, in.scope)
	if err != nil {
		return nil, err
	}
	a := &detectAnswer{Results: make([]detectResult, len(all))}
	for i, text := range all {
		if a.Results[i].Spans, err = v.find(c.r.Context(), []byte(text)); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// find looks at one text.
func (v *view) find(ctx context.Context, text []byte) ([]spanAnswer, error) {
	found, err := v.masker.Find(ctx, nil, text)
	if err != nil {
		return nil, err
	}
	return spansOf(found, text, v.unit), nil
}

// spansOf shows findings with offsets in a unit.
func spansOf(found []detect.Span, text []byte, unit string) []spanAnswer {
	at := newRuler(text, unit)
	out := make([]spanAnswer, len(found))
	for i, sp := range found {
		out[i] = spanAnswer{at.of(sp.Start), at.of(sp.End), string(sp.Kind), rounded(sp.Score), sp.Rule}
	}
	return out
}

// rounded is a score with four digits: sums of scores have more by chance only.
func rounded(score float64) float64 { return math.Round(score*1e4) / 1e4 }
