package mask

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// pastOf makes a past of the first size bytes of a body.
func pastOf(ps *pasts, body []byte, size int) *past {
	return &past{tenant: "t", format: "f", from: 5, size: size, sums: ps.sumsOf(body[:size], nil)}
}

// of leaves out whether more was known.
func of(p *past, _ bool) *past { return p }

// TestPastsAreFoundByEveryByte holds that what is found is the same byte for byte, and
// the longest of what is known lately.
func TestPastsAreFoundByEveryByte(t *testing.T) {
	ps := newPasts()
	body := bytes.Repeat([]byte("some words and others; "), 4000)
	short := pastOf(ps, body, 70_000)
	ps.put(short, nil, false, body)
	long := pastOf(ps, body, 90_000)
	ps.put(long, short, false, body)
	if got := of(ps.find("t", "f", body, 5)); got != long {
		t.Error("the longest was not found")
	}
	if got := of(ps.find("t", "f", body[:80_000], 5)); got != short {
		t.Error("what a shorter body begins with was not found")
	}
	for _, at := range []int{0, 1, pastBlock - 1, pastBlock, 69_999} {
		body[at] ^= 1
		if of(ps.find("t", "f", body, 5)) != nil {
			t.Errorf("found although byte %d differs", at)
		}
		body[at] ^= 1
	}
	body[70_000] ^= 1
	if got := of(ps.find("t", "f", body, 5)); got != short {
		t.Error("what came before a change was not found")
	}
	for name, got := range map[string]*past{
		"another tenant": of(ps.find("u", "f", body, 5)), "another format": of(ps.find("t", "g", body, 5)), "another array": of(ps.find("t", "f", body, 6)),
	} {
		if got != nil {
			t.Error(name)
		}
	}
	ps.drop(short)
	if of(ps.find("t", "f", body, 5)) != nil {
		t.Error("what was dropped was found")
	}
}

// TestSumsGoOn holds that the hashes of a body that has grown are those of the whole.
func TestSumsGoOn(t *testing.T) {
	ps := newPasts()
	body := bytes.Repeat([]byte("0123456789"), 10_000)
	for _, size := range []int{1, pastBlock - 1, pastBlock, pastBlock + 1, 3 * pastBlock, len(body)} {
		for _, more := range []int{size, size + 1, min(len(body), size+pastBlock), len(body)} {
			if more > len(body) {
				continue
			}
			old := ps.sumsOf(body[:size], nil)
			if !slices.Equal(ps.sumsOf(body[:more], old[:size/pastBlock*sumSize]), ps.sumsOf(body[:more], nil)) {
				t.Errorf("from %d to %d", size, more)
			}
		}
	}
}

// TestPastsAreBounded holds that conversations that nobody goes on with make room, and
// that one alone does not fill it.
func TestPastsAreBounded(t *testing.T) {
	ps := newPasts()
	kept := bytes.Repeat([]byte("kept"), 1000)
	ps.put(pastOf(ps, kept, len(kept)-1), nil, false, kept)
	for i := range 1000 {
		body := bytes.Repeat(fmt.Appendf(nil, "%4d", i), 1000)
		p := pastOf(ps, body, len(body)-1)
		p.words = make([]uint32, 10_000)
		ps.put(p, nil, false, body)
		if of(ps.find("t", "f", kept, 5)) == nil {
			t.Fatalf("what is asked for was dropped after %d others", i)
		}
	}
	lines := map[*line]bool{}
	for _, generation := range []map[uint64][]*line{ps.young, ps.old} {
		for _, of := range generation {
			for _, l := range of {
				lines[l] = true
			}
		}
	}
	weight := 0
	for l := range lines {
		weight += l.weight
	}
	if weight < pastWeight/4 || weight > pastWeight {
		t.Errorf("it holds %d bytes of %d", weight, pastWeight)
	}
	huge := pastOf(ps, kept, len(kept)-2)
	huge.words = make([]uint32, pastWeight)
	ps.drop(of(ps.find("t", "f", kept, 5)))
	ps.put(huge, nil, false, kept)
	if of(ps.find("t", "f", kept, 5)) != nil {
		t.Error("one conversation may fill it")
	}
}

// TestPastsAreForgotten holds that nothing is kept longer than cacheTTL after it was
// asked for.
func TestPastsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ps := newPasts()
		body := bytes.Repeat([]byte("kept"), 1000)
		ps.put(pastOf(ps, body, len(body)-1), nil, false, body)
		for range 5 {
			time.Sleep(cacheTTL / 3)
			if of(ps.find("t", "f", body, 5)) == nil {
				t.Fatal("what is asked for was forgotten")
			}
		}
		time.Sleep(cacheTTL)
		if of(ps.find("t", "f", body, 5)) != nil {
			t.Error("it was kept for too long")
		}
	})
}

// TestGrow holds that two that go on from one list do not write over each other.
func TestGrow(t *testing.T) {
	list := append(make([]int, 0, 10), 1, 2)
	a := grow(list, true, 3)
	b := grow(list, false, 4)
	if !slices.Equal(a, []int{1, 2, 3}) || !slices.Equal(b, []int{1, 2, 4}) || !slices.Equal(list, []int{1, 2}) {
		t.Error(a, b, list)
	}
}

// TestWordsTellWhatCannotStand holds that a value is found in a text only if all its
// words are among those of the text.
func TestWordsTellWhatCannotStand(t *testing.T) {
	m := carrying(t, nil)
	for _, text := range []string{"Is Lindqvist in?", "KATARZYNA   LINDQVIST, Renée; 536 228-726", "x536228726", "in 서울의 김민수", "a \u2014 b \"q\"", ""} {
		var words []uint32
		eachWord([]byte(text), func(h uint64) { words = append(words, wordOf(h)) })
		slices.Sort(words)
		for _, value := range []string{"Lindqvist", "katarzyna lindqvist", "536228726", "536 228-726", "김민수", "Renée;", "b \"q", "\u2014"} {
			var k values
			for _, v := range m.related.Variants(nil, "PERSON", []byte(value)) {
				k.add(v, "PERSON", 0)
			}
			found := len(k.find(nil, []byte(text))) > 0
			var need []uint32
			for _, v := range k.list {
				need = appendNeed(need, v.text)
			}
			may := mayStand(need, func(w uint32) bool { _, ok := slices.BinarySearch(words, w); return ok })
			if found && !may {
				t.Errorf("%q stands in %q, and its words do not", value, text)
			}
		}
	}
}

// TestTokensOfOneHash holds that a token is told from another one of the same hash.
func TestTokensOfOneHash(t *testing.T) {
	const hash = 0xabcdef0123456789
	p := &past{values: []pastValue{{token: "EMAIL2BBBBBBB"}, {token: "EMAIL3BBBBBBB"}}, byToken: []uint64{placed(hash, 0), placed(hash, 1)}}
	for token, want := range map[string]int{"EMAIL2BBBBBBB": 0, "EMAIL3BBBBBBB": 1, "EMAIL4BBBBBBB": -1} {
		if got := p.tokenAt(hash, []byte(token)); got != want {
			t.Errorf("%s is at %d", token, got)
		}
	}
	if p.tokenAt(hash+maxPlaces, []byte("EMAIL2BBBBBBB")) != -1 {
		t.Error("it was found under another hash")
	}
}

// TestEditsAreForgotten holds that what was put in where less was put in later is not
// held by a session that has ended.
func TestEditsAreForgotten(t *testing.T) {
	var r resumption
	r.region.edits = append(r.region.edits, pastEdit{1, 2, "EMAIL2BBBBBBB"})
	r.again()
	r.forget()
	if e := r.region.edits[:1]; e[0].with != "" {
		t.Error("it is still held")
	}
}
