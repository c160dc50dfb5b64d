package detect

var southAsianIDs = []id{
	{
		Kind: "IN_AADHAAR", Doc: "an Indian identity number (Aadhaar)",
		Alone: "9999 9999 9999 | 9999-9999-9999", Forms: "999999999999 | 9999:9999:9999 | 9999.9999.9999",
		Valid: every(between(0, "2", "9"), mixed, notPalindrome, verhoeff),
		Near:  "aadhaar, aadhar, uidai, आधार, adhaar",
		Hits:  "Aadhaar «3123 4567 8909» | «3998-7654-3211» | My Aadhaar number is «400123456787» with", Misses: "1234 5678 9012 | Aadhaar 234123412347 | 312345678909",
	},
	{
		Kind: "IN_PAN", Doc: "an Indian income tax number (PAN)",
		Alone: "aaaaa9999a",
		Valid: every(among(3, "ABCFGHJLPT"), not(oneOf(5, "0000"))),
		Near:  "pan, permanent account, income tax",
		Hits:  "PAN «ACUPA7085R» | My PAN number is «ABBPM4567S» with", Misses: "ABMXA3211G | ABMPA32111 | ABCD1234",
	},
	{
		Name: "in-pan-unchecked", Kind: "IN_PAN",
		Forms: "aaaaa9999a | a9999aaaaa",
		Near:  "pan, permanent account, income tax",
		Hits:  "PAN «ABCND1234Z»", Misses: "ABCND1234Z",
	},
	{
		Kind: "IN_GSTIN", Doc: "an Indian goods and services tax number, which holds a PAN",
		Alone: "99aaaaa9999a***",
		Valid: every(between(0, "01", "37"), among(13, "Z"), luhn36),
		Near:  "gstin, gst",
		Hits:  "GSTIN «27AAPFU0939F1ZV»", Misses: "27AAPFU0939F1Z0 | 38AAPFU0939F1ZV",
	},
	{
		Name: "in-gstin-unchecked", Kind: "IN_GSTIN",
		Forms: "99_aaaaa_9999_a*_**",
		Valid: every(between(0, "01", "37"), among(13, "Z")),
		Near:  "gstin, gst, gstins",
		Hits:  "My GSTIN number is «27ABCDE1234F1Z5» for business | GSTIN «27-ABCDE-1234-F1-Z5»", Misses: "GSTIN 38ABCDE1234F1Z5 | 27ABCDE1234F1Z5 | GSTIN 27ABCDE1234F1Y5",
	},
	{
		Kind: "IN_VOTER", Doc: "an Indian voter's card (EPIC)",
		Alone: "aaa9999999", Valid: part(3, 0, luhn),
		Near: "voter, epic, election",
		Hits: "EPIC «WKH1186253»", Misses: "WKH1186254 | zxdf8923q1",
	},
	{
		Name: "in-voter-unchecked", Kind: "IN_VOTER",
		Forms: "aaa9999999",
		Near:  "voter, vote, epic, election",
		Hits:  "my voter: «DBJ2289013» | You can vote with your «CPJ4467918» number", Misses: "DBJ2289013 | voter A8923571WZ",
	},
	{
		Kind: "IN_PASSPORT", Doc: "an Indian passport, beside its name",
		Forms: "a9999999", Valid: every(among(1, "123456789"), mixed),
		Near: "passport, passport number",
		Hits: "my passport number is «T3569075» | passport number: «J6932157»", Misses: "T3569075 | passport b0097650 | passport T356907",
	},
	{
		Kind: "IN_VEHICLE_REGISTRATION", Label: "INPLATE", Doc: "an Indian number plate", Off: true,
		Alone: "aa99aa9999 | aa 99 aa 9999 | aa-99-aa-9999", Forms: "aa9aaa9999 | aa99a9999 | aa9a9999 | aa9aa9999 | aa9999 | aaa9999 | aaa999 | a99999",
		Valid: indianPlate,
		Near:  "registration, vehicle, bike, car, plate, rto",
		Hits:  "My Bike's registration number is «OD02BA2341» with | «KA53ME3456» | vehicle «DL3CJI0001»", Misses: "ABNE123456 | DL3CJI0001",
	},
	{
		Kind: "PK_CNIC", Doc: "a Pakistani identity card (CNIC)",
		Alone: "99999-9999999-9", Forms: "9999999999999",
		Valid: every(among(0, "1234567"), among(12, "123456789"), mixed),
		Near:  "cnic, nadra, nicop, شناختی, pakistan",
		Hits:  "CNIC «54104-9890578-6» | CNIC: «5410498905786»", Misses: "94104-9890578-6 | 5410498905786",
	},
	{
		Kind: "PK_NTN", Doc: "a Pakistani tax number, beside its name", Forms: "9999999 | 9999999-9", Valid: mixed,
		Near: "ntn, national tax, pakistan",
		Hits: "NTN «1234567»", Misses: "NTN 123456 | 1234567",
	},
	{
		Kind: "LK_NIC", Doc: "a Sri Lankan identity card",
		Alone: "999999999V | 999999999X", Forms: "999999999999",
		Valid: sriLankan,
		Near:  "nic, sri lanka, identity, lanka",
		Hits:  "NIC «199439848733» | «942281632v»", Misses: "942281632b | NIC 189499948733 | 199439848733",
	},
	{
		Kind: "BD_NID", Doc: "a Bangladeshi identity card, beside its name", Forms: "9999999999 | 9999999999999 | 99999999999999999", Valid: mixed,
		Near: "nid, জাতীয় পরিচয়, bangladesh",
		Hits: "NID «1234567890123»", Misses: "1234567890123",
	},
	{
		Kind: "NP_PASSPORT", Doc: "a Nepalese passport, beside its name", Forms: "99999999", Valid: mixed,
		Near: "राहदानी, nepal, nepali, nepalese",
		Hits: "Nepal passport «12345678»", Misses: "12345678",
	},
}

// notPalindrome holds unless the number reads the same from its end.
func notPalindrome(id []byte) bool {
	for i := range len(id) / 2 {
		if id[i] != id[len(id)-1-i] {
			return true
		}
	}
	return false
}

// indianPlate holds unless two letters of a state are followed by no number.
func indianPlate(id []byte) bool { return isLetter(id[0]) && mixed(id[1:]) }

// sriLankan checks the year, or of the older form the day of it, to which 500
// is added for women.
func sriLankan(id []byte) bool {
	if len(id) == 12 {
		return between(0, "1900", "2030")(id)
	}
	day := remainder(id[2:5], 1000)
	return day%500 >= 1 && day%500 <= 366 && day < 900
}
