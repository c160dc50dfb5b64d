package detect

import (
	"bytes"
	"fmt"
	"go/build"
	"hash/fnv"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"maskit/detect/ner"
)

// The benign corpus is what lies on every machine that builds this: the sources
// of Go and of the modules, the documents of Debian, and logs that are written
// here. Nothing in it is sensitive but for these, which do not count:
//   - e-mail addresses: in sources and documents they are those of authors;
//   - what files for tests hold (a path with "test" or "example" in it), whose
//     credentials are made up but have the form of real ones;
//   - addresses and numbers that the engine itself knows as documentation, which
//     it does not find;
//   - persons where authors stand, beside "Copyright", "Written by", "name" and
//     the like, or an address of mail, and first and last names that are on the
//     lists. How many is logged.
//
// All else counts as false, though some of it is not: name servers that everybody
// knows, and phone numbers that documents show.

// corpora are where the texts come from, with how much is read and how many
// findings 100 kB may have.
var corpora = []struct {
	name   string
	roots  func() []string
	read   int // bytes
	budget float64
	named  bool // thanks people by name, on every second line
}{
	{"code of modules", func() []string { return []string{filepath.Join(goPath(), "pkg", "mod")} }, 2 << 20, 1, false},
	{"code of Go", func() []string { return []string{filepath.Join(build.Default.GOROOT, "src"), "/usr/local/go/src"} }, 1 << 20, 1, false},
	{"code of Python", func() []string { return []string{"/usr/lib/python3"} }, 1 << 20, 1, false},
	{"code of JavaScript", func() []string {
		return []string{"/usr/lib/node_modules", "/usr/share/nodejs", "/usr/share/javascript"}
	}, 2 << 20, 1, false},
	{"headers of C and C++", func() []string { return []string{"/usr/include"} }, 2 << 20, 1, false},
	{"documents", func() []string { return []string{"/usr/share/doc", "/usr/share/common-licenses"} }, 2 << 20, 1, true},
}

func goPath() string {
	if dir := os.Getenv("GOMODCACHE"); dir != "" {
		return filepath.Dir(filepath.Dir(dir))
	}
	return filepath.SplitList(build.Default.GOPATH)[0]
}

// texts are the ends of the names of files that hold text.
var texts = []string{".go", ".ts", ".mjs", ".cjs", ".rs", ".java", ".css", ".sql", ".rb", ".php", ".xml", ".cc", ".hpp", ".md", ".txt", ".yaml", ".yml", ".json", ".toml", ".sh", ".c", ".h", ".s", ".proto", ".py", ".html", ".js", ".mod", ".sum", ""}

// sample reads files below root until it has limit bytes: always the same, and
// spread over the whole tree.
func sample(t *testing.T, root string, limit int, use func(text []byte)) {
	t.Helper()
	type file struct {
		path string
		hash uint32
	}
	var files []file
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		rel := strings.ToLower(strings.TrimPrefix(path, root))
		switch {
		case err != nil:
			return nil // a link to nowhere
		case d.IsDir() && strings.HasSuffix(rel, filepath.Join("cache", "download")):
			return filepath.SkipDir
		case !d.Type().IsRegular() || strings.Contains(rel, "test") || strings.Contains(rel, "example") || !slices.Contains(texts, filepath.Ext(rel)):
			return nil
		}
		h := fnv.New32a()
		h.Write([]byte(rel))
		files = append(files, file{path, h.Sum32()})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(files, func(a, b file) int { return int(int64(a.hash) - int64(b.hash)) })
	for _, f := range files {
		if limit <= 0 {
			return
		}
		text, err := os.ReadFile(f.path)
		if err != nil || bytes.IndexByte(text[:min(len(text), 512)], 0) >= 0 {
			continue
		}
		text = text[:min(len(text), 64<<10, limit)]
		limit -= len(text)
		use(text)
	}
}

// TestBenignCorpus holds how many false findings 100 kB have with the standard
// policy.
func TestBenignCorpus(t *testing.T) {
	engine := compile(t, DefaultConfig())
	for _, c := range corpora {
		t.Run(c.name, func(t *testing.T) {
			bytes, byRule := 0, map[string]int{}
			for _, root := range c.roots() {
				if _, err := os.Stat(root); err != nil || bytes >= c.read {
					continue
				}
				sample(t, root, c.read-bytes, func(text []byte) {
					bytes += len(text)
					countFindings(t, engine, text, byRule)
				})
				if c.named {
					t.Logf("names: %d", byRule[ModelRule])
					delete(byRule, ModelRule)
				}
			}
			judge(t, bytes, byRule, c.budget)
		})
	}
	t.Run("logs", func(t *testing.T) {
		text := logs(300 << 10)
		byRule := map[string]int{}
		countFindings(t, engine, text, byRule)
		judge(t, len(text), byRule, 1)
	})
}

// countFindings counts the findings of a text by rule.
func countFindings(t *testing.T, e *Engine, text []byte, byRule map[string]int) {
	t.Helper()
	for _, s := range find(t, e, string(text)) {
		switch {
		case s.Kind == EmailAddress || foundation(text[s.Start:s.End]):
		case s.Kind == Person && credited(e, text, s):
			byRule[credits]++
		default:
			byRule[s.Rule]++
		}
	}
}

// credits is under which credited names are counted.
const credits = "names of authors"

// credit is on lines that name who made something.
var credit = regexp.MustCompile(`(?i)copyright|©|\(c\)|author|maintain|contribut|written|created|original|"name"|@|\bby\b|thanks|reported`)

// credited reports whether a name stands on such a line, or is a full one.
func credited(e *Engine, text []byte, s Span) bool {
	from, to := bytes.LastIndexByte(text[:s.Start], '\n')+1, len(text)
	if n := bytes.IndexByte(text[s.End:], '\n'); n >= 0 {
		to = s.End + n
	}
	if credit.Match(text[from:to]) {
		return true
	}
	words := bytes.Fields(text[s.Start:s.End])
	return len(words) > 1 && e.isWord(words[0], ner.ListFirst) && e.isWord(words[len(words)-1], ner.ListLast|ner.ListHuman)
}

// foundation reports whether a finding is an address of the Free Software
// Foundation, or a part of one, which stands in many licences.
func foundation(found []byte) bool {
	for _, part := range []string{"51 Franklin St", "59 Temple Place", "MA 02110", "MA  02110", "Suite 330", "675 Mass Ave"} {
		if bytes.Contains(found, []byte(part)) {
			return true
		}
	}
	return false
}

// judge compares the findings in a number of bytes with the budget, and lists
// them by rule.
func judge(t *testing.T, bytes int, byRule map[string]int, budget float64) {
	t.Helper()
	if bytes < 10<<10 {
		t.Skip("nothing of it is here")
	}
	all := 0
	for rule, n := range byRule {
		if rule != credits {
			all += n
		}
	}
	rate := func(n int) float64 { return float64(n) * 10e3 / float64(bytes) }
	for rule, n := range byRule {
		t.Logf("%s: %d, %.3f per 10 kB", rule, n, rate(n))
	}
	t.Logf("%d findings in %d kB: %.2f per 100 kB", all, bytes>>10, 10*rate(all))
	if 10*rate(all) > budget {
		t.Errorf("%.2f findings per 100 kB, want %.1f at most", 10*rate(all), budget)
	}
}

// logs writes lines such as servers and clusters do.
func logs(size int) []byte {
	r := rand.New(rand.NewPCG(3, 4))
	hex := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = "0123456789abcdef"[r.IntN(16)]
		}
		return string(b)
	}
	uuid := func() string { return hex(8) + "-" + hex(4) + "-4" + hex(3) + "-a" + hex(3) + "-" + hex(12) }
	lines := []func() string{
		func() string {
			return fmt.Sprintf("10.%d.%d.%d - - [%02d/Mar/2026:12:%02d:%02d +0000] \"GET /v1/items/%d?page=%d HTTP/1.1\" %d %d \"-\" \"curl/8.5.0\" %0.3f", r.IntN(256), r.IntN(256), r.IntN(256), 1+r.IntN(28), r.IntN(60), r.IntN(60), r.IntN(1e9), r.IntN(50), 200+r.IntN(300), r.IntN(1e6), r.Float64())
		},
		func() string {
			return fmt.Sprintf(`{"time":"2026-03-%02dT12:%02d:%02d.%09dZ","level":"info","msg":"request done","request_id":"%s","trace_id":"%s","span_id":"%s","status":200,"bytes":%d,"duration_ms":%.3f}`, 1+r.IntN(28), r.IntN(60), r.IntN(60), r.IntN(1e9), uuid(), hex(32), hex(16), r.IntN(1e9), 1000*r.Float64())
		},
		func() string {
			return fmt.Sprintf("I0301 12:%02d:%02d.%06d %7d reconciler.go:%d] \"Reconciled\" pod=\"default/web-%s-%s\" uid=\"%s\" resourceVersion=\"%d\"", r.IntN(60), r.IntN(60), r.IntN(1e6), r.IntN(1e7), r.IntN(999), hex(10), hex(5), uuid(), r.IntN(1e9))
		},
		func() string {
			return fmt.Sprintf("Mar  1 12:%02d:%02d host kernel: [%d.%06d] BUG: unable to handle page fault at %s RIP: 0010:func+0x%s/0x%s", r.IntN(60), r.IntN(60), r.IntN(1e6), r.IntN(1e6), hex(16), hex(2), hex(3))
		},
		func() string {
			return fmt.Sprintf("pull registry.example.com/app:v%d.%d.%d@sha256:%s in %dms, epoch %d, pid=%d tid=0x%s commit %s", r.IntN(20), r.IntN(20), r.IntN(100), hex(64), r.IntN(1e5), 1700000000000+r.Int64N(1e11), r.IntN(99999), hex(12), hex(40))
		},
		func() string {
			return fmt.Sprintf("goroutine %d [running]: main.run(0xc%s, 0x%s) /build/src/app/main.go:%d +0x%s token_count=%d max_tokens=%d key=user:%d:cart", r.IntN(9999), hex(9), hex(2), r.IntN(999), hex(3), r.IntN(1e5), r.IntN(1e5), r.IntN(1e9))
		},
		func() string {
			return fmt.Sprintf("\\n\\tat com.app.Service.call(Service.java:%d)\\n\\tat 100%% of %d rows %d %d %d %d", r.IntN(999), r.IntN(1e6), r.IntN(10), r.IntN(10), r.IntN(10), r.IntN(10))
		},
	}
	var b bytes.Buffer
	for b.Len() < size {
		b.WriteString(lines[r.IntN(len(lines))]() + "\n")
	}
	return b.Bytes()
}
