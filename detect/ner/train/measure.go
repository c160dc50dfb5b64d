package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"maskit/detect"
	"maskit/detect/eval"
	"maskit/detect/ner"
)

// kinds are what maskit calls the classes.
var kinds = [ner.NumClasses]detect.Kind{"PERSON", "LOCATION", "ORGANIZATION", "STREET_ADDRESS"}

// detector is a model alone, without rules, as eval measures it.
type detector struct{ f finder }

// Find implements detect.Detector.
func (d detector) Find(_ context.Context, dst []detect.Span, text []byte) ([]detect.Span, error) {
	for _, e := range d.f.find(nil, text) {
		dst = append(dst, detect.Span{Start: e.Start, End: e.End, Kind: kinds[e.Class], Rule: "model", Score: float64(e.Score)})
	}
	return dst, nil
}

// measured are sets that nothing was trained on, but for the half of Presidio's.
var measured = []string{
	"ner/ewt_dev.iob2", "ner/wnut17_dev.conll", "pii/presidio_generated_large.json", "pii/ambientmeta_standard.jsonl",
	"pii/ambientmeta_contextual.jsonl", "pii/sgd_dev.jsonl", "ner/klue_dev_first4000.tsv",
}

// measure says how good a model is, without rules: recall, precision and F1 at
// an overlap of half, and F1 of exact spans.
func measure(w io.Writer, f finder, words *ner.Words, data string) error {
	for _, name := range measured {
		path := filepath.Join(data, name)
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		set, err := eval.Read(path, file)
		file.Close()
		if err != nil {
			return err
		}
		if name == "pii/presidio_generated_large.json" {
			keep, err := evenTemplates(path)
			if err != nil {
				return err
			}
			i := -1
			set.Texts = slices.DeleteFunc(set.Texts, func(eval.Text) bool { i++; return keep(i) })
		}
		if err := report(w, f, set); err != nil {
			return err
		}
		if name == measured[0] {
			if err := pace(w, f, words, set); err != nil {
				return err
			}
		}
	}
	return nil
}

// pace says how many tokens a second are read on one core, by f and by the model
// that the program has, in turns: other work on the machine slows both.
func pace(w io.Writer, f finder, words *ner.Words, set eval.Set) error {
	shipped, err := ner.Default()
	if err != nil {
		return err
	}
	var texts [][]byte
	tokens := 0
	for _, t := range set.Texts {
		if n := len(texts) - 1; n >= 0 && len(texts[n]) < chatBytes {
			texts[n] = append(append(texts[n], ' '), t.Text...)
		} else {
			texts = append(texts, []byte(t.Text))
		}
	}
	for _, t := range texts {
		tokens += words.Sample(t).Len()
	}
	both := [2]finder{f, {m: shipped}}
	least := make([][2]time.Duration, len(texts)) // of all passes over a text
	var found []ner.Entity
	for pass := range 30 {
		for k, text := range texts {
			for i, f := range both {
				start := time.Now()
				found = f.find(found[:0], text)
				if d := time.Since(start); pass == 0 || d < least[k][i] {
					least[k][i] = d
				}
			}
		}
	}
	var seconds [2]float64
	for _, d := range least {
		seconds[0] += d[0].Seconds()
		seconds[1] += d[1].Seconds()
	}
	fmt.Fprintf(w, "%s in pieces of 2 KB: %.0f tokens/s, the model of the program %.0f\n", set.Name, float64(tokens)/seconds[0], float64(tokens)/seconds[1])
	return nil
}

// chatBytes is how long a text is that people send.
const chatBytes = 2 << 10

func report(w io.Writer, f finder, set eval.Set) error {
	var byIoU [2]*eval.Report
	for i, iou := range []float64{0.5, 1} {
		c, err := eval.Measure(context.Background(), detector{f}, []eval.Set{set}, eval.Options{IoU: iou, Claimed: kinds[:]})
		if err != nil {
			return err
		}
		byIoU[i] = c.Report("", []eval.Set{set})
	}
	fmt.Fprintf(w, "%s: over-masking %s, %.1f MB/s\n", set.Name, figure(byIoU[0].OverMasks), byIoU[0].MBPerSec)
	for i, row := range byIoU[0].Kinds {
		if !row.Claimed || row.Labelled+row.Found == 0 {
			continue
		}
		fmt.Fprintf(w, "  %-15s %5d labels  R %s  P %s  F1 %s  exact %s  any %s / %s  leak %s\n", row.Kind, row.Labelled, figure(row.Typed.Recall), figure(row.Typed.Precision),
			figure(row.Typed.F1), figure(byIoU[1].Kinds[i].Typed.F1), figure(row.Any.Recall), figure(row.Any.Precision), figure(row.Leak))
	}
	return nil
}

func figure(f *eval.Figure) string {
	if f == nil {
		return "-    "
	}
	return fmt.Sprintf("%.3f", f.Value)
}
