package detect

import (
	"fmt"
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
