package config

import (
	"reflect"
	"slices"
	"strings"
)

// field is a key of a section and the struct field behind it.
type field struct {
	key   string
	index []int // for reflect.Value.FieldByIndex
}

type fields []field

// fieldsOf lists the keys of a struct in the order of its fields. Those of a
// struct that is inlined stand where it stands.
func fieldsOf(t reflect.Type) fields {
	var fs fields
	for f := range t.Fields() {
		key, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case options == "inline":
			for _, inner := range fieldsOf(f.Type) {
				fs = append(fs, field{inner.key, append(slices.Clone(f.Index), inner.index...)})
			}
		case key != "" && key != "-":
			fs = append(fs, field{key, f.Index})
		}
	}
	return fs
}

func (fs fields) find(key string) (field, bool) {
	i := slices.IndexFunc(fs, func(f field) bool { return f.key == key })
	if i < 0 {
		return field{}, false
	}
	return fs[i], true
}

// suggest says what the user may have meant: the nearest key if one is near,
// else all of them.
func (fs fields) suggest(key string) string {
	best, least := "", 1+max(1, len(key)/3)
	keys := make([]string, len(fs))
	for i, f := range fs {
		keys[i] = f.key
		if len(key) > 2*len(f.key) { // Far from it, and distance is quadratic.
			continue
		}
		if n := distance(strings.ToLower(key), f.key); n < least {
			best, least = f.key, n
		}
	}
	if best != "" {
		return "did you mean " + best + "?"
	}
	return "known here: " + strings.Join(keys, ", ")
}

// distance is the number of letters to insert, drop, change or swap with their
// neighbour to turn a into b (optimal string alignment).
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			n := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				n = min(n, rows[i-2][j-2]+1)
			}
			rows[i][j] = n
		}
	}
	return rows[len(a)][len(b)]
}
