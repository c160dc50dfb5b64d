package mask

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"maskit/detect"
	"maskit/vault"
)

// A surrogate stands for a value as a token does, and is found on the way back.
// It shows itself by nothing: which ones there are only the session knows, from
// what it masked and from the turns that it goes on from. So those of another
// exchange of a conversation, which clients send again with its values, are not
// looked for.
//
// A surrogate that stands in a text of its own accord, or arises where a value
// was taken out, would come back as a value that was never there. Settle looks
// for both in the texts as they would leave, and exchanges it.

// surrogates are those of a session, made ready to be found.
type surrogates struct {
	list   []surrogate // sorted by folded
	starts [256]bool   // bytes with which one begins, folded
	firsts [128]uint64 // a bit for each three bytes with which one begins, by roll
}

// roll returns the hash of the last three bytes, folded, of which c is the last; h is
// that of the three before c.
func roll(h uint, c byte) uint { return (h<<5 ^ uint(foldedByte[c])) % 8192 }

type surrogate struct {
	folded string // as seen by foldedByte
	text   string // as it was sent
}

// foldedByte is how surrogates are compared: letter case aside, and a line break
// is a space.
var foldedByte = func() (t [256]byte) {
	for c := range t {
		switch b := byte(c); {
		case 'A' <= b && b <= 'Z':
			t[c] = b | 0x20
		case b == '\n' || b == '\t' || b == '\r':
			t[c] = ' '
		default:
			t[c] = b
		}
	}
	return t
}()

func foldedText(s string) string {
	b := []byte(s)
	for i, c := range b {
		b[i] = foldedByte[c]
	}
	return string(b)
}

// newSurrogates makes texts ready; nil if there are none.
func newSurrogates(texts []string) *surrogates {
	if len(texts) == 0 {
		return nil
	}
	f := &surrogates{}
	for _, t := range texts {
		folded := foldedText(t)
		f.list = append(f.list, surrogate{folded, t})
		f.starts[folded[0]] = true
		if len(t) < 3 { // No faker makes one.
			for k := range f.firsts {
				f.firsts[k] = math.MaxUint64
			}
			continue
		}
		h := roll(roll(roll(0, t[0]), t[1]), t[2])
		f.firsts[h/64] |= 1 << (h % 64)
	}
	slices.SortFunc(f.list, func(a, b surrogate) int { return cmp.Compare(a.folded, b.folded) })
	return f
}

// sighting is a surrogate in a text: text[start:end].
type sighting struct {
	start, end int
	text       string // as it was sent
}

// next finds the first surrogate at or after from; of several that begin there
// the longest. open is where the text may end in the midst of one that would come
// before it or go beyond it; len(text) if it does not, or if last says that
// nothing follows.
func (f *surrogates) next(prev byte, text []byte, from int, last bool) (s sighting, ok bool, open int) {
	for i := f.mayBegin(text, from); i < len(text); i = f.mayBegin(text, i+1) {
		if i > 0 {
			prev = text[i-1]
		}
		end, sent, cut := f.at(text, i, isWord(prev))
		if cut && !last {
			return sighting{}, false, i
		}
		if end > 0 {
			return sighting{i, end, sent}, true, len(text)
		}
	}
	return sighting{}, false, len(text)
}

// mayBegin returns where, from i on, a surrogate may begin, by its first three bytes;
// len(text) if nowhere.
func (f *surrogates) mayBegin(text []byte, i int) int {
	if i+2 < len(text) {
		h := roll(roll(0, text[i]), text[i+1])
		for i += 2; i < len(text); i++ {
			if h = roll(h, text[i]); f.firsts[h/64]>>(h%64)&1 != 0 {
				return i - 2
			}
		}
		i -= 2
	}
	for i < len(text) && !f.starts[foldedByte[text[i]]] {
		i++
	}
	return i
}

// at finds the longest surrogate that begins at i, in the midst of a word only
// letter by letter. cut says that a longer one may go on behind the text.
func (f *surrogates) at(text []byte, i int, strict bool) (end int, sent string, cut bool) {
	list := f.list
	for k := 0; ; k++ {
		for len(list) > 0 && len(list[0].folded) == k {
			if !strict || list[0].text == string(text[i:i+k]) {
				end, sent = i+k, list[0].text
			}
			list = list[1:]
		}
		if len(list) == 0 {
			return end, sent, false
		}
		if i+k == len(text) {
			return end, sent, !strict || slices.ContainsFunc(list, func(s surrogate) bool { return strings.HasPrefix(s.text, string(text[i:])) })
		}
		c := foldedByte[text[i+k]]
		lo, _ := slices.BinarySearchFunc(list, c, func(s surrogate, c byte) int { return cmp.Compare(s.folded[k], c) })
		hi, _ := slices.BinarySearchFunc(list, c, func(s surrogate, c byte) int {
			if s.folded[k] <= c {
				return -1
			}
			return 1
		})
		list = list[lo:hi]
	}
}

// surrogate appends the surrogate of a form of a value, for the attempt of its
// chain; nil if its kind has none, or no more.
func (s *Session) surrogate(kind detect.Kind, attempt int) []byte {
	purpose, ok := s.m.fakes[kind]
	if !ok || attempt >= maxFakes {
		return nil
	}
	return append(s.key[:0], fakers[kind](&dice{sum: s.tenant.Sum(purpose, s.form, attempt)})...)
}

// standing returns the surrogates that restoring would find where none was put,
// and those that are within a value: the model would take two people for one.
func (s *Session) standing() (wrong []string) {
	fakes := s.surrogates()
	if fakes == nil {
		return nil
	}
	for i := range s.entries {
		if f, ok, _ := fakes.next(0, []byte(s.entries[i].value), 0, true); ok {
			wrong = append(wrong, f.text)
		}
	}
	sent, places := s.asSent()
	defer clear(sent)
	for at := 0; ; {
		f, ok, _ := fakes.next(0, sent, at, true)
		if !ok {
			return wrong
		}
		for len(places) > 0 && places[0] < f.start {
			places = places[1:]
		}
		if len(places) == 0 || places[0] != f.start {
			if !slices.Contains(wrong, f.text) {
				wrong = append(wrong, f.text)
			}
		}
		at = f.end
	}
}

// surrogates returns the surrogates of this session and of the turns before it, nil
// if there are none.
func (s *Session) surrogates() *surrogates {
	if s.m.fakes == nil {
		return nil
	}
	if n := len(s.entries) + len(s.turn.before); !s.made.fresh || s.made.of != n {
		var all []string
		for i := range s.entries {
			if t := s.entries[i].token; !isToken(t) {
				all = append(all, t)
			}
		}
		for i := range s.turn.before {
			if t := s.turn.before[i].Token; !isToken(t) {
				all = append(all, t)
			}
		}
		s.made.all, s.made.of, s.made.fresh = newSurrogates(all), n, true
	}
	return s.made.all
}

// made are the surrogates that are ready.
type made struct {
	all   *surrogates
	of    int  // of how many values and turns
	fresh bool // none was exchanged since
}

// isToken tells a token from a surrogate: no surrogate ends as a token does.
func isToken(s string) bool {
	if len(s) < vault.CodeLen+3 {
		return false
	}
	for i, c := range []byte(s) {
		code := i - (len(s) - vault.CodeLen)
		if code < 0 && (c < 'A' || c > 'Z') || code >= 0 && !vault.IsCodeByte(c, code == 0) {
			return false
		}
	}
	return true
}
