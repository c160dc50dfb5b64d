// Command train makes the model of names that maskit embeds, and says how good
// it is. It is no part of the program. From the root of the repository:
//
//	make model                           # fetch the word lists, train, write detect/ner/model.bin
//	go run ./detect/ner/train -check     # read the templates, say what is wrong with them
//
// What is trained on is in sources (data.go), in the folder templates, which
// fill.go fills with names of registry packages, and in texts of the machine's
// own documents that name nobody (negative.go). The same input makes the same
// model, byte for byte.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	var s settings
	check := flag.Bool("check", false, "read the templates, say what is wrong with them, and stop")
	flag.StringVar(&s.templates, "templates", "detect/ner/train/templates", "the folder of the templates")
	flag.StringVar(&s.data, "data", "../shared/data", "the folder of the published sets")
	flag.StringVar(&s.lists, "lists", "bin/model", "the folder that lists.mjs wrote to")
	flag.StringVar(&s.dict, "dict", "bin/model/texts/usr/share/dict/scowl", "the folder of Debian's package scowl")
	flag.StringVar(&s.texts, "texts", "bin/model/texts", "the folder with the files of Debian's packages libreoffice-help-* and hunspell-ko")
	flag.StringVar(&s.out, "out", "detect/ner/model.bin", "the file to write")
	flag.StringVar(&s.from, "from", "", "take the weights of this model, and calibrate only")
	flag.StringVar(&s.with, "with", trainers[0].name, "the architecture: crf; perceptron, of the same features and form; conv, or both crf and conv, which are measured and not written")
	flag.BoolVar(&s.measure, "measure", true, "measure the model on the published sets")
	flag.IntVar(&s.logRows, "rows", 19, "how many bits of a feature's hash choose a row of weights")
	flag.IntVar(&s.fills, "fills", 4, "how often each template is filled")
	flag.IntVar(&s.least, "least", 4, "at how many tokens a feature must stand to be learned")
	flag.Uint64Var(&s.seed, "seed", 1, "of all that is drawn by lot")
	flag.Parse()
	err := checkTemplates(os.Stdout, s.templates)
	if err == nil && !*check {
		err = s.train(os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

// checkTemplates reads the templates and says how many there are.
func checkTemplates(w io.Writer, dir string) error {
	all, err := readTemplates(dir)
	if err != nil {
		return err
	}
	byLang := map[string]int{}
	for _, t := range all {
		byLang[t.lang]++
	}
	fmt.Fprintf(w, "%d templates: %v\n", len(all), byLang)
	return nil
}
