package main

import (
	"runtime/debug"
	"testing"
)

func TestLimitHeap(t *testing.T) {
	const usual = 100
	for _, c := range []struct {
		env  map[string]string
		want int
	}{
		{nil, heapGrowth},
		{map[string]string{"GOGC": "80"}, usual},
		{map[string]string{"GOMEMLIMIT": "1GiB"}, usual},
	} {
		was := debug.SetGCPercent(usual)
		limitHeap(func(name string) string { return c.env[name] })
		if got := debug.SetGCPercent(was); got != c.want {
			t.Errorf("%v: %d percent, want %d", c.env, got, c.want)
		}
	}
}
