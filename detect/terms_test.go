package detect

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

func termEngine(t testing.TB) *Engine {
	return compile(t, Config{MinScore: 0.4, Dictionaries: []Dictionary{
		{Kind: "PROJECT", Terms: []string{
			"Falcon", "Blue Falcon", "blue falcon nine", "AT&T", "C++ Next", ".corp", "Team-7", "B2B", "x",
			"École Normale", "Москва-Сити", "비밀 프로젝트", "機密計画", "München", "naïve plan", "O'Neill", "Zürich 4 U",
			"internationalization", "internationally",
		}},
		{Kind: "CUSTOMER", Terms: []string{"Blue Falcon", "Acme"}},
	}})
}

func TestTerms(t *testing.T) {
	engine := termEngine(t)
	for i, hit := range []string{
		"«Falcon»", "the «FALCON» flies", "«blue falcon» and «Blue  Falcon»", "«Blue\nFalcon\tNine».", "«blue falcon» ten", "(«AT&T»)", "«at&t»'s",
		"«c++ next»!", "host«.corp»/y", "«team-7»", "a «b2b» deal", "falcons falconry «falcon»", "say «x»!",
		"an «école normale»", "«ÉCOLE NORMALE»", "«E\u0301cole Normale»", "in «москва-сити» и", "«비밀 프로젝트»는", "이것은«비밀프로젝트»입니다", "これは«機密計画»です",
		"in «MÜNCHEN».", "«Naïve Plan»", "«o'neill»", "«falcon»은 비밀", "그«falcon»", "«zürich 4 u»",
		"«internationalization» «internationally»", "«acme»_«falcon»", "blue «acme» falcons", "«ｆａｌｃｏｎ»", "«fal\u200bcon»",
	} {
		for _, p := range []struct{ before, after string }{{"", ""}, {strings.Repeat("words and more words, ", 20), strings.Repeat(" and so on", 20)}, {"请注意。", "。谢谢"}} {
			text, want := parseHit(t, p.before+hit+p.after)
			var got [][2]int
			for _, s := range find(t, engine, text) {
				got = append(got, [2]int{s.Start, s.End})
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("hit %d: found %v, want %v", i, got, want)
			}
		}
	}
	for i, miss := range []string{
		"falcons", "xfalcon", "falcon9", "Münchener", "xx", "Ацмосква-сити", "at & t", "team 7", "éx", "xé", "international", "internationalizations", "naïve", "機密",
	} {
		if got := find(t, engine, miss); len(got) != 0 {
			t.Errorf("miss %d: found %d", i, len(got))
		}
	}
}

// TestTermsInTheirOrder holds that the first dictionary that has a term names it.
func TestTermsInTheirOrder(t *testing.T) {
	spans := find(t, termEngine(t), "Blue Falcon")
	if len(spans) != 1 || spans[0].Kind != "PROJECT" {
		t.Errorf("found %v", spans)
	}
}

func TestManyTerms(t *testing.T) {
	terms := someTerms(20_000)
	engine := compile(t, Config{MinScore: 0.4, Dictionaries: []Dictionary{{Kind: "PROJECT", Terms: terms}}})
	for i := 0; i < len(terms); i += 97 {
		text := "we met " + strings.ToUpper(terms[i]) + ", and left"
		spans := find(t, engine, text)
		if len(spans) != 1 || spans[0].End-spans[0].Start != len(terms[i]) {
			t.Fatalf("term %d: found %d spans", i, len(spans))
		}
	}
}

// TestAliases holds that all spellings of a term are found and say which term
// they are, however they are written.
func TestAliases(t *testing.T) {
	file := filepath.Join(t.TempDir(), "projects.txt")
	write(t, file, "# projects\nBlue Heron = BH-2\nOsprey\n")
	e := compile(t, Config{MinScore: 0.4, Dictionaries: []Dictionary{
		{Kind: "PROJECT", Terms: []string{"Project Nightjar = NJ-7 =  Nachtschwalbe = 쏙독새", "E=mc2", "Alcedo"}, File: file},
		{Kind: "CUSTOMER", Terms: []string{"Acme Travel = ATL"}},
	}})
	for text, want := range map[string]string{
		"Project Nightjar": "project nightjar", "nj-7": "project nightjar", "NACHTSCHWALBE": "project nightjar", "project\nnightjar": "project nightjar",
		"쏙독새는": "project nightjar", "N\u200bJ-7": "project nightjar", "&#78;J-7 and": "project nightjar", "NJ\\u002d7": "project nightjar",
		"bh-2": "blue heron", "Blue Heron": "blue heron", "ATL": "acme travel", "Alcedo": "", "E=mc2": "", "osprey": "", "ＮＪ－７": "project nightjar",
	} {
		spans := find(t, e, text)
		if len(spans) != 1 || spans[0].Term != want {
			t.Errorf("%q: found %v, want the term %q", text, spans, want)
		}
	}
	if spans := find(t, e, "NJ-7@corp.example and kim.NJ-7@corp.com"); len(spans) != 2 || spans[1].Term != "" {
		t.Errorf("an address that holds a term: %v", spans)
	}
}

func TestFaultsOfAliases(t *testing.T) {
	for terms, want := range map[string]string{
		"Falcon = ":                   "terms[0]: spelling 2: is empty",
		" = x = y":                    "terms[0]: spelling 1: is empty",
		"Falcon = ** = F":             "terms[0]: spelling 2: has neither letter nor digit",
		"Rishi = R|Rishikesh = Rishi": "terms[1]: spelling 2: is one of another term too",
		"A1 = B1|B1 = C1":             "terms[1]: spelling 1: is one of another term too",
	} {
		cfg := Config{Dictionaries: []Dictionary{{Kind: "PROJECT", Terms: strings.Split(terms, "|")}}}
		if err := cfg.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", terms, err, want)
		}
	}
	file := filepath.Join(t.TempDir(), "names.txt")
	write(t, file, "Rishi = R1\n\nRishikesh = r1\n")
	_, err := Compile(Config{Dictionaries: []Dictionary{{Kind: "CLIENT", File: file}}})
	if err == nil || !strings.HasSuffix(err.Error(), ":3: spelling 2: is one of another term too") {
		t.Errorf("a file with one spelling for two: %v", err)
	}
}
