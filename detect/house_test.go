package detect

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestHousesSeeAllThatTheyFind compares the scan, which looks at what stands beside
// a number before it asks a rule, with the rules asked everywhere.
func TestHousesSeeAllThatTheyFind(t *testing.T) {
	cfg := rulesOnly()
	cfg.Enable = []Kind{"STREET_ADDRESS"}
	cfg.MinScore = 0
	e := compile(t, cfg)
	words := strings.Fields("a In Von Ávila út ut. Weg straße STRASSE Berliner tie . é д. ул. Тверская, 서울시 강남구 테헤란로 역삼동 12 7a 60 92 1 12345 62704 94107-1234 CA IL, 3, 28195 Bremen 中文 5번지 -")
	random := rand.New(rand.NewPCG(1, 2))
	found := map[string]int{}
	for range 50_000 {
		text := make([]byte, 0, 200)
		for range 2 + random.IntN(9) {
			text = append(text, words[random.IntN(len(words))]...)
			text = append(text, []string{" ", " ", " ", " ", ", ", "\n", ""}[random.IntN(7)]...)
		}
		spans := scanned(e, text)
		for at := 3; at < len(text); at++ {
			if text[at-1] != ' ' || !isDigit(text[at]) || text[at-2] < 0x80 && text[at-2] != '.' && !isLetter(text[at-2]) {
				continue
			}
			end := while(text, at, classDigit, len(text))
			if end-at > maxHouse || byteAt(text, end) == '.' && isDigit(byteAt(text, end+1)) {
				continue
			}
			for _, r := range Rules {
				if r.House == nil {
					continue
				}
				start, stop := r.House(text, at, end)
				if start >= stop {
					continue
				}
				found[r.Name]++
				if !slices.ContainsFunc(spans, func(s Span) bool { return s.Rule == r.Name && s.Start == start && s.End == stop }) {
					t.Fatalf("%q: %s would find [%d:%d] and was not asked", text, r.Name, start, stop)
				}
			}
		}
	}
	for _, r := range Rules {
		if r.House != nil && found[r.Name] < 10 {
			t.Errorf("%s was found %d times: the texts test nothing", r.Name, found[r.Name])
		}
	}
}

// scanned returns what the rules of e find in a view, before it is settled what of
// it counts.
func scanned(e *Engine, view []byte) []Span {
	p := pass{Engine: e, text: view}
	p.scan(0, len(view))
	return p.spans
}
