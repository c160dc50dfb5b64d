package main

import (
	"bytes"
	"fmt"
	"html"
	"math"
	"strings"
)

// plot is a row of what is drawn: the curves of a run's targets.
type plot struct {
	run, title string
	x, y       string
	log        bool    // both axes
	unit       float64 // what one of x's labels stands for
}

var plots = []plot{
	{run: "sizes", title: "CPU of a request against the size of its body", x: "KB of text", y: "us", log: true, unit: 1000},
	{run: "talk", title: "CPU of a turn of a conversation that grows", x: "turn", y: "us", unit: 1},
}

// The picture, in pixels.
const (
	width, height            = 720, 400
	left, right, top, bottom = 70, 20, 40, 50
)

var colours = []string{"#d62728", "#1f77b4", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf"}

// draw makes an SVG of the rows of the plot's run; nil if there are no curves.
func (p plot) draw(rows []summary) []byte {
	var lines []summary
	for _, row := range rows {
		if row.Run == p.run && len(row.Curve) > 1 {
			lines = append(lines, row)
		}
	}
	if len(lines) == 0 {
		return nil
	}
	x, y := p.axes(lines)
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`+"\n", width, height)
	fmt.Fprintf(&out, `<rect width="%d" height="%d" fill="#fff"/>`+"\n", width, height)
	fmt.Fprintf(&out, `<text x="%d" y="22" font-size="15">%s</text>`+"\n", left, html.EscapeString(p.title))
	for _, v := range x.ticks() {
		fmt.Fprintf(&out, `<path d="M%.1f %dV%d" stroke="#ddd"/><text x="%.1f" y="%d" text-anchor="middle">%s</text>`+"\n",
			x.place(v), top, height-bottom, x.place(v), height-bottom+16, number(v/p.unit))
	}
	for _, v := range y.ticks() {
		fmt.Fprintf(&out, `<path d="M%d %.1fH%d" stroke="#ddd"/><text x="%d" y="%.1f" text-anchor="end">%s</text>`+"\n",
			left, y.place(v), width-right, left-6, y.place(v)+4, number(v))
	}
	fmt.Fprintf(&out, `<text x="%d" y="%d" text-anchor="middle">%s</text>`+"\n", (left+width-right)/2, height-12, html.EscapeString(p.x))
	fmt.Fprintf(&out, `<text x="16" y="%d" text-anchor="middle" transform="rotate(-90 16 %[1]d)">%s</text>`+"\n", (top+height-bottom)/2, html.EscapeString(p.y))
	for i, row := range lines {
		colour := colours[i%len(colours)]
		var path []string
		for _, pt := range row.Curve {
			path = append(path, fmt.Sprintf("%.1f,%.1f", x.place(pt.X), y.place(pt.Y)))
		}
		fmt.Fprintf(&out, `<polyline points="%s" fill="none" stroke="%s" stroke-width="1.5"/>`+"\n", strings.Join(path, " "), colour)
		fmt.Fprintf(&out, `<text x="%d" y="%d" fill="%s">%s</text>`+"\n", left+12, top+18+16*i, colour,
			html.EscapeString(strings.ReplaceAll(titleOf(row.Target), "`", "")))
	}
	out.WriteString("</svg>\n")
	return out.Bytes()
}

// axis takes figures to pixels.
type axis struct {
	min, max float64
	from, to float64
	log      bool
}

// axes hold all points of the lines.
func (p plot) axes(lines []summary) (x, y axis) {
	first := lines[0].Curve[0]
	x = axis{min: first.X, max: first.X, from: left, to: width - right, log: p.log}
	y = axis{min: max(first.Y, 1), max: max(first.Y, 1), from: height - bottom, to: top, log: p.log}
	for _, row := range lines {
		for _, pt := range row.Curve {
			x.min, x.max = min(x.min, pt.X), max(x.max, pt.X)
			y.min, y.max = min(y.min, max(pt.Y, 1)), max(y.max, pt.Y)
		}
	}
	if !p.log {
		x.min, y.min = 0, 0
	}
	if x.max == x.min {
		x.max++
	}
	if y.max == y.min {
		y.max++
	}
	return x, y
}

func (a axis) place(v float64) float64 {
	share := (v - a.min) / (a.max - a.min)
	if a.log {
		share = math.Log(max(v, 1)/a.min) / math.Log(a.max/a.min)
	}
	return a.from + share*(a.to-a.from)
}

// ticks are round figures on the axis: decades, or four to ten even steps.
func (a axis) ticks() (vs []float64) {
	if a.log {
		for v := math.Pow(10, math.Ceil(math.Log10(a.min))); v <= a.max*1.001; v *= 10 {
			vs = append(vs, v)
		}
		return vs
	}
	step := math.Pow(10, math.Floor(math.Log10(a.max)))
	for a.max/step < 4 {
		step /= 2
	}
	for v := 0.0; v <= a.max*1.001; v += step {
		vs = append(vs, v)
	}
	return vs
}

// number writes 12500 as 12,500 and 2.5 as it is.
func number(v float64) string {
	s := fmt.Sprintf("%.6g", v)
	for i := len(s) - 3; i > 0 && !strings.ContainsAny(s, ".e"); i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
