package detect

var northAmericanIDs = []id{
	{
		Kind: "US_ITIN", Doc: "a United States individual taxpayer identification number",
		Alone: "999-99-9999", Forms: "999_99_9999",
		Valid: every(among(0, "9"), either(between(3, "50", "65"), between(3, "70", "88"), between(3, "90", "92"), between(3, "94", "99"))),
		Near:  "itin, itins, taxpayer, tax id, tin, individual taxpayer",
		Hits:  "«911-70-1234» | ITIN «911701234» | my tax id is «911-53-1234»", Misses: "911-89-1234 | 811-70-1234x | 911701234",
	},
	{
		Kind: "US_EIN", Doc: "a United States employer identification number", Off: true,
		Forms: "99-9999999 | 999999999",
		Valid: every(mixed, not(oneOf(0, "00 07 08 09 17 18 19 28 29 49 69 70 78 79 89 96 97"))),
		Near:  "ein, fein, employer identification, employer id, federal tax id",
		Hits:  "EIN «12-3456789» | FEIN: «123456789»", Misses: "EIN 00-3456789 | 12-3456789",
	},
	{
		Kind: "US_PASSPORT", Doc: "a United States passport number, beside its name",
		Forms: "999999999 | a99999999", Valid: mixed,
		Near: "passport, passports, travel document, passport number, pasaporte",
		Hits: "my passport number is «912803456» | US passport «A12803456»", Misses: "A12803456 | passport A1280345",
	},
	{
		Kind: "US_DRIVER_LICENSE", Label: "USLICENSE", Doc: "the number of a United States driver's licence, in the forms of the states and beside its name",
		Forms: "9999999 | 99999999 | 999999999 | 9999999999 | 99999999999 | 999999999999 | 9999999999999 | a999999 | a9999999 | a99999999 | a999999999 | a999999999999 | " +
			"a999-9999-9999 | a999-999-99-999-9 | a999 9999 9999 | aa999999a | aa9999999 | 99aaa99999 | 999-99-9999 | a99-99-9999 | aa-99-9999 | a9999-99999-99999",
		Near: "driver's license, driver license, drivers license, driver's licence, drivers licence, driver, driving, license number, licence number, license no, dl number",
		Hits: "driver's license «H12234567» | driver_license: \"«LH329609T»\" | Driver license number «50473044»", Misses: "H12234567 | driver's license C12T345672",
	},
	{
		Kind: "US_NPI", Doc: "a United States national provider identifier",
		Forms: "9999~999~999",
		Valid: every(among(0, "12"), part(0, 9, mixed), npi),
		Near:  "npi, npis, provider, prescriber, national provider",
		Hits:  "NPI «1234567893» | Provider identifier «1245319599» | NPI: «1234-567-893»", Misses: "NPI 1234567890 | NPI 3234567893 | 1234567893",
	},
	{
		Kind: "US_MBI", Doc: "a Medicare beneficiary identifier",
		Alone: "9a*9-a*9-aa99", Forms: "9a*9a*9aa99",
		Valid: every(among(0, "123456789"), medicareLetters),
		Near:  "mbi, medicare, beneficiary",
		Hits:  "«1EG4-TE5-MK73» | The MBI is «4EF6GH8JK12» for this patient | Medicare ID: «3CD5-FG7-HJ89»", Misses: "1SG4-TE5-MK73 | MBI 1EG4-LE5-MK73 | MBI 1EG4TE5MK7 | 1EG4TE5MK73",
	},
	{
		Kind: "MEDICAL_LICENSE", Label: "MEDLICENSE", Doc: "the registration of a prescriber with the United States drug enforcement agency",
		Alone: "aa9999999 | a99999999",
		Valid: every(among(0, "ABCDEFGHJKLMPRSTUX"), either(letterAt(1), among(1, "9")), dea),
		Near:  "dea, certificate, prescriber, license, licence",
		Hits:  "DEA «BB1388568» | «GL0285191» and «EU4488929» | «K92993548»", Misses: "BG8207031 | DEA OB1388568 | BB13885681",
	},
	{
		Kind: "MEDICAL_RECORD_NUMBER", Label: "MRN", Doc: "the number of a patient's record, beside its name",
		Forms: "99999 | 999999 | 9999999 | 99999999 | 999999999 | 9999999999 | a99999 | a999999 | a9999999 | aa999999 | aa9999999 | aaa999999 | 999-999-999 | 99-99-99 | 999-99-99",
		Valid: mixed,
		Near:  "mrn, medical record, patient id, patient number, patient no, hospital number, chart number, 환자번호, 등록번호",
		Hits:  "MRN: «12345678» | Medical record number «A1234567» | mrn=«123456» | patient_id: «4481920»", Misses: "12345678 | the record 1234567 was broken",
	},
	{
		Kind: "CA_SIN", Doc: "a Canadian social insurance number",
		Alone: "999-999-999", Forms: "999~999~999",
		Valid: every(not(among(0, "08")), luhn),
		Near:  "sin, nas, social insurance, assurance sociale, insurance number",
		Hits:  "SIN «130 692 544» | «731-530-150» | mon NAS: «258933688»", Misses: "130-692-545 | SIN 046 454 286 | 130692544 | SIN 046-454 286",
	},
	{
		Kind: "CA_PASSPORT", Doc: "a Canadian passport number, beside its name",
		Forms: "aa999999 | a999999aa", Valid: mixed,
		Near: "passport, passeport, passport number",
		Hits: "Canadian passport «GA302922» | passeport «P123456AA»", Misses: "GA302922 | passport GA30292",
	},
	{
		Kind: "CA_BN", Label: "CABUSINESS", Doc: "a Canadian business number", Off: true,
		Alone: "999999999_aa_9999", Forms: "99999~9999 | 999999999",
		Valid: part(0, 9, luhn),
		Near:  "bn, business number, gst, hst, numéro d'entreprise",
		Hits:  "BN «123026635» | «123026635 RC 0001» | GST «754039725RT0001»", Misses: "BN 123456783 | 123026635",
	},
	{
		Kind: "CA_HEALTH_NUMBER", Label: "CAHEALTH", Doc: "a Canadian health number: of British Columbia, Ontario or Quebec",
		Forms: "9999~999~999 | aaaa~9999~9999 | 9999-999-999-aa",
		Valid: either(every(length(10), among(0, "9"), digitAt(9, "02485A973", minus11)), every(letterAt(0), born(4, "yymmdd", 50)), every(mixed, among(0, "123456789"), part(0, 10, luhn))),
		Near:  "health number, health card, phn, ohip, care card, ramq, assurance maladie, msp",
		Hits:  "PHN «9698658215» | OHIP «1234-567-897» | RAMQ «TREM 6801 0155»", Misses: "PHN 9698648215 | 9698658215",
	},
}

// medicareLetters holds if the letters of a beneficiary identifier are none
// that can be taken for digits.
func medicareLetters(id []byte) bool {
	for _, c := range id {
		switch c {
		case 'S', 'L', 'O', 'I', 'B', 'Z':
			return false
		}
	}
	return true
}

// letterAt holds if the character at i is a letter.
func letterAt(i int) idCheck {
	return func(id []byte) bool { return i < len(id) && isLetter(id[i]) }
}

// dea checks the registration's last digit: that of the sum of the first,
// third and fifth digit and of the others twice.
var dea = part(2, 0, digitAt(6, "121212", mod10))
