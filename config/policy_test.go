package config

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"maskit/detect"
	"maskit/proxy/mask"
)

// parsed reads a document that is right.
func parsed(t *testing.T, doc string) *Config {
	t.Helper()
	cfg, err := Parse([]byte(doc), lookups)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// A policy is laid over the one that it is from: a value takes the place of the
// base's, a mapping is laid over it key by key, a list takes its place whole.
func TestPolicyFrom(t *testing.T) {
	cfg := parsed(t, `
policies:
  child:
    from: parent
    disable: [VIN]
    actions: {EMAIL_ADDRESS: allow}
    restore: {tools: {send_mail: {SECRET: never}}}
  parent:
    from: finance
    doc: not for children
    min_score: 0.7
    disable: [IBAN_CODE, PHONE_NUMBER]
    actions: {EMAIL_ADDRESS: hash, PASSWORD: redact}
    restore: {tools: {send_mail: {JWT: never}, "web_*": {"*": never}}}
  empty:
`)
	finance, _ := mask.PackOf("finance")
	want := finance
	want.From, want.Doc, want.MinScore = "parent", "", 0.7
	want.Disable = []detect.Kind{"VIN"}
	want.Actions = map[detect.Kind]string{"CREDIT_CARD": "last4", "EMAIL_ADDRESS": "allow", "PASSWORD": "redact"}
	want.Restore.Tools = map[string]map[detect.Kind]string{
		"send_mail": {"SECRET": "never", "JWT": "never"}, "web_*": {"*": "never"},
	}
	if diff := cmp.Diff(want, cfg.Policies["child"]); diff != "" {
		t.Error("child (-want +got):\n" + diff)
	}
	if diff := cmp.Diff(mask.DefaultConfig(), cfg.Policies["empty"]); diff != "" {
		t.Error("empty (-want +got):\n" + diff)
	}
	if got, _ := mask.PackOf("finance"); len(got.Actions) != 1 {
		t.Errorf("the pack itself has changed: %v", got.Actions)
	}
}

// The section policy may be from a pack or a named policy, and others from it.
func TestDefaultPolicyFrom(t *testing.T) {
	cfg := parsed(t, "policies:\n  a: {from: strict, hint: true}\n  b: {from: default}\npolicy: {from: a, min_score: 0.5}\n")
	strict, _ := mask.PackOf("strict")
	if p := cfg.Policy; !p.Hint || p.MinScore != 0.5 || !slices.Equal(p.Enable, strict.Enable) {
		t.Errorf("policy: hint %v, min_score %v, %d kinds enabled", p.Hint, p.MinScore, len(p.Enable))
	}
	if b := cfg.Policies["b"]; b.MinScore != 0.5 || !b.Hint {
		t.Errorf("b: hint %v, min_score %v", b.Hint, b.MinScore)
	}
}

func TestDefinitions(t *testing.T) {
	cfg := parsed(t, "policies: {support: {from: hr}}\n")
	want := []string{"default", "developer", "finance", "healthcare", "hr", "legal", "standard", "strict", "support"}
	if got := cfg.PolicyNames(); !slices.Equal(got, want) {
		t.Errorf("the policies are %v, want %v", got, want)
	}
	if p, err := cfg.PolicyOf("support"); err != nil || p.From != "hr" {
		t.Errorf("support: %v, from %q", err, p.From)
	}
	if _, err := cfg.PolicyOf("supporz"); err == nil || err.Error() != `no policy is called "supporz"; did you mean support?` {
		t.Errorf("supporz: %v", err)
	}
}
