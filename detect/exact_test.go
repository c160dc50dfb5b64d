package detect

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestExactSecrets(t *testing.T) {
	dir := t.TempDir()
	env := filepath.Join(dir, ".env")
	write(t, env, "# comment=not-a-value-of-it\nDEBUG=true\nexport DB=correct horse battery\nTOKEN=\"zq9 plain-words # kept\" # dropped\n\nNAME='über-geheim'\nSHORT=abc\nPLAIN=blue-heron-flies # why\n")
	mount := filepath.Join(dir, "run")
	if err := os.MkdirAll(filepath.Join(mount, "more"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(mount, "more", "key"), "the-only-line-of-it\n")
	write(t, filepath.Join(mount, "prod.env"), "A=from-prod-env\n")

	e := compile(t, Config{Exact: []Exact{{File: env}, {Kind: "MOUNTED", File: mount}}})
	for _, c := range []struct {
		kind Kind
		want string
	}{
		{Secret, "it is «correct horse battery» and «zq9 plain-words # kept», x«über-geheim»x, true abc «blue-heron-flies»."},
		{Secret, "«correct horse battery»«blue-heron-flies»"},
		{Secret, "Correct Horse Battery, not-a-value-of-it, dropped, blue-heron-flie"},
		{Secret, "«ｂｌｕｅ-heron\u200b-flies»"},
		{"MOUNTED", "«the-only-line-of-it» «from-prod-env» the-only-line-of-i"},
	} {
		for shift := range 12 {
			pad := strings.Repeat("-", shift)
			text := pad + strings.NewReplacer("«", "", "»", "").Replace(c.want)
			if got := ownMarks(t, e, text, c.kind); got != pad+c.want {
				t.Errorf("shift %d: got %s", shift, got)
			}
		}
	}
}

func TestExactKeepsNoSecret(t *testing.T) {
	file := filepath.Join(t.TempDir(), ".env")
	const secret = "planted-value-of-the-test"
	write(t, file, "X="+secret+"\n")
	e := compile(t, Config{Exact: []Exact{{File: file}}})
	kept := fmt.Sprintf("%+v %+v", *e.exact, e.exact.begins)
	if bytes.Contains([]byte(kept), []byte("planted")) || strings.Contains(kept, fmt.Sprint([]byte("planted"))[1:20]) {
		t.Error("the engine holds the beginning of a secret")
	}
	again := compile(t, Config{Exact: []Exact{{File: file}}})
	if again.exact.key == e.exact.key {
		t.Error("two engines have one key")
	}
}

func TestExactFaults(t *testing.T) {
	err := Config{Exact: []Exact{{Kind: "x", File: "f"}, {}}}.Validate()
	if err == nil || !strings.Contains(err.Error(), `exact[0].kind: "x" is not of`) || !strings.Contains(err.Error(), "exact[1].file: is missing") {
		t.Errorf("error: %v", err)
	}
	_, err = Compile(Config{Exact: []Exact{{File: filepath.Join(t.TempDir(), "none")}}})
	if err == nil || !strings.HasPrefix(err.Error(), "exact[0].file: stat ") {
		t.Errorf("error: %v", err)
	}
}

func BenchmarkProseWithExact(b *testing.B) {
	file := filepath.Join(b.TempDir(), ".env")
	var env strings.Builder
	for i := range 100 {
		fmt.Fprintf(&env, "KEY%d=some-%d-secret-%d-value\n", i, i*7919, i)
	}
	if err := os.WriteFile(file, []byte(env.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	cfg := rulesOnly()
	cfg.Exact = []Exact{{File: file}}
	scan(b, compile(b, cfg), repeat(prose, 1<<20))
}
