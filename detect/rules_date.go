package detect

import "strings"

// dateForms are dates in digits, whichever part stands first.
const dateForms = "9999-99-99 | 9999/99/99 | 9999.99.99 | 99/99/9999 | 99-99-9999 | 99.99.9999 | 9/9/9999 | 9/99/9999 | 99/9/9999 | 9.9.9999 | 99.9.9999 | 9.99.9999 | 9-99-9999 | 9-9-9999 | 99-9-9999"

var birthNear = []string{
	"dob", "date of birth", "birth", "birthday", "birthdate", "born", "bday", "geboren", "geburtsdatum", "geb", "geburtstag",
	"naissance", "née", "né le", "nacimiento", "nacido", "nacida", "nascita", "nato il", "nata il", "nascimento", "nascido", "geboortedatum", "född", "født", "syntynyt",
	"urodzenia", "urodzony", "narození", "doğum", "생년월일", "생일", "출생", "出生", "生日", "生年月日", "дата рождения", "рождения", "родился",
}

var dateRules = []Rule{
	{
		Name: "birth-date", Kind: "DATE_OF_BIRTH", Score: 0.3,
		Forms:  list(dateForms+" | 99/99/99 | 99.99.99 | 99-99-99 | 9/9/99 | 9/99/99 | 99/9/99", " | "),
		Valid:  plainDate,
		Near:   birthNear,
		Hits:   []string{"DOB: «03/14/1985»", "born on «1985-03-14» in Kiel", "geboren am «14.03.1985»", "생년월일: «1985-03-14»", "\"date_of_birth\": \"«1985-03-14»\"", "birthday «4/17/86»"},
		Misses: []string{"1985-03-14", "DOB 1985-13-34", "born 12.34.5678"},
	},
	{
		Name: "birth-date-bare", Kind: "DATE_OF_BIRTH", Score: 0.2,
		Forms:  []string{"99999999"},
		Valid:  either(every(between(0, "1900", "2030"), born(0, "yyyymmdd")), every(between(4, "1900", "2030"), born(0, "ddmmyyyy"))),
		Near:   birthNear,
		Hits:   []string{"DOB «19850314»", "생년월일 «19850314»"},
		Misses: []string{"19850314", "DOB 19851314"},
	},
	{
		Name: "birth-date-named", Kind: "DATE_OF_BIRTH", Score: 0.3,
		Words:  months,
		Match:  namedDate(true),
		Near:   birthNear,
		Hits:   []string{"born on «March 14, 1985» in Kiel", "date of birth «14 Mar 1985»", "born «14th of March 1985»", "DOB: «14-MAR-1985»"},
		Misses: []string{"March 14, 1985", "born in March", "born in May we may go"},
	},
	{
		Name: "date", Kind: "DATE_TIME", Score: 0.6,
		Forms:  dateTimeForms(),
		Valid:  plainDate,
		Hits:   []string{"Today is «5/20/2021»", "on «2021-05-21»", "«21.5.2021»", "at «2024-06-05T09:15:30.500-07:00» or not", "«2024-03-15T14:30Z»", "«2024-03-15 14:30:00»"},
		Misses: []string{"2021-13-41", "12/34/5678", "Today is2024-06-05T09:15:30.500-07:00", "1.2.2021.5"},
	},
	{
		Name: "date-short", Kind: "DATE_TIME", Score: 0.3,
		Forms:  []string{"9/99", "99/99", "9/9", "9/9999", "99/9999", "9/9/99", "99/99/99", "9/99/99", "99/9/99", "99.9.99", "99.99.99", "9.9.99"},
		Valid:  shortDate,
		Near:   []string{"date", "today", "due", "on the", "until", "since", "datum"},
		Hits:   []string{"due «5/21»", "today is «21/05/21»"},
		Misses: []string{"5/21", "due 00/00"},
	},
	{
		Name: "date-named", Kind: "DATE_TIME", Score: 0.6,
		Words:  months,
		Match:  namedDate(false),
		Hits:   []string{"Today is «5-May-2021»", "on «March 14, 1985» in Kiel", "«May-21»", "«21 May»", "«May 1st, 1977»"},
		Misses: []string{"we may go", "in May", "Marching 12"},
	},
	{
		Name: "age", Kind: "AGE", Score: 0.6,
		Words:  []string{"years", "year", "yrs", "yo", "jahre", "ans", "anni", "anos", "jaar"},
		Match:  ageBefore,
		Hits:   []string{"she is «37 years old»", "a «37-year-old» man", "«41 Jahre alt»", "«28 yo» female"},
		Misses: []string{"37 years ago", "years", "in 5 years", "500 years old"},
	},
	{
		Name: "age-named", Kind: "AGE", Score: 0.6,
		Words:  []string{"age", "aged", "alter"},
		Match:  ageBehind,
		Hits:   []string{"Age: «37»", "aged «64»", "\"age\": «52»,"},
		Misses: []string{"age 500", "the age of reason", "page 37"},
	},
}

// plainDate holds if the digits of a date can be read as one: year first, or
// day and month in either order first. Digits of a time may follow.
func plainDate(id []byte) bool {
	if len(id) >= 8 && between(0, "1850", "2100")(id) && born(0, "yyyymmdd")(id) {
		return true
	}
	return shortDate(id)
}

// shortDate holds for one or two digits of a day and a month, and perhaps two
// or four of a year.
func shortDate(id []byte) bool {
	if len(id) > 8 {
		return false
	}
	for _, year := range []int{4, 2, 0} {
		n := len(id) - year
		if n < 2 || n > 4 || year == 4 && !between(n, "1850", "2100")(id) {
			continue
		}
		for first := 1; first <= 2; first++ {
			if second := n - first; second >= 1 && second <= 2 {
				a, b := remainder(id[:first], 100), remainder(id[first:n], 100)
				if validDay(0, a, b) || validDay(0, b, a) || year == 0 && a >= 1 && a <= 12 {
					return true
				}
			}
		}
	}
	if n := len(id) - 4; n == 1 || n == 2 { // month and year
		return between(n, "1850", "2100")(id) && remainder(id[:n], 100) >= 1 && remainder(id[:n], 100) <= 12
	}
	return false
}

// dateTimeForms are dates, with and without a time (ISO 8601).
func dateTimeForms() []string {
	forms := list(dateForms, " | ")
	for _, seconds := range []string{"", ":99", ":99.999", ":99.999999"} {
		for _, zone := range []string{"", "Z", "+99:99", "-99:99"} {
			forms = append(forms, "9999-99-99T99:99"+seconds+zone, "9999-99-99 99:99"+seconds+zone)
		}
	}
	return forms
}

// months are their names in English, and those of other languages that are
// spelled otherwise.
var months = strings.Fields("january february march april may june july august september october november december " +
	"jan feb mar apr jun jul aug sep sept oct nov dec januar februar juni juli oktober dezember mai mars avril juin juillet " +
	"janvier septembre octobre novembre decembre enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre " +
	"gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre")

// namedDate finds the day and the year beside the name of a month. If whole,
// it must have both.
func namedDate(whole bool) func(text []byte, at, end int) (int, int) {
	return func(text []byte, at, end int) (int, int) {
		start, stop := at, end
		day, year := false, false
		if from := dayBefore(text, at); from < at {
			start, day = from, true
		}
		if to, digits := numberBehind(text, end); digits > 0 {
			switch {
			case digits == 4:
				stop, year = to, true
			case !day && digits <= 2:
				stop, day = to, true
				if to, digits := numberBehind(text, ordinal(text, to)); digits == 4 {
					stop, year = to, true
				} else {
					stop = ordinal(text, stop)
				}
			case day && digits == 2 && byteAt(text, end) == '-':
				stop, year = to, true
			}
		}
		if whole && !(day && year) || !day && !year {
			return 0, 0
		}
		return start, stop
	}
}

// dayBefore returns the start of the one or two digits before a month, or its
// own: "14 ", "14-", "14. ", "14th of ".
func dayBefore(text []byte, at int) int {
	i := at
	for _, gap := range []string{" of ", ". ", " de ", "-", " "} {
		if i >= len(gap) && lower(text[i-len(gap):i]) == gap {
			i -= len(gap)
			break
		}
	}
	if i == at {
		return at
	}
	for _, suffix := range []string{"st", "nd", "rd", "th"} {
		if i >= 2 && lower(text[i-2:i]) == suffix {
			i -= 2
			break
		}
	}
	start := back(text, i, classDigit, 3)
	if n := i - start; n < 1 || n > 2 || isWord(byteAt(text, start-1)) || remainder(text[start:i], 100) > 31 || remainder(text[start:i], 100) == 0 {
		return at
	}
	return start
}

// numberBehind returns the end of the digits behind a month, with at most a
// comma and a space or a hyphen between, and how many they are.
func numberBehind(text []byte, i int) (end, digits int) {
	if byteAt(text, i) == ',' || byteAt(text, i) == '.' {
		i++
	}
	if byteAt(text, i) == ' ' || byteAt(text, i) == '-' {
		i++
	}
	end = while(text, i, classDigit, 5)
	if c := byteAt(text, end); end-i > 4 || isWord(c) && ordinal(text, end) == end {
		return i, 0
	}
	if end-i <= 2 && end > i && (remainder(text[i:end], 100) == 0 || byteAt(text, end) == ':') {
		return i, 0
	}
	return end, end - i
}

// ordinal returns the end of "st", "nd", "rd" or "th" at i, or i.
func ordinal(text []byte, i int) int {
	if i+2 <= len(text) && !isWord(byteAt(text, i+2)) {
		switch lower(text[i : i+2]) {
		case "st", "nd", "rd", "th":
			return i + 2
		}
	}
	return i
}

// ageBefore finds an age whose unit is at, with the "old" behind it.
func ageBefore(text []byte, at, end int) (int, int) {
	i := at
	if c := byteAt(text, i-1); c == ' ' || c == '-' {
		i--
	}
	start := back(text, i, classDigit, 4)
	if start == i || !plausibleAge(text[start:i]) || isWord(byteAt(text, start-1)) {
		return 0, 0
	}
	if lower(text[at:end]) == "yo" {
		return start, end
	}
	for _, old := range []string{" old", "-old", " of age", " alt", " oud"} {
		if end+len(old) <= len(text) && lower(text[end:end+len(old)]) == old {
			return start, end + len(old)
		}
	}
	return 0, 0
}

// ageBehind finds an age behind its name.
func ageBehind(text []byte, at, end int) (int, int) {
	start := end
	for start < len(text) && start < end+4 && strings.IndexByte(" :=\"", text[start]) >= 0 {
		start++
	}
	stop := while(text, start, classDigit, 4)
	if start == end || stop == start || !plausibleAge(text[start:stop]) || isWord(byteAt(text, stop)) {
		return 0, 0
	}
	return start, stop
}

func plausibleAge(digits []byte) bool {
	return len(digits) <= 3 && remainder(digits, 1000) >= 1 && remainder(digits, 1000) <= 120
}
