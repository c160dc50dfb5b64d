package proxy

import (
	"fmt"
	"testing"
	"time"

	"maskit/proxy/mask"
	"maskit/proxy/wire"
)

// TestRememberingGrowsWithTheBody holds that a request with very many values, or words
// that look like tokens, costs about as much with a past as without one.
func TestRememberingGrowsWithTheBody(t *testing.T) {
	const letters = "BCDFGHJKLMNPQRSTVWXZ"
	for name, word := range map[string]func(i int) string{
		"values in two spellings": func(i int) string { return fmt.Sprintf("ann%d@firma.de ANN%d@firma.de ", i/2, i/2) },
		"words that look like a token": func(i int) string {
			code := []byte("EMAIL2BBBBBBB ")
			for at := 6; i > 0; at, i = at+1, i/len(letters) {
				code[at] = letters[i%len(letters)]
			}
			return string(code)
		},
	} {
		t.Run(name, func(t *testing.T) {
			texts := make([]string, 5)
			for i := range 6_000 {
				texts[i%len(texts)] += word(i)
			}
			body := paged("", "", texts...)
			var best [2]time.Duration
			for range 3 {
				for i := range best {
					m := pastMasker(t, func(c *mask.Config) { c.Model = false })
					begin := time.Now()
					exchangeOf(t, m, mask.Scope{}, wire.For(chatPath), body, i == 1)
					if took := time.Since(begin); best[i] == 0 || took < best[i] {
						best[i] = took
					}
				}
			}
			if best[1] > 6*best[0] {
				t.Errorf("a body of %d bytes takes %v with a past and %v without", len(body), best[1], best[0])
			}
		})
	}
}
