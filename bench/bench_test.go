package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
)

// TestMain lets the test binary be the servers, as the program itself is.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "serve" {
		log.Fatal(serve(os.Args[2], os.Args[3:]))
	}
	m.Run()
}

func open(t *testing.T) *workshop {
	t.Helper()
	w, err := openWorkshop(t.Context(), "", false)
	if err != nil {
		t.Fatalf("opening a workshop: %v", err)
	}
	t.Cleanup(w.close)
	return w
}

func start(t *testing.T, w *workshop, name string) *running {
	t.Helper()
	for _, tt := range targets {
		if tt.name == name {
			p := startTarget(w, tt, w.echo.addr)
			if p.fault != "" {
				t.Fatalf("starting %s: %s", name, p.fault)
			}
			return p
		}
	}
	t.Fatalf("no target %s", name)
	return nil
}

// Every proxy that does nothing passes the check and every kind of work.
func TestTargetsEcho(t *testing.T) {
	w := open(t)
	for _, name := range []string{"direct", base, "reverseproxy"} {
		p := start(t, w, name)
		for _, r := range runs {
			if name == "direct" && !slices.Contains(r.on, name) || r.name == "gone" || r.name == "memory" {
				continue // Where there is no target, or which start their own.
			}
			t.Run(name+"/"+r.name, func(t *testing.T) {
				if err := check(w, p, bodyOf(r), r.mode, 3); err != nil {
					t.Fatalf("check: %v", err)
				}
				r.conns = min(r.conns, 4)
				s, err := measure(t.Context(), w, p, r, settings{window: 50 * time.Millisecond, noise: 1, quick: true})
				if err != nil {
					t.Fatalf("measure: %v", err)
				}
				if len(s.Values) == 0 || s.Values["errors"] != 0 {
					t.Errorf("figures: %v, %s", s.Values, s.Note)
				}
			})
		}
	}
}

// A proxy on net/http notices that its client has left, and one on fasthttp
// does not while the upstream is silent: the bench must tell them apart.
func TestGoneTellsProxiesApart(t *testing.T) {
	w := open(t)
	for _, tt := range []struct {
		name    string
		notices bool
	}{{"reverseproxy", true}, {base, false}} {
		out, err := sampleGone(t.Context(), job{w: w, target: start(t, w, tt.name), body: bodies[0]})
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		for _, metric := range []string{"gone_head", "gone_stream"} {
			if got := out.values[metric] <= noticed; got != tt.notices {
				t.Errorf("%s: %s is %v ms", tt.name, metric, out.values[metric])
			}
		}
	}
}

// A target that claims to mask and does not must get no figures.
func TestCheckFindsWhatIsNotMasked(t *testing.T) {
	w := open(t)
	p := start(t, w, "bare")
	p.masks = true
	err := check(w, p, bodyOf(runs[0]), whole, 3)
	if err == nil || !strings.Contains(err.Error(), "saw a value of kind") {
		t.Errorf("check says %v", err)
	}
}

// A target that changes an answer must get no figures either.
func TestLoadComparesAnswers(t *testing.T) {
	addr, err := freeAddr()
	if err != nil {
		t.Fatal(err)
	}
	srv := &fasthttp.Server{Handler: func(ctx *fasthttp.RequestCtx) { ctx.SetBodyString(wholeHead + "no" + wholeTail) }}
	done := make(chan error, 1)
	go func() { done <- srv.ListenAndServe(addr) }()
	spec := loadSpec{addr: addr, body: bodies[0], conns: 2, window: 20 * time.Millisecond}
	for { // until it listens
		if _, err = load(t.Context(), spec); !errors.Is(err, syscall.ECONNREFUSED) {
			break
		}
	}
	if err == nil || !strings.Contains(err.Error(), "does not hold") {
		t.Errorf("load says %v", err)
	}
	if err := errors.Join(srv.Shutdown(), <-done); err != nil {
		t.Error(err)
	}
}

// On a schedule a slow target does not get fewer requests: those that wait
// are late.
func TestScheduleIsKept(t *testing.T) {
	w := open(t)
	spec := loadSpec{addr: w.echo.addr, body: bodies[0], conns: 1, window: 200 * time.Millisecond, rate: 500}
	res, err := load(context.Background(), spec)
	if err != nil {
		t.Fatal(err)
	}
	if res.requests < 100 || res.requests > 101 || len(res.latencies) != res.requests {
		t.Errorf("%d requests with %d latencies of 100", res.requests, len(res.latencies))
	}
}

func TestMessages(t *testing.T) {
	for _, b := range bodies {
		msg := newMessage(b, whole, "h", rand.New(rand.NewPCG(1, 2)))
		if size := len(msg.words()); size < b.size || size > b.size+200 {
			t.Errorf("%s: %d bytes of content, not about %d", b.name, size, b.size)
		}
		if got := string(lastContent(msg.body())); got != string(msg.words()) {
			t.Errorf("%s: the upstream would say %d bytes of %d", b.name, len(got), len(msg.words()))
		}
		before := string(msg.bytes)
		msg.next()
		after := string(msg.bytes)
		if after == before || len(after) != len(before) {
			t.Errorf("%s: the next message is the same, or has another length", b.name)
		}
		for _, v := range msg.values() {
			if strings.Contains(before, v.Text) || !strings.Contains(after, v.Text) {
				t.Errorf("%s: the value of kind %s is not new", b.name, v.Kind)
			}
		}
	}
	if n := len(newMessage(bodies[0], whole, "h", rand.New(rand.NewPCG(1, 2))).values()); n != 11 {
		t.Errorf("the dense body has %d values, not 11", n)
	}
}

func TestAnswerBody(t *testing.T) {
	head := "HTTP/1.1 200 OK\r\nX: y\r\n"
	for _, tt := range []struct {
		in   string
		text string
		done bool
		err  bool
	}{
		{in: head},
		{in: head + "Content-Length: 3\r\n\r\nab", text: "ab"},
		{in: head + "Content-Length: 3\r\n\r\nabc", text: "abc", done: true},
		{in: head + "Content-Length: 3\r\nA: b\r\n\r\nabc", text: "abc", done: true},
		{in: head + "Content-Length: 3\r\n\r\nabcd", err: true},
		{in: head + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", text: "3\r\nabc\r\n"},
		{in: head + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", text: "3\r\nabc\r\n0\r\n\r\n", done: true},
		{in: "HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n", err: true},
	} {
		text, done, err := answerBody([]byte(tt.in))
		if string(text) != tt.text || done != tt.done || (err != nil) != tt.err {
			t.Errorf("%q: %q, %t, %v", tt.in, text, done, err)
		}
	}
}

func TestSummary(t *testing.T) {
	rounds := func(p50 ...float64) (s []sample) {
		for _, v := range p50 {
			s = append(s, sample{Values: values{"p50": v}})
		}
		return s
	}
	rows := summarise([]*result{
		{Target: "direct", Rounds: rounds(100, 110, 90)},
		{Target: base, Rounds: rounds(150, 150, 150)},
		{Target: "maskit-memory", Rounds: rounds(200, 190, 900)},
		{Target: "nginx", Fault: "check: it failed", Rounds: rounds(1)},
	})
	got := fmt.Sprint(rows[1].Median["added_p50"], rows[2].Median["p50"], rows[2].Median["added_p50"], rows[2].Ratios["added_p50"])
	if got != "50 200 100 2" {
		t.Errorf("added by bare, median, added, ratio: %s", got)
	}
	if len(rows[3].Median) != 0 {
		t.Error("a target that failed has figures")
	}
}

func TestQuantileAndMedian(t *testing.T) {
	ds := []time.Duration{5000, 1000, 3000, 2000, 4000}
	if a, b, c := quantile(ds, 0.5), quantile(ds, 0.99), quantile(nil, 0.5); a != 3 || b != 5 || c != 0 {
		t.Errorf("quantiles %v %v %v", a, b, c)
	}
	if a, b := median([]float64{4, 1, 3}), median([]float64{4, 1}); a != 3 || b != 2.5 {
		t.Errorf("medians %v %v", a, b)
	}
}

func TestDerivedFigures(t *testing.T) {
	talk := func(early, late float64) *result {
		return &result{Run: "talk", Rounds: []sample{{Values: values{"early": early, "late": late}, Curve: []point{{1, early}, {2, late}}}}}
	}
	bare, masking := talk(10, 30), talk(110, 180)
	bare.Target, masking.Target = base, product
	rows := summarise([]*result{bare, masking})
	if got := rows[1].Median["growth_net"]; got != 1.5 { // (180-30) / (110-10)
		t.Errorf("growth of what is added: %v", got)
	}
	if got := rows[0].Median["growth"]; got != 3 {
		t.Errorf("growth of bare: %v", got)
	}
	vs := verdicts(rows)
	if len(vs) != 1 || !vs[0].Met || vs[0].Measured != 1.5 {
		t.Errorf("verdicts: %+v", vs)
	}
	if svg := plots[1].draw(rows); !strings.Contains(string(svg), "<polyline") {
		t.Errorf("no curve in %d bytes of SVG", len(svg))
	}
}

// gated makes a session with three rounds of what gates look at.
func gated(t *testing.T, cost float64, noisy bool) *session {
	t.Helper()
	file := filepath.Join(t.TempDir(), "baseline.json")
	if err := os.WriteFile(file, []byte(`{"cpu_to_bare":2,"allocs_per_request":0}`), 0o600); err != nil {
		t.Fatal(err)
	}
	rounds := func(vs values) *result {
		r := &result{Target: product}
		for range 3 {
			r.Rounds = append(r.Rounds, sample{Values: vs, Noisy: noisy})
		}
		return r
	}
	bare := rounds(values{"cpu": 10})
	bare.Target = base
	return &session{settings: settings{baseline: file, noise: 0.25}, results: map[string][]*result{
		"saturation-dense": {bare, rounds(values{"cpu": cost})},
		"sizes":            {rounds(values{sizeMetric(100_000): 10, sizeMetric(1_000_000): 100})},
		"gone":             {rounds(values{"gone_head_max": 8, "gone_stream_max": 9})},
	}}
}

func TestGates(t *testing.T) {
	for _, tt := range []struct {
		name   string
		cost   float64
		noisy  bool
		faults int
	}{
		{"as it was", 21, false, 0},
		{"a quarter dearer", 26, false, 1},
		{"dearer on a machine that is busy otherwise", 26, true, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := gated(t, tt.cost, tt.noisy)
			if faults := b.judge(baseline{CPUToBare: 2, Allocs: 100}, baseline{CPUToBare: b.quiet("saturation-dense", "cpu", base), Allocs: 100}); len(faults) != tt.faults {
				t.Errorf("faults: %q", faults)
			}
		})
	}
	slow := gated(t, 20, false)
	slow.results["gone"][0].Rounds[0].Values["gone_head_max"] = 2000
	slow.results["sizes"][0].Rounds[0].Values[sizeMetric(1_000_000)] = 200
	faults := slow.judge(baseline{CPUToBare: 2, Allocs: 100}, baseline{CPUToBare: 2, Allocs: 130})
	if len(faults) != 3 { // the rounds share their values
		t.Errorf("faults: %q", faults)
	}
}

func TestFill(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		t.Helper()
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	result := write("d.json", `{"environment":{"commit":"abc"},"goals":[{"goal":"g","limit":"<= 2x","measured":1.5,"unit":"x","met":true}]}`)
	page := write("p.md", "# P\n"+fillBegin+"old\n"+fillEnd+"end\n")
	if err := fill(result, page); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if s := string(got); !strings.Contains(s, "| g | <= 2x | 1.5x | met |") || strings.Contains(s, "old") || !strings.HasSuffix(s, fillEnd+"end\n") {
		t.Errorf("the page: %s", s)
	}
	if err := fill(result, write("q.md", "no place")); err == nil {
		t.Error("a page without a place for figures is filled")
	}
}

// Names in the tables must be of something.
func TestTablesFit(t *testing.T) {
	for _, r := range runs {
		for _, name := range slices.Concat(r.on, r.quick) {
			if !slices.Contains(all(), name) {
				t.Errorf("run %s: no target %s", r.name, name)
			}
		}
	}
	isMetric := func(name string) bool {
		return slices.ContainsFunc(metrics, func(m metric) bool { return m.name == name })
	}
	for _, g := range goals {
		if !isMetric(g.metric) || !slices.Contains(all(), g.target) || g.to != "" && !slices.Contains(all(), g.to) {
			t.Errorf("goal %s: no such metric or target", g.title)
		}
		if g.run != engineRun && !slices.ContainsFunc(runs, func(r run) bool {
			return r.name == g.run && slices.Contains(r.on, g.target) && (g.to == "" || slices.Contains(r.on, g.to))
		}) {
			t.Errorf("goal %s: no such run, or not on its targets", g.title)
		}
	}
}

func TestBenchLine(t *testing.T) {
	got := benchLine("goos: linux\nBenchmarkMask \t 2000 \t 91357 ns/op \t 22.5 MB/s \t 9000 B/op \t 41 allocs/op\nPASS\n")
	if got["allocs/op"] != 41 || got["MB/s"] != 22.5 {
		t.Errorf("figures: %v", got)
	}
}

func TestCPUOfItself(t *testing.T) {
	before, err := cpuOf([]int{os.Getpid()})
	if err != nil {
		t.Fatal(err)
	}
	for now := before; now < before+2*tick; { // works until the clock shows it
		if now, err = cpuOf([]int{os.Getpid()}); err != nil {
			t.Fatal(err)
		}
	}
	if machine, err := machineCPU(); err != nil || machine < before-tick {
		t.Errorf("the machine used %v, this process alone %v: %v", machine, before, err)
	}
}
