package detect

var ibanRules = []Rule{
	{
		Name: "iban", Kind: IBANCode, Score: 1,
		Number: iban, Leads: "a",
		Hits: []string{
			"«DE89370400440532013000»",
			"IBAN: «DE89 3704 0044 0532 0130 00», please",
			"«GB29 NWBK 6016 1331 9268 19»",
			"«NL91ABNA0417164300»",
			"«FR14 2004 1010 0505 0001 3M02 606» merci",
			"«MT84 MALT 0110 0001 2345 MTLC AST0 01S»",
			"«de89 3704 0044 0532 0130 00» by hand",
			"«SA03 8000 0000 6080 1016 7519»",
			"계좌«DE89370400440532013000»입니다",
			"«NO93 8601 1117 947» x",
			"«DE89-3704-0044-0532-0130-00»",
		},
		Misses: []string{
			"DE88370400440532013000",       // check digits
			"DE8937040044053201300",        // too short
			"XX89370400440532013000",       // no such country
			"ADE89370400440532013000",      // in a word
			"DE89 3704 0044 0532 0130 00A", // goes on
			"DE00 0000 0000 0000 0000 00",
		},
	},
}

// ibanLengths are the lengths of IBANs by country (the SWIFT IBAN registry,
// release 99).
var ibanLengths = func() (t [32 * 32]uint8) {
	const table = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 " +
		"EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 " +
		"KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 " +
		"PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 " +
		"VG24 XK20 YE30"
	for i := 0; i < len(table); i += 5 {
		t[country(table[i], table[i+1])] = (table[i+2]-'0')*10 + table[i+3] - '0'
	}
	return t
}()

// country is a number for the two letters of a country, in either case.
func country(a, b byte) int { return int(a&0x1f)<<5 | int(b&0x1f) }

// iban finds an account number by its check digits, which stand behind the
// letters of the country.
func iban(n *number) (int, int) {
	g, text := n.groups[0], n.text
	start := g.start - 2
	if start < 0 || !isLetter(text[start]) || !isLetter(text[start+1]) || isWord(byteAt(text, start-1)) {
		return 0, 0
	}
	length := int(ibanLengths[country(text[start], text[start+1])])
	if length == 0 {
		return 0, 0
	}
	end := start
	var chars [maxIBAN]byte
	for i := range length {
		if i > 3 && i%4 == 0 && (byteAt(text, end) == ' ' || byteAt(text, end) == '-') {
			end++
		}
		if chars[i] = byteAt(text, end); !isWord(chars[i]) {
			return 0, 0
		}
		end++
	}
	if isWord(byteAt(text, end)) || zeros(chars[2:length]) {
		return 0, 0
	}
	rest := 0
	for i := range length { // the first four count last
		rest = mod97(rest, chars[(i+4)%length])
	}
	if rest != 1 {
		return 0, 0
	}
	return start, end
}

// maxIBAN is the length of the longest number (ISO 13616).
const maxIBAN = 34

// mod97 is the remainder by 97 of a number and one more character, a letter
// being two digits (ISO 7064, MOD 97-10).
func mod97(rest int, c byte) int {
	if isDigit(c) {
		return (rest*10 + int(c-'0')) % 97
	}
	return (rest*100 + int(c&^0x20-'A') + 10) % 97
}

// zeros reports whether text has no digit but 0.
func zeros(text []byte) bool {
	for _, c := range text {
		if c >= '1' && c <= '9' {
			return false
		}
	}
	return true
}
