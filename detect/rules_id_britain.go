package detect

import "slices"

var britishIDs = []id{
	{
		Kind: "UK_NHS", Doc: "a British National Health Service number",
		Alone: "999-999-9999 | 999 999 9999", Forms: "9999999999",
		Valid: every(mixed, ends("A98765432", "0-987654321")),
		Near:  "nhs, national health, health service, patient, health number",
		Hits:  "NHS number «401-023-2137» | «221 395 1837» | NHS «0032698674»", Misses: "401-023-2138 | NHS 0032698675 | 0032698674",
	},
	{
		Kind: "UK_NINO", Doc: "a British national insurance number",
		Alone: "aa~99~99~99~a | aa 999999a | aa 999999 a",
		Valid: every(insuranceLetters, part(2, 8, mixed), among(8, "ABCD")),
		Near:  "nino, national insurance, ni number, insurance number",
		Hits:  "nino: «PR 123612C» | «AA 12 34 56 B» | «tw987654a» | Here is my National Insurance Number «YZ 61 48 68 B»", Misses: "AA 12 34 56 H | FQ 00 00 00 C | BG123612A | nino: nt 99 88 77 a",
	},
	{
		Name: "uk-nino-short", Kind: "UK_NINO",
		Forms: "aa999999",
		Valid: every(insuranceLetters, part(2, 8, mixed)),
		Near:  "nino, national insurance, ni number, insurance number",
		Hits:  "NINO «HH012345»", Misses: "HH012345 | nino XO012345 | NINO HH01234",
	},
	{
		Kind: "UK_UTR", Doc: "a British unique taxpayer reference",
		Forms: "9999999999 | 99999 99999 | 999 999 9999",
		Valid: every(mixed, digitAt(0, "06789A5432", "21987654321")),
		Near:  "utr, taxpayer reference, hmrc, self assessment",
		Hits:  "UTR «1955839661» | UTR: «19558 39661»", Misses: "UTR 2955839661 | 1955839661",
	},
	{
		Kind: "UK_VAT", Label: "UKVATNUM", Doc: "a British value added tax number", Off: true,
		Alone: "GB_999_9999_99", Forms: "999_9999_99 | 999999999",
		Valid: britishVAT,
		Near:  "vat, vat number",
		Hits:  "«GB 980 7806 84» | VAT «GB340804329»", Misses: "GB 802311781 | 340804329",
	},
	{
		Kind: "UK_PASSPORT", Doc: "a British passport number, beside its name",
		Forms: "aa9999999 | 999999999", Valid: ukPassport,
		Near: "passport, passports, passport number",
		Hits: "My passport number is «CD7654321» | Passports: «AB1234567» and «XY9876543»", Misses: "AB1234567 | passport ABC123456 | passport AB123456",
	},
	{
		Kind: "UK_DRIVING_LICENCE", Label: "UKLICENCE", Doc: "the number of a British driving licence",
		Alone: "*****999999*9aa | *****999999**9aa | *****999999***aa",
		Valid: ukLicence,
		Near:  "licence, license, driving, dvla",
		Hits:  "«MORGA657054SM9IJ» | Licence: «SMIT9801015JK2CD»", Misses: "MORGA600054SM9IJ | MORGA650054SM9IJ | 99999657054SM9IJ | MO9G9657054SM9IJ | MORGA65705SM9IJ",
	},
	{
		Kind: "UK_POSTCODE", Doc: "a British postcode",
		Alone: "a9 9aa | a99 9aa | aa9 9aa | aa99 9aa | a9a 9aa | aa9a 9aa", Forms: "a99aa | a999aa | aa99aa | aa999aa | a9a9aa | aa9a9aa",
		Valid: ukPostcode,
		Near:  "postcode, post code, postal code, zip, address, send to, live at, lives at, ship to",
		Hits:  "London «SW1A 1AA» | postcode «EC1A1BB» | «M1 1AA» | Send to postcode «EC2A 1NT» please", Misses: "QA1 1AA | XA1 1AA | M1 1CA | 1A1 1AA | M11AA",
	},
	{
		Name: "uk-postcode-giro", Kind: "UK_POSTCODE",
		Alone: "aaa 9aa", Forms: "aaa9aa",
		Valid: every(oneOf(0, "GIR"), oneOf(3, "0AA")),
		Near:  "postcode, address",
		Hits:  "«GIR 0AA» | postcode «GIR0AA»", Misses: "GIR 1AA | GIR0AA",
	},
	{
		Kind: "UK_VEHICLE_REGISTRATION", Label: "UKPLATE", Doc: "a British number plate", Off: true,
		Alone: "aa99 aaa | aa99-aaa | a999 aaa | aaa 999a", Forms: "aa99aaa | a9 aaa | a99 aaa | a9aaa | a99aaa | a999aaa | aaa 9a | aaa 99a | aaa9a | aaa99a | aaa999a",
		Valid: ukPlate,
		Near:  "reg, registration, plate, vehicle, car, vehicles, vrm, number plate",
		Hits:  "My car reg is «AB51 ABC» | «LN14-HGT» | vehicle «BD62XYZ» | reg «K1 ABC»", Misses: "IB51 ABC | AB00 ABC | AB35 ABC | ABC 123I | BD62XYZ",
	},
	{
		Kind: "UK_SORT_CODE", Doc: "a British sort code, which names a bank's branch",
		Forms: "99-99-99 | 999999", Valid: mixed,
		Near: "sort code, sort, sortcode",
		Hits: "sort code «20-00-00» | Sort code: «601613»", Misses: "20-00-00 | 601613 | sort code 20-00-001",
	},
	{
		Kind: "UK_BANK_ACCOUNT", Label: "UKACCOUNT", Doc: "a British bank account, beside its sort code",
		Forms: "99999999", Valid: mixed,
		Near: "sort code, account number, acc no, account no, bank account",
		Hits: "account number «31926819» | sort code: 601613x, Acc no «31926819»", Misses: "31926819 | account number 3192681",
	},
	{
		Kind: "IE_PPS", Doc: "an Irish personal public service number",
		Alone: "9999999aa", Forms: "9999999a | 9999999 a | 9999999 aa",
		Valid: every(part(0, 7, mixed), either(length(8), among(8, "ABCDEFGHIWTX")), irishLetter),
		Near:  "pps, ppsn, pps number, public service, ireland",
		Hits:  "PPS «6433435F» | «6433435OA» | PPSN: «1234567OB»", Misses: "6433435VH | PPS 6433435E | 6433435F",
	},
	{
		Kind: "IE_VAT", Label: "IEVATNUM", Doc: "an Irish value added tax number", Off: true,
		Alone: "IE_9999999a | IE_9999999aa | IE_9a99999a", Forms: "9999999a | 9999999aa | 9a99999a",
		Valid: irishVAT,
		Near:  "vat, vat number, ireland",
		Hits:  "«IE 6433435F» | VAT «IE8D79739I» | VAT «6433435OA»", Misses: "IE 6433435E | 6433435F",
	},
}

// insuranceLetters holds if the letters of a national insurance number are
// given out.
func insuranceLetters(id []byte) bool {
	for i, c := range id[:2] {
		switch c {
		case 'D', 'F', 'I', 'Q', 'U', 'V':
			return false
		case 'O':
			if i == 1 {
				return false
			}
		}
	}
	return !oneOf(0, "BG GB KN NK NT TN ZZ")(id)
}

// ukPassport holds for two letters and seven digits, or nine digits.
func ukPassport(id []byte) bool { return isLetter(id[0]) && mixed(id[2:]) }

// ukLicence checks a driver's number: the name in letters filled with 9, the
// date of birth, and initials.
func ukLicence(id []byte) bool {
	if len(id) != 16 || !isLetter(id[0]) {
		return false
	}
	filled := false
	for _, c := range id[:5] {
		if isDigit(c) && c != '9' || filled && c != '9' {
			return false
		}
		filled = filled || c == '9'
	}
	month := int(id[6]-'0')*10 + int(id[7]-'0')
	return validDay(0, month, remainder(id[8:10], 100)) || validDay(0, month-50, remainder(id[8:10], 100))
}

// ukPostcode holds if the letters are used at their places.
func ukPostcode(id []byte) bool {
	n := len(id)
	for _, c := range id[n-2:] {
		switch c {
		case 'C', 'I', 'K', 'M', 'O', 'V':
			return false
		}
	}
	if among(0, "QVX")(id) || isLetter(id[1]) && among(1, "IJZ")(id) {
		return false
	}
	return !isLetter(id[n-4]) || n >= 5
}

// ukPlate holds for the forms since 2001, of 1983 to 2001 and of 1963 to 1982.
func ukPlate(id []byte) bool {
	n := len(id)
	switch {
	case isLetter(id[0]) && isLetter(id[1]) && isDigit(id[2]) && n == 7 && isDigit(id[3]) && isLetter(id[4]):
		for _, c := range id[:2] {
			if c == 'I' || c == 'Q' || c == 'Z' {
				return false
			}
		}
		age := remainder(id[2:4], 100)
		return (age >= 2 && age <= 29 || age >= 51 && age <= 79) && !hasLetter(id[4:], 'I') && !hasLetter(id[4:], 'Q')
	case isDigit(id[1]):
		return !among(0, "IOQUZ")(id) && !hasLetter(id[n-3:], 'I')
	}
	return !among(n-1, "IOQUZ")(id)
}

func hasLetter(id []byte, letter byte) bool {
	return slices.Contains(id, letter)
}

// irishVAT checks a number of today's form, or of that with a letter in the
// second place, which then moves to the end.
func irishVAT(id []byte) bool {
	if !isLetter(id[1]) {
		return irishLetter(id)
	}
	moved := [8]byte{'0', id[2], id[3], id[4], id[5], id[6], id[0], id[7]}
	return irishLetter(moved[:])
}
