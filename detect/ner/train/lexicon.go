package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"maskit/detect/ner"
)

// lists are what lists.mjs and the command in morph wrote: by list and locale.
type lists map[string]map[string][]string

func readLists(dir string) (lists, error) {
	all := lists{}
	for _, name := range []string{"lists.json", "morph.json"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		var l lists
		if err := json.Unmarshal(data, &l); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for list, byLocale := range l {
			if all[list] == nil {
				all[list] = map[string][]string{}
			}
			maps.Copy(all[list], byLocale)
		}
	}
	return all, nil
}

// memberships says which list of the model each list is.
var memberships = []struct {
	list    string
	locales []string // all if empty
	flag    ner.Info
}{
	{"first", nil, ner.ListFirst},
	{"female", nil, ner.ListFirst},
	{"male", nil, ner.ListFirst},
	{"lexicon", []string{"MaleName", "FemaleName", "FirstName"}, ner.ListFirst},
	{"last", nil, ner.ListLast},
	{"lexicon", []string{"LastName"}, ner.ListLast},
	{"human", nil, ner.ListHuman},
	{"place", []string{"huge", "large"}, ner.ListCity},
	{"lexicon", []string{"City"}, ner.ListCity},
	{"place", []string{"town"}, ner.ListTown},
	{"toponym", nil, ner.ListTown},
	{"word", nil, ner.ListCommon},
	{"city", nil, ner.ListTown},
	{"country", nil, ner.ListCountry},
	{"region", nil, ner.ListCountry},
	{"lexicon", []string{"Country", "Region"}, ner.ListCountry},
	{"company", nil, ner.ListOrg},
	{"lexicon", []string{"Organization", "SportsTeam"}, ner.ListOrg},
	{"job", nil, ner.ListJob},
	{"lexicon", []string{"Actor"}, ner.ListJob},
	{"lexicon", []string{"Demonym"}, ner.ListDemonym},
	{"streetSuffix", nil, ner.ListStreet},
	{"streetPrefix", nil, ner.ListStreet},
	{"title", nil, ner.ListTitle},
	{"lexicon", []string{"Honorific"}, ner.ListTitle},
}

// lexicon returns the entries of the model's table of words.
func lexicon(l lists, dict string, clusters map[string]uint32) (map[string]ner.Info, error) {
	entries := map[string]ner.Info{}
	add := func(word string, flag ner.Info) {
		if word = strings.ToLower(strings.TrimSpace(word)); len(word) > 1 && len(word) < 48 {
			entries[word] |= flag
			if plain := unaccented(word); plain != word {
				entries[plain] |= flag
			}
		}
	}
	for _, m := range memberships {
		for locale, words := range l[m.list] {
			if m.locales != nil && !slices.Contains(m.locales, locale) {
				continue
			}
			for _, w := range words {
				if m.flag&(ner.ListFirst|ner.ListHuman) != 0 && (len(w) < 3 || strings.ContainsRune(w, '.')) {
					continue
				}
				add(w, m.flag)
				if m.flag == ner.ListDemonym || m.flag == ner.ListJob {
					add(w+"s", m.flag)
				}
			}
		}
	}
	for _, s := range scowl {
		if err := readWords(filepath.Join(dict, s.file), func(w string) {
			if first := []rune(w)[0]; unicode.IsLower(first) == (s.flag != ner.ListProper) && !strings.Contains(w, "'") {
				add(w, s.flag)
			}
		}); err != nil {
			return nil, err
		}
	}
	for _, line := range l["spoken"]["all"] {
		w, count, _ := strings.Cut(line, "\t")
		n, err := strconv.Atoi(count)
		if err != nil || w == "" {
			return nil, errors.New("lists.json: spoken: expected a word and its count")
		}
		lower := unicode.IsLower([]rune(w)[0])
		known := entries[strings.ToLower(w)]
		switch {
		case lower && n >= 60 && known&(ner.ListFirst|ner.ListLast|ner.ListHuman) == 0:
			add(w, ner.ListCommon)
		case !lower && n >= 3 && known&(ner.ListCommon|ner.ListRare) == 0:
			add(w, ner.ListProper)
		}
	}
	const others = ner.ListFirst | ner.ListLast | ner.ListHuman | ner.ListCommon | ner.ListRare | ner.ListProper
	for _, w := range l["software"]["all"] {
		if entries[strings.ToLower(w)]&(others|ner.ListCity|ner.ListTown|ner.ListCountry) == 0 {
			add(w, ner.ListRare)
		}
	}
	for _, w := range l["place"]["small"] {
		if entries[strings.ToLower(w)]&others == 0 && len(w) > 3 {
			add(w, ner.ListTown)
		}
	}
	for w, c := range clusters {
		entries[w] |= ner.Info(c) << ner.ClusterShift
	}
	return entries, nil
}

// scowl are the word lists of Debian's package of that name.
var scowl = []struct {
	file string
	flag ner.Info
}{
	{"english-words.10", ner.ListCommon},
	{"english-words.20", ner.ListCommon},
	{"english-words.35", ner.ListCommon},
	{"american-words.10", ner.ListCommon},
	{"american-words.20", ner.ListCommon},
	{"american-words.35", ner.ListCommon},
	{"british-words.10", ner.ListCommon},
	{"british-words.20", ner.ListCommon},
	{"british-words.35", ner.ListCommon},
	{"english-words.40", ner.ListRare},
	{"english-words.50", ner.ListRare},
	{"english-words.55", ner.ListRare},
	{"english-words.60", ner.ListRare},
	{"english-words.70", ner.ListRare},
	{"american-words.50", ner.ListRare},
	{"british-words.50", ner.ListRare},
	{"english-proper-names.50", ner.ListProper},
	{"english-upper.50", ner.ListProper},
}

// readWords calls use for each line of a file of words in Latin-1.
func readWords(name string, use func(string)) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("%w (Debian's package scowl has it)", err)
	}
	for line := range strings.Lines(string(data)) {
		runes := make([]rune, 0, len(line))
		for _, c := range []byte(strings.TrimSpace(line)) {
			runes = append(runes, rune(c))
		}
		if len(runes) > 0 {
			use(string(runes))
		}
	}
	return nil
}

// accents are the letters that people write without their accent.
var accents = strings.NewReplacer(
	"á", "a", "à", "a", "â", "a", "ã", "a", "å", "a", "ä", "a", "ā", "a", "ą", "a", "ă", "a", "ç", "c", "ć", "c", "č", "c",
	"ď", "d", "é", "e", "è", "e", "ê", "e", "ë", "e", "ě", "e", "ę", "e", "ē", "e", "ğ", "g", "í", "i", "ì", "i", "î", "i",
	"ï", "i", "ī", "i", "ı", "i", "ł", "l", "ñ", "n", "ń", "n", "ň", "n", "ó", "o", "ò", "o", "ô", "o", "õ", "o", "ö", "o",
	"ø", "o", "ő", "o", "ř", "r", "ś", "s", "š", "s", "ş", "s", "ș", "s", "ß", "ss", "ť", "t", "ț", "t", "ţ", "t", "ú", "u",
	"ù", "u", "û", "u", "ü", "u", "ů", "u", "ű", "u", "ū", "u", "ý", "y", "ÿ", "y", "ź", "z", "ż", "z", "ž", "z",
)

func unaccented(s string) string { return accents.Replace(s) }

// dims is the length of GloVe's vectors.
const dims = 100

// readVectors reads the words of vectors.bin that are one token, the most
// frequent first, with their vectors at length 1.
func readVectors(dir string, most int) (words []string, vectors [][dims]float32, err error) {
	f, err := os.Open(filepath.Join(dir, "vectors.bin"))
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	in := bufio.NewReader(f)
	for len(words) < most {
		n, err := in.ReadByte()
		if err != nil {
			break // the end
		}
		word := make([]byte, n)
		var v [dims]float32
		if err := binary.Read(in, binary.LittleEndian, word); err != nil {
			return nil, nil, err
		}
		if err := binary.Read(in, binary.LittleEndian, &v); err != nil {
			return nil, nil, err
		}
		if strings.ContainsFunc(string(word), func(r rune) bool { return !unicode.IsLetter(r) }) {
			continue
		}
		scaleTo1(&v)
		words, vectors = append(words, string(word)), append(vectors, v)
	}
	return words, vectors, nil
}

// scaleTo1 makes a vector one of length 1.
func scaleTo1(v *[dims]float32) {
	sum := 0.0
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(sum) + 1e-9)
	}
}
