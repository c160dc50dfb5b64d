package proxy

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"maskit/detect"
	"maskit/proxy/mask"
	"maskit/proxy/wire"
)

// This file holds that a session which resumes does exactly what one that walks the
// whole body does: the same bytes leave, the same is counted, the same comes back.

// outcome is what an exchange shows.
type outcome struct {
	sent                           string
	masked, rules, allowed, unread []mask.Count
	tokens                         []string
	restored                       string
	err                            string
	resumed                        int
}

// exchangeOf masks a body, and restores what is then in it.
func exchangeOf(t *testing.T, m *mask.Masker, scope mask.Scope, f *wire.Format, body string, resume bool) (o outcome) {
	t.Helper()
	s := m.Session(t.Context(), scope)
	defer s.Close()
	r := &wire.Reading{Text: s.Mask, Part: s.Part}
	if resume {
		r.Past = s
	}
	for range 2 * maxSettles {
		sent, err := f.Read(nil, []byte(body), r)
		if err != nil {
			return outcome{err: err.Error()}
		}
		again, err := s.Settle()
		if err != nil {
			if _, blocked := errors.AsType[*mask.ErrKind](err); !blocked {
				t.Fatal(err)
			}
			return outcome{err: err.Error()}
		}
		if again {
			continue
		}
		o = outcome{
			sent: string(sent), masked: slices.Clone(s.Masked()), rules: slices.Clone(s.Rules()),
			allowed: slices.Clone(s.Allowed()), unread: slices.Clone(s.Unread()), tokens: s.Tokens(), resumed: s.Stats().Resumed,
		}
		// A first walk may make tokens of what the last one masks as a part of something
		// else: they stand nowhere, and a session that resumes does not make them.
		o.tokens = slices.DeleteFunc(o.tokens, func(token string) bool { return !strings.Contains(o.sent, token) })
		slices.Sort(o.tokens)
		restored, err := wire.Plain(nil, sent, s.Restore)
		if err != nil {
			t.Fatal(err)
		}
		o.restored = fmt.Sprintf("%s %v %+v", restored, s.HasTokens(), s.Stats().Restored)
		return o
	}
	t.Fatal("it never settles")
	return o
}

// pastPolicies are policies that do different things with what is found.
var pastPolicies = []func(c *mask.Config){
	func(*mask.Config) {},
	func(c *mask.Config) { c.Model = false },
	func(c *mask.Config) {
		c.Actions = map[detect.Kind]string{
			detect.EmailAddress: mask.ActionRedact, detect.PhoneNumber: mask.ActionLast4, "PROJECT": mask.ActionHash, detect.Location: mask.ActionAllow,
		}
	},
	func(c *mask.Config) { c.Actions = map[detect.Kind]string{detect.Person: mask.ActionSurrogate} },
	func(c *mask.Config) {
		c.Actions = map[detect.Kind]string{"CREDIT_CARD": mask.ActionBlock, detect.Person: mask.ActionAllow}
	},
	func(c *mask.Config) { c.Mode, c.Parts["image"] = mask.ModeObserve, mask.PartBlock },
}

// uttered are things that are said in a conversation: values that stand alone and beside
// what tells of them, in several spellings, written with escapes, in JSON and in JSON
// in strings, and what looks like a token.
var uttered = []string{
	"My name is Katarzyna Lindqvist.", "Is Lindqvist in?", "ask KATARZYNA LINDQVIST or katarzyna lindqvist", "Dear Mrs Lindqvist,",
	"Write to bob@firma.de", "BOB@firma.de, Bob@Firma.de", "my ssn is 536228726", "is 536228726 right?", "call me at 4155550132",
	"4155550132, as I said", "password = \"open-sesame\"", "I typed open-sesame, and it failed", "Call +49 30 901820 today.",
	"Ren\u00e9e M\u00fcller lives in Berlin", "M\u00fcller said so", "Project Blaufuchs and blue fox", "the blue fox is late", "Blaufuchs, then.",
	"nothing at all", "Will will be there", "My name is Will Sanders.", "Sanders", "my name is Bob Sanders",
	"{\"mail\":\"eva@firma.de\",\"ssn\":536228726}", "{\"who\":\"Katarzyna Lindqvist\",\"pin\":\"hunter2-x\"}", "card 4111 1111 1111 1111",
	"a \"quoted\\\" thing: eva@firma.de\nand a tab\t", "katarzyna.lindqvist@firma.de", "\u5f20\u4f1f\u5728\u5317\u4eac", "my name is Kim Min-su, \uae40\ubbfc\uc218",
	"The invoice of Lindqvist & Sons", "server 10.11.12.13 at db7.corp.example", "I live at 12 Elm Street, Springfield",
}

// scene makes requests that follow one another.
type scene struct {
	rng    *rand.Rand
	wild   bool // with what is hardly ever remembered
	head   string
	tail   string
	turns  []string // elements
	tokens []string // that were sent
}

func (sc *scene) pick(list []string) string { return list[sc.rng.IntN(len(list))] }

func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// text is something said, as a JSON string.
func (sc *scene) text() string {
	var b strings.Builder
	for range 1 + sc.rng.IntN(3) {
		b.WriteString(sc.pick(uttered) + " ")
	}
	if sc.wild && sc.rng.IntN(8) == 0 && len(sc.tokens) > 0 {
		b.WriteString(sc.pick(sc.tokens))
	}
	if sc.rng.IntN(3) == 0 {
		b.WriteString(strings.Repeat(filler, 2))
	}
	text := quoted(b.String())
	if sc.rng.IntN(6) == 0 {
		text = strings.NewReplacer("L", `\u004c`, "@", `\u0040`, "/", `\/`).Replace(text)
	}
	return text
}

// element is one turn.
func (sc *scene) element() string {
	k := sc.rng.IntN(12)
	if !sc.wild && k > 3 {
		k = 12
	}
	switch k {
	case 0:
		return `{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":` + quoted(`{"to":`+sc.text()+`}`) + `}}]}`
	case 1:
		return `{"role":"user","content":[{"type":"text","text":` + sc.text() + `},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw0KGgo="}}]}`
	case 2:
		return `{"role":"tool","tool_call_id":"c1","content":` + sc.text() + `,"ssn":536228726,"password":"hunter2-x"}`
	case 3:
		return `{ "role" : "user" , "content" : ` + sc.text() + ` }`
	case 4:
		return `{"role":"user","content":[{"type":"file","file":{"file_data":"data:text/plain;base64,bWFpbCBib2JAZmlybWEuZGUgbm93"}}]}`
	}
	return `{"role":"` + sc.pick([]string{"user", "assistant"}) + `","content":` + sc.text() + `}`
}

// step changes the conversation, mostly as clients do.
func (sc *scene) step() {
	n := len(sc.turns)
	at := sc.rng.IntN(max(n, 1))
	switch k := sc.rng.IntN(20); {
	case k < 12 || n < 3:
		sc.turns = append(sc.turns, sc.element(), sc.element())
	case k == 12:
		sc.turns[n-1] = sc.element()
	case k == 13:
		sc.turns[at] = sc.element()
	case k == 14:
		sc.turns = slices.Delete(slices.Clone(sc.turns), at, at+1)
	case k == 15:
		sc.turns[at], sc.turns[0] = sc.turns[0], sc.turns[at]
	case k == 16:
		sc.turns[at] = strings.Replace(sc.turns[at], `"user"`, `"system"`, 1)
	case k == 17 && sc.rng.IntN(3) == 0:
		sc.head = `"user":` + sc.text() + `,`
	case k == 18 && sc.rng.IntN(3) == 0:
		sc.tail = `,"metadata":{"who":` + sc.text() + `},"more":[{"a":` + sc.text() + `}]`
	}
}

func (sc *scene) body() string {
	return `{"model":"m",` + sc.head + `"messages":[` + strings.Join(sc.turns, ",") + `]` + sc.tail + `}`
}

// broken is a body that begins as one that is known, and goes wrong.
func (sc *scene) broken() string {
	b := sc.body()
	return sc.pick([]string{
		b[:len(b)-1] + `,"messages":[]}`, b[:len(b)-2], strings.TrimSuffix(b, "]}") + `7]}`, strings.TrimSuffix(b, "]}") + "}\xff]}", b + "}",
		strings.TrimSuffix(b, "]}") + `,{"role":"user","role":"user"}]}`, strings.TrimSuffix(b, "]}") + `,]}`,
	})
}

// play holds requests of a conversation against requests that nothing is known of. It
// returns how many bytes were resumed, and of how many.
func play(t *testing.T, m *mask.Masker, seed uint64, steps int) (resumed, all int) {
	t.Helper()
	sc := &scene{rng: rand.New(rand.NewPCG(seed, 7)), wild: seed%3 == 0}
	formats := []*wire.Format{wire.For(chatPath), wire.For("/v1/messages"), wire.Generic}
	home := formats[sc.rng.IntN(len(formats))]
	for step := range steps {
		sc.step()
		f, scope := home, mask.Scope{Tenant: fmt.Sprint("t", seed%3), Conversation: sc.pick([]string{"", "", "c"})}
		if sc.rng.IntN(10) == 0 {
			f = formats[sc.rng.IntN(len(formats))]
		}
		if sc.rng.IntN(10) == 0 {
			scope.Tenant = "other"
		}
		body := sc.body()
		if sc.rng.IntN(10) == 0 {
			body = sc.broken()
		}
		got, want := exchangeOf(t, m, scope, f, body, true), exchangeOf(t, m, scope, f, body, false)
		resumed, all = resumed+got.resumed, all+len(body)
		got.resumed = 0
		if g, w := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); g != w {
			t.Fatalf("seed %d, step %d:\n%s\nis not\n%s\nof\n%s", seed, step, g, w, body)
		}
		sc.tokens = want.tokens
	}
	return resumed, all
}

// pastMasker makes a policy ready.
func pastMasker(t testing.TB, change func(*mask.Config)) *mask.Masker {
	t.Helper()
	c := mask.DefaultConfig()
	c.Dictionaries = []detect.Dictionary{{Kind: "PROJECT", Terms: []string{"Blaufuchs = blue fox"}}}
	change(&c)
	engine, err := detect.Compile(c.Config)
	if err != nil {
		t.Fatal(err)
	}
	m, err := mask.New(c, engine, newVault(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestResumingIsWalking(t *testing.T) {
	runs := 60
	if testing.Short() {
		runs = 6
	}
	for i, change := range pastPolicies {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			m := pastMasker(t, change)
			resumed, all := 0, 0
			for seed := range runs {
				r, n := play(t, m, uint64(seed), 14)
				resumed, all = resumed+r, all+n
			}
			t.Logf("%d of %d bytes were resumed", resumed, all)
			if i < 3 && resumed < all/50 {
				t.Error("hardly anything is resumed")
			}
		})
	}
}

// paged is a body of these texts, each with a page of prose behind it.
func paged(head, tail string, texts ...string) string {
	sc := &scene{head: head, tail: tail}
	for _, text := range texts {
		sc.turns = append(sc.turns, `{"role":"user","content":`+quoted(text+" "+strings.Repeat(filler, 3))+`}`)
	}
	return sc.body()
}

// TestWhatIsResumed holds for single changes what TestResumingIsWalking does for all,
// and whether they cost a walk.
func TestWhatIsResumed(t *testing.T) {
	const right, behind = "is 536228726 right?", `,"x":"my ssn is 536228726"`
	const mail, tells, name = "Write to bob@firma.de.", "My name is Katarzyna Lindqvist.", "Is Lindqvist in?"
	m := pastMasker(t, func(*mask.Config) {})
	s := m.Session(t.Context(), mask.Scope{})
	if err := s.Mask([]byte("bob@firma.de"), func(int, int, string) {}); err != nil {
		t.Fatal(err)
	}
	token := s.Tokens()[0]
	s.Close()
	before := func(texts ...string) string {
		return paged("", "", append([]string{"hi", "hello", "well"}, texts...)...)
	}
	after := func(old string, texts ...string) string {
		return strings.TrimSuffix(old, "]}") + "," + strings.TrimPrefix(paged("", "", texts...), `{"model":"m","messages":[`)
	}
	for _, c := range []struct {
		name, first, next string
		resumed           bool // the next one
	}{
		{"nothing new", before(mail), after(before(mail), "fine"), true},
		{"nothing at all", before("fine"), after(before("fine"), "well"), true},
		{"the same again", before(mail), before(mail), true},
		{"the same value", before(mail), after(before(mail), mail), true},
		{"a value of the old turns stands in the new one", before(tells), after(before(tells), name), true},
		{"the new turn tells of what stands in the old ones", before(right), after(before(right), "my ssn is 536228726"), false},
		{"the new turn tells of others", before(name), after(before(name), "My name is Bob Sanders."), true},
		{"another spelling, whose token is the next one", before(mail), after(before(mail), "BOB@firma.de"), false},
		{"a token of the old turns stands in the new one", before(mail), after(before(mail), token), false},
		{"a token of the new turn stands in an old one", before(token), after(before(token), mail), false},
		{"what stood behind the turns told of it", paged("", behind, "hi", "hello", "well", right), after(before(right), "fine"), false},
		{"what stands behind the turns tells of others", paged("", behind, "hi", "hello", "well", mail), paged("", behind, "hi", "hello", "well", mail, "fine"), true},
		{"what stands behind the turns tells of it now", before(right), paged("", behind, "hi", "hello", "well", right, "fine"), false},
		{"what stands before the turns tells of it", paged(`"user":`+quoted(tells)+`,`, "", "hi", "ho", "he", name), paged(`"user":`+quoted(tells)+`,`, "", "hi", "ho", "he", name, "fine", name), true},
		{"another model", before(mail), strings.Replace(after(before(mail), "fine"), `"m"`, `"n"`, 1), false},
		{"an old turn has changed", before(mail), strings.Replace(after(before(mail), "fine"), "hello", "hallo", 1), false},
		{"numbers go on", `{"x":"` + strings.Repeat("a ", 2000) + `","n":[1,2,3,4,5362]}`, `{"x":"` + strings.Repeat("a ", 2000) + `","n":[1,2,3,4,536228726]}`, false},
		{"a number as a value", before(`{"ssn":536228726}`), after(before(`{"ssn":536228726}`), "fine"), true},
		{"an escaped value", strings.Replace(before(mail), "@", `\u0040`, 1), strings.Replace(after(before(mail), mail), "@", `\u0040`, 1), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := pastMasker(t, func(*mask.Config) {})
			f := wire.For(chatPath)
			var got, want outcome
			for i, body := range []string{c.first, c.next} {
				got, want = exchangeOf(t, m, mask.Scope{}, f, body, true), exchangeOf(t, m, mask.Scope{}, f, body, false)
				resumed := got.resumed > 0
				if i == 1 && resumed != c.resumed {
					t.Errorf("resumed: %v", resumed)
				}
				got.resumed = 0
				if g, w := fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want); g != w {
					t.Errorf("%s\nis not\n%s", g, w)
				}
			}
			if got.err != "" {
				t.Error(got.err)
			}
		})
	}
}

// TestMarksThatMove holds that a client which changes the last elements that it sent is
// resumed as well, once it was seen to do so.
func TestMarksThatMove(t *testing.T) {
	m := pastMasker(t, func(*mask.Config) {})
	f := wire.For("/v1/messages")
	for turn := 1; turn < 12; turn++ {
		var b strings.Builder
		b.WriteString(`{"model":"m","max_tokens":1,"messages":[`)
		for i := range 2 * turn {
			if i > 0 {
				b.WriteByte(',')
			}
			mark := ""
			if i >= 2*turn-3 {
				mark = `,"cache_control":{"type":"ephemeral"}`
			}
			fmt.Fprintf(&b, `{"role":"user","content":[{"type":"text","text":%s%s}]}`, quoted(fmt.Sprintf("Write to ann%d@firma.de. %s", i, filler)), mark)
		}
		b.WriteString(`]}`)
		got, want := exchangeOf(t, m, mask.Scope{}, f, b.String(), true), exchangeOf(t, m, mask.Scope{}, f, b.String(), false)
		if turn > 6 && got.resumed < b.Len()/3 {
			t.Errorf("turn %d: %d of %d bytes were resumed", turn, got.resumed, b.Len())
		}
		if got.resumed = 0; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("turn %d is another one", turn)
		}
	}
}

// TestNobodyResumesWhatIsAnothers holds that what is known of a body is for the same
// tenant, API and policy.
func TestNobodyResumesWhatIsAnothers(t *testing.T) {
	m, other := pastMasker(t, func(*mask.Config) {}), pastMasker(t, func(*mask.Config) {})
	body := paged("", "", "hi", "hello", "well", "Write to bob@firma.de.")
	f := wire.For(chatPath)
	exchangeOf(t, m, mask.Scope{Tenant: "a"}, f, body, true)
	for name, resumed := range map[string]int{
		"another tenant":       exchangeOf(t, m, mask.Scope{Tenant: "b"}, f, body, true).resumed,
		"another API":          exchangeOf(t, m, mask.Scope{Tenant: "a"}, wire.For("/v1/messages"), body, true).resumed,
		"another policy":       exchangeOf(t, other, mask.Scope{Tenant: "a"}, f, body, true).resumed,
		"another conversation": -exchangeOf(t, m, mask.Scope{Tenant: "a", Conversation: "c"}, f, body, true).resumed,
	} {
		if resumed > 0 || name == "another conversation" && resumed == 0 {
			t.Errorf("%s: %d bytes were resumed", name, resumed)
		}
	}
	s := m.Session(t.Context(), mask.Scope{Tenant: "a"})
	defer s.Close()
	if err := s.SetMode(mask.ModeBlock); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Read(nil, []byte(body), &wire.Reading{Text: s.Mask, Part: s.Part, Past: s}); err != nil || len(s.Masked()) == 0 {
		t.Error("in another mode nothing was found")
	}
}

// FuzzResume holds the same for whatever bytes follow one another.
func FuzzResume(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed)
	}
	m := pastMasker(f, func(*mask.Config) {})
	f.Fuzz(func(t *testing.T, seed uint64) { play(t, m, seed, 8) })
}

// TestResumeTogether holds the same where several go on from one turn at once.
func TestResumeTogether(t *testing.T) {
	m := pastMasker(t, func(c *mask.Config) { c.Model = false })
	f := wire.For(chatPath)
	texts := []string{"hi", "hello", "well", "Write to bob@firma.de."}
	exchangeOf(t, m, mask.Scope{}, f, paged("", "", texts...), true)
	var resumed atomic.Int32
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			own := slices.Clone(texts)
			for turn := range 6 {
				own = append(own, fmt.Sprintf("my ssn is 5362287%d%d, or ann%d@firma.de", i, turn, i))
				body := paged("", "", own...)
				got, want := exchangeOf(t, m, mask.Scope{}, f, body, true), exchangeOf(t, m, mask.Scope{}, f, body, false)
				if got.resumed > 0 {
					resumed.Add(1)
				}
				if got.resumed = 0; fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("%d, turn %d is another one", i, turn)
				}
			}
		})
	}
	wg.Wait()
	if n := resumed.Load(); n < 12 { // The first turn may be forgotten before all went on from it.
		t.Errorf("%d requests of 24 were resumed", n)
	}
}
