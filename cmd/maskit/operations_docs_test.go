package main

import (
	"bytes"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The commands of docs/OPERATIONS.md are run in their order in one shell, on
// ports that are free and with a model of this machine, and print what stands
// there; "…" is any text. With MASKIT_NODE_MODULES the SDK's example is run too.
func TestWalkThrough(t *testing.T) {
	for _, program := range []string{"bash", "curl", "jq", "openssl", "redis-server", "redis-cli"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(program + " is not installed")
		}
	}
	text, err := os.ReadFile("../../docs/OPERATIONS.md")
	if err != nil {
		t.Fatal(err)
	}
	model := httptest.NewServer(&echo{piece: 5, repeats: true})
	defer model.Close()
	clients, operators := "127.0.0.1:"+free(t), "127.0.0.1:"+free(t)
	doc := strings.NewReplacer(
		"https://api.openai.com", model.URL, "127.0.0.1:8080", clients, "127.0.0.1:8081", operators, "6379", free(t),
		"maskit serve", "maskit serve --listen "+clients+" --admin "+operators,
	).Replace(string(text))
	steps := regexp.MustCompile("```(sh|js)\n([^`]*)```\n(?:\n```\n([^`]*)```)?").FindAllStringSubmatch(doc, -1)
	if len(steps) < 11 {
		t.Fatalf("there are %d steps", len(steps))
	}
	dir := t.TempDir()
	self, err := os.Executable() // which is maskit, if it is called so: see TestMain
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, dir+"/maskit"); err != nil {
		t.Fatal(err)
	}
	modules := os.Getenv("MASKIT_NODE_MODULES")
	if modules != "" {
		if err := os.Symlink(modules, dir+"/node_modules"); err != nil {
			t.Fatal(err)
		}
	}
	const mark = "\x01"
	var script strings.Builder
	want := []string{}
	for _, s := range steps {
		command, prints := s[2], s[3]
		if s[1] == "js" {
			if modules == "" {
				continue
			}
			if err := os.WriteFile(dir+"/chat.mjs", []byte(command), 0o600); err != nil {
				t.Fatal(err)
			}
			command, prints = "node chat.mjs\n", "…jane.roe@acme-travel.com…"
		}
		script.WriteString(command + "printf '" + mark + "'\n")
		want = append(want, prints)
	}
	cmd := exec.CommandContext(t.Context(), "bash", "-c", script.String())
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "OPENAI_API_KEY=sk-none", "PATH="+dir+":"+os.Getenv("PATH"))
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &out, &errs, time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // The servers that it starts end with it.
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
	err = cmd.Wait()
	got := strings.Split(strings.TrimSuffix(out.String(), mark), mark)
	for i := range want {
		pattern := regexp.MustCompile("(?s)^" + strings.ReplaceAll(regexp.QuoteMeta(strings.TrimSpace(want[i])), "…", ".*") + "$")
		if i >= len(got) || !pattern.MatchString(strings.TrimSpace(got[i])) {
			t.Fatalf("step %d: want\n%s\ngot\n%q\n%v\n%s", i+1, want[i], got, err, errs.String())
		}
	}
}

// free is a port that nobody listens on.
func free(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	_, port, err := net.SplitHostPort(ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
