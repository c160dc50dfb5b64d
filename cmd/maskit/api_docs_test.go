package main

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"maskit/config"
)

// Each example of docs/API.md is run as it stands there, and gives what stands
// behind it; "…" is any text.
func TestExamplesOfTheAPI(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("curl is not installed")
	}
	doc, err := os.ReadFile("../../docs/API.md")
	if err != nil {
		t.Fatal(err)
	}
	r := startAdmin(t, config.Default())
	examples := regexp.MustCompile("```sh\n([^`]*)```\n\n```(?:json)?\n([^`]*)```").FindAllStringSubmatch(string(doc), -1)
	if len(examples) < 12 {
		t.Fatalf("there are %d examples", len(examples))
	}
	for _, e := range examples {
		cmd := exec.CommandContext(t.Context(), "bash", "-eu", "-c", e[1])
		cmd.Env = append(os.Environ(), "MASKIT="+r.opsURL(), "KEY="+r.key)
		out, err := cmd.Output()
		got := strings.TrimSpace(strings.ReplaceAll(string(out), "}{", "}\n{"))
		want := regexp.MustCompile("(?s)^" + strings.ReplaceAll(regexp.QuoteMeta(strings.TrimSpace(e[2])), "…", ".*?") + "$")
		if err != nil || !want.MatchString(got) {
			t.Errorf("%s\n%v\ngot:\n%s\nwant:\n%s", e[1], err, got, e[2])
		}
	}
}
