package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// environment is what a figure must not be read without.
type environment struct {
	Date        string            `json:"date"`
	Commit      string            `json:"commit"`
	CPU         string            `json:"cpu"`
	Cores       int               `json:"cores"`
	Kernel      string            `json:"kernel"`
	Versions    map[string]string `json:"versions"`
	Missing     []string          `json:"missing,omitempty"`
	Rounds      int               `json:"rounds"`
	Interrupted string            `json:"interrupted,omitempty"` // why it is not whole
	Window      string            `json:"window"`
	Seed        uint64            `json:"seed"`
}

func environmentOf(b *session) environment {
	return environment{
		Date: b.start.UTC().Format(time.RFC3339), Commit: commit(),
		CPU: cpuModel(), Cores: cores(), Kernel: kernel(), Versions: versions(b.w), Missing: b.missing,
		Window: b.window.String(), Seed: b.seed,
	}
}

func (e environment) line() string {
	return fmt.Sprintf("%s, %d cores, Linux %s; %d rounds of %s, medians; seed %d.", e.CPU, e.Cores, e.Kernel, e.Rounds, e.Window, e.Seed)
}

func (e environment) markdown(out io.Writer) {
	fmt.Fprintf(out, "## %s, commit %s\n\n%s\n\n", e.Date[:len(time.DateOnly)], e.Commit, e.line())
	if e.Interrupted != "" {
		fmt.Fprintf(out, "**Not whole: %s.**\n\n", e.Interrupted)
	}
	for _, name := range []string{"go", "maskit", "fasthttp", "nginx", "redis"} {
		if v := e.Versions[name]; v != "" {
			fmt.Fprintf(out, "- %s: %s\n", name, v)
		}
	}
	if len(e.Missing) > 0 {
		fmt.Fprintf(out, "- not installed, left out: %s\n", strings.Join(e.Missing, ", "))
	}
	fmt.Fprint(out, "\nEvery target, the upstream and the load may use all cores. \"to bare\" is the ratio to the bare "+
		"fasthttp proxy within the same round. \"noisy\" counts the rounds in which others used too much CPU. "+
		"maskit has all default rules; the audit trail is on and the model of names off unless the row says otherwise.\n")
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
