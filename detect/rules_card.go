package detect

import (
	"slices"
	"strings"
)

var cardRules = []Rule{
	{
		Name: "card", Kind: CreditCard, Score: 1,
		Shapes: []string{"13", "14", "15", "16", "4~4~4~4", "4~4~4~4~3", "4~6~5", "4~6~4", "4~4~5", "4~3~3~3"},
		Valid:  card,
		Hits: []string{
			"Visa «4111 1111 1111 1111», thanks",
			"«4111-1111-1111-1111»",
			"«4111111111111111»",
			"Amex «3782 822463 10005»",
			"«371449635398431»",
			"Mastercard «5555555555554444»",
			"2-series «2223003122003222»",
			"Diners «3056 930902 5904»",
			"Discover «6011 1111 1111 1117»",
			"JCB «3530111333300000»",
			"UnionPay «6240 0086 3140 1148»",
			"«4222222222222» is an old Visa",
		},
		Misses: []string{
			"4111 1111 1111 1112",                  // Luhn
			"9999999999999995",                     // no brand
			"f47ac10b-58cc-4372-a567-672331071866", // the end of a UUID passes Luhn
			"a4111111111111111",                    // in a word
			"41111111111111110000",                 // in a longer number
			"1.4111111111111111",                   // a fraction
			"0000 0000 0000 0000",
		},
	},
	{
		Name: "card-behind-word", Kind: CreditCard, Score: 0.9,
		Words:  []string{"card", "visa", "mastercard", "amex", "kreditkarte", "tarjeta", "carte"},
		Match:  cardBehind,
		Hits:   []string{"card «41 11 11 11 11 11 11 11»", "my Visa is «4 111 1111 1111 1111»", "card no: «4111/1111/1111/1111», ok", "Mastercard «5555_5555_5555_4444»"},
		Misses: []string{"card 41 11 11 11 11 11 11 12", "card of 12, 4111", "visa 2024-05-06, 12:30:45", "cardinality 41 11 11 11 11 11 11 11"},
	},
	{
		Name: "card-long", Kind: CreditCard, Score: 0.9,
		Shapes: []string{"17", "18", "19"},
		Valid:  card,
		Around: notInTable,
		Hits:   []string{"UnionPay «6240008631401148002»", "{\"card\": «6011000990139424009»}"},
		Misses: []string{"-4576982950128230565", "6559392774825876886, 765009320169237031", "7317004403633452381, 6011544915663598137", "6011000990139424000"},
	},
}

// brands are the prefixes and lengths of payment cards (ISO/IEC 7812).
var brands = []struct {
	from, to string // prefixes of one length, both included
	lengths  uint32 // bit n: n digits
}{
	{"4", "4", 1<<13 | 1<<16 | 1<<19},               // Visa
	{"1", "1", 1 << 15},                             // UATP
	{"5019", "5019", 1 << 16},                       // Dankort
	{"51", "55", 1 << 16},                           // Mastercard
	{"2221", "2720", 1 << 16},                       // Mastercard
	{"34", "34", 1 << 15},                           // American Express
	{"37", "37", 1 << 15},                           // American Express
	{"300", "305", 1<<14 | 1<<16},                   // Diners Club
	{"3095", "3095", 1<<14 | 1<<16},                 // Diners Club
	{"36", "36", 1<<14 | 1<<16},                     // Diners Club
	{"38", "39", 1<<14 | 1<<16},                     // Diners Club
	{"6011", "6011", 1<<16 | 1<<17 | 1<<18 | 1<<19}, // Discover
	{"644", "659", 1<<16 | 1<<17 | 1<<18 | 1<<19},   // Discover, RuPay
	{"3528", "3589", 1<<16 | 1<<17 | 1<<18 | 1<<19}, // JCB
	{"62", "62", 1<<16 | 1<<17 | 1<<18 | 1<<19},     // UnionPay
	{"2200", "2204", 1<<16 | 1<<17 | 1<<18 | 1<<19}, // Mir
	{"5018", "5018", 1<<13 | 1<<16 | 1<<18 | 1<<19}, // Maestro
	{"5020", "5020", 1<<13 | 1<<16 | 1<<18 | 1<<19}, // Maestro
	{"5038", "5038", 1<<13 | 1<<16 | 1<<18 | 1<<19}, // Maestro
	{"6304", "6304", 1<<13 | 1<<16 | 1<<18 | 1<<19}, // Maestro
	{"6759", "6763", 1<<13 | 1<<16 | 1<<18 | 1<<19}, // Maestro
	{"508", "508", 1 << 16},                         // RuPay
	{"81", "82", 1 << 16},                           // RuPay, UnionPay
	{"9792", "9792", 1 << 16},                       // Troy
}

// cardLengths are the lengths of the cards that begin with four digits, as
// those of brands.
var cardLengths = func() (t [10000]uint32) {
	for _, b := range brands {
		wide := atoi("1" + strings.Repeat("0", 4-len(b.from)))
		for i := atoi(b.from) * wide; i < (atoi(b.to)+1)*wide; i++ {
			t[i] |= b.lengths
		}
	}
	return t
}()

// card reports whether digits are a number of a known brand and length that
// ends in the right digit.
func card(digits []byte) bool {
	return cardLengths[remainder(digits[:4], 10000)]>>len(digits)&1 != 0 && luhn(digits)
}

// notInTable reports whether a number of 17 digits and more stands by itself.
// Tables of large numbers are full of what looks like a card's.
func notInTable(text []byte, start, end int) bool {
	if byteAt(text, start-1) == '-' {
		return false
	}
	next := while(text, end+1, classSpace, 16)
	if byteAt(text, end) == ',' && (byteAt(text, next) == '-' || while(text, next, classDigit, 16) >= next+15) {
		return false
	}
	before := back(text, start, classSpace, 16)
	return byteAt(text, before-1) != ',' || back(text, before-1, classDigit, 16) > before-16
}

// luhn is the check of ISO/IEC 7812-1, annex B: from the right every second
// digit counts twice, and the sum of all digits ends in 0.
func luhn(digits []byte) bool {
	sum, double := 0, false
	for _, digit := range slices.Backward(digits) {
		d := int(digit - '0')
		if double {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
		double = !double
	}
	return sum%10 == 0
}

// cardBehind finds the digits of a card behind a word for one, whatever parts
// them: 41 11 11 11 ..., 4111/1111/1111/1111.
func cardBehind(text []byte, at, end int) (int, int) {
	start := end
	for start < len(text) && start < end+24 && !isDigit(text[start]) {
		if isLetter(text[start]) && start > end+16 {
			return 0, 0
		}
		start++
	}
	var digits [20]byte
	n, stop := 0, 0
	for i := start; i < len(text) && n < len(digits); {
		if isDigit(text[i]) {
			digits[n] = text[i]
			n++
			i++
			if n >= 13 && !isDigit(byteAt(text, i)) && card(digits[:n]) && whole(text, start, i) {
				stop = i
			}
			continue
		}
		gap := i
		for gap < len(text) && gap < i+3 && strings.IndexByte(" -./,_\t", text[gap]) >= 0 {
			gap++
		}
		if gap == i || !isDigit(byteAt(text, gap)) {
			break
		}
		i = gap
	}
	return start, stop
}
