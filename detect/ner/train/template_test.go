package main

import (
	"strings"
	"testing"
)

func TestParseTemplate(t *testing.T) {
	parts, err := parseTemplate(`<hi|hello {first|lower}|> Dr. {last}{josa:이/가} \{x\}\n[PERSON Maria Callas]`)
	if err != nil {
		t.Fatal(err)
	}
	choice := parts[0].choice
	if len(choice) != 3 || len(choice[1]) != 2 || choice[1][1].filter != "lower" || len(choice[2]) != 0 {
		t.Errorf("the choice is %+v", choice)
	}
	for i, want := range []part{{text: " Dr. "}, {slot: "last"}, {josa: [2]string{"이", "가"}}, {text: " {x}\n"}, {text: "Maria Callas", label: "PERSON"}} {
		if got := parts[i+1]; got.text != want.text || got.slot != want.slot || got.josa != want.josa || got.label != want.label {
			t.Errorf("part %d is %+v", i+1, got)
		}
	}
}

func TestParseTemplateFaults(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"{persn}", `byte 1: unknown slot "persn"`},
		{"ab {person", `byte 4: '{' is not closed`},
		{"{person|loud}", `unknown filter "loud"`},
		{"<one>", "a choice has the form"},
		{"<a|{x}>", `unknown slot "x"`},
		{"[NAME Jo]", "a labelled text is"},
		{"{josa:x/y}", "unknown particle"},
		{`a\b`, `byte 2: \ stands before`},
	} {
		if _, err := parseTemplate(c.line); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.line, err, c.want)
		}
	}
}

// TestTemplates holds that all templates of the repository can be read.
func TestTemplates(t *testing.T) {
	if _, err := readTemplates("templates"); err != nil {
		t.Error(err)
	}
}
