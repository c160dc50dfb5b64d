package mask

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"maskit/detect"
)

// turns masks the texts of one request and returns them as they are sent.
func turns(t *testing.T, s *Session, texts ...string) (sent []string) {
	t.Helper()
	for range 10 {
		sent = sent[:0]
		for _, text := range texts {
			e := edits{text: []byte(text)}
			if err := s.Mask(e.text, e.emit); err != nil {
				t.Fatal(err)
			}
			sent = append(sent, e.result())
		}
		again, err := s.Settle()
		if err != nil {
			t.Fatal(err)
		}
		if !again {
			return sent
		}
	}
	t.Fatal("never settled")
	return nil
}

// TestCase60 holds that a value which one turn found by the words around it
// stays masked in the turns after it, where nothing tells what it is.
func TestCase60(t *testing.T) {
	m := newMasker(t, newVault(t))
	for i, c := range []struct{ first, later, value string }{
		{"my ssn is 536228726", "is 536228726 right?", "536228726"},
		{"password = \"open-sesame\"", "I typed open-sesame, and it failed", "open-sesame"},
		{"call me at 4155550132", "4155550132, as I said", "4155550132"},
		{"Aadhaar 400123456787", "번호 400123456787입니다", "400123456787"},
	} {
		alone := turns(t, m.Session(t.Context(), Scope{}), c.later)
		if !strings.Contains(alone[0], c.value) {
			t.Errorf("%d: the later turn needs no earlier one", i)
		}
		s := m.Session(t.Context(), Scope{})
		sent := turns(t, s, c.first, "fine", c.later)
		if strings.Contains(strings.Join(sent, "\n"), c.value) {
			t.Errorf("%d: sent %q", i, sent)
		}
		if got := restored(t, s, sent[2]); got != c.later {
			t.Errorf("%d: restored as %q", i, got)
		}
	}
}

// TestKnownValuesAreWords holds that a known value is not looked for within
// others, and nobody else's request knows it.
func TestKnownValuesAreWords(t *testing.T) {
	m := newMasker(t, newVault(t))
	const later = "part 1536228726, 536228726q and 53622872"
	if sent := turns(t, m.Session(t.Context(), Scope{}), "my ssn is 536228726", later); sent[1] != later {
		t.Errorf("sent %q", sent[1])
	}
	if sent := turns(t, m.Session(t.Context(), Scope{}), "is 536228726 right?"); sent[0] != "is 536228726 right?" {
		t.Errorf("another session sent %q", sent[0])
	}
}

// carrying makes a policy with the model of names.
func carrying(t testing.TB, change func(*Config)) *Masker {
	t.Helper()
	cfg := DefaultConfig()
	if change != nil {
		change(&cfg)
	}
	engine, err := detect.Compile(cfg.Config)
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(cfg, engine, newVault(t))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

const reveals = "Please forward the file to Dr. Katarzyna Lindqvist in Oslo, she signs it."

// TestNamesAreCarried holds that a person is masked in the texts before and after
// the one that tells who it is, and that each text comes back as it was.
func TestNamesAreCarried(t *testing.T) {
	m := carrying(t, nil)
	for _, text := range []string{
		"what did katarzyna lindqvist say", "KATARZYNA LINDQVIST: no", "katarzyna\nlindqvist", "Is that katarzyna's file?",
		"lindqvist signs, thinks mrs lindqvist", "<Lindqvist>", "(katarzyna)", "katarzyna_file",
	} {
		for _, texts := range [][]string{{text, reveals}, {reveals, text}, {text + " " + reveals}} {
			s := m.Session(t.Context(), Scope{})
			sent := turns(t, s, texts...)
			if all := strings.ToLower(strings.Join(sent, "\n")); strings.Contains(all, "lindqvist") || strings.Contains(all, "katarzyna") {
				t.Errorf("%q: sent %q", texts, sent)
			}
			for i, text := range texts {
				if got := restored(t, s, sent[i]); got != text {
					t.Errorf("%q was restored as %q", text, got)
				}
			}
			s.Close()
		}
	}
}

// TestWordsAreNotCarried holds that what is only like a known name stays.
func TestWordsAreNotCarried(t *testing.T) {
	m := carrying(t, nil)
	const will = "My colleague is Will Katarzynski, he lives in Oslo."
	for _, c := range [][2]string{
		{reveals, "katarzynas and lindqvists, lindqvist1 and xlindqvist"},
		{will, "he will come"},
		{will, "if you will, it will"},
	} {
		s := m.Session(t.Context(), Scope{})
		alone := turns(t, m.Session(t.Context(), Scope{}), c[1])
		if sent := turns(t, s, c[1], c[0]); sent[0] != alone[0] || sent[1] == c[0] {
			t.Errorf("sent %q, alone %q", sent, alone)
		}
		s.Close()
	}
	allowing := carrying(t, func(c *Config) { c.Allow = []string{"Lindqvist"} })
	if sent := turns(t, allowing.Session(t.Context(), Scope{}), "lindqvist?", reveals); sent[0] != "lindqvist?" {
		t.Errorf("what is allowed was sent as %q", sent[0])
	}
}

// TestPartsOfNamesKeepApart holds that two people who share a part of their names
// have tokens of their own, and so has the part.
func TestPartsOfNamesKeepApart(t *testing.T) {
	m := carrying(t, nil)
	s := m.Session(t.Context(), Scope{})
	defer s.Close()
	sent := turns(t, s, "katarzyna lindqvist", "katarzyna okonkwo", "katarzyna",
		reveals, "My doctor is Katarzyna Okonkwo, she lives in Oslo.")
	if sent[0] == sent[1] || sent[0] == sent[2] || sent[1] == sent[2] || strings.Contains(sent[2], "katarzyna") {
		t.Errorf("sent %q", sent)
	}
}

// TestKoreanNamesAreCarried holds that particles may hang on a name, other
// syllables may not.
func TestKoreanNamesAreCarried(t *testing.T) {
	var k values
	k.add(detect.Variant{Text: "김민수"}, detect.Person, 0)
	for text, want := range map[string]int{
		"김민수가 왔다": 1, "어제 김민수에게서는 전화가": 1, "김민수 씨": 1, "김민수입니다.": 1, "김민수님께": 1, "김민수": 1,
		"김민수학원": 0, "이김민수": 0, "김민": 0, "김민수가게": 0,
	} {
		if found := k.find(nil, []byte(text)); len(found) != want {
			t.Errorf("%q: found %d", text, len(found))
		}
	}
}

// TestTurnsKeepTheirTokens holds that one more turn changes nothing in those
// before it, unless it tells of a value that stands in them.
func TestTurnsKeepTheirTokens(t *testing.T) {
	m := carrying(t, nil)
	all := []string{
		"Hi, my ssn is 536228726.", "Noted.", reveals, "Shall I write to KATARZYNA LINDQVIST?", "yes, to katarzyna lindqvist, 536228726",
		"Done.", "Thanks. And mail bob@firma.de about Lindqvist.", "Katarzyna Lindqvist is in copy.",
	}
	var before []string
	for n := 1; n <= len(all); n++ {
		s := m.Session(t.Context(), Scope{})
		sent := turns(t, s, all[:n]...)
		for i := range before {
			if sent[i] != before[i] {
				t.Errorf("turn %d changed turn %d from %q to %q", n, i+1, before[i], sent[i])
			}
		}
		before = sent
		s.Close()
	}
}

// counting counts how often a text is looked at.
type counting struct {
	detect.Related
	n int
}

func (c *counting) Find(ctx context.Context, dst []detect.Span, text []byte) ([]detect.Span, error) {
	c.n++
	return c.Related.Find(ctx, dst, text)
}

// TestTextsAreLookedAtOnce holds that masking a request again does not detect
// again, and that nothing is masked again where nothing is carried.
func TestTextsAreLookedAtOnce(t *testing.T) {
	m := carrying(t, nil)
	c := &counting{Related: m.related}
	m.detector = c
	s := m.Session(t.Context(), Scope{})
	defer s.Close()
	turns(t, s, "katarzyna lindqvist", reveals)
	if c.n != 2 {
		t.Errorf("looked %d times at 2 texts", c.n)
	}
	masked := m.Session(t.Context(), Scope{})
	defer masked.Close()
	if err := masked.Mask([]byte(reveals), func(int, int, string) {}); err != nil {
		t.Fatal(err)
	}
	if again, err := masked.Settle(); again || err != nil {
		t.Errorf("again: %v, %v", again, err)
	}
	// What the caller masks the second time may be something else.
	other := m.Session(t.Context(), Scope{})
	defer other.Close()
	for _, text := range []string{"bob@firma.de", "ann@example.org"} {
		e := edits{text: []byte(text)}
		if err := other.Mask(e.text, e.emit); err != nil {
			t.Fatal(err)
		}
		if e.result() == text {
			t.Error("a text in another one's place was not looked at")
		}
		other.begin()
	}
}

// TestOtherTextsKnowToo holds that what is known is looked for in texts that come
// in the place of others the second time.
func TestOtherTextsKnowToo(t *testing.T) {
	s := newMasker(t, newVault(t)).Session(t.Context(), Scope{})
	defer s.Close()
	const first, tells = "is 536228726 right?", "my ssn is 536228726"
	var sent []string
	for _, texts := range [][]string{
		{first, tells, "ann@example.org, bob@example.org, eve@example.org"},
		{first, tells, "536228726 it is", "sure, 536228726"},
		{first, tells, "536228726 it is", "sure, 536228726"},
	} {
		sent = sent[:0]
		for _, text := range texts {
			e := edits{text: []byte(text)}
			if err := s.Mask(e.text, e.emit); err != nil {
				t.Fatal(err)
			}
			sent = append(sent, e.result())
		}
		again, err := s.Settle()
		if err != nil {
			t.Fatal(err)
		}
		if !again {
			break
		}
	}
	if strings.Contains(strings.Join(sent, "\n"), "536228726") {
		t.Errorf("sent %q", sent)
	}
}

// TestCarriedTextsComeBack masks requests of random pieces of names and values.
func TestCarriedTextsComeBack(t *testing.T) {
	m := carrying(t, nil)
	rng := rand.New(rand.NewPCG(1, 2))
	pieces := []string{reveals, "lindqvist", "KATARZYNA", "Katarzyna Lindqvist", "katarzyna  lindqvist", "536228726", "my ssn is 536228726", "'s", "_", " ", "\n", "가", "PERSON4K7Q2M9X", "Dr. ", "😀", "\xff"}
	for range 300 {
		texts := make([]string, 1+rng.IntN(4))
		for i := range texts {
			var b strings.Builder
			for range rng.IntN(6) {
				b.WriteString(pieces[rng.IntN(len(pieces))])
				if rng.IntN(2) == 0 {
					b.WriteByte(' ')
				}
			}
			texts[i] = b.String()
		}
		s := m.Session(t.Context(), Scope{})
		for i, sent := range turns(t, s, texts...) {
			if got := restored(t, s, sent); got != texts[i] {
				t.Fatalf("%q was sent as %q and restored as %q", texts[i], sent, got)
			}
		}
		s.Close()
	}
}

// FuzzKnown holds that what is found is a known value, in order and apart.
func FuzzKnown(f *testing.F) {
	f.Add("Jane Doe", "I saw jane  doe, Doe and jane.")
	f.Add("!x1-$", "a!x1-$b !x1-$")
	f.Add("김민수", "김민수가")
	f.Add("é", "É\xffé")
	f.Add("a"+strings.Repeat(".", 40)+"b", "a")
	f.Fuzz(func(t *testing.T, value, text string) {
		var k values
		k.add(detect.Variant{Text: value, AnyCase: true}, detect.Person, 0)
		k.add(detect.Variant{Text: value}, "OTHER", 0)
		for word := range strings.FieldsSeq(value) {
			k.add(detect.Variant{Text: word}, "WORD", 0)
		}
		end := 0
		for _, sp := range k.find(nil, []byte(text)) {
			if sp.Start < end || sp.End <= sp.Start || sp.End > len(text) {
				t.Fatalf("span %d-%d after %d of %d", sp.Start, sp.End, end, len(text))
			}
			end = sp.End
			got := text[sp.Start:sp.End]
			if !strings.Contains(string(appendFolded(nil, []byte(value))), string(appendFolded(nil, []byte(got)))) {
				t.Fatalf("found %q for %q", got, value)
			}
		}
		var words []uint32
		eachWord([]byte(text), func(h uint64) { words = append(words, wordOf(h)) })
		for _, v := range []detect.Variant{{Text: value, AnyCase: true}, {Text: value}} {
			var one values
			one.add(v, detect.Person, 0)
			if len(one.find(nil, []byte(text))) > 0 && !mayStand(appendNeed(nil, value), func(w uint32) bool { return slices.Contains(words, w) }) {
				t.Fatalf("%q stands there, and its words do not", value)
			}
		}
		if len(value) <= maxValue && k.list != nil {
			if found := k.find(nil, []byte(value)); len(found) == 0 && !strings.ContainsFunc(value, unspaced) && gapless(value) {
				t.Fatalf("%q is not found in itself", value)
			}
		}
	})
}

// gapless reports whether the words of a value are near enough to each other.
func gapless(s string) bool {
	for i := range s {
		if next, _ := gap([]byte(s), i, 0); next < 0 && strings.IndexFunc(s[i:], inWord) >= 0 {
			return false
		}
	}
	return true
}

func BenchmarkKnown(b *testing.B) {
	text := []byte(strings.Repeat("The delivery of flour was late again, but only by 3 hours this time. In 2019 we sold 1,250 sacks.\n", 1000))
	for _, n := range []int{1, 100, maxKnown} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var k values
			for i := range n {
				k.add(detect.Variant{Text: fmt.Sprintf("user-%04d the name", i)}, "USER", 0)
			}
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				k.find(nil, text)
			}
		})
	}
}
