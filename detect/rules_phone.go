package detect

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
)

var phoneNear = []string{
	"phone", "phones", "telephone", "tel", "mobile", "cellphone", "call", "dial", "fax", "sms", "whatsapp", "hotline", "reach", "answering", "telefon", "handy", "mobil", "rufnummer", "telefono", "celular", "telefone", "móvil", "teléfono",
	"téléphone", "전화", "연락처", "휴대폰", "핸드폰", "电话", "手机", "電話", "携帯", "телефон",
}

var phoneRules = []Rule{
	{
		Name: "phone-international", Kind: PhoneNumber, Score: 0.9,
		Number: internationalPhone, Leads: "+0",
		Near: phoneNear,
		Hits: []string{
			"«+1 415 555 0132»", "call «+1 (415) 555-2671» now", "«+14155552671»", "«+49 30 1234567»", "«+49 (0)30 123456»",
			"«(+82) 10-1234-5678»", "«+82-10-1234-5678»", "«+33 1 42 68 53 00»", "«+44 (20) 7123 4567»", "«+91 4155 550132»",
			"«+55 11 98456 5666»", "«0049 30 1234567»", "전화«+82-10-1234-5678»입니다", "«+39 06 678 4343»", "tel:«+972-9-7625400»", "«+1.415.555.2671»", "«+1-203-305-2492x5662»", "«001-748-288-2851»",
		},
		Misses: []string{"+1 555", "+0 123 456 7890", "2+15551234567", "0000 1234 5678", "+12345678901234567890", "UTC+01 2024", "v0.0.0-00010101000000-000000000000"},
	},
	{
		Name: "phone-trunk", Kind: PhoneNumber, Score: 0.5,
		Number: trunkPhone, Leads: "0",
		Near: phoneNear,
		Hits: []string{
			"«010-1234-5678»", "서울 «02-123-4567»", "«(02) 123-4567»", "«090-1234-5678»", "«09-7625400»", "«01 42 68 53 00»", "«01.42.68.53.00»",
			"«020 7946 0958»", "«07700 900123»", "«0412 345 678»", "«030/1234567»", "«030 / 1234567»", "«0171-1234567»", "«010-12345678»", "«06 678 4343»",
		},
		Misses: []string{"01-02-2024 10", "05/06/2024", "0.123456789", "00-1234-5678", "0.094 0.401 0.222 0", "Boston, MA 02110-1301", ".018.751.751", "b8 01 00 00 07 00 00 00 72", "50 4b 03 04 14 00 00", "01.02.2024", "0123456", "09-09-2024 1200"},
	},
	{
		Name: "phone-us", Kind: PhoneNumber, Score: 0.6,
		Shapes: []string{"3)3-4", "3)3 4", "3)3.4", "3-3-4", "3.3.4", "1-3-3-4", "1.3.3.4", "1(3)3-4", "1(3)3 4", "1-3)3-4", "1 3-3-4"},
		Tail:   extension,
		Valid:  nanp,
		Near:   phoneNear,
		Hits:   []string{"«(415) 555-0132»", "«(415)555-0132»", "«415-555-0132»", "«415.555.0132 ext. 22»", "«(415)555-0132x11144»", "«1-800-555-0199»", "«1 (415) 555-0132»", "号码«415-555-0132»。"},
		Misses: []string{"115-555-0132", "415.155.0132", "911.555.0132", "1415-555-0132", "415-555-01321", "415-555.0132"},
	},
	{
		Name: "phone-us-written", Kind: PhoneNumber, Score: 0.45, // No such number is given out, but people write them in examples.
		Shapes: []string{"3)3-4", "3)3 4", "3-3-4"},
		Valid:  func(d []byte) bool { return d[0] >= '2' },
		Near:   phoneNear,
		Hits:   []string{"My number is «555-123-4567».", "«(212) 123-4567»"},
		Misses: []string{"115-123-4567", "555-123-45678", "555-123"},
	},
	{
		Name: "phone-spaced", Kind: PhoneNumber, Score: 0.4,
		Shapes: []string{"3 3 4", "1 3 3 4"},
		Tail:   extension,
		Valid:  nanp,
		Near:   phoneNear,
		Hits:   []string{"«415 555 0132»"},
		Misses: []string{"100 200 3000", "415 555 01321"},
	},
	{
		Name: "phone-br", Kind: PhoneNumber, Score: 0.6,
		Shapes: []string{"2)5-4", "2)4-4", "2)5 4"},
		Tail:   extension,
		Valid:  func(d []byte) bool { return d[0] != '0' && d[1] != '0' && (len(d) == 10 || d[2] == '9') },
		Near:   phoneNear,
		Hits:   []string{"«(11) 98456-5666»", "«(21) 3456-7890»"},
		Misses: []string{"(01) 98456-5666x", "(11) 58456-5666"},
	},
	{
		Name: "phone-pairs", Kind: PhoneNumber, Score: 0.5, // as in Russia and Turkey
		Shapes: []string{"3)3-2-2", "3)3 2 2", "1(3)3-2-2", "1(3)3 2 2", "1-3-3-2-2", "1 3 3 2 2", "1(3)7", "3-3-2-2"},
		Tail:   extension,
		Valid: func(d []byte) bool {
			return len(d) == 10 && d[0] >= '2' || len(d) == 11 && (d[0] == '0' || d[0] == '8') && d[1] >= '2'
		},
		Near:   phoneNear,
		Hits:   []string{"«(495) 123-45-67»", "«8 (495) 123-45-67»", "«8-916-123-45-67»", "«0 532 123 45 67»", "«0 (532) 1234567»", "«532-123-45-67»"},
		Misses: []string{"1 532 123 45 67", "(195) 123-45-67 8", "532-123-45-678"},
	},
	{
		Name: "phone-cn-mobile", Kind: PhoneNumber, Score: 0.6,
		Shapes: []string{"3 4 4", "3-4-4"},
		Tail:   extension,
		Valid:  chineseMobile,
		Near:   phoneNear,
		Hits:   []string{"«138 0013 8000»", "手机号是«138-0013-8000»。"},
		Misses: []string{"128 0013 8000"},
	},
	{
		Name: "phone-cn-mobile-bare", Kind: PhoneNumber, Score: 0.6,
		Shapes: []string{"11"},
		Tail:   extension,
		Valid:  chineseMobile,
		Around: noCount,
		Near:   phoneNear,
		Hits:   []string{"电话«13800138000»", "«13812345678»", "{\"联系\": \"«13812345678»\"}", "{\"mobile\": «13812345678»}"},
		Misses: []string{"12800138000", "15412345678", "113800138000", "13800138000.5", "13800000000000", "{\"MemTotal\": 16702980096}", "\"total_memory\": \"17179869184\"", "bytes=17179869184", "total_memory: 17179869184"},
	},
	{
		Name: "phone-kr-mobile", Kind: PhoneNumber, Score: 0.7,
		Shapes: []string{"11"},
		Tail:   extension,
		Valid:  func(d []byte) bool { return string(d[:3]) == "010" },
		Near:   phoneNear,
		Hits:   []string{"전화번호는 «01012345678»입니다", "«01012345678»"},
		Misses: []string{"02012345678", "0161234567", "010123456789", "a01012345678"},
	},
	{
		Name: "phone-in", Kind: PhoneNumber, Score: 0.2,
		Shapes: []string{"5 5", "5-5"},
		Tail:   extension,
		Valid:  func(d []byte) bool { return d[0] >= '6' },
		Near:   phoneNear,
		Hits:   []string{"mobile «98765 43210»", "Tel. «98765-43210»"},
		Misses: []string{"98765 43210", "tel 18765 43210", "tel 98765 432101"},
	},
	{
		Name: "phone-weak", Kind: PhoneNumber, Score: 0.2,
		Shapes: []string{"3 3 3", "3-3-3", "3.3.3", "3-3-4", "3.3.4", "3)3-4", "3 2 2 2", "3 2 3", "2 2 2 2", "2-2-2-2", "2 3 3", "2 3 2 2", "3 3 2 2", "3.3.2.2", "2 6", "2)3-3", "2)4-4", "3 4", "3-4", "4-4", "4 4"},
		Tail:   extension,
		Valid:  func(d []byte) bool { return d[0] != '0' && !years(d) && string(d[len(d)-4:]) != "0000" },
		Near:   phoneNear,
		Hits:   []string{"Tel. «612 345 678»", "call «5555-0123»", "phone «785 8949»", "You can call «73 448 266»", "tel «50-98-28-96»"},
		Misses: []string{"612 345 678", "785 8949", "2024 2025", "phone 2024-2025"},
	},
	{
		Name: "phone-bare", Kind: PhoneNumber, Score: 0.1,
		Shapes: []string{"10", "9", "11", "8"},
		Tail:   extension,
		Valid: func(d []byte) bool {
			return nanp(d) || d[0] == '0' && d[1] != '0' || d[0] >= '6' && len(d) < 11 || d[0] >= '2' && len(d) == 10
		},
		Near:   phoneNear,
		Hits:   []string{"call me at «4155550132»", "Tel: «0142685300»", "연락처 «0212345678»", "phone «9876543210»", "Telefon: «5321234567»"},
		Misses: []string{"4155550132", "order 9876543210", "phone 1234567890123"},
	},
}

// nanp reports whether digits are a number of the North American plan: an area
// and an exchange from 2 on, neither of them one of the short codes such as 911.
func nanp(digits []byte) bool {
	if len(digits) == 11 && digits[0] == '1' {
		digits = digits[1:]
	}
	return len(digits) == 10 && digits[0] >= '2' && digits[3] >= '2' &&
		string(digits[1:3]) != "11" && string(digits[4:6]) != "11"
}

// chineseMobile reports whether digits begin as mobile numbers of the mainland.
func chineseMobile(d []byte) bool {
	if d[0] != '1' || same(d[3:]) {
		return false
	}
	switch d[1] {
	case '3', '8':
		return true
	case '4':
		return d[2] >= '5'
	case '5', '9':
		return d[2] != '4'
	case '6':
		return d[2] == '2' || d[2] >= '5' && d[2] <= '7'
	case '7':
		return d[2] != '9'
	}
	return false
}

// noCount reports whether a number is not what a program's name is given, unless
// the name is a phone's: 17179869184 is as well a number of bytes.
func noCount(text []byte, start, _ int) bool {
	quoted := byteAt(text, start-1) == '"'
	if quoted {
		start--
	}
	at := back(text, start, classSpace, 2) - 1
	switch byteAt(text, at) {
	case ':':
		end := back(text, at, classBehindName, 4)
		key := text[back(text, end, classKey, 24):end]
		return (quoted || end == at) && bytes.IndexByte(key, '_') < 0 || phoneName(text, at)
	case '=':
		return phoneName(text, at)
	}
	return true
}

// phoneName reports whether the name before the sign at is a phone's, or not of
// ASCII.
func phoneName(text []byte, at int) bool {
	end := back(text, at, classBehindName, 4)
	w := lower(text[back(text, end, classKey, 24):end])
	return w == "" || slices.ContainsFunc([]string{"phone", "mobile", "tel", "cell", "contact", "sms", "fax"}, func(p string) bool { return strings.Contains(w, p) })
}

// callingCodes are the calling codes of one and two digits (ITU-T E.164) with
// the digits that may follow. Codes of three digits are all that begin with
// one of threeDigit, and take 6 to 10.
const (
	callingCodes = "1:10 7:10 20:8-10 27:9 30:10 31:9 32:8-9 33:9 34:9 36:8-9 39:8-11 40:9 41:9 43:7-12 44:9-10 45:8 46:7-9 47:8 " +
		"48:9 49:6-11 51:8-9 52:10-11 53:8 54:10-11 55:10-11 56:9 57:10 58:10 60:8-10 61:9 62:8-12 63:10 64:8-10 65:8 66:8-9 " +
		"81:9-10 82:8-10 84:9-10 86:10-11 90:10 91:10 92:10 93:9 94:9 95:7-10 98:10"
	threeDigit = "21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 80 85 87 88 96 97 99"
)

// calling is how many digits may follow the calling code that stands at its
// index, or nothing.
type calling struct{ least, most int }

var callings = func() (table [1000]calling) {
	for row := range strings.FieldsSeq(callingCodes) {
		code, digits, _ := strings.Cut(row, ":")
		least, most, ok := strings.Cut(digits, "-")
		if !ok {
			most = least
		}
		table[atoi(code)] = calling{atoi(least), atoi(most)}
	}
	for begin := range strings.FieldsSeq(threeDigit) {
		for i := range 10 {
			table[atoi(begin)*10+i] = calling{6, 10}
		}
	}
	return table
}()

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic("BUG: not a number in a table")
	}
	return n
}

// callingCode returns how many of digits are a calling code, and its row.
func callingCode(digits []byte) (int, calling) {
	code := 0
	for i := range min(3, len(digits)) {
		code = code*10 + int(digits[i]-'0')
		if code == 0 {
			break // no code begins with 0
		}
		if callings[code].most > 0 {
			return i + 1, callings[code]
		}
	}
	return 0, calling{}
}

// internationalPhone finds numbers that begin with "+" or "00" and a calling
// code.
func internationalPhone(n *number) (int, int) {
	text, first := n.text, n.groups[0]
	start, skip := first.start, 0
	switch {
	case byteAt(text, start-1) == '+':
		if start--; byteAt(text, start-1) == '(' && first.sep == ')' {
			start--
		}
	case byteAt(text, start-1) == '(' && byteAt(text, start-2) == '+' && first.sep == ')':
		start -= 2
	case first.end-start >= 3 && text[start] == '0' && text[start+1] == '0' && len(n.digits) >= 11:
		skip = 2
	default:
		return 0, 0
	}
	length, allowed := callingCode(n.digits[skip:])
	if skip > 0 && n.digits[skip+length] == '0' && n.digits[skip] != '3' || byteAt(text, start-1) == ',' && isDigit(byteAt(text, start-2)) {
		return 0, 0 // a list of codes, or a fraction
	}
	if before := byteAt(text, start-1); length == 0 || isWord(before) || before == '+' || before == '.' {
		return 0, 0
	}
	end, count := 0, -skip-length
	for i, g := range n.groups {
		if trunk := g.end-g.start == 1 && text[g.start] == '0' && g.sep == ')'; !trunk {
			count += g.end - g.start
		}
		most := allowed.most
		if i == 0 && count > most && n.digits[skip+length] == '0' {
			most++ // the trunk's 0, written against the rules
		}
		if count > most {
			break
		}
		if last := extension(text, g.end); count >= allowed.least && !isWord(byteAt(text, last)) {
			end = last
		}
	}
	return start, end
}

// trunkPhone finds numbers as they are dialled within most countries: a 0, an
// area or mobile code, and 9 to 12 digits in all in at least two groups.
func trunkPhone(n *number) (int, int) {
	text, first := n.text, n.groups[0]
	start := first.start
	if length := first.end - start; length < 2 || length > 5 || text[start] != '0' || text[start+1] == '0' || len(n.groups) < 2 {
		return 0, 0
	}
	if byteAt(text, start-1) == '(' && first.sep == ')' {
		start--
	}
	count, last := 0, 0
	for i, g := range n.groups {
		length := g.end - g.start
		if count += length; count > 12 || i > 0 && (length < 2 || length > 8) {
			break
		}
		if count >= 9 && i > 0 {
			last = i
			if count >= 10 && (g.sep == ' ' || g.sep != n.groups[max(0, i-1)].sep) {
				break
			}
		}
	}
	end := extension(text, n.groups[last].end)
	if last == 0 || byteAt(text, start-1) == '.' || date(n) || zipCode(n, last) || pairs(n, last) || !whole(text, start, end) {
		return 0, 0
	}
	return start, end
}

// extension returns the end of an extension such as "x123" or " ext. 123" at
// i, or i if there is none.
func extension(text []byte, i int) int {
	j := while(text, i, classSpace, 2)
	if c := byteAt(text, j) | 0x20; c != 'x' && c != 'e' {
		return i
	}
	for _, word := range []string{"extension ", "ext. ", "ext ", "ext.", "ext", "x"} {
		if j+len(word) < len(text) && lower(text[j:j+len(word)]) == word {
			end := while(text, j+len(word), classDigit, 7)
			if n := end - j - len(word); n >= 1 && n <= 6 && !isWord(byteAt(text, end)) {
				return end
			}
		}
	}
	return i
}

// pairs reports whether the groups up to last are all of two digits, as in a
// hexadecimal dump, but not the five of a French number.
func pairs(n *number, last int) bool {
	for _, g := range n.groups[:last+1] {
		if g.end-g.start != 2 {
			return false
		}
	}
	at := n.groups[0].start
	dump := byteAt(n.text, at-1) == ' ' && isHex(byteAt(n.text, at-2)) && isHex(byteAt(n.text, at-3)) && !isWord(byteAt(n.text, at-4))
	return dump || last != 4 || len(n.groups) > 5 && n.groups[5].end-n.groups[5].start == 2
}

// zipCode reports whether the groups up to last are those of a ZIP+4 code,
// such as 02110-1301.
func zipCode(n *number, last int) bool {
	first := n.groups[0]
	return last == 1 && first.sep == '-' && first.end-first.start == 5 && n.groups[1].end-n.groups[1].start == 4
}

// years reports whether eight digits are two years.
func years(d []byte) bool {
	century := func(d []byte) bool { return string(d[:2]) == "19" || string(d[:2]) == "20" }
	return len(d) == 8 && century(d) && century(d[4:])
}

// date reports whether a number begins as a date does: day, month and year.
func date(n *number) bool {
	return len(n.groups) >= 3 && n.groups[0].sep == n.groups[1].sep &&
		n.groups[0].end-n.groups[0].start == 2 && n.groups[1].end-n.groups[1].start == 2 && n.groups[2].end-n.groups[2].start == 4 &&
		(n.digits[4] == '1' && n.digits[5] == '9' || n.digits[4] == '2' && n.digits[5] == '0')
}
