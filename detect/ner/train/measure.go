package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"maskit/detect"
	"maskit/detect/eval"
	"maskit/detect/ner"
)

// kinds are what maskit calls the classes.
var kinds = [ner.NumClasses]detect.Kind{"PERSON", "LOCATION", "ORGANIZATION", "STREET_ADDRESS"}

// detector is a model alone, without rules, as eval measures it.
type detector struct{ m *ner.Model }

// Find implements detect.Detector.
func (d detector) Find(_ context.Context, dst []detect.Span, text []byte) ([]detect.Span, error) {
	for _, e := range d.m.Find(nil, text) {
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
func measure(w io.Writer, model, data string) error {
	m, err := load(model)
	if err != nil {
		return err
	}
	for _, name := range measured {
		path := filepath.Join(data, name)
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		set, err := eval.Read(path, f)
		f.Close()
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
		if err := report(w, m, set); err != nil {
			return err
		}
	}
	return nil
}

func report(w io.Writer, m *ner.Model, set eval.Set) error {
	var byIoU [2]*eval.Report
	for i, iou := range []float64{0.5, 1} {
		c, err := eval.Measure(context.Background(), detector{m}, []eval.Set{set}, eval.Options{IoU: iou, Claimed: kinds[:]})
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
