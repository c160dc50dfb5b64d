package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Texts of other languages that name nobody: the help of an office suite, and
// sentences made of the words of a Korean dictionary.

// helpBytes is how much of the help of each language is taken.
const helpBytes = 60 << 10

var (
	tags   = regexp.MustCompile(`(?s)<(script|style|head)\b.*?</(script|style|head)>|<[^>]*>`)
	blanks = regexp.MustCompile(`[ \t\r]*\n\s*`)
)

// foreignTexts reads the files of Debian's packages below dir.
func foreignTexts(dir string, r *rand.Rand) ([]example, error) {
	langs, err := os.ReadDir(filepath.Join(dir, "usr/share/libreoffice/help"))
	if err != nil {
		return nil, fmt.Errorf("%w (make model fetches Debian's packages)", err)
	}
	var all []example
	for _, l := range langs {
		left := helpBytes
		if strings.HasPrefix(l.Name(), "ko") {
			left *= 3
		}
		root := filepath.Join(dir, "usr/share/libreoffice/help", l.Name(), "text")
		for _, name := range filesOf(root, []string{".html"}) {
			if left <= 0 {
				break
			}
			data, err := os.ReadFile(name)
			if err != nil {
				return nil, err
			}
			text := blanks.ReplaceAllString(tags.ReplaceAllString(string(data), ""), "\n")
			left -= len(text)
			all = append(all, example{text: text, weight: 0.5})
		}
	}
	dict, err := koreanDictionary(filepath.Join(dir, "usr/share/hunspell/ko.dic"))
	if err != nil {
		return nil, err
	}
	for range 7_000 {
		all = append(all, example{text: koreanSentence(dict, r), weight: 0.3})
	}
	return all, nil
}

// koreanDictionary returns the words of hunspell's dictionary, which writes
// syllables by their letters.
func koreanDictionary(name string) ([]string, error) {
	data, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w (make model fetches Debian's package hunspell-ko)", err)
	} else if err != nil {
		return nil, err
	}
	var words []string
	for line := range strings.Lines(string(data)) {
		word, _, _ := strings.Cut(strings.TrimSpace(line), "/")
		word = norm.NFC.String(word)
		if n := len([]rune(word)); n >= 2 && n <= 5 && strings.IndexFunc(word, func(r rune) bool { return r < 0xac00 || r > 0xd7a3 }) < 0 {
			words = append(words, word)
		}
	}
	return words, nil
}

// koreanSentence is some words with what hangs on words; it means nothing.
func koreanSentence(words []string, r *rand.Rand) string {
	var b strings.Builder
	for i := range 4 + r.IntN(8) {
		if i > 0 {
			b.WriteByte(' ')
		}
		w := pick(r, words)
		b.WriteString(w)
		switch x := r.Float64(); {
		case x < 0.35:
			josa := strings.Split(pick(r, josas), "/")
			b.WriteString(particle(w, [2]string{josa[0], josa[1]}))
		case x < 0.6:
			b.WriteString(pick(r, koreanEndings))
		}
	}
	b.WriteString(pick(r, []string{".", "다.", "요.", "", "?", "..."}))
	return b.String()
}

var koreanEndings = strings.Fields(`의 에 에서 에게 까지 부터 도 만 처럼 보다 마다 들 들이 들은 들을 하는 하고 하지 한 해서 했다 합니다 된 되는 됐다 인 이다 입니다 였다 적인 스러운 로서 라도 조차`)
