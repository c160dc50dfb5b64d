package detect

var nordicIDs = []id{
	{
		Kind: "SE_PERSONNUMMER", Label: "SEPERSID", Doc: "a Swedish personal identity number",
		Alone: "999999-9999 | 99999999-9999 | 999999+9999", Forms: "9999999999 | 999999999999",
		Valid: either(every(length(10), born(0, "yymmdd", 0), luhn), every(length(12), born(0, "yyyymmdd"), part(2, 0, luhn)), every(length(10), swedishCoordination, luhn), every(length(12), part(2, 0, swedishCoordination), part(2, 0, luhn))),
		Near:  "personnummer, pnr, personal identity, swedish, samordningsnummer, svensk", Glued: true,
		Hits: "«880320-0016» | personnummer «200109022392» | pnr «19910924-2397»", Misses: "880320-0018 | personnummer 198803200018 | 200109022392",
	},
	{
		Kind: "SE_ORGANISATIONSNUMMER", Label: "SEORGANIS", Doc: "a Swedish organisation's number", Off: true,
		Alone: "999999-9999", Forms: "9999999999",
		Valid: every(among(2, "23456789"), luhn),
		Near:  "organisationsnummer, orgnummer, org.nr, orgnr, company, företag, företaget",
		Hits:  "«556703-7485» är vårt orgnummer. | orgnr «2120000142»", Misses: "556703-7486 | 556703-7r85 | 5567037485",
	},
	{
		Kind: "SE_VAT", Label: "SEVATNUM", Doc: "a Swedish value added tax number", Off: true,
		Alone: "SE_9999999999_99", Forms: "999999999999",
		Valid: every(oneOf(10, "01 02 03 04 05"), part(0, 10, luhn)),
		Near:  "momsnummer, moms, vat",
		Hits:  "«SE 123456789701» | moms «123456789701»", Misses: "SE 123456789101 | 123456789701",
	},
	{
		Kind: "NO_FODSELSNUMMER", Label: "NOPERSID", Doc: "a Norwegian national identity number, also D-numbers",
		Alone: "999999 99999", Forms: "99999999999 | 999999-99999",
		Valid: every(norwegianDate, digitAt(9, "376189452", minus11), digitAt(10, "5432765432", minus11)),
		Near:  "fødselsnummer, personnummer, fodselsnummer, fnr, d-nummer, norsk, norway, norwegian",
		Hits:  "«151086 95088» | fnr «15108695088»", Misses: "151086 95077 | 15108695088",
	},
	{
		Kind: "NO_BANK_ACCOUNT", Label: "NOACCOUNT", Doc: "a Norwegian bank account",
		Forms: "9999_99_99999 | 9999.9999999 | 9999999", Valid: either(every(length(11), ends("5432765432", minus11)), every(length(11), oneOf(0, "0000"), part(4, 0, luhn)), every(length(7), mixed, luhn)),
		Near: "kontonummer, konto, kontonr",
		Hits: "kontonummer «8601 11 17947» | kontonr «0000.4090403»", Misses: "kontonummer 8601 11 17949 | 8601 11 17947",
	},
	{
		Kind: "NO_ORGNR", Doc: "a Norwegian organisation's number, also as VAT number", Off: true,
		Alone: "NO_999_999_999_MVA | 999_999_999_MVA", Forms: "999~999~999",
		Valid: every(mixed, ends("32765432", minus11)),
		Near:  "orgnr, organisasjonsnummer, org.nr, foretak",
		Hits:  "orgnr «988 077 917» | «NO 995 525 828 MVA»", Misses: "orgnr 988 077 918 | NO 995 525 829 MVA | 988 077 917",
	},
	{
		Kind: "DK_CPR", Doc: "a Danish personal number (CPR)",
		Alone: "999999-9999", Forms: "9999999999 | 999999 9999",
		Valid: danishDate,
		Near:  "cpr, cpr-nr, personnummer, danish, cpr-nummer",
		Hits:  "CPR «010180-1234» | cpr-nr «0101801234»", Misses: "511062-5629 | 0101801234",
	},
	{
		Kind: "DK_CVR", Doc: "a Danish company's number (CVR)", Off: true,
		Alone: "DK_99999999 | DK_99_99_99_99", Forms: "99999999 | 99 99 99 99",
		Valid: every(mixed, total("27654321", 11, 0)),
		Near:  "cvr, cvr-nr, moms, se-nr",
		Hits:  "«DK 13585628» | CVR «13585628»", Misses: "DK 13585627 | 13585628",
	},
	{
		Kind: "FI_PERSONAL_IDENTITY_CODE", Label: "FIPERSID", Doc: "a Finnish personal identity code",
		Alone: "999999-999* | 999999+999* | 999999a999*",
		Valid: finnish,
		Near:  "hetu, henkilötunnus, henkilotunnus, personbeteckning", Glued: true,
		Hits: "My personal identity code is: «010594Y9032». Thank you. | «131052-308T» | henkilötunnus «020594X902N» | code is«030594W903B».", Misses: "131052-308U | 111111-111A | 131052/308T | 012245A110G",
	},
	{
		Kind: "FI_BUSINESS_ID", Label: "FIBUSINESS", Doc: "a Finnish company's number, also as VAT number", Off: true,
		Alone: "FI_99999999", Forms: "9999999-9 | 99999999",
		Valid: every(mixed, total("79A58421", 11, 0)),
		Near:  "y-tunnus, alv, yritys, ytunnus",
		Hits:  "«FI 20774740» | Y-tunnus «2077474-0»", Misses: "FI 20774741 | Y-tunnus 2077474-1 | 2077474-0",
	},
	{
		Kind: "IS_KENNITALA", Label: "ISKENNITALA", Doc: "an Icelandic personal and company number (kennitala)",
		Alone: "999999-9999", Forms: "9999999999",
		Valid: every(icelandicDate, among(9, "890"), total("3276543210", 11, 0)),
		Near:  "kennitala, kt, iceland",
		Hits:  "kt. «120174-3399» | kennitala «4504013150»", Misses: "530575-0299 | 320174-3399 | 4504013150",
	},
	{
		Kind: "IS_VAT", Label: "ISVATNUM", Doc: "an Icelandic value added tax number", Off: true,
		Forms: "IS_99999 | IS_999999 | 99999 | 999999",
		Near:  "vsk, virðisaukaskattur",
		Hits:  "VSK «IS 00621»", Misses: "IS 0062199 | 00621",
	},
	{
		Kind: "FO_VN", Doc: "a Faroese tax number", Off: true,
		Forms: "FO_999999 | 999999",
		Near:  "vinnutal, v-tal, vn, faroe, føroyar",
		Hits:  "vinnutal «623857» | V-tal «FO384941»", Misses: "623857 | vinnutal 62385A",
	},
	{
		Kind: "EE_IK", Label: "EEPERSID", Doc: "an Estonian personal code (isikukood)",
		Forms: "99999999999",
		Valid: every(among(0, "12345678"), born(1, "yymmdd"), baltic),
		Near:  "isikukood, estonia, eesti, personal code",
		Hits:  "isikukood «36805280109»", Misses: "isikukood 36805280108 | 36805280109",
	},
	{
		Kind: "EE_VAT", Label: "EEVATNUM", Doc: "an Estonian value added tax number", Off: true,
		Alone: "EE_999999999", Forms: "999999999",
		Valid: total("371371371", 10, 0),
		Near:  "kmkr, käibemaks, vat",
		Hits:  "KMKR «100594102» | «EE100594102»", Misses: "EE100594103 | 100594102",
	},
	{
		Kind: "EE_COMPANY", Doc: "an Estonian company's number", Off: true,
		Forms: "99999999",
		Valid: every(among(0, "1789"), twice("1234567", "3456789")),
		Near:  "registrikood, äriregister",
		Hits:  "registrikood «12345678»", Misses: "registrikood 12345679 | 12345678",
	},
	{
		Kind: "LV_PK", Label: "LVPERSID", Doc: "a Latvian personal code",
		Alone: "999999-99999", Forms: "99999999999",
		Valid: either(every(born(0, "ddmmyy"), ends("A584216379", latvianRests)), every(oneOf(0, "32"), mixed)),
		Near:  "personas kods, personas, latvia, latvija",
		Hits:  "personas kods «161175-19997» | personas kods «16117519997»", Misses: "161375-19997 | 16117519997",
	},
	{
		Kind: "LV_VAT", Label: "LVVATNUM", Doc: "a Latvian value added tax number", Off: true,
		Alone: "LV_9999_9999_999", Forms: "99999999999",
		Valid: every(among(0, "456789"), total("91483A25761", 11, 3)),
		Near:  "pvn, vat",
		Hits:  "«LV 4000 3521 600» | PVN «40003521600»", Misses: "LV 4000 3521 601 | 40003521600",
	},
	{
		Kind: "LT_ASMENS", Label: "LTPERSID", Doc: "a Lithuanian personal code (asmens kodas)",
		Forms: "99999999999",
		Valid: every(among(0, "123456"), born(1, "yymmdd"), baltic),
		Near:  "asmens kodas, asmens, lithuania, lietuva",
		Hits:  "asmens kodas «33309240064»", Misses: "asmens kodas 33309240164 | 33309240064",
	},
	{
		Kind: "LT_VAT", Label: "LTVATNUM", Doc: "a Lithuanian value added tax number", Off: true,
		Alone: "LT_999999999999 | LT_999999999", Forms: "999999999 | 999999999999",
		Valid: either(every(length(9), among(7, "1"), twice("12345678", "34567891")), every(length(12), among(10, "1"), twice("12345678912", "34567891234"))),
		Near:  "pvm, vat",
		Hits:  "PVM «119511515» | «LT 100001919017»", Misses: "LT 100001919018 | 119511515",
	},
}

// baltic checks a personal code of Estonia or Lithuania.
var baltic = twice("1234567891", "3456789123")

// latvianRests picks the last digit of a personal code, which is the sum and
// one more.
const latvianRests = "12345678900"

// swedishCoordination holds for a date to whose day 60 is added.
func swedishCoordination(id []byte) bool {
	return validDay(remainder(id[:2], 100), remainder(id[2:4], 100), remainder(id[4:6], 100)-60)
}

// norwegianDate holds for a date of birth; D-numbers have 40 added to the day,
// and test persons 40 or 80 to the month.
func norwegianDate(id []byte) bool {
	day, month := remainder(id[:2], 100), remainder(id[2:4], 100)
	return validDay(0, month%40, day) || validDay(0, month%40, day-40)
}

// danishDate holds for a date of birth, whose century the seventh digit tells:
// 5 to 8 are of the 19th from 58 on, and of this one before.
func danishDate(id []byte) bool {
	future := between(6, "5", "8")(id) && between(4, "37", "57")(id)
	return !same(id) && born(0, "ddmmyy")(id) && !future
}

// finnish checks the date and the last character.
func finnish(id []byte) bool {
	if !born(0, "ddmmyy")(id) {
		return false
	}
	serial := id[len(id)-4 : len(id)-1]
	if len(id) == 11 && !among(6, "ABCDEFYXWVU")(id) || string(serial) < "002" {
		return false
	}
	n := remainder(append(append([]byte{}, id[:6]...), serial...), 31)
	return id[len(id)-1] == "0123456789ABCDEFHJKLMNPRSTUVWXY"[n]
}

// icelandicDate holds for a date, to whose day 40 is added for companies.
func icelandicDate(id []byte) bool {
	day, month, year := remainder(id[:2], 100), remainder(id[2:4], 100), remainder(id[4:6], 100)
	return validDay(year, month, day) || validDay(year, month, day-40)
}
