package detect

var africanIDs = []id{
	{
		Kind: "ZA_ID_NUMBER", Doc: "a South African identity number",
		Forms: "9999999999999 | 999999 9999 99 9 | 999999 9999 999",
		Valid: every(born(0, "yymmdd"), among(10, "012"), among(11, "89"), luhn),
		Near:  "south african, rsa, sa id, id number, identity number, south africa, resident, refugee",
		Hits:  "My South African ID is «9202201234088». | RSA ID: «0002294321191»", Misses: "RSA ID 8001015009086 | RSA ID 9913326789285 | 8001015009087",
	},
	{
		Kind: "ZA_TIN", Doc: "a South African tax number",
		Forms: "9999999999 | 9999/999/99/9 | 999 999 9999",
		Valid: every(among(0, "01239"), mixed, luhn),
		Near:  "tax number, sars, tax reference, tin",
		Hits:  "SARS tax number «0001339050»", Misses: "SARS 2449/494/16/0 | 0001339050",
	},
	{
		Kind: "ZA_VAT", Label: "ZAVATNUM", Doc: "a South African value added tax number", Off: true,
		Forms: "9999999999 | 999 9999 999",
		Valid: among(0, "4"),
		Near:  "vat, vat number, sars",
		Hits:  "VAT «499 9999 999»", Misses: "VAT 399 9999 999 | 499 9999 999",
	},
	{
		Kind: "NG_NIN", Doc: "a Nigerian identity number",
		Forms: "99999999999",
		Valid: every(mixed, verhoeff),
		Near:  "nin, nimc, nigeria, nigerian, national identification",
		Hits:  "NIN «12345678902»", Misses: "NIN 12345678901 | 12345678902",
	},
	{
		Kind: "NG_VEHICLE_REGISTRATION", Label: "NGPLATE", Doc: "a Nigerian number plate", Off: true,
		Alone: "aaa-999aa", Forms: "aaa 999aa | aaa999aa",
		Near: "plate, plates, vehicle, car, registration",
		Hits: "The plate number is «ABJ-123XY» for this vehicle | plates: «APP-456CV» and «KJA-999PZ» | plate «APP456CV»", Misses: "AB-1234CD | 123-456AB | ABCD-123EF | APP456CV",
	},
	{
		Kind: "NG_BVN", Doc: "a Nigerian bank verification number, beside its name", Forms: "99999999999", Valid: every(among(0, "2"), mixed),
		Near: "bvn, bank verification",
		Hits: "BVN «22123456789»", Misses: "22123456789",
	},
	{
		Kind: "KE_PIN", Doc: "a Kenyan tax number",
		Alone: "A999999999a | P999999999a",
		Near:  "kra, pin, kenya",
		Hits:  "KRA PIN «P051365947M» | «A012345678Z»", Misses: "P051365947 | P05136594M7",
	},
	{
		Kind: "KE_ID", Label: "KEIDENTITY", Doc: "a Kenyan identity card, beside its name", Forms: "99999999 | 9999999", Valid: mixed,
		Near: "kenyan id, huduma, kitambulisho, kenya",
		Hits: "Kenyan ID «12345678»", Misses: "12345678",
	},
	{
		Kind: "GH_TIN", Doc: "a Ghanaian tax number",
		Alone: "a999999999*",
		Valid: ghana,
		Near:  "tin, gra, ghana",
		Hits:  "TIN «C0000803561» | «C000000006X»", Misses: "C0000803562 | C000080356",
	},
	{
		Kind: "GH_CARD", Label: "GHIDENTITY", Doc: "a Ghanaian identity card",
		Alone: "GHA-999999999-9", Valid: mixed,
		Near: "ghana",
		Hits: "«GHA-123456789-0»", Misses: "GHB-123456789-0",
	},
	{
		Kind: "GN_NIFP", Doc: "a Guinean tax number",
		Forms: "999~999~999",
		Valid: every(mixed, luhn),
		Near:  "nifp, guinée, guinee",
		Hits:  "NIFP «693-770-885»", Misses: "NIFP 693770884 | 693-770-885",
	},
	{
		Kind: "EG_NATIONAL_ID", Label: "EGIDENTITY", Doc: "an Egyptian identity number",
		Forms: "99999999999999",
		Valid: every(among(0, "23"), born(1, "yymmdd"), either(between(7, "01", "35"), oneOf(7, "88"))),
		Near:  "الرقم القومي, قومي, national id, egypt, egyptian",
		Hits:  "Egyptian national ID «29001011234567»", Misses: "national ID 29013011234567 | 29001011234567",
	},
	{
		Kind: "EG_TN", Doc: "an Egyptian tax number",
		Forms: "999-999-999 | 999999999", Valid: mixed,
		Near: "الضريبي, tax registration, egypt, egyptian",
		Hits: "Egyptian tax registration «100-531-385»", Misses: "100-531-385",
	},
	{
		Kind: "DZ_NIF", Doc: "an Algerian tax number",
		Forms: "999_999_999_999_999 | 999_999_999_999_999_99999", Valid: mixed,
		Near: "nif, algérie, algerie, identification fiscale",
		Hits: "NIF «000 216 001 808 337 13010» | NIF «000216001808337»", Misses: "NIF 41600100000000 | 000216001808337",
	},
	{
		Kind: "MA_ICE", Doc: "a Moroccan company's number (ICE)", Off: true,
		Forms: "999999999999999 | 99999999999999 9 | 999 999 999 9999 99",
		Valid: every(mixed, func(id []byte) bool { return remainder(id, 97) == 0 }),
		Near:  "ice, maroc, identifiant commun",
		Hits:  "ICE «001512572000078»", Misses: "ICE 001512572000079 | 001512572000078",
	},
	{
		Name: "ma-ice-short", Kind: "MA_ICE",
		Forms: "999999999", Valid: mixed,
		Near: "maroc, identifiant commun",
		Hits: "Maroc, identifiant commun «001512572»", Misses: "001512572",
	},
	{
		Kind: "MA_CIN", Doc: "a Moroccan identity card, beside its name", Forms: "a99999 | a999999 | aa99999 | aa999999", Valid: mixed,
		Near: "cin, cnie, carte nationale, maroc",
		Hits: "CIN «AB123456»", Misses: "AB123456",
	},
	{
		Kind: "TN_MF", Doc: "a Tunisian tax number",
		Alone: "9999999/a/a/a/999 | 9999999a/a/a/999 | 9999999/a/a/999", Forms: "9999999a | 9999999aaa999 | 999999a | 999a",
		Valid: tunisian,
		Near:  "matricule fiscal, tunisie, mf",
		Hits:  "matricule fiscal «1234567M» | «1234567/M/A/E/001» | Tunisie «121J»", Misses: "1234567/M/A/X/000 | 1234567M",
	},
	{
		Kind: "AO_BI", Doc: "an Angolan identity card",
		Alone: "999999999aa999",
		Near:  "bilhete, bi, angola",
		Hits:  "bilhete de identidade «007128828LA043» | «000204688cA010»", Misses: "0000100441CA037 | 123456789CA12",
	},
	{
		Kind: "AO_NIF", Doc: "an Angolan tax number", Forms: "9999999999",
		Valid: mixed,
		Near:  "nif, angola, contribuinte",
		Hits:  "NIF «5001191020»", Misses: "5001191020",
	},
	{
		Kind: "MZ_BI", Doc: "a Mozambican identity card",
		Alone: "999999999999a", Forms: "9999~9999~9999a | 999999999999 a",
		Valid: mixed,
		Near:  "bilhete, bi, moçambique, mozambique",
		Hits:  "BI «110504162779A» | bilhete «1105 0416 2779A»", Misses: "1234567890123 | BI 11050416277A",
	},
	{
		Kind: "MZ_NUIT", Doc: "a Mozambican tax number", Forms: "999999999 | 99999999-9",
		Valid: ends("89456789", "01234567891"),
		Near:  "nuit, moçambique, mozambique",
		Hits:  "NUIT «107705694» | NUIT «40001234-2»", Misses: "NUIT 40001234-5 | 107705694",
	},
	{
		Kind: "MU_NID", Doc: "a Mauritian identity card",
		Alone: "a999999999999*",
		Valid: every(born(1, "ddmmyy"), ends("EDCBA98765432", "0GFEDCBA987654321")),
		Near:  "nid, mauritius, maurice",
		Hits:  "NID «M090497290349B» | «L2207971502833»", Misses: "M090497290348B | M099997290349B",
	},
}

// ghana checks the last character: the sum of the nine digits before it, each
// times its place.
func ghana(id []byte) bool {
	return among(0, "PCGQV")(id) && id[1] == '0' && digital(id[1:10]) && id[10] == mod11x[weigh(id[1:10], "123456789")%11]
}

// tunisian checks the letters of a tax number: the key, the tax and the
// category.
func tunisian(id []byte) bool {
	n := 0
	for n < len(id) && isDigit(id[n]) {
		n++
	}
	letters := id[n:]
	for len(letters) > 0 && isDigit(letters[len(letters)-1]) {
		letters = letters[:len(letters)-1]
	}
	if !among(0, "ABCDEFGHJKLMNPQRSTVWXYZ")(letters) {
		return false
	}
	return len(letters) < 3 || among(1, "APBDN")(letters) && among(2, "MPCNE")(letters) && (letters[2] == 'E') != (string(id[len(id)-3:]) == "000")
}
