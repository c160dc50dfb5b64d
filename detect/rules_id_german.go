package detect

var germanIDs = []id{
	{
		Kind: "DE_TAX_ID", Doc: "a German taxpayer's number (Steuer-ID)",
		Alone: "99 999 999 999", Forms: "99999999999",
		Valid: germanTaxID,
		Near:  "steuer-id, steuerid, idnr, steueridentifikationsnummer, identifikationsnummer, steuer id",
		Hits:  "Meine Steuer-ID: «12345678903» | «36 574 261 809» | IdNr. «98765432106» liegt vor", Misses: "Steuer-ID 12345678901 | 36 574 261 808 | 12345678903 | Steuer-ID 11111111111",
	},
	{
		Kind: "DE_TAX_NUMBER", Doc: "a German tax number (Steuernummer), by regional office",
		Alone: "999/999/99999 | 99/999/99999 | 999/9999/9999 | 99/9999/9999 | 99/999/9999", Forms: "9999999999999 | 99999999999 | 9999999999 | 999 999 99999",
		Valid: germanTaxNumber,
		Near:  "steuernummer, st.-nr, steuer-nr, stnr, finanzamt",
		Hits:  "Steuernummer: «0981508150999» | St.-Nr. «123/456/78901» | «121/5752/5373» | Steuernummer «10863924976»", Misses: "Steuernummer 1781508150001 | Steuernummer 0081508150001 | 0981508150999",
	},
	{
		Kind: "DE_ID_CARD", Label: "DEIDENTITY", Doc: "a German identity card",
		Alone: "a********", Forms: "a99999999",
		Valid: every(among(0, "CFGHJKLMNPRTVWXYZ"), germanLetters, fewLetters, either(germanOldID, icao9303)),
		Near:  "personalausweis, ausweis, ausweisnummer, ausweisnr, id card, identity card, perso",
		Hits:  "Personalausweis: «L01X00T44» | Ausweis Nr. «T22000129» | Ausweis «CZ6311T03»", Misses: "Ausweis L01X00T47 | Ausweis T2200012 | Ausweis IOQSUBDE1",
	},
	{
		Name: "de-id-card-line", Kind: "DE_ID_CARD",
		Alone: "a********9~9999999~9999999D~9",
		Valid: germanIDLine,
		Hits:  "«T220001293 6408125 2010315D 4» | Ausweis «T22000129364081252010315D4»", Misses: "T220001293 6408125 2010315D 9 | T220001293 6408126 2010315D 4",
	},
	{
		Kind: "DE_PASSPORT", Doc: "a German passport",
		Forms: "a********",
		Valid: every(among(0, "CFGHJKLMNPRTVWXYZ"), germanLetters, fewLetters, icao9303),
		Near:  "reisepass, pass-nr, passnummer, reisepassnummer, pass",
		Hits:  "Reisepass «C01234565» | Pass-Nr.: «F12345671»", Misses: "Reisepass C01234567 | C01234565",
	},
	{
		Kind: "DE_SOCIAL_SECURITY", Label: "DEPENSION", Doc: "a German pension insurance number",
		Alone: "99~999999~a~999",
		Valid: every(part(0, 8, digital), between(0, "02", "99"), not(oneOf(0, "05 06 07")), pensionDate, germanPension),
		Near:  "rvnr, sozialversicherungsnummer, rentenversicherung, versicherungsnummer, svnr",
		Hits:  "RVNR: «15070649C103» | «15 070649 C 103» | «65070803A019»", Misses: "15070649C100 | 15071349C103 | 01070649C103 | 15JU0649C102",
	},
	{
		Kind: "DE_HEALTH_INSURANCE", Label: "DEHEALTH", Doc: "a German health insurance number",
		Alone: "a999999999",
		Valid: germanHealth,
		Near:  "kvnr, krankenkasse, egk, krankenversichertennummer, versichertennummer, versicherten",
		Hits:  "Krankenkasse KVNR: «A123456780» | «M123456785»", Misses: "A123456787 | A12345678 | A000500010",
	},
	{
		Kind: "DE_FUEHRERSCHEIN", Doc: "a German driving licence",
		Alone: "aa99999999a", Forms: "aa999999999",
		Valid: mixed,
		Near:  "führerschein, führerscheinnummer, fahrerlaubnis, fuehrerschein, driving licence, driver",
		Hits:  "Führerscheinnummer: «BO12345678A» | Fahrerlaubnis «MU123456785»", Misses: "BO12345678 | BO12345678AB | B12345678A | MU123456785",
	},
	{
		Kind: "DE_VAT_ID", Doc: "a German value added tax number", Off: true,
		Alone: "DE_999_999_999", Forms: "999999999",
		Valid: iso7064Mod11_10,
		Near:  "ust-idnr, ust-id, umsatzsteuer, mehrwertsteuer, vat",
		Hits:  "USt-IdNr.: «DE136695976» | «DE 136-695.976» | USt-ID «136695976»", Misses: "DE12345678 | DE136695978 | 136695976",
	},
	{
		Name: "de-vat-id-unchecked", Kind: "DE_VAT_ID",
		Forms: "DE_999_999_999", Valid: mixed,
		Near: "ust-idnr, ust-id, umsatzsteuer, vat, rechnung",
		Hits: "USt-IdNr. «DE123456789»", Misses: "AT123456789 | DE987654321",
	},
	{
		Kind: "DE_HANDELSREGISTER", Doc: "a German company's number in the register", Off: true,
		Alone: "HRB_9 | HRB_99 | HRB_999 | HRB_9999 | HRB_99999 | HRB_999999 | HRA_9 | HRA_99 | HRA_999 | HRA_9999 | HRA_99999 | HRA_999999",
		Near:  "handelsregister, amtsgericht",
		Hits:  "Amtsgericht München «HRB 12345». | im «HRA 99999» Köln | «HRB123456»", Misses: "HRC 12345 | HR 12345 | HRB 1234567",
	},
	{
		Kind: "DE_KFZ", Label: "DEPLATE", Doc: "a German number plate", Off: true,
		Alone: "a-aa-9999 | a-aa-999 | a-a-9999 | aa-aa-9999 | aa-aa-999 | aa-aa-99 | aa-a-9999 | aa-a-999 | aaa-aa-999 | aaa-aa-99 | aaa-a-999 | aaa-a-9999 | aaa-aa-9999 | a-aa 9999 | aa-aa 9999 | aa-aa 999 | aaa-aa 999 | a-aa 999",
		Forms: "a aa 9 | a aa 99 | a aa 999 | a aa 9999 | aa aa 99 | aa aa 999 | aa aa 9999 | aaa a 9999 | aaa aa 99 | aaa aa 999 | aaa aa 9999 | aa aa 99a | a aa 99a | aaa aa 9999a",
		Valid: mixed,
		Near:  "kennzeichen, kfz, fahrzeug, nummernschild, plate",
		Hits:  "Kennzeichen: «HH-AB-1234». | «M-XY-999» | Das Fahrzeug mit Kennzeichen «B AB 1234» wurde gesehen", Misses: "BAB1234 | B 1234 | BXYZ AB 1234 | B AB 1234",
	},
	{
		Kind: "DE_PLZ", Doc: "a German postal code, beside its name",
		Forms: "99999", Valid: between(0, "01001", "99998"),
		Near: "plz, postleitzahl",
		Hits: "PLZ: «10115» | Postleitzahl «80331» München", Misses: "10115 | PLZ 00000 | PLZ 99999 | PLZ 1011",
	},
	{
		Kind: "DE_LANR", Doc: "a German physician's number", Forms: "999999999",
		Valid: digitAt(6, "494949", minus10),
		Near:  "lanr, arztnummer, arzt-nr",
		Hits:  "LANR: «123456601» | Arztnummer «987654401»", Misses: "LANR 123456901 | 123456601",
	},
	{
		Kind: "DE_BSNR", Doc: "a German medical practice's number", Off: true, Forms: "999999999",
		Valid: mixed,
		Near:  "bsnr, betriebsstättennummer, betriebsstätte",
		Hits:  "BSNR «711234567» der Praxis. | Betriebsstättennummer: «021234568»", Misses: "021234568 | BSNR 000000000",
	},
	{
		Kind: "AT_SVNR", Label: "ATSOCIAL", Doc: "an Austrian social insurance number",
		Alone: "9999 999999", Forms: "9999999999",
		Valid: every(among(0, "123456789"), born(4, "ddmmyy", 12, 1, 2, 3), digitAt(3, "3790584216", mod11)),
		Near:  "svnr, sv-nummer, sozialversicherungsnummer, versicherungsnummer, vnr, ecard",
		Hits:  "SVNR «1237 010180» | SV-Nummer: «1237010180»", Misses: "2237 010180 | SVNR 1237 410180 | 1237010180",
	},
	{
		Kind: "AT_TIN", Doc: "an Austrian tax number",
		Alone: "99-999/9999", Forms: "999999999 | 99 999/9999",
		Valid: every(not(oneOf(0, "00 01")), luhn),
		Near:  "steuernummer, abgabenkontonummer, finanzamt, st.nr",
		Hits:  "Steuernummer «59-119/9013» | Abgabenkontonummer «591199013»", Misses: "59-119/9012 | 00-119/9012 | 591199013",
	},
	{
		Kind: "AT_VAT", Label: "ATVATNUM", Doc: "an Austrian value added tax number", Off: true,
		Alone: "AT_U99999999", Forms: "U99999999",
		Valid: cast("1212121", "6543210987"),
		Near:  "uid, ust-id, atu, umsatzsteuer",
		Hits:  "«ATU13585627» | UID «AT U13585627» | UID: «U13585627»", Misses: "ATU13585626 | U13585627",
	},
	{
		Kind: "AT_COMPANY", Label: "ATFIRMA", Doc: "an Austrian company's number in the register", Off: true,
		Alone: "FN_999999a | FN_99999a", Forms: "999999a",
		Valid: mixed,
		Near:  "firmenbuch, firmenbuchnummer",
		Hits:  "«FN 122119m» | Firmenbuch «122119m»", Misses: "m122119 | 122119m",
	},
	{
		Kind: "CH_AHV", Doc: "a Swiss social security number",
		Alone: "999.9999.9999.99", Forms: "9999999999999 | 999 9999 9999 99",
		Valid: every(oneOf(0, "756"), ends("131313131313", minus10)),
		Near:  "ahv, avs, ahv-nummer, versichertennummer, sozialversicherung, navs13",
		Hits:  "AHV «756.9217.0769.85» | AHV-Nummer: «7569217076985»", Misses: "756.9217.0769.84 | 123.4567.8910.19 | 7569217076985",
	},
	{
		Kind: "CH_UID", Doc: "a Swiss company's number, also as its VAT number", Off: true,
		Alone: "CHE_999_999_999 | CHE_999_999_999_MWST | CHE_999_999_999_TVA | CHE_999_999_999_IVA | CHE_999_999_999_TPV", Valid: ends("54327654", minus11),
		Near: "uid, mwst, tva, iva",
		Hits: "«CHE-100.155.212» | «CHE109910570» | «CHE-107.787.577 IVA»", Misses: "CHE-100.155.211 | CHE 12345678",
	},
	{
		Kind: "LI_PEID", Doc: "a Liechtenstein person's number", Forms: "9999999 | 99999999999 | 999999999999",
		Near: "peid, personenidentifikation, liechtenstein",
		Hits: "PEID «00001234567»", Misses: "00001234567 | PEID 00001234568913454545",
	},
}

// germanLetters holds if letters are those of documents: no vowel, and none
// like a digit.
func germanLetters(id []byte) bool {
	for _, c := range id {
		switch c {
		case 'A', 'B', 'D', 'E', 'I', 'O', 'Q', 'S', 'U':
			return false
		}
	}
	return true
}

// fewLetters holds if there are more digits than letters, of which words and
// keys have many.
func fewLetters(id []byte) bool {
	n := 0
	for _, c := range id {
		if isLetter(c) {
			n++
		}
	}
	return 2*n < len(id)
}

// pensionDate holds for a date of birth, to whose day 50 is added if numbers of
// a day ran out.
func pensionDate(id []byte) bool {
	day, month, year := remainder(id[2:4], 100), remainder(id[4:6], 100), remainder(id[6:8], 100)
	return validDay(year, month, day) || validDay(year, month, day-50)
}

// germanOldID holds for cards of the form T and eight digits, of which the
// last may be any.
func germanOldID(id []byte) bool { return id[0] == 'T' && digital(id[1:]) }

// germanTaxNumber holds for a number of the country-wide form, which begins
// with the state's, or a regional one.
func germanTaxNumber(id []byte) bool {
	return mixed(id) && (len(id) != 13 || between(0, "01", "16")(id))
}

// germanHealth checks an insured person's number: the letter is two digits,
// every second product's digits are summed.
func germanHealth(id []byte) bool {
	n := id[0] - 'A' + 1
	digits := append([]byte{'0' + n/10, '0' + n%10}, id[1:9]...)
	sum := 0
	for i, c := range digits {
		p := int(c-'0') * (1 + i%2)
		sum += p/10 + p%10
	}
	return sum%10 == int(id[9]-'0')
}

// germanIDLine checks the line at the foot of an old identity card: serial
// number, date of birth and date of expiry, each with its check digit, and one
// for all of them.
func germanIDLine(id []byte) bool {
	return icaoField(id[:10]) && icaoField(id[10:17]) && icaoField(id[17:24]) && icaoField(id)
}

// icaoField checks the last digit of a field of any length (ICAO 9303), whose
// weights begin with 7.
func icaoField(id []byte) bool {
	sum, last := 0, len(id)-1
	for i, c := range id[:last] {
		sum += value36(c) * [3]int{7, 3, 1}[i%3]
	}
	return int(id[last]-'0') == sum%10
}
