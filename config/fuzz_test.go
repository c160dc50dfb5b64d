package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// However the document looks: no panic, no value of a variable in an error, and
// what is accepted is valid and can be printed.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatalf("testdata: %d files, error %v", len(files), err)
	}
	for _, file := range append(files, example) {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if strings.Contains(string(data), planted) {
			t.Skip("the document itself holds it")
		}
		cfg, err := Parse(data, lookups)
		if err != nil {
			if strings.Contains(err.Error(), planted) {
				t.Fatal("the error holds the value of a variable")
			}
			return
		}
		if err := cfg.Validate(); err != nil {
			t.Fatal("accepted, but not valid")
		}
		if _, err := cfg.Print(); err != nil {
			t.Fatal("accepted, but cannot be printed")
		}
	})
}
