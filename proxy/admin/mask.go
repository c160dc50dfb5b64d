package admin

import (
	"context"
	"slices"

	"maskit/detect"
	"maskit/proxy/mask"
)

type maskRequest struct {
	input
	scope
	Session string      `json:"session,omitempty" doc:"the conversation in which the values are kept; none: only operators restore them"`
	Mask    []spanFix   `json:"mask,omitempty" doc:"what is masked this once although it was not found; with text only"`
	Release []spanRange `json:"release,omitempty" doc:"findings that stay this once; with text only"`
}

type spanFix struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Kind  string `json:"kind"`
}

type spanRange struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

type maskAnswer struct {
	Results []maskResult `json:"results" doc:"one for each text"`
}

type maskResult struct {
	Masked string         `json:"masked"`
	Spans  []maskSpan     `json:"spans" doc:"sorted by start, without overlap"`
	Counts map[string]int `json:"counts" doc:"findings by kind"`
}

type maskSpan struct {
	spanAnswer
	MaskedStart int    `json:"masked_start" doc:"where it begins in masked"`
	MaskedEnd   int    `json:"masked_end"`
	Token       string `json:"token" doc:"what stands there now; empty where the value stayed"`
	Action      string `json:"action" doc:"what the policy does with the kind"`
}

// mask masks texts in one session: what one text holds has the same token in all.
func (s *Server) mask(c *call, in *maskRequest) (*maskAnswer, error) {
	all, err := in.all()
	if err != nil {
		return nil, err
	}
	v, err := s.view(c, in.scope)
	if err != nil {
		return nil, err
	}
	by, err := v.corrections(in)
	if err != nil {
		return nil, err
	}
	results, err := v.mask(c.r.Context(), in.Session, all, by)
	if err != nil {
		return nil, err
	}
	return &maskAnswer{results}, nil
}

// maxSettles bounds how often texts are masked anew since a token was taken,
// which hardly ever happens once.
const maxSettles = 8

// mask masks texts until the vault keeps their values.
func (v *view) mask(ctx context.Context, conversation string, all []string, by mask.Corrections) ([]maskResult, error) {
	session := v.masker.Session(ctx, mask.Scope{Tenant: v.tenant, Conversation: conversation})
	defer session.Close()
	for range maxSettles {
		results := make([]maskResult, len(all))
		for i, text := range all {
			var err error
			if results[i], err = v.maskOne(session, []byte(text), by); err != nil {
				return nil, err
			}
		}
		if again, err := session.Settle(); err != nil {
			return nil, err
		} else if !again {
			return results, nil
		}
	}
	return nil, errInternal
}

func (v *view) maskOne(session *mask.Session, text []byte, by mask.Corrections) (maskResult, error) {
	var masked []byte
	var found []mask.Finding
	from := 0
	err := session.MaskNoting(text, by, func(f mask.Finding) {
		if f.Changed {
			masked = append(append(masked, text[from:f.Start]...), f.With...)
			from = f.End
		}
		found = append(found, f)
	})
	if err != nil {
		return maskResult{}, err
	}
	masked = append(masked, text[from:]...)
	return maskResult{string(masked), v.maskSpans(found, text, masked), countsOf(found)}, nil
}

// maskSpans shows what was done with findings, in the text and in the masked one.
func (v *view) maskSpans(found []mask.Finding, text, masked []byte) []maskSpan {
	at, then := newRuler(text, v.unit), newRuler(masked, v.unit)
	out := make([]maskSpan, len(found))
	moved := 0 // by how many bytes what follows stands later
	for i, f := range found {
		length := f.End - f.Start
		if f.Changed {
			length = len(f.With)
		}
		out[i] = maskSpan{
			spanAnswer:  spanAnswer{at.of(f.Start), at.of(f.End), string(f.Kind), rounded(f.Score), f.Rule},
			MaskedStart: then.of(f.Start + moved), MaskedEnd: then.of(f.Start + moved + length),
			Token: f.With, Action: f.Action,
		}
		moved += length - (f.End - f.Start)
	}
	return out
}

func countsOf(found []mask.Finding) map[string]int {
	counts := map[string]int{}
	for _, f := range found {
		counts[string(f.Kind)]++
	}
	return counts
}

// corrections reads what a person says of the one text.
func (v *view) corrections(in *maskRequest) (by mask.Corrections, err error) {
	if len(in.Mask)+len(in.Release) == 0 {
		return by, nil
	}
	if in.Text == nil {
		return by, errInvalid.at("mask", "mask and release go with text, not with texts")
	}
	text := []byte(*in.Text)
	for _, m := range in.Mask {
		r, ok := v.bytes(text, spanRange{m.Start, m.End})
		if !ok {
			return by, errInvalid.at("mask", "start and end are not within the text, or within a character")
		}
		if !v.masker.Knows(detect.Kind(m.Kind)) {
			return by, errInvalid.at("mask", "no kind is called so; GET /api/v1/kinds lists them")
		}
		by.Mask = append(by.Mask, detect.Span{Start: r.Start, End: r.End, Kind: detect.Kind(m.Kind)})
	}
	for _, m := range in.Release {
		r, ok := v.bytes(text, m)
		if !ok {
			return by, errInvalid.at("release", "start and end are not within the text, or within a character")
		}
		by.Release = append(by.Release, r)
	}
	slices.SortStableFunc(by.Mask, func(a, b detect.Span) int { return a.Start - b.Start })
	return by, nil
}

// bytes turns a range into bytes; false if it is empty or not of the text.
func (v *view) bytes(text []byte, r spanRange) (mask.Range, bool) {
	at := newRuler(text, v.unit)
	if r.Start < 0 || r.Start >= r.End {
		return mask.Range{}, false
	}
	start, first := at.byteAt(r.Start)
	end, last := at.byteAt(r.End)
	return mask.Range{Start: start, End: end}, first && last
}
