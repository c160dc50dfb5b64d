package detect

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// blockRules find addresses that run from the large to the small, as in eastern
// Asia, and the blocks of lines that a flat or an office belongs to.
var blockRules = []Rule{
	{
		Name: "street-kr", Kind: "STREET_ADDRESS", Score: 0.7,
		House: koreanStreet, Leads: "x",
		Hits: []string{"주소는 «서울특별시 강남구 테헤란로 123», 맞아요", "«경기도 성남시 분당구 판교역로 235, 5층»", "«부산광역시 해운대구 우동1로 20 101동 1203호»에", "«서울시 마포구 월드컵북로 56길 19»", "«강남구 역삼동 123-45»"},
		Misses: []string{
			"앞으로 3 개", "새로 12", "그 길로 5", "서울시 인구 900",
		},
	},
	{
		Name: "street-cjk", Kind: "STREET_ADDRESS", Score: 0.7,
		Block: hanStreet,
		Hits: []string{
			"住所は«東京都千代田区丸の内1-9-1»です", "«大阪府大阪市北区梅田3丁目1番3号»", "地址：«北京市朝阳区建国路88号»，谢谢", "«上海市浦东新区世纪大道100号»", "«台北市信義區信義路五段7號»",
			"«서울특별시 강남구 테헤란로123»",
		},
		Misses: []string{"第3章", "北京市5号线", "平成31年", "市区10公里", "東京都の1-2"},
	},
	{
		Name: "postal-jp", Kind: "STREET_ADDRESS", Score: 0.8,
		Shapes: []string{"3-4"},
		Valid:  mixed,
		Around: func(text []byte, start, _ int) bool {
			return bytes.HasSuffix(text[:start], []byte("〒")) || bytes.HasSuffix(text[:start], []byte("〒 "))
		},
		Hits:   []string{"〒«100-0005»", "〒 «530-0001»"},
		Misses: []string{"100-0005", "〒100-00055"},
	},
	{
		Name: "street-before-code", Kind: "STREET_ADDRESS", Score: 0.6,
		House: streetBeforeCode, Leads: ",",
		Hits: []string{
			"sie wohnt «Am Markt 3, 28195 Bremen» und", "in «Unter den Linden 77, 10117 Berlin»", "«C/ Mayor 12, 28013 Madrid»", "«Aleksanterinkatu 52, 00100 Helsinki»",
		},
		Misses: []string{"Seite 3, 28195 bytes", "on January 1, 1970 UTC it", "Copyright 2013, 2014 The Board", "Section 3, 28195", "version 3, 28195 Items"},
	},
	{
		Name: "street-ru", Kind: "STREET_ADDRESS", Score: 0.7,
		House: russianStreet, Leads: "x",
		Hits:   []string{"живу на «ул. Тверская, д. 7, кв. 12», да", "«улица Ленина 12»", "«пр. Мира, д. 101, корп. 2»"},
		Misses: []string{"стр. 12", "версия 7, д. 7", "улица 12"},
	},
	{
		Name: "unit-block", Kind: "STREET_ADDRESS", Score: 0.6,
		Words: []string{"suite", "apt", "apartment", "flat"},
		Match: unitBlock,
		Hits: []string{
			"«19 folkestone road\n suite 482» it is", "at «64 Boriñaur enparantza 29\n Suite 627» now", "to «66 gamla svedalavägen 75 suite 291, calino, republic of ireland 94165» please", ">«49 reykjarhóli 70\n>suite 770»", "«14 3684 Court Street\n Suite 710» there",
		},
		Misses: []string{"2 dogs in the suite 12", "test suite 12 failed", "ran 5 times, suite 3 broke", "10 flat 5"},
	},
}

// koreanEnds are the last syllables of the parts of an address in Korean, the
// large ones first; those of streets come last.
var koreanEnds = []string{"시", "도", "구", "군", "읍", "면", "동", "리", "가"}

// koreanStreet finds the number of a house behind a street, 로 or 길, with the town
// or the district before it.
func koreanStreet(text []byte, at, end int) (int, int) {
	start, parts := koreanParts(text, at-1)
	if parts == 0 {
		lot := hangulBefore(text, at-1)
		if !endsInOneOf(text[lot:at-1], koreanEnds[5:]) || byteAt(text, end) != '-' && !hasPrefix(text[end:], "번지") {
			return 0, 0
		}
		if start, parts = koreanDistricts(text, lot); parts == 0 {
			return 0, 0
		}
		if hasPrefix(text[end:], "번지") {
			end += len("번지")
		}
	}
	return start, koreanEnd(text, end)
}

// koreanParts returns the start of an address whose street ends at i, and how
// many parts stand before the street; 0 if it is no street.
func koreanParts(text []byte, i int) (start, parts int) {
	if !bytes.HasSuffix(text[:i], []byte("로")) && !bytes.HasSuffix(text[:i], []byte("길")) {
		return 0, 0
	}
	start = hangulBefore(text, i)
	if i-start < 3*len("로") {
		return 0, 0
	}
	return koreanDistricts(text, start)
}

// koreanDistricts returns the start of the parts of an address before i, and how
// many they are.
func koreanDistricts(text []byte, i int) (start, parts int) {
	for start = i; start > 0 && text[start-1] == ' ' && parts < 5; {
		word := hangulBefore(text, start-1)
		if !endsInOneOf(text[word:start-1], koreanEnds) || start-1-word < 2*len("시") {
			break
		}
		start = word
		parts++
	}
	return start, parts
}

// hangulBefore returns the start of the syllables and digits that end at i.
func hangulBefore(text []byte, i int) int {
	for from := i; i > 0 && i > from-36; {
		r, n := utf8.DecodeLastRune(text[:i])
		if !unicode.Is(unicode.Hangul, r) && !unicode.IsDigit(r) {
			break
		}
		i -= n
	}
	return i
}

func endsInOneOf(word []byte, ends []string) bool {
	for _, e := range ends {
		if bytes.HasSuffix(word, []byte(e)) {
			return true
		}
	}
	return false
}

// koreanEnd returns the end of what follows the number of a house: 123-4,
// 56길 19, a building, a floor and a flat.
func koreanEnd(text []byte, i int) int {
	if byteAt(text, i) == '-' {
		if next := while(text, i+1, classDigit, 5); next > i+1 {
			i = next
		}
	}
	if hasPrefix(text[i:], "길 ") {
		if next := while(text, i+len("길 "), classDigit, 5); next > i+len("길 ") {
			i = next
		}
	}
	for range 3 {
		next := i
		for next < len(text) && (text[next] == ' ' || text[next] == ',') && next < i+2 {
			next++
		}
		digits := while(text, next, classDigit, 5)
		if digits == next || next == i {
			break
		}
		unit := 0
		for _, u := range []string{"동", "호", "층", "번지"} {
			if hasPrefix(text[digits:], u) {
				unit = len(u)
			}
		}
		if unit == 0 {
			break
		}
		i = digits + unit
	}
	return i
}

const (
	hanDistricts = "都道府県市区區縣省县州郡" // parts of an address, the large ones
	hanStreets   = "町村路街道巷段里弄丁内"  // and the small ones
)

// hanStreet finds the number of a house right behind Chinese characters, or a
// Korean street, of which the district is named.
func hanStreet(text []byte, at, end int) (int, int) {
	if start, parts := koreanParts(text, at); parts > 0 {
		return start, koreanEnd(text, end)
	}
	stop := hanEnd(text, end)
	if stop == end {
		return 0, 0
	}
	start, large, small, length := at, 0, 0, 0
	for start > 0 && start > at-90 {
		r, n := utf8.DecodeLastRune(text[:start])
		if !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) && !isDigit(text[start-1]) {
			break
		}
		switch {
		case r == 'は' || r == '是' || r == '在' || r == '于':
			n = 0 // the word before an address
		case strings.ContainsRune(hanDistricts, r):
			large++
		case strings.ContainsRune(hanStreets, r):
			small++
		}
		if n == 0 {
			break
		}
		start -= n
		length++
	}
	if large == 0 || large+small < 2 || length < 5 {
		return 0, 0
	}
	return start, stop
}

// hanEnd returns the end of a house's number that goes on at i: -9-1, 丁目1番3号,
// 号. It is i if nothing says that it is one.
func hanEnd(text []byte, i int) int {
	for range 6 {
		if c := byteAt(text, i); c < utf8.RuneSelf && c != '-' {
			break
		}
		next := i
		for _, sign := range []string{"丁目", "番地", "番", "号楼", "号", "號", "弄", "栋", "棟", "室", "楼", "-", "－", "の"} {
			if hasPrefix(text[i:], sign) {
				next = i + len(sign)
				break
			}
		}
		if next == i {
			break
		}
		digits := while(text, next, classDigit, 5)
		if digits == next && (text[i] == '-' || hasPrefix(text[i:], "－") || hasPrefix(text[i:], "の")) {
			break
		}
		i = digits
	}
	return i
}

// unitBlock finds the street in the line, or before the flat, that a flat or an
// office belongs to: from the number of the house to that of the flat, and on to
// the postal code. What is written in small letters counts too.
func unitBlock(text []byte, at, end int) (int, int) {
	i := end
	if byteAt(text, i) == '.' {
		i++
	}
	stop := while(text, i+1, classDigit, 6)
	if byteAt(text, i) != ' ' || stop < i+3 || stop > i+6 || isWord(byteAt(text, stop)) {
		return 0, 0
	}
	from := at
	for from > 0 && from > at-6 && strings.IndexByte(" \n,>?", text[from-1]) >= 0 {
		from--
	}
	start, words, numbers := from, 0, 0
	for i := from; words+numbers < 7 && i > 0; {
		word := wordBefore(text, i)
		if word == i || strings.HasSuffix(string(text[word:i]), ".") && i < from && i-word > 5 || isOneOfFold(text[word:i], plainWords) {
			break
		}
		if digits := while(text, word, classDigit, 6); digits == i && i-word <= 5 {
			start = word
			numbers++
		} else {
			words++
		}
		if byteAt(text, word-1) != ' ' {
			break
		}
		i = word - 1
	}
	if from == at || numbers == 0 || words == 0 || !isDigit(text[start]) || start > 0 && (isWord(text[start-1]) || text[start-1] == '.') {
		return 0, 0
	}
	if words == 1 && text[from] != '\n' && numbers < 2 && !isUpper(text[at]) {
		return 0, 0 // "3 dogs, flat 22"
	}
	return start, max(addressEnd(text, stop), codeAfter(text, stop))
}

// isOneOfFold is isOneOf for words in lower case, whatever the case of b.
func isOneOfFold(b []byte, words []string) bool {
	if len(b) > 16 {
		return false
	}
	var buf [64]byte
	return isOneOf(foldAtom(buf[:0], b), words)
}

// codeAfter returns the end of a postal code in the next three parts behind i,
// which are otherwise words, or i.
func codeAfter(text []byte, i int) int {
	stop := i
	for range 3 {
		for stop < len(text) && stop < i+120 && strings.IndexByte(" ,\n>", text[stop]) >= 0 {
			stop++
		}
		for range 6 {
			if digits := while(text, stop, classDigit, 7); digits >= stop+4 && digits <= stop+6 && !isWord(byteAt(text, digits)) {
				return digits
			}
			word := wordEnd(text, stop)
			if word == stop {
				return i
			}
			stop = word
			if byteAt(text, stop) != ' ' {
				break
			}
			stop++
		}
	}
	return i
}

// inStreets are words that may stand in the name of a street in small letters.
var inStreets = strings.Fields("am an auf im in zum zur unter der den dem die de la le les du des del dei von van ter ten den het")

// streetBeforeCode finds a street by the postal code and the town behind its
// number: Am Markt 3, 28195 Bremen.
func streetBeforeCode(text []byte, at, end int) (int, int) {
	stop := houseEnd(text, end)
	if !hasPrefix(text[stop:], ", ") || !isDigit(byteAt(text, stop+2)) {
		return 0, 0
	}
	code := postalEnd(text, stop+2)
	town := wordEnd(text, code+1)
	if year(text[stop+2:max(stop+2, code)]) || year(text[at:end]) {
		return 0, 0 // a date, or years of a copyright
	}
	if code == 0 || byteAt(text, code) != ' ' || !capitalAt(text, code+1) || town < code+4 {
		return 0, 0
	}
	start := at
	for range 4 {
		word := wordBefore(text, start-1)
		if byteAt(text, start-1) != ' ' || word == start-1 || !capitalAt(text, word) && !isOneOf(text[word:start-1], inStreets) {
			break
		}
		start = word
	}
	for start < at && !capitalAt(text, start) { // what begins in a small letter is the sentence's
		start += len(text[start:at]) - len(bytes.TrimLeft(text[start:at], " ")) + wordEnd(text, start) - start + 1
	}
	if hasSuffixFold(text[:start], "c/ ") {
		start -= len("c/ ")
	}
	if start >= at || isOneOfFold(text[start:at-1], numberedWords) {
		return 0, 0
	}
	return start, town
}

// year reports whether b is a number from 1900 to 2099.
func year(b []byte) bool {
	return len(b) == 4 && digital(b) && (b[0] == '1' && b[1] == '9' || b[0] == '2' && b[1] == '0')
}

// numberedWords are what else has numbers.
var numberedWords = strings.Fields("section page chapter figure table version step line seite kapitel abschnitt zeile tabelle artikel article item part no nr")

// russianStreets are words for streets in Russian and Ukrainian.
var russianStreets = []string{"ул. ", "улица ", "вул. ", "вулиця ", "пр. ", "пр-т ", "проспект ", "пер. ", "переулок ", "площадь ", "бульвар ", "шоссе ", "наб. "}

// russianStreet finds the number of a house behind "ул. Тверская, д.".
func russianStreet(text []byte, at, end int) (int, int) {
	if text[at-3] < utf8.RuneSelf {
		return 0, 0 // neither "д. 7" nor "Ленина 7"
	}
	from := max(0, at-80)
	before := strings.ToLower(string(text[from:at]))
	start := -1
	for _, w := range russianStreets {
		if i := strings.LastIndex(before, w); i > start && len(before)-i > len(w)+4 {
			start = i
		}
	}
	if start < 0 || len(before) != at-from || strings.ContainsAny(before[start:], "\n;:!?") || strings.Count(before[start:], " ") > 5 {
		return 0, 0
	}
	for range 3 {
		next := end
		for _, w := range []string{", кв. ", ", корп. ", ", стр. ", " кв. ", ", оф. "} {
			if hasPrefix(text[end:], w) {
				next = while(text, end+len(w), classDigit, 5)
			}
		}
		if next == end {
			break
		}
		end = next
	}
	return from + start, houseEnd(text, end)
}
