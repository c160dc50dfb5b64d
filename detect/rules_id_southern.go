package detect

var southernIDs = []id{
	{
		Kind: "ES_NIF", Doc: "a Spanish person's tax and identity number (DNI, NIF)",
		Alone: "99999999a | 99999999-a", Forms: "9999999a | 9999999-a | 99999999 a | 99.999.999-a",
		Valid: every(not(oneOf(0, "000000")), letterOf(spanishLetters)),
		Near:  "dni, nif, documento, identidad, españa",
		Hits:  "DNI «54362315-K» | «12345678Z» | NIF «1111111G»", Misses: "54362315Z | DNI 12345678A | 1111111G",
	},
	{
		Name: "es-nif-special", Kind: "ES_NIF",
		Forms: "a_9999999_a",
		Valid: every(among(0, "KLM"), part(1, 0, letterOf(spanishLetters))),
		Near:  "nif, dni",
		Hits:  "NIF «M-1234567-L»", Misses: "NIF M-1234567-K",
	},
	{
		Kind: "ES_NIE", Doc: "a Spanish foreigner's number",
		Alone: "a9999999a | a-9999999-a | a9999999-a | a-9999999a",
		Valid: func(id []byte) bool {
			return among(0, "XYZ")(id) && spanishLetters[(remainder(id[1:8], 23)+remainder([]byte{id[0] - 'X' + '0', '0', '0', '0', '0', '0', '0', '0'}, 23))%23] == id[8]
		},
		Near: "nie, extranjero",
		Hits: "«Y8063915-Z» | Mi NIE es «X9613851N» | «x-2482300w»", Misses: "Y8063915Q | x-2482300a | W8063915Q",
	},
	{
		Kind: "ES_CIF", Doc: "a Spanish company's tax number", Off: true,
		Alone: "ES_a_99999999 | ES_a_9999999_a", Forms: "a_99999999 | a_9999999_a",
		Valid: every(among(0, "ABCDEFGHJNPQRSUVW"), spanishCompany),
		Near:  "cif, nif, empresa",
		Hits:  "CIF «B64717838» | «ES B-58378431»", Misses: "CIF B64717839 | B64717838",
	},
	{
		Kind: "ES_NSS", Doc: "a Spanish social security number",
		Forms: "99_99999999_99 | 99/99999999/99 | 999999999999",
		Valid: spanishSocial,
		Near:  "seguridad social, nss, afiliación",
		Hits:  "seguridad social «28 12345678 40» | NSS «281234567840»", Misses: "NSS 77 12345678 40 | 281234567840",
	},
	{
		Kind: "ES_PASSPORT", Doc: "a Spanish passport, beside its name",
		Forms: "aaa999999",
		Near:  "pasaporte, passport",
		Hits:  "Mi pasaporte es «AAA123456» | «XYZ987654» es mi número de pasaporte", Misses: "AAA123456 | pasaporte AAA12345",
	},
	{
		Kind: "PT_NIF", Doc: "a Portuguese tax number",
		Alone: "PT_999_999_999", Forms: "999_999_999",
		Valid: every(among(0, "12356789"), mixed, ends("98765432", minus11zero)),
		Near:  "nif, contribuinte, fiscal, nipc, portugal",
		Hits:  "NIF «507104560» | «PT 501 964 843» | contribuinte «501 964 843»", Misses: "PT 501 964 842 | 507104560",
	},
	{
		Kind: "PT_CC", Label: "PTCITIZEN", Doc: "a Portuguese citizen's card",
		Alone: "99999999_9_aa9 | 99999999_9_a99 | 99999999_9_**9",
		Valid: every(either(letterAt(9), letterAt(10)), luhn36Portuguese),
		Near:  "cartão de cidadão, cartão, cc, cidadão",
		Hits:  "Cartão de Cidadão «10000000 0 ZZ2» | «100000000ZZ2»", Misses: "10000000 0 ZZ4 | 00000000 A ZZ4",
	},
	{
		Kind: "IT_FISCAL_CODE", Doc: "an Italian fiscal code (codice fiscale)",
		Alone: "aaaaaa**a**a***a",
		Valid: every(italianDate, codiceFiscale),
		Near:  "codice fiscale, cf, fiscale",
		Hits:  "«RCCMNL83S18D969H» | codice fiscale: «AAAAAA00B11C333N»", Misses: "RCCMNL83S18D967H | A55AAA00B11C333N",
	},
	{
		Name: "it-fiscal-code-unchecked", Kind: "IT_FISCAL_CODE",
		Forms: "aaaaaa**a**a***a", Valid: italianDate,
		Near: "codice fiscale, fiscale, cod.fisc",
		Hits: "codice fiscale «AAAAAA00B11C333Y»", Misses: "AAAAAA00B11C333X",
	},
	{
		Kind: "IT_VAT_CODE", Doc: "an Italian value added tax number (partita IVA)", Off: true,
		Alone: "IT_99999999999", Forms: "99999999999 | 99999999_999",
		Valid: every(mixed, not(oneOf(0, "0000000")), luhn),
		Near:  "partita iva, p.iva, iva, piva",
		Hits:  "partita IVA «01333550323» | IVA «01333550_323» | «IT 00743110157»", Misses: "IT 00743110158 | partita IVA 00000000001 | 01333550323",
	},
	{
		Kind: "IT_DRIVER_LICENSE", Label: "ITLICENSE", Doc: "an Italian driving licence, beside its name",
		Forms: "aa9999999a | a9*******a",
		Valid: italianLicence,
		Near:  "patente, patente di guida, licenza, license, licence, guida",
		Hits:  "patente «AA0123456B» | license «U1K711J11M» here", Misses: "AA0123456B | patente 990123456B",
	},
	{
		Kind: "IT_IDENTITY_CARD", Label: "ITIDENTITY", Doc: "an Italian identity card, beside its name",
		Forms: "aa_9999999 | 9999999aa | aa99999aa", Valid: mixed,
		Near: "carta d'identità, carta di identità, cie, identità, identita",
		Hits: "carta d'identità «AA1234567» | CIE «CA12345AA»", Misses: "AA1234567 | CIE CA1234AA",
	},
	{
		Kind: "IT_PASSPORT", Doc: "an Italian passport, beside its name",
		Forms: "aa9999999", Valid: mixed,
		Near: "passaporto",
		Hits: "passaporto «AA1234567»", Misses: "AA1234567 | passaporto AA123456",
	},
	{
		Kind: "GR_AMKA", Doc: "a Greek social security number (AMKA)",
		Forms: "99999999999 | 999999 99999 | 999999-99999",
		Valid: every(born(0, "ddmmyy"), luhn),
		Near:  "amka, αμκα, κοινωνικής ασφάλισης",
		Hits:  "AMKA «20013099997» | ΑΜΚΑ «20013099997»", Misses: "AMKA 01013099999 | 01013099997",
	},
	{
		Kind: "GR_AFM", Doc: "a Greek tax number (AFM), also as VAT number",
		Alone: "EL_999999999 | GR_999999999 | GR_99999999", Forms: "999999999",
		Valid: every(mixed, ends("379A5842", mod11zero)),
		Near:  "afm, αφμ, α.φ.μ, vat",
		Hits:  "«EL 094259216» | ΑΦΜ «094259216» | AFM «094259216»", Misses: "GR 123456781 | 094259216",
	},
	{
		Kind: "MT_VAT", Label: "MTVATNUM", Doc: "a Maltese value added tax number", Off: true,
		Alone: "MT_9999_9999", Forms: "99999999",
		Valid: every(mixed, total("346789A1", 37, 0)),
		Near:  "vat, malta",
		Hits:  "«MT 1167-9112» | VAT Malta «11679112»", Misses: "MT 1167-9113 | 11679112",
	},
	{
		Kind: "CY_VAT", Label: "CYVATNUM", Doc: "a Cypriot tax and value added tax number", Off: true,
		Alone: "CY_99999999a", Forms: "99999999a",
		Valid: every(not(oneOf(0, "12")), cyprusVAT),
		Near:  "vat, tic, cyprus, φπα",
		Hits:  "«CY-10259033P» | VAT Cyprus «10259033P»", Misses: "CY-10259033Z | 10259033P",
	},
	{
		Kind: "AD_NRT", Doc: "an Andorran tax number",
		Alone: "a-999999-a", Forms: "a_999999_a",
		Valid: andorran,
		Near:  "nrt, andorra, tributari",
		Hits:  "NRT «U-132950-X» | NRT «U132950X»", Misses: "I-706193-G | U132950X",
	},
	{
		Kind: "SM_COE", Doc: "a San Marino company's number", Off: true,
		Forms: "99999 | 999999",
		Near:  "coe, san marino",
		Hits:  "COE «024165»", Misses: "024165 | COE 1124165",
	},
	{
		Kind: "IL_ID", Label: "ILIDENTITY", Doc: "an Israeli identity number",
		Forms: "99999999-9 | 999999999 | 9999999-9 | 99999999",
		Valid: every(mixed, luhn),
		Near:  "teudat zehut, teudat, tz, israeli id, israel, תעודת זהות, ת.ז, מספר זהות",
		Hits:  "Teudat Zehut «3933742-3» | ת.ז «039337423»", Misses: "Teudat Zehut 3933742-2 | 039337423",
	},
	{
		Kind: "IL_COMPANY", Doc: "an Israeli company's number", Off: true,
		Forms: "999999999",
		Valid: every(among(0, "5"), luhn),
		Near:  "company number, ח.פ, israel, hp",
		Hits:  "Israel, company number «516179157»", Misses: "company number 516179158 | 516179157",
	},
	{
		Kind: "TR_NATIONAL_ID", Doc: "a Turkish person's number",
		Forms: "99999999999 | 999 999 999 99",
		Valid: turkish,
		Near:  "kimlik, tckn, tc kimlik, türkiye, turkish, turkey, kişi",
		Hits:  "TC Kimlik No: «10000000146» | Turkish ID «10000000146»", Misses: "TC Kimlik 10000000145 | 10000000146",
	},
	{
		Kind: "TR_VKN", Doc: "a Turkish tax number",
		Forms: "9999999999 | 999 999 9999",
		Valid: every(mixed, turkishTax),
		Near:  "vkn, vergi, vergi no, vergi kimlik",
		Hits:  "Vergi no: «4540536920»", Misses: "VKN 4540536921 | 4540536920",
	},
	{
		Kind: "TR_LICENSE_PLATE", Label: "TRPLATE", Doc: "a Turkish number plate", Off: true,
		Alone: "99 aaa 99 | 99 aaa 999 | 99 aa 999 | 99 aa 9999 | 99 a 9999 | 99 aaa 9999", Forms: "99 a 99 | 99 a 999 | 99 aa 99 | 99aaa9999 | 99aaa999 | 99aaa99 | 99aa999 | 99aa9999 | 99a9999",
		Valid: between(0, "01", "81"),
		Near:  "plaka, plakası, plate, plates",
		Hits:  "Plaka «34 ABC 1234» ve «06 JK 567» | License plate «34 ABC 1234» | «16 B 1234»", Misses: "00 ABC 123 | 82 ABC 123 | 34ABC1234",
	},
}

// spanishLetters are picked by a number modulo 23.
const spanishLetters = "TRWAGMYFPDXBNJZSQVHLCKE"

// spanishCompany checks the last character, which is a digit or a letter.
func spanishCompany(id []byte) bool {
	sum := 0
	for i, c := range id[1:8] {
		p := int(c-'0') * (2 - i%2)
		sum += p/10 + p%10
	}
	r := (10 - sum%10) % 10
	return id[8] == mod10[r] || id[8] == "JABCDEFGHI"[r]
}

// spanishSocial checks the province and the last two digits.
func spanishSocial(id []byte) bool {
	if !(between(0, "01", "53")(id) || oneOf(0, "66")(id)) {
		return false
	}
	body := id[:10]
	if id[2] == '0' { // a short number counts without its zero
		body = append(append([]byte{}, id[:2]...), id[3:10]...)
	}
	return remainder(body, 97) == remainder(id[10:], 100)
}

// luhn36Portuguese checks a citizen's card: with letters from 10, every second
// value twice, less 9 if above.
func luhn36Portuguese(id []byte) bool {
	sum := 0
	for i, c := range id {
		v := value36(c)
		if i%2 == 0 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0
}

// italianDate checks the month's letter and the day, to which 40 is added for
// women, and that of seven places for digits those with letters are of people
// who would have the same code.
func italianDate(id []byte) bool {
	digit := func(c byte) int {
		if isDigit(c) {
			return int(c - '0')
		}
		for i, l := range []byte("LMNPQRSTUV") {
			if c == l {
				return i
			}
		}
		return 100
	}
	day := digit(id[9])*10 + digit(id[10])
	place := digit(id[12])*100 + digit(id[13])*10 + digit(id[14])
	year := digit(id[6])*10 + digit(id[7])
	return among(8, "ABCDEHLMPRST")(id) && (day >= 1 && day <= 31 || day >= 41 && day <= 71) && place < 1000 && year < 100
}

// italianLicence holds for two letters and seven digits, or U1 and seven
// characters of a restricted set.
func italianLicence(id []byte) bool {
	if isLetter(id[1]) {
		return true
	}
	for _, c := range id[2:9] {
		switch c {
		case 'A', 'E', 'I', 'O', 'Q', 'S', 'U':
			return false
		}
	}
	return id[0] == 'U' && id[1] == '1'
}

// andorran checks the first letter and the numbers it may have.
func andorran(id []byte) bool {
	number := string(id[1:7])
	switch id[0] {
	case 'F':
		return number <= "699999"
	case 'A', 'L':
		return number > "699999" && number < "800000"
	}
	return among(0, "CDEGOPU")(id)
}
