package mask

import (
	"fmt"
	"strings"
	"testing"

	"maskit/detect"
)

func TestCorrections(t *testing.T) {
	m := newMasker(t, newVault(t))
	const text = "mail jane.roe@acme-travel.com or call +1 415 867 5309 about the heron plan"
	at := func(part string) (int, int) {
		i := strings.Index(text, part)
		return i, i + len(part)
	}
	span := func(part string, k detect.Kind) detect.Span {
		start, end := at(part)
		return detect.Span{Start: start, End: end, Kind: k}
	}
	held := func(part string) Range {
		start, end := at(part)
		return Range{start, end}
	}
	for _, c := range []struct {
		name string
		by   Corrections
		want string
	}{
		{"none", Corrections{}, "EMAIL_ADDRESS:24 PHONE_NUMBER:15"},
		{"released", Corrections{Release: []Range{held("jane")}}, "PHONE_NUMBER:15"},
		{"added", Corrections{Mask: []detect.Span{span("heron plan", "PROJECT")}}, "EMAIL_ADDRESS:24 PHONE_NUMBER:15 PROJECT:10"},
		{"joined", Corrections{Mask: []detect.Span{span("mail jane", "USERNAME")}}, "USERNAME:29 PHONE_NUMBER:15"},
		{"inside", Corrections{Mask: []detect.Span{span("415", "PROJECT")}}, "EMAIL_ADDRESS:24 PROJECT:15"},
		{"both", Corrections{
			Mask:    []detect.Span{span("roe", "USERNAME")},
			Release: []Range{held("jane.roe@acme-travel.com or call +1 415 867 5309")},
		}, "USERNAME:3"},
		{"overlapping", Corrections{Mask: []detect.Span{span("the heron", "USERNAME"), span("heron plan", "PROJECT")}}, "EMAIL_ADDRESS:24 PHONE_NUMBER:15 USERNAME:14"},
	} {
		s := m.Session(t.Context(), Scope{})
		var got []string
		masked, from := "", 0
		err := s.MaskNoting([]byte(text), c.by, func(f Finding) {
			if !f.Changed {
				t.Errorf("%s: a finding was not masked", c.name)
			}
			got = append(got, fmt.Sprintf("%s:%d", f.Kind, f.End-f.Start))
			masked, from = masked+text[from:f.Start]+f.With, f.End
		})
		masked += text[from:]
		if want := c.want; err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s: %v, %v; want %s", c.name, got, err, want)
		}
		if _, err := s.Settle(); err != nil {
			t.Fatal(err)
		}
		e := &edits{text: []byte(masked)}
		if err := s.Restore(e.text, e.emit); err != nil || e.result() != text {
			t.Errorf("%s: not restored: %v", c.name, err)
		}
		s.Close()
	}
}

func TestTokensOfAText(t *testing.T) {
	m := newMasker(t, newVault(t))
	text := []byte("Ask **Email4K7Q2M9X** or project_4k7q2m9x, not EMAIL4K7Q.")
	tokens := m.Tokens(text)
	if len(tokens) != 2 || tokens[0].Name != "EMAIL4K7Q2M9X" || tokens[0].Kind != detect.EmailAddress ||
		tokens[1].Name != "PROJECT4K7Q2M9X" || tokens[1].Kind != "PROJECT" {
		t.Errorf("%+v", tokens)
	}
	if !m.Knows("PROJECT") || m.Knows("PROJEKT") {
		t.Error("the wrong kinds are known")
	}
}
