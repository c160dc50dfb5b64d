package main

import (
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// quietPlaces are folders of code that names hardly anybody, and how many bytes
// of each are taken. Of Go's own sources these are the tests: the benign corpus
// of package detect is made of the others.
var quietPlaces = []struct {
	root string // below the folder of the packages; empty: Go's sources
	ends []string
	only string // a part of the path
	most int
}{
	{"", []string{".go"}, "_test.go", 700 << 10},
	{"node_modules", []string{".js", ".mjs", ".ts", ".md", ".json"}, "", 500 << 10},
}

// negatives are pieces of such texts. Lines that two words of known names in a
// row stand on are left out: they may name somebody.
func negatives(l lists, dir string) ([]example, error) {
	goroot, err := goSources()
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, list := range []string{"first", "female", "male", "last", "human"} {
		for _, values := range l[list] {
			for _, v := range values {
				names[v] = true
			}
		}
	}
	var all []example
	for _, p := range quietPlaces {
		left := p.most
		root := filepath.Join(dir, p.root)
		if p.root == "" {
			root = goroot
		}
		for _, name := range filesOf(root, p.ends) {
			if left <= 0 {
				break
			}
			if !strings.Contains(name, p.only) {
				continue
			}
			data, err := os.ReadFile(name)
			if err != nil || strings.ContainsRune(string(data[:min(len(data), 512)]), 0) {
				continue
			}
			text := string(data[:min(len(data), 6<<10)])
			left -= len(text)
			if e := quiet(text, names); e.text != "" {
				all = append(all, e)
			}
		}
	}
	return all, nil
}

// goSources is the folder of Go's own sources.
func goSources() (string, error) {
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return "", fmt.Errorf("go env GOROOT: %w", err)
	}
	return filepath.Join(strings.TrimSpace(string(out)), "src"), nil
}

// filesOf lists files in an order of their own, always the same.
func filesOf(root string, ends []string) []string {
	hashes := map[string]uint32{}
	var files []string
	filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error { //nolint:errcheck // What cannot be read is not there.
		if err == nil && d.Type().IsRegular() && slices.Contains(ends, filepath.Ext(path)) && !strings.Contains(path, "lists.json") {
			h := fnv.New32a()
			h.Write([]byte(strings.TrimPrefix(path, root)))
			hashes[path] = h.Sum32()
			files = append(files, path)
		}
		return nil
	})
	slices.SortFunc(files, func(a, b string) int { return int(int64(hashes[a]) - int64(hashes[b])) })
	return files
}

// quiet returns the lines of a text that name nobody.
func quiet(text string, names map[string]bool) example {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !namesSomebody(line, names) {
			b.WriteString(line)
		}
	}
	return example{text: b.String(), weight: 1}
}

func namesSomebody(line string, names map[string]bool) bool {
	if strings.Contains(line, "Copyright") || strings.Contains(line, "©") || strings.Contains(line, "@") {
		return true
	}
	row := 0
	for _, w := range strings.FieldsFunc(line, func(r rune) bool { return !unicode.IsLetter(r) && r != '.' }) {
		if names[strings.Trim(w, ".")] || len(w) == 2 && w[1] == '.' {
			if row++; row == 2 {
				return true
			}
			continue
		}
		row = 0
	}
	return false
}

func lowered(s string) string { return strings.ToLower(s) }
