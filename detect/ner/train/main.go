// Command train makes the model of names that maskit embeds.
//
//	go run ./detect/ner/train -check     # read the templates, say what is wrong with them
//
// It is no part of the program.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	check := flag.Bool("check", false, "read the templates, say what is wrong with them, and stop")
	templates := flag.String("templates", "detect/ner/train/templates", "the folder of the templates")
	flag.Parse()
	if err := run(os.Stdout, *templates, *check); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(w io.Writer, dir string, _ bool) error {
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
