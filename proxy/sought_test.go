package proxy

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"maskit/detect"
	"maskit/proxy/mask"
	"maskit/proxy/wire"
)

// TestWhatWasSoughtOnceIsSoughtAgain holds that a value which a text behind the
// conversation told of in one turn, and none did in the next, is looked for in that
// next turn too when a later one tells of it.
func TestWhatWasSoughtOnceIsSoughtAgain(t *testing.T) {
	const right, tells = "is 536228726 right?", "my ssn is 536228726"
	texts := []string{"hi", "hello", "well", "Write to bob@firma.de.", "fine"}
	f := wire.For(chatPath)
	for name, bodies := range map[string][]string{
		"behind the array": {
			paged("", `,"x":"`+tells+`"`, texts...),
			paged("", "", append(texts, right)...),
			paged("", "", append(texts, right, tells)...),
		},
		"in another array": {
			paged("", `,"x":["`+tells+`"]`, texts...),
			paged("", "", append(texts, right)...),
			paged("", `,"x":["`+tells+`"]`, append(texts, right, "fine")...),
		},
		"in turns that are left out": {
			paged("", "", append(texts, "a", "b", "c")...),
			paged("", "", append(texts, "a", "x", "c", tells)...),
			paged("", "", append(texts, "a", "x", "y", right, "b", "c", "d")...),
			paged("", "", append(texts, "a", "x", "y", right, "b", "c", "d", tells)...),
		},
	} {
		t.Run(name, func(t *testing.T) {
			m := pastMasker(t, func(*mask.Config) {})
			for i, body := range bodies {
				got, want := exchangeOf(t, m, mask.Scope{}, f, body, true), exchangeOf(t, m, mask.Scope{}, f, body, false)
				got.resumed = 0
				if g, w := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); g != w {
					t.Errorf("turn %d: values that are sent: %d, and by a walk %d", i, strings.Count(g, "536228726"), strings.Count(w, "536228726"))
				}
			}
		})
	}
}

// distracted is an engine that does not find what tells of a value while something
// does not answer.
type distracted struct {
	detect.Related
	silent bool
}

func (d *distracted) Find(ctx context.Context, dst []detect.Span, text []byte) ([]detect.Span, error) {
	if d.silent && bytes.Contains(text, []byte("my ssn")) {
		return dst, fmt.Errorf("%w: test", detect.ErrPartial)
	}
	return d.Related.Find(ctx, dst, text)
}

// TestWhatWasNotLookedAtIsSoughtAgain holds the same where what tells of a value
// stands before the conversation, and was not looked at in one turn.
func TestWhatWasNotLookedAtIsSoughtAgain(t *testing.T) {
	c := mask.DefaultConfig()
	engine, err := detect.Compile(c.Config)
	if err != nil {
		t.Fatal(err)
	}
	d := &distracted{Related: engine}
	m, err := mask.New(c, d, newVault(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	const head = `"x":"my ssn is 536228726",`
	texts := []string{"hi", "hello", "well", "Write to bob@firma.de."}
	for i := range 3 {
		d.silent = i == 1
		o := exchangeOf(t, m, mask.Scope{}, wire.For(chatPath), paged(head, "", texts...), true)
		if i == 1 != strings.Contains(o.sent, "536228726") {
			t.Errorf("turn %d: the value is sent: %v", i, i != 1)
		}
		texts = append(texts, "is 536228726 right?")
	}
}
