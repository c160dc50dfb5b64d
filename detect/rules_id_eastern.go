package detect

var easternIDs = []id{
	{
		Kind: "PL_PESEL", Doc: "a Polish person's number (PESEL)",
		Forms: "99999999999",
		Valid: every(born(0, "yymmdd", 20, 40, 60, 80), ends("1379137913", minus10)),
		Near:  "pesel",
		Hits:  "My pesel is «44051401458». | PESEL: «02070803628»", Misses: "PESEL 44051401459 | 44051401458",
	},
	{
		Kind: "PL_NIP", Doc: "a Polish tax number (NIP)",
		Alone: "PL_9999999999", Forms: "9999999999 | 999-999-99-99 | 999-99-99-999",
		Valid: every(mixed, ends("657234567", mod11)),
		Near:  "nip, podatnik, podatkowy, vat",
		Hits:  "NIP «8567346215» | «PL 8567346215» | NIP «856-734-62-15»", Misses: "PL 8567346216 | 8567346215",
	},
	{
		Kind: "PL_REGON", Doc: "a Polish company's number (REGON)", Off: true,
		Forms: "999999999 | 99999999999999",
		Valid: every(mixed, either(ends("89234567", mod11zero), every(length(14), part(0, 9, ends("89234567", mod11zero)), ends("2485097361248", mod11zero)))),
		Near:  "regon",
		Hits:  "REGON «192598184» | REGON «12345678512347»", Misses: "REGON 192598183 | 192598184",
	},
	{
		Kind: "PL_ID_CARD", Label: "PLIDENTITY", Doc: "a Polish identity card",
		Forms: "aaa_999999",
		Valid: every(letterAt(2), total("731973173", 10, 0)),
		Near:  "dowód, dowod, dowodu, osobisty",
		Hits:  "dowód osobisty «ABS 123456»", Misses: "dowód osobisty ABS 123457 | ABS 123456",
	},
	{
		Kind: "CZ_RC", Label: "CZBIRTH", Doc: "a Czech or Slovak birth number (rodné číslo)",
		Alone: "999999/9999 | 999999/999", Forms: "9999999999 | 999999999",
		Valid: birthNumber,
		Near:  "rodné číslo, rodne cislo, rč, r.č, rc",
		Hits:  "«710319/2745» | rodné číslo «7103192745» | rodne cislo «991231123»", Misses: "710319/2746 | 110349/2745 | 7103192745",
	},
	{
		Kind: "CZ_ICO", Doc: "a Czech company's number (IČO, DIČ)", Off: true,
		Alone: "CZ_99999999", Forms: "99999999 | 999 99 999 | 9999999999 | 999999999",
		Valid: either(every(length(8), not(among(0, "9")), mixed, ends("8765432", minus11one)), birthNumber),
		Near:  "ičo, ico, ič, dič, dic",
		Hits:  "IČO «25596641» | «CZ 25123891» | ICO: «255 96 641»", Misses: "CZ 25123890 | IČO 90000001 | 25596641",
	},
	{
		Kind: "SK_VAT", Label: "SKVATNUM", Doc: "a Slovak value added tax number", Off: true,
		Alone: "SK_999_999_99_99", Forms: "9999999999",
		Valid: every(among(0, "123456789"), among(2, "234789"), func(id []byte) bool { return remainder(id, 11) == 0 }),
		Near:  "dph, dič, vat",
		Hits:  "«SK 202 274 96 19» | IČ DPH «2022749619»", Misses: "SK 202 274 96 18 | 2022749619",
	},
	{
		Kind: "HU_TAX_NUMBER", Label: "HUTAXNUM", Doc: "a Hungarian company's tax number", Off: true,
		Alone: "HU_99999999 | 99999999-9-99", Forms: "99999999",
		Valid: part(0, 8, every(mixed, total("97319731", 10, 0))),
		Near:  "adószám, anum, áfa",
		Hits:  "«HU-12892312» | adószám «12892312-2-41»", Misses: "HU-12892313 | 12892312",
	},
	{
		Kind: "HU_TAJ", Doc: "a Hungarian social security number (TAJ)", Forms: "999~999~999",
		Valid: every(mixed, ends("37373737", mod10)),
		Near:  "taj, taj-szám, társadalombiztosítási",
		Hits:  "TAJ «123 456 788»", Misses: "TAJ 123 456 789 | 123 456 788",
	},
	{
		Kind: "HU_TAX_ID", Label: "HUTAXPAYER", Doc: "a Hungarian person's tax number", Forms: "9999999999",
		Valid: every(among(0, "8"), ends("123456789", mod11)),
		Near:  "adóazonosító, adóazonosító jel, adojel",
		Hits:  "adóazonosító jel «8071592153»", Misses: "adóazonosító jel 8071592154 | 8071592153",
	},
	{
		Kind: "RO_CNP", Doc: "a Romanian person's number (CNP)",
		Forms: "9999999999999",
		Valid: every(among(0, "123456789"), born(1, "yymmdd"), either(between(7, "01", "48"), oneOf(7, "51 52 70 80 81 82 83")), ends("279146358279", "01234567891")),
		Near:  "cnp, cod numeric, romania, românia",
		Hits:  "CNP «1630615123457»", Misses: "CNP 1630615123458 | CNP 1632215123457 | 1630615123457",
	},
	{
		Kind: "RO_CUI", Doc: "a Romanian company's tax number (CUI, CIF)", Off: true,
		Alone: "RO_99999999 | RO_999_999_99 | RO999999999", Forms: "99999999 | 9999999 | 999_999_99 | 999999 | 999999999",
		Valid: every(mixed, ends("753217532", minus11zero)),
		Near:  "cui, cif, fiscal",
		Hits:  "CUI «18547290» | «RO 185 472 90»", Misses: "RO 185 472 91 | 18547290",
	},
	{
		Kind: "RO_ONRC", Doc: "a Romanian company's number in the register", Off: true,
		Alone: "J99/9999/9999 | J99/999/9999 | J99/99/9999 | J99/999/99.99.9999 | F99/9999/9999 | F99/999/9999 | C99/999/9999",
		Valid: either(between(0, "01", "40"), oneOf(0, "51 52")),
		Near:  "onrc, registrul",
		Hits:  "«J52/750/2012»", Misses: "X52/750/2012 | J60/750/2012",
	},
	{
		Kind: "BG_EGN", Doc: "a Bulgarian person's number (EGN)",
		Forms: "9999999999",
		Valid: every(born(0, "yymmdd", 20, 40), ends("2485A9736", mod11zero)),
		Near:  "egn, егн",
		Hits:  "ЕГН «8032056031» | EGN: «8032056031»", Misses: "EGN 8032056032 | EGN 8019010008 | 8032056031",
	},
	{
		Kind: "BG_PNF", Doc: "a Bulgarian foreigner's number",
		Forms: "9999~999~999",
		Valid: every(mixed, ends("LJHDB9731", mod10)),
		Near:  "pnf, лнч, чужденец, lnch",
		Hits:  "ЛНЧ «7111 042 925» | LNCH «7111042925»", Misses: "PNF 7111 042 926 | 7111042925",
	},
	{
		Kind: "BG_VAT", Label: "BGVATNUM", Doc: "a Bulgarian value added tax number", Off: true,
		Alone: "BG_999_999_999", Forms: "999_999_999",
		Valid: every(mixed, twice("12345678", "3456789A")),
		Near:  "ддс, булстат, еик, vat",
		Hits:  "«BG 175 074 752» | ДДС «175 074 752»", Misses: "BG 175 074 754 | 175 074 752",
	},
	{
		Kind: "UA_RNTRC", Doc: "a Ukrainian taxpayer's number",
		Forms: "9999999999",
		Valid: every(mixed, ends("A57946A57", mod11zero)),
		Near:  "рнокпп, іпн, ідентифікаційний, rntrc, rnokpp, ukraine",
		Hits:  "РНОКПП «1759013776» | ІПН «1759013776»", Misses: "РНОКПП 1759013770 | 1759013776",
	},
	{
		Kind: "UA_EDRPOU", Doc: "a Ukrainian company's number", Off: true,
		Forms: "99999999",
		Valid: every(mixed, ukrainianCompany),
		Near:  "єдрпоу, edrpou",
		Hits:  "ЄДРПОУ «32855961»", Misses: "ЄДРПОУ 32855968 | 32855961",
	},
	{
		Kind: "BY_UNP", Doc: "a Belarusian taxpayer's number (UNP)",
		Forms: "999999999 | aa9999999",
		Valid: every(mixed, belarus),
		Near:  "унп, unp, belarus, беларусь",
		Hits:  "УНП «200988541» | УНП «MA1953684»", Misses: "УНП 200988542 | 200988541",
	},
	{
		Kind: "RU_INN", Doc: "a Russian taxpayer's number (INN)",
		Forms: "9999999999 | 999999999999",
		Valid: every(mixed, either(every(length(10), ends("24A359468", mod11zero)), every(length(12), digitAt(10, "724A359468", mod11zero), digitAt(11, "3724A359468", mod11zero)))),
		Near:  "инн, inn, налогоплательщика",
		Hits:  "ИНН «123456789047» | ИНН: «1234567894»", Misses: "ИНН 123456789037 | 1234567894",
	},
	{
		Kind: "RU_SNILS", Doc: "a Russian social insurance number (SNILS)",
		Alone: "999-999-999 99 | 999-999-999-99", Forms: "99999999999",
		Valid: every(mixed, func(id []byte) bool { return weigh(id[:9], "987654321")%101%100 == remainder(id[9:], 100) }),
		Near:  "снилс, snils",
		Hits:  "«112-233-445 95» | СНИЛС «11223344595»", Misses: "112-233-445 96 | 11223344595",
	},
	{
		Kind: "RU_PASSPORT", Doc: "a Russian passport, beside its name",
		Forms: "9999 999999 | 99 99 999999 | 9999999999", Valid: mixed,
		Near: "паспорт, серия, passport, russian",
		Hits: "паспорт «4509 123456» | паспорт серия «45 09 123456»", Misses: "4509 123456",
	},
	{
		Kind: "MD_IDNO", Doc: "a Moldovan personal and company number (IDNP, IDNO)",
		Forms: "9999999999999",
		Valid: every(among(0, "0129"), ends("731731731731", mod10)),
		Near:  "idnp, idno, moldova, cod personal",
		Hits:  "IDNP «1008600038413»", Misses: "IDNO 1008600038412 | 1008600038413",
	},
	{
		Kind: "AZ_TIN", Doc: "an Azerbaijani taxpayer's number (VÖEN)", Forms: "9999999999",
		Valid: among(9, "12"),
		Near:  "vöen, voen, azerbaijan",
		Hits:  "VÖEN «1231231231»", Misses: "VÖEN 1231231233 | 1231231231",
	},
	{
		Kind: "AZ_PIN", Doc: "an Azerbaijani person's code (FIN)", Forms: "*******",
		Valid: mixed,
		Near:  "fin kod, fin kodu, azerbaijan",
		Hits:  "FIN kod «5ABCD12»", Misses: "5ABCD12 | FIN kod 12345678",
	},
}

// birthNumber checks a Czech or Slovak number: a date, with 50 added to the
// month for women and 20 if numbers of a day ran out, and a tenth digit since
// 1954.
func birthNumber(id []byte) bool {
	if len(id) != 9 && len(id) != 10 || !born(0, "yymmdd", 50, 20, 70)(id) {
		return false
	}
	return len(id) == 9 && remainder(id[:2], 100) >= 0 || len(id) == 10 && remainder(id[:9], 11)%10 == int(id[9]-'0')
}

// ukrainianCompany checks a number with weights that depend on its range.
func ukrainianCompany(id []byte) bool {
	first, second := "1234567", "3456789"
	if n := string(id); n >= "30000000" && n <= "60000000" {
		first, second = "7123456", "9345678"
	}
	return twice(first, second)(id)
}
