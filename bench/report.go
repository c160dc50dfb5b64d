package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// environment is what a figure must not be read without.
type environment struct {
	Date     string            `json:"date"`
	Commit   string            `json:"commit"`
	CPU      string            `json:"cpu"`
	Cores    int               `json:"cores"`
	Kernel   string            `json:"kernel"`
	Versions map[string]string `json:"versions"`
	Missing  []string          `json:"missing,omitempty"`
	Rounds   int               `json:"rounds"`
	Window   string            `json:"window"`
	Seed     uint64            `json:"seed"`
}

// summary is the median of a target's rounds in a run. Ratios are medians of
// the ratios within rounds, so what disturbs a whole round cancels out.
type summary struct {
	result
	Median values `json:"median,omitempty"`
	Ratios values `json:"ratio_to_bare,omitempty"`
}

// report writes the results and fails if a target failed.
func report(s settings, chosen []run, started []*running, missing []string, results [][]*result, w *workshop) error {
	env := environment{
		Date: time.Now().UTC().Format(time.RFC3339), Commit: commit(),
		CPU: cpuModel(), Cores: cores(), Kernel: kernel(), Versions: versions(w), Missing: missing,
		Rounds: s.rounds, Window: s.window.String(), Seed: s.seed,
	}
	var md bytes.Buffer
	env.markdown(&md)
	var all []summary
	var faults []string
	for i, r := range chosen {
		rows := summarise(results[i])
		table(&md, r, started, rows)
		all = append(all, rows...)
		for _, row := range rows {
			if row.Fault != "" {
				faults = append(faults, fmt.Sprintf("%s, %s: %s", row.Run, row.Target, row.Fault))
			}
		}
	}
	fmt.Print(md.String())
	if s.out != "" {
		if err := save(s.out, env, all, md.Bytes()); err != nil {
			return err
		}
	}
	if len(faults) > 0 {
		return fmt.Errorf("without figures:\n  %s", strings.Join(faults, "\n  "))
	}
	return nil
}

// save writes DATE-COMMIT.json and .md.
func save(folder string, env environment, all []summary, md []byte) error {
	doc, err := json.MarshalIndent(map[string]any{"environment": env, "results": all}, "", " ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	name := filepath.Join(folder, env.Date[:len(time.DateOnly)]+"-"+env.Commit)
	if err := os.WriteFile(name+".json", append(doc, '\n'), 0o644); err != nil {
		return err
	}
	fmt.Printf("written to %s.json and .md\n", name)
	return os.WriteFile(name+".md", md, 0o644)
}

// summarise makes the medians of one run.
func summarise(results []*result) []summary {
	of := map[string]*result{}
	for _, r := range results {
		of[r.Target] = r
	}
	addAdded(results, of["direct"])
	var rows []summary
	for _, r := range results {
		row := summary{result: *r, Median: values{}, Ratios: values{}}
		for _, m := range metrics {
			if figures, ratios := series(r, of[base], m.name); len(figures) > 0 && r.Fault == "" {
				row.Median[m.name] = median(figures)
				if m.ratio && len(ratios) > 0 {
					row.Ratios[m.name] = median(ratios)
				}
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// addAdded adds to each sample what the target adds to the direct way.
func addAdded(results []*result, direct *result) {
	if direct == nil {
		return
	}
	for _, r := range results {
		for i := range min(len(r.Rounds), len(direct.Rounds)) {
			for _, m := range metrics {
				v, ok := r.Rounds[i].Values[m.added]
				if ok && r != direct {
					r.Rounds[i].Values[m.name] = v - direct.Rounds[i].Values[m.added]
				}
			}
		}
	}
}

// series returns a metric's figures by round and, where there are any, their
// ratios to those of the same rounds of another.
func series(r, to *result, name string) (figures, ratios []float64) {
	for i, s := range r.Rounds {
		v, ok := s.Values[name]
		if !ok {
			continue
		}
		figures = append(figures, v)
		if to != nil && i < len(to.Rounds) && to.Rounds[i].Values[name] > 0 {
			ratios = append(ratios, v/to.Rounds[i].Values[name])
		}
	}
	return figures, ratios
}

// table writes one run.
func table(out io.Writer, r run, started []*running, rows []summary) {
	fmt.Fprintf(out, "\n### %s: %s\n\n", r.title, bodyOf(r).title)
	var columns []metric
	for _, m := range metrics {
		for _, row := range rows {
			if _, ok := row.Median[m.name]; ok {
				columns = append(columns, m)
				break
			}
		}
	}
	fmt.Fprint(out, "| target |")
	for _, c := range columns {
		fmt.Fprintf(out, " %s |", c.title)
		if c.ratio {
			fmt.Fprint(out, " to bare |")
		}
	}
	fmt.Fprint(out, " noisy |\n|---|")
	for _, c := range columns {
		fmt.Fprint(out, "---:|")
		if c.ratio {
			fmt.Fprint(out, "---:|")
		}
	}
	fmt.Fprint(out, "---:|\n")
	for i, row := range rows {
		fmt.Fprintf(out, "| %s |", started[i].title)
		for _, c := range columns {
			fmt.Fprintf(out, " %s |", cell(row.Median, c.name, c.digits, ""))
			if c.ratio {
				fmt.Fprintf(out, " %s |", cell(row.Ratios, c.name, 2, "x"))
			}
		}
		fmt.Fprintf(out, " %s |\n", noise(row))
	}
}

func cell(vs values, name string, digits int, unit string) string {
	v, ok := vs[name]
	if !ok {
		return "-"
	}
	return fmt.Sprintf("%.*f%s", digits, v, unit)
}

func noise(row summary) string {
	if row.Fault != "" {
		return "failed"
	}
	noisy := 0
	for _, s := range row.Rounds {
		if s.Noisy {
			noisy++
		}
	}
	return fmt.Sprintf("%d/%d", noisy, len(row.Rounds))
}

func (e environment) markdown(out io.Writer) {
	fmt.Fprintf(out, "## %s, commit %s\n\n%s, %d cores, Linux %s; %d rounds of %s, medians; seed %d.\n\n",
		e.Date[:len(time.DateOnly)], e.Commit, e.CPU, e.Cores, e.Kernel, e.Rounds, e.Window, e.Seed)
	for _, name := range []string{"go", "maskit", "fasthttp", "nginx", "redis"} {
		if v := e.Versions[name]; v != "" {
			fmt.Fprintf(out, "- %s: %s\n", name, v)
		}
	}
	if len(e.Missing) > 0 {
		fmt.Fprintf(out, "- not installed, left out: %s\n", strings.Join(e.Missing, ", "))
	}
	fmt.Fprint(out, "\nEvery target, the upstream and the load may use all cores. \"to bare\" is the ratio to the bare "+
		"fasthttp proxy within the same round. \"noisy\" counts the rounds in which others used too much CPU.\n")
}

// said runs a program and returns the first line that it says.
func said(args ...string) string {
	out, err := exec.Command(args[0], args[1:]...).CombinedOutput()
	if err != nil {
		return ""
	}
	line, _, _ := strings.Cut(string(out), "\n")
	return strings.TrimSpace(line)
}

// commit names the checkout's commit, with a mark if it was changed since.
func commit() string {
	hash := said("git", "rev-parse", "--short", "HEAD")
	if hash == "" {
		return "unknown"
	}
	if said("git", "status", "--porcelain", "--untracked-files=no") != "" {
		hash += "-changed"
	}
	return hash
}

func versions(w *workshop) map[string]string {
	v := map[string]string{
		"go":       runtime.Version(),
		"fasthttp": moduleVersion("github.com/valyala/fasthttp"),
		"nginx":    said("nginx", "-v"),
		"redis":    said("redis-server", "--version"),
	}
	if w.maskit != "" {
		v["maskit"] = said(w.maskit, "version")
	}
	return v
}

func cpuModel() string {
	b, _ := os.ReadFile("/proc/cpuinfo")
	_, after, _ := strings.Cut(string(b), "model name\t: ")
	line, _, _ := strings.Cut(after, "\n")
	if line == "" {
		return runtime.GOARCH
	}
	return line
}

func kernel() string {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return "unknown"
	}
	return unix.ByteSliceToString(u.Release[:])
}

// moduleVersion returns the version of a module that this program is built with.
func moduleVersion(path string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, m := range info.Deps {
		if m.Path == path {
			return m.Version
		}
	}
	return ""
}
