package detect
import ("testing";"slices")
func TestZZ(t *testing.T) {
	engine := compile(t, DefaultConfig())
	for _, f := range []string{"gitleaks.jsonl","noseyparker.jsonl"} {
		for i, v := range readVectors(t, f) {
			spans := slices.DeleteFunc(find(t, engine, v.Text), func(s Span) bool {
				return !s.Kind.info().Secret && s.Kind != CloudResource && s.Kind != Username
			})
			if v.Label == 1 || len(spans)==0 { continue }
			for _, s := range spans {
				a, b := max(0,s.Start-60), min(len(v.Text), s.End+30)
				t.Logf("%s %d %s | %s | %q «%s» %q", f[:3], i+1, v.Rule, s.Rule, v.Text[a:s.Start], v.Text[s.Start:s.End], v.Text[s.End:b])
			}
		}
	}
}
