package main

import (
	"fmt"
	"io"
)

// goal is a row of what maskit aims at: a figure of a target in a run.
type goal struct {
	title       string
	run, target string
	metric      string
	to          string // the target of which it is a ratio, within rounds; none: the figure itself
	less        bool   // the limit is the least, not the most
	limit       float64
	unit        string
}

var goals = []goal{
	{title: "CPU a request, 2 KB, 11 values, against bare", run: "saturation-dense", target: product, metric: "cpu", to: base, limit: 2, unit: "x"},
	{title: "requests/s against nginx, same", run: "saturation-dense", target: product, metric: "rps", to: "nginx", less: true, limit: 0.45, unit: "x"},
	{title: "requests/s against `httputil.ReverseProxy`, same", run: "saturation-dense", target: product, metric: "rps", to: "reverseproxy", less: true, limit: 1.6, unit: "x"},
	{title: "requests/s, nothing to find, 10 KB, against bare", run: "saturation-nothing", target: product, metric: "rps", to: base, less: true, limit: 0.85, unit: "x"},
	{title: "requests/s, Redis vault, all values new, against bare", run: "saturation-dense", target: "maskit-redis", metric: "rps", to: base, less: true, limit: 0.4, unit: "x"},
	{title: "added p50 at 1,000 requests/s, against bare's", run: "pinned-dense", target: product, metric: "added_p50", to: base, limit: 1.8, unit: "x"},
	{title: "default rules over prose, one core", run: engineRun, target: product, metric: "engine", less: true, limit: 150, unit: " MB/s"},
	{title: "CPU with 100 dictionary terms more", run: "saturation-dense", target: "maskit-terms", metric: "cpu", to: product, limit: 1.05, unit: "x"},
	{title: "CPU with 10 rules more", run: "saturation-dense", target: "maskit-rules", metric: "cpu", to: product, limit: 1.05, unit: "x"},
	{title: "CPU added to bare, turns 196-200 against 2-6", run: "talk", target: product, metric: "growth_net", limit: 1.5, unit: "x"},
	{title: "1 MB against 100 KB, CPU", run: "sizes", target: product, metric: "decade", limit: 14, unit: "x"},
	{title: "added delay of an event, against bare's", run: "sse-paced", target: product, metric: "added_delay", to: base, limit: 2, unit: "x"},
	{title: "5,000 streams: errors", run: "held-5000", target: product, metric: "errors", limit: 0},
	{title: "5,000 streams: memory of each", run: "held-5000", target: product, metric: "held_kib", limit: 48, unit: " KiB"},
	{title: "client gone before the head, upstream left after", run: "gone", target: product, metric: "gone_head", limit: 50, unit: " ms"},
	{title: "client gone in a silent stream, upstream left after", run: "gone", target: product, metric: "gone_stream", limit: 50, unit: " ms"},
	{title: "memory at rest", run: "memory", target: product, metric: "rss_idle", limit: 25, unit: " MB"},
	{title: "memory after 10,000 requests, 110,000 new values", run: "memory", target: product, metric: "rss", limit: 60, unit: " MB"},
}

// verdict is a goal with what was measured.
type verdict struct {
	Goal     string  `json:"goal"`
	Limit    string  `json:"limit"`
	Measured float64 `json:"measured"`
	Unit     string  `json:"unit,omitempty"`
	Met      bool    `json:"met"`
}

// verdicts judges the goals for which there are figures.
func verdicts(rows []summary) (vs []verdict) {
	of := map[[2]string]*result{}
	for i := range rows {
		of[[2]string{rows[i].Run, rows[i].Target}] = &rows[i].result
	}
	for _, g := range goals {
		r := of[[2]string{g.run, g.target}]
		if r == nil || r.Fault != "" {
			continue
		}
		figures, ratios := series(r, of[[2]string{g.run, g.to}], g.metric)
		if g.to != "" {
			figures = ratios
		}
		if len(figures) == 0 {
			continue
		}
		v, sign := median(figures), "<="
		if g.less {
			sign = ">="
		}
		vs = append(vs, verdict{
			Goal: g.title, Limit: fmt.Sprintf("%s %v%s", sign, g.limit, g.unit), Measured: v, Unit: g.unit,
			Met: v <= g.limit && !g.less || v >= g.limit && g.less,
		})
	}
	return vs
}

// goalsTable writes the verdicts.
func goalsTable(out io.Writer, vs []verdict) {
	if len(vs) == 0 {
		return
	}
	fmt.Fprint(out, "\n| goal | | measured | |\n|---|---:|---:|---|\n")
	for _, v := range vs {
		met := "missed"
		if v.Met {
			met = "met"
		}
		fmt.Fprintf(out, "| %s | %s | %.3g%s | %s |\n", v.Goal, v.Limit, v.Measured, v.Unit, met)
	}
}
