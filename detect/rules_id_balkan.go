package detect

// jmbg checks a person's number of the countries that were Yugoslavia: a date
// with three digits of the year, and the weights 7 to 2 twice.
var jmbg = every(born(0, "ddmm"), either(between(4, "850", "999"), between(4, "000", "030")), ends("765432765432", minus11zero))

var balkanIDs = []id{
	{
		Kind: "RS_JMBG", Doc: "a personal number of Serbia, Bosnia, Montenegro, North Macedonia or Slovenia (JMBG, EMŠO)",
		Forms: "9999999999999",
		Valid: jmbg,
		Near:  "jmbg, матични, emšo, emso, matični, ембг, embg",
		Hits:  "JMBG «0101006500006» | EMŠO «0101006500006»", Misses: "JMBG 0101006500007 | 0101006500006",
	},
	{
		Kind: "RS_PIB", Doc: "a Serbian company's tax number (PIB)", Off: true,
		Forms: "999999999",
		Valid: every(mixed, iso7064Mod11_10),
		Near:  "pib, пиб",
		Hits:  "PIB «101134702»", Misses: "PIB 101134701 | 101134702",
	},
	{
		Kind: "HR_OIB", Doc: "a Croatian person's and company's number (OIB)",
		Alone: "HR_99999999999", Forms: "99999999999",
		Valid: every(mixed, iso7064Mod11_10),
		Near:  "oib, osobni",
		Hits:  "OIB «33392005961» | «HR 33392005961»", Misses: "HR 33392005962 | 33392005961",
	},
	{
		Kind: "SI_DDV", Doc: "a Slovenian tax number",
		Alone: "SI_9999_9999", Forms: "99999999",
		Valid: every(among(0, "123456789"), ends("8765432", "-0987654321")),
		Near:  "davčna, ddv, davcna",
		Hits:  "«SI 5022 3054» | davčna številka «50223054»", Misses: "SI 5022 3053 | 50223054",
	},
	{
		Kind: "ME_PIB", Doc: "a Montenegrin company's tax number (PIB)", Off: true,
		Forms: "99999999",
		Valid: every(mixed, ends("8765432", minus11zero)),
		Near:  "pib, pdv, crna gora",
		Hits:  "PIB «02655284»", Misses: "PIB 03353487 | 02655284",
	},
	{
		Kind: "MK_EDB", Doc: "a North Macedonian tax number (EDB)", Off: true,
		Alone: "MK_9999999999999", Forms: "9999999999999",
		Valid: every(mixed, ends("765432765432", minus11zero)),
		Near:  "edb, едб, данок",
		Hits:  "«MK4030000375897» | ЕДБ «4030000375897»", Misses: "MK4057019547840 | 4030000375897",
	},
	{
		Kind: "AL_NIPT", Doc: "an Albanian tax number (NIPT)",
		Alone: "AL_a_99999999_a", Forms: "a_99999999_a",
		Valid: among(0, "ABCDEFGHIJKLM"),
		Near:  "nipt, nuis, albania, shqipëri",
		Hits:  "NIPT «J 91402501 L» | «AL J 91402501 L»", Misses: "NIPT Z 22218003 V | J91402501L",
	},
}
