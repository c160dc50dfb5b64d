package detect

import (
	"slices"
	"strings"
	"unicode/utf8"
)

var addressNear = []string{
	"address", "addresses", "live", "lives", "living", "located", "street", "ship", "shipping", "deliver", "delivery", "delivered", "sent", "send", "billing",
	"moved", "home", "residence", "taxi", "meet", "letter", "office", "return", "corner", "title", "adresse", "anschrift", "wohnhaft", "wohnt", "dirección", "domicilio", "indirizzo", "adres", "endereço", "주소",
}

// streetWords are words for a street that stand behind its name, and before
// or behind of which the number is.
var streetWords = strings.Fields("street st avenue ave av road rd boulevard blvd lane ln drive dr court ct place pl square sq terrace ter way " +
	"parkway pkwy highway hwy circle cir close crescent cres grove gardens row walk mews trail alley quay esplanade parade loop pike plaza turnpike")

// streetFirst are words for a street that stand before its name.
var streetFirst = strings.Fields("rue avenue boulevard place chemin impasse quai allee calle avenida plaza paseo camino carrera via viale piazza corso vicolo largo " +
	"rua rúa travessa estrada avda ulica aleja strada bulevardul jalan jl ul al av trg cours camiño praça largo lungomare rambla carrer camí")

var addressRules = []Rule{
	{
		Name: "street", Kind: "STREET_ADDRESS", Score: 0.7,
		Words: streetWords,
		Match: streetAtWord,
		Hits: []string{
			"She lives at «29 Hornsey Road», I think", "«1600 Pennsylvania Avenue NW», they say", "Ship to «742 Evergreen Terrace, Springfield», please",
			"«350 Fifth Ave. Suite 3300» is it", "Visit «221B Baker Street» now", "«10 Downing St, London SW1A 2AA» is known", "«12 oak street» in small letters",
		},
		Misses: []string{"the street is long", "2 men in the street", "in 5 years the court decided", "Wall Street rose 3 %", "Drive safely", "3 of us took this way", "No 5 on the road"},
	},
	{
		Name: "street-first", Kind: "STREET_ADDRESS", Score: 0.7,
		Words: streetFirst,
		Match: streetBehindWord,
		Hits: []string{
			"«19 rue La Boétie», à Paris", "abito in «Via Giberti 75», credo", "vive en «Calle Mayor 12», dice", "«ul. Zuchów 65» to", "«Rua Papoula 1998», ele diz",
			"«12 bis, rue de la Paix, 75002 Paris»", "in «Via Roma, 10», sì", "«Avenida Paulista, 1578»",
		},
		Misses: []string{"via e-mail 12", "a place of 5", "via Rome", "rue the day", "calle sin nombre"},
	},
	{
		Name: "street-suffix", Kind: "STREET_ADDRESS", Score: 0.6,
		House: houseBehindStreet, Leads: "s",
		Hits: []string{
			"Er wohnt «Hauptstraße 12», glaube ich", "in der «Simavikveien 231» da", "«Lozerlaan 172» ligt", "«Berliner Str. 5a», sagt er", "«Vesturgata 66» er",
			"«Lange Gasse 7, 10115 Berlin» ist es", "im «Grüner Weg 5», sagt er", "«Dózsa György út 78», igen", "«Andrássy Út 5», igen",
		},
		Misses: []string{"Abschnitt 12", "der Weg 5 war", "Version 12", "Norway 5"},
	},
	{
		Name: "street-between-numbers", Kind: "STREET_ADDRESS", Score: 0.3,
		House: betweenNumbers, Leads: "1",
		Near:   addressNear,
		Hits:   []string{"my address is «92 Eusebio Dávila 57», yes", "the letter was sent to «56 Canelones 2266, Fahrdorf», he said"},
		Misses: []string{"see 92 Eusebio Dávila 57 now", "my address has 3 parts 12"},
	},
	{
		Name: "state-zip", Kind: "STREET_ADDRESS", Score: 0.6,
		House: stateZip, Leads: "z",
		Hits:   []string{"in «Springfield, IL 62704», they say", "«San Francisco, CA 94107-1234» is", "to «APO AA 63682» then"},
		Misses: []string{"OK 12345x", "IN 2024", "XX 12345", "ISO 90210", "that is it\n\nOK 12345 then"},
	},
	{
		Name: "unit", Kind: "STREET_ADDRESS", Score: 0.6,
		Words:  []string{"suite", "apt", "apartment", "flat"},
		Match:  unit,
		Hits:   []string{"it is «Apt. 441» there", "«23 Bergshaugen 43\n Apt. 680» it was", "go to «Suite 992», please"},
		Misses: []string{"a suite of 12", "apt to 5", "flat 4 percent", "test suite 12 failed", "Suite"},
	},
	{
		Name: "po-box", Kind: "STREET_ADDRESS", Score: 0.8,
		Words:  []string{"box", "postfach"},
		Match:  poBox,
		Hits:   []string{"write to «P.O. Box 255», please", "«PO Box 12»", "«PSC 4926, Box 7979\nAPO AA 63682» it is", "«Postfach 10 01 02» ist es", "to «unit 9456 box 8731\ndpo ap 71610» now", "«po box 12»"},
		Misses: []string{"a box 12", "Xbox 360", "box office"},
	},
	{
		Name: "street-line", Kind: "STREET_ADDRESS", Score: 0.6,
		House: streetLine, Leads: "1",
		Hits:   []string{"Erika Muster\n«60 Aqqusinersuaq 274»\nGreenland", "to:\n«73 Wilgenblik 87»\n"},
		Misses: []string{"see 60 Aqqusinersuaq 274 now", "\n3 Items 12 left\n", "\n1 Table 2\n"},
	},
	{
		Name: "street-corner", Kind: "STREET_ADDRESS", Score: 0.7,
		Words:  []string{"corner"},
		Match:  corner,
		Hits:   []string{"at the corner of «Koepoortwal 115 and Hansen Street», please", "the corner of «Main Street and 3rd Avenue»"},
		Misses: []string{"the corner of my eye and ear", "corner of Main Hall"},
	},
	{
		Name: "zip", Kind: "US_ZIP_CODE", Score: 0.2,
		Forms:  []string{"99999", "99999-9999"},
		Near:   []string{"zip", "zipcode", "zip code", "postal code", "postal", "postcode", "código postal", "code postal", "codice postale"},
		Hits:   []string{"my zip code is «86786»", "ZIP: «94107-1234»"},
		Misses: []string{"86786", "zip 123456"},
	},
	{
		Name: "coordinates", Kind: "COORDINATES", Score: 0.6,
		Number: coordinates, Leads: ".",
		Near:   []string{"latitude", "longitude", "lat", "lon", "lng", "coordinates", "gps", "location", "위도", "经纬度"},
		Hits:   []string{"at «52.520008, 13.404954» there", "«-33.86882, 151.20930»", "GPS «40.71273,-74.00597»"},
		Misses: []string{"1.5, 2.5", "95.1234, 13.4049", "52.5200, 200.4049", "52.520008", "3.1415, 2.7182 and so on, 1.4142, 1.7320"},
	},
}

// streetEnds are ends of words for streets that the number follows.
var streetEnds = []string{
	"straße", "strasse", "strase", "str.", "str", "weg", "platz", "allee", "gasse", "ring", "damm", "ufer", "lände", "steig", "promenade", "chaussee",
	"straat", "laan", "plein", "gracht", "kade", "dijk", "baan", "plaats", "steenweg", "dreef", "hof",
	"gatan", "vägen", "gränd", "gata", "gate", "gaten", "veien", "vegen", "bakken", "havn", "vej", "gade", "allé", "stræde", "katu", "tie", "kuja", "polku",
	"utca", "útja", "út", "u.", "tér", "köz", "ulice", "náměstí", "gårde", "ulica", "caddesi", "sokak", "sokağı", "bulvarı", "rakpart", "plads", "stræti",
}

// streetLast are the last two bytes of these, and streetTails the last three, by
// which most words are passed over.
var streetLast, streetTails = func() (last bytePairs, tails map[string]bool) {
	tails = map[string]bool{}
	for _, e := range streetEnds {
		_, first := utf8.DecodeRuneInString(e)
		for _, e := range []string{e, strings.ToUpper(e), strings.ToUpper(e[:first]) + e[first:]} {
			last.add(e[len(e)-2], e[len(e)-1])
			tails[e[max(0, len(e)-3):]] = true
		}
	}
	return last, tails
}()

// ownWord has those that stand by themselves behind a name.
var ownWord = func() map[string]bool {
	m := map[string]bool{}
	for _, e := range streetEnds {
		m[e] = true
	}
	return m
}()

// houseBehindStreet finds a house number whose word before it ends as streets
// do, or is a street's own word behind a name.
func houseBehindStreet(text []byte, at, end int) (int, int) {
	if at < 4 || !streetTails[string(text[at-4:at-1])] && text[at-2] != '.' || text[at] == '0' || isWord(byteAt(text, houseEnd(text, end))) {
		return 0, 0
	}
	start := wordBefore(text, at-1)
	if byteAt(text, start-1) == '_' {
		return 0, 0
	}
	if at-start < 10 && !capitalAt(text, start) && !ownWord[string(text[start:at-1])] && numberBefore(text, start) == start {
		return 0, 0 // neither a name nor long enough for one
	}
	w := strings.ToLower(string(text[start : at-1]))
	own := ownWord[w]
	if !own && (!endsAsStreet(w) || !capitalAt(text, start) && len(w) < 9 && numberBefore(text, start) == start) {
		return 0, 0
	}
	names := 0
	for names < 2 && start > 1 && text[start-1] == ' ' {
		before := wordBefore(text, start-1)
		if before == start-1 || !capitalAt(text, before) || properStart(text, before) && !own {
			break
		}
		start = before
		names++
	}
	if own && names == 0 {
		return 0, 0
	}
	return numberBefore(text, start), addressEnd(text, houseEnd(text, end))
}

// endsAsStreet reports whether a word in lower case ends as streets do, and is
// none of the English words that do so too.
func endsAsStreet(w string) bool {
	ends := func(e string) bool { return strings.HasSuffix(w, e) }
	return slices.ContainsFunc(streetEnds, func(e string) bool { return ends(e) && len(w) >= len(e)+3 }) && !slices.ContainsFunc(noStreets, ends)
}

var noStreets = strings.Fields("ering oring uring aring iring string spring herring igate egate agate ogate ugate brigade renegade decade arcade facade necktie bowtie sortie cutie reviewstr")

// properStart reports whether the word at begins a sentence, and so may be
// anything in capitals.
func properStart(text []byte, at int) bool {
	return at == 0 || at >= 2 && text[at-1] == ' ' && strings.IndexByte(".!?:", text[at-2]) >= 0 || text[at-1] == '\n'
}

// betweenNumbers finds a name in capitals with a number on either side.
func betweenNumbers(text []byte, at, end int) (int, int) {
	start := at - 1
	last := wordBefore(text, start)
	if !capitalAt(text, last) || start-last >= 3 && isOneOfFold(text[last:last+3], dateWords) || isOneOfFold(text[last:start], numberedWords) {
		return 0, 0
	}
	for range 5 {
		before := wordBefore(text, start)
		if before == start {
			return 0, 0
		}
		if n := numberBefore(text, before); n < before && capitalAt(text, before) {
			return n, addressEnd(text, houseEnd(text, end))
		}
		if before == 0 || text[before-1] != ' ' {
			return 0, 0
		}
		start = before - 1
	}
	return 0, 0
}

// dateWords are how the names of months begin.
var dateWords = strings.Fields("jan feb mar apr may jun jul aug sep oct nov dec")

// streetLine finds a name in capitals with a number on either side that fills
// its line.
func streetLine(text []byte, at, end int) (int, int) {
	start, stop := betweenNumbers(text, at, end)
	if start >= stop {
		return 0, 0
	}
	before := start
	for before > 0 && before > start-6 && strings.IndexByte(" >?", text[before-1]) >= 0 {
		before--
	}
	end = houseEnd(text, end)
	name := wordBefore(text, at-1)
	if before > 0 && text[before-1] != '\n' || end < len(text) && text[end] != '\n' || at-1-name < 7 || !isDigit(text[start]) || at-start < 8 {
		return 0, 0
	}
	return start, stop
}

// corner finds two streets that meet.
func corner(text []byte, at, end int) (int, int) {
	if !hasPrefix(text[end:], " of ") || !capitalAt(text, end+4) && !isDigit(byteAt(text, end+4)) {
		return 0, 0
	}
	start := end + 4
	line := text[start:min(len(text), start+100)]
	if i := strings.IndexByte(string(line), '\n'); i >= 0 {
		line = line[:i]
	}
	and := strings.Index(string(line), " and ")
	if and < 0 {
		return 0, 0
	}
	stop := 0
	for _, w := range []string{" Street", " Avenue", " Road", " Boulevard", " Lane", " Drive", " St", " Ave"} {
		if i := strings.Index(string(line[and:]), w); i >= 0 && !isWord(byteAt(line, and+i+len(w))) && (stop == 0 || and+i+len(w) < stop) {
			stop = and + i + len(w)
		}
	}
	if stop == 0 {
		return 0, 0
	}
	return start, start + stop
}

// stateZip finds a postal code of the United States behind a state's, and the
// town before them.
func stateZip(text []byte, at, end int) (int, int) {
	if end-at != 5 || at < 3 || !isUpper(text[at-2]) || !isUpper(text[at-3]) || isWord(byteAt(text, at-4)) || !states[string(text[at-3:at-1])] {
		return 0, 0
	}
	if byteAt(text, end) == '-' && while(text, end+1, classDigit, 5) == end+5 {
		end += 5
	}
	if isWord(byteAt(text, end)) {
		return 0, 0
	}
	start := at - 3
	town := start
	if town > 2 && text[town-1] == ' ' && text[town-2] == ',' {
		town -= 2
	} else if town > 1 && text[town-1] == ' ' {
		town--
	}
	if before := lower(text[max(0, start-4):start]); before == "apo " || before == "fpo " || before == "dpo " {
		start -= 4
		if line := lineBefore(text, start); line < start {
			return line, end
		}
		return start, end
	}
	for range 3 {
		before := wordBefore(text, town)
		if before == town || !capitalAt(text, before) {
			break
		}
		start, town = before, before
		if before == 0 || text[before-1] != ' ' {
			break
		}
		town--
	}
	below := byteAt(text, start-1) == '\n' && start > 1 && text[start-2] != '\n' // a line of an address
	if start == at-3 && end == at+5 && !below && !hasPrefix(text[max(0, start-2):], ", ") {
		return 0, 0 // "PR 97949" without a town
	}
	return start, end
}

// lineBefore returns the start of a ship's line before the line at i, such as
// "USS Dam", or i.
func lineBefore(text []byte, i int) int {
	if byteAt(text, i-1) != '\n' {
		return i
	}
	start := i - 1
	for start > 0 && start > i-40 && text[start-1] != '\n' {
		start--
	}
	for _, w := range []string{"USS ", "USNS ", "USNV ", "USCGC ", "Unit ", "PSC "} {
		if at := strings.LastIndex(string(text[start:i]), w); at >= 0 {
			return start + at
		}
	}
	return i
}

var states = func() map[string]bool {
	m := map[string]bool{}
	for s := range strings.FieldsSeq("AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR VI GU AA AE AP") {
		m[s] = true
	}
	return m
}()

// streetAtWord finds the house number and the name before a word for a
// street.
func streetAtWord(text []byte, at, end int) (int, int) {
	if byteAt(text, end) >= utf8.RuneSelf || byteAt(text, at-1) >= utf8.RuneSelf {
		return 0, 0 // within a word
	}
	small := !isUpper(text[at])
	start, names := at, 0
	for names < 4 {
		if start == 0 || text[start-1] != ' ' {
			return 0, 0
		}
		if n := numberBefore(text, start); n < start {
			if names == 0 || small && names > 2 {
				return 0, 0
			}
			return n, addressEnd(text, direction(text, houseTail(text, end)))
		}
		before := wordBefore(text, start-1)
		w := lower(text[before : start-1])
		if before == start-1 || slices.Contains(plainWords, w) || !small && !capitalAt(text, before) && !isDigit(text[before]) || small && len(w) < 3 {
			return 0, 0
		}
		if small && !slices.Contains([]string{"street", "avenue", "road", "boulevard", "blvd", "lane", "ave"}, lower(text[at:end])) {
			return 0, 0
		}
		start = before
		names++
	}
	return 0, 0
}

// plainWords do not stand in the names of streets between number and word.
var plainWords = strings.Fields("the a an of in on at to and or for by with from this that these those is was are were years year days hours minutes men women people blocks miles " +
	"percent times more other his her their our my your each per down up off main's one two three new active only single free open fast slow")

// streetBehindWord finds a street whose word stands first, and the house
// number behind its name or before the word.
func streetBehindWord(text []byte, at, end int) (int, int) {
	i := end
	if byteAt(text, i) == '.' {
		i++
	} else if end-at < 3 {
		return 0, 0 // "ul" and "av" are abbreviations
	}
	names := 0
	for names < 5 && (byteAt(text, i) == ' ' || names > 0 && hasPrefix(text[i:], ", ")) {
		if byteAt(text, i) == ',' {
			if i++; !isDigit(byteAt(text, i+1)) {
				i--
				break
			}
		}
		if d := while(text, i+1, classDigit, 6); d > i+1 {
			if names > 0 && d-i-1 <= 4 && !isWord(byteAt(text, d)) {
				return numberBefore(text, at), addressEnd(text, houseEnd(text, d))
			}
			break
		}
		stop := wordEnd(text, i+1)
		if stop > i+2 && isUpper(text[i+1]) && isUpper(text[i+2]) {
			break
		}
		w := lower(text[i+1 : stop])
		if stop == i+1 || !capitalAt(text, i+1) && !slices.Contains([]string{"de", "la", "le", "du", "des", "del", "di", "da", "do", "dos", "los", "las", "delle", "dei", "y", "e"}, w) {
			break
		}
		i = stop
		names++
	}
	if n := frenchNumber(text, at); n < at && names > 0 && end-at >= 3 && lower(text[at:end]) != "via" {
		return n, addressEnd(text, i)
	}
	return 0, 0
}

// frenchNumber is numberBefore for a number that a comma, "bis" or "ter" may part
// from the street, as in "12 bis, rue de la Paix".
func frenchNumber(text []byte, at int) int {
	i := at
	if hasSuffixFold(text[:i], ", ") {
		i -= 2
	} else if byteAt(text, i-1) == ' ' {
		i--
	}
	for _, w := range []string{" bis", " ter"} {
		if hasSuffixFold(text[:i], w) {
			i -= len(w)
			break
		}
	}
	if digits := back(text, i, classDigit, 5); digits < i && i-digits <= 4 && i < at && !isWord(byteAt(text, digits-1)) && strings.IndexByte(".,$_:", byteAt(text, digits-1)) < 0 {
		return digits
	}
	return numberBefore(text, at)
}

// unit finds a flat's or an office's number, and before it a street that ends
// in a number.
func unit(text []byte, at, end int) (int, int) {
	i := end
	if byteAt(text, i) == '.' {
		i++
	}
	stop := while(text, i+1, classDigit, 6)
	if byteAt(text, i) != ' ' || stop == i+1 || stop-i > 6 || !isUpper(text[at]) || isWord(byteAt(text, stop)) {
		return 0, 0
	}
	start := at
	for start > 0 && start > at-3 && strings.IndexByte(" \n,", text[start-1]) >= 0 {
		start--
	}
	if n := back(text, start, classDigit, 6); start < at && n < start && byteAt(text, n-1) == ' ' {
		if from, _ := betweenNumbers(text, n, start); from < n && from > 0 || from == 0 && isDigit(text[0]) && n < 60 {
			return from, addressEnd(text, stop)
		}
	}
	return at, addressEnd(text, stop)
}

// poBox finds a post office box.
func poBox(text []byte, at, end int) (int, int) {
	if byteAt(text, end) != ' ' {
		return 0, 0
	}
	stop := while(text, end+1, classDigit, 7)
	if stop == end+1 || isWord(byteAt(text, stop)) {
		return 0, 0
	}
	if lower(text[at:end]) == "postfach" {
		for byteAt(text, stop) == ' ' && while(text, stop+1, classDigit, 3) == stop+3 {
			stop += 3
		}
		return at, stop
	}
	for _, before := range []string{"p.o. ", "po ", "p. o. ", "p.o.", "post office "} {
		if hasSuffixFold(text[:at], before) && !isWord(byteAt(text, at-len(before)-1)) {
			return numberBefore(text, at-len(before)), addressEnd(text, stop)
		}
	}
	for _, before := range []string{"psc ", "unit ", "cmr "} { // of the armed forces
		number := back(text, at-1, classDigit, 6)
		if byteAt(text, at-1) == ' ' && number < at-1 && hasSuffixFold(text[:number], before) {
			return number - len(before), max(addressEnd(text, stop), codeAfter(text, stop))
		}
	}
	if !isUpper(text[at]) {
		return 0, 0
	}
	if comma := at - 2; comma > 0 && string(text[comma:at]) == ", " {
		digits := back(text, comma, classDigit, 6)
		for _, before := range []string{"PSC ", "Unit ", "CMR "} {
			if s := digits - len(before); digits < comma && s >= 0 && string(text[s:digits]) == before {
				return s, addressEnd(text, stop)
			}
		}
	}
	return 0, 0
}
