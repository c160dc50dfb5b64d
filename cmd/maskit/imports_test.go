package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// floors says on which floor a package is. It may import packages of lower
// floors only, and those of floor 0 nothing of maskit: docs/ARCHITECTURE.md.
var floors = map[string]int{
	"cmd/maskit":     4,
	"config":         3,
	"proxy":          2,
	"proxy/admin":    2,
	"proxy/traces":   2,
	"proxy/analyzer": 2,
	"proxy/mask":     1,
	"proxy/wire":     0,
	"proxy/audit":    0,
	"proxy/access":   0,
	"detect":         0,
	"detect/eval":    1,
	"vault":          0,

	// The model of names: detect has it, so it lies below; train makes it.
	"detect/ner":       -1,
	"detect/ner/train": 2,
}

// What a floor, and those below it, may not import.
var forbidden = []struct {
	floor   int
	imports string
	why     string
}{
	{2, "maskit/config", "only cmd imports config"},
	{1, "net/http", "floors 0 and 1 know no HTTP"},
	{1, "github.com/valyala/fasthttp", "floors 0 and 1 know no HTTP"},
	{1, "go.uber.org/zap", "floors 0 and 1 return errors and do not log"},
	{1, "log", "floors 0 and 1 return errors and do not log"},
	{4, "unsafe", "there is no unsafe code"},
}

// Modules of their own, which the floors do not bind.
var elsewhere = []string{"bench", "testdata/clients", "testdata/openapi", "detect/ner/train/morph"}

func TestImportsGoDownOnly(t *testing.T) {
	seen := map[string]bool{}
	eachImport(t, func(pkg, file, imported string) {
		floor, ok := floors[pkg]
		if !ok {
			t.Errorf("%s: the package %s has no floor; Go packages live in cmd, proxy, detect, vault and config", file, pkg)
			return
		}
		seen[pkg] = true
		if below, ok := strings.CutPrefix(imported, "maskit/"); ok {
			if under, known := floors[below]; !known || under >= floor {
				t.Errorf("%s: %s is on floor %d and imports %s on floor %d", file, pkg, floor, below, under)
			}
		}
		for _, f := range forbidden {
			if floor <= f.floor && (imported == f.imports || strings.HasPrefix(imported, f.imports+"/")) {
				t.Errorf("%s: imports %s: %s", file, imported, f.why)
			}
		}
		if pkg == "proxy/mask" && (imported == "encoding/json" || strings.HasPrefix(imported, "github.com/tidwall/")) {
			t.Errorf("%s: imports %s: proxy/mask knows no JSON", file, imported)
		}
	})
	for pkg := range floors {
		if !seen[pkg] {
			t.Errorf("the package %s does not exist or imports nothing", pkg)
		}
	}
}

// eachImport calls f for every import of every Go file that is no test.
func eachImport(t *testing.T, f func(pkg, file, imported string)) {
	t.Helper()
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if d.IsDir() {
			if slices.Contains(elsewhere, name) || strings.HasPrefix(d.Name(), ".") && name != "." {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, i := range file.Imports {
			imported, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			f(filepath.ToSlash(filepath.Dir(name)), name, imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
