package mask

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"maskit/detect"
)

// remote is an engine beside which something else is asked that may not answer.
type remote struct {
	counting
	silent bool
}

func (r *remote) Local() detect.Detector { return r.Related }

func (r *remote) Find(ctx context.Context, dst []detect.Span, text []byte) ([]detect.Span, error) {
	dst, err := r.counting.Find(ctx, dst, text)
	if err == nil && r.silent {
		err = fmt.Errorf("%w: test", detect.ErrPartial)
	}
	return dst, err
}

// TestRemote holds that what one outside of the program found is kept for short
// texts too, that what it did not see is counted and not kept, and that headers
// are not for it.
func TestRemote(t *testing.T) {
	cfg := DefaultConfig()
	engine, err := detect.Compile(cfg.Config)
	if err != nil {
		t.Fatal(err)
	}
	r := &remote{counting{Related: engine}, true}
	m, err := New(cfg, r, newVault(t))
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{"katarzyna lindqvist", reveals, "mail bob@firma.de"}
	for range 2 { // Nothing is kept of the first time.
		s := m.Session(t.Context(), Scope{})
		if sent := turns(t, s, texts...); strings.Contains(strings.Join(sent, " "), "bob@firma.de") {
			t.Errorf("sent %q", sent)
		}
		if got := s.Unread(); len(got) != 1 || got[0] != (Count{partText, 3}) {
			t.Errorf("counted %v", got)
		}
		s.Close()
	}
	if r.n != 6 {
		t.Errorf("asked %d times", r.n)
	}
	r.silent = false
	for range 2 {
		s := m.Session(t.Context(), Scope{})
		turns(t, s, texts...)
		if err := s.MaskMeta([]byte("bob@firma.de"), func(int, int, string) {}); err != nil {
			t.Error(err)
		}
		if got := s.Unread(); len(got) != 0 {
			t.Errorf("counted %v", got)
		}
		s.Close()
	}
	if r.n != 9 {
		t.Errorf("asked %d times", r.n)
	}
	if err := m.Check(t.Context()); err != nil {
		t.Error(err)
	}
}
