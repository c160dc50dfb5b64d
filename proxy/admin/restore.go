package admin

import (
	"context"
	"slices"
	"strings"

	"maskit/proxy/audit"
	"maskit/proxy/mask"
	"maskit/vault"
)

type restoreRequest struct {
	Text     string `json:"text" doc:"a text with tokens"`
	Tenant   string `json:"tenant,omitempty" doc:"whose tokens they are; the operator's own tenant if it is left out"`
	Session  string `json:"session,omitempty" doc:"the conversation in which they were made; any, if it is left out"`
	Passcode string `json:"passcode,omitempty" doc:"where the values are sealed under one"`
	Reason   string `json:"reason" doc:"why; it goes into the audit trail"`
	Offsets  string `json:"offsets,omitempty" enum:"codepoints,bytes,utf16" doc:"what offsets count; codepoints if it is left out"`
}

type restoreAnswer struct {
	Text     string         `json:"text"`
	Spans    []restoredSpan `json:"spans" doc:"the values, sorted by start"`
	Restored int            `json:"restored" doc:"tokens that were put back"`
	Unknown  int            `json:"unknown" doc:"what looks like a token and stands for nothing that may be restored here"`
}

type restoredSpan struct {
	Start      int    `json:"start" doc:"where the value begins in the restored text"`
	End        int    `json:"end"`
	TokenStart int    `json:"token_start" doc:"where the token began in the text that was sent"`
	TokenEnd   int    `json:"token_end"`
	Kind       string `json:"kind" doc:"empty if the token does not tell it"`
	Token      string `json:"token"`
}

// restore puts the values back into a text. The trail has the record before the
// operator has the values.
func (s *Server) restore(c *call, in *restoreRequest) (*restoreAnswer, error) {
	v, err := s.view(c, scope{Tenant: in.Tenant, Offsets: in.Offsets})
	if err != nil {
		return nil, err
	}
	if strings.TrimSpace(in.Reason) == "" {
		return nil, errInvalid.at("reason", noReason)
	}
	text := []byte(in.Text)
	tokens := v.masker.Tokens(text)
	op := s.operation(c, "restore")
	op.Tenant, op.Session = v.tenant, in.Session
	if op.Reason, err = s.masked(c, in.Reason); err != nil {
		return nil, err
	}
	values, err := s.reveal(c.r.Context(), v.tenant, in, tokens)
	if err != nil {
		f := failureOf(err)
		op.Status, op.Code = f.status, f.code
		return nil, firstError(s.record(c.r.Context(), op), err)
	}
	a := v.putBack(text, tokens, values)
	for _, sp := range a.Spans {
		op.Tokens = append(op.Tokens, sp.Token)
		op.Found = countKind(op.Found, sp.Kind)
	}
	op.Tokens = distinct(op.Tokens)
	if err := s.record(c.r.Context(), op); err != nil {
		return nil, errAudit.because(err)
	}
	return a, nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func countKind(counts []audit.Count, kind string) []audit.Count {
	for i := range counts {
		if counts[i].Kind == kind {
			counts[i].N++
			return counts
		}
	}
	return append(counts, audit.Count{Kind: kind, N: 1})
}

// reveal asks the vault for the values of tokens, "" for what stands for none.
func (s *Server) reveal(ctx context.Context, tenant string, in *restoreRequest, tokens []mask.Token) (map[string]string, error) {
	names := make([]string, len(tokens))
	for i, t := range tokens {
		names[i] = t.Name
	}
	names = distinct(names)
	if len(names) == 0 {
		return nil, nil
	}
	values, err := s.valuesOf(ctx, s.vault.Tenant(tenant), in, names)
	if err != nil {
		return nil, err
	}
	byName := make(map[string]string, len(names))
	for i, name := range names {
		byName[name] = values[i]
	}
	return byName, nil
}

// valuesOf asks for values where they are: in one conversation, or in any, and
// behind a passcode where there is one.
func (s *Server) valuesOf(ctx context.Context, t *vault.Tenant, in *restoreRequest, names []string) ([]string, error) {
	opener, err := unlock(ctx, t, in.Session, in.Passcode)
	if err != nil {
		return nil, err
	}
	switch {
	case opener != nil && in.Session == "":
		return opener.Reveal(ctx, names)
	case opener != nil:
		return opener.Lookup(ctx, names)
	case in.Session == "":
		return t.Reveal(ctx, names)
	}
	return t.Lookup(ctx, in.Session, names)
}

// unlock opens what is under a passcode; nil where there is none.
func unlock(ctx context.Context, t *vault.Tenant, conversation, passcode string) (*vault.Opener, error) {
	locked, err := t.Locked(ctx, conversation)
	switch {
	case err != nil || !locked:
		return nil, err
	case passcode == "":
		return nil, errPasscodeNeeded
	}
	return t.Unlock(ctx, conversation, vault.Secret(passcode))
}

// distinct sorts names and leaves each once.
func distinct(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}

// putBack puts values in the place of their tokens.
func (v *view) putBack(text []byte, tokens []mask.Token, values map[string]string) *restoreAnswer {
	a := &restoreAnswer{Spans: []restoredSpan{}}
	var out []byte
	from := 0
	type place struct{ start, end int }
	var places []place
	before := newRuler(text, v.unit)
	for _, t := range tokens {
		value := values[t.Name]
		if value == "" {
			a.Unknown++
			continue
		}
		out = append(append(out, text[from:t.Start]...), t.Marks...)
		places = append(places, place{len(out), len(out) + len(value)})
		out = append(out, value...)
		from = t.End
		a.Spans = append(a.Spans, restoredSpan{
			TokenStart: before.of(t.Start), TokenEnd: before.of(t.End), Kind: string(t.Kind), Token: t.Name,
		})
	}
	out = append(out, text[from:]...)
	after := newRuler(out, v.unit)
	for i, p := range places {
		a.Spans[i].Start, a.Spans[i].End = after.of(p.start), after.of(p.end)
	}
	a.Text, a.Restored = string(out), len(places)
	return a
}

// masked returns what an operator wrote for the trail, without what the default
// policy finds in it: a reason is written by people, who paste.
func (s *Server) masked(c *call, text string) (string, error) {
	if len(text) > maxReason {
		return "", errInvalid.at("reason", "is longer than 1000 bytes")
	}
	found, err := s.live.Masker("", mask.DefaultTenant).Find(c.r.Context(), nil, []byte(text))
	if err != nil {
		return "", err
	}
	var out strings.Builder
	from := 0
	for _, sp := range found {
		out.WriteString(text[from:sp.Start])
		out.WriteString("[" + string(sp.Kind) + "]")
		from = sp.End
	}
	return out.String() + text[from:], nil
}

// maxReason bounds what goes into the trail, in bytes.
const maxReason = 1000
