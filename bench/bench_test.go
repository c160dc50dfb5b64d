package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
)

// TestMain lets the test binary be the servers, as the program itself is.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "serve" {
		exit(serve(os.Args[2], os.Args[3:]))
	}
	os.Exit(m.Run())
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
			p, err := startAll(w, []target{tt})
			if err != nil {
				t.Fatalf("starting %s: %v", name, err)
			}
			return p[0]
		}
	}
	t.Fatalf("no target %s", name)
	return nil
}

// Every proxy that does nothing passes the check and every kind of load.
func TestTargetsEcho(t *testing.T) {
	w := open(t)
	for _, name := range []string{"direct", "bare", "reverseproxy"} {
		p := start(t, w, name)
		for _, r := range runs {
			t.Run(name+"/"+r.name, func(t *testing.T) {
				if err := check(w, p, bodyOf(r), r.mode, 3); err != nil {
					t.Fatalf("check: %v", err)
				}
				r.conns = 4
				s, err := measure(t.Context(), w, p, r, settings{window: 50 * time.Millisecond, noise: 1})
				if err != nil {
					t.Fatalf("measure: %v", err)
				}
				if len(s.Values) == 0 {
					t.Error("no figures")
				}
			})
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
	if machine, err := machineCPU(); err != nil || machine < before {
		t.Errorf("the machine used %v, this process alone %v: %v", machine, before, err)
	}
}
