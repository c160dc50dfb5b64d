package main

import (
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
)

// The folders of texts that name hardly anybody, and how many bytes of each are
// taken. They lie on every machine that has Go and Debian's documents; what
// differs from one to another is little, but makes another model.
var quietPlaces = []struct {
	root string
	ends []string
	most int
}{
	{"/usr/local/go/src", []string{".go", ".s"}, 300 << 10},
	{"/usr/local/go/doc", []string{".html", ".md"}, 100 << 10},
	{"/usr/share/doc", []string{"", ".txt", ".md"}, 250 << 10},
	{"/usr/share/perl", []string{".pod", ".pm"}, 150 << 10},
	{"/usr/lib/python3", []string{".py"}, 250 << 10},
}

// negatives are pieces of such texts. Lines that two words of known names in a
// row stand on are left out: they may name somebody.
func negatives(l lists) []example {
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
		for _, name := range filesOf(p.root, p.ends) {
			if left <= 0 {
				break
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
	return all
}

// filesOf lists files in an order of their own, always the same.
func filesOf(root string, ends []string) []string {
	hashes := map[string]uint32{}
	var files []string
	filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error { //nolint:errcheck // What cannot be read is not there.
		if err == nil && d.Type().IsRegular() && slices.Contains(ends, filepath.Ext(path)) && !strings.Contains(path, "test") && !strings.Contains(path, "copyright") {
			h := fnv.New32a()
			h.Write([]byte(path))
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
	return example{text: b.String(), weight: 0.5}
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
