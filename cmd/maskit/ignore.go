package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// ignores are the lines of .gitignore files, as gitignore(5) says; the last one
// that matches decides.
type ignores []ignore

type ignore struct {
	base    string // slash-separated folder of the file, with a "/" at its end
	pattern *regexp.Regexp
	dirOnly bool
	not     bool // "!": not ignored after all
}

// with returns the ignores and those of the .gitignore in dir, an absolute path,
// if there is one.
func (all ignores) with(dir string) ignores {
	data, err := os.ReadFile(filepath.Join(dir, ".gitignore"))
	if err != nil {
		return all
	}
	base := strings.TrimSuffix(filepath.ToSlash(dir), "/") + "/"
	own := slices.Clip(all)
	for line := range bytes.Lines(data) {
		if i, ok := parseIgnore(base, strings.TrimRight(string(line), "\r\n")); ok {
			own = append(own, i)
		}
	}
	return own
}

// above returns the ignores of the folders above dir, an absolute path, up to
// the one that holds the repository.
func above(dir string) ignores {
	var folders []string
	for at := dir; ; at = filepath.Dir(at) {
		if at != dir {
			folders = append(folders, at)
		}
		if _, err := os.Stat(filepath.Join(at, ".git")); err == nil {
			break
		}
		if at == filepath.Dir(at) {
			return nil // dir is in no repository
		}
	}
	var all ignores
	for _, folder := range slices.Backward(folders) {
		all = all.with(folder)
	}
	return all
}

// match reports whether an absolute path is ignored.
func (all ignores) match(name string, isDir bool) bool {
	name = filepath.ToSlash(name)
	for _, x := range slices.Backward(all) {
		below, ok := strings.CutPrefix(name, x.base)
		if ok && (isDir || !x.dirOnly) && x.pattern.MatchString(below) {
			return !x.not
		}
	}
	return false
}

// parseIgnore reads one line. It returns false for those that say nothing.
func parseIgnore(base, line string) (ignore, bool) {
	for strings.HasSuffix(line, " ") && !strings.HasSuffix(line, `\ `) {
		line = line[:len(line)-1]
	}
	if line == "" || line[0] == '#' {
		return ignore{}, false
	}
	i := ignore{base: base}
	line, i.not = strings.CutPrefix(line, "!")
	line, i.dirOnly = strings.CutSuffix(line, "/")
	if line == "" {
		return ignore{}, false
	}
	expr := "^"
	if !strings.Contains(line, "/") {
		expr += "(?:.*/)?" // a name alone is ignored at any depth
	}
	pattern, err := regexp.Compile(expr + globExpr(strings.TrimPrefix(line, "/")) + "$")
	if err != nil { // such as a range from z to a, which git does not match either
		return ignore{}, false
	}
	i.pattern = pattern
	return i, true
}

// globExpr writes a pattern of gitignore(5) as a regular expression.
func globExpr(glob string) string {
	var b strings.Builder
	for glob != "" {
		switch {
		case strings.HasPrefix(glob, "**/"):
			b.WriteString("(?:.*/)?")
			glob = glob[3:]
			continue
		case glob == "**":
			b.WriteString(".*")
			return b.String()
		case glob[0] == '*':
			b.WriteString("[^/]*")
		case glob[0] == '?':
			b.WriteString("[^/]")
		case glob[0] == '[' && strings.Contains(glob[1:], "]"):
			end := strings.IndexByte(glob[2:], ']') + 2 // a "]" that comes first is one of the set
			set := glob[1:end]
			if rest, ok := strings.CutPrefix(set, "!"); ok {
				set = "^" + rest
			}
			b.WriteString("[" + strings.ReplaceAll(set, `\`, `\\`) + "]")
			glob = glob[end:]
		case glob[0] == '\\' && len(glob) > 1:
			glob = glob[1:]
			b.WriteString(regexp.QuoteMeta(glob[:1]))
		default:
			b.WriteString(regexp.QuoteMeta(glob[:1]))
		}
		glob = glob[1:]
	}
	return b.String()
}
