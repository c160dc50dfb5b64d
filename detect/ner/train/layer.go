package main

import (
	"math"
	"math/rand/v2"
	"slices"
)

// layer is a convolution over tokens: out features of width tokens in a row of
// in features each. All but the last layer leave out what is negative.
type layer struct {
	width, in, out int // out is a multiple of 4
	last           bool
	w, b           param
}

// forward sets out to what the layer makes of n tokens: n-width+1. Some of it is
// dropped by lot if there is an r, and the rest weighs more.
func (l *layer) forward(out, in []float32, r *rand.Rand) []float32 {
	n, size := len(in)/l.in-l.width+1, l.width*l.in
	out = grown(out, n*l.out)
	for t := range n {
		x, y := in[t*l.in:][:size], out[t*l.out:][:l.out]
		for o := 0; o < l.out; o += 4 {
			four := inner4(l.w.w[o*size:][:4*size], x)
			copy(y[o:], four[:])
		}
		for o := range y {
			y[o] += l.b.w[o]
			switch {
			case l.last:
			case y[o] < 0 || r != nil && chance(r, outDropped):
				y[o] = 0
			case r != nil:
				y[o] /= 1 - outDropped
			}
		}
	}
	return out
}

// backward adds to the gradients of the layer and sets gradIn to that of in, of
// which it made out, whose gradient is gradOut.
func (l *layer) backward(gradIn, gradOut, out, in []float32) []float32 {
	size := l.width * l.in
	gradIn = grown(gradIn, len(in))
	clear(gradIn)
	for i, g := range gradOut {
		if !l.last {
			if out[i] == 0 {
				continue
			}
			g /= 1 - outDropped
		}
		t, o := i/l.out, i%l.out
		l.b.grad[o] += g
		x, gx := in[t*l.in:][:size], gradIn[t*l.in:][:size]
		w, gw := l.w.w[o*size:][:size], l.w.grad[o*size:][:size]
		for k := range size {
			gx[k] += g * w[k]
			gw[k] += g * x[k]
		}
	}
	return gradIn
}

// param are weights, and what Adam knows of them.
type param struct{ w, grad, mean, square []float32 }

func newParam(n int, scale float64, r *rand.Rand) param {
	p := param{make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n)}
	for i := range p.w {
		p.w[i] = float32(r.NormFloat64() * scale)
	}
	return p
}

// adam makes step number n (Kingma and Ba, 2015), and forgets the gradient.
func (p *param) adam(n int, step float32) {
	const b1, b2 = 0.9, 0.999
	fix1, fix2 := float32(1-math.Pow(b1, float64(n))), float32(1-math.Pow(b2, float64(n)))
	for i, g := range p.grad {
		p.mean[i] += (1 - b1) * (g - p.mean[i])
		p.square[i] += (1 - b2) * (g*g - p.square[i])
		p.w[i] -= step * p.mean[i] / fix1 / (float32(math.Sqrt(float64(p.square[i]/fix2))) + 1e-8)
	}
	clear(p.grad)
}

// inner is the inner product.
func inner(a, b []float32) (sum float32) {
	b = b[:len(a)]
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}

// inner4 are the inner products of x and of each of four vectors in a row, at
// once: x is read once, and no sum waits for the one before.
func inner4(four, x []float32) (sums [4]float32) {
	n := len(x)
	a, b, c, d := four[:n], four[n:][:n], four[2*n:][:n], four[3*n:][:n]
	var s0, s1, s2, s3 float32
	for i, v := range x {
		s0 += a[i] * v
		s1 += b[i] * v
		s2 += c[i] * v
		s3 += d[i] * v
	}
	return [4]float32{s0, s1, s2, s3}
}

// grown returns s with n elements, of any content.
func grown(s []float32, n int) []float32 { return slices.Grow(s[:0], n)[:n] }
