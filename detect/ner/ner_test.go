package ner

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

func load(t testing.TB) *Model {
	t.Helper()
	m, err := Default()
	if errors.Is(err, ErrNoModel) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var classSigns = [NumClasses]string{"P", "L", "O", "A"}

// marked returns text with P«...» around each person, and so on.
func marked(m *Model, text string) string {
	var b strings.Builder
	at := 0
	for _, e := range m.Find(nil, []byte(text)) {
		b.WriteString(text[at:e.Start] + classSigns[e.Class] + "«" + text[e.Start:e.End] + "»")
		at = e.End
	}
	return b.String() + text[at:]
}

// unmarked takes the marks out.
var unmarked = strings.NewReplacer("P«", "", "L«", "", "O«", "", "A«", "", "»", "")

// TestFind holds what any model must find, and leave.
func TestFind(t *testing.T) {
	m := load(t)
	for _, want := range []string{
		"ask P«Maria» about the P«Delgado» account",
		"My name is P«Jennifer Thompson» and I live in L«Chicago».",
		"Dear Dr. P«Smith»,\n\nthank you for your letter.",
		`{"first_name": "P«Hiroshi»", "last_name": "P«Tanaka»", "city": "L«Osaka»"}`,
		"P«Michael O'Brien»'s flight to L«New York» was late.",
		"Best regards,\nP«Sarah Miller»",
		"Mein Name ist P«Thomas Müller» und ich wohne in L«München».",
		"P«김민수»가 내일 회의에 참석합니다.",
		"The meeting on Monday is about the Quarterly Report.",
		"Please summarise the text below in three bullet points.",
		"In March we moved the servers to Kubernetes.",
		"func (s *Server) Close() error { return s.listener.Close() }",
		"12 34 56 78 90 3.14159 2.71828",
		"",
	} {
		if got := marked(m, unmarked.Replace(want)); got != want {
			t.Errorf("found %s", got)
		}
	}
}

// TestSecondMention holds that a person is found again by a part of the name.
func TestSecondMention(t *testing.T) {
	m := load(t)
	text := "We spoke with Ms. Amelia Hartwright on Friday. According to HARTWRIGHT the offer stands; amelia will sign. Zone Hartwright's plan."
	got := marked(m, text)
	if strings.Count(strings.ToLower(got), "«hartwright»") < 2 || !strings.Contains(got, "P«amelia»") {
		t.Errorf("found %s", got)
	}
}

func TestFindKeepsDst(t *testing.T) {
	own := Entity{Start: 7, End: 9, Class: Address, Score: 1}
	got := load(t).Find([]Entity{own}, []byte("my name is Jennifer Thompson"))
	if len(got) != 2 || got[0] != own {
		t.Errorf("got %v", got)
	}
}

// TestFindAtOnce runs one model in many goroutines; the race detector watches.
func TestFindAtOnce(t *testing.T) {
	m := load(t)
	text := []byte("My name is Jennifer Thompson and I live in Chicago.")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				if n := len(m.Find(nil, text)); n != 2 {
					t.Errorf("%d entities", n)
					return
				}
			}
		})
	}
	wg.Wait()
}

func TestFindAllocatesNothing(t *testing.T) {
	m := load(t)
	text := []byte(strings.Repeat("My name is Jennifer Thompson and I live in Chicago. Please call me tomorrow.\n", 20))
	dst := m.Find(nil, text)
	least := 1e9 // The race detector lets pools forget at times.
	for range 20 {
		least = min(least, testing.AllocsPerRun(1, func() { dst = m.Find(dst[:0], text) }))
	}
	if least > 0 {
		t.Errorf("%v allocations", least)
	}
}

// TestLongText holds that a text of many pieces is looked at to its end.
func TestLongText(t *testing.T) {
	m := load(t)
	line := "The committee will meet again when the weather is better, as was said.\n"
	text := []byte(strings.Repeat(line, 2000) + "My name is Jennifer Thompson.")
	found := m.Find(nil, text)
	if len(found) == 0 || string(text[found[len(found)-1].Start:found[len(found)-1].End]) != "Jennifer Thompson" {
		t.Errorf("%d entities, %v", len(found), found[max(0, len(found)-1):])
	}
	if found := m.Find(nil, bytes.Repeat([]byte("Maria"), 1<<18)); len(found) != 0 {
		t.Errorf("%d entities in a word of a megabyte", len(found))
	}
	m.Find(nil, bytes.Repeat([]byte("Maria "), 1<<16)) // One run of names.
}

func FuzzFind(f *testing.F) {
	for _, s := range []string{
		"ask Maria about the Delgado account", "김민수가 박지영 씨와", "O'Brien’s “Jane”—Doe, J. K.", "\xff\xfeMaria\xc3", "a\u0301 É İ ß ŉ",
		"田中さんは東京に Dr. 김", "x@y.z Maria://a/b maria_callas", strings.Repeat("Jane Doe\n", 50), "'s 's's ''", "12 Elm St\nSpringfield, IL 62704\n\nA",
	} {
		f.Add([]byte(s))
	}
	m := load(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		last := 0
		for _, e := range m.Find(nil, text) {
			if e.Start < last || e.End <= e.Start || e.End > len(text) || e.Class >= NumClasses || !(e.Score >= 0 && e.Score <= 1) {
				t.Fatalf("[%d:%d] class %d score %v after %d in %d bytes", e.Start, e.End, e.Class, e.Score, last, len(text))
			}
			if utf8.Valid(text) && !(utf8.RuneStart(text[e.Start]) && (e.End == len(text) || utf8.RuneStart(text[e.End]))) {
				t.Fatalf("[%d:%d] cuts a character", e.Start, e.End)
			}
			last = e.End
		}
	})
}

// TestDamagedFile holds that a file that is not whole is refused.
func TestDamagedFile(t *testing.T) {
	load(t)
	for name, file := range map[string][]byte{
		"empty":         nil,
		"another":       []byte("maskit names 9\n" + string(modelFile[len(magic):])),
		"cut":           modelFile[:len(modelFile)-1],
		"cut to a head": modelFile[:len(magic)+5],
		"changed":       append(bytes.Clone(modelFile[:len(modelFile)-1]), modelFile[len(modelFile)-1]^1),
	} {
		if m, err := Read(file); err == nil || m != nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestSenders holds that names before addresses of mail are found whole.
func TestSenders(t *testing.T) {
	m := load(t)
	for text, want := range map[string]string{
		`"Spahnn, Les" <spahnn@hnks.example>`:                      "Spahnn, Les",
		`From: Vangie McGilloway [mailto:vangie@powersrc.example]`: "Vangie McGilloway",
		`to Zqorv Blint <z.blint@mail.example>, you`:               "Zqorv Blint",
		`'Zqorv' <zqorv@mail.example> wrote`:                       "Zqorv",
		`a < b and c[d@e]`:                                         "",
	} {
		got := ""
		for _, e := range m.Find(nil, []byte(text)) {
			if e.Class == Person {
				got += text[e.Start:e.End]
			}
		}
		if got != want {
			t.Errorf("%d characters: found %d, want %d", len(text), len(got), len(want))
		}
	}
}

// TestSmallTables holds that tables are written and read as they are, and that
// wrong ones are refused.
func TestSmallTables(t *testing.T) {
	small := func() *Tables {
		w, err := NewWords(map[string]Info{"maria": ListFirst, "new york": ListCity, "york": ListCity})
		if err != nil {
			t.Fatal(err)
		}
		tables := &Tables{Unit: 0.1, Rows: bytes.Repeat(PackRow(nil, new([numTags]int)), 2)}
		w.Tables(tables)
		return tables
	}
	var file bytes.Buffer
	if err := small().Write(&file); err != nil {
		t.Fatal(err)
	}
	m, err := Read(file.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for word, lists := range map[string]Info{"maria": ListFirst, "york": ListCity, "new": ListBegin & allLists, "callas": 0} {
		if got := m.Lists(word); got != lists {
			t.Errorf("%s is on lists %b, want %b", word, got, lists)
		}
	}
	if found := m.Find(nil, []byte("Maria Callas")); len(found) != 0 {
		t.Errorf("a model without weights found %v", found)
	}
	for name, spoil := range map[string]func(*Tables){
		"unit":    func(t *Tables) { t.Unit = 0 },
		"rows":    func(t *Tables) { t.Rows = t.Rows[:rowSize] },
		"row":     func(t *Tables) { t.Rows = t.Rows[:2*rowSize-1] },
		"buckets": func(t *Tables) { t.words.starts = t.words.starts[:8] },
		"end":     func(t *Tables) { t.words.starts[8] = 9 },
		"order":   func(t *Tables) { t.words.starts[3] = 1 },
		"infos":   func(t *Tables) { t.words.infos = nil },
		"entry":   func(t *Tables) { t.words.entries = t.words.entries[1:] },
	} {
		tables := small()
		spoil(tables)
		if _, err := tables.Model(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestSum compares the sums of all weights at once with plain ones.
func TestSum(t *testing.T) {
	var plain [64][numTags]int
	var rows []byte
	for r := range plain {
		for s := range plain[r] {
			plain[r][s] = (r*r*7+s*3+r>>3)%(2*MostWeight+1) - MostWeight
		}
		rows = PackRow(rows, &plain[r])
	}
	w := weights{rows, 32 - 6}
	f := features{n: maxFeatures}
	for i := range f.rows {
		f.rows[i] = uint32(i) * 2654435761
	}
	var got, want [numStates]int32
	w.sum(&f, &got)
	for _, h := range f.rows {
		for s := range numTags {
			want[s] += int32(plain[h>>26][s]) * WeightUnits
		}
	}
	if got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

// chat is about 2 KB of what people send.
var chat = strings.Repeat(`Hi, this is Jennifer Thompson from the Chicago office. I talked to Dr. Ahmed Hassan about the delivery last week,
and he told me that the parcel was left with a neighbour at 12 Elm Street. Could you please write a short and friendly
reply that says we are sorry, and that Maria Delgado will call him back on Monday morning? Keep it under a hundred words,
do not promise a refund, and use the same tone as in the last message. Thanks a lot for your help with this!
`, 5)[:2048]

func BenchmarkChat(b *testing.B) {
	m := load(b)
	text := []byte(chat)
	var dst []Entity
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		dst = m.Find(dst[:0], text)
	}
	b.ReportMetric(float64(len(strings.Fields(chat)))*float64(b.N)/b.Elapsed().Seconds(), "words/s")
}

func BenchmarkRead(b *testing.B) {
	load(b)
	for b.Loop() {
		if _, err := Read(modelFile); err != nil {
			b.Fatal(err)
		}
	}
}
