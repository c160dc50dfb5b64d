package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"maskit/detect"
)

//go:generate go test -run TestRulesDocument . -update

var update = flag.Bool("update", false, "write the documents anew")

// docs/RULES.md says what the table of rules says.
func TestRulesDocument(t *testing.T) {
	file := filepath.Join("..", "..", "docs", "RULES.md")
	want := document(rulesOf(detect.DefaultConfig()))
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what the rules say: run go generate ./cmd/maskit", file)
	}
}
