package mask

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"maskit/detect"
	"maskit/vault"
)

// terms are values that are hard to carry: quotes, backslashes, line ends,
// characters beyond the BMP.
var terms = []string{`Operation "Quiet"`, `C:\Falcon\x`, "Zwei\tWörter", "Kranich 😀 Ost", "프로젝트 매"}

const testKey = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

func newVault(t testing.TB) *vault.Vault {
	t.Helper()
	cfg := vault.DefaultConfig()
	cfg.Keys = []vault.Secret{testKey}
	v, err := vault.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	})
	return v
}

func newMasker(t testing.TB, v *vault.Vault) *Masker {
	t.Helper()
	cfg := DefaultConfig()
	cfg.Model = false // What it finds is not the matter here.
	cfg.Dictionaries = []detect.Dictionary{{Kind: "PROJECT", Terms: terms}}
	engine, err := detect.Compile(cfg.Config)
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(cfg, engine, v)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// edits applies what a function emits.
type edits struct {
	text []byte
	out  []byte
	from int
}

func (e *edits) emit(start, end int, with string) {
	e.out = append(append(e.out, e.text[e.from:start]...), with...)
	e.from = end
}

func (e *edits) result() string { return string(append(e.out, e.text[e.from:]...)) }

// masked masks a text as an exchange does: until it is settled.
func masked(t testing.TB, s *Session, text string) string {
	t.Helper()
	for range 10 {
		e := edits{text: []byte(text)}
		if err := s.Mask(e.text, e.emit); err != nil {
			t.Fatal(err)
		}
		again, err := s.Settle()
		if err != nil {
			t.Fatal(err)
		}
		if !again {
			return e.result()
		}
	}
	t.Fatal("the session does not settle")
	return ""
}

func restored(t testing.TB, s *Session, text string) string {
	t.Helper()
	e := edits{text: []byte(text)}
	if err := s.Restore(e.text, e.emit); err != nil {
		t.Fatal(err)
	}
	return e.result()
}

// inPieces restores a text that comes cut at the given offsets.
func inPieces(t testing.TB, s *Session, text string, cuts ...int) string {
	t.Helper()
	return toolInPieces(t, s, "", text, cuts...)
}

// toolInPieces does so with what a tool is called with.
func toolInPieces(t testing.TB, s *Session, tool, text string, cuts ...int) string {
	t.Helper()
	var out strings.Builder
	var memory uint64
	kept, from := "", 0
	for i, cut := range append(cuts, len(text)) {
		e := edits{text: []byte(kept + text[from:cut])}
		from = cut
		hold, err := len(e.text), error(nil)
		if i == len(cuts) {
			err = s.RestoreLast(tool, memory, e.text, e.emit)
		} else {
			hold, memory, err = s.RestorePart(tool, memory, e.text, e.emit)
		}
		if err != nil {
			t.Fatal(err)
		}
		kept = string(e.text[hold:])
		e.text = e.text[:hold]
		out.WriteString(e.result())
	}
	return out.String()
}

// sample makes a text of values, things that look like tokens, and words that
// begin like one, with and without anything between them.
func sample(rng *rand.Rand, m *Masker) string {
	tenant := m.vault.Tenant(DefaultTenant)
	pieces := append([]string{
		"ann@example.org", "Ann@Example.org", "bob@firma.de", "4111 1111 1111 1111", "4111111111111111",
		" ", ", ", "\n", "EMAIL", "email 7", "CARD2", "PERSON4K7Q2M9X", "EMAIL7TX3W9KD", "x", "7", "김민수", "**",
		string(tenant.AppendToken(nil, "EMAIL", "EMAIL_ADDRESS", []byte("ann@example.org"), 0)),
		strings.ToLower(string(tenant.AppendToken(nil, "EMAIL", "EMAIL_ADDRESS", []byte("bob@firma.de"), 0))),
	}, terms...)
	var b strings.Builder
	for range 1 + rng.IntN(12) {
		b.WriteString(pieces[rng.IntN(len(pieces))])
		if rng.IntN(3) > 0 {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// Restoring what was masked gives the text back, byte for byte, whole and at
// every cut; and no value that was found is left.
func TestRestoreUndoesMask(t *testing.T) {
	m := newMasker(t, newVault(t))
	rng := rand.New(rand.NewPCG(1, 2))
	for range 1500 {
		text := sample(rng, m)
		s := m.Session(t.Context(), Scope{})
		out := masked(t, s, text)
		for _, value := range append([]string{"bob@firma.de", "4111111111111111"}, terms...) {
			if strings.Contains(" "+out+" ", " "+value+" ") {
				t.Fatalf("a value was left in the masked text: %q", out)
			}
		}
		if got := restored(t, s, out); got != text {
			t.Fatalf("restored %q, want %q; masked %q", got, text, out)
		}
		for cut := range len(out) + 1 {
			if got := inPieces(t, s, out, cut); got != text {
				t.Fatalf("cut at %d restored %q, want %q; masked %q", cut, got, text, out)
			}
		}
		a := rng.IntN(len(out) + 1)
		b := a + rng.IntN(len(out)-a+1)
		if got := inPieces(t, s, out, a, b); got != text {
			t.Fatalf("cuts at %d and %d restored %q, want %q", a, b, got, text)
		}
	}
}

// What models make of a token.
func TestRestoreTolerates(t *testing.T) {
	m := newMasker(t, newVault(t))
	s := m.Session(t.Context(), Scope{})
	const value = "ann@example.org"
	token := masked(t, s, value)
	label, code := token[:len("EMAIL")], token[len("EMAIL"):]
	wide := func(s string) string {
		var b strings.Builder
		for _, c := range s {
			b.WriteRune(c - '!' + '！')
		}
		return b.String()
	}
	for name, c := range map[string][2]string{
		"as sent":             {"to " + token + ".", "to " + value + "."},
		"lower case":          {"to " + strings.ToLower(token) + ".", "to " + value + "."},
		"title case":          {"to E" + strings.ToLower(token[1:]) + ".", "to " + value + "."},
		"bold":                {"**" + token + "**", "**" + value + "**"},
		"code":                {"`" + token + "`", "`" + value + "`"},
		"code in bold":        {label + "**" + code + "**", "**" + value + "**"},
		"markdown escape":     {label + `\_` + code, value},
		"zero width inside":   {token[:7] + "\u200b" + token[7:], value},
		"soft hyphen inside":  {token[:7] + "\u00ad" + token[7:], value},
		"no-break hyphen":     {label + "\u2011" + code, value},
		"space inside":        {label + " " + code, value},
		"line wrap inside":    {token[:9] + "\n" + token[9:], value},
		"full width":          {wide(token), value},
		"full width in part":  {wide(label) + code, value},
		"possessive":          {token + "'s", value + "'s"},
		"plural":              {token + "s", value + "s"},
		"in a mailto":         {"<mailto:" + token + ">", "<mailto:" + value + ">"},
		"CJK neighbours":      {"메일은" + token + "입니다", "메일은" + value + "입니다"},
		"behind a letter":     {"x" + token, "x" + value},
		"twice, no space":     {token + token, value + value},
		"cut off":             {token[:10], token[:10]},
		"label only":          {"an " + label + ", an email", "an " + label + ", an email"},
		"one letter changed":  {token[:10] + string(other(token[10])) + token[11:], token[:10] + string(other(token[10])) + token[11:]},
		"too much in between": {label + "- - - - - -" + code, label + "- - - - - -" + code},
	} {
		t.Run(name, func(t *testing.T) {
			if got := restored(t, s, c[0]); got != c[1] {
				t.Errorf("got %q, want %q", got, c[1])
			}
			for cut := range len(c[0]) + 1 {
				if got := inPieces(t, s, c[0], cut); got != c[1] {
					t.Fatalf("cut at %d: got %q, want %q", cut, got, c[1])
				}
			}
		})
	}
}

func other(c byte) byte {
	if c == '7' {
		return '8'
	}
	return '7'
}

// A text without tokens is never changed, and prose is hardly ever kept back.
func TestRestoreLeavesProse(t *testing.T) {
	m := newMasker(t, newVault(t))
	s := m.Session(t.Context(), Scope{})
	masked(t, s, "ann@example.org and 4111111111111111")
	const prose = "if [[ -f x ]]; the <div> costs 4 EUR. CARDS and EMAILS, email me at 7: call 2345678."
	if got := restored(t, s, prose); got != prose {
		t.Errorf("got %q", got)
	}
	held := 0
	for _, w := range strings.SplitAfter(prose, " ") {
		hold, _, err := s.RestorePart("", ' ', []byte(w), func(int, int, string) {})
		if err != nil {
			t.Fatal(err)
		}
		if hold < len(w) {
			held++
		}
	}
	if held > 2 {
		t.Errorf("%d words were kept back", held)
	}
}

// One value has one token: in every turn, in every process with the same key;
// two spellings in one exchange have two.
func TestTokensAreStable(t *testing.T) {
	a, b := newMasker(t, newVault(t)), newMasker(t, newVault(t))
	turn1 := "ask ann@example.org about Ann@Example.org"
	turn2 := turn1 + " and bob@firma.de"
	first := masked(t, a.Session(t.Context(), Scope{}), turn1)
	second := masked(t, b.Session(t.Context(), Scope{}), turn2)
	if !strings.HasPrefix(second, first) {
		t.Errorf("turn 1 was sent as %q, and then as %q", first, second)
	}
	if words := strings.Fields(first); words[1] == words[3] {
		t.Error("two spellings share a token in one exchange")
	}
	alone := masked(t, a.Session(t.Context(), Scope{}), "Ann@Example.org")
	if !strings.Contains(first, alone) {
		t.Error("a value has another token when it is spelled otherwise")
	}
}

func TestScopes(t *testing.T) {
	m := newMasker(t, newVault(t))
	ctx := t.Context()
	first := m.Session(ctx, Scope{Conversation: "c1"})
	token := masked(t, first, "ann@example.org")
	for name, c := range map[string]struct {
		scope Scope
		want  string
	}{
		"same conversation":  {Scope{Conversation: "c1"}, "ann@example.org"},
		"other conversation": {Scope{Conversation: "c2"}, token},
		"none":               {Scope{}, token},
		"other tenant":       {Scope{Tenant: "t2", Conversation: "c1"}, token},
	} {
		t.Run(name, func(t *testing.T) {
			s := m.Session(ctx, c.scope)
			if got := restored(t, s, token); got != c.want {
				t.Errorf("got %q", got)
			}
			if got := inPieces(t, m.Session(ctx, c.scope), token, 3, 8); got != c.want {
				t.Errorf("in pieces: got %q", got)
			}
			if want := b2i(c.want == token); s.Stats().Unknown != want || s.Stats().Restored != 1-want {
				t.Errorf("counted %+v", s.Stats())
			}
		})
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Different people in many exchanges at once.
func TestNobodyGetsAnothersValue(t *testing.T) {
	m := newMasker(t, newVault(t))
	var wg sync.WaitGroup
	for i := range 1000 {
		wg.Go(func() {
			s := m.Session(context.Background(), Scope{})
			mine := fmt.Sprintf("person%d@example.org", i)
			out := masked(t, s, mine)
			if got := restored(t, s, "hello "+out); got != "hello "+mine {
				t.Errorf("exchange %d got another value", i)
			}
		})
	}
	wg.Wait()
}

// A token that the vault has for another value is exchanged, and the exchange
// masks the request anew.
func TestTakenTokenIsExchanged(t *testing.T) {
	v := newVault(t)
	m := newMasker(t, v)
	tenant := v.Tenant(DefaultTenant)
	usual := string(tenant.AppendToken(nil, "EMAIL", "EMAIL_ADDRESS", []byte("ann@example.org"), 0))
	if _, err := tenant.Keep(t.Context(), "", []vault.Item{{Token: usual, Value: "someone@else.org"}}); err != nil {
		t.Fatal(err)
	}
	s := m.Session(t.Context(), Scope{})
	out := masked(t, s, "to ann@example.org")
	if strings.Contains(out, usual) {
		t.Fatal("one token means two values")
	}
	if got := restored(t, s, out+" not "+usual); got != "to ann@example.org not "+usual {
		t.Errorf("got %q", got)
	}
	if n := s.Masked(); len(n) != 1 || n[0] != (Count{"EMAIL_ADDRESS", 1}) {
		t.Errorf("counted %v", n)
	}
}

func TestParts(t *testing.T) {
	v := newVault(t)
	cfg := DefaultConfig()
	cfg.Parts["audio"] = PartBlock
	engine, err := detect.Compile(cfg.Config)
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(cfg, engine, v)
	if err != nil {
		t.Fatal(err)
	}
	s := m.Session(t.Context(), Scope{})
	if err := s.Part("image"); err != nil {
		t.Error(err)
	}
	var blocked *ErrPart
	if err := s.Part("audio"); !errors.As(err, &blocked) {
		t.Errorf("got %v", err)
	}
	if err := s.Part("number"); err != nil {
		t.Errorf("a number that was masked: %v", err)
	}
	if n := s.Unread(); len(n) != 1 || n[0] != (Count{"image", 1}) {
		t.Errorf("counted %v", n)
	}
	cfg.Parts["number"] = PartBlock
	if m, err = New(cfg, engine, v); err != nil {
		t.Fatal(err)
	}
	if err := m.Session(t.Context(), Scope{}).Part("number"); !errors.As(err, &blocked) || strings.Contains(err.Error(), "read as text") {
		t.Errorf("a number that the policy refuses: %v", err)
	}
	for kind, what := range map[string]string{"number": PartPass, "image": PartMask, "sound": PartPass} {
		cfg := DefaultConfig()
		cfg.Parts[kind] = what
		if cfg.Validate() == nil {
			t.Errorf("parts.%s: %s is taken", kind, what)
		}
	}
}

func TestConfigFaults(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Parts = map[string]string{"image": "drop", "smell": "pass"}
	err := cfg.Validate()
	if err == nil || !strings.Contains(err.Error(), "parts.image") || !strings.Contains(err.Error(), "smell") {
		t.Errorf("got %v", err)
	}
}

// failing is a Detector that could not look.
type failing struct{}

func (failing) Find(context.Context, []detect.Span, []byte) ([]detect.Span, error) {
	return nil, errors.New("out of order")
}

func TestDetectorThatFails(t *testing.T) {
	m, err := New(DefaultConfig(), failing{}, newVault(t))
	if err != nil {
		t.Fatal(err)
	}
	s := m.Session(t.Context(), Scope{})
	if err := s.Mask([]byte("x"), func(int, int, string) {}); err == nil {
		t.Error("a text that was not looked at counts as masked")
	}
	if err := m.Check(t.Context()); err == nil {
		t.Error("the canary lives")
	}
}

func TestCheck(t *testing.T) {
	v := newVault(t)
	if err := newMasker(t, v).Check(t.Context()); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*Config){
		"kind off":        func(c *Config) { c.Disable = []detect.Kind{"EMAIL_ADDRESS"} },
		"canary allowed":  func(c *Config) { c.Allow = []string{"canary@example.com"} },
		"nothing changed": func(*Config) {},
	} {
		cfg := DefaultConfig()
		change(&cfg)
		engine, err := detect.Compile(cfg.Config)
		if err != nil {
			t.Fatal(err)
		}
		m, err := New(cfg, engine, v)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Check(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// next and hold find what match says, whatever short cut they take.
func FuzzRecognise(f *testing.F) {
	r := newRecogniser([]string{"CARD", "PHONE", "EMAIL"})
	f.Add("an EMAIL7TX3W9KD, email 7tx3w9kd xCARD4444444", byte(0))
	f.Add("ＥＭＡＩＬ７ＴＸ３Ｗ９ＫＤ e\u00admail**7tx3w9kd", byte('x'))
	f.Fuzz(func(t *testing.T, s string, prev byte) {
		text := []byte(s)
		want := len(text)
		for i := range text {
			if !r.starts[text[i]] {
				continue
			}
			if _, state := r.match(prev, text, i); state == whole {
				want = i
				break
			}
		}
		got := len(text)
		if f, ok := r.next(prev, text, 0); ok {
			got = f.start
		}
		if got != want {
			t.Fatalf("found at %d, want %d", got, want)
		}
	})
}

func FuzzRestore(f *testing.F) {
	cfg := vault.DefaultConfig()
	cfg.Keys = []vault.Secret{testKey}
	v, err := vault.Open(context.Background(), cfg)
	if err != nil {
		f.Fatal(err)
	}
	m := newMasker(f, v)
	f.Add("to ann@example.org, CARD4 EMAIL7TX3W9KD", 9, 20)
	f.Add("Ａann@example.org email\u200b", 1, 2)
	f.Fuzz(func(t *testing.T, text string, a, b int) {
		text = strings.ToValidUTF8(text, "?")
		s := m.Session(context.Background(), Scope{})
		out := masked(t, s, text)
		whole := restored(t, s, out)
		if whole != text {
			t.Fatalf("restored %q, want %q; masked %q", whole, text, out)
		}
		a, b = (a&0xFFFF)%(len(out)+1), (b&0xFFFF)%(len(out)+1)
		if got := inPieces(t, s, out, min(a, b), max(a, b)); got != whole {
			t.Fatalf("in pieces %q, whole %q", got, whole)
		}
	})
}

func BenchmarkSession(b *testing.B) {
	m := newMasker(b, newVault(b))
	text := []byte(strings.Repeat("please write to ann@example.org or bob@firma.de about 4111 1111 1111 1111. ", 4))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		s := m.Session(context.Background(), Scope{})
		e := edits{text: text}
		if err := s.Mask(text, e.emit); err != nil {
			b.Fatal(err)
		}
		if _, err := s.Settle(); err != nil {
			b.Fatal(err)
		}
		if err := s.Restore([]byte(e.result()), func(int, int, string) {}); err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
}

// A label of the organisation's own may be the end of another.
func TestLabelThatEndsAnother(t *testing.T) {
	r := newRecogniser([]string{"NAME", "FULLNAME"})
	for text, want := range map[string]string{
		"full NAME5FXCCCCC": "NAME5FXCCCCC", "FULLNAME5FXCCCCC": "FULLNAME5FXCCCCC",
		"xFULLNAME5FXCCCCC": "FULLNAME5FXCCCCC", "full name 5FXCCCCC": "FULLNAME5FXCCCCC",
	} {
		f, ok := r.next(0, []byte(text), 0)
		if !ok || string(f.name()) != want {
			t.Errorf("%s: found %q", text, f.name())
		}
	}
}

// However many lookalikes a text holds, those that matter are noted, in time that
// grows with the text.
func TestManyLookalikes(t *testing.T) {
	m := newMasker(t, newVault(t))
	s := m.Session(t.Context(), Scope{})
	tenant := m.vault.Tenant(DefaultTenant)
	var b strings.Builder
	for i := range 20_000 {
		b.Write(tenant.AppendToken(nil, "EMAIL", "EMAIL_ADDRESS", fmt.Appendf(nil, "%d", i), 0))
		b.WriteByte(' ')
	}
	b.Write(tenant.AppendToken(nil, "EMAIL", "EMAIL_ADDRESS", []byte("ann@example.org"), 0))
	text := b.String() + " ann@example.org"
	if got := restored(t, s, masked(t, s, text)); got != text {
		t.Error("the text does not come back as it was")
	}
}
