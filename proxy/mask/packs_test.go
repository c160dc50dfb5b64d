package mask

import (
	"slices"
	"testing"

	"maskit/detect"
)

// Each pack is a policy without faults that says what it is for, and looks for
// every kind by which it says that it finds something.
func TestPacks(t *testing.T) {
	policies, err := NewPolicies(append(PackDefinitions(), Definition{DefaultPolicy, OriginConfig, DefaultConfig()}), compile, newVault(t))
	if err != nil {
		t.Fatal(err)
	}
	for i := range Packs {
		p := &Packs[i]
		t.Run(p.Name, func(t *testing.T) {
			m, err := policies.Get(p.Name)
			if err != nil {
				t.Fatal(err)
			}
			if err := m.Check(t.Context()); err != nil {
				t.Error(err)
			}
			if p.Title == "" || p.Config.Doc == "" || len(p.Covers) == 0 || len(p.Omits) == 0 {
				t.Error("it does not say what it is, what it covers and what it does not")
			}
			found := p.Config.Kinds()
			for _, c := range p.Covers {
				for _, k := range c.Kinds {
					if !slices.Contains(found, k) {
						t.Errorf("%s: it does not look for %s", c.What, k)
					}
				}
			}
		})
	}
}

func compile(c detect.Config) (detect.Detector, error) { return detect.Compile(c) }

// HIPAA names eighteen identifiers, (A) to (R).
func TestHealthcareNamesAllEighteen(t *testing.T) {
	letter := byte('A')
	for _, c := range healthcarePack.Covers {
		if want := "(" + string(letter) + ") "; len(c.What) < 4 || c.What[:4] != want {
			t.Errorf("%q does not begin with %s", c.What, want)
		}
		if len(c.Kinds) == 0 && c.Note == "" {
			t.Errorf("%q is neither found nor explained", c.What)
		}
		letter++
	}
	if letter != 'S' {
		t.Errorf("it ends before (%c)", letter)
	}
}

// Policies that look for the same share a detector, and packs are made ready only
// when they are asked for.
func TestPoliciesShare(t *testing.T) {
	compiled := 0
	counting := func(c detect.Config) (detect.Detector, error) {
		compiled++
		return compile(c)
	}
	quiet := DefaultConfig()
	quiet.Mode, quiet.Doc = ModeObserve, "looks for the same"
	defs := append(PackDefinitions(), Definition{DefaultPolicy, OriginConfig, DefaultConfig()}, Definition{"quiet", OriginConfig, quiet})
	p, err := NewPolicies(defs, counting, newVault(t))
	if err != nil {
		t.Fatal(err)
	}
	if compiled != 1 {
		t.Errorf("%d detectors were made, want 1", compiled)
	}
	get := func(name string) *Masker {
		t.Helper()
		m, err := p.Get(name)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	if get(Standard); compiled != 1 {
		t.Error("standard does not share the detector of the default, which is the same")
	}
	if get("strict"); compiled != 2 {
		t.Errorf("%d detectors were made with strict, want 2", compiled)
	}
	if a, b := get(DefaultPolicy).Version(), get(Standard).Version(); a != b || len(a) != 2*versionBytes {
		t.Errorf("the versions of equal policies are %q and %q", a, b)
	}
	if a, b := get(DefaultPolicy).Version(), get("quiet").Version(); a == b {
		t.Error("the versions of different policies are the same")
	}
	if _, err := p.Get("nobody"); err == nil || err.Error() != `no policy is called "nobody"` {
		t.Errorf("nobody: %v", err)
	}
}

func TestPoliciesNeedADefault(t *testing.T) {
	if _, err := NewPolicies(PackDefinitions(), compile, newVault(t)); err == nil {
		t.Error("there are policies without a default")
	}
}
