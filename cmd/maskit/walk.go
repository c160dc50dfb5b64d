package main

import (
	"io/fs"
	"os"
	"path/filepath"
)

// input is a file to scan. An empty path is standard input.
type input struct {
	path string
	size int64 // as the file system has it; 0 if it does not say
}

// inputs lists the files that the arguments name: files as they are, and those
// in folders, in lexical order, but for those that .gitignore names unless all
// are wanted. Links are not followed.
func inputs(args []string, all bool) ([]input, error) {
	w := walker{all: all}
	for _, arg := range args {
		if arg == "-" {
			w.found = append(w.found, input{})
			continue
		}
		info, err := os.Stat(arg)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			w.found = append(w.found, input{arg, info.Size()})
			continue
		}
		abs, err := filepath.Abs(arg)
		if err != nil {
			return nil, err
		}
		if err := w.walk(filepath.Clean(arg), abs, above(abs)); err != nil {
			return nil, err
		}
	}
	return w.found, nil
}

// walker collects the files of folders.
type walker struct {
	all   bool // also what .gitignore names
	found []input
}

// walk collects the files of dir, whose absolute path is abs.
func (w *walker) walk(dir, abs string, ignored ignores) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	ignored = ignored.with(abs)
	for _, e := range entries {
		name, absName := filepath.Join(dir, e.Name()), filepath.Join(abs, e.Name())
		switch {
		case e.Name() == ".git" || !w.all && ignored.match(absName, e.IsDir()):
		case e.IsDir():
			if err := w.walk(name, absName, ignored); err != nil {
				return err
			}
		case e.Type() == fs.FileMode(0):
			in := input{path: name}
			if info, err := e.Info(); err == nil {
				in.size = info.Size()
			}
			w.found = append(w.found, in)
		}
	}
	return nil
}
