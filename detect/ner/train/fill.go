package main

import (
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"
)

// filler fills templates with names of registry packages and with what is
// written in words.go.
type filler struct {
	lists lists
	r     *rand.Rand
	lang  string
	all   map[string][]string // lists by "list/lang", as they are first needed
}

func newFiller(l lists, r *rand.Rand) *filler {
	return &filler{lists: l, r: r, all: map[string][]string{}}
}

// locales are where the names of a language come from.
var locales = map[string][]string{
	"en": {"en", "en_US", "en_GB", "en_AU", "en_CA", "en_IE", "en_ZA"},
	"ko": {"ko"}, "ja": {"ja", "ja_dict"}, "zh": {"zh_CN", "zh_TW"},
	"de": {"de", "de_AT", "de_CH"}, "fr": {"fr", "fr_BE", "fr_CA", "fr_CH"}, "es": {"es", "es_MX"},
	"pt": {"pt_BR", "pt_PT"}, "it": {"it"}, "nl": {"nl", "nl_BE"}, "pl": {"pl"},
}

// latin are the locales whose names English texts may hold as well.
var latin = []string{
	"en_IN", "en_NG", "en_GH", "es", "es_MX", "de", "fr", "it", "pt_BR", "nl", "pl", "sv", "da", "nb_NO", "fi", "cs_CZ",
	"hr", "ro", "hu", "tr", "vi", "id_ID", "sk", "sl_SI", "zu_ZA", "yo_NG", "uz_UZ_latin", "cy", "af_ZA", "lv", "az",
}

// spaceless are the languages that write names without a space.
var spaceless = map[string]bool{"ko": true, "ja": true, "zh": true}

// of returns the values of a list in the filler's language.
func (f *filler) of(list string) []string { return f.in(list, f.lang) }

func (f *filler) in(list, lang string) []string {
	key := list + "/" + lang
	if v, ok := f.all[key]; ok {
		return v
	}
	var v []string
	names := locales[lang]
	if names == nil {
		names = []string{lang}
	}
	for _, l := range names {
		v = append(v, f.lists[list][l]...)
	}
	f.all[key] = v
	return v
}

// one returns a value of a list, of another language if there is none.
func (f *filler) one(list string) string {
	if v := f.of(list); len(v) > 0 {
		return pick(f.r, v)
	}
	return pick(f.r, f.in(list, "en"))
}

// fill makes a text of a template.
func (f *filler) fill(t template) example {
	f.lang = t.lang
	var b strings.Builder
	e := example{weight: 1}
	f.parts(&b, &e, t.parts)
	e.text = b.String()
	return e
}

func (f *filler) parts(b *strings.Builder, e *example, parts []part) {
	for _, p := range parts {
		switch {
		case p.choice != nil:
			f.parts(b, e, pick(f.r, p.choice))
		case p.josa[0] != "" || p.josa[1] != "":
			b.WriteString(particle(b.String(), p.josa))
		case p.slot == "address":
			f.address(b, e, p.filter)
		case p.slot != "":
			f.put(b, e, filtered(f.slot(p.slot), p.filter), slots[p.slot])
		default:
			f.put(b, e, p.text, p.label)
		}
	}
}

func (f *filler) put(b *strings.Builder, e *example, s, label string) {
	start := b.Len()
	b.WriteString(s)
	if c, ok := classes[label]; ok && s != "" {
		e.spans = append(e.spans, span{start, b.Len(), c})
	}
}

func filtered(s, filter string) string {
	switch filter {
	case "lower":
		return strings.ToLower(s)
	case "upper":
		return strings.ToUpper(s)
	case "caps":
		return titled(s)
	}
	return s
}

// titled begins each word with a capital letter.
func titled(s string) string {
	start := true
	return strings.Map(func(r rune) rune {
		if start {
			r = unicode.ToUpper(r)
		}
		start = !unicode.IsLetter(r) && r != '\'' && r != '’'
		return r
	}, s)
}

// particle chooses between the forms of a Korean particle by whether the last
// syllable ends with a consonant.
func particle(before string, forms [2]string) string {
	r, _ := utf8.DecodeLastRuneInString(before)
	if r < 0xac00 || r > 0xd7a3 {
		return forms[1]
	}
	final := (r - 0xac00) % 28
	if final == 0 || final == 8 && forms[0] == "으로" { // 서울로
		return forms[1]
	}
	return forms[0]
}

// slot returns what a slot is filled with.
func (f *filler) slot(name string) string {
	if make, ok := makers[name]; ok {
		return make(f)
	}
	return makers["noun"](f)
}
