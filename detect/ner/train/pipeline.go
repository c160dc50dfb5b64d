package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"maskit/detect/ner"
)

// settings are the flags of the command.
type settings struct {
	templates, data, lists, dict, texts, out, from, with string
	measure                                              bool
	logRows, fills, least                                int
	seed                                                 uint64
}

// vocabulary is how many words have a cluster.
const vocabulary = 90_000

// train makes the model and writes it.
func (s settings) train(w io.Writer) error {
	start := time.Now()
	say := func(format string, args ...any) {
		fmt.Fprintf(w, "%6.1fs  %s\n", time.Since(start).Seconds(), fmt.Sprintf(format, args...))
	}
	with, err := trainerOf(s.with)
	if err != nil {
		return err
	}
	l, err := readLists(s.lists)
	if err != nil {
		return fmt.Errorf("reading word lists (make model fetches them): %w", err)
	}
	names, vectors, err := readVectors(s.lists, vocabulary)
	if err != nil {
		return err
	}
	clusters, err := s.clusters(names, vectors)
	if err != nil {
		return err
	}
	entries, err := lexicon(l, s.dict, clusters)
	if err != nil {
		return err
	}
	words, err := ner.NewWords(entries)
	if err != nil {
		return err
	}
	say("%d words and phrases", len(entries))

	r := rand.New(rand.NewPCG(s.seed, 2))
	examples, err := s.examples(l, r, say)
	if err != nil {
		return err
	}
	learned, kept := split(examples)
	runs, lost := makeRuns(words, vary(learned, l, r))
	say("%d runs of candidates; of all tokens of entities %.2f%% are none", len(runs), 100*lost)

	prune(runs, s.least)
	job := job{words: words, names: names, vectors: vectors, runs: runs, logRows: s.logRows, r: r, say: say}
	t, by, err := s.weights(with, job)
	if err != nil {
		return err
	}
	words.Tables(t)
	leanTo(t)
	if err := calibrate(t, by, kept); err != nil {
		return err
	}
	if by == nil { // The program knows no others.
		if err := write(s.out, t); err != nil {
			return err
		}
		say("wrote %s", s.out)
	}
	if !s.measure {
		return nil
	}
	f, err := newFinder(t, by)
	if err != nil {
		return err
	}
	return measure(w, f, words, s.data)
}

// clusters are those of a file that an earlier run wrote, or made anew, which
// takes half a minute.
func (s settings) clusters(names []string, vectors [][dims]float32) (map[string]uint32, error) {
	file := filepath.Join(s.lists, fmt.Sprintf("clusters-%d-%d.json", vocabulary, s.seed))
	of := map[string]uint32{}
	if data, err := os.ReadFile(file); err == nil {
		return of, json.Unmarshal(data, &of)
	}
	of = clusterWords(names, vectors, s.seed)
	data, err := json.Marshal(of)
	if err != nil {
		return nil, err
	}
	return of, os.WriteFile(file, data, 0o644)
}

// weights trains, or takes the weights of an older file.
func (s settings) weights(with trainer, j job) (*ner.Tables, scorer, error) {
	if s.from != "" {
		file, err := os.ReadFile(s.from)
		if err != nil {
			return nil, nil, err
		}
		t, err := ner.ReadTables(file)
		return t, nil, err
	}
	t, by := with.train(j)
	return t, by, nil
}

// examples are all that is trained on.
func (s settings) examples(l lists, r *rand.Rand, say func(string, ...any)) ([]example, error) {
	var all []example
	for _, src := range sources {
		set, err := readSource(s.data, src)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", src.file, err)
		}
		for _, e := range set {
			all = append(all, e)
			if src.spaced && chance(r, 0.6) {
				all[len(all)-1] = e.natural()
			}
		}
	}
	published := len(all)
	templates, err := readTemplates(s.templates)
	if err != nil {
		return nil, err
	}
	f := newFiller(l, r)
	for _, t := range templates {
		fills := s.fills * max(1, often[t.lang])
		for range fills {
			e := f.fill(t)
			e.weight = templateWeight / float32(s.fills*max(1, often[t.lang]/3))
			all = append(all, e)
		}
	}
	filled := len(all) - published
	quiet, err := negatives(l, s.lists)
	if err != nil {
		return nil, err
	}
	all = append(all, quiet...)
	foreign, err := foreignTexts(s.texts, r)
	if err != nil {
		return nil, err
	}
	all = append(all, foreign...)
	say("%d published texts, %d filled templates, %d texts that name nobody", published, filled, len(all)-published-filled)
	return all, nil
}

// often says how many times as often templates of languages without spaces
// around names are filled, of which there is nothing but templates.
var often = map[string]int{"ko": 6, "ja": 3, "zh": 3}

// templateWeight is how much all fillings of a template together weigh.
const templateWeight = 3

// split keeps every twentieth example for calibration.
func split(all []example) (learned, kept []example) {
	for i, e := range all {
		if i%20 == 7 {
			kept = append(kept, e)
		} else {
			learned = append(learned, e)
		}
	}
	return learned, kept
}

// vary adds copies: with other names, in lower and in upper case.
func vary(all []example, l lists, r *rand.Rand) []example {
	f := newFiller(l, r)
	out := all
	for _, e := range all {
		x := r.Float64()
		switch {
		case len(e.spans) > 0 && x < 0.35:
			out = append(out, f.rename(e))
		case x < 0.43:
			out = append(out, e.lower())
		case x < 0.46:
			out = append(out, e.upper())
		}
		if len(e.spans) > 0 && chance(r, 0.12) {
			out = append(out, e.lower())
		}
		if len(e.spans) > 0 && chance(r, 0.04) {
			out = append(out, e.upper())
		}
	}
	return out
}

// rename puts other names in the place of those of persons.
func (f *filler) rename(e example) example {
	f.lang = "en"
	out := e.edit(func(s string, class int) string {
		if class != int(ner.Person) || !plainName(s) {
			return s
		}
		words := 1
		for _, c := range s {
			if c == ' ' {
				words++
			}
		}
		other := f.first()
		switch {
		case words == 2:
			other = f.first() + " " + f.last()
		case words > 2:
			other = f.person()
		case chance(f.r, 0.4):
			other = f.last()
		}
		if s[0] >= 'a' && s[0] <= 'z' {
			return lowered(other)
		}
		return other
	})
	return out
}

// plainName reports whether s is written in ASCII letters.
func plainName(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; (c < 'a' || c > 'z') && s[i] != ' ' && s[i] != '.' && s[i] != '-' {
			return false
		}
	}
	return s != ""
}

// makeRuns makes what the learner sees, and returns the share of tokens of
// entities that are no candidates.
func makeRuns(words *ner.Words, all []example) (runs []run, lost float64) {
	entities, none := 0, 0
	for _, e := range all {
		s := words.Sample([]byte(e.text))
		tags := tagged(s, e.spans)
		for i, t := range tags {
			if t != ner.Outside {
				entities++
				if !s.Maybe[i] {
					none++
				}
			}
		}
		for _, at := range s.Runs {
			x := run{weight: e.weight, of: s, from: at[0]}
			for i := at[0]; i < at[1]; i++ {
				x.rows = append(x.rows, s.Features(nil, i))
				x.broken = append(x.broken, s.Broken[i])
			}
			x.tags = closed(tags[at[0]:at[1]], x.broken)
			runs = append(runs, x)
		}
	}
	return runs, float64(none) / float64(max(1, entities))
}

// prune leaves out the features that stand at fewer than least tokens: what they
// teach is how to find these alone, at the cost of those whose row they share.
func prune(runs []run, least int) {
	const bits = 24 // of a hash by which features are counted
	counts := make([]uint8, 1<<bits)
	for _, x := range runs {
		for _, rows := range x.rows {
			for _, h := range rows {
				if c := &counts[h>>(32-bits)]; *c < 255 {
					*c++
				}
			}
		}
	}
	for _, x := range runs {
		for i, rows := range x.rows {
			x.rows[i] = slices.DeleteFunc(rows, func(h uint32) bool { return int(counts[h>>(32-bits)]) < least })
		}
	}
}

// tagged returns the tags of all tokens.
func tagged(s *ner.Sample, spans []span) []int {
	tags := make([]int, len(s.Starts))
	for i := range tags {
		tags[i] = ner.Outside
	}
	for _, sp := range spans {
		from, to := -1, -1
		for i := range s.Starts {
			if s.Ends[i] > sp.start && s.Starts[i] < sp.end && tags[i] == ner.Outside {
				if from < 0 {
					from = i
				}
				to = i + 1
			}
		}
		for i := from; i >= 0 && i < to; i++ {
			tags[i] = 4 * int(sp.class)
		}
		if from >= 0 {
			bilou(tags[from:to])
		}
	}
	return tags
}

// bilou sets the parts of the tags of one entity.
func bilou(tags []int) {
	class := tags[0] / 4 * 4
	for i := range tags {
		tags[i] = class + ner.Inside
	}
	tags[0], tags[len(tags)-1] = class+ner.Begin, class+ner.Last
	if len(tags) == 1 {
		tags[0] = class + ner.Unit
	}
}

// closed makes the tags of a run, which may cut an entity, a sequence that may be.
func closed(tags []int, broken []bool) []uint8 {
	out := make([]uint8, len(tags))
	for i := 0; i < len(tags); {
		if tags[i] == ner.Outside {
			out[i] = uint8(ner.Outside)
			i++
			continue
		}
		class, j := tags[i]/4, i+1
		for j < len(tags) && tags[j] != ner.Outside && tags[j]/4 == class && tags[j]%4 != ner.Begin && tags[j]%4 != ner.Unit && !broken[j] {
			j++
		}
		part := make([]int, j-i)
		for k := range part {
			part[k] = 4 * class
		}
		bilou(part)
		for k, t := range part {
			out[i+k] = uint8(t)
		}
		i = j
	}
	return out
}

func write(name string, t *ner.Tables) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(t.Write(f), f.Close())
}
