// Command morph writes what dictionaries of Korean and Japanese know of names
// and of words that are none, in the form of lists.mjs:
//
//	go run . DICT OUT
//
// DICT is the list of words of @node-rs/jieba, for Chinese; OUT the file to
// write. It is a module of its own, so that the program's does not need the
// dictionaries.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ikawaha/kagome-dict-ko"
	"github.com/ikawaha/kagome-dict/dict"
	"github.com/ikawaha/kagome-dict/ipa"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "morph:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	l := lists{}
	l.korean(ko.Dict())
	l.japanese(ipa.Dict())
	if err := l.chinese(args[0]); err != nil {
		return err
	}
	for _, byLang := range l {
		for lang, words := range byLang {
			slices.Sort(words)
			byLang[lang] = slices.Compact(words)
		}
	}
	data, err := json.Marshal(l)
	if err != nil {
		return err
	}
	return os.WriteFile(args[1], data, 0o644)
}

// lists are words by list and locale.
type lists map[string]map[string][]string

// add adds a word of two characters at least.
func (l lists) add(list, lang, word string) {
	if utf8.RuneCountInString(word) < 2 {
		return
	}
	if l[list] == nil {
		l[list] = map[string][]string{}
	}
	l[list][lang] = append(l[list][lang], word)
}

// usual is what mecab-ko-dic says a word costs that nobody has counted: what
// costs less is frequent.
const usual = 2639

// korean reads mecab-ko-dic: part of speech, meaning, presence of a final
// consonant, word, type, first and last part, parts.
func (l lists) korean(d *dict.Dict) {
	frequent, surnames := map[string]bool{}, map[string]int{}
	for i := range d.Morphs {
		e := entryOf(d, i)
		switch {
		case e.pos == "NNG" && e.cost < usual:
			frequent[e.word] = true
		case e.person() && utf8.RuneCountInString(e.word) == 3:
			first, _ := cut(e.word)
			surnames[first]++
		}
	}
	for i := range d.Morphs {
		e := entryOf(d, i)
		switch {
		case e.person() && !frequent[e.word]:
			l.koreanName(e, surnames)
		case e.pos == "NNP" && e.meaning == "지명" && !frequent[e.word] && !strings.HasSuffix(e.word, "리"): // villages
			l.add("toponym", "ko", e.word)
		case e.pos == "NNG" && (e.cost < usual || e.cost > usual && e.kind == "*"):
			l.add("word", "ko", e.word)
		case utf8.RuneCountInString(e.word) > 4:
		case strings.HasPrefix(e.pos, "V") || strings.HasPrefix(e.pos, "MA") || e.pos == "XR":
			l.add("word", "ko", e.word)
		}
	}
}

// entry is a word of mecab-ko-dic.
type entry struct {
	pos, meaning, word, kind, parts string
	cost                            int
}

func entryOf(d *dict.Dict, i int) entry {
	c := d.Contents[i]
	return entry{pos: posOf(d, i), meaning: c[0], word: c[2], kind: c[3], parts: c[6], cost: int(d.Morphs[i].Weight)}
}

func posOf(d *dict.Dict, i int) string {
	var names []string
	for _, p := range d.POSTable.POSs[i] {
		names = append(names, d.POSTable.NameList[p])
	}
	return strings.Join(names, "-")
}

func (e *entry) person() bool { return e.pos == "NNP" && e.meaning == "인명" }

// many is how many names begin with a syllable that is a family name.
const many = 100

// koreanName adds the given name of a Korean, the parts of a foreigner's name
// and the name as a whole, or a name that is no more than one word.
func (l lists) koreanName(e entry, surnames map[string]int) {
	if e.parts != "*" {
		var parts []string
		for p := range strings.SplitSeq(e.parts, "+") {
			word, _, _ := strings.Cut(p, "/")
			parts = append(parts, word)
			l.add("human", "ko", word)
		}
		l.add("foreign", "ko", strings.Join(parts, " "))
		return
	}
	if first, given := cut(e.word); utf8.RuneCountInString(e.word) == 3 && surnames[first] >= many {
		l.add("first", "ko_dict", given)
		return
	}
	l.add("human", "ko", e.word)
}

// cut parts the first character from the others.
func cut(s string) (first, rest string) {
	_, n := utf8.DecodeRuneInString(s)
	return s[:n], s[n:]
}

// japanese reads IPADIC, where the third content is the word as it is looked up.
func (l lists) japanese(d *dict.Dict) {
	for i := range d.Morphs {
		word := d.Contents[i][2]
		length := utf8.RuneCountInString(word)
		if word == "*" || length > 5 {
			continue
		}
		switch pos := posOf(d, i); {
		case strings.HasPrefix(pos, "名詞-固有名詞-人名-姓"):
			l.add("last", "ja_dict", word)
		case strings.HasPrefix(pos, "名詞-固有名詞-人名-名"):
			l.add("first", "ja_dict", word)
		case strings.HasPrefix(pos, "名詞-固有名詞-地域") && length == 2:
			l.add("toponym", "ja", word)
		case length > 2:
		case strings.HasPrefix(pos, "名詞-一般"), strings.HasPrefix(pos, "名詞-サ変接続"), strings.HasPrefix(pos, "名詞-形容動詞語幹"):
			l.add("word", "ja", word)
		}
	}
}

// counted is how often a Chinese word is counted that is frequent.
const counted = 300

// chinese reads lines of a word, how often it was counted, and what it is.
func (l lists) chinese(name string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(data)) {
		f := strings.Fields(line)
		if len(f) != 3 {
			return fmt.Errorf("%s: expected a word, a number and a tag", name)
		}
		n, err := strconv.Atoi(f[1])
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		switch length := utf8.RuneCountInString(f[0]); {
		case length > 6:
		case f[2] == "nrt":
			l.add("human", "zh", f[0])
		case f[2] == "ns":
			l.add("toponym", "zh", f[0])
		case !strings.HasPrefix(f[2], "nr") && n >= counted:
			l.add("word", "zh", f[0])
		}
	}
	return nil
}
