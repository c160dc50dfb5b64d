package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"maskit/detect"
)

func standardEngine(t *testing.T) *detect.Engine {
	t.Helper()
	e, err := detect.Compile(detect.DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// streamed are the findings of a text in windows, revealed.
func streamed(t *testing.T, st *stream, text []byte) []finding {
	t.Helper()
	var all []finding
	err := st.scan(t.Context(), standardEngine(t), iotest.HalfReader(bytes.NewReader(text)), func(spans []detect.Span, p place) {
		for _, s := range spans {
			all = append(all, p.finding("text", s, true))
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Wherever the windows part a text, what is found, and in which line, is the
// same as in the text as a whole.
func TestStreamFindsWhatTheWholeHas(t *testing.T) {
	const window, overlap = 16 << 10, 4 << 10
	key := "-----BEGIN RSA PRIVATE KEY-----\n" + strings.Repeat("MIIEpAIBAAKCAQEA7bq1Zk3vXo9c2lHf8sYw5tGd4uPjR6nE\n", 20) + "-----END RSA PRIVATE KEY-----\n"
	for shift := 0; shift < 1500; shift += 97 {
		var b bytes.Buffer
		b.WriteString(strings.Repeat("x", shift) + "\n")
		for i := 0; b.Len() < 5*window; i++ {
			fmt.Fprintf(&b, "line é %d, the social security number is 536-22-8726 and\n\tjane.roe%d@acme-travel.com wrote; password = \"hV7#kq2%dLm\"\n", i, i, i)
			if i%20 == 0 {
				b.WriteString(key)
			}
		}
		whole := streamed(t, newStream(b.Len()+1, overlap), b.Bytes())
		parts := streamed(t, newStream(window, overlap), b.Bytes())
		if len(whole) < 500 {
			t.Fatalf("%d findings", len(whole))
		}
		if diff := cmp.Diff(whole, parts); diff != "" {
			t.Fatalf("shift %d (-whole +parts):\n%s", shift, diff)
		}
	}
}

// A file of many windows needs no more memory than one of a few.
func TestStreamMemory(t *testing.T) {
	const size = 16 << 20
	line := []byte("write to jane.roe@acme-travel.com, or do not\n")
	text := &repeating{line: line, left: size}
	st := newStream(1<<20, 64<<10)
	engine := standardEngine(t)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	peak, n := uint64(0), 0
	err := st.scan(t.Context(), engine, text, func(spans []detect.Span, _ place) {
		n += len(spans)
		runtime.ReadMemStats(&after)
		peak = max(peak, after.HeapInuse)
	})
	if want := size / len(line); err != nil || n != want {
		t.Fatalf("%d findings, want %d; error %v", n, want, err)
	}
	if grown := int64(peak) - int64(before.HeapInuse); grown > 12<<20 {
		t.Errorf("the heap grew by %d MB", grown>>20)
	}
}

// repeating reads as whole lines again and again.
type repeating struct {
	line []byte
	left int
	at   int
}

func (r *repeating) Read(p []byte) (int, error) {
	if r.left < len(r.line) && r.at == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.line[r.at:])
	if r.at = (r.at + n) % len(r.line); r.at == 0 {
		r.left -= len(r.line)
	}
	return n, nil
}

func TestHintShowsLittle(t *testing.T) {
	for value, want := range map[string]string{
		"":         "…",
		"abc":      "…",
		"abcd":     "a…",
		"abcdefgh": "ab…",
		"é😀é😀é😀é😀": "é😀…",
	} {
		if got := hint([]byte(value)); got != want {
			t.Errorf("of %d bytes: %s, want %s", len(value), got, want)
		}
	}
}

func TestVisibly(t *testing.T) {
	if got := visibly("a\x1b[2Jb\nc\"é"); got != `a\x1b[2Jb\nc\"é` {
		t.Errorf("got %s", got)
	}
}

func TestBar(t *testing.T) {
	const want = "  ███████████████░░░░░░░░░░░░░░░  50 %  100.0 MB of 200.0 MB, 50 MB/s "
	if got := bar(100e6, 200e6, 2*time.Second); got != want {
		t.Errorf("got %q", got)
	}
	if got := bar(300e6, 200e6, time.Second); !strings.Contains(got, "100 %") {
		t.Errorf("a file that grew: %q", got)
	}
}

func TestIgnores(t *testing.T) {
	dir := t.TempDir()
	for file, text := range map[string]string{
		".gitignore":   "# comment\n\n*.log\n!keep.log\n/top.txt\nbuild/\na/**/z\n[ab].c\nsub/only.md\n\\#odd\n**/deep.txt\nspace\\ \n?.x\n",
		"s/.gitignore": "!again.log\nown\n",
	} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(file)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	top := ignores(nil).with(dir)
	sub := top.with(filepath.Join(dir, "s"))
	for _, c := range []struct {
		name  string
		isDir bool
		want  bool
	}{
		{"x.log", false, true},
		{"s/t/x.log", false, true},
		{"keep.log", false, false},
		{"s/again.log", false, false},
		{"again.log", false, true},
		{"top.txt", false, true},
		{"s/top.txt", false, false},
		{"build", true, true},
		{"build", false, false},
		{"s/build", true, true},
		{"a/z", false, true},
		{"a/b/c/z", false, true},
		{"b.c", false, true},
		{"c.c", false, false},
		{"sub/only.md", false, true},
		{"s/sub/only.md", false, false},
		{"#odd", false, true},
		{"p/q/deep.txt", false, true},
		{"space ", false, true},
		{"a.x", false, true},
		{"aa.x", false, false},
		{"own", false, false},
		{"s/own", false, true},
		{"comment", false, false},
	} {
		if got := sub.match(filepath.Join(dir, c.name), c.isDir); got != c.want {
			t.Errorf("%s (folder: %t): ignored %t", c.name, c.isDir, got)
		}
	}
}
