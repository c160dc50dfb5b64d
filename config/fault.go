package config

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing that is wrong with a configuration.
type Fault struct {
	File   string // as it was named, empty where there is none
	Line   int    // from 1, or 0 where the fault has no place in the file
	Column int    // from 1
	Path   string // of the key, such as proxy.upstreams.openai.url
	Msg    string // never holds what a ${...} stood for
}

// Error writes the fault as compilers do: file:line:column: path: message.
func (f Fault) Error() string {
	var b strings.Builder
	if f.Line > 0 {
		if f.File != "" {
			b.WriteString(f.File + ":")
		}
		fmt.Fprintf(&b, "%d:%d: ", f.Line, f.Column)
	}
	if f.Path != "" {
		b.WriteString(f.Path + ": ")
	}
	return b.String() + f.Msg
}

// Faults is all that is wrong with a configuration, in the order of the file.
type Faults []Fault

// Error writes one fault a line.
func (fs Faults) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.Error()
	}
	return strings.Join(lines, "\n")
}

// inFile names the file in every fault of err.
func inFile(name string, err error) error {
	if fs, ok := errors.AsType[Faults](err); ok {
		for i := range fs {
			fs[i].File = name
		}
	}
	return err
}

// under puts the name of a section before each error that the section's Validate
// joined, unless it names it already.
func under(section string, err error) error {
	errs := flatten(err)
	for i, e := range errs {
		if !strings.HasPrefix(e.Error(), section+".") {
			errs[i] = fmt.Errorf("%s.%w", section, e)
		}
	}
	return errors.Join(errs...)
}

// flatten takes joined errors apart.
func flatten(err error) []error {
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var out []error
	for _, e := range joined.Unwrap() {
		out = append(out, flatten(e)...)
	}
	return out
}

// validated takes over what Validate found, with the place of the key in the
// file. A key that could not be read is not reported a second time.
func (d *decoder) validated(err error) {
	hide := strings.NewReplacer(d.hidden...)
	var found []Fault
	for _, e := range flatten(err) {
		path, msg, ok := strings.Cut(e.Error(), ": ")
		if !ok || strings.ContainsAny(path, " \n") {
			path, msg = "", e.Error()
		}
		f := Fault{Path: path, Msg: hide.Replace(msg)}
		if d.faulty(path) {
			continue
		}
		if p, ok := d.nearestPlace(path); ok {
			f.Line, f.Column = p.line, p.column
		}
		found = append(found, f)
	}
	d.faults = append(d.faults, found...)
}

// faulty says whether the key at path, or one above or below it, has a fault.
func (d *decoder) faulty(path string) bool {
	return path != "" && slices.ContainsFunc(d.faults, func(f Fault) bool {
		return f.Path != "" && (isUnder(f.Path, path) || isUnder(path, f.Path))
	})
}

func isUnder(path, parent string) bool {
	rest, ok := strings.CutPrefix(path, parent)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// nearestPlace is where the file speaks of path, or else of what holds it.
func (d *decoder) nearestPlace(path string) (place, bool) {
	for path != "" {
		if p, ok := d.places[path]; ok {
			return p, true
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
	return place{}, false
}

// sorted is all faults, those with a place first.
func (d *decoder) sorted() Faults {
	slices.SortStableFunc(d.faults, func(a, b Fault) int {
		return cmp.Or(
			cmp.Compare(btoi(a.Line == 0), btoi(b.Line == 0)),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column),
		)
	})
	return d.faults
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
