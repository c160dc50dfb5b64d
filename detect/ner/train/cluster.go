package main

import "math/rand/v2"

const (
	coarse = 127 // clusters of the first level, so that numbers begin at 1
	fine   = 16  // clusters in each of them
)

// clusterWords puts words that are used alike into clusters by k-means, in two
// levels: a cluster's number is 16 times the coarse one's, plus its own.
func clusterWords(words []string, vectors [][dims]float32, seed uint64) map[string]uint32 {
	r := rand.New(rand.NewPCG(seed, 1))
	all := make([]int, len(words))
	for i := range all {
		all[i] = i
	}
	of := map[string]uint32{}
	for g, group := range kMeans(vectors, all, coarse, r) {
		for f, members := range kMeans(vectors, group, fine, r) {
			for _, i := range members {
				of[words[i]] = uint32((g+1)*fine + f)
			}
		}
	}
	return of
}

const rounds = 12

// kMeans divides the members into k groups by their cosine with the mean.
func kMeans(vectors [][dims]float32, members []int, k int, r *rand.Rand) [][]int {
	if len(members) <= k {
		groups := make([][]int, len(members))
		for i, m := range members {
			groups[i] = []int{m}
		}
		return groups
	}
	means := make([][dims]float32, k)
	for i, j := range r.Perm(len(members))[:k] {
		means[i] = vectors[members[j]]
	}
	var groups [][]int
	for range rounds {
		groups = make([][]int, k)
		for _, m := range members {
			best, most := 0, float32(-2)
			for g := range means {
				if x := dot(&vectors[m], &means[g]); x > most {
					best, most = g, x
				}
			}
			groups[best] = append(groups[best], m)
		}
		for g, group := range groups {
			if len(group) > 0 {
				means[g] = mean(vectors, group)
			}
		}
	}
	return groups
}

func dot(a, b *[dims]float32) (sum float32) {
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

// mean is the direction between the vectors of a group.
func mean(vectors [][dims]float32, group []int) (m [dims]float32) {
	for _, i := range group {
		for j, x := range vectors[i] {
			m[j] += x
		}
	}
	scaleTo1(&m)
	return m
}
